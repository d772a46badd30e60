//! Small lies made from true sentences, to see whether the verifier catches them.
//!
//! Each kind changes one thing that a customer would rely on: a digit, a unit, a day, a limit, a
//! denial, a name, an address, a promise. What a rule makes must not be true any more; where it might
//! still be (two names side by side, a nought at a number's end), nothing is made.

mod facts;
mod numbers;
mod opposites;
mod parts;

use std::collections::HashSet;

use super::corpus::Entry;
use super::verify;
use crate::domain::language::values::Reading;

/// A lie.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Mutant {
    /// What was changed: `digit`, `unit`, `negation`.
    pub kind: &'static str,
    /// The sentence.
    pub text: String,
}

/// A lie about a fact, told from one of the fact's true sentences.
#[derive(Clone, Debug)]
pub struct Lie<'e> {
    /// The fact it is about.
    pub entry: &'e Entry,
    /// What it is.
    pub mutant: Mutant,
}

/// Every lie that can be told about these facts, each once: from the facts' own words and from the
/// good wordings that the verifier lets pass.
pub fn lies<'e>(entries: &'e [Entry], reading: &Reading) -> Vec<Lie<'e>> {
    let pool = facts::Pool::of(entries);
    let mut lies = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        let passing = entry.good.iter().filter(|good| verify(good, &entry.fact, reading).is_ok());
        let mut seen: HashSet<String> = HashSet::new();
        seen.insert(entry.fact.text.clone());
        seen.extend(entry.good.iter().cloned());
        for sentence in std::iter::once(&entry.fact.text).chain(passing) {
            for mutant in mutants(sentence, at, entry, &pool, reading) {
                if seen.insert(mutant.text.clone()) {
                    lies.push(Lie { entry, mutant });
                }
            }
        }
    }
    lies
}

/// The lies that one sentence about the fact at `at` can be made into.
fn mutants(
    sentence: &str,
    at: usize,
    entry: &Entry,
    pool: &facts::Pool,
    reading: &Reading,
) -> Vec<Mutant> {
    let mut made = numbers::mutants(sentence, reading);
    made.extend(opposites::mutants(sentence));
    made.extend(parts::mutants(sentence, &entry.fact, reading));
    made.extend(pool.mutants(sentence, at));
    made
}

/// `count` of the lies, as many of each kind as there are, drawn by a seed.
pub fn sample<'e>(lies: Vec<Lie<'e>>, count: usize, seed: u64) -> Vec<Lie<'e>> {
    let mut kinds: Vec<(&'static str, Vec<Lie<'e>>)> = Vec::new();
    for lie in lies {
        match kinds.iter_mut().find(|(kind, _)| *kind == lie.mutant.kind) {
            Some((_, of_kind)) => of_kind.push(lie),
            None => kinds.push((lie.mutant.kind, vec![lie])),
        }
    }
    let mut draw = Draw(seed);
    for (_, of_kind) in &mut kinds {
        for last in (1..of_kind.len()).rev() {
            of_kind.swap(last, draw.below(last + 1));
        }
    }
    let mut drawn = Vec::with_capacity(count);
    while drawn.len() < count && kinds.iter().any(|(_, of_kind)| !of_kind.is_empty()) {
        let room = count - drawn.len();
        drawn.extend(kinds.iter_mut().filter_map(|(_, of_kind)| of_kind.pop()).take(room));
    }
    drawn
}

/// Pseudo-random numbers: SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom
/// number generators"), enough to draw a sample that can be drawn again.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }
}

/// The text with a part replaced, once for each place where it stands as a word of its own.
fn replaced(text: &str, from: &str, to: &str) -> Vec<String> {
    let is_edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '-');
    text.match_indices(from)
        .filter(|(at, _)| {
            is_edge(text[..*at].chars().next_back())
                && is_edge(text[at + from.len()..].chars().next())
        })
        .map(|(at, _)| spliced(text, at, at + from.len(), to))
        .collect()
}

/// The text with other words from `start` to `end`, in single spaces.
fn spliced(text: &str, start: usize, end: usize, words: &str) -> String {
    let (before, after) = (&text[..start], &text[end..]);
    if words.is_empty() {
        let before = before.trim_end();
        let space = !after.starts_with([' ', ',', '.', ';', ':']) && !before.is_empty();
        return capitalised(&format!("{before}{}{after}", if space { " " } else { "" }));
    }
    capitalised(&format!("{before}{words}{after}"))
}

/// With its first letter upper case, as a sentence begins.
fn capitalised(text: &str) -> String {
    let text = text.trim_start();
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

fn of(kind: &'static str, texts: impl IntoIterator<Item = String>) -> Vec<Mutant> {
    texts.into_iter().map(|text| Mutant { kind, text }).collect()
}

#[cfg(test)]
mod tests {
    use super::super::corpus;
    use super::*;

    #[test]
    fn a_sample_is_the_same_for_the_same_seed_and_even_over_kinds() {
        let entries = corpus::builtin().remove(0).1;
        let all = || lies(&entries[..20], &corpus::reading());
        let texts = |seed| -> Vec<String> {
            sample(all(), 200, seed).into_iter().map(|lie| lie.mutant.text).collect()
        };
        assert_eq!(texts(7), texts(7));
        assert_ne!(texts(7), texts(8));
        let drawn = sample(all(), 60, 7);
        let kinds: HashSet<&str> = drawn.iter().map(|lie| lie.mutant.kind).collect();
        assert!(kinds.len() >= 8, "{kinds:?}");
    }

    #[test]
    fn no_lie_is_a_wording_that_was_written_as_good() {
        for (_, entries) in corpus::builtin() {
            for lie in lies(&entries, &corpus::reading()) {
                assert!(!lie.entry.good.contains(&lie.mutant.text));
            }
        }
    }

    #[test]
    fn what_is_cut_out_leaves_a_sentence() {
        assert_eq!(replaced("It can not be.", "not", ""), ["It can be."]);
        assert_eq!(replaced("Only if it rains.", "Only", ""), ["If it rains."]);
        assert_eq!(replaced("a cottage in a cot", "cot", "bed"), ["A cottage in a bed"]);
    }
}
