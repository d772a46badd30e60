//! Everything between a row of scores and the text a client sees; pure, one [`Decoder`] a reply.
//!
//! ```text
//! scores ─> penalty ─> constraint's mask ─> sampling ─> token ─┬─> text without stop texts
//!    ^                                                         ├─> constraint, lookup
//!    └── model <── draft: what probably follows, looked up <───┘
//! ```
//!
//! The model is elsewhere. With a draft, the caller computes the scores after each of its tokens
//! in one step, then calls [`Decoder::choose`] and [`Decoder::accept`] row by row, going on while
//! the choice is the drafted token. The reply is the same as without drafts: a choice depends on the
//! scores and the tokens before it alone.
//!
//! Text of a number, address or link that has to be copied is held back until it is whole, so that
//! what is shown never breaks the constraint, however the reply ends. (A stop text that occurs
//! within such a run still cuts it.)

mod constraint;
mod lookup;
mod sampling;
pub(crate) mod text;
mod trial;
mod words;

pub use constraint::Constraint;
pub use sampling::Sampling;
pub(crate) use sampling::argmax as likeliest;
pub use trial::Trial;

pub(crate) use lookup::DRAFT;
pub(crate) use words::Words;

use crate::reply::End;
use constraint::Guard;
use lookup::Lookup;
use sampling::Sampler;
use std::sync::Arc;
use text::Text;

/// How a reply is to be decoded.
#[derive(Debug, Clone, Default)]
pub struct Decoding {
    /// How the next token is chosen.
    pub sampling: Sampling,
    /// Texts that end the reply; they are not part of it.
    pub stop: Vec<String>,
    /// Most tokens to write; at least one is written.
    pub max_tokens: usize,
    /// What the reply may say at all.
    pub constraint: Option<Constraint>,
    /// Is it to be told how likely the reply is? It costs a pass over each token's scores.
    pub likelihood: bool,
}

/// What came of a token.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Step {
    /// Text that may be shown now; perhaps none.
    pub text: String,
    /// Why the reply is over, if it is.
    pub over: Option<End>,
}

/// See the module.
pub(crate) struct Decoder {
    words: Arc<Words>,
    sampling: Sampling,
    sampler: Sampler,
    guard: Option<Guard>,
    lookup: Lookup,
    prompt: usize,
    text: Text,
    /// Bytes that must not be shown before the constraint says they are whole.
    midway: Vec<u8>,
    max_tokens: usize,
    failed: bool,
    /// Sum of the logarithms of the chosen tokens' probabilities, and how many they are; if asked for.
    likelihood: Option<(f64, usize)>,
}

impl Decoder {
    /// Before the first token. `prompt` is all that was read, for drafts to be looked up in.
    pub fn new(words: Arc<Words>, request: Decoding, prompt: &[u32]) -> Self {
        let guard = request.constraint.as_ref().map(|c| Guard::new(Arc::clone(&words), c));
        Self {
            words,
            sampling: request.sampling,
            sampler: Sampler::default(),
            guard,
            lookup: Lookup::new(prompt),
            prompt: prompt.len(),
            text: Text::new(&request.stop),
            midway: Vec::new(),
            max_tokens: request.max_tokens,
            failed: false,
            likelihood: request.likelihood.then_some((0.0, 0)),
        }
    }

    /// Chooses the next token from the scores, one for each token of the vocabulary and perhaps
    /// padding; they are overwritten. A row without any usable score fails the reply: whatever is
    /// returned then, [`Self::accept`] says so.
    pub fn choose(&mut self, scores: &mut [f32]) -> u32 {
        let chosen = scores.get_mut(..self.words.len()).and_then(|scores| {
            let written = &self.lookup.tokens()[self.prompt..];
            self.sampling.penalise(scores, written);
            if let Some(guard) = &self.guard {
                guard.mask(scores);
            }
            let chosen = self.sampler.choose(&self.sampling, scores, written.len())?;
            if let Some((sum, tokens)) = &mut self.likelihood {
                *sum += self.sampler.likelihood(scores, chosen);
                *tokens += 1;
            }
            Some(chosen)
        });
        self.failed = chosen.is_none();
        chosen.unwrap_or_default()
    }

    /// Takes the chosen token in.
    pub fn accept(&mut self, token: u32) -> Step {
        if self.failed || self.words.ends(token) {
            let why = if self.failed { End::Failed } else { End::Stop };
            return Step { text: String::new(), over: Some(why) };
        }
        self.lookup.push(token);
        self.midway.extend_from_slice(self.words.bytes(token));
        let mut done = false;
        if let Some(guard) = &mut self.guard {
            guard.accept(token);
            done = guard.done();
        }
        let mut text = String::new();
        if !self.guard.as_ref().is_some_and(Guard::midway) {
            let (ready, stopped) = self.text.push(&self.midway);
            self.midway.clear();
            (text, done) = (ready, done || stopped);
        }
        let full = self.written() >= self.max_tokens;
        let over = if done { Some(End::Stop) } else { full.then_some(End::Length) };
        Step { text, over }
    }

    /// What may come next: at most `most` tokens ([`DRAFT`] is a good number), none that the
    /// constraint forbids, nothing beyond the end of the reply.
    pub fn draft(&self, most: usize) -> &[u32] {
        // The step that checks a draft chooses one token more than it confirms.
        let room = self.max_tokens.saturating_sub(self.written() + 1);
        let draft = self.lookup.guess(most.min(room));
        let end = draft.iter().position(|token| self.words.ends(*token));
        let draft = end.map_or(draft, |end| &draft[..=end]);
        self.guard.as_ref().map_or(draft, |guard| &draft[..guard.allowed(draft)])
    }

    /// The text still held back when the reply ends, whyever it does.
    pub fn finish(&mut self) -> String {
        self.text.finish()
    }

    /// The mean logarithm of the chosen tokens' probabilities, its end among them; 0 if it was not
    /// asked for, or nothing was chosen.
    pub fn likelihood(&self) -> f32 {
        self.likelihood.map_or(0.0, |(sum, tokens)| (sum / tokens.max(1) as f64) as f32)
    }

    /// How many tokens the reply has.
    pub fn written(&self) -> usize {
        self.lookup.tokens().len() - self.prompt
    }
}

#[cfg(test)]
mod tests;
