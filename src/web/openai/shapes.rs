//! What both sides say in the words of OpenAI's clients.

use floorwalker_engine::{End, Ending, Refusal};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::seconds;
use crate::domain::time::Instant;

/// A text or several.
#[derive(Deserialize)]
#[serde(untagged, expecting = "a text, or a list of texts")]
pub enum OneOrMany {
    /// Alone.
    One(String),
    /// In a list.
    Many(Vec<String>),
}

impl OneOrMany {
    /// As a list.
    pub fn into_list(self) -> Vec<String> {
        match self {
            Self::One(text) => vec![text],
            Self::Many(texts) => texts,
        }
    }
}

/// A list of things.
#[derive(Serialize)]
pub struct List<T> {
    object: &'static str,
    data: Vec<T>,
}

impl<T> List<T> {
    /// Of these.
    pub fn of(data: Vec<T>) -> Self {
        Self { object: "list", data }
    }
}

/// A model.
#[derive(Serialize)]
pub struct Model {
    id: String,
    object: &'static str,
    created: i64,
    owned_by: &'static str,
}

impl Model {
    /// By its name; `created` in seconds since 1970.
    pub fn new(id: String, created: i64) -> Self {
        Self { id, object: "model", created, owned_by: "floorwalker" }
    }
}

/// How many tokens it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Usage {
    prompt_tokens: usize,
    completion_tokens: usize,
    total_tokens: usize,
    prompt_tokens_details: Cached,
}

/// Tokens that did not have to be read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
struct Cached {
    cached_tokens: usize,
}

impl From<&Ending> for Usage {
    fn from(ending: &Ending) -> Self {
        let Ending { prompt_tokens, cached_tokens, written_tokens, .. } = *ending;
        Self {
            prompt_tokens,
            completion_tokens: written_tokens,
            total_tokens: prompt_tokens + written_tokens,
            prompt_tokens_details: Cached { cached_tokens },
        }
    }
}

/// Why a reply ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Finish {
    /// The model finished, or wrote a stop text.
    Stop,
    /// There may be no more of it.
    Length,
}

/// Why a reply ended, or why it is none.
pub fn finish(ending: &Ending) -> Result<Finish, Refusal> {
    match ending.why {
        End::Stop => Ok(Finish::Stop),
        End::Length | End::Deadline => Ok(Finish::Length),
        End::Cancelled => Err(stopping()),
        End::Failed => Err(Refusal::Failed("the server's log says why".into())),
    }
}

/// The server ends before the reply does.
pub fn stopping() -> Refusal {
    Refusal::Unavailable { why: "the server is stopping".into() }
}

/// What every piece of one answer says.
#[derive(Clone)]
pub struct Head {
    id: String,
    created: i64,
    model: String,
}

impl Head {
    /// Of a new answer.
    pub fn new(model: &str) -> Self {
        let id = format!("chatcmpl-{}", Uuid::now_v7().simple());
        Self { id, created: seconds(Instant::now()), model: model.into() }
    }

    /// The whole answer.
    pub fn completion(self, content: String, finish: Finish, usage: Usage) -> Completion {
        let Self { id, created, model } = self;
        let message = Message { role: "assistant", content };
        let choices = [Choice { index: 0, message, finish_reason: finish }];
        Completion { id, object: "chat.completion", created, model, choices, usage }
    }

    /// One piece of it: of the reply, of what it took, or of both.
    pub fn chunk(&self, piece: Option<Piece>, usage: Option<Usage>) -> Chunk<'_> {
        let Self { id, created, model } = self;
        let choices = piece.into_iter().collect();
        Chunk { id, object: "chat.completion.chunk", created: *created, model, choices, usage }
    }
}

/// A whole answer.
#[derive(Serialize)]
pub struct Completion {
    id: String,
    object: &'static str,
    created: i64,
    model: String,
    choices: [Choice; 1],
    usage: Usage,
}

#[derive(Serialize)]
struct Choice {
    index: u32,
    message: Message,
    finish_reason: Finish,
}

#[derive(Serialize)]
struct Message {
    role: &'static str,
    content: String,
}

/// A piece of an answer.
#[derive(Serialize)]
pub struct Chunk<'a> {
    id: &'a str,
    object: &'static str,
    created: i64,
    model: &'a str,
    choices: Vec<Piece>,
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<Usage>,
}

/// What a piece adds to the reply.
#[derive(Default, Serialize)]
pub struct Piece {
    index: u32,
    delta: Delta,
    finish_reason: Option<Finish>,
}

#[derive(Default, Serialize)]
struct Delta {
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<String>,
}

impl Piece {
    /// The model begins to speak.
    pub fn begin() -> Self {
        let delta = Delta { role: Some("assistant"), content: Some(String::new()) };
        Self { delta, ..Self::default() }
    }

    /// More text.
    pub fn text(text: String) -> Self {
        Self { delta: Delta { role: None, content: Some(text) }, ..Self::default() }
    }

    /// That was all.
    pub fn end(finish: Finish) -> Self {
        Self { finish_reason: Some(finish), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn ending(why: End) -> Ending {
        Ending { why, prompt_tokens: 12, cached_tokens: 8, written_tokens: 3, likelihood: 0.0 }
    }

    fn head() -> Head {
        Head { id: "chatcmpl-1".into(), created: 5, model: "m".into() }
    }

    fn as_json(what: &impl Serialize) -> Value {
        serde_json::to_value(what).expect("plain data")
    }

    #[test]
    fn a_whole_answer_looks_as_clients_expect() {
        let usage = Usage::from(&ending(End::Stop));
        let answer = head().completion("Hi".into(), Finish::Stop, usage);
        let expected = json!({
            "id": "chatcmpl-1", "object": "chat.completion", "created": 5, "model": "m",
            "choices": [{
                "index": 0,
                "message": { "role": "assistant", "content": "Hi" },
                "finish_reason": "stop",
            }],
            "usage": {
                "prompt_tokens": 12, "completion_tokens": 3, "total_tokens": 15,
                "prompt_tokens_details": { "cached_tokens": 8 },
            },
        });
        assert_eq!(as_json(&answer), expected);
    }

    #[test]
    fn a_piece_says_only_what_is_new() {
        let choice = |piece| as_json(&head().chunk(Some(piece), None))["choices"][0].clone();
        let (begin, text) = (choice(Piece::begin()), choice(Piece::text("Hi".into())));
        assert_eq!(begin["delta"], json!({ "role": "assistant", "content": "" }));
        assert_eq!(
            (&text["delta"], &text["finish_reason"]),
            (&json!({ "content": "Hi" }), &json!(null))
        );
        let end = choice(Piece::end(Finish::Length));
        assert_eq!((&end["delta"], &end["finish_reason"]), (&json!({}), &json!("length")));
        let took = as_json(&head().chunk(None, Some(Usage::from(&ending(End::Stop)))));
        assert_eq!((&took["choices"], &took["usage"]["total_tokens"]), (&json!([]), &json!(15)));
        assert!(as_json(&head().chunk(Some(Piece::begin()), None)).get("usage").is_none());
    }

    #[test]
    fn a_reply_that_broke_off_is_none() {
        assert_eq!(finish(&ending(End::Length)), Ok(Finish::Length));
        assert!(matches!(finish(&ending(End::Failed)), Err(Refusal::Failed(_))));
        assert!(matches!(finish(&ending(End::Cancelled)), Err(Refusal::Unavailable { .. })));
    }
}
