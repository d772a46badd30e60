//! How long the server waits for a client that is slow, silent or gone, and that others never do.

use std::time::Duration;

use floorwalker::domain::event::MAX_TEXT;
use floorwalker::people::secret;
use floorwalker::web::limits::Limits;
use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;

use crate::harness::{
    LONG, PRICE, Server, Visitor, close_code, deaf, hello, let_go, limits, long_chat, upgrade,
    within,
};

/// Short enough for a test, long enough for a busy machine to do its part in.
const SHORT: Duration = Duration::from_millis(400);

#[tokio::test]
async fn half_a_request_is_not_waited_for() {
    let server = Server::with(Limits { header_time: SHORT, ..limits() }).await;
    let mut stream = TcpStream::connect(server.address).await.expect("the server listens");
    stream.write_all(b"GET / HTTP/1.1\r\nHost: shop.exam").await.expect("open");
    let mut rest = Vec::new();
    // However it ends, it ends.
    let _ = within("the connection ends", stream.read_to_end(&mut rest)).await;
    let status = String::from_utf8_lossy(&rest);
    assert!(rest.is_empty() || status.starts_with("HTTP/1.1 408"), "{status}");
}

#[tokio::test]
async fn who_connects_and_never_says_hello_is_let_go() {
    let server = Server::with(Limits { hello_time: SHORT, ..limits() }).await;
    let origin = server.origin();
    let mut socket =
        upgrade(server.address, "/ws/visitor", &[("origin", &origin)]).await.expect("open");
    assert_eq!(close_code(&mut socket).await, 4008);
}

#[tokio::test]
async fn who_answers_no_ping_is_let_go() {
    let server = Server::with(Limits { ping_every: SHORT / 4, idle_time: SHORT, ..limits() }).await;
    let origin = server.origin();
    let socket = upgrade(server.address, "/ws/visitor", &[("origin", &origin)]).await;
    let mut socket = socket.expect("our own page may connect");
    let hello = serde_json::to_string(&hello("demo", &secret(32), 0)).expect("plain data");
    socket.send(Message::Text(hello.into())).await.expect("open");
    // Below the protocol nothing answers pings: we only read what comes until it ends.
    let mut stream = socket.into_inner();
    let mut bytes = Vec::new();
    within("the server closes", stream.read_to_end(&mut bytes)).await.expect("closed, not broken");
    let farewell =
        bytes.windows(4).any(|frame| frame[0] == 0x88 && frame[2..] == 4008_u16.to_be_bytes());
    assert!(farewell, "no close frame with 4008");
}

#[tokio::test]
async fn who_answers_pings_may_be_silent_for_as_long_as_they_like() {
    let server = Server::with(Limits { ping_every: SHORT / 4, idle_time: SHORT, ..limits() }).await;
    let mut visitor = Visitor::arrive(&server).await;
    for _ in 0..8 {
        let next = within("a ping", visitor.socket().next()).await;
        assert!(matches!(next, Some(Ok(Message::Ping(_)))), "{next:?}");
    }
    let asked = visitor.say(PRICE.0).await;
    visitor.reply_to(asked).await;
}

#[tokio::test]
async fn who_does_not_read_is_let_go_and_nobody_else_notices() {
    let (folder, key) = long_chat().await;
    let server = Server::on(folder, Limits { send_time: SHORT, ..limits() }).await;
    let slow = deaf(server.address, &key).await;

    for _ in 0..3 {
        let mut other = Visitor::arrive(&server).await;
        let asked = other.say(PRICE.0).await;
        other.reply_to(asked).await;
    }
    let mut stream = within("the server lets go", let_go(slow)).await;
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;
    assert!(rest.len() < LONG, "all {} bytes were taken", rest.len());

    // Who reads gets all of it.
    let mut reader = Visitor::again(&server, &key, 0).await;
    assert_eq!(reader.events().len(), LONG / MAX_TEXT + 1);
    reader.say("Thanks!").await;
}

#[tokio::test]
async fn when_all_places_are_taken_the_newest_is_turned_away_and_the_rest_stay() {
    let server = Server::with(Limits { sockets: 2, ..limits() }).await;
    let mut first = Visitor::arrive(&server).await;
    let second = Visitor::arrive(&server).await;
    let mut third = TcpStream::connect(server.address).await.expect("the system accepts");
    let mut nothing = Vec::new();
    let _ = within("the newest is turned away", third.read_to_end(&mut nothing)).await;
    assert!(nothing.is_empty());
    let asked = first.say(PRICE.0).await;
    first.reply_to(asked).await;

    drop(second);
    within("a place is free again", async {
        loop {
            let address = (server.address, server.origin());
            let mut stream = TcpStream::connect(address.0).await.expect("the system accepts");
            let request = format!(
                "GET /api/health HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
                address.0
            );
            let mut answer = Vec::new();
            if stream.write_all(request.as_bytes()).await.is_ok()
                && stream.read_to_end(&mut answer).await.is_ok()
                && answer.starts_with(b"HTTP/1.1 200")
            {
                return;
            }
        }
    })
    .await;
}
