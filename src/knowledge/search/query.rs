//! How a question's words are read: as terms of the index, with typing mistakes corrected and
//! words written together or apart.

use serde::Serialize;

use super::analysis::{Analysis, Word};
use super::lexical::Lexical;
use super::spelling::Vocabulary;

/// More words than any question has; the most distinctive are kept.
const MAX_WORDS: usize = 48;
/// A word that was not written as it is read counts for less than one that was.
const GUESS_WEIGHT: f32 = 0.8;
/// Halves of a word shorter than this are accidents.
const MIN_HALF_BYTES: usize = 3;

/// A word of a question, and how it is read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QueryWord {
    /// As written, in lower case and without accents.
    pub written: String,
    /// Its readings, any of which a passage may have; of each, all terms. The first is the word
    /// itself.
    pub readings: Vec<Vec<String>>,
    /// Whether it is in no passage as written, so that its other readings are guesses.
    pub guessed: bool,
    /// How distinctive it is: [`Index::idf`](super::Index::idf) of its most frequent reading.
    pub idf: f32,
}

impl QueryWord {
    /// Whether a text with these terms has the word, in one of its readings.
    pub fn is_in(&self, terms: &[String]) -> bool {
        self.readings.iter().any(|reading| reading.iter().all(|term| terms.contains(term)))
    }
}

/// Reads a question.
pub(super) fn read(
    question: &str,
    index: &Lexical,
    analysis: &Analysis,
    vocabulary: &Vocabulary,
) -> Vec<QueryWord> {
    let all = analysis.words(question);
    let singles: Vec<&Word> = all.iter().filter(|word| word.joins == 1).collect();
    let telling = |word: &&&Word| !analysis.is_stop(&word.surface);
    let mut chosen: Vec<&Word> = singles.iter().filter(telling).copied().collect();
    if chosen.is_empty() {
        chosen.clone_from(&singles);
    }
    let mut words: Vec<QueryWord> = Vec::new();
    for word in chosen {
        if words.iter().any(|known| known.readings[0][0] == word.stem) {
            continue;
        }
        let mut readings = vec![vec![word.stem.clone()]];
        readings.extend(joined(word, &all, &singles, analysis, index).map(|stem| vec![stem]));
        let guessed = readings.len() == 1 && index.frequency(&word.stem) == 0;
        if guessed {
            readings.extend(guesses(word, index, analysis, vocabulary));
        }
        let idf = readings
            .iter()
            .map(|reading| reading.iter().map(|term| index.idf(term)).fold(0.0, f32::max));
        let idf = idf.fold(f32::INFINITY, f32::min);
        words.push(QueryWord { written: word.surface.clone(), readings, guessed, idf });
    }
    if words.len() > MAX_WORDS {
        words.sort_by(|a, b| b.idf.total_cmp(&a.idf));
        words.truncate(MAX_WORDS);
    }
    words
}

/// Terms that join a word with its neighbours, if passages write them so: `back pack`, `t-shirt`.
fn joined(
    word: &Word,
    all: &[Word],
    singles: &[&Word],
    analysis: &Analysis,
    index: &Lexical,
) -> impl Iterator<Item = String> {
    let hyphened = all.iter().filter(|other| {
        other.joins > 1 && (other.position..other.position + other.joins).contains(&word.position)
    });
    let at = singles.iter().position(|other| other.position == word.position).unwrap_or(0);
    let before = at.checked_sub(1).map(|before| (before, at));
    let after = (at + 1 < singles.len()).then_some((at, at + 1));
    let beside = [before, after].into_iter().flatten().map(|(first, second)| {
        analysis.stem(&format!("{}{}", singles[first].surface, singles[second].surface))
    });
    let mut stems: Vec<String> = hyphened.map(|other| other.stem.clone()).chain(beside).collect();
    stems.retain(|stem| *stem != word.stem && index.frequency(stem) > 0);
    stems.dedup();
    stems.into_iter()
}

/// What a word that is in no passage may have been meant for.
fn guesses(
    word: &Word,
    index: &Lexical,
    analysis: &Analysis,
    vocabulary: &Vocabulary,
) -> Vec<Vec<String>> {
    let mut readings: Vec<Vec<String>> = Vec::new();
    for correction in vocabulary.corrections(&word.surface) {
        let reading = vec![analysis.stem(correction)];
        if !readings.contains(&reading) {
            readings.push(reading);
        }
    }
    if readings.is_empty() {
        readings.extend(halves(&word.surface, index, analysis));
    }
    readings
}

/// Two words that were written as one; of several ways, the one whose rarer half is most used.
fn halves(word: &str, index: &Lexical, analysis: &Analysis) -> Option<Vec<String>> {
    let cuts = word.char_indices().map(|(at, _)| at);
    let cuts = cuts.filter(|at| *at >= MIN_HALF_BYTES && word.len() - at >= MIN_HALF_BYTES);
    let ways = cuts.filter_map(|at| {
        let halves = [&word[..at], &word[at..]];
        let used = halves.iter().map(|half| index.written(half)).min()?;
        (used > 0).then_some((used, halves))
    });
    let (_, halves) = ways.max_by_key(|(used, _)| *used)?;
    Some(halves.map(|half| analysis.stem(half)).to_vec())
}

/// The terms to look for, each once with its highest weight.
pub(super) fn weighted_terms(words: &[QueryWord]) -> Vec<(&str, f32)> {
    let mut terms: Vec<(&str, f32)> = Vec::new();
    for word in words {
        let weight = if word.guessed { GUESS_WEIGHT } else { 1.0 };
        for term in word.readings.iter().flatten() {
            match terms.iter_mut().find(|(known, _)| known == term) {
                Some((_, known)) => *known = known.max(weight),
                None => terms.push((term, weight)),
            }
        }
    }
    terms
}
