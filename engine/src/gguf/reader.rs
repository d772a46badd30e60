//! The whole file as candle wants to read it: from front to back, with jumps.

use super::Gguf;
use super::source::Source;
use std::io::{Error, Read, Result, Seek, SeekFrom};

/// See the module.
pub(crate) struct Reader<'a> {
    source: &'a Source,
    at: u64,
}

impl Gguf {
    /// From its first byte.
    pub fn reader(&self) -> Reader<'_> {
        Reader { source: &self.source, at: 0 }
    }
}

impl Read for Reader<'_> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let left = self.source.len().saturating_sub(self.at);
        let count = into.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        self.source.read_exact_at(self.at, &mut into[..count]).map_err(Error::other)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Reader<'_> {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.source.len().checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| Error::other("before the first byte"))?;
        Ok(self.at)
    }
}
