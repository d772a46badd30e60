//! What a browser gets over HTTP: pages with headers that keep them safe, and plain answers to
//! requests for what is not there.

use floorwalker::domain::ids::ChatId;
use reqwest::Method;
use serde_json::json;

use crate::harness::{Answer, Colleague, Server, request};

async fn get(server: &Server, path: &str) -> Answer {
    request(Method::GET, &server.url(path), &[], None).await
}

#[tokio::test]
async fn pages_run_only_our_own_scripts_and_stand_in_nobodys_frame() {
    let server = Server::open().await;
    for path in ["/", "/console/"] {
        let page = get(&server, path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.header("content-type").starts_with("text/html"), "{path}");
        let policy = page.header("content-security-policy");
        for part in
            ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]
        {
            assert!(policy.contains(part), "{path}: {part} is missing in {policy}");
        }
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
    }
}

#[tokio::test]
async fn every_answer_forbids_guessing_its_type_and_telling_others_where_one_was() {
    let server = Server::open().await;
    for path in [
        "/",
        "/console/",
        "/widget.js",
        "/widget/chat.js",
        "/api/health",
        "/nothing",
        "/api/staff/queue",
    ] {
        let answer = get(&server, path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
    }
}

#[tokio::test]
async fn other_sites_may_load_the_widget_and_nothing_else() {
    let server = Server::open().await;
    for (path, anyone) in [
        ("/widget.js", "*"),
        ("/widget/chat.js", "*"),
        ("/console/console.js", ""),
        ("/api/auth/me", ""),
        ("/api/staff/queue", ""),
        ("/", ""),
    ] {
        let answer = get(&server, path).await;
        assert_eq!(answer.header("access-control-allow-origin"), anyone, "{path}");
    }
}

#[tokio::test]
async fn a_picture_opened_by_itself_runs_nothing() {
    let server = Server::open().await;
    let picture = get(&server, "/demo/images/tent-green.svg").await;
    assert_eq!((picture.status, picture.header("content-type")), (200, "image/svg+xml"));
    let policy = picture.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("sandbox"), "{policy}");
}

#[tokio::test]
async fn a_browser_that_has_a_file_gets_it_once() {
    let server = Server::open().await;
    let first = get(&server, "/widget.js").await;
    let headers = [("if-none-match", first.header("etag"))];
    let again = request(Method::GET, &server.url("/widget.js"), &headers, None).await;
    assert_eq!((again.status, again.text.as_str()), (304, ""));
}

#[tokio::test]
async fn what_is_not_there_is_404_and_no_path_leads_out_of_the_pages() {
    let server = Server::open().await;
    for path in [
        "/nothing",
        "/widget/nothing.js",
        "/console/nothing.js",
        "/demo/images/nothing.svg",
        "/api/nothing",
        "/widget/tests/state.test.js",
        "/widget/fixtures/visitor_says.json",
        "/widget/package.json",
        "/widget/..%2fCargo.toml",
        "/widget/%2e%2e/Cargo.toml",
        "/console/..%2f..%2fCargo.toml",
        "/demo/images/..%2fshop.toml",
        "/widget//etc/passwd",
        "/widget/%2fetc%2fpasswd",
    ] {
        assert_eq!(get(&server, path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_chat_that_does_not_exist_is_404_and_what_is_no_id_is_400() {
    let server = Server::open().await;
    let ana = Colleague::enter(&server, "ana").await;
    let chat = ChatId::new();
    for (what, answer) in [
        ("take", ana.take(chat).await),
        ("say", ana.say(chat, "Hello?").await),
        ("hand back", ana.hand_back(chat).await),
        ("resolve", ana.resolve(chat).await),
    ] {
        assert_eq!((answer.status, answer.code().as_str()), (404, "not_found"), "{what}");
    }
    assert_eq!(ana.post("/api/staff/chats/not-an-id/take", None).await.status, 400);
    assert_eq!(ana.post(&format!("/api/staff/chats/{chat}/nothing"), None).await.status, 404);
    assert_eq!(ana.get(&format!("/api/staff/chats/{chat}/take")).await.status, 405);
}

#[tokio::test]
async fn a_colleagues_text_has_bounds_and_a_body_has_too() {
    let server = Server::open().await;
    let ana = Colleague::enter(&server, "ana").await;
    let chat = ChatId::new();
    for text in ["", "  ", &"x".repeat(4_001)] {
        let answer = ana.say(chat, text).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "bad_request"));
    }
    let path = format!("/api/staff/chats/{chat}/say");
    let huge = json!({ "client_id": "a", "text": "x".repeat(100_000) });
    assert_eq!(ana.post(&path, Some(huge)).await.status, 413);
    let unnamed = json!({ "client_id": "not a name!", "text": "Hello" });
    let refused = ana.post(&path, Some(unnamed)).await;
    assert_eq!((refused.status, refused.code().as_str()), (400, "bad_request"));
    assert!(refused.text.contains("client_id: "), "{}", refused.text);
}

#[tokio::test]
async fn health_tells_whether_messages_can_be_stored() {
    let server = Server::open().await;
    let health = get(&server, "/api/health").await.json();
    assert_eq!(health["database"], "ok");
    assert_eq!(health["awaiting_bot"], 0);
    assert!(["ok", "degraded"].contains(&health["status"].as_str().unwrap_or_default()));
}

#[tokio::test]
async fn the_demo_pages_shelf_shows_products_with_prices_and_pictures_that_exist() {
    let server = Server::open().await;
    let shop = get(&server, "/api/demo/products").await.json();
    let products = shop["products"].as_array().expect("a list");
    assert!(products.len() >= 12);
    for product in products {
        assert!(product["price"].as_str().is_some_and(|price| price.starts_with('€')), "{product}");
        let image = product["image"].as_str().expect("a picture");
        assert!(image.starts_with("/demo/images/"), "{image} is not on this server");
        assert_eq!(get(&server, image).await.status, 200, "{image}");
    }
}
