//! Everything that HTTP reaches: sockets, the JSON API, pages. Parses at the edge, calls the rooms,
//! and turns their errors into status codes in one file (`error`). Never sees a model's weights or an
//! index; the engine itself is only seen by `openai`, which lets other programs use it.

pub mod access;
pub mod assets;
pub mod auth;
mod body;
pub mod client;
pub mod error;
mod keys;
mod knowledge;
pub mod limits;
pub mod openai;
pub mod operation;
pub mod origin;
mod people;
pub mod places;
pub mod routes;
pub mod server;
mod shop;
mod sites;
pub mod socket;
mod staff;
mod staff_socket;
pub mod visitor;
mod webhooks;
mod work;

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::answer::Answerer;
use crate::floor::Floor;
use crate::hub::Hub;
use crate::jobs::Jobs;
use crate::log::Log;
use crate::people::People;
use crate::post::Post;
use crate::shelf::Shelf;
use crate::shutdown::Shutdown;
use crate::sites::Sites;
use crate::webhooks::Webhooks;

use client::Network;
use limits::{Brakes, Limits};
use openai::Openai;
use operation::Operation;
use origin::Origins;
use routes::Routes;

/// What handlers need. Cheap to clone.
#[derive(Clone)]
pub struct Web {
    /// The chats.
    pub log: Log,
    /// Who is composing.
    pub hub: Hub,
    /// The queue.
    pub floor: Floor,
    /// Accounts and sessions.
    pub people: People,
    /// Work under way.
    pub jobs: Jobs,
    /// Who is told what happens.
    pub webhooks: Webhooks,
    /// Whether mail can leave.
    pub post: Post,
    /// What is set for each site.
    pub sites: Sites,
    /// The shop, for its name and products.
    pub answerer: Arc<Answerer>,
    /// What the shop knows, to be edited.
    pub shelf: Shelf,
    /// Which pages may embed the widget, and our own origin.
    pub origins: Arc<Origins>,
    /// Numbers that bound what one client may do.
    pub limits: Limits,
    /// Proxies whose word about a client's address is taken.
    pub proxies: Arc<[Network]>,
    /// Counts what clients do.
    pub brakes: Arc<Brakes>,
    /// Whether it can serve, and who may read its figures.
    pub operation: Arc<Operation>,
    /// The models, if other programs may use them.
    pub openai: Option<Arc<Openai>>,
    /// Heard by every socket.
    pub shutdown: Shutdown,
}

/// Largest JSON body, in bytes; edits of the knowledge have a limit of their own.
const MAX_BODY: usize = 64 * 1024;

/// Every route there is, with who may reach it in its handler's type.
pub fn routes() -> Routes {
    let of_people = Routes::default()
        .get("/api/staff/queue", staff::queue)
        .post("/api/staff/chats/{chat}/take", staff::take)
        .post("/api/staff/chats/{chat}/say", staff::say)
        .post("/api/staff/chats/{chat}/hand-back", staff::hand_back)
        .post("/api/staff/chats/{chat}/resolve", staff::resolve)
        .post("/api/auth/sign-in", auth::sign_in)
        .post("/api/auth/sign-out", auth::sign_out)
        .post("/api/auth/forgot", people::forgot)
        .get("/api/auth/me", auth::me)
        .get("/api/me/sessions", people::sessions)
        .delete("/api/me/sessions/{id}", people::end_session)
        .post("/api/me/second-factor", people::begin_second_factor)
        .get("/api/me/second-factor", people::second_factor)
        .post("/api/me/second-factor/proof", people::prove_second_factor)
        .post("/api/me/second-factor/end", people::end_second_factor)
        .get("/api/people", people::list)
        .post("/api/people/invitations", people::invite)
        .post("/api/people/{name}", people::change)
        .get("/api/invitations", people::invitation)
        .post("/api/invitations/accept", people::accept)
        .get("/api/audit", people::audit)
        .get("/api/sites", sites::list)
        .post("/api/sites", sites::add)
        .post("/api/sites/{key}", sites::change)
        .get("/api/sites/{key}/history", sites::history)
        .post("/api/sites/{key}/revert", sites::revert)
        .post("/api/bot/pause", sites::pause)
        .post("/api/bot/resume", sites::resume)
        .get("/api/jobs", work::list)
        .post("/api/jobs/{id}/retry", work::retry)
        .get("/api/keys", keys::list)
        .post("/api/keys", keys::add)
        .delete("/api/keys/{id}", keys::revoke)
        .get("/api/webhooks", webhooks::list)
        .post("/api/webhooks", webhooks::add)
        .post("/api/webhooks/{id}", webhooks::change)
        .delete("/api/webhooks/{id}", webhooks::remove)
        .post("/api/webhooks/{id}/test", webhooks::test)
        .post("/api/webhooks/{id}/recover", webhooks::recover)
        .get("/api/webhooks/{id}/deliveries", webhooks::log)
        .get("/api/webhooks/{id}/deliveries/{delivery}", webhooks::delivery)
        .post("/api/webhooks/{id}/deliveries/{delivery}/replay", webhooks::replay)
        .map(|router| router.layer(tower_http::csrf::CsrfLayer::new()));
    of_people
        .get("/ws/visitor", visitor::upgrade)
        .get("/ws/staff", staff_socket::upgrade)
        .get("/api/health", shop::health)
        .get("/api/ready", operation::ready)
        .get("/metrics", operation::metrics)
        .get("/api/demo/products", shop::products)
        .merge(assets::routes())
        .map(|router| router.layer(RequestBodyLimitLayer::new(MAX_BODY)))
        // A page is longer than anything else that is sent.
        .merge(knowledge::routes())
        .merge(openai::routes())
}

impl Web {
    /// Where browsers reach this server, without a slash at the end.
    pub fn base(&self) -> &str {
        self.origins.own.first().map(|origin| origin.as_str()).unwrap_or_default()
    }
}

/// What is served.
pub fn router(web: Web) -> Router {
    guarded(routes().into_router()).with_state(web)
}

/// With what holds for every route.
pub fn guarded<S: Clone + Send + Sync + 'static>(router: Router<S>) -> Router<S> {
    router
        .layer(always(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(always(header::REFERRER_POLICY, "same-origin"))
}

fn always(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}
