//! Who may reach what: every route the router has, asked by everybody.

use floorwalker::control::{Order, socket};
use floorwalker::people::Role;
use floorwalker::people::keys::{Scope, Scopes};
use floorwalker::web::limits::Limits;
use floorwalker::web::routes::Route;
use reqwest::Method;

use crate::harness::{Colleague, Server, Visitor, limits, request};

/// Everybody who works in a prepared folder, and nobody.
const EVERYBODY: [(&str, Option<Role>); 5] = [
    ("nobody", None),
    ("dan", Some(Role::Analyst)),
    ("ben", Some(Role::Agent)),
    ("cleo", Some(Role::Manager)),
    ("ana", Some(Role::Admin)),
];

/// Every route with the least role that may reach it; `None` is open to all.
const LEAST: &[(&str, Option<Role>)] = &[
    ("GET /api/staff/queue", Some(Role::Analyst)),
    ("POST /api/staff/chats/{chat}/take", Some(Role::Agent)),
    ("POST /api/staff/chats/{chat}/say", Some(Role::Agent)),
    ("POST /api/staff/chats/{chat}/hand-back", Some(Role::Agent)),
    ("POST /api/staff/chats/{chat}/resolve", Some(Role::Agent)),
    ("POST /api/auth/sign-in", None),
    ("POST /api/auth/sign-out", Some(Role::Analyst)),
    ("POST /api/auth/forgot", None),
    ("GET /api/auth/me", Some(Role::Analyst)),
    ("GET /api/me/sessions", Some(Role::Analyst)),
    ("DELETE /api/me/sessions/{id}", Some(Role::Analyst)),
    ("POST /api/me/second-factor", Some(Role::Analyst)),
    ("GET /api/me/second-factor", Some(Role::Analyst)),
    ("POST /api/me/second-factor/proof", Some(Role::Analyst)),
    ("POST /api/me/second-factor/end", Some(Role::Analyst)),
    ("GET /api/people", Some(Role::Admin)),
    ("POST /api/people/invitations", Some(Role::Admin)),
    ("POST /api/people/{name}", Some(Role::Admin)),
    ("GET /api/invitations", None),
    ("POST /api/invitations/accept", None),
    ("GET /api/audit", Some(Role::Admin)),
    ("GET /api/sites", Some(Role::Analyst)),
    ("POST /api/sites", Some(Role::Admin)),
    ("POST /api/sites/{key}", Some(Role::Manager)),
    ("GET /api/sites/{key}/history", Some(Role::Manager)),
    ("POST /api/sites/{key}/revert", Some(Role::Manager)),
    ("POST /api/bot/pause", Some(Role::Manager)),
    ("POST /api/bot/resume", Some(Role::Manager)),
    ("GET /api/jobs", Some(Role::Manager)),
    ("POST /api/jobs/{id}/retry", Some(Role::Manager)),
    ("GET /api/knowledge", Some(Role::Analyst)),
    ("GET /api/knowledge/item", Some(Role::Analyst)),
    ("GET /api/knowledge/versions", Some(Role::Analyst)),
    ("POST /api/knowledge/try", Some(Role::Manager)),
    ("POST /api/knowledge/publish", Some(Role::Manager)),
    ("POST /api/knowledge/roll-back", Some(Role::Manager)),
    ("GET /api/keys", Some(Role::Admin)),
    ("POST /api/keys", Some(Role::Admin)),
    ("DELETE /api/keys/{id}", Some(Role::Admin)),
    ("GET /api/webhooks", Some(Role::Manager)),
    ("POST /api/webhooks", Some(Role::Admin)),
    ("POST /api/webhooks/{id}", Some(Role::Admin)),
    ("DELETE /api/webhooks/{id}", Some(Role::Admin)),
    ("POST /api/webhooks/{id}/test", Some(Role::Admin)),
    ("POST /api/webhooks/{id}/recover", Some(Role::Admin)),
    ("GET /api/webhooks/{id}/deliveries", Some(Role::Manager)),
    ("GET /api/webhooks/{id}/deliveries/{delivery}", Some(Role::Manager)),
    ("POST /api/webhooks/{id}/deliveries/{delivery}/replay", Some(Role::Admin)),
    ("GET /v1/models", Some(Role::Admin)),
    ("POST /v1/chat/completions", Some(Role::Admin)),
    ("POST /v1/embeddings", Some(Role::Admin)),
    ("GET /ws/visitor", None),
    ("GET /ws/staff", Some(Role::Analyst)),
    ("GET /api/health", None),
    ("GET /api/ready", None),
    ("GET /metrics", None),
    ("GET /api/demo/products", None),
    ("GET /", None),
    ("GET /widget.js", None),
    ("GET /widget/{*path}", None),
    ("GET /console", None),
    ("GET /console/", None),
    ("GET /console/{*path}", None),
    ("GET /demo/images/{name}", None),
];

/// Every route that a key with this scope may reach. The others that are not open to all are for
/// persons only.
const BY_KEY: &[(&str, Scope)] = &[
    ("GET /api/staff/queue", Scope::ReadChats),
    ("GET /api/knowledge", Scope::ReadKnowledge),
    ("GET /api/knowledge/item", Scope::ReadKnowledge),
    ("GET /api/knowledge/versions", Scope::ReadKnowledge),
    ("POST /api/knowledge/try", Scope::WriteKnowledge),
    ("POST /api/knowledge/publish", Scope::WriteKnowledge),
    ("POST /api/knowledge/roll-back", Scope::WriteKnowledge),
    ("GET /api/audit", Scope::Manage),
    ("GET /api/jobs", Scope::Manage),
    ("POST /api/jobs/{id}/retry", Scope::Manage),
    ("GET /api/webhooks", Scope::Manage),
    ("POST /api/webhooks", Scope::Manage),
    ("POST /api/webhooks/{id}", Scope::Manage),
    ("DELETE /api/webhooks/{id}", Scope::Manage),
    ("POST /api/webhooks/{id}/test", Scope::Manage),
    ("POST /api/webhooks/{id}/recover", Scope::Manage),
    ("GET /api/webhooks/{id}/deliveries", Scope::Manage),
    ("GET /api/webhooks/{id}/deliveries/{delivery}", Scope::Manage),
    ("POST /api/webhooks/{id}/deliveries/{delivery}/replay", Scope::Manage),
    ("GET /v1/models", Scope::UseEngine),
    ("POST /v1/chat/completions", Scope::UseEngine),
    ("POST /v1/embeddings", Scope::UseEngine),
];

/// A server with every door there is.
async fn all_open() -> Server {
    Server::told("[engine]\nopenai = true\n").await
}

/// Makes a key at the command line: its id, and all of it.
async fn key(server: &Server, scopes: Scopes) -> (String, String) {
    let order = Order::KeyAdd { name: "a program".into(), scopes };
    let made = socket::order(server.folder.path(), order).await.expect("made");
    let text = |value: &serde_json::Value| value.as_str().expect("text").to_string();
    (text(&made["key"]["id"]), text(&made["secret"]))
}

/// What refused it, if something did.
fn refusal(code: &str) -> Option<&'static str> {
    ["signed_out", "not_allowed", "wrong_key"].into_iter().find(|known| *known == code)
}

fn named(route: &Route) -> String {
    format!("{} {}", route.method, route.path)
}

/// A path with something in the place of its parameters.
fn filled(route: &Route) -> String {
    let id = "0".repeat(32);
    let number = if route.path.contains("/jobs/") { "1" } else { &id };
    route
        .path
        .replace("{chat}", &id)
        .replace("{id}", number)
        .replace("{key}", "demo")
        .replace("{delivery}", "1")
        .replace("{name}", "nobody")
        .replace("{*path}", "nothing")
}

async fn ask(server: &Server, route: &Route, headers: &[(&str, &str)]) -> (u16, String) {
    let method: Method = route.method.parse().expect("a method");
    let body = (method == Method::POST).then(|| serde_json::json!({}));
    let answer = request(method, &server.url(&filled(route)), headers, body).await;
    let code = if answer.text.starts_with("{\"error\"") { answer.code() } else { String::new() };
    (answer.status, code)
}

#[tokio::test]
async fn every_route_lets_in_whom_it_should_and_nobody_else() {
    let server = all_open().await;
    let routes = floorwalker::web::routes();
    let mut wrong = Vec::new();
    for (name, role) in EVERYBODY {
        for route in routes.list() {
            let Some((_, least)) = LEAST.iter().find(|(listed, _)| *listed == named(route)) else {
                panic!("{} is in no row of this table: who may reach it?", named(route));
            };
            // A session of its own for each: one of the routes ends it.
            let cookie = match role {
                Some(_) => Colleague::enter(&server, name).await.cookie,
                None => String::new(),
            };
            let headers = [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin")];
            let (_, code) = ask(&server, route, &headers).await;
            let wanted = match (least, role) {
                (None, _) => None,
                (Some(_), None) => Some("signed_out"),
                (Some(least), Some(role)) => (role < *least).then_some("not_allowed"),
            };
            let refused = refusal(&code);
            if refused != wanted {
                wrong.push(format!("{name}: {} gave {refused:?}, not {wanted:?}", named(route)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let missing: Vec<_> = LEAST
        .iter()
        .filter(|(listed, _)| !routes.list().iter().any(|route| named(route) == *listed))
        .collect();
    assert!(missing.is_empty(), "no such routes: {missing:?}");
}

#[tokio::test]
async fn a_key_reaches_what_its_scope_is_for_and_nothing_else() {
    let server = all_open().await;
    let routes = floorwalker::web::routes();
    let mut wrong = Vec::new();
    for scope in Scope::ALL {
        let (_, secret) = key(&server, [scope].into_iter().collect()).await;
        let bearer = format!("Bearer {secret}");
        for route in routes.list() {
            let name = named(route);
            let least = LEAST.iter().find(|(listed, _)| *listed == name);
            let by_key = BY_KEY.iter().find(|(listed, _)| *listed == name);
            // Neither an origin nor a fetch's site: no browser sends it.
            let (_, code) = ask(&server, route, &[("authorization", &bearer)]).await;
            let wanted = match (by_key, least.and_then(|(_, role)| *role)) {
                (Some((_, needed)), _) if *needed == scope => None,
                (Some(_), _) => Some("not_allowed"),
                (None, Some(_)) => Some("signed_out"),
                (None, None) => None,
            };
            if refusal(&code) != wanted {
                wrong.push(format!("{scope}: {name} gave {code:?}, not {wanted:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let missing: Vec<_> = BY_KEY
        .iter()
        .filter(|(listed, _)| !routes.list().iter().any(|route| named(route) == *listed))
        .collect();
    assert!(missing.is_empty(), "no such routes: {missing:?}");
}

#[tokio::test]
async fn a_key_is_a_bearer_and_nothing_else_and_ends_when_it_is_revoked() {
    let server = Server::open().await;
    let (id, secret) = key(&server, Scopes::all()).await;
    let queue = server.url("/api/staff/queue");
    let with = |name: &'static str, value: String| {
        let url = queue.clone();
        async move { request(Method::GET, &url, &[(name, &value)], None).await }
    };
    assert_eq!(with("authorization", format!("Bearer {secret}")).await.status, 200);
    assert_eq!(with("authorization", secret.clone()).await.code(), "signed_out");
    assert_eq!(with("authorization", format!("Basic {secret}")).await.code(), "signed_out");
    assert_eq!(with("x-api-key", secret.clone()).await.code(), "signed_out");
    assert_eq!(with("cookie", format!("floorwalker_session={secret}")).await.code(), "signed_out");
    let in_url = format!("{queue}?key={secret}");
    assert_eq!(request(Method::GET, &in_url, &[], None).await.code(), "signed_out");
    let ana = Colleague::enter(&server, "ana").await;
    let listed = ana.get("/api/keys").await;
    assert!(!listed.text.contains(&secret[12..]), "a list shows no secret");
    assert_eq!(listed.json()[0]["scopes"].as_array().map(Vec::len), Some(7));
    assert!(listed.json()[0]["used_at"].is_i64(), "{listed:?}");
    // Signed in as well: the key is what counts, so that a wrong one is noticed.
    let both = [("cookie", ana.cookie.as_str()), ("authorization", "Bearer fw_nonsense")];
    assert_eq!(request(Method::GET, &queue, &both, None).await.code(), "wrong_key");
    let url = server.url(&format!("/api/keys/{id}"));
    let own = [("cookie", ana.cookie.as_str()), ("sec-fetch-site", "same-origin")];
    assert_eq!(request(Method::DELETE, &url, &own, None).await.status, 204);
    let after = with("authorization", format!("Bearer {secret}")).await;
    assert_eq!((after.status, after.code().as_str()), (401, "wrong_key"));
}

#[tokio::test]
async fn who_tries_keys_is_braked_and_a_right_key_is_not() {
    let five = std::num::NonZeroU32::new(5).expect("more than zero");
    let server = Server::with(Limits { sign_ins: five, ..limits() }).await;
    let (_, secret) = key(&server, Scopes::all()).await;
    let show = |secret: String| {
        let (url, bearer) = (server.url("/api/staff/queue"), format!("Bearer {secret}"));
        async move { request(Method::GET, &url, &[("authorization", &bearer)], None).await.status }
    };
    let mut wrong = Vec::new();
    for _ in 0..6 {
        wrong.push(show(secret.replace("fw_", "fw-")).await);
    }
    assert_eq!(wrong, [401, 401, 401, 401, 401, 429]);
    assert_eq!(show(secret).await, 200, "programs of one house share an address");
}

#[tokio::test]
async fn no_other_site_can_make_a_browser_change_anything() {
    let server = Server::open().await;
    let ana = Colleague::enter(&server, "ana").await;
    for route in floorwalker::web::routes().list().iter().filter(|route| route.method != "GET") {
        for foreign in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[("origin", "https://evil.example")],
            &[("origin", "null")],
        ] {
            let headers = [&[("cookie", ana.cookie.as_str())], foreign].concat();
            let (status, _) = ask(&server, route, &headers).await;
            assert_eq!(status, 403, "{} with {foreign:?}", named(route));
        }
    }
    assert_eq!(ana.get("/api/auth/me").await.status, 200, "she is still signed in");
}

#[tokio::test]
async fn an_analyst_sees_the_queue_and_changes_nothing() {
    let server = Server::open().await;
    let dan = Colleague::enter(&server, "dan").await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.ask_person().await;
    let chat = server.folder.chat_of(&visitor.key);
    assert_eq!(dan.get("/api/staff/queue").await.status, 200);
    let refused = dan.take(chat).await;
    assert_eq!((refused.status, refused.code().as_str()), (403, "not_allowed"));
    assert_eq!(server.folder.entries(chat).len(), 2, "nothing was done");
}

#[tokio::test]
async fn who_is_invited_chooses_a_name_and_comes_in_once() {
    let server = Server::open().await;
    let ana = Colleague::enter(&server, "ana").await;
    let body = serde_json::json!({ "email": "eve@shop.example", "role": "agent" });
    let answer = ana.post("/api/people/invitations", Some(body)).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let link = answer.json()["link"].as_str().expect("a link").to_string();
    let token = link.split("#invitation=").nth(1).expect("a token");
    let shown = server.url(&format!("/api/invitations?token={token}"));
    let shown = request(Method::GET, &shown, &[], None).await;
    assert_eq!(shown.json()["role"], "agent");
    let accept = |name: &str| {
        let password = "kettle orbit mosaic plum";
        let body = serde_json::json!({ "token": token, "name": name, "password": password });
        let url = server.url("/api/invitations/accept");
        async move { request(Method::POST, &url, &[], Some(body)).await }
    };
    assert_eq!(accept("ana").await.code(), "taken", "another's name is not to be had");
    assert_eq!(accept("eve").await.status, 200);
    assert_eq!(accept("mallory").await.code(), "bad_link");
}
