//! Vocabularies of SentencePiece: each token has a score, and of two neighbours those grow together
//! first whose union scores best, the leftmost among equals (`tokenizer.ggml.model` = `llama`;
//! Kudo and Richardson 2018, with the merging of Sennrich et al. 2016).
//!
//! A space is the letter `▁`. What no token spells is written in tokens for single bytes. The
//! `tokenizers` crate could only be given merges made up from the scores, which order unions of the
//! same spelling differently and take more memory than the vocabulary; hence this merging of our
//! own.

use super::kinds::Kind;
use crate::gguf::Gguf;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

/// The letter for a space.
const SPACE: char = '▁';

/// See the module.
pub(super) struct Scored {
    /// Id and score of each token that words can become.
    tokens: HashMap<Box<str>, (u32, f32)>,
    /// The token of each byte.
    bytes: [u32; 256],
    /// Whether a space is put before words that follow nothing, or a control token.
    spaced: bool,
}

/// A stretch of the text that is one token, or will be part of one.
struct Symbol {
    begin: usize,
    /// Where it ends; `begin` once it is part of the one before.
    end: usize,
    before: usize,
    after: usize,
}

/// No symbol.
const NONE: usize = usize::MAX;

impl Scored {
    /// Reads scores and bytes; only normal tokens take part.
    pub fn read(
        file: &Gguf,
        tokens: &[&str],
        kinds: &[Kind],
        spaced: bool,
    ) -> Result<Self, String> {
        let scores = file.numbers("tokenizer.ggml.scores")?;
        if scores.len() != tokens.len() || scores.iter().any(|score| score.is_nan()) {
            return Err("its tokens do not all have a score".into());
        }
        let mut normal = HashMap::new();
        let mut bytes = [None; 256];
        for (((id, token), kind), score) in (0u32..).zip(tokens).zip(kinds).zip(scores) {
            match kind {
                Kind::Normal => {
                    normal.entry(Box::from(*token)).or_insert((id, score));
                }
                Kind::Byte => {
                    let byte = byte(token).ok_or_else(|| format!("its token {id} is no byte"))?;
                    bytes[usize::from(byte)] = Some(id);
                }
                _ => {}
            }
        }
        if let Some(missing) = bytes.iter().position(Option::is_none) {
            return Err(format!("it has no token for the byte {missing:#04x}"));
        }
        Ok(Self { tokens: normal, bytes: bytes.map(Option::unwrap_or_default), spaced })
    }

    /// Adds the tokens of words; `first` says whether they follow nothing, or a control token.
    pub fn encode(&self, words: &str, first: bool, ids: &mut Vec<u32>) {
        let space = (first && self.spaced).then_some(SPACE);
        let letters = words.chars().map(|c| if c == ' ' { SPACE } else { c });
        let text: String = space.into_iter().chain(letters).collect();
        for token in self.merge(&text) {
            match self.tokens.get(token) {
                Some((id, _)) => ids.push(*id),
                None => ids.extend(token.bytes().map(|byte| self.bytes[usize::from(byte)])),
            }
        }
    }

    /// The text in stretches that are tokens, or single letters that are none.
    fn merge<'a>(&self, text: &'a str) -> impl Iterator<Item = &'a str> {
        let begins = text.char_indices().map(|(at, letter)| (at, at + letter.len_utf8()));
        let mut symbols: Vec<Symbol> = begins
            .enumerate()
            .map(|(i, (begin, end))| Symbol {
                begin,
                end,
                before: i.wrapping_sub(1),
                after: if end == text.len() { NONE } else { i + 1 },
            })
            .collect();
        let mut unions = BinaryHeap::new();
        let consider = |symbols: &[Symbol], unions: &mut BinaryHeap<_>, left: usize| {
            let Some(right) = symbols.get(left).and_then(|left| symbols.get(left.after)) else {
                return;
            };
            let (begin, end) = (symbols[left].begin, right.end);
            if let Some((_, score)) = self.tokens.get(&text[begin..end]) {
                unions.push((Score(*score), Reverse(left), end));
            }
        };
        for left in 0..symbols.len() {
            consider(&symbols, &mut unions, left);
        }
        while let Some((_, Reverse(left), end)) = unions.pop() {
            let Symbol { begin, end: middle, after, .. } = symbols[left];
            // Either half may have grown, or gone, in the meantime.
            if begin == middle || after == NONE || symbols[after].end != end {
                continue;
            }
            let next = symbols[after].after;
            symbols[after].end = symbols[after].begin;
            symbols[left].end = end;
            symbols[left].after = next;
            if next != NONE {
                symbols[next].before = left;
            }
            consider(&symbols, &mut unions, symbols[left].before);
            consider(&symbols, &mut unions, left);
        }
        symbols.into_iter().filter(|s| s.begin < s.end).map(|s| &text[s.begin..s.end])
    }
}

/// Scores in their order; there is no NaN among them.
#[derive(PartialEq)]
struct Score(f32);

impl Eq for Score {}

impl PartialOrd for Score {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Score {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// What a normal token adds to a text.
pub(super) fn spelling(token: &str) -> Vec<u8> {
    token.replace(SPACE, " ").into_bytes()
}

/// The byte of a token spelled like `<0x0A>`.
pub(super) fn byte(token: &str) -> Option<u8> {
    u8::from_str_radix(token.strip_prefix("<0x")?.strip_suffix('>')?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    fn scored(tokens: &[(&str, f32)]) -> Scored {
        let tokens = tokens.iter().zip(256..);
        Scored {
            tokens: tokens.map(|((t, score), id)| (Box::from(*t), (id, *score))).collect(),
            bytes: std::array::from_fn(|byte| byte as u32),
            spaced: true,
        }
    }

    fn ids(scored: &Scored, words: &str, first: bool) -> Vec<u32> {
        let mut ids = Vec::new();
        scored.encode(words, first, &mut ids);
        ids
    }

    /// The definition, word for word: look everywhere, unite the best pair, look again.
    fn slowly(scored: &Scored, text: &str) -> Vec<String> {
        let mut parts: Vec<String> = text.chars().map(String::from).collect();
        loop {
            let unions = parts.windows(2).enumerate().filter_map(|(i, pair)| {
                scored.tokens.get(pair.concat().as_str()).map(|(_, score)| (*score, i))
            });
            let best = unions.reduce(|best, next| if next.0 > best.0 { next } else { best });
            let Some((_, i)) = best else { return parts };
            let right = parts.remove(i + 1);
            parts[i].push_str(&right);
        }
    }

    #[test]
    fn the_best_union_comes_first_and_the_leftmost_among_equals() {
        let vocabulary = scored(&[("ab", -2.0), ("bc", -1.0), ("aa", -3.0), ("aaa", -4.0)]);
        assert_eq!(vocabulary.merge("abc").collect::<Vec<_>>(), ["a", "bc"]);
        assert_eq!(vocabulary.merge("aaaaa").collect::<Vec<_>>(), ["aa", "aaa"]);
        assert_eq!(vocabulary.merge("").count(), 0);
    }

    #[test]
    fn merging_with_a_heap_is_merging_by_definition() {
        let mut random = Random::new(11);
        for _ in 0..200 {
            let mut word = |longest: u64| -> String {
                (0..1 + random.bits() % longest)
                    .map(|_| ['a', 'b', 'é'][(random.bits() % 3) as usize])
                    .collect()
            };
            let tokens: Vec<String> = (0..25).map(|_| word(5)).collect();
            let text = word(40);
            let scores = (0..25).map(|_| -((random.bits() % 8) as f32));
            let tokens: Vec<(&str, f32)> = tokens.iter().map(String::as_str).zip(scores).collect();
            let vocabulary = scored(&tokens);
            assert_eq!(vocabulary.merge(&text).collect::<Vec<_>>(), slowly(&vocabulary, &text));
        }
    }

    #[test]
    fn spaces_are_letters_and_the_unknown_is_spelled_in_bytes() {
        let vocabulary = scored(&[("▁", -5.0), ("a", -5.0), ("▁a", -1.0)]);
        assert_eq!(ids(&vocabulary, "a a", true), [258, 258]);
        assert_eq!(ids(&vocabulary, "a", false), [257]);
        assert_eq!(ids(&vocabulary, "aé\n", false), [257, 0xc3, 0xa9, 10]);
        assert_eq!(spelling("▁a"), b" a");
        assert_eq!((byte("<0x0A>"), byte("<0xZZ>"), byte("x")), (Some(10), None, None));
    }
}
