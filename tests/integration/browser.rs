//! What a person sees: the shop's page and the console in real browsers, with the pictures to look
//! at afterwards in `$CARGO_TARGET_TMPDIR`.

mod driver;
mod knowledge;
mod window;

use thirtyfour::Key;

use crate::harness::receiver::{Behaviour, Receiver};
use crate::harness::{PASSWORD, PRICE, Server};
use driver::{DESKTOP, PHONE, with_browsers};
use window::Window;

async fn sign_in(window: &Window, name: &str) {
    window.write("input[name=name]", name).await;
    window.write("input[name=password]", PASSWORD).await;
    window.press("input[name=password]", Key::Enter).await;
    window.sees(".queue", "").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visitor_is_answered_then_helped_by_a_person_and_finds_it_all_again() {
    with_browsers(async |browsers| {
        let server = Server::open().await;
        let visitor = browsers.open("visitor", DESKTOP).await;
        visitor.go(&server.url("/")).await;
        visitor.sees(".shelf .item", "€").await;
        visitor.picture("1-shop").await;
        visitor.scroll_to(".shelf").await;
        visitor.picture("1-shelf").await;

        visitor.click(".launcher").await;
        visitor.sees(".panel", "").await;
        visitor.sees(".log[role=log] .msg.bot", "AI assistant").await;
        visitor.write("#fw-text", PRICE.0).await;
        visitor.press("#fw-text", Key::Enter).await;
        visitor.sees(".log[aria-live=polite] .msg.bot .sentence", PRICE.1).await;
        visitor.sees("ul.cards .card", "Ridge 2 Tent").await;
        visitor.sees("ul.cards .card .price", PRICE.1).await;
        visitor.sees("ul.sources .source", "Source: Ridge 2 Tent").await;
        visitor.picture("2-answer").await;

        visitor.click("button.ask").await;
        visitor.sees(".log .note", "You are next in the queue.").await;
        visitor.picture("3-waiting").await;

        let staff = browsers.open("staff", DESKTOP).await;
        staff.go(&server.url("/console/")).await;
        staff.sees("form", "Sign in").await;
        staff.picture("4-door").await;
        sign_in(&staff, "ana").await;
        staff.sees(".row[data-state=queued] .why", "pressed “Talk to a person”").await;
        staff.sees(".row[data-state=queued] .points", "+30 asked for a person").await;
        staff.click(".row[data-state=queued]").await;
        staff.sees(".chat .msg.visitor", PRICE.0).await;
        staff.sees(".chat .msg.bot", PRICE.1).await;
        staff.click(".chat .msg.bot summary").await;
        staff.sees(".chat .msg.bot details", "From").await;
        staff.picture("5-queue").await;
        staff.click(".acts button.primary").await;
        staff.sees(".chat .state", "With you").await;
        staff.write("#answer", "Hello, this is Ana. Two people or three?").await;
        staff.press("#answer", Key::Enter).await;

        visitor.sees(".msg.staff .who", "ana").await;
        visitor.sees(".msg.staff .bubble", "Hello, this is Ana. Two people or three?").await;
        visitor.sees(".badge-who", "ana").await;
        let of_bot = visitor.count(".msg.bot").await;
        visitor.write("#fw-text", "And how much is the Ridge 3 Tent?").await;
        visitor.press("#fw-text", Key::Enter).await;
        staff.sees(".chat .msg.visitor", "And how much is the Ridge 3 Tent?").await;
        staff.write("#answer", "That one is €299.").await;
        staff.press("#answer", Key::Enter).await;
        visitor.sees(".msg.staff .bubble", "That one is €299.").await;
        assert_eq!(visitor.count(".msg.bot").await, of_bot, "the bot spoke after the takeover");
        visitor.picture("6-person").await;
        staff.picture("7-chat").await;

        visitor.reload().await;
        // Opens by itself: clicking meanwhile would close it again.
        visitor.sees(".launcher[aria-expanded=true]", "").await;
        for (selector, text) in [
            (".msg.said", PRICE.0),
            (".msg.bot .sentence", PRICE.1),
            (".msg.staff .bubble", "Hello, this is Ana. Two people or three?"),
            (".msg.said", "And how much is the Ridge 3 Tent?"),
            (".msg.staff .bubble", "That one is €299."),
        ] {
            visitor.sees(selector, text).await;
            assert_eq!(visitor.times(selector, text).await, 1, "{text} is there once");
        }
        assert_eq!(visitor.count(".msg.bot").await, of_bot);
        visitor.picture("8-again").await;

        visitor.complains_of_nothing(&[]).await;
        // Whoever is not signed in is told so once, which the browser notes.
        staff.complains_of_nothing(&["/api/auth/me"]).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_chat_works_with_the_keyboard_alone() {
    with_browsers(async |browsers| {
        let server = Server::open().await;
        let visitor = browsers.open("keyboard", DESKTOP).await;
        visitor.go(&server.url("/")).await;
        visitor.press(".launcher", Key::Enter).await;
        visitor.sees(".panel", "").await;
        visitor.focuses("#fw-text").await;
        visitor.write("#fw-text", PRICE.0).await;
        visitor.press("#fw-text", Key::Enter).await;
        visitor.sees(".log .msg.bot .sentence", PRICE.1).await;
        visitor.focuses("#fw-text").await;
        visitor.press("#fw-text", Key::Escape).await;
        visitor.sees_no(".panel").await;
        visitor.focuses(".launcher").await;
        visitor.complains_of_nothing(&[]).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_chat_fills_a_phone_and_nothing_hangs_over_its_edge() {
    with_browsers(async |browsers| {
        let server = Server::open().await;
        let phone = browsers.open("phone", PHONE).await;
        phone.go(&server.url("/")).await;
        phone.sees(".shelf .item", "€").await;
        assert!(phone.fits("main").await, "the shop is wider than the screen");
        phone.picture("1-shop").await;
        phone.click(".launcher").await;
        phone.sees(".panel", "").await;
        phone.write("#fw-text", PRICE.0).await;
        phone.click("button.send").await;
        phone.sees("ul.cards .card", PRICE.1).await;
        assert!(phone.fits(".panel").await, "the chat is wider than the screen");
        phone.picture("2-answer").await;
        phone.click("button.close").await;
        phone.sees_no(".panel").await;
        phone.complains_of_nothing(&[]).await;

        let staff = browsers.open("phone-staff", PHONE).await;
        staff.go(&server.url("/console/")).await;
        sign_in(&staff, "ana").await;
        staff.click(".row").await;
        staff.sees(".chat .msg.bot", PRICE.1).await;
        assert!(staff.fits(".chat").await, "the console is wider than the screen");
        staff.picture("1-chat").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_connects_a_program_and_sees_what_reached_it() {
    with_browsers(async |browsers| {
        let receiver = Receiver::start([Behaviour::Answer(500, "out of tents")]).await;
        let settings = format!("[outbound]\nallow = [\"{}\"]\n", receiver.origin());
        let server = Server::told(&settings).await;
        let staff = browsers.open("staff", DESKTOP).await;
        staff.go(&server.url("/console/")).await;
        sign_in(&staff, "ana").await;
        staff.click(".pages a[href='#sites']").await;
        staff.click(".ways a[href='#integrations']").await;
        staff.sees(".sheet .nothing", "No program is told anything yet.").await;
        staff.picture("11-settings-empty").await;

        staff.click("section:nth-of-type(1) .head .primary").await;
        staff.write("input[name=url]", "http://10.0.0.1/hook").await;
        staff.press("input[name=url]", Key::Enter).await;
        staff.sees(".sheet .trouble", "operator").await;
        staff.picture("12-webhook-refused").await;
        staff.click("form.card .acts .plain").await;
        staff.click("section:nth-of-type(1) .head .primary").await;
        staff.write("input[name=url]", &receiver.url()).await;
        staff.press("input[name=url]", Key::Enter).await;
        staff.sees(".once", "shown this once").await;
        staff.sees(".card[data-webhook] .pill", "Working").await;
        staff.picture("13-webhook-secret").await;
        staff.click(".once .plain").await;

        staff.click(".card[data-webhook] .acts button:nth-of-type(1)").await;
        staff.sees(".log-table [data-delivery] .pill", "Given up").await;
        staff.click(".log-table .more").await;
        staff.sees(".tried pre", "out of tents").await;
        staff.picture("14-deliveries").await;
        staff.click(".log-table [data-delivery] td:last-child button").await;
        staff.sees(".log-table [data-delivery] .pill", "Delivered").await;
        assert_eq!(receiver.received().len(), 2);

        staff.click("section:nth-of-type(2) .head .primary").await;
        staff.write("input[name=key-name]", "n8n on the nas").await;
        staff.click("input[value=read_chats]").await;
        staff.press("input[name=key-name]", Key::Enter).await;
        staff.sees(".once", "Your new key").await;
        staff.sees(".card[data-key]", "n8n on the nas").await;
        staff.scroll_to("section:nth-of-type(2)").await;
        staff.picture("15-key").await;
        staff.click(".card[data-key] .acts .plain").await;
        staff.sees(".card[data-key] .is-sure", "Really").await;
        staff.click(".card[data-key] .acts .plain").await;
        staff.sees("section:nth-of-type(2) .nothing", "No key is in use.").await;
        staff.click(".pages a[href='#']").await;
        staff.sees(".queue", "").await;

        let phone = browsers.open("phone", PHONE).await;
        phone.go(&server.url("/console/")).await;
        sign_in(&phone, "ana").await;
        phone.click(".pages a[href='#sites']").await;
        phone.click(".ways a[href='#integrations']").await;
        phone.sees(".card[data-webhook]", "").await;
        phone.click(".card[data-webhook] .acts [aria-expanded]").await;
        phone.sees(".log-table [data-delivery] .pill", "Delivered").await;
        phone.picture("16-phone-settings").await;

        let other = browsers.open("manager", DESKTOP).await;
        other.go(&server.url("/console/")).await;
        sign_in(&other, "cleo").await;
        other.click(".pages a[href='#sites']").await;
        other.sees(".ways a[href='#jobs']", "").await;
        let links = other.count(".ways a[href='#integrations']").await;
        assert_eq!(links, 0, "webhooks and keys are for administrators");
        assert!(phone.fits(".deliveries").await, "the log is wider than the screen");
        assert!(phone.fits(".sheet").await, "the settings are wider than the screen");
        for window in [&staff, &phone, &other] {
            // The refused address is answered with 400, which the browser notes.
            window.complains_of_nothing(&["/api/auth/me", "/api/webhooks"]).await;
        }
    })
    .await;
}
