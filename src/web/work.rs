//! Jobs as managers see them: what waits, what failed for good, and another try.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use super::Web;
use super::access::Manager;
use super::error::WebError;
use crate::jobs::Listed;

/// `GET /api/jobs`
pub async fn list(_: Manager, State(web): State<Web>) -> Result<Json<Vec<Listed>>, WebError> {
    Ok(Json(web.jobs.list().await?))
}

/// `POST /api/jobs/{id}/retry`
pub async fn retry(
    manager: Manager,
    State(web): State<Web>,
    Path(id): Path<i64>,
) -> Result<StatusCode, WebError> {
    match web.jobs.retry(id, &manager.user.name).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(WebError::NotFound("dead job")),
    }
}
