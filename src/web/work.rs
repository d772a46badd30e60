//! Jobs as managers and programs see them: what waits, what failed for good, and another try.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use super::Web;
use super::access::Oversees;
use super::error::WebError;
use crate::jobs::Listed;

/// `GET /api/jobs`
pub async fn list(_: Oversees, State(web): State<Web>) -> Result<Json<Vec<Listed>>, WebError> {
    Ok(Json(web.jobs.list().await?))
}

/// `POST /api/jobs/{id}/retry`
pub async fn retry(
    caller: Oversees,
    State(web): State<Web>,
    Path(id): Path<i64>,
) -> Result<StatusCode, WebError> {
    match web.jobs.retry(id, &caller.name()).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(WebError::NotFound("dead job")),
    }
}
