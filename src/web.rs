//! Everything that HTTP reaches: sockets, the JSON API, pages. Parses at the edge, calls the rooms,
//! and turns their errors into status codes in one file (`error`). Never sees a model or an index.

pub mod assets;
pub mod auth;
pub mod error;
pub mod limits;
pub mod origin;
pub mod server;
mod shop;
mod socket;
mod staff;
mod staff_socket;
mod visitor;

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use axum::routing::{get, post};
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::answer::Answerer;
use crate::floor::Floor;
use crate::hub::Hub;
use crate::log::Log;
use crate::people::People;
use crate::shutdown::Shutdown;

use limits::{Brakes, Limits};
use origin::Origins;

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
    /// The shop, for its name and products.
    pub answerer: Arc<Answerer>,
    /// Which pages may embed the widget, and our own origin.
    pub origins: Arc<Origins>,
    /// Numbers that bound what one client may do.
    pub limits: Limits,
    /// Counts what clients do.
    pub brakes: Arc<Brakes>,
    /// Heard by every socket.
    pub shutdown: Shutdown,
}

/// Largest JSON body, in bytes.
const MAX_BODY: usize = 64 * 1024;

/// Every route there is.
pub fn router(web: Web) -> Router {
    let staff = Router::new()
        .route("/api/staff/queue", get(staff::queue))
        .route("/api/staff/chats/{chat}/take", post(staff::take))
        .route("/api/staff/chats/{chat}/say", post(staff::say))
        .route("/api/staff/chats/{chat}/hand-back", post(staff::hand_back))
        .route("/api/staff/chats/{chat}/resolve", post(staff::resolve))
        .route("/api/auth/sign-in", post(auth::sign_in))
        .route("/api/auth/sign-out", post(auth::sign_out))
        .route("/api/auth/me", get(auth::me))
        .layer(tower_http::csrf::CsrfLayer::new());
    Router::new()
        .merge(staff)
        .route("/ws/visitor", get(visitor::upgrade))
        .route("/ws/staff", get(staff_socket::upgrade))
        .route("/api/health", get(shop::health))
        .route("/api/demo/products", get(shop::products))
        .merge(assets::routes())
        .layer(RequestBodyLimitLayer::new(MAX_BODY))
        .layer(always(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(always(header::REFERRER_POLICY, "same-origin"))
        .with_state(web)
}

fn always(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}
