//! Webhooks: managers see them and their deliveries; administrators, and keys that manage, change them.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::Web;
use super::access::{Manages, Oversees};
use super::error::WebError;
use crate::domain::ids::EndpointId;
use crate::domain::time::Instant;
use crate::people::Role;
use crate::people::keys::Scope;
use crate::webhooks::{Delivery, Detail, Endpoint, Wish};

/// `GET /api/webhooks`
pub async fn list(
    caller: Oversees,
    State(web): State<Web>,
) -> Result<Json<Vec<Endpoint>>, WebError> {
    let all = web.webhooks.list().await?;
    Ok(Json(match caller.may(Role::Admin, Scope::Manage) {
        true => all,
        false => all.into_iter().map(Endpoint::veiled).collect(),
    }))
}

/// A new webhook, and its secret, which is shown once.
#[derive(Serialize)]
pub struct Made {
    webhook: Endpoint,
    secret: String,
}

/// `POST /api/webhooks`. A key that may not read chats is told no words of theirs.
pub async fn add(
    caller: Manages,
    State(web): State<Web>,
    Json(wish): Json<Wish>,
) -> Result<Json<Made>, WebError> {
    if wish.include_text && !caller.may(Role::Analyst, Scope::ReadChats) {
        return Err(WebError::KeyLacks(Scope::ReadChats));
    }
    let made = web.webhooks.add(wish, &caller.name()).await?;
    Ok(Json(Made { webhook: made.endpoint, secret: made.secret.to_string() }))
}

/// What is changed about a webhook.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Change {
    /// Silent, or not.
    Paused(bool),
}

/// `POST /api/webhooks/{id}`
pub async fn change(
    caller: Manages,
    State(web): State<Web>,
    Path(id): Path<EndpointId>,
    Json(change): Json<Change>,
) -> Result<StatusCode, WebError> {
    match change {
        Change::Paused(true) => web.webhooks.pause(id, &caller.name()).await?,
        Change::Paused(false) => web.webhooks.resume(id, &caller.name()).await?,
    }
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /api/webhooks/{id}`
pub async fn remove(
    caller: Manages,
    State(web): State<Web>,
    Path(id): Path<EndpointId>,
) -> Result<StatusCode, WebError> {
    web.webhooks.remove(id, &caller.name()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which delivery it became.
#[derive(Serialize)]
pub struct Sent {
    delivery: i64,
}

/// `POST /api/webhooks/{id}/test`
pub async fn test(
    caller: Manages,
    State(web): State<Web>,
    Path(id): Path<EndpointId>,
) -> Result<Json<Sent>, WebError> {
    Ok(Json(Sent { delivery: web.webhooks.test(id, &caller.name()).await? }))
}

/// Where a page of the log begins.
#[derive(Deserialize)]
pub struct From {
    before: Option<i64>,
}

/// `GET /api/webhooks/{id}/deliveries?before=`
pub async fn log(
    _: Oversees,
    State(web): State<Web>,
    Path(id): Path<EndpointId>,
    Query(from): Query<From>,
) -> Result<Json<Vec<Delivery>>, WebError> {
    Ok(Json(web.webhooks.log(id, from.before).await?))
}

/// `GET /api/webhooks/{id}/deliveries/{delivery}`
pub async fn delivery(
    _: Oversees,
    State(web): State<Web>,
    Path((id, delivery)): Path<(EndpointId, i64)>,
) -> Result<Json<Detail>, WebError> {
    Ok(Json(web.webhooks.delivery(id, delivery).await?))
}

/// `POST /api/webhooks/{id}/deliveries/{delivery}/replay`
pub async fn replay(
    caller: Manages,
    State(web): State<Web>,
    Path((id, delivery)): Path<(EndpointId, i64)>,
) -> Result<StatusCode, WebError> {
    web.webhooks.replay(id, delivery, &caller.name()).await?;
    Ok(StatusCode::ACCEPTED)
}

/// From when on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Since {
    since: Instant,
}

/// How much is sent again.
#[derive(Serialize)]
pub struct Recovered {
    deliveries: u32,
}

/// `POST /api/webhooks/{id}/recover`
pub async fn recover(
    caller: Manages,
    State(web): State<Web>,
    Path(id): Path<EndpointId>,
    Json(from): Json<Since>,
) -> Result<Json<Recovered>, WebError> {
    let deliveries = web.webhooks.recover(id, from.since, &caller.name()).await?;
    Ok(Json(Recovered { deliveries }))
}
