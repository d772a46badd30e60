//! What one asks of the writer, and the stream that comes back.

mod owner;
mod prefixes;
mod seat;
mod text;

pub(crate) use owner::Writer;

use std::time::Duration;
use tokio::sync::mpsc::UnboundedReceiver;

/// A reply to write.
#[derive(Debug, Clone)]
pub struct Write {
    /// The beginning that many requests share (instructions, examples). Its state is kept, so that
    /// the next request with the same prefix only reads its prompt. It should end where a token
    /// surely ends, as [`chat_prompt`](crate::chat_prompt) sees to.
    pub prefix: String,
    /// What follows the prefix in this request only. Not empty.
    pub prompt: String,
    /// Most tokens to write. A token is about four letters, or one digit.
    pub max_tokens: usize,
    /// Texts that end the reply; they are not part of it.
    pub stop: Vec<String>,
    /// Time from the request to the end of the reply, waiting included.
    pub deadline: Option<Duration>,
    /// How the next token is chosen.
    pub sampling: Sampling,
}

impl Write {
    /// The likeliest reply, 256 tokens at most.
    pub fn new(prefix: impl Into<String>, prompt: impl Into<String>) -> Self {
        Self {
            prefix: prefix.into(),
            prompt: prompt.into(),
            max_tokens: 256,
            stop: Vec::new(),
            deadline: None,
            sampling: Sampling::Likeliest,
        }
    }
}

/// How the next token is chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Sampling {
    /// Always the likeliest: the same request gets the same reply, whatever else is being written.
    Likeliest,
    /// At random among the likeliest tokens that together have the probability `top_p` (0 to 1),
    /// after dividing scores by `temperature` (above 0; below 1 is bolder, above wilder).
    Random {
        /// See above.
        temperature: f64,
        /// See above.
        top_p: f64,
        /// The same seed gives the same reply.
        seed: u64,
    },
}

/// A piece of a reply.
#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    /// More text: whole characters, never empty.
    Text(String),
    /// The last piece.
    End(Ending),
}

/// How a reply ended and what it took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    /// Why it ended.
    pub why: End,
    /// Tokens of prefix and prompt.
    pub prompt_tokens: usize,
    /// Of these, tokens that did not have to be read again.
    pub cached_tokens: usize,
    /// Tokens written.
    pub written_tokens: usize,
}

/// Why a reply ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The model finished its turn, or wrote a stop text.
    Stop,
    /// `max_tokens` were written.
    Length,
    /// The deadline passed.
    Deadline,
    /// The engine was shut down.
    Cancelled,
    /// The model could not go on; the engine's log says why.
    Failed,
}

/// A reply being written. Dropping it stops the writing within one step.
#[derive(Debug)]
pub struct Writing {
    tokens: UnboundedReceiver<Token>,
    ended: bool,
}

impl Writing {
    /// The next piece; `None` after [`Token::End`].
    pub async fn next(&mut self) -> Option<Token> {
        if self.ended {
            return None;
        }
        let token = self.tokens.recv().await.unwrap_or(Token::End(Ending::UNKNOWN));
        self.ended = matches!(token, Token::End(_));
        Some(token)
    }

    /// Waits for the whole reply.
    pub async fn collect(mut self) -> (String, Ending) {
        let mut text = String::new();
        loop {
            match self.next().await {
                Some(Token::Text(more)) => text.push_str(&more),
                Some(Token::End(ending)) => return (text, ending),
                None => return (text, Ending::UNKNOWN),
            }
        }
    }
}

impl Ending {
    /// The writer went away without a word.
    const UNKNOWN: Self =
        Self { why: End::Failed, prompt_tokens: 0, cached_tokens: 0, written_tokens: 0 };
}
