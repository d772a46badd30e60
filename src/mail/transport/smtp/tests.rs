//! Every way a mail server can treat a message, and what comes of it.

#[path = "../../../../tests/integration/harness/smtp.rs"]
mod server;
mod tls_front;

use std::time::Instant as Clock;

use lettre::transport::smtp::client::Certificate;

use super::*;
use crate::domain::language::Language;
use crate::domain::time::Instant;
use crate::mail::{Letter, Transport};
use server::{Behaviour, SmtpServer};
use tls_front::{Begins, TlsFront};

const IMPATIENT: Timeouts = Timeouts {
    connect: Duration::from_millis(500),
    command: Duration::from_millis(500),
    content: Duration::from_millis(500),
};

fn config(host: &str, port: u16, security: &str, rest: &str) -> MailConfig {
    let text = format!(
        "from = \"Shop <chat@shop.example>\"\ntransport = \"smtp\"\nhost = \"{host}\"\n\
         port = {port}\nsecurity = \"{security}\"\n{rest}"
    );
    toml::from_str(&text).expect("well-formed")
}

const ACCOUNT: &str = "username = \"chat\"\npassword = \"hunter2\"\n";

fn mail() -> Mail {
    let from = "Shop <chat@shop.example>".parse().expect("a sender");
    let to = "visitor@mail.example".parse().expect("an address");
    let letter = Letter::new(Language::English, "Hello").paragraph("Good day.\n.\n..dots");
    Mail::new("lead:7", &from, &to, &letter, Instant(0)).expect("composed")
}

fn transport(server: &SmtpServer) -> Transport {
    let config = config("127.0.0.1", server.port(), "plain", "");
    Transport::patient(&config, IMPATIENT).expect("opens")
}

/// What one attempt against one behaviour brings, and the server.
async fn try_once(behaviour: Behaviour) -> (Result<(), SendError>, SmtpServer) {
    let server = SmtpServer::start([behaviour]).await;
    let outcome = transport(&server).send(&mail()).await;
    (outcome, server)
}

fn later(outcome: Result<(), SendError>) -> String {
    match outcome {
        Err(SendError::Later(reason)) => reason,
        other => panic!("expected Later, got {other:?}"),
    }
}

#[tokio::test]
async fn an_accepted_message_arrives_as_it_was_composed() {
    let (outcome, server) = try_once(Behaviour::Accept).await;
    assert_eq!(outcome, Ok(()));
    let received = server.received();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].from, "chat@shop.example");
    assert_eq!(received[0].to, ["visitor@mail.example"]);
    assert_eq!(received[0].data.trim_end().as_bytes(), mail().bytes().trim_ascii_end());
    assert_eq!(received[0].header("Message-ID"), Some(mail().message_id().as_str()));
    assert_eq!(server.commands().last().map(String::as_str), Some("QUIT"));
}

#[tokio::test]
async fn a_deferred_message_is_for_later() {
    let (outcome, server) = try_once(Behaviour::Defer).await;
    assert_eq!(later(outcome), "451 4.7.1 try again later");
    assert!(server.received().is_empty());
    assert_eq!(transport(&server).send(&mail()).await, Ok(()));
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_refused_message_is_refused_in_the_servers_words_without_the_address() {
    let (outcome, server) = try_once(Behaviour::Refuse).await;
    let words = "550 5.1.1 (address) no such mailbox".to_string();
    assert_eq!(outcome, Err(SendError::Never(words)));
    assert!(server.received().is_empty());
    let (outcome, _server) = try_once(Behaviour::RefuseContent).await;
    assert_eq!(outcome, Err(SendError::Never("554 5.6.0 not wanted".into())));
}

#[tokio::test]
async fn a_server_that_never_answers_is_for_later() {
    let began = Clock::now();
    let (outcome, _server) = try_once(Behaviour::Silent).await;
    assert_eq!(later(outcome), "connect: no answer within 500ms");
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn a_server_that_dies_within_the_content_is_for_later() {
    let (outcome, server) = try_once(Behaviour::DieInData).await;
    assert!(later(outcome).starts_with("content: "));
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn an_answer_lost_after_the_content_may_send_twice_with_one_id() {
    let server = SmtpServer::start([Behaviour::DieAfterData, Behaviour::Accept]).await;
    let transport = transport(&server);
    assert!(later(transport.send(&mail()).await).starts_with("content: "));
    assert_eq!(transport.send(&mail()).await, Ok(()));
    let received = server.received();
    assert_eq!(received.len(), 2);
    assert_eq!(received[0], received[1]);
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn an_accepted_message_stays_accepted_without_a_goodbye() {
    let (outcome, server) = try_once(Behaviour::AcceptAndLinger).await;
    assert_eq!(outcome, Ok(()));
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn nobody_listening_is_for_later() {
    let server = SmtpServer::start([]).await;
    let transport = transport(&server);
    drop(server);
    tokio::task::yield_now().await;
    assert!(later(transport.send(&mail()).await).starts_with("connect: "));
}

#[tokio::test]
async fn being_turned_away_or_a_wrong_password_says_nothing_about_the_message() {
    let (outcome, _server) = try_once(Behaviour::TurnAway).await;
    assert_eq!(later(outcome), "554 5.7.1 not from there");

    let server = SmtpServer::start([Behaviour::RefuseLogin, Behaviour::Accept]).await;
    let config = config("localhost", server.port(), "plain", ACCOUNT);
    let transport = Transport::patient(&config, IMPATIENT).expect("opens");
    assert_eq!(later(transport.send(&mail()).await), "535 5.7.8 wrong password");
    assert_eq!(transport.send(&mail()).await, Ok(()));
    assert!(server.commands().iter().any(|c| c == "AUTH PLAIN AGNoYXQAaHVudGVyMg=="));
}

#[tokio::test]
async fn a_server_without_starttls_gets_neither_password_nor_message() {
    let server = SmtpServer::start([]).await;
    let config = config("localhost", server.port(), "starttls", ACCOUNT);
    let transport = Transport::patient(&config, IMPATIENT).expect("opens");
    later(transport.send(&mail()).await);
    assert!(server.commands().iter().all(|c| !c.starts_with("AUTH") && !c.starts_with("MAIL")));
    assert!(server.received().is_empty());
}

/// Speaks TLS with a front before the server, trusting the test authority or not.
async fn over_tls(begins: Begins, host: &str, trusting: bool) -> (Result<(), SendError>, usize) {
    let server = SmtpServer::start([]).await;
    let front = TlsFront::start(server.port(), begins).await;
    let security = if begins == Begins::AtOnce { "tls" } else { "starttls" };
    let timeouts = Timeouts { connect: Duration::from_secs(10), ..IMPATIENT };
    let config = config(host, front.port(), security, ACCOUNT);
    let mut smtp = Smtp::new(&config, timeouts).expect("opens");
    if trusting {
        let authority = include_bytes!("tests/authority.pem");
        let authority = Certificate::from_pem(authority).expect("a certificate");
        let tls = TlsParameters::builder(host.into()).add_root_certificate(authority);
        let tls = tls.build_rustls().expect("parameters");
        smtp.protection = match smtp.protection {
            Protection::Starttls(_) => Protection::Starttls(tls),
            _ => Protection::Tls(tls),
        };
    }
    let outcome = smtp.send(&mail()).await;
    let spoken = server.commands().iter().filter(|c| c.starts_with("AUTH")).count();
    assert_eq!(spoken, server.received().len());
    (outcome, server.received().len())
}

#[tokio::test]
async fn a_trusted_certificate_for_the_host_lets_the_message_through() {
    for begins in [Begins::AtOnce, Begins::AfterStarttls] {
        assert_eq!(over_tls(begins, "localhost", true).await, (Ok(()), 1), "{begins:?}");
    }
}

#[tokio::test]
async fn an_untrusted_certificate_or_another_hosts_gets_neither_password_nor_message() {
    for (begins, host, trusting) in [
        (Begins::AtOnce, "localhost", false),
        (Begins::AfterStarttls, "localhost", false),
        (Begins::AtOnce, "127.0.0.1", true),
        (Begins::AfterStarttls, "127.0.0.1", true),
    ] {
        let (outcome, received) = over_tls(begins, host, trusting).await;
        let reason = later(outcome);
        assert!(reason.contains("certificate"), "{begins:?} {host}: {reason}");
        assert_eq!(received, 0);
    }
}

#[tokio::test]
async fn answers_forged_before_tls_are_not_taken_for_the_servers() {
    let begins = Begins::AfterStarttlsWithForgedAnswers;
    let (outcome, received) = over_tls(begins, "localhost", true).await;
    assert!(later(outcome).starts_with("connect: "));
    assert_eq!(received, 0);
}
