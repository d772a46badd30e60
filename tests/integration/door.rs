//! Who may connect, how often, and with what: origins, frames, brakes.

use std::num::NonZeroU32;

use floorwalker::people::secret;
use floorwalker::protocol::{ErrorCode, VisitorSays};
use floorwalker::web::limits::Limits;
use futures_util::SinkExt;
use tokio_tungstenite::tungstenite::Message;

use crate::harness::{
    Colleague, PRICE, Server, Visitor, client_id, close_code, hello, limits, upgrade,
};

fn at_most(count: u32) -> NonZeroU32 {
    NonZeroU32::new(count).expect("more than zero")
}

#[tokio::test]
async fn only_pages_of_the_site_may_open_a_visitors_socket() {
    let server = Server::open().await;
    let own = server.origin();
    let port = server.address.port();
    for origins in [
        &["https://evil.example"][..],
        &["null"],
        &[&format!("https://127.0.0.1:{port}")],
        &[&format!("{own}.evil.example")],
        &[&format!("{own}/")],
        &["http://127.0.0.1"],
        &[&own, "https://evil.example"],
        &[""],
        &[],
    ] {
        let headers: Vec<(&str, &str)> = origins.iter().map(|origin| ("origin", *origin)).collect();
        let refused = upgrade(server.address, "/ws/visitor", &headers).await.err();
        assert_eq!(refused, Some(403), "{origins:?}");
    }
    for origin in [own, format!("http://localhost:{port}")] {
        assert!(
            upgrade(server.address, "/ws/visitor", &[("origin", &origin)]).await.is_ok(),
            "{origin}"
        );
    }
}

#[tokio::test]
async fn a_hello_for_another_site_or_without_a_whole_key_is_shown_the_door() {
    let server = Server::open().await;
    let origin = server.origin();
    let key = secret(32);
    for (site, key) in [("other-shop", key.as_str()), ("demo", "short"), ("demo", &"k".repeat(44))]
    {
        let socket = upgrade(server.address, "/ws/visitor", &[("origin", &origin)]).await;
        let mut socket = socket.expect("our own page may connect");
        let hello = serde_json::to_string(&hello(site, key, 0)).expect("plain data");
        socket.send(Message::Text(hello.into())).await.expect("open");
        assert_eq!(close_code(&mut socket).await, 4403, "{site} {key}");
    }
}

#[tokio::test]
async fn who_speaks_before_saying_hello_is_shown_the_door() {
    let server = Server::open().await;
    let origin = server.origin();
    let say = VisitorSays::Say { client_id: client_id(), text: PRICE.0.into() };
    let say = serde_json::to_string(&say).expect("plain data");
    for first in [&say, "{}", "not json"] {
        let socket = upgrade(server.address, "/ws/visitor", &[("origin", &origin)]).await;
        let mut socket = socket.expect("our own page may connect");
        socket.send(Message::Text(first.into())).await.expect("open");
        assert_eq!(close_code(&mut socket).await, 4008, "{first}");
    }
}

#[tokio::test]
async fn a_frame_that_is_too_large_closes_the_socket_and_harms_nobody() {
    let server = Server::open().await;
    let mut other = Visitor::arrive(&server).await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.send_text("x".repeat(70 * 1024)).await;
    assert_eq!(close_code(visitor.socket()).await, 1009);
    let asked = other.say(PRICE.0).await;
    other.reply_to(asked).await;
}

#[tokio::test]
async fn bytes_are_not_taken_for_text() {
    let server = Server::open().await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.socket().send(Message::Binary(vec![0xff, 0xfe].into())).await.expect("open");
    assert_eq!(close_code(visitor.socket()).await, 1003);
}

#[tokio::test]
async fn the_staffs_socket_wants_a_session_and_our_own_page() {
    let server = Server::open().await;
    let ana = Colleague::enter(&server, "ana").await;
    let own = server.origin();
    let forged = format!("floorwalker_session={}", secret(32));
    for (headers, expected) in [
        (vec![("origin", own.as_str())], 401),
        (vec![("origin", &own), ("cookie", &forged)], 401),
        (vec![("cookie", &ana.cookie)], 403),
        (vec![("origin", "null"), ("cookie", &ana.cookie)], 403),
        (vec![("origin", "https://evil.example"), ("cookie", &ana.cookie)], 403),
    ] {
        let refused = upgrade(server.address, "/ws/staff", &headers).await.err();
        assert_eq!(refused, Some(expected), "{headers:?}");
    }
    ana.desk(&server).await;
}

#[tokio::test]
async fn a_site_that_embeds_the_widget_gets_no_staff_socket() {
    // The shop's page may be somebody else's server: what it may do is what a visitor may do.
    let server = Server::embedded_in("https://shop.example").await;
    let ana = Colleague::enter(&server, "ana").await;
    let headers = [("origin", "https://shop.example"), ("cookie", &*ana.cookie)];
    assert!(upgrade(server.address, "/ws/visitor", &headers).await.is_ok());
    assert_eq!(upgrade(server.address, "/ws/staff", &headers).await.err(), Some(403));
}

#[tokio::test]
async fn more_messages_than_a_person_writes_are_refused_by_name() {
    let server = Server::with(Limits { visitor_messages: at_most(3), ..limits() }).await;
    let mut visitor = Visitor::arrive(&server).await;
    for _ in 0..3 {
        visitor.say(PRICE.0).await;
    }
    assert_eq!(visitor.refused(PRICE.0).await, ErrorCode::TooFast);
    // The brake is the visitor's own.
    Visitor::arrive(&server).await.say(PRICE.0).await;
    let said = server.folder.entries(server.folder.chat_of(&visitor.key));
    assert_eq!(said.iter().filter(|entry| entry.event.kind() == "visitor_said").count(), 3);
}

#[tokio::test]
async fn an_address_with_many_visitors_has_a_brake_of_its_own() {
    let server = Server::with(Limits { address_messages: at_most(3), ..limits() }).await;
    for _ in 0..3 {
        Visitor::arrive(&server).await.say(PRICE.0).await;
    }
    assert_eq!(Visitor::arrive(&server).await.refused(PRICE.0).await, ErrorCode::TooFast);
}

#[tokio::test]
async fn connecting_over_and_over_is_refused_at_the_upgrade() {
    let server = Server::with(Limits { address_connects: at_most(2), ..limits() }).await;
    let origin = server.origin();
    for expected in [None, None, Some(429)] {
        let outcome = upgrade(server.address, "/ws/visitor", &[("origin", &origin)]).await;
        assert_eq!(outcome.err(), expected);
    }
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_client_has_an_allowance_of_its_own() {
    let one = Limits { address_connects: at_most(1), ..limits() };
    let comes = async |server: &Server, named: &str| {
        let headers = [("origin", &*server.origin()), ("x-forwarded-for", named)];
        upgrade(server.address, "/ws/visitor", &headers).await.err()
    };
    let server = Server::behind_a_proxy(one.clone()).await;
    assert_eq!(comes(&server, "198.51.100.1").await, None);
    assert_eq!(comes(&server, "198.51.100.2").await, None);
    assert_eq!(comes(&server, "198.51.100.3, 198.51.100.1").await, Some(429), "its own word");

    let server = Server::with(one).await;
    assert_eq!(comes(&server, "198.51.100.1").await, None);
    assert_eq!(comes(&server, "198.51.100.2").await, Some(429), "nobody trusts this proxy");
}

#[tokio::test]
async fn an_address_holds_no_more_connections_than_its_share() {
    let few = Limits { address_sockets: 2, ..limits() };
    let server = Server::behind_a_proxy(few).await;
    let comes = async |named: &str| {
        let headers = [("origin", &*server.origin()), ("x-forwarded-for", named)];
        upgrade(server.address, "/ws/visitor", &headers).await
    };
    let _first = comes("198.51.100.1").await.expect("the first");
    let _second = comes("198.51.100.1").await.expect("the second");
    assert_eq!(comes("198.51.100.1").await.err(), Some(429));
    assert!(comes("198.51.100.2").await.is_ok(), "others have their own share");
}
