//! The stream that comes back from the writer.

use tokio::sync::mpsc::UnboundedReceiver;

/// A piece of a reply.
#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    /// More text: whole characters, never empty.
    Text(String),
    /// The last piece.
    End(Ending),
}

/// How a reply ended and what it took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ending {
    /// Why it ended.
    pub why: End,
    /// Tokens of the chat that was asked about.
    pub prompt_tokens: usize,
    /// Of these, tokens that did not have to be read again.
    pub cached_tokens: usize,
    /// Tokens written.
    pub written_tokens: usize,
    /// How likely the model found what it wrote: the mean natural logarithm of its tokens'
    /// probabilities, after the constraint. 0 if it was not asked for, or nothing was written.
    pub likelihood: f32,
}

/// Why a reply ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The model finished its turn, or wrote a stop text.
    Stop,
    /// As many tokens were written as may be.
    Length,
    /// The deadline passed.
    Deadline,
    /// Nobody listens any more, or the engine was shut down.
    Cancelled,
    /// The model could not go on; the engine's log says why.
    Failed,
}

/// A reply being written. Dropping it stops the writing within one step.
#[derive(Debug)]
pub struct Reply {
    pub(crate) tokens: UnboundedReceiver<Token>,
    pub(crate) ended: bool,
}

impl Reply {
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
    const UNKNOWN: Self = Self::new(End::Failed, 0, 0);

    /// Before anything was written.
    pub(crate) const fn new(why: End, prompt_tokens: usize, cached_tokens: usize) -> Self {
        Self { why, prompt_tokens, cached_tokens, written_tokens: 0, likelihood: 0.0 }
    }
}
