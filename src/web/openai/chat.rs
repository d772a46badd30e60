//! `POST /v1/chat/completions`: a reply of the writer's, whole or as it is written.

use axum::Json;
use axum::response::{IntoResponse, Response};
use floorwalker_engine::{Engine, Refusal, Reply, Request};

use super::Program;
use super::asked::Asked;
use super::refused::Refused;
use super::shapes::{Completion, Head, Usage, finish, stopping};
use super::stream::Writing;
use crate::shutdown::Shutdown;
use crate::web::body::Body;
use crate::web::error::WebError;

/// `POST /v1/chat/completions`. Whoever goes away gives their seat back.
pub async fn complete(
    program: Program,
    asked: Result<Body<Asked>, WebError>,
) -> Result<Response, Refused> {
    let Body(asked) = asked?;
    let Program { engine, conversation, shutdown, .. } = program;
    let head = Head::new(asked.model());
    let (streams, counts) = (asked.streams(), asked.counts());
    let reply = begin(engine, asked.request(conversation, rand::random())?).await?;
    if streams {
        return Ok(Writing::new(reply, head, counts, shutdown).into_response());
    }
    Ok(Json(whole(reply, head, shutdown).await?).into_response())
}

/// Long chats take a while to become tokens, so on a thread that may block.
async fn begin(engine: Engine, request: Request) -> Result<Reply, Refusal> {
    let begun = tokio::task::spawn_blocking(move || engine.generate(request)).await;
    begun.unwrap_or_else(|broken| Err(Refusal::Failed(broken.to_string())))
}

async fn whole(reply: Reply, head: Head, mut shutdown: Shutdown) -> Result<Completion, Refusal> {
    let (text, ending) = tokio::select! {
        whole = reply.collect() => whole,
        () = shutdown.requested() => return Err(stopping()),
    };
    Ok(head.completion(text, finish(&ending)?, Usage::from(&ending)))
}
