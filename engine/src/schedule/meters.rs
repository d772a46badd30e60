//! What the writer has done and how long it took, counted as it goes.

use serde::Serialize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Totals since the model was started; times in microseconds.
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
    /// Time in the model.
    pub reading_us: u64,
    /// Time choosing tokens.
    pub choosing_us: u64,
    /// Time from requests to their first token, added up.
    pub first_token_us: u64,
    /// Requests that got a first token.
    pub first_tokens: u64,
}

/// The counters behind [`Figures`].
pub(super) struct Meters {
    counts: [AtomicU64; 17],
    places: u64,
    /// Microseconds a reply takes once it has a seat, lately.
    reply: AtomicU64,
}

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
    Reading,
    Choosing,
    FirstToken,
    FirstTokens,
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

    pub fn figures(&self) -> Figures {
        let of = |meter: Meter| self.counts[meter as usize].load(Ordering::Relaxed);
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
            reading_us: of(Meter::Reading),
            choosing_us: of(Meter::Choosing),
            first_token_us: of(Meter::FirstToken),
            first_tokens: of(Meter::FirstTokens),
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
