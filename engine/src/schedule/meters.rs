//! What the writer has done and how long it took, counted as it goes.

use crate::reply::End;
use serde::Serialize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Totals since the engine was started, of every writer it had; times in microseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// Requests waiting now.
    pub waiting: u64,
    /// Replies being written now.
    pub seated: u64,
    /// Requests taken in.
    pub requests: u64,
    /// Requests refused because too many waited.
    pub busy: u64,
    /// Passes of the model.
    pub passes: u64,
    /// Rows of all passes: tokens read and written, guesses included.
    pub rows: u64,
    /// Tokens of all prompts.
    pub prompt_tokens: u64,
    /// Of these, tokens that had been read before.
    pub cached_tokens: u64,
    /// Tokens written.
    pub written_tokens: u64,
    /// Tokens guessed.
    pub guessed_tokens: u64,
    /// Guesses that were right.
    pub confirmed_tokens: u64,
    /// Conversations remembered.
    pub remembered: u64,
    /// Bytes of all conversations' memories.
    pub memory_bytes: u64,
    /// Time from requests to their seats, added up.
    pub queued_us: u64,
    /// Time in the model.
    pub reading_us: u64,
    /// Time choosing tokens.
    pub choosing_us: u64,
    /// Time from requests to their first token, added up.
    pub first_token_us: u64,
    /// Requests that got a first token.
    pub first_tokens: u64,
    /// Replies that ended by themselves.
    pub stopped: u64,
    /// Replies that became as long as they may.
    pub cut: u64,
    /// Replies whose deadline passed.
    pub late: u64,
    /// Replies that nobody waited for any more.
    pub cancelled: u64,
    /// Replies that the model could not go on with.
    pub failed: u64,
}

/// How many counters there are.
const METERS: usize = 23;

/// The counters behind [`Figures`].
pub(super) struct Meters {
    counts: [AtomicU64; METERS],
    places: u64,
    /// Microseconds a reply takes once it has a seat, lately.
    reply: AtomicU64,
}

/// The counters at one moment; those of several writers add up.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counts([u64; METERS]);

/// Which counter.
#[derive(Clone, Copy)]
pub(super) enum Meter {
    Waiting,
    Seated,
    Requests,
    Busy,
    Passes,
    Rows,
    PromptTokens,
    CachedTokens,
    WrittenTokens,
    GuessedTokens,
    ConfirmedTokens,
    Remembered,
    MemoryBytes,
    Queued,
    Reading,
    Choosing,
    FirstToken,
    FirstTokens,
    Stopped,
    Cut,
    Late,
    Cancelled,
    Failed,
}

impl Meter {
    /// Where a reply is counted that ended so.
    pub fn of(end: End) -> Self {
        match end {
            End::Stop => Self::Stopped,
            End::Length => Self::Cut,
            End::Deadline => Self::Late,
            End::Cancelled => Self::Cancelled,
            End::Failed => Self::Failed,
        }
    }
}

impl Counts {
    /// Adds another writer's.
    pub fn add(&mut self, other: &Self) {
        for (mine, others) in self.0.iter_mut().zip(other.0) {
            *mine += others;
        }
    }

    /// By their names.
    pub fn figures(&self) -> Figures {
        let of = |meter: Meter| self.0[meter as usize];
        Figures {
            waiting: of(Meter::Waiting),
            seated: of(Meter::Seated),
            requests: of(Meter::Requests),
            busy: of(Meter::Busy),
            passes: of(Meter::Passes),
            rows: of(Meter::Rows),
            prompt_tokens: of(Meter::PromptTokens),
            cached_tokens: of(Meter::CachedTokens),
            written_tokens: of(Meter::WrittenTokens),
            guessed_tokens: of(Meter::GuessedTokens),
            confirmed_tokens: of(Meter::ConfirmedTokens),
            remembered: of(Meter::Remembered),
            memory_bytes: of(Meter::MemoryBytes),
            queued_us: of(Meter::Queued),
            reading_us: of(Meter::Reading),
            choosing_us: of(Meter::Choosing),
            first_token_us: of(Meter::FirstToken),
            first_tokens: of(Meter::FirstTokens),
            stopped: of(Meter::Stopped),
            cut: of(Meter::Cut),
            late: of(Meter::Late),
            cancelled: of(Meter::Cancelled),
            failed: of(Meter::Failed),
        }
    }
}

impl Meters {
    /// For so many replies at the same time.
    pub fn new(places: usize) -> Self {
        let counts = std::array::from_fn(|_| AtomicU64::new(0));
        Self { counts, places: places as u64, reply: AtomicU64::new(0) }
    }

    /// A reply was written in this time.
    pub fn replied(&self, time: Duration) {
        let now = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let before = self.reply.load(Ordering::Relaxed);
        let mean = if before == 0 { now } else { before - before / 8 + now / 8 };
        self.reply.store(mean, Ordering::Relaxed);
    }

    /// How long whoever comes behind `waiting` others is likely to wait for a seat.
    pub fn wait(&self, waiting: usize) -> Duration {
        let rounds = waiting as u64 / self.places.max(1);
        Duration::from_micros(self.reply.load(Ordering::Relaxed).saturating_mul(rounds))
    }

    pub fn add(&self, meter: Meter, count: usize) {
        self.counts[meter as usize].fetch_add(count as u64, Ordering::Relaxed);
    }

    pub fn set(&self, meter: Meter, count: usize) {
        self.counts[meter as usize].store(count as u64, Ordering::Relaxed);
    }

    pub fn time(&self, meter: Meter, time: Duration) {
        self.add(meter, usize::try_from(time.as_micros()).unwrap_or(usize::MAX));
    }

    /// All of them now, with how many wait.
    pub fn counts(&self, waiting: usize) -> Counts {
        self.set(Meter::Waiting, waiting);
        Counts(self.counts.each_ref().map(|count| count.load(Ordering::Relaxed)))
    }

    /// The writer has ended: it holds nothing any more.
    pub fn rest(&self) {
        for meter in [Meter::Seated, Meter::Remembered, Meter::MemoryBytes] {
            self.set(meter, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_behind_many_is_told_how_long_it_takes() {
        let meters = Meters::new(4);
        assert_eq!(meters.wait(100), Duration::ZERO);
        for _ in 0..50 {
            meters.replied(Duration::from_secs(2));
        }
        assert_eq!(meters.wait(3), Duration::ZERO);
        let wait = meters.wait(9).as_secs_f64();
        assert!((3.9..4.1).contains(&wait), "{wait}");
    }
}
