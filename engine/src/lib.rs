//! Local transformers on candle: an encoder that embeds and a decoder that writes.
//!
//! ```text
//! embed(texts)      ─> cache ─> queue (urgent | patient) ─> encoder thread ─> a unit vector a text
//! generate(request) ─> template ─> waiting ─> writer thread { seats, prefixes } ─> stream of text
//! ```
//!
//! The engine owns weights, caches and threads, and knows nothing of shops, stores or sockets.
//! Each model belongs to one thread behind a bounded queue: a full queue is the value
//! [`Refusal::Busy`], at once. A model that is missing or broken is [`Refusal::Unavailable`] with
//! what to do about it; the engine itself always starts.
//!
//! ```no_run
//! # async fn doc() -> Result<(), floorwalker_engine::Refusal> {
//! use floorwalker_engine::{Engine, Message, Models, Options, Request};
//!
//! let engine = Engine::start(&Models::in_folder("models".as_ref()), &Options::default());
//! let vectors = engine.embed(vec!["How much is shipping?".into()]).await?;
//! let chat = vec![Message::system("You are brief."), Message::user("Hello!")];
//! let (reply, _) = engine.generate(Request::new(chat))?.collect().await;
//! # Ok(())
//! # }
//! ```
//!
//! Modules in the order of a request: [`request`] and [`chat`] what is asked, [`vocabulary`] in
//! tokens; [`schedule`] who goes when; [`model`] what computes: [`fast`] on our own [`kernels`], or
//! [`reference`] on candle, from files read by [`gguf`]; [`decode`] from scores to text, and
//! [`reply`] what comes back. [`writers`] puts one writer in another's place. [`embed`] is the encoder, on the same kernels. [`info`] and [`bench`]
//! tell about models without starting them.

#![deny(unsafe_code)]
#![allow(rustdoc::private_intra_doc_links)]

pub mod bench;
mod chat;
#[doc(hidden)]
pub mod decode;
mod embed;
mod fast;
mod gguf;
mod info;
mod kernels;
mod model;
mod models;
mod queue;
mod random;
mod reference;
mod reply;
mod request;
mod schedule;
mod start;
#[cfg(test)]
mod tiny;
mod vocabulary;
mod writers;

pub use chat::{Message, Role};
pub use decode::{Constraint, Decoding, Sampling};
pub use embed::EncoderFigures;
pub use info::{ModelInfo, inspect};
pub use kernels::lanes::Isa;
pub use models::{EncoderFiles, Implementation, Models, Options, WriterFile};
pub use reply::{End, Ending, Reply, Token};
pub use request::{Priority, Request};
pub use schedule::Figures;
pub use start::{Health, ModelHealth};

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

    /// Starts a reply. Its text arrives as it is written; dropping the stream cancels it within
    /// one step.
    pub fn generate(&self, request: Request) -> Result<Reply, Refusal> {
        self.0.writers().ask(|writer| writer.generate(request))
    }

    /// How many tokens a text is for the writer.
    pub fn count_tokens(&self, text: &str) -> Result<usize, Refusal> {
        self.0.writers().ask(|writer| writer.count_tokens(text))
    }

    /// Puts another writer in the place of the one in use, without stopping it: what it was asked
    /// it still answers, for two minutes at most, and new requests go to the other. Blocks for as
    /// long as loading takes. The error says what is wrong with the file; nothing has changed then.
    pub fn use_writer(&self, file: &WriterFile) -> Result<ModelHealth, String> {
        self.0.writers().exchange(file)
    }

    /// What the writers have done so far.
    pub fn figures(&self) -> Figures {
        self.0.writers().figures()
    }

    /// What the encoder has done so far; nothing where there is none.
    pub fn encoder_figures(&self) -> EncoderFigures {
        self.0.encoder().map(|encoder| encoder.figures()).unwrap_or_default()
    }

    /// A vector of unit length for each text, in their order; 384 numbers with all-MiniLM-L6-v2.
    /// Texts are read up to 256 tokens (about 1,000 letters). A request of up to four texts goes
    /// before larger ones and waits for at most one batch of those.
    pub async fn embed(&self, texts: Vec<String>) -> Result<Vec<Vec<f32>>, Refusal> {
        self.0.encoder()?.embed(texts).await
    }

    /// How well each label describes a text, by the angle between their vectors: numbers from 0 to
    /// 1 that add up to 1, in the order of the labels.
    pub async fn classify(&self, text: &str, labels: &[String]) -> Result<Vec<f32>, Refusal> {
        let mut texts = labels.to_vec();
        texts.push(text.to_owned());
        let mut vectors = self.embed(texts).await?;
        let Some(text) = vectors.pop() else { return Ok(Vec::new()) };
        Ok(embed::shares(&text, &vectors))
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
        /// Tokens of the chat.
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
