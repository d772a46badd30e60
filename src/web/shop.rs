//! What anybody may ask about the shop and the server: products for the demo page, and health.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use serde_json::{Value, json};

use super::Web;
use crate::domain::reply::Card;

/// Products the demo page shows.
const SHOWN: usize = 24;

/// The demo page's content.
#[derive(Serialize)]
pub struct Shop {
    shop: String,
    products: Vec<Card>,
}

/// `GET /api/demo/products`
pub async fn products(State(web): State<Web>) -> Json<Shop> {
    Json(Shop { shop: web.answerer.shop().name, products: web.answerer.showcase(SHOWN) })
}

/// `GET /api/health`: always answers while the process lives; says what works and what does not.
pub async fn health(State(web): State<Web>) -> Json<Value> {
    let models = web.answerer.health();
    let stored = web.log.awaiting_bot().await;
    let trouble = stored.as_ref().err().map(ToString::to_string).or(web.log.store().trouble());
    let status = if trouble.is_none() && models.encoder.ready && models.writer.ready {
        "ok"
    } else {
        "degraded"
    };
    Json(json!({
        "status": status,
        "version": env!("CARGO_PKG_VERSION"),
        "database": trouble.unwrap_or_else(|| "ok".into()),
        "models": models,
        "awaiting_bot": stored.map(|chats| chats.len()).unwrap_or_default(),
    }))
}
