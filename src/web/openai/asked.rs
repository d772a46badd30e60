//! What a program asks of a chat, and the engine's request for it. Fields that are not here are
//! ignored: clients send many.

use std::ops::RangeInclusive;

use floorwalker_engine::{Decoding, Message, Priority, Request, Sampling};
use serde::Deserialize;

use super::shapes::OneOrMany;
use crate::web::error::WebError;

/// Most tokens of a reply, and how many if nothing is said.
const MAX_TOKENS: usize = 2048;
const USUAL_TOKENS: usize = 256;
/// Most texts that end a reply.
const MAX_STOPS: usize = 4;
/// Longest name of a model, in bytes: each piece of a stream repeats it.
const MAX_MODEL: usize = 200;

/// The body of `POST /v1/chat/completions`.
#[derive(Deserialize)]
pub struct Asked {
    model: String,
    messages: Vec<Said>,
    stream: Option<bool>,
    stream_options: Option<StreamOptions>,
    n: Option<usize>,
    max_completion_tokens: Option<usize>,
    max_tokens: Option<usize>,
    temperature: Option<f32>,
    top_p: Option<f32>,
    top_k: Option<i64>,
    min_p: Option<f32>,
    repetition_penalty: Option<f32>,
    seed: Option<i64>,
    stop: Option<OneOrMany>,
}

#[derive(Deserialize)]
struct StreamOptions {
    include_usage: Option<bool>,
}

#[derive(Deserialize)]
struct Said {
    role: Role,
    content: Content,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Role {
    System,
    /// What newer clients call the system.
    Developer,
    User,
    Assistant,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a text, or a list of {\"type\": \"text\", \"text\": ...}")]
enum Content {
    Text(String),
    Parts(Vec<Part>),
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Part {
    Text { text: String },
}

impl Asked {
    /// The model's name, to be repeated.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// Whether the reply is wanted as it is written.
    pub fn streams(&self) -> bool {
        self.stream.unwrap_or(false)
    }

    /// Whether a stream is to end with what it took, in a piece of its own.
    pub fn counts(&self) -> bool {
        self.stream_options.as_ref().and_then(|options| options.include_usage).unwrap_or(false)
    }

    /// The engine's request. `luck` is the seed if none is named.
    pub fn request(self, conversation: u64, luck: u64) -> Result<Request, WebError> {
        if self.model.len() > MAX_MODEL {
            return Err(wrong(format!("model has more than {MAX_MODEL} bytes")));
        }
        if self.n.is_some_and(|n| n != 1) {
            return Err(wrong("n is 1: ask again for another reply".into()));
        }
        if self.messages.is_empty() {
            return Err(wrong("messages is empty".into()));
        }
        let sampling = self.sampling(luck)?;
        let max_tokens = self.max_completion_tokens.or(self.max_tokens).unwrap_or(USUAL_TOKENS);
        if !(1..=MAX_TOKENS).contains(&max_tokens) {
            return Err(wrong(format!("max_tokens is {max_tokens}; it is from 1 to {MAX_TOKENS}")));
        }
        let stop = self.stop.map(OneOrMany::into_list).unwrap_or_default();
        if stop.len() > MAX_STOPS {
            return Err(wrong(format!("stop has {} texts; at most {MAX_STOPS}", stop.len())));
        }
        let decoding = Decoding { sampling, stop, max_tokens, ..Decoding::default() };
        let messages = self.messages.into_iter().map(Said::message).collect();
        // Nobody of the shop's: its visitors go first.
        let priority = Priority::Background;
        Ok(Request { decoding, priority, conversation, ..Request::new(messages) })
    }

    fn sampling(&self, luck: u64) -> Result<Sampling, WebError> {
        let usual = Sampling::default();
        Ok(Sampling {
            temperature: number("temperature", self.temperature, 0.0..=2.0, usual.temperature)?,
            top_p: number("top_p", self.top_p, 0.0..=1.0, usual.top_p)?,
            min_p: number("min_p", self.min_p, 0.0..=1.0, usual.min_p)?,
            repetition: number(
                "repetition_penalty",
                self.repetition_penalty,
                0.1..=10.0,
                usual.repetition,
            )?,
            // Some clients say -1 for all.
            top_k: self.top_k.and_then(|k| usize::try_from(k).ok()).unwrap_or(usual.top_k),
            seed: self.seed.map_or(luck, i64::cast_unsigned),
            ..usual
        })
    }
}

impl Said {
    fn message(self) -> Message {
        let text = match self.content {
            Content::Text(text) => text,
            Content::Parts(parts) => {
                let texts: Vec<String> =
                    parts.into_iter().map(|Part::Text { text }| text).collect();
                texts.join("\n")
            }
        };
        match self.role {
            Role::System | Role::Developer => Message::system(text),
            Role::User => Message::user(text),
            Role::Assistant => Message::assistant(text),
        }
    }
}

/// The number that was asked for, or the usual one.
fn number(
    name: &str,
    asked: Option<f32>,
    range: RangeInclusive<f32>,
    usual: f32,
) -> Result<f32, WebError> {
    let value = asked.unwrap_or(usual);
    if range.contains(&value) {
        return Ok(value);
    }
    Err(wrong(format!("{name} is {value}; it is from {} to {}", range.start(), range.end())))
}

fn wrong(why: String) -> WebError {
    WebError::BadRequest(why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn asked(more: Value) -> Result<Request, String> {
        let mut body = json!({ "model": "m", "messages": [{ "role": "user", "content": "Hi" }] });
        for (name, value) in more.as_object().expect("an object") {
            body[name] = value.clone();
        }
        let asked: Asked = serde_json::from_value(body).map_err(|error| error.to_string())?;
        asked.request(7, 42).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_not_said_is_as_usual_and_what_is_unknown_is_ignored() {
        let request = asked(json!({ "user": "x", "tools": [], "frequency_penalty": 1 }));
        let request = request.expect("understood");
        assert_eq!(request.messages, [Message::user("Hi")]);
        assert_eq!((request.decoding.max_tokens, request.conversation), (256, 7));
        assert_eq!(request.decoding.sampling, Sampling { seed: 42, ..Sampling::default() });
        let nulls = json!({ "stop": null, "seed": null, "stream": null, "max_tokens": null });
        assert_eq!(asked(nulls).expect("understood").decoding.max_tokens, 256);
    }

    #[test]
    fn everything_that_can_be_said_arrives() {
        let request = asked(json!({
            "messages": [
                { "role": "developer", "content": "Be brief." },
                { "role": "user", "content": [
                    { "type": "text", "text": "One" }, { "type": "text", "text": "Two" }
                ] },
                { "role": "assistant", "content": "Yes" },
            ],
            "max_tokens": 9, "max_completion_tokens": 5, "stop": ["a", "b"], "temperature": 0.5,
            "top_p": 0.9, "top_k": -1, "min_p": 0.05, "repetition_penalty": 1.1, "seed": -1,
        }));
        let request = request.expect("understood");
        let said =
            [Message::system("Be brief."), Message::user("One\nTwo"), Message::assistant("Yes")];
        assert_eq!(request.messages, said);
        assert_eq!((request.decoding.max_tokens, request.decoding.stop.len()), (5, 2));
        let sampling = request.decoding.sampling;
        let numbers = (sampling.temperature, sampling.top_p, sampling.min_p, sampling.repetition);
        assert_eq!(numbers, (0.5, 0.9, 0.05, 1.1));
        assert_eq!((sampling.top_k, sampling.seed), (0, u64::MAX));
        assert_eq!(asked(json!({ "stop": "x" })).expect("understood").decoding.stop, ["x"]);
    }

    #[test]
    fn what_cannot_be_done_is_refused_by_its_name() {
        for (more, named) in [
            (json!({ "messages": [] }), "messages"),
            (json!({ "messages": [{ "role": "tool", "content": "x" }] }), "tool"),
            (
                json!({ "messages": [{ "role": "user", "content": [{ "type": "image_url" }] }] }),
                "text",
            ),
            (json!({ "max_tokens": 0 }), "max_tokens"),
            (json!({ "max_completion_tokens": 2049 }), "2048"),
            (json!({ "temperature": 2.1 }), "temperature"),
            (json!({ "top_p": -0.1 }), "top_p"),
            (json!({ "min_p": 1.5 }), "min_p"),
            (json!({ "repetition_penalty": 0 }), "repetition_penalty"),
            (json!({ "stop": ["a", "b", "c", "d", "e"] }), "stop"),
            (json!({ "stop": 7 }), "a text, or a list of texts"),
            (json!({ "n": 2 }), "n is 1"),
            (json!({ "model": "m".repeat(201) }), "model"),
        ] {
            let why = asked(more.clone()).expect_err("refused");
            assert!(why.contains(named), "{more}: {why}");
        }
    }
}
