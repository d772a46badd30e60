//! What the scheduler needs of a decoder, whoever computes it.
//!
//! Two kinds implement it: [`fast`](crate::fast) with our own kernels, and
//! [`reference`](crate::reference) with candle's graphs. One conformance suite runs on both.

/// A decoder.
pub(crate) trait Model {
    /// What a conversation leaves behind.
    type Memory: Memory + Send;

    /// Numbers that describe it.
    fn facts(&self) -> Facts;

    /// An empty memory.
    fn memory(&self) -> Self::Memory;

    /// Bytes that all memories take together.
    fn memory_used(&self) -> usize;

    /// Reads the new tokens of all parts; rows of different parts do not meet. `scores` becomes a
    /// row of [`Facts::tokens`] numbers for each position asked for, part after part: what the
    /// token after it is likely to be. The error says why; memories are then as before.
    fn read(
        &mut self,
        parts: &mut [Part<'_, Self::Memory>],
        scores: &mut Vec<f32>,
    ) -> Result<(), String>;
}

/// The new tokens of one conversation, to follow what its memory holds.
pub(crate) struct Part<'a, M> {
    /// Grows by `tokens`.
    pub memory: &'a mut M,
    /// At least one id below [`Facts::tokens`].
    pub tokens: &'a [u32],
    /// For how many of the last tokens scores are wanted.
    pub wanted: usize,
}

/// What a conversation has left behind in a model.
pub(crate) trait Memory: Sized {
    /// Tokens held.
    fn len(&self) -> usize;
    /// A memory of the first `len` tokens that shares what it can; of all, where this kind cannot
    /// part in the middle.
    fn fork(&self, len: usize) -> Option<Self>;
    /// Forgets the tokens from `len` on. Says whether it could.
    fn truncate(&mut self, len: usize) -> bool;
}

/// Numbers that describe a decoder.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts {
    /// Size of the vocabulary.
    pub tokens: usize,
    /// Numbers that describe a token between layers.
    pub width: usize,
    /// Longest conversation, in tokens.
    pub context: usize,
    /// Most rows of one call.
    pub rows: usize,
    /// Bytes of memory for a token of a conversation.
    pub token_bytes: usize,
    /// Most bytes all memories may take together.
    pub memory_bytes: usize,
    /// Most conversations worth remembering.
    pub remembered: usize,
    /// Bytes of weights that writing one token reads, where that is known.
    pub bytes_a_token: Option<usize>,
    /// Whether memories can be cut anywhere, as drafts need it.
    pub drafts: bool,
}

#[cfg(test)]
mod conformance;
