//! A walk through a header, byte by byte, that never takes more memory than the file has bytes.
//!
//! What was walked over stays in one piece of memory; everything else in a header is kept as places
//! in it. Nothing is read, or asked memory for, before the bytes left in the file are known to
//! suffice.

use super::source::Source;
use std::ops::Range;

/// Longer than the header of any model there is (a vocabulary of 260,000 tokens takes 16 MiB).
const MOST_BYTES: u64 = 128 << 20;

/// Read at a time.
const CHUNK: u64 = 64 << 10;

/// Where the walk is.
pub(super) struct Walk<'a> {
    source: &'a Source,
    /// All bytes up to here, and some that were read ahead.
    bytes: Vec<u8>,
    at: usize,
}

impl<'a> Walk<'a> {
    /// At the first byte.
    pub fn new(source: &'a Source) -> Self {
        Self { source, bytes: Vec::new(), at: 0 }
    }

    /// Bytes not walked over yet.
    pub fn left(&self) -> u64 {
        self.source.len().saturating_sub(self.at as u64)
    }

    /// Walks over `count` bytes and returns their place.
    pub fn take(&mut self, count: u64) -> Result<Range<usize>, String> {
        if count > self.left() {
            return Err("it ends within its header: it is cut off".into());
        }
        let end = self.at as u64 + count;
        if end > MOST_BYTES {
            return Err(format!("its header is longer than the {MOST_BYTES} bytes allowed"));
        }
        self.load(end)?;
        let begin = std::mem::replace(&mut self.at, end as usize);
        Ok(begin..self.at)
    }

    /// A whole number of 32 bits.
    pub fn u32(&mut self) -> Result<u32, String> {
        self.array().map(u32::from_le_bytes)
    }

    /// A whole number of 64 bits.
    pub fn u64(&mut self) -> Result<u64, String> {
        self.array().map(u64::from_le_bytes)
    }

    /// A length, then so many bytes: their place.
    pub fn text(&mut self) -> Result<Range<usize>, String> {
        let length = self.u64()?;
        self.take(length)
    }

    /// What lies at a place that was walked over.
    pub fn bytes(&self, place: Range<usize>) -> &[u8] {
        &self.bytes[place]
    }

    /// Everything that was walked over.
    pub fn finish(mut self) -> Vec<u8> {
        self.bytes.truncate(self.at);
        self.bytes.shrink_to_fit();
        self.bytes
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let place = self.take(N as u64)?;
        Ok(std::array::from_fn(|i| self.bytes[place.start + i]))
    }

    /// Makes sure the bytes up to `end` are in memory. `end` lies within the file.
    fn load(&mut self, end: u64) -> Result<(), String> {
        let have = self.bytes.len();
        if end <= have as u64 {
            return Ok(());
        }
        let want = end.max(have as u64 + CHUNK).min(self.source.len());
        self.bytes.resize(want as usize, 0);
        self.source.read_exact_at(have as u64, &mut self.bytes[have..])
    }
}
