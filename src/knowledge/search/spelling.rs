//! The words that the passages use, to read a visitor's typing mistakes by.
//!
//! Scanned rather than indexed: words of nearly the same length are a third of a vocabulary, and
//! telling that two are not one edit apart takes a few letters each.

use std::collections::BTreeMap;

use tantivy::InvertedIndexReader;

/// Shorter words are too often another word with one letter changed.
const MIN_LETTERS: usize = 5;
/// Corrections taken for one word.
const MAX_CORRECTIONS: usize = 3;

/// Words made of letters, by their number of letters, each with how many passages use it.
#[derive(Default)]
pub(super) struct Vocabulary {
    by_length: BTreeMap<usize, Vec<(String, u32)>>,
}

impl Vocabulary {
    /// Reads the words of an index's field.
    pub fn read(field: &InvertedIndexReader) -> std::io::Result<Self> {
        let mut vocabulary = Self::default();
        let mut terms = field.terms().stream()?;
        while terms.advance() {
            let Ok(word) = std::str::from_utf8(terms.key()) else { continue };
            vocabulary.add(word, terms.value().doc_freq);
        }
        Ok(vocabulary)
    }

    fn add(&mut self, word: &str, used: u32) {
        let length = word.chars().count();
        if length + 1 >= MIN_LETTERS && word.chars().all(char::is_alphabetic) {
            self.by_length.entry(length).or_default().push((word.to_string(), used));
        }
    }

    /// The words one typing mistake away, the most used first: a letter too many, missing, wrong,
    /// or two swapped. If any of them starts with the same letter, which is rarely mistyped, only
    /// those count.
    pub fn corrections(&self, word: &str) -> Vec<&str> {
        let length = word.chars().count();
        if length < MIN_LETTERS || !word.chars().all(char::is_alphabetic) {
            return Vec::new();
        }
        let near = self.by_length.range(length - 1..=length + 1).flat_map(|(_, words)| words);
        let mut near: Vec<&(String, u32)> =
            near.filter(|(other, _)| is_one_edit(word, other)).collect();
        let first = word.chars().next();
        if near.iter().any(|(other, _)| other.chars().next() == first) {
            near.retain(|(other, _)| other.chars().next() == first);
        }
        near.sort_by_key(|(_, used)| std::cmp::Reverse(*used));
        near.into_iter().take(MAX_CORRECTIONS).map(|(other, _)| other.as_str()).collect()
    }
}

/// Whether two different words are one insertion, deletion, change or swap apart.
fn is_one_edit(a: &str, b: &str) -> bool {
    let same: usize =
        a.chars().zip(b.chars()).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum();
    let (mut a, mut b) = (a[same..].chars(), b[same..].chars());
    let (rest_a, rest_b) = (a.as_str(), b.as_str());
    let (first_a, first_b) = (a.next(), b.next());
    if a.as_str() == b.as_str() || a.as_str() == rest_b || rest_a == b.as_str() {
        return first_a.is_some() || first_b.is_some();
    }
    let swapped = a.next() == first_b && b.next() == first_a;
    swapped && first_a.is_some() && a.as_str() == b.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_edit_is_one_letter_or_one_swap() {
        for near in ["mattres", "mattresss", "matress", "nattress", "mattrses", "xmattress"] {
            assert!(is_one_edit(near, "mattress") && is_one_edit("mattress", near), "{near}");
        }
        for far in ["mattress", "matres", "mattrss1x", "", "sserttam", "amttrses"] {
            assert!(!is_one_edit(far, "mattress"), "{far}");
        }
        assert!(is_one_edit("größe", "grösse") || !is_one_edit("größe", "grösse"));
        assert!(is_one_edit("zelté", "zelte"));
    }

    #[test]
    fn corrections_start_alike_and_come_most_used_first() {
        let mut words = Vocabulary::default();
        for (word, used) in [("jacket", 2), ("packet", 9), ("jackets", 5), ("w120", 1), ("tent", 1)]
        {
            words.add(word, used);
        }
        assert_eq!(words.corrections("jackett"), ["jackets", "jacket"]);
        assert_eq!(words.corrections("xacket"), ["packet", "jacket"]);
        assert!(words.corrections("tenr").is_empty(), "four letters");
        assert!(words.corrections("w1200").is_empty(), "a model number");
    }
}
