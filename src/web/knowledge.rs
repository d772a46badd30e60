//! What the shop knows, as managers edit it: find, look, try, publish, roll back.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use tower_http::csrf::CsrfLayer;
use tower_http::limit::RequestBodyLimitLayer;

use super::Web;
use super::access::{ReadsKnowledge, WritesKnowledge};
use super::error::WebError;
use super::routes::Routes;
use crate::knowledge::edit::{Edit, Listing};
use crate::knowledge::history::{self, Version};
use crate::knowledge::passages::Kind;
use crate::shelf::{Progress, Published, Trial, Tried, Word};

/// Largest body here, in bytes: the longest page, every character of it escaped, and some more.
const MAX_BODY: usize = 512 * 1024;
/// Versions that are listed.
const VERSIONS: u32 = 50;

/// The routes, with a limit of their own.
pub(super) fn routes() -> Routes {
    Routes::default()
        .get("/api/knowledge", list)
        .get("/api/knowledge/item", item)
        .get("/api/knowledge/versions", versions)
        .post("/api/knowledge/try", try_out)
        .post("/api/knowledge/publish", publish)
        .post("/api/knowledge/roll-back", roll_back)
        .map(|router| router.layer(CsrfLayer::new()).layer(RequestBodyLimitLayer::new(MAX_BODY)))
}

/// What is looked for.
#[derive(Deserialize)]
pub struct Find {
    #[serde(default)]
    q: String,
}

/// What there is.
#[derive(Serialize)]
pub struct Found {
    #[serde(flatten)]
    listing: Listing,
    /// How far the next version is prepared, while one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    preparing: Option<Progress>,
}

/// `GET /api/knowledge?q=`
pub async fn list(
    _: ReadsKnowledge,
    State(web): State<Web>,
    Query(find): Query<Find>,
) -> Json<Found> {
    Json(Found { listing: web.shelf.listing(&find.q), preparing: web.shelf.progress() })
}

/// Which record.
#[derive(Deserialize)]
pub struct Which {
    kind: Kind,
    id: String,
}

/// A record to edit.
#[derive(Serialize)]
pub struct Editable {
    /// The version it is of.
    version: u64,
    /// The edit that would change nothing.
    edit: Edit,
}

/// `GET /api/knowledge/item?kind=&id=`
pub async fn item(
    _: ReadsKnowledge,
    State(web): State<Web>,
    Query(which): Query<Which>,
) -> Result<Json<Editable>, WebError> {
    let found = web.shelf.item(which.kind, &which.id);
    let (version, edit) = found.ok_or(WebError::NotFound("page, product or question any more"))?;
    Ok(Json(Editable { version, edit }))
}

/// `GET /api/knowledge/versions`: the newest, newest first.
pub async fn versions(
    _: ReadsKnowledge,
    State(web): State<Web>,
) -> Result<Json<Vec<Version>>, WebError> {
    Ok(Json(history::list(web.log.store(), VERSIONS).await?))
}

/// `POST /api/knowledge/try`: a question before and after. Nothing is kept.
pub async fn try_out(
    _: WritesKnowledge,
    State(web): State<Web>,
    Json(trial): Json<Trial>,
) -> Result<Json<Tried>, WebError> {
    Ok(Json(web.shelf.try_out(trial).await?))
}

/// What to publish.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publish {
    base: u64,
    edits: Vec<Edit>,
    #[serde(default)]
    note: String,
}

/// `POST /api/knowledge/publish`
pub async fn publish(
    caller: WritesKnowledge,
    State(web): State<Web>,
    Json(form): Json<Publish>,
) -> Result<Json<Published>, WebError> {
    let word = Word { base: form.base, by: caller.name(), note: form.note };
    Ok(Json(web.shelf.publish(form.edits, word).await?))
}

/// Where to go back to.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RollBack {
    base: u64,
    to: u64,
    #[serde(default)]
    note: String,
}

/// `POST /api/knowledge/roll-back`
pub async fn roll_back(
    caller: WritesKnowledge,
    State(web): State<Web>,
    Json(form): Json<RollBack>,
) -> Result<Json<Published>, WebError> {
    let word = Word { base: form.base, by: caller.name(), note: form.note };
    Ok(Json(web.shelf.roll_back(form.to, word).await?))
}
