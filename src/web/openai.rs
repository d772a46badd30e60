//! The engine for other programs, in the shape that OpenAI's clients speak: chats, embeddings, names.
//!
//! Closed unless the operator opens it, and then for whoever has a key with the scope for it. Nothing
//! here knows the shop: what a program sends is all that the model reads. The shop's own visitors go
//! first.

mod asked;
mod chat;
mod embeddings;
mod refused;
mod shapes;
mod stream;

use std::hash::{DefaultHasher, Hash, Hasher};

use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use floorwalker_engine::Engine;
use tower_http::csrf::CsrfLayer;
use tower_http::limit::RequestBodyLimitLayer;

use super::Web;
use super::access::UsesEngine;
use super::error::WebError;
use super::routes::Routes;
use crate::domain::origin::Origin;
use crate::domain::time::Instant;
use crate::shutdown::Shutdown;
use refused::Refused;
use shapes::{List, Model};

/// Largest body here, in bytes: many times what the models read, in characters that are escaped.
const MAX_BODY: usize = 512 * 1024;
/// What this machine calls itself, at whatever port.
const LOOPBACK: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

/// The routes, with a limit of their own.
pub(super) fn routes() -> Routes {
    Routes::default()
        .get("/v1/models", models)
        .post("/v1/chat/completions", chat::complete)
        .post("/v1/embeddings", embeddings::embed)
        .map(|router| router.layer(CsrfLayer::new()).layer(RequestBodyLimitLayer::new(MAX_BODY)))
}

/// The engine, open to other programs.
pub struct Openai {
    engine: Engine,
    /// Host and port of the public address.
    public: Option<String>,
    opened: Instant,
}

impl Openai {
    /// Opens it at this machine's own names and at the public address.
    pub fn new(engine: Engine, public: Option<&Origin>) -> Self {
        let host = |origin: &Origin| origin.as_str().split_once("://").map(|(_, host)| host.into());
        Self { engine, public: public.and_then(host), opened: Instant::now() }
    }

    /// Is this one of our names? A page can make a name of its own mean this machine, not one of ours.
    fn is_called(&self, host: &str) -> bool {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let name = match host.rsplit_once(':') {
            Some((name, port)) if digits(port) => name,
            _ => host,
        };
        LOOPBACK.iter().any(|own| own.eq_ignore_ascii_case(name))
            || self.public.as_ref().is_some_and(|public| public.eq_ignore_ascii_case(host))
    }
}

/// A program that may use the engine, where it is open and was called by its name.
pub struct Program {
    engine: Engine,
    opened: Instant,
    /// All that one key asks for is one conversation, so that several keys share fairly.
    conversation: u64,
    shutdown: Shutdown,
}

impl FromRequestParts<Web> for Program {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Refused> {
        let open = web.openai.as_ref().ok_or(WebError::NotFound("address"))?;
        if !host(&parts.headers).is_some_and(|host| open.is_called(host)) {
            return Err(WebError::ForeignHost.into());
        }
        let caller = UsesEngine::from_request_parts(parts, web).await?;
        let mut hasher = DefaultHasher::new();
        caller.name().hash(&mut hasher);
        Ok(Self {
            engine: open.engine.clone(),
            opened: open.opened,
            conversation: hasher.finish(),
            shutdown: web.shutdown.clone(),
        })
    }
}

/// The one `Host` header of a request.
fn host(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::HOST).iter();
    let host = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(host)
}

/// `GET /v1/models`: those that are ready.
pub async fn models(program: Program) -> Json<List<Model>> {
    let health = program.engine.health();
    let ready = [health.writer, health.encoder].into_iter().filter(|model| model.ready);
    let created = seconds(program.opened);
    Json(List::of(ready.map(|model| Model::new(model.name, created)).collect()))
}

/// Seconds since 1970.
fn seconds(at: Instant) -> i64 {
    at.0 / 1_000
}

#[cfg(test)]
mod tests {
    use super::*;
    use floorwalker_engine::{Models, Options};

    #[test]
    fn it_is_called_by_its_own_names_alone() {
        let engine = Engine::start(&Models::default(), &Options::default());
        let public = Origin::parse("https://chat.shop.example").expect("an origin");
        let open = Openai::new(engine, Some(&public));
        for own in ["localhost:8080", "LOCALHOST", "127.0.0.1:9", "[::1]:80", "[::1]"] {
            assert!(open.is_called(own), "{own}");
        }
        assert!(open.is_called("chat.shop.example") && open.is_called("Chat.Shop.Example"));
        for other in [
            "",
            "evil.example",
            "chat.shop.example:81",
            "localhost.evil.example",
            "localhost:x",
            ":80",
        ] {
            assert!(!open.is_called(other), "{other}");
        }
    }

    #[test]
    fn a_request_that_names_two_hosts_names_none() {
        let mut headers = HeaderMap::new();
        assert_eq!(host(&headers), None);
        headers.append(header::HOST, "localhost".parse().expect("a header"));
        assert_eq!(host(&headers), Some("localhost"));
        headers.append(header::HOST, "evil.example".parse().expect("a header"));
        assert_eq!(host(&headers), None);
    }
}
