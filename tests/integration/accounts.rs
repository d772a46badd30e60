//! Signing in, and what a signed-in browser can and cannot be made to do.

use std::num::NonZeroU32;

use floorwalker::people::secret;
use floorwalker::web::limits::Limits;
use reqwest::Method;

use crate::harness::{Colleague, PASSWORD, Server, Visitor, limits, request, sign_in};

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_get_the_same_answer() {
    let server = Server::open().await;
    let wrong = sign_in(&server, "ana", "not her password").await;
    let unknown = sign_in(&server, "nobody", PASSWORD).await;
    assert_eq!((wrong.status, wrong.code().as_str()), (401, "wrong_password"));
    assert_eq!((unknown.status, &unknown.text), (wrong.status, &wrong.text));
    assert_eq!((wrong.header("set-cookie"), unknown.header("set-cookie")), ("", ""));
}

#[tokio::test]
async fn the_sixth_attempt_is_refused_even_with_the_right_password() {
    let server = Server::with(Limits { sign_ins: Limits::default().sign_ins, ..limits() }).await;
    for attempt in 1..=5 {
        assert_eq!(sign_in(&server, "ana", "a guess").await.status, 401, "attempt {attempt}");
    }
    let sixth = sign_in(&server, "ana", PASSWORD).await;
    assert_eq!((sixth.status, sixth.code().as_str()), (429, "too_many"));
    assert_eq!(sixth.header("set-cookie"), "");
}

#[tokio::test]
async fn a_sessions_cookie_is_out_of_reach_for_scripts_and_other_sites() {
    let server = Server::with(Limits { sign_ins: NonZeroU32::MIN, ..limits() }).await;
    let answer = sign_in(&server, "ana", PASSWORD).await;
    let cookie = answer.header("set-cookie");
    for part in ["floorwalker_session=", "HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"] {
        assert!(cookie.contains(part), "{part} is missing in {cookie}");
    }
    let files = std::fs::read(server.folder.path().join("floorwalker.db")).expect("a file");
    let log = std::fs::read(server.folder.path().join("floorwalker.db-wal")).unwrap_or_default();
    let token = cookie.split(['=', ';']).nth(1).expect("a value").as_bytes();
    let kept = |bytes: &[u8]| bytes.windows(token.len()).any(|window| window == token);
    assert!(!kept(&files) && !kept(&log), "the token itself is kept");
}

#[tokio::test]
async fn another_site_cannot_make_a_colleagues_browser_act() {
    let server = Server::open().await;
    let ana = Colleague::enter(&server, "ana").await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.ask_person().await;
    let chat = server.folder.chat_of(&visitor.key);
    let take = server.url(&format!("/api/staff/chats/{chat}/take"));
    let sign_out = server.url("/api/auth/sign-out");
    for foreign in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")],
    ] {
        let headers = [&[("cookie", ana.cookie.as_str())], foreign].concat();
        for url in [&take, &sign_out] {
            let answer = request(Method::POST, url, &headers, None).await;
            assert_eq!(answer.status, 403, "{url} {foreign:?}: {answer:?}");
        }
    }
    assert_eq!(server.folder.entries(chat).len(), 2, "nothing was done");
    assert_eq!(ana.take(chat).await.status, 200, "she herself still can");
}

#[tokio::test]
async fn nobody_gets_in_without_a_session_that_lives() {
    let server = Server::open().await;
    let ana = Colleague::enter(&server, "ana").await;
    let forged = format!("floorwalker_session={}", secret(32));
    let chat = floorwalker::domain::ids::ChatId::new();
    let on_chat = |action: &str| format!("/api/staff/chats/{chat}/{action}");
    let routes = [
        (Method::GET, "/api/staff/queue".to_string()),
        (Method::GET, "/api/auth/me".to_string()),
        (Method::POST, "/api/auth/sign-out".to_string()),
        (Method::POST, on_chat("take")),
        (Method::POST, on_chat("say")),
        (Method::POST, on_chat("hand-back")),
        (Method::POST, on_chat("resolve")),
    ];
    for (method, path) in routes {
        for cookie in ["", &forged, "floorwalker_session="] {
            let headers = [("cookie", cookie)];
            let answer = request(method.clone(), &server.url(&path), &headers, None).await;
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (401, "signed_out"),
                "{method} {path}"
            );
        }
    }
    let me = ana.get("/api/auth/me").await;
    assert_eq!(
        (me.json()["name"].as_str(), me.json()["role"].as_str()),
        (Some("ana"), Some("admin"))
    );
}
