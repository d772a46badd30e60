//! What the encoder has done and how long it took, counted as it goes.

use serde::Serialize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Totals since the encoder was started; times in microseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct EncoderFigures {
    /// Requests waiting now, for texts that were not known.
    pub waiting: u64,
    /// Requests made.
    pub requests: u64,
    /// Of these, requests refused because too many waited.
    pub busy: u64,
    /// Texts of all requests.
    pub texts: u64,
    /// Of these, texts whose vectors were known.
    pub cached_texts: u64,
    /// Vectors remembered.
    pub remembered: u64,
    /// Passes of the model.
    pub batches: u64,
    /// Time in the model.
    pub embedding_us: u64,
}

impl EncoderFigures {
    /// Requests that were not refused.
    pub fn taken(&self) -> u64 {
        self.requests.saturating_sub(self.busy)
    }
}

/// The counters behind [`EncoderFigures`].
#[derive(Default)]
pub(super) struct Meters {
    requests: AtomicU64,
    busy: AtomicU64,
    texts: AtomicU64,
    cached_texts: AtomicU64,
    batches: AtomicU64,
    embedding: AtomicU64,
}

impl Meters {
    /// A request with so many texts, of which some were known.
    pub fn asked(&self, texts: usize, known: usize) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.texts.fetch_add(texts as u64, Ordering::Relaxed);
        self.cached_texts.fetch_add(known as u64, Ordering::Relaxed);
    }

    /// A request was refused.
    pub fn refused(&self) {
        self.busy.fetch_add(1, Ordering::Relaxed);
    }

    /// The model has embedded a batch.
    pub fn embedded(&self, time: Duration) {
        let time = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.batches.fetch_add(1, Ordering::Relaxed);
        self.embedding.fetch_add(time, Ordering::Relaxed);
    }

    /// All of them now, with how many requests wait and vectors are remembered.
    pub fn figures(&self, waiting: usize, remembered: usize) -> EncoderFigures {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        EncoderFigures {
            waiting: waiting as u64,
            requests: of(&self.requests),
            busy: of(&self.busy),
            texts: of(&self.texts),
            cached_texts: of(&self.cached_texts),
            remembered: remembered as u64,
            batches: of(&self.batches),
            embedding_us: of(&self.embedding),
        }
    }
}
