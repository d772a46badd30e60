//! Sites and their settings over HTTP: what is set holds at once, who sets what is known, and two who
//! set the same do not overwrite each other.

use floorwalker::protocol::VisitorHears;
use serde_json::json;

use crate::harness::{Colleague, Server, Visitor, close_code, hello, upgrade};

#[tokio::test]
async fn what_is_set_greets_the_next_visitor_and_can_be_undone() {
    let server = Server::open().await;
    let cleo = Colleague::enter(&server, "cleo").await;
    let site = cleo.get("/api/sites").await.json()[0].clone();
    let mut settings = site["settings"].clone();
    settings["name"] = json!("Tarn & Trail <Outlet>");
    settings["texts"]["greeting"] = json!("Hello, I am an AI.");
    settings["accent"] = json!("#a02040");
    let body = json!({ "base": site["version"], "settings": settings });
    let changed = cleo.post("/api/sites/demo", Some(body.clone())).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    let greeted = |visitor: &Visitor| match &visitor.heard[0] {
        VisitorHears::Welcome { shop, greeting, accent, .. } => {
            (shop.clone(), greeting.clone(), accent.clone())
        }
        other => panic!("no welcome: {other:?}"),
    };
    let (shop, greeting, accent) = greeted(&Visitor::arrive(&server).await);
    assert_eq!((shop.as_str(), greeting.as_str()), ("Tarn & Trail <Outlet>", "Hello, I am an AI."));
    assert_eq!(accent.as_deref(), Some("#a02040"));
    let again = cleo.post("/api/sites/demo", Some(body)).await;
    assert_eq!((again.status, again.code().as_str()), (409, "changed"));
    let history = cleo.get("/api/sites/demo/history").await.json();
    assert_eq!(history[0]["by"], "cleo");
    let fields: Vec<_> = history[0]["changes"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|c| c["field"].clone())
        .collect();
    assert_eq!(fields, [json!("accent"), json!("name"), json!("texts.greeting")]);
    let (now, before) = (&history[0]["version"], &history[1]["version"]);
    let revert = json!({ "base": now, "to": before });
    assert_eq!(cleo.post("/api/sites/demo/revert", Some(revert)).await.status, 200);
    let (_, _, accent) = greeted(&Visitor::arrive(&server).await);
    assert_eq!(accent, None);
}

#[tokio::test]
async fn what_cannot_be_set_is_refused_by_its_field() {
    let server = Server::open().await;
    let cleo = Colleague::enter(&server, "cleo").await;
    for (settings, says) in [
        (json!({ "accent": "red" }), "settings.accent: `red` is not a colour"),
        (json!({ "colour": "#ffffff" }), "unknown field `colour`"),
        (json!({ "hours": { "mon": ["9 to 5"] } }), "`9 to 5` are not opening hours"),
        (json!({ "texts": { "greeting": " " } }), "texts.greeting: one line of 1 to 600"),
    ] {
        let body = json!({ "base": 1, "settings": settings });
        let answer = cleo.post("/api/sites/demo", Some(body)).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "bad_request"), "{answer:?}");
        assert!(answer.text.contains(says), "{}", answer.text);
    }
}

#[tokio::test]
async fn a_second_site_has_its_own_pages_and_not_those_of_the_first() {
    let server = Server::open().await;
    let ana = Colleague::enter(&server, "ana").await;
    let page = "https://outlet.example";
    let new = json!({ "key": "outlet", "settings": { "origins": [page] } });
    assert_eq!(ana.post("/api/sites", Some(new)).await.status, 200);
    let open = || async {
        upgrade(server.address, "/ws/visitor", &[("origin", page)]).await.expect("a known page")
    };
    let key = floorwalker::people::secret(32);
    let say = |site| {
        let hello = serde_json::to_string(&hello(site, &key, 0)).expect("plain data");
        tokio_tungstenite::tungstenite::Message::Text(hello.into())
    };
    use futures_util::{SinkExt, StreamExt};
    let mut own = open().await;
    own.send(say("outlet")).await.expect("open");
    let welcome = own.next().await.expect("an answer").expect("a frame").to_string();
    assert!(welcome.contains("\"type\":\"welcome\""), "{welcome}");
    let mut other = open().await;
    other.send(say("demo")).await.expect("open");
    assert_eq!(close_code(&mut other).await, 4403);
    let stranger = upgrade(server.address, "/ws/visitor", &[("origin", "https://x.example")]).await;
    assert_eq!(stranger.err(), Some(403));
}
