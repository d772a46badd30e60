//! The vocabulary as decoding needs it: the bytes of all tokens side by side, and tables over them.
//!
//! Made once for a model and shared by its replies. Decoding knows nothing else of a tokenizer.

use super::constraint::Classes;
use crate::vocabulary::Vocabulary;

/// See the module.
pub(crate) struct Words {
    bytes: Vec<u8>,
    /// Where each token's bytes begin; one more at the end.
    begins: Vec<u32>,
    ends: Vec<bool>,
    /// Tokens that write something, in the order of their first bytes.
    by_first: Vec<u32>,
    /// Where the tokens of each first byte begin in `by_first`; one more at the end.
    firsts: [u32; 257],
    /// Whether each byte is a token of its own.
    alone: [bool; 256],
    /// What the constraints want to know of each token.
    pub(super) classes: Classes,
}

impl Words {
    /// The tables of a model's vocabulary; takes a few milliseconds.
    pub fn of(vocabulary: &Vocabulary) -> Self {
        let tokens = 0..u32::try_from(vocabulary.len()).unwrap_or(u32::MAX);
        Self::new(tokens.map(|token| (vocabulary.bytes(token), vocabulary.ends(token))))
    }

    /// From each token's bytes, and whether it ends the reply.
    pub fn new<'a>(tokens: impl Iterator<Item = (&'a [u8], bool)>) -> Self {
        let (mut bytes, mut begins, mut ends) = (Vec::new(), vec![0], Vec::new());
        for (token, end) in tokens {
            bytes.extend_from_slice(token);
            begins.push(bytes.len() as u32);
            ends.push(end);
        }
        let mut words = Self {
            bytes,
            begins,
            ends,
            by_first: Vec::new(),
            firsts: [0; 257],
            alone: [false; 256],
            classes: Classes::default(),
        };
        words.index();
        words.classes = Classes::of(&words);
        words
    }

    fn index(&mut self) {
        let writes = |token: &u32| !self.ends(*token) && !self.bytes(*token).is_empty();
        let mut order: Vec<u32> = self.tokens().filter(writes).collect();
        order.sort_by_key(|token| self.bytes(*token)[0]);
        for first in 0..=256 {
            let before = |token: &u32| usize::from(self.bytes(*token)[0]) < first;
            self.firsts[first] = order.partition_point(before) as u32;
        }
        for token in &order {
            if let [byte] = *self.bytes(*token) {
                self.alone[usize::from(byte)] = true;
            }
        }
        self.by_first = order;
    }

    /// How many tokens there are; a row of scores has one for each.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Every token.
    pub fn tokens(&self) -> impl Iterator<Item = u32> + use<> {
        0..self.len() as u32
    }

    /// What a token writes; nothing for one that steers, or that is unknown.
    #[inline]
    pub fn bytes(&self, token: u32) -> &[u8] {
        let at = token as usize;
        match (self.begins.get(at), self.begins.get(at + 1)) {
            (Some(begin), Some(end)) => &self.bytes[*begin as usize..*end as usize],
            _ => &[],
        }
    }

    /// Whether this token ends the reply. One that is unknown does.
    pub fn ends(&self, token: u32) -> bool {
        self.ends.get(token as usize).copied().unwrap_or(true)
    }

    /// The tokens that begin with this byte.
    pub fn beginning(&self, byte: u8) -> &[u32] {
        let byte = usize::from(byte);
        &self.by_first[self.firsts[byte] as usize..self.firsts[byte + 1] as usize]
    }

    /// Whether each of these bytes is a token of its own, so that they can surely be written.
    pub fn can_write(&self, bytes: &[u8]) -> bool {
        bytes.iter().all(|byte| self.alone[usize::from(*byte)])
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::gguf::Gguf;
    use crate::models::tests::writer_file;
    use std::sync::{Arc, LazyLock};

    /// The tables of the real vocabulary.
    pub(crate) fn real() -> Arc<Words> {
        static REAL: LazyLock<Arc<Words>> = LazyLock::new(|| {
            let file = Gguf::open(&writer_file().gguf).unwrap();
            Arc::new(Words::of(&Vocabulary::read(&file).unwrap()))
        });
        Arc::clone(&REAL)
    }

    /// A few hundred tokens: an end, one that steers, the bytes, and pieces of words and numbers,
    /// some of which reach over the borders of words as those of other models do.
    pub(crate) fn small() -> Arc<Words> {
        const PIECES: [&str; 40] = [
            " the", " a", "the", "ing", " cost", "s", " is", ". ", ", ", "\n\n", "12", "249", "00",
            "1,2", " 1", " 24", "/7", "9.00 ", "5 or 2", "-year", ".00", " $", "$4", "€", "@shop",
            ".example", "example.", " www", "www.s", "http", "https://", "://", "tt", "p:",
            "/returns", "e.g", ".g", ".co", "shop", "'s",
        ];
        let singles: Vec<[u8; 1]> = (0..=255).map(|byte| [byte]).collect();
        let mut tokens: Vec<(&[u8], bool)> = vec![(b"", true), (b"", false)];
        tokens.extend(singles.iter().map(|byte| (&byte[..], false)));
        tokens.extend(PIECES.iter().map(|piece| (piece.as_bytes(), false)));
        Arc::new(Words::new(tokens.into_iter()))
    }

    #[test]
    fn tokens_are_found_by_their_first_byte() {
        let words = small();
        assert_eq!((words.len(), words.bytes(2 + 256)), (298, " the".as_bytes()));
        assert!(words.ends(0) && !words.ends(1) && words.ends(298) && words.bytes(298).is_empty());
        let spelled: Vec<_> = words.beginning(b'9').iter().map(|t| words.bytes(*t)).collect();
        assert_eq!(spelled, [&b"9"[..], b"9.00 "]);
        let all: usize = (0..=255).map(|byte| words.beginning(byte).len()).sum();
        assert_eq!(all, 296);
    }

    #[test]
    fn the_real_vocabulary_is_taken_over_as_it_is() {
        let vocabulary = Vocabulary::read(&Gguf::open(&writer_file().gguf).unwrap()).unwrap();
        let words = real();
        assert_eq!(words.len(), 49_152);
        for token in words.tokens() {
            assert_eq!(words.bytes(token), vocabulary.bytes(token));
            assert_eq!(words.ends(token), vocabulary.ends(token));
        }
        let printable: Vec<u8> = (b' '..=b'~').collect();
        assert!(words.can_write(&printable) && words.can_write("\n€£é—".as_bytes()));
    }
}
