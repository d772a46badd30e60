//! A decoder without a model, for its bench.

use super::{Decoder, Decoding, Words};
use crate::gguf::Gguf;
use crate::vocabulary::Vocabulary;
use std::path::Path;
use std::sync::Arc;

/// The vocabulary of a model file, and replies over it.
pub struct Trial {
    vocabulary: Vocabulary,
    words: Arc<Words>,
    decoder: Decoder,
}

impl Trial {
    /// Reads the vocabulary of a `.gguf` file.
    pub fn new(file: &Path) -> Result<Self, String> {
        let file = Gguf::open(file)?;
        let vocabulary = Vocabulary::read(&file)?;
        let words = Arc::new(Words::of(&vocabulary));
        let decoder = Decoder::new(Arc::clone(&words), Decoding::default(), &[]);
        Ok(Self { vocabulary, words, decoder })
    }

    /// How many scores a row has.
    pub fn tokens(&self) -> usize {
        self.words.len()
    }

    /// Makes the tables that replies share anew, for this many tokens: those of the vocabulary
    /// over and over.
    pub fn prepare(&mut self, tokens: usize) {
        let tokens = (0..tokens).map(|i| (i % self.vocabulary.len()) as u32);
        let spelled = |token| (self.vocabulary.bytes(token), self.vocabulary.ends(token));
        self.words = Arc::new(Words::new(tokens.map(spelled)));
    }

    /// Begins a reply.
    pub fn begin(&mut self, request: Decoding, prompt: &str) -> Result<(), String> {
        let prompt = self.vocabulary.encode(prompt)?;
        self.decoder = Decoder::new(Arc::clone(&self.words), request, &prompt);
        Ok(())
    }

    /// The tokens of a text.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>, String> {
        self.vocabulary.encode(text)
    }

    /// Takes in tokens.
    pub fn accept(&mut self, tokens: &[u32]) {
        tokens.iter().for_each(|token| drop(self.decoder.accept(*token)));
    }

    /// See [`Decoder::choose`].
    pub fn choose(&mut self, scores: &mut [f32]) -> u32 {
        self.decoder.choose(scores)
    }

    /// Applies the constraint alone.
    pub fn mask(&self, scores: &mut [f32]) {
        if let Some(guard) = &self.decoder.guard {
            guard.mask(scores);
        }
    }

    /// How long the guess at what comes next is.
    pub fn draft(&self) -> usize {
        self.decoder.draft(super::DRAFT).len()
    }
}
