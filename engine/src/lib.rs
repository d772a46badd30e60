//! Local transformers on candle: an encoder that embeds and a decoder that writes.
//!
//! ```text
//! embed(texts) ─> queue (urgent | patient) ─> encoder thread ─> one unit vector a text
//! write(prefix, prompt) ─> queue ─> writer thread { seats, caches, prefixes } ─> stream of text
//! ```
//!
//! The engine owns weights, caches and threads, and knows nothing of shops, stores or sockets.
//! Each model belongs to one thread behind a bounded queue: a full queue is the value
//! [`Refusal::Busy`], at once. A model that is missing or broken is [`Refusal::Unavailable`] with
//! what to do about it; the engine itself always starts.
//!
//! ```no_run
//! # async fn doc() -> Result<(), floorwalker_engine::Refusal> {
//! use floorwalker_engine::{ChatPrompt, Engine, Models, Options, Turn, Write};
//!
//! let engine = Engine::start(&Models::in_folder("models".as_ref()), &Options::default());
//! let vectors = engine.embed(vec!["How much is shipping?".into()]).await?;
//! let chat = ChatPrompt::new("You are brief.", &[], &[Turn::User("Hello!")]);
//! let (reply, _) = engine.write(Write::new(chat.prefix, chat.prompt))?.collect().await;
//! # Ok(())
//! # }
//! ```
//!
//! Modules in the order of a request: [`queue`] between callers and owners; [`embed`] and [`write`]
//! the owners; [`vocabulary`] and [`llama`] what the writer thinks with, read by [`gguf`];
//! [`kernels`] the arithmetic.

#![forbid(unsafe_code)]
#![allow(rustdoc::private_intra_doc_links)]

mod chat;
mod embed;
mod gguf;
mod kernels;
mod llama;
mod models;
mod queue;
mod start;
mod vocabulary;
mod write;

pub use chat::{ChatPrompt, Turn};
pub use models::{EncoderFiles, Models, Options, WriterFile};
pub use start::{Health, ModelHealth};
pub use write::{End, Ending, Sampling, Token, Write, Writing};

use std::sync::Arc;

/// Both models behind one handle. Clones share them; dropping the last one ends all replies and
/// waits for both threads, at most one step or batch.
#[derive(Clone)]
pub struct Engine(Arc<start::Started>);

impl Engine {
    /// Loads the models and starts a thread for each; takes about a second. Never fails: what
    /// could not be loaded is told by [`Engine::health`] and by each refusal.
    pub fn start(models: &Models, options: &Options) -> Self {
        Self(Arc::new(start::Started::new(models, options)))
    }

    /// What works and what does not.
    pub fn health(&self) -> Health {
        self.0.health()
    }

    /// A vector of unit length for each text, in their order; 384 numbers with all-MiniLM-L6-v2.
    /// Texts are read up to 256 tokens (about 1,000 letters). A request of up to four texts goes
    /// before larger ones and waits for at most one batch of those.
    pub async fn embed(&self, texts: Vec<String>) -> Result<Vec<Vec<f32>>, Refusal> {
        match &self.0.encoder.running {
            Ok(embedder) => embedder.embed(texts).await,
            Err(why) => Err(Refusal::Unavailable { why: why.clone() }),
        }
    }

    /// Starts a reply. Its text arrives as it is written; dropping the stream cancels it within
    /// one step.
    pub fn write(&self, request: Write) -> Result<Writing, Refusal> {
        match &self.0.writer.running {
            Ok(writer) => writer.write(request),
            Err(why) => Err(Refusal::Unavailable { why: why.clone() }),
        }
    }

    /// How many tokens a text is for the writer.
    pub fn count_tokens(&self, text: &str) -> Result<usize, Refusal> {
        match &self.0.writer.running {
            Ok(writer) => writer.count_tokens(text),
            Err(why) => Err(Refusal::Unavailable { why: why.clone() }),
        }
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Engine").field(&self.health()).finish()
    }
}

/// Why a request was not served. All of them are ordinary: the caller goes on without the model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// As many requests wait as may.
    #[error("the model is busy; try again in a moment")]
    Busy,
    /// The model is not there.
    #[error("the model is not available: {why}")]
    Unavailable {
        /// Which file, what is wrong with it, and what to do.
        why: String,
    },
    /// The request leaves no room for a reply.
    #[error("the text has {tokens} tokens, the most is {limit}")]
    TooLong {
        /// Tokens of prefix and prompt.
        tokens: usize,
        /// The most there may be.
        limit: usize,
    },
    /// The request makes no sense, or the model failed on it.
    #[error("the model failed: {0}")]
    Failed(String),
}

impl Refusal {
    /// The owner's thread has ended.
    fn stopped() -> Self {
        Self::Unavailable { why: "it has stopped; the log says why".into() }
    }
}

#[cfg(test)]
mod tests;
