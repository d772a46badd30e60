//! Other programs that are told what happens: from a visitor's words to a signed request, by hand, by
//! key and at the command line.

use std::time::Duration;

use floorwalker::control::{Order, socket};
use floorwalker::domain::ids::EndpointId;
use floorwalker::people::keys::Scope;
use floorwalker::webhooks::Kind;
use floorwalker::webhooks::sign::{Message, SIGNATURE, Secret, TIMESTAMP, TOLERANCE};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::receiver::{Behaviour, Receiver};
use crate::harness::smtp::SmtpServer;
use crate::harness::{Answer, Colleague, Server, Visitor, request, within};

async fn told(receivers: &[&Receiver], more: &str) -> Server {
    let origins: Vec<_> = receivers.iter().map(|receiver| receiver.origin()).collect();
    Server::told(&format!("[outbound]\nallow = {}\n{more}", json!(origins))).await
}

/// Waits until the newest delivery in the log is so.
async fn newest(ana: &Colleague, id: &str, state: &str) -> Value {
    within("the delivery", async {
        loop {
            let log = ana.get(&format!("/api/webhooks/{id}/deliveries")).await.json();
            if log[0]["state"] == state {
                return log[0].clone();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await
}

#[tokio::test]
async fn a_program_with_a_key_registers_and_is_told_although_it_stumbles_at_first() {
    let receiver = Receiver::start([Behaviour::Answer(500, "starting")]).await;
    let server = told(&[&receiver], "").await;
    let scopes = [Scope::Manage].into_iter().collect();
    let order = Order::KeyAdd { name: "n8n".into(), scopes };
    let key = socket::order(server.folder.path(), order).await.expect("made");
    let bearer = format!("Bearer {}", key["secret"].as_str().expect("a secret"));
    let by_key = |method: Method, path: String, body: Option<Value>| {
        let (url, bearer) = (server.url(&path), bearer.clone());
        async move { request(method, &url, &[("authorization", &bearer)], body).await }
    };
    let words = json!({ "url": receiver.url(), "kinds": ["gap.found"], "include_text": true });
    let refused = by_key(Method::POST, "/api/webhooks".into(), Some(words)).await;
    assert!(refused.status == 403 && refused.text.contains("read_chats"), "{refused:?}");
    let wish = json!({ "url": receiver.url(), "kinds": ["person.wanted"] });
    let made: Answer = by_key(Method::POST, "/api/webhooks".into(), Some(wish)).await;
    assert_eq!(made.status, 200, "{made:?}");
    let id = made.json()["webhook"]["id"].as_str().expect("an id").to_string();
    let secret = made.json()["secret"].as_str().expect("a secret").to_string();

    let mut visitor = Visitor::arrive(&server).await;
    visitor.ask_person().await;
    let chat = server.folder.chat_of(&visitor.key).to_string();
    let both = receiver.first(2).await;
    let now = both[1].header(TIMESTAMP).parse().expect("seconds");
    let message =
        Message::received(both[1].header("webhook-id"), both[1].header(TIMESTAMP), &both[1].body);
    let secrets = [Secret::parse(&secret).expect("a secret")];
    let message = message.expect("headers as they should be");
    assert_eq!(message.verify(&secrets, both[1].header(SIGNATURE), now, TOLERANCE), Ok(()));
    assert_eq!(both[1].json()["data"]["chat"], chat);
    assert_eq!(both[1].json()["data"]["reason"], "visitor_asked");

    let ana = Colleague::enter(&server, "ana").await;
    let delivery = newest(&ana, &id, "delivered").await;
    assert_eq!(delivery["attempts"], 2);
    let one = format!("/api/webhooks/{id}/deliveries/{}", delivery["id"]);
    let detail = ana.get(&one).await.json();
    assert_eq!(detail["tried"][1]["status"], 500);
    assert_eq!(detail["tried"][1]["answer"], "starting");
    assert_eq!(by_key(Method::POST, format!("{one}/replay"), None).await.status, 202);
    assert_eq!(receiver.first(3).await[2].header("webhook-id"), both[0].header("webhook-id"));
    let cleo = Colleague::enter(&server, "cleo").await;
    let veiled = cleo.get("/api/webhooks").await.json()[0]["url"].clone();
    assert_eq!(veiled, format!("{}/…", receiver.origin()), "a manager does not see the path");
    let lines = ana.get("/api/audit").await.json();
    let by = format!("key:{}", key["key"]["id"].as_str().expect("an id"));
    for action in ["webhook.add", "webhook.replay"] {
        let noted = |line: &Value| line["action"] == action && line["actor"] == by;
        assert!(lines.as_array().expect("lines").iter().any(noted), "{lines}");
    }
}

#[tokio::test]
async fn hanging_receivers_hold_up_no_letter_and_no_other_receiver() {
    let smtp = SmtpServer::start([]).await;
    let mut hanging = Vec::new();
    for _ in 0..5 {
        let receiver = Receiver::start([]).await;
        receiver.always(Behaviour::Hang);
        hanging.push(receiver);
    }
    let good = Receiver::start([]).await;
    let mail = format!(
        "[mail]\nfrom = \"Shop <chat@shop.example>\"\ntransport = \"smtp\"\n\
         host = \"127.0.0.1\"\nport = {}\nsecurity = \"plain\"\n",
        smtp.port()
    );
    let all: Vec<_> = hanging.iter().chain([&good]).collect();
    let server = told(&all, &mail).await;
    let ana = Colleague::enter(&server, "ana").await;
    for receiver in &all {
        let wish = json!({ "url": receiver.url(), "kinds": ["person.wanted"] });
        assert_eq!(ana.post("/api/webhooks", Some(wish)).await.status, 200);
    }
    for _ in 0..3 {
        Visitor::arrive(&server).await.ask_person().await;
    }
    for receiver in &hanging {
        receiver.first(1).await;
    }
    let invite = json!({ "email": "eve@shop.example", "role": "agent" });
    ana.post("/api/people/invitations", Some(invite)).await;
    good.first(3).await;
    within("the letter", async {
        while smtp.received().is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn only_what_the_operator_named_is_called_inside_the_network() {
    let receiver = Receiver::start([]).await;
    let server = Server::open().await;
    let ana = Colleague::enter(&server, "ana").await;
    let wish = json!({ "url": receiver.url(), "kinds": ["person.wanted"] });
    let refused = ana.post("/api/webhooks", Some(wish)).await;
    assert_eq!(refused.status, 400);
    let message = refused.json()["error"]["message"].as_str().expect("words").to_string();
    assert!(message.contains("operator"), "{message}");
    assert!(!message.contains("secret-path"), "{message}");
    let unknown = json!({ "url": "https://a.example/", "kinds": ["chat.exploded"] });
    let refused = ana.post("/api/webhooks", Some(unknown)).await;
    assert!(refused.status == 422 && refused.text.contains("person.wanted"), "{refused:?}");
    assert!(receiver.received().is_empty());
}

#[tokio::test]
async fn webhooks_and_keys_are_in_an_operators_hands_with_and_without_a_server() {
    let receiver = Receiver::start([]).await;
    let mut server = told(&[&receiver], "").await;
    let folder = server.folder.path().to_path_buf();
    let order = async |order: Order| socket::order(&folder, order).await;
    let add = |url: String| Order::WebhookAdd {
        url,
        kinds: vec![Kind::ChatStarted],
        include_text: false,
    };
    let made = order(add(receiver.url())).await.expect("made");
    let id: EndpointId = made["webhook"]["id"].as_str().expect("an id").parse().expect("an id");
    order(Order::WebhookTest { id }).await.expect("sent");
    assert_eq!(receiver.first(1).await[0].json()["type"], "webhook.test");
    server.stop().await;
    // What is ordered without a server happens when there is one again.
    order(Order::WebhookTest { id }).await.expect("written down");
    server.folder.free().await;
    assert_eq!(receiver.received().len(), 1);
    server.restart().await;
    receiver.first(2).await;
    let ana = Colleague::enter(&server, "ana").await;
    newest(&ana, &id.to_string(), "delivered").await;
    let log = order(Order::WebhookLog { id }).await.expect("a log");
    assert_eq!(log.as_array().map(Vec::len), Some(2), "{log}");
    order(Order::WebhookPause { id }).await.expect("paused");
    let refused = order(Order::WebhookReplay { id, delivery: 1 }).await.expect_err("paused");
    assert!(refused.to_string().contains("resume it first"), "{refused}");
    order(Order::WebhookResume { id }).await.expect("resumed");
    order(Order::WebhookReplay { id, delivery: 1 }).await.expect("again");
    receiver.first(3).await;
    order(Order::WebhookRemove { id }).await.expect("removed");
    assert_eq!(order(Order::WebhookList).await.expect("a list"), json!([]));
    let gone = order(Order::WebhookTest { id }).await.expect_err("gone").to_string();
    assert!(gone.contains("webhook list"), "{gone}");
}
