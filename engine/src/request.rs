//! What one asks of the writer.

use crate::chat::Message;
use crate::decode::Decoding;
use std::time::Duration;

/// A reply to write.
///
/// A request is the whole chat, from its instructions on. Whatever of it the writer has read before,
/// for whomever, it does not read again, so what many requests share belongs at the front:
/// instructions, then the shop, then the turns of the chat, then the facts and the question.
#[derive(Debug, Clone)]
pub struct Request {
    /// The chat so far, laid out as the model's own template says. The last is the user's.
    pub messages: Vec<Message>,
    /// How the reply is chosen, ended and bounded.
    pub decoding: Decoding,
    /// Time from the request to the end of the reply, waiting included.
    pub deadline: Option<Duration>,
    /// Who waits for it.
    pub priority: Priority,
    /// Which conversation it belongs to: of several that wait, the one with the fewest replies
    /// in progress goes first. 0 is a conversation like any other.
    pub conversation: u64,
}

/// Who waits for a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Priority {
    /// Nobody in particular: golden checks, suggestions for later.
    Background,
    /// A person.
    #[default]
    Person,
}

impl Request {
    /// The likeliest reply, of 256 tokens at most.
    pub fn new(messages: Vec<Message>) -> Self {
        Self {
            messages,
            decoding: Decoding { max_tokens: 256, ..Decoding::default() },
            deadline: None,
            priority: Priority::default(),
            conversation: 0,
        }
    }
}
