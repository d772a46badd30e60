//! Finds passages by words and by meaning.
//!
//! ```text
//! question -> words (analysis, spelling) -> BM25 (tantivy) --\
//!          -> vector (made elsewhere) -> cosine (plain scan) --> fusion -> hits
//! ```
//!
//! It ranks and never decides: whether a hit answers the question is for the answer rules, which
//! get the parts of each score and how each word was read. A visitor's text is never read as a
//! query language; it only ever becomes words.

use std::path::Path;

use super::passages::{Kind, Passage};
use crate::domain::language::Locale;
use lexical::Lexical;
pub use matrix::InvalidVectors;
use matrix::Matrix;
pub use query::QueryWord;

mod analysis;
mod disk;
mod fusion;
mod lexical;
mod matrix;
mod query;
mod spelling;
mod tokenizer;

/// A passage that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// Its place in the slice that the index was built from.
    pub passage: usize,
    /// What hits are sorted by; see `fusion` for the formula.
    pub score: f32,
    /// How much of what the question's words could give, it gives: 0 to about 1. Nothing if it
    /// shares no word with the question.
    pub lexical: Option<f32>,
    /// Nearness in meaning, -1 to 1. Nothing without vectors.
    pub cosine: Option<f32>,
}

/// Why an index could not be built.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The vectors are not those of the passages.
    #[error(transparent)]
    Vectors(#[from] InvalidVectors),
    /// The index's folder cannot be written.
    #[error(
        "the search index cannot be written in {dir} ({source}); check its permissions and free space"
    )]
    Folder {
        /// The folder.
        dir: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// tantivy could not do its part.
    #[error("the search index failed: {0}")]
    Tantivy(#[from] tantivy::TantivyError),
}

/// Passages, ready to be searched. Cheap to share behind an `Arc`; it never changes.
pub struct Index {
    lexical: Lexical,
    vectors: Option<Matrix>,
    kinds: Vec<Kind>,
}

impl Index {
    /// Builds an index in memory. Words are analysed in the locale's language. Vectors, if given,
    /// are one a passage and all of one length; they need not be normalised.
    pub fn build(
        passages: &[Passage],
        locale: &Locale,
        vectors: Option<Vec<Vec<f32>>>,
    ) -> Result<Self, SearchError> {
        let lexical = Lexical::in_memory(passages, locale)?;
        Self::assemble(lexical, passages, vectors)
    }

    /// Opens the index that `dir` keeps of just these passages, or builds it there: when it is
    /// missing, of other passages, of another version of this code, or damaged in any way.
    pub fn open_or_build(
        dir: &Path,
        passages: &[Passage],
        locale: &Locale,
        vectors: Option<Vec<Vec<f32>>>,
    ) -> Result<Self, SearchError> {
        let lexical = disk::open_or_build(dir, passages, locale)?;
        Self::assemble(lexical, passages, vectors)
    }

    fn assemble(
        lexical: Lexical,
        passages: &[Passage],
        vectors: Option<Vec<Vec<f32>>>,
    ) -> Result<Self, SearchError> {
        let vectors = vectors.map(|rows| Matrix::new(rows, passages.len())).transpose()?;
        Ok(Self { lexical, vectors, kinds: passages.iter().map(|p| p.kind).collect() })
    }

    /// The best passages for a question, best first. An empty `kinds` means all of them; a vector
    /// that is missing or of another length leaves the words to decide.
    pub fn search(
        &self,
        query: &str,
        query_vector: Option<&[f32]>,
        limit: usize,
        kinds: &[Kind],
    ) -> Vec<Hit> {
        let wanted = |passage: usize| {
            kinds.is_empty() || self.kinds.get(passage).is_some_and(|kind| kinds.contains(kind))
        };
        let words = self.lexical.words(query);
        let vectors = self.vectors.as_ref().zip(query_vector);
        let cosines = vectors.and_then(|(matrix, vector)| matrix.cosines(vector));
        fusion::search(&self.lexical, &words, cosines.as_deref(), limit, &wanted)
    }

    /// How the words of a question are read: without stop words, stemmed, typing mistakes
    /// corrected, each with its weight.
    pub fn words(&self, question: &str) -> Vec<QueryWord> {
        self.lexical.words(question)
    }

    /// The analysed words of any text, each once, in order, without stop words: what two texts
    /// must share to be about the same. Words written as one and as two (`t-shirt`) are both in.
    pub fn terms(&self, text: &str) -> Vec<String> {
        self.lexical.terms(text)
    }

    /// How distinctive an analysed word is among the passages: BM25's `ln(1 + (N-n+½)/(n+½))`,
    /// highest for one that is in none.
    pub fn idf(&self, term: &str) -> f32 {
        self.lexical.idf(term)
    }

    /// How many passages there are.
    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }
}

#[cfg(test)]
mod tests;
