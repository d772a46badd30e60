//! The shop's knowledge as a manager edits it, and what visitors hear meanwhile.

use floorwalker::control::knowledge::Ask;
use floorwalker::control::{Order, socket};
use serde_json::{Value, json};

use crate::harness::{Answer, Colleague, PRICE, Server, Visitor};

const TENT: &str = "/api/knowledge/item?kind=product&id=GG-1101";

/// The tent as an edit with one column changed, and the version it is of.
async fn tent(of: &Colleague, column: &str, value: &str) -> (u64, Value) {
    let item = of.get(TENT).await.json();
    let mut edit = item["edit"].clone();
    let fields = edit["fields"].as_array_mut().expect("fields");
    fields.retain(|field| field["name"] != column);
    fields.push(json!({ "name": column, "value": value }));
    (item["version"].as_u64().expect("a version"), edit)
}

async fn publish(by: &Colleague, base: u64, edit: &Value) -> Answer {
    let body = json!({ "base": base, "edits": [edit], "note": "new prices" });
    by.post("/api/knowledge/publish", Some(body)).await
}

async fn asks(visitor: &mut Visitor) -> String {
    let asked = visitor.say(PRICE.0).await;
    visitor.reply_to(asked).await.text
}

fn said(side: &Value) -> String {
    let sentences = side["sentences"].as_array().expect("sentences");
    sentences.iter().filter_map(|s| s["text"].as_str()).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn a_price_is_tried_published_heard_and_rolled_back_under_a_chat() {
    let mut server = Server::open().await;
    let cleo = Colleague::enter(&server, "cleo").await;
    let mut visitor = Visitor::arrive(&server).await;
    assert!(asks(&mut visitor).await.contains(PRICE.1));

    let (base, edit) = tent(&cleo, "price", "259 EUR").await;
    let body = json!({ "base": base, "edits": [edit], "question": PRICE.0 });
    let tried = cleo.post("/api/knowledge/try", Some(body)).await;
    assert_eq!(tried.status, 200, "{tried:?}");
    let tried = tried.json();
    assert!(said(&tried["before"]).contains(PRICE.1), "{tried}");
    assert!(said(&tried["after"]).contains("€259.00"), "{tried}");
    assert_eq!(tried["after"]["sources"][0]["id"], "GG-1101");
    assert!(asks(&mut visitor).await.contains(PRICE.1), "a trial changes nothing");

    let published = publish(&cleo, base, &edit).await;
    assert_eq!(published.status, 200, "{published:?}");
    assert_eq!(published.json()["version"], base + 1);
    assert!(asks(&mut visitor).await.contains("€259.00"), "the same chat hears the new price");

    let versions = cleo.get("/api/knowledge/versions").await.json();
    assert_eq!(versions[0]["by"], "cleo");
    assert_eq!(versions[0]["note"], "new prices");
    assert_eq!(versions[0]["base"], base);
    let changed = &versions[0]["changes"]["products"]["changed"];
    assert_eq!(*changed, json!({ "count": 1, "first": ["Ridge 2 Tent"] }));

    server.restart().await;
    let mut visitor = Visitor::again(&server, &visitor.key, 0).await;
    let cleo = Colleague::enter(&server, "cleo").await;
    assert!(asks(&mut visitor).await.contains("€259.00"), "a restart serves what was published");

    let body = json!({ "base": base + 1, "to": base, "note": "too dear" });
    let rolled = cleo.post("/api/knowledge/roll-back", Some(body)).await;
    assert_eq!((rolled.status, &rolled.json()["version"]), (200, &json!(base + 2)), "{rolled:?}");
    assert!(asks(&mut visitor).await.contains(PRICE.1), "the old price again");
    let versions = cleo.get("/api/knowledge/versions").await.json();
    assert_eq!(versions.as_array().map(Vec::len), Some(3), "history is never rewritten");
    let ana = Colleague::enter(&server, "ana").await;
    let audit = ana.get("/api/audit").await.json();
    let lines = audit.as_array().expect("lines").iter();
    let of_knowledge = |line: &&Value| {
        line["action"].as_str().is_some_and(|action| action.starts_with("knowledge."))
    };
    let lines: Vec<&Value> = lines.filter(of_knowledge).collect();
    assert_eq!(lines[0]["action"], "knowledge.roll-back");
    assert_eq!(lines[0]["object"], format!("version {}", base + 2));
    assert_eq!(lines[1]["action"], "knowledge.publish");
}

#[tokio::test]
async fn a_new_page_is_answered_from_as_soon_as_it_is_published() {
    let server = Server::open().await;
    let cleo = Colleague::enter(&server, "cleo").await;
    let text =
        "---\ntitle: Dog days\n---\n\n## Dogs\n\nDogs are welcome in the shop on Tuesdays.\n";
    let page = json!({ "kind": "page", "id": "pages/dogs.md", "text": text, "new": true });
    let body = json!({ "base": 1, "edits": [page], "question": "Are dogs welcome in the shop?" });
    let tried = cleo.post("/api/knowledge/try", Some(body)).await.json();
    assert!(said(&tried["after"]).contains("Tuesdays"), "{tried}");
    assert!(!said(&tried["before"]).contains("Tuesdays"), "{tried}");
    assert_eq!(publish(&cleo, 1, &page).await.status, 200);
    let item = cleo.get("/api/knowledge/item?kind=page&id=pages/dogs.md").await.json();
    assert_eq!(item["edit"]["text"], text, "an editor finds what was written");
    let mut visitor = Visitor::arrive(&server).await;
    let asked = visitor.say("Are dogs welcome in the shop?").await;
    assert!(visitor.reply_to(asked).await.text.contains("Tuesdays"));
}

#[tokio::test]
async fn what_is_wrong_is_refused_with_its_field_and_changes_nothing() {
    let server = Server::open().await;
    let cleo = Colleague::enter(&server, "cleo").await;
    let (base, edit) = tent(&cleo, "price", "cheap").await;
    let refused = publish(&cleo, base, &edit).await;
    assert_eq!((refused.status, refused.code().as_str()), (422, "mistakes"));
    let remark = &refused.json()["error"]["remarks"][0];
    assert_eq!((&remark["file"], &remark["field"]), (&json!("GG-1101"), &json!("price")));
    let (base, same) = tent(&cleo, "price", "249.00 EUR").await;
    assert_eq!(publish(&cleo, base, &same).await.code(), "unchanged");
    let long = json!({ "kind": "page", "id": "pages/long.md", "text": "a ".repeat(150_000) });
    let refused = publish(&cleo, base, &long).await;
    assert_eq!(refused.json()["error"]["remarks"][0]["field"], "text");
    let longer = json!({ "kind": "page", "id": "pages/long.md", "text": "a ".repeat(300_000) });
    assert_eq!(publish(&cleo, base, &longer).await.status, 413);
    let nowhere = cleo.post("/api/knowledge/roll-back", Some(json!({ "base": base, "to": 9 })));
    assert_eq!(nowhere.await.status, 404);
    assert_eq!(cleo.get("/api/knowledge").await.json()["version"], base);
}

#[tokio::test]
async fn who_publishes_over_somebody_elses_version_is_told_whose() {
    let server = Server::open().await;
    let (cleo, ana) =
        (Colleague::enter(&server, "cleo").await, Colleague::enter(&server, "ana").await);
    let (base, dearer) = tent(&cleo, "price", "259 EUR").await;
    let (_, cheaper) = tent(&ana, "price", "239 EUR").await;
    let both = tokio::join!(publish(&cleo, base, &dearer), publish(&ana, base, &cheaper));
    let (won, lost) = if both.0.status == 200 { both } else { (both.1, both.0) };
    assert_eq!((won.status, lost.status), (200, 409));
    assert_eq!(lost.code(), "meanwhile");
    let winner = cleo.get("/api/knowledge/versions").await.json()[0]["by"].clone();
    let message = lost.json()["error"]["message"].as_str().expect("words").to_string();
    assert!(message.contains(winner.as_str().expect("a name")), "{message}");
    let late = json!({ "base": base, "edits": [cheaper], "question": PRICE.0 });
    assert_eq!(cleo.post("/api/knowledge/try", Some(late)).await.code(), "meanwhile");
}

#[tokio::test]
async fn one_question_is_tried_at_a_time_and_the_other_is_told_at_once() {
    let server = Server::open().await;
    let cleo = Colleague::enter(&server, "cleo").await;
    let trial = || {
        let body = json!({ "base": 1, "edits": [], "question": PRICE.0 });
        cleo.post("/api/knowledge/try", Some(body))
    };
    let answers = tokio::join!(trial(), trial(), trial());
    let mut statuses = [answers.0.status, answers.1.status, answers.2.status];
    statuses.sort_unstable();
    assert_eq!(statuses[0], 200);
    assert!(statuses.contains(&503), "{statuses:?}");
    let busy = [answers.0, answers.1, answers.2].into_iter().find(|a| a.status == 503);
    assert_eq!(busy.expect("one of them").code(), "busy");
}

#[tokio::test]
async fn an_operator_sees_tries_and_rolls_back_with_and_without_a_server() {
    let mut server = Server::open().await;
    let cleo = Colleague::enter(&server, "cleo").await;
    let (base, edit) = tent(&cleo, "price", "259 EUR").await;
    assert_eq!(publish(&cleo, base, &edit).await.status, 200);
    let folder = server.folder.path().to_path_buf();
    let order = |ask: Ask| {
        let folder = folder.clone();
        async move { socket::order(&folder, Order::Knowledge { ask }).await }
    };
    let edits =
        vec![serde_json::from_value(tent(&cleo, "price", "269 EUR").await.1).expect("an edit")];
    let tried = order(Ask::Try { question: PRICE.0.into(), edits }).await.expect("tried");
    assert!(said(&tried["before"]).contains("€259.00"), "{tried}");
    assert!(said(&tried["after"]).contains("€269.00"), "{tried}");
    let back = order(Ask::RollBack { to: base, note: "live".into() }).await.expect("done");
    assert_eq!(back["version"], base + 2);
    let mut visitor = Visitor::arrive(&server).await;
    assert!(asks(&mut visitor).await.contains(PRICE.1), "served without a restart");
    let key = visitor.key.clone();
    drop(visitor);
    server.stop().await;

    let found = order(Ask::List { query: "ridge 2".into() }).await.expect("listed");
    assert_eq!(
        (&found["version"], &found["items"][0]["id"]),
        (&json!(base + 2), &json!("GG-1101"))
    );
    let page = order(Ask::Show { kind: None, id: "pages/returns.md".into() }).await.expect("shown");
    assert!(page["edit"]["text"].as_str().expect("Markdown").starts_with("---\ntitle: Returns"));
    order(Ask::RollBack { to: base + 1, note: "stopped".into() }).await.expect("done");
    let versions = order(Ask::Versions).await.expect("listed");
    assert_eq!((&versions[0]["by"], &versions[0]["note"]), (&json!("operator"), &json!("stopped")));
    let gone = order(Ask::RollBack { to: 99, note: String::new() }).await.expect_err("refused");
    assert!(gone.to_string().contains("no version 99"), "{gone}");
    server.folder.free().await;
    server.restart().await;
    let mut visitor = Visitor::again(&server, &key, 0).await;
    assert!(asks(&mut visitor).await.contains("€259.00"));
}

#[tokio::test]
async fn why_a_question_gets_its_answer_is_told_from_its_words_to_its_sentence() {
    let server = Server::open().await;
    let ask = Ask::Explain { turns: vec![PRICE.0.into()], question: PRICE.0.into() };
    let order = Order::Knowledge { ask };
    let why = socket::order(server.folder.path(), order).await.expect("told");
    assert_eq!(why["turns"][0], PRICE.0);
    assert_eq!(why["steps"][0]["question"], PRICE.0);
    assert!(why["steps"][0]["products"].as_array().is_some_and(|named| !named.is_empty()), "{why}");
    assert!(why["steps"][0]["lookup"].as_str().is_some_and(|it| it.contains("Product")), "{why}");
    assert_eq!(why["plan"]["decision"], "answer");
    assert_eq!(why["sentences"][0]["fact"], why["plan"]["facts"][0]["text"]);
    assert!(why["sentences"][0]["text"].as_str().is_some_and(|said| said.contains(PRICE.1)));
    assert!(why["prompt"].as_str().is_some_and(|prompt| prompt.starts_with("system: ")));
}
