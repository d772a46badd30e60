//! Mail that leaves: to a mail server in this process that defers, dies and comes back.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::harness::smtp::{Behaviour, Received, SmtpServer};
use crate::harness::{Colleague, Server, Visitor, request, within};

fn settings(port: u16) -> String {
    format!(
        "[mail]\nfrom = \"Gannet & Gorse <chat@gannet.example>\"\ntransport = \"smtp\"\n\
         host = \"127.0.0.1\"\nport = {port}\nsecurity = \"plain\"\n\
         [alerts]\nlead_waiting = [\"owner@gannet.example\"]\n"
    )
}

/// The first so many letters that arrive.
async fn letters(smtp: &SmtpServer, count: usize) -> Vec<Received> {
    within("the letters arrive", async {
        loop {
            let received = smtp.received();
            if received.len() >= count {
                return received;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await
}

/// What a link in a letter says after `#invitation=`. Quoted-printable breaks long lines.
fn token(letter: &Received) -> String {
    let plain = letter.data.replace("=\r\n", "").replace("=3D", "=");
    let rest = plain.split("#invitation=").nth(1).expect("a link");
    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-' || *c == '_').collect()
}

#[tokio::test]
async fn who_is_invited_gets_a_letter_even_if_the_mail_server_was_away_at_first() {
    let smtp = SmtpServer::start([Behaviour::DieAfterData, Behaviour::Accept]).await;
    let server = Server::told(&settings(smtp.port())).await;
    let ana = Colleague::enter(&server, "ana").await;
    let invite = json!({ "email": "eve@shop.example", "role": "agent" });
    let answer = ana.post("/api/people/invitations", Some(invite)).await;
    assert_eq!(answer.json()["mailed"], true, "{answer:?}");
    let arrived = letters(&smtp, 1).await.pop().expect("a letter");
    assert_eq!(arrived.to, ["eve@shop.example"]);
    let link = answer.json()["link"].as_str().expect("a link").to_string();
    assert!(link.ends_with(&token(&arrived)), "the letter holds the link");
    // The first try was taken but not confirmed, so there is a second: with the same name.
    let all = letters(&smtp, 2).await;
    assert_eq!(all[0].header("Message-ID"), all[1].header("Message-ID"));
    let jobs = within("the job is done", async {
        loop {
            let jobs = ana.get("/api/jobs").await.json();
            if jobs.as_array().is_some_and(Vec::is_empty) {
                return jobs;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    assert_eq!(jobs, json!([]));
}

#[tokio::test]
async fn a_refused_letter_is_put_aside_where_a_manager_sees_it_without_the_address() {
    let smtp = SmtpServer::start([Behaviour::Refuse]).await;
    let server = Server::told(&settings(smtp.port())).await;
    let ana = Colleague::enter(&server, "ana").await;
    let invite = json!({ "email": "nobody@shop.example", "role": "agent" });
    ana.post("/api/people/invitations", Some(invite)).await;
    let job = within("the job is dead", async {
        loop {
            let jobs = ana.get("/api/jobs").await.json();
            if jobs[0]["state"] == "dead" {
                return jobs[0].clone();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    assert_eq!(job["kind"], "mail");
    assert!(!job.to_string().contains("nobody@"), "{job}");
}

#[tokio::test]
async fn a_forgotten_password_is_renewed_by_mail_and_nobody_learns_who_has_an_account() {
    let smtp = SmtpServer::start([Behaviour::Accept, Behaviour::Accept]).await;
    let server = Server::told(&settings(smtp.port())).await;
    let ana = Colleague::enter(&server, "ana").await;
    let invite = json!({ "email": "eve@shop.example", "role": "agent" });
    ana.post("/api/people/invitations", Some(invite)).await;
    let accept = |token: String, name: &'static str, password: &'static str| {
        let url = server.url("/api/invitations/accept");
        let body = json!({ "token": token, "name": name, "password": password });
        async move { request(Method::POST, &url, &[], Some(body)).await }
    };
    let first = letters(&smtp, 1).await.pop().expect("a letter");
    assert_eq!(accept(token(&first), "eve", "kettle orbit mosaic plum").await.status, 200);

    let forgot = |email: &'static str| {
        let url = server.url("/api/auth/forgot");
        async move { request(Method::POST, &url, &[], Some(json!({ "email": email }))).await }
    };
    let (known, unknown) = (forgot("eve@shop.example").await, forgot("x@shop.example").await);
    assert_eq!((known.status, &known.text), (unknown.status, &unknown.text));
    let second = letters(&smtp, 2).await.pop().expect("a letter");
    assert_eq!(second.to, ["eve@shop.example"]);
    let renewed = accept(token(&second), "", "harbour lantern six goats").await;
    assert_eq!(renewed.json()["name"], "eve", "{renewed:?}");
    let sign_in = crate::harness::sign_in(&server, "eve", "harbour lantern six goats").await;
    assert_eq!(sign_in.status, 204);
}

#[tokio::test]
async fn the_owner_hears_at_once_of_a_visitor_who_waits_while_nobody_is_there() {
    let smtp = SmtpServer::start([Behaviour::Accept, Behaviour::Accept]).await;
    let server = Server::told(&settings(smtp.port())).await;
    let mut alone = Visitor::arrive(&server).await;
    alone.ask_person().await;
    let letter = letters(&smtp, 1).await.pop().expect("a letter");
    assert_eq!(letter.to, ["owner@gannet.example"]);
    let chat = server.folder.chat_of(&alone.key).to_string();
    assert!(letter.data.replace("=\r\n", "").contains(&chat), "the letter leads to the chat");

    // With a colleague at the console there is nobody to be told.
    let ben = Colleague::enter(&server, "ben").await;
    let mut desk = ben.desk(&server).await;
    let mut seen = Visitor::arrive(&server).await;
    seen.ask_person().await;
    let chat = server.folder.chat_of(&seen.key);
    desk.row(chat, |_| true).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(smtp.received().len(), 1, "no second letter");
}
