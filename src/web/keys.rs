//! API keys, for administrators who are signed in: a key cannot make another one.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::Web;
use super::access::Admin;
use super::error::WebError;
use crate::domain::time::Instant;
use crate::people::Key;
use crate::people::keys::Scopes;

/// `GET /api/keys`
pub async fn list(_: Admin, State(web): State<Web>) -> Result<Json<Vec<Key>>, WebError> {
    Ok(Json(web.people.keys().await?))
}

/// What a key is for, and what it may do.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    name: String,
    scopes: Scopes,
}

/// A new key, shown once.
#[derive(Serialize)]
pub struct Made {
    key: Key,
    secret: String,
}

/// `POST /api/keys`
pub async fn add(
    admin: Admin,
    State(web): State<Web>,
    Json(wish): Json<Wish>,
) -> Result<Json<Made>, WebError> {
    let (may, by) = (admin.user.role.scopes(), &admin.user.name);
    let made = web.people.add_key(wish.name.trim(), wish.scopes, may, by, Instant::now()).await?;
    Ok(Json(Made { key: made.key, secret: made.text.to_string() }))
}

/// `DELETE /api/keys/{id}`: it opens nothing from now on.
pub async fn revoke(
    admin: Admin,
    State(web): State<Web>,
    Path(id): Path<String>,
) -> Result<StatusCode, WebError> {
    web.people.revoke_key(&id, &admin.user.name, Instant::now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
