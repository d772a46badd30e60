//! A manager edits what the shop knows, on a desk and in a hand.

use thirtyfour::Key;

use super::driver::{DESKTOP, PHONE, with_browsers};
use super::sign_in;
use super::window::Window;
use crate::harness::{PRICE, Server};

/// Types in the place of what stands there: control and A, then the text.
async fn rewrite(window: &Window, selector: &str, text: &str) {
    window.write(selector, &format!("\u{e009}a\u{e000}{text}")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_manager_sees_an_answer_change_publishes_and_goes_back() {
    with_browsers(async |browsers| {
        let server = Server::open().await;
        let cleo = browsers.open("manager", DESKTOP).await;
        cleo.go(&server.url("/console/")).await;
        sign_in(&cleo, "cleo").await;
        cleo.click(".pages a[href='#knowledge']").await;
        cleo.focuses("#find").await;
        cleo.sees(".finder h2", "Products82").await;
        cleo.picture("1-knowledge").await;
        cleo.write("#find", "ridge 2 tent").await;
        cleo.sees(".finder h2:first-child + .row", "Ridge 2 Tent").await;
        cleo.click(".finder .row").await;
        cleo.sees(".editor h2", "Ridge 2 Tent").await;

        rewrite(&cleo, "#field-price", "cheap").await;
        cleo.write("#question", PRICE.0).await;
        cleo.press("#question", Key::Enter).await;
        cleo.sees("#remark-price", "`cheap`").await;
        cleo.focuses("#field-price").await;
        cleo.picture("2-mistake").await;

        rewrite(&cleo, "#field-price", "259 EUR").await;
        cleo.sees_no("#remark-price").await;
        cleo.press("#question", Key::Enter).await;
        cleo.sees(".side del", PRICE.1).await;
        cleo.sees(".side ins", "€259.00").await;
        cleo.scroll_to(".trial").await;
        cleo.picture("3-tried").await;
        cleo.write("#note", "New price list").await;
        cleo.press("#note", Key::Enter).await;
        cleo.sees(".done", "Published as version 2").await;
        cleo.sees(".finder .row[aria-current=true]", "€259.00").await;
        cleo.picture("4-published").await;

        cleo.click(".foot button").await;
        cleo.sees(".versions li[aria-current]", "Version 2served nowcleo").await;
        cleo.sees(".versions li", "1 product changed: Ridge 2 Tent").await;
        cleo.click(".versions .slot button").await;
        cleo.picture("5-versions").await;
        cleo.click(".roll .primary").await;
        cleo.sees(".done", "Published as version 3").await;
        cleo.sees(".finder .row", "€249.00").await;
        cleo.picture("6-back").await;

        rewrite(&cleo, "#find", "returns").await;
        cleo.sees(".finder h2:first-child + .row", "Returns and exchanges").await;
        cleo.click(".finder .row").await;
        cleo.sees("#field-title", "").await;
        cleo.picture("7-page").await;
        // What was refused on purpose is noted by the browser; nothing else is.
        cleo.complains_of_nothing(&["/api/auth/me", "/api/knowledge/try"]).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_reads_on_a_phone_and_changes_nothing() {
    with_browsers(async |browsers| {
        let server = Server::open().await;
        let ben = browsers.open("phone-knowledge", PHONE).await;
        ben.go(&server.url("/console/#knowledge")).await;
        ben.write("input[name=name]", "ben").await;
        ben.write("input[name=password]", crate::harness::PASSWORD).await;
        ben.press("input[name=password]", Key::Enter).await;
        ben.sees(".finder .row", "Returns and exchanges").await;
        assert!(ben.fits(".finder").await, "the list is wider than the screen");
        ben.picture("1-list").await;
        ben.write("#find", "ridge 2").await;
        ben.sees(".finder h2:first-child + .row", "Ridge 2 Tent").await;
        ben.click(".finder .row").await;
        ben.sees(".editor #field-price[readonly]", "").await;
        assert!(ben.fits(".editor").await, "the editor is wider than the screen");
        assert_eq!(ben.count(".primary").await, 0, "nothing to publish with");
        ben.picture("2-product").await;
        ben.click(".editor .back").await;
        ben.sees(".finder .row", "").await;
    })
    .await;
}
