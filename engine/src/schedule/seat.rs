//! One reply on its way: what is still to be read, what was written, when it is over.

use super::waiting::Claim;
use crate::decode::{DRAFT, Decoder};
use crate::model::{Memory, Part};
use crate::reply::{End, Ending, Token};
use crate::request::Request;
use std::time::Instant;
use tokio::sync::mpsc::UnboundedSender;

/// A request whose chat has become tokens.
pub(super) struct Job {
    pub request: Request,
    pub prompt: Vec<u32>,
    pub came: Instant,
    pub deadline: Option<Instant>,
    pub tokens: UnboundedSender<Token>,
}

impl Job {
    /// Tokens that its conversation can have in the end, within `context`.
    pub fn most_tokens(&self, context: usize) -> usize {
        (self.prompt.len() + self.request.decoding.max_tokens + DRAFT).min(context)
    }

    pub fn claim(&self) -> Claim {
        Claim { priority: self.request.priority, conversation: self.request.conversation }
    }

    /// Whether nobody listens any more.
    pub fn is_deserted(&self) -> bool {
        self.tokens.is_closed()
    }

    /// Why it need not be started any more, if so.
    pub fn over(&self, now: Instant) -> Option<End> {
        if self.is_deserted() {
            return Some(End::Cancelled);
        }
        self.deadline.is_some_and(|deadline| now >= deadline).then_some(End::Deadline)
    }

    /// Ends the reply before it began.
    pub fn end(self, why: End) {
        let ending = Ending::new(why, self.prompt.len(), 0);
        // Nobody may be listening any more, which is fine.
        let _ = self.tokens.send(Token::End(ending));
    }
}

/// See the module.
pub(super) struct Seat<M> {
    job: Job,
    memory: M,
    decoder: Decoder,
    /// All tokens of the conversation; those from the memory's length on are still to be read.
    all: Vec<u32>,
    /// Of the tokens taken for this pass, how many are guesses.
    guessed: usize,
    taken: usize,
    most_tokens: usize,
    seated: Instant,
    ending: Ending,
}

/// What a pass has brought a seat.
pub(super) struct Progress {
    /// Tokens written.
    pub written: usize,
    /// Of these, tokens that had been guessed.
    pub confirmed: usize,
    /// The prompt was read to its end in this pass.
    pub began: bool,
    /// Why the reply is over, if it is.
    pub over: Option<End>,
}

impl<M: Memory> Seat<M> {
    /// With a memory that holds the first tokens of the prompt already.
    pub fn new(job: Job, memory: M, decoder: Decoder, context: usize) -> Self {
        let ending = Ending::new(End::Failed, job.prompt.len(), memory.len());
        let (all, most_tokens) = (job.prompt.clone(), job.most_tokens(context));
        Self {
            job,
            memory,
            decoder,
            all,
            guessed: 0,
            taken: 0,
            most_tokens,
            seated: Instant::now(),
            ending,
        }
    }

    pub fn conversation(&self) -> u64 {
        self.job.request.conversation
    }

    pub fn came(&self) -> Instant {
        self.job.came
    }

    pub fn seated(&self) -> Instant {
        self.seated
    }

    /// Whether it writes already.
    pub fn writes(&self) -> bool {
        self.memory.len() + 1 == self.all.len() && self.memory.len() >= self.job.prompt.len()
    }

    /// Tokens that its conversation can have in the end.
    pub fn most_tokens(&self) -> usize {
        self.most_tokens
    }

    /// Tokens it may still add to its memory.
    pub fn growth(&self) -> usize {
        self.most_tokens.saturating_sub(self.memory.len())
    }

    /// Why this reply should end before the next pass, if it should.
    pub fn over(&self, now: Instant) -> Option<End> {
        self.job.over(now)
    }

    /// Plans the next pass: one token, as many more to read as there are of `extra`, which is
    /// lowered by them, or a few guesses if it writes and `drafts` are wanted.
    pub fn plan(&mut self, extra: &mut usize, drafts: bool) {
        let left = self.all.len() - self.memory.len();
        self.guessed = 0;
        self.taken = left.min(1 + *extra);
        *extra -= self.taken - 1;
        let room = self.most_tokens.saturating_sub(self.all.len());
        if drafts && self.writes() && room > 0 && *extra > 0 {
            let guess = self.decoder.draft(DRAFT.min(room).min(*extra)).to_vec();
            self.guessed = guess.len();
            *extra -= guess.len();
            self.taken += guess.len();
            self.all.extend(guess);
        }
    }

    /// The tokens of this pass.
    pub fn part(&mut self) -> Part<'_, M> {
        let from = self.memory.len();
        let ends = from + self.taken == self.all.len();
        let wanted = if ends { 1 + self.guessed } else { 0 };
        Part { tokens: &self.all[from..from + self.taken], wanted, memory: &mut self.memory }
    }

    /// Takes the rows of scores in, chooses tokens and sends their text.
    pub fn advance(&mut self, rows: &mut [f32], width: usize) -> Progress {
        let mut progress = Progress { written: 0, confirmed: 0, began: false, over: None };
        if rows.is_empty() {
            return progress;
        }
        progress.began = self.ending.written_tokens == 0;
        let sure = self.all.len() - self.guessed;
        let guesses = self.all.split_off(sure);
        for (i, row) in rows.chunks_exact_mut(width).enumerate() {
            let token = self.decoder.choose(row);
            let step = self.decoder.accept(token);
            self.send(step.text);
            self.ending.written_tokens = self.decoder.written();
            progress.written += 1;
            if let Some(why) = step.over {
                progress.over = Some(why);
                break;
            }
            self.all.push(token);
            if guesses.get(i) != Some(&token) {
                break;
            }
            progress.confirmed += 1;
        }
        // Of what was read, only what is now known to be part of the conversation.
        self.memory.truncate(self.all.len().saturating_sub(1).max(sure));
        if progress.over.is_none() && self.all.len() >= self.most_tokens {
            progress.over = Some(End::Length);
        }
        progress
    }

    /// What its memory holds, and a memory of that.
    pub fn read(&self) -> Option<(&[u32], M)> {
        let len = self.memory.len();
        Some((&self.all[..len], self.memory.fork(len)?))
    }

    /// Sends what is left and the ending; gives back what was read and the memory of it.
    pub fn end(mut self, why: End) -> (Vec<u32>, M) {
        let rest = self.decoder.finish();
        self.send(rest);
        self.ending.likelihood = self.decoder.likelihood();
        // Nobody may be listening any more, which is fine.
        let _ = self.job.tokens.send(Token::End(Ending { why, ..self.ending }));
        self.all.truncate(self.memory.len());
        (self.all, self.memory)
    }

    fn send(&self, text: String) {
        if !text.is_empty() {
            let _ = self.job.tokens.send(Token::Text(text));
        }
    }
}
