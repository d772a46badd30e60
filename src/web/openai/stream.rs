//! A reply as server-sent events: who speaks, each piece of text as it comes, why it ended, `[DONE]`.
//! Nothing is sent before the first text is there. What breaks off says why and does not say `[DONE]`.

use std::convert::Infallible;

use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use floorwalker_engine::{Ending, Refusal, Reply, Token};
use futures_util::{StreamExt, stream};
use serde::Serialize;

use super::refused::Refused;
use super::shapes::{Head, Piece, Usage, finish, stopping};
use crate::shutdown::Shutdown;

/// A reply that is being written. Dropping it stops the writing.
pub struct Writing {
    reply: Reply,
    pieces: Pieces,
    shutdown: Shutdown,
}

/// What is said of it; pure.
struct Pieces {
    head: Head,
    /// Whether what it took comes in a piece of its own, after the last one.
    counts: bool,
    begun: bool,
}

impl Writing {
    /// Nothing is sent yet.
    pub fn new(reply: Reply, head: Head, counts: bool, shutdown: Shutdown) -> Self {
        Self { reply, pieces: Pieces { head, counts, begun: false }, shutdown }
    }

    /// What comes next, and whether that was all.
    async fn next(&mut self) -> (Vec<Event>, bool) {
        let token = tokio::select! {
            token = self.reply.next() => token,
            () = self.shutdown.requested() => return (failed(stopping()), true),
        };
        match token {
            Some(Token::Text(text)) => (self.pieces.text(text), false),
            Some(Token::End(ending)) => (self.pieces.end(&ending), true),
            None => (Vec::new(), true),
        }
    }
}

impl IntoResponse for Writing {
    fn into_response(self) -> Response {
        let events = stream::unfold(Some(self), |writing: Option<Writing>| async move {
            let mut writing = writing?;
            let (events, over) = writing.next().await;
            Some((events, (!over).then_some(writing)))
        });
        let each = |events: Vec<Event>| stream::iter(events.into_iter().map(Ok::<_, Infallible>));
        Sse::new(events.flat_map(each)).into_response()
    }
}

impl Pieces {
    fn text(&mut self, text: String) -> Vec<Event> {
        let mut events = self.begin();
        events.push(event(&self.head.chunk(Some(Piece::text(text)), None)));
        events
    }

    fn end(&mut self, ending: &Ending) -> Vec<Event> {
        let finish = match finish(ending) {
            Ok(finish) => finish,
            Err(refusal) => return failed(refusal),
        };
        let (mut events, last) = (self.begin(), Some(Piece::end(finish)));
        let usage = Some(Usage::from(ending));
        if self.counts {
            events.push(event(&self.head.chunk(last, None)));
            events.push(event(&self.head.chunk(None, usage)));
        } else {
            events.push(event(&self.head.chunk(last, usage)));
        }
        events.push(Event::default().data("[DONE]"));
        events
    }

    /// Who speaks, if that was not said before.
    fn begin(&mut self) -> Vec<Event> {
        if std::mem::replace(&mut self.begun, true) {
            return Vec::new();
        }
        vec![event(&self.head.chunk(Some(Piece::begin()), None))]
    }
}

/// The status was sent long ago, so an error is an event.
fn failed(refusal: Refusal) -> Vec<Event> {
    vec![event(&Refused::from(refusal).told().1)]
}

fn event(data: &impl Serialize) -> Event {
    Event::default().json_data(data).expect("pieces are plain data")
}
