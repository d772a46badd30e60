//! What a colleague does, one handler an action. Each is an append to the log through the floor.

use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};

use super::Web;
use super::access::{Agent, ReadsChats};
use super::body::Body;
use super::error::WebError;
use crate::domain::event::MAX_TEXT;
use crate::domain::ids::{ChatId, ClientId, Seq};
use crate::log::Appended;
use crate::protocol::QueueRow;

/// The queue, as the console's socket sends it too.
#[derive(Serialize)]
pub struct Queue {
    rows: Vec<QueueRow>,
}

/// Where the action stands in the chat.
#[derive(Serialize)]
pub struct Done {
    seq: Seq,
}

impl From<Appended> for Json<Done> {
    fn from(appended: Appended) -> Self {
        Json(Done { seq: appended.seq })
    }
}

/// What a colleague writes.
#[derive(Deserialize)]
pub struct Say {
    client_id: ClientId,
    text: String,
}

/// `GET /api/staff/queue`
pub async fn queue(_: ReadsChats, State(web): State<Web>) -> Result<Json<Queue>, WebError> {
    Ok(Json(Queue { rows: web.floor.queue().await? }))
}

/// `POST /api/staff/chats/{chat}/take`
pub async fn take(
    staff: Agent,
    State(web): State<Web>,
    Path(chat): Path<ChatId>,
) -> Result<Json<Done>, WebError> {
    Ok(web.floor.take(chat, &staff.colleague()).await?.into())
}

/// `POST /api/staff/chats/{chat}/say`
pub async fn say(
    staff: Agent,
    State(web): State<Web>,
    Path(chat): Path<ChatId>,
    Body(say): Body<Say>,
) -> Result<Json<Done>, WebError> {
    let text = say.text.trim();
    if text.is_empty() || text.len() > MAX_TEXT {
        let most = format!("a message has 1 to {MAX_TEXT} bytes; this one has {}", text.len());
        return Err(WebError::BadRequest(most));
    }
    let by = staff.colleague();
    Ok(web.floor.say(chat, &by, say.client_id, text.to_string()).await?.into())
}

/// `POST /api/staff/chats/{chat}/hand-back`
pub async fn hand_back(
    staff: Agent,
    State(web): State<Web>,
    Path(chat): Path<ChatId>,
) -> Result<Json<Done>, WebError> {
    Ok(web.floor.hand_back(chat, &staff.colleague()).await?.into())
}

/// `POST /api/staff/chats/{chat}/resolve`
pub async fn resolve(
    staff: Agent,
    State(web): State<Web>,
    Path(chat): Path<ChatId>,
) -> Result<Json<Done>, WebError> {
    Ok(web.floor.resolve(chat, &staff.colleague()).await?.into())
}
