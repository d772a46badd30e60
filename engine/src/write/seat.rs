//! One reply on its way: what is still to be read, what was written, when it is over.

use super::text::Text;
use super::{End, Ending, Sampling, Token, Write};
use crate::llama::{Cache, Part};
use crate::vocabulary::Vocabulary;
use candle_core::{Device, Tensor};
use candle_transformers::generation::{LogitsProcessor, Sampling as Choice};
use std::time::Instant;
use tokio::sync::mpsc::UnboundedSender;

/// A request whose texts have become tokens.
pub(super) struct Job {
    pub request: Write,
    pub prefix: Vec<u32>,
    pub prompt: Vec<u32>,
    pub deadline: Option<Instant>,
    pub tokens: UnboundedSender<Token>,
}

impl Job {
    /// Ends the reply before it began.
    pub fn end(self, why: End) {
        let prompt_tokens = self.prefix.len() + self.prompt.len();
        let ending = Ending { why, prompt_tokens, cached_tokens: 0, written_tokens: 0 };
        // Nobody may be listening any more, which is fine.
        let _ = self.tokens.send(Token::End(ending));
    }
}

/// See the module.
pub(super) struct Seat {
    pub cache: Cache,
    /// Tokens to read: prefix and prompt, then each token that was written.
    pending: Vec<u32>,
    /// How many of `pending` the next pass reads.
    taken: usize,
    /// The prefix, until it is read and its state can be kept.
    prefix: Option<Vec<u32>>,
    text: Text,
    choice: LogitsProcessor,
    max_tokens: usize,
    deadline: Option<Instant>,
    tokens: UnboundedSender<Token>,
    ending: Ending,
}

impl Seat {
    /// Takes a seat; `cache` already holds the first `cached` tokens.
    pub fn new(job: Job, cache: Cache) -> Self {
        let cached = cache.len();
        let prompt_tokens = job.prefix.len() + job.prompt.len();
        let pending = job.prefix.iter().chain(&job.prompt).skip(cached).copied().collect();
        let choice = match job.request.sampling {
            Sampling::Likeliest => LogitsProcessor::from_sampling(0, Choice::ArgMax),
            Sampling::Random { temperature, top_p, seed } => {
                LogitsProcessor::from_sampling(seed, Choice::TopP { p: top_p, temperature })
            }
        };
        Self {
            cache,
            pending,
            taken: 0,
            prefix: (!job.prefix.is_empty()).then_some(job.prefix),
            text: Text::new(&job.request.stop),
            choice,
            max_tokens: job.request.max_tokens,
            deadline: job.deadline,
            tokens: job.tokens,
            ending: Ending {
                why: End::Failed,
                prompt_tokens,
                cached_tokens: cached,
                written_tokens: 0,
            },
        }
    }

    /// Why this reply should end before the next pass, if it should.
    pub fn over(&self, now: Instant) -> Option<End> {
        if self.tokens.is_closed() {
            return Some(End::Cancelled);
        }
        self.deadline.is_some_and(|deadline| now >= deadline).then_some(End::Deadline)
    }

    /// The tokens to read in the next pass: one, and as many more as there are of `extra`, which is
    /// lowered by them.
    pub fn part(&mut self, extra: &mut usize) -> Part<'_> {
        self.taken = self.pending.len().min(1 + *extra);
        *extra -= self.taken.saturating_sub(1);
        let scores = self.taken == self.pending.len();
        Part { cache: &mut self.cache, tokens: &self.pending[..self.taken], scores }
    }

    /// Forgets the tokens that were read. Returns whether that were all, so that there are scores.
    pub fn advance(&mut self) -> bool {
        self.pending.drain(..self.taken);
        self.pending.is_empty()
    }

    /// The prefix, once, as soon as it is read.
    pub fn read_prefix(&mut self) -> Option<Vec<u32>> {
        self.prefix.take_if(|prefix| self.cache.len() >= prefix.len())
    }

    /// Chooses the next token and sends its text. Returns why the reply is over, if it is.
    pub fn choose(
        &mut self,
        scores: Vec<f32>,
        words: &Vocabulary,
    ) -> candle_core::Result<Option<End>> {
        let count = scores.len();
        let token = self.choice.sample(&Tensor::from_vec(scores, count, &Device::Cpu)?)?;
        if words.ends(token) {
            return Ok(Some(End::Stop));
        }
        self.ending.written_tokens += 1;
        let (text, stopped) = self.text.push(words.bytes(token));
        self.send(text);
        self.pending.push(token);
        if stopped {
            return Ok(Some(End::Stop));
        }
        let full = self.cache.len() >= self.cache.room();
        let done = full || self.ending.written_tokens >= self.max_tokens;
        Ok(done.then_some(End::Length))
    }

    /// Sends what is left and the ending; gives the cache back.
    pub fn end(mut self, why: End) -> Cache {
        let rest = self.text.finish();
        self.send(rest);
        // Nobody may be listening any more, which is fine.
        let _ = self.tokens.send(Token::End(Ending { why, ..self.ending }));
        self.cache
    }

    fn send(&self, text: String) {
        if !text.is_empty() {
            let _ = self.tokens.send(Token::Text(text));
        }
    }
}
