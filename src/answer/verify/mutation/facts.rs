//! Names and words of other facts, and names of one sentence in each other's place.

use super::{Mutant, of, replaced, spliced};
use crate::answer::verify::corpus::Entry;
use crate::answer::verify::lexicon::{Class, class};
use crate::answer::verify::thesaurus::{canonical, is_weekday, renderings};
use crate::domain::language::{Word, words};

/// What other facts speak of.
pub(super) struct Pool {
    /// By fact: its names.
    names: Vec<Vec<String>>,
    /// By fact: its plain words.
    plain: Vec<Vec<String>>,
}

impl Pool {
    /// The names and words of these facts.
    pub fn of(entries: &[Entry]) -> Self {
        let names = entries.iter().map(|entry| names(&entry.fact.text)).collect();
        let plain = entries.iter().map(|entry| plain(&entry.fact.text)).collect();
        Self { names, plain }
    }

    /// The sentence about the fact at `at` with names and words of other facts.
    pub fn mutants(&self, sentence: &str, at: usize) -> Vec<Mutant> {
        let mut made = of("names exchanged", exchanged(sentence));
        let own = names(sentence);
        let others = self.others(&self.names, at).filter(|name| !sentence.contains(name.as_str()));
        let others: Vec<&String> = others.take(2).collect();
        let renamed = own
            .iter()
            .flat_map(|name| others.iter().flat_map(move |to| replaced(sentence, name, to)));
        made.extend(of("name", renamed));
        for word in plain(sentence) {
            let strange = self
                .others(&self.plain, at)
                .filter(|other| !says_the_same(&word, other))
                .filter(|other| !sentence.to_lowercase().contains(other.as_str()));
            let swapped = strange.take(1).flat_map(|other| replaced(sentence, &word, other));
            made.extend(of("word", swapped.collect::<Vec<_>>()));
        }
        made
    }

    /// What the facts after this one have, round and round.
    fn others<'p>(&'p self, of: &'p [Vec<String>], at: usize) -> impl Iterator<Item = &'p String> {
        let step = 1 + at % 7;
        (1..of.len()).flat_map(move |i| of[(at + i * step) % of.len()].iter().rev().take(1))
    }
}

/// Might one stand for the other?
fn says_the_same(word: &str, other: &str) -> bool {
    let (word, other) = (canonical(word), canonical(other));
    word == other
        || renderings(&word).contains(&other.as_str())
        || renderings(&other).contains(&word.as_str())
}

/// Words with a capital letter that no sentence begins with, in order, each once.
fn names(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for Word { text: folded, span } in words(text) {
        let written = &text[span.clone()];
        let before = text[..span.start].trim_end();
        let starts = before.is_empty() || before.ends_with(['.', '!', '?', '"']);
        let is_name = written.starts_with(char::is_uppercase) && written.len() > 2 && !starts;
        let is_day = is_weekday(&canonical(&folded)) || MONTHS.contains(&folded.as_str());
        let plain = matches!(class(&folded), Class::Content(_));
        if is_name && plain && !is_day && !found.iter().any(|name| name == written) {
            found.push(written.to_string());
        }
    }
    found
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Words that say something and are no names, in order.
fn plain(text: &str) -> Vec<String> {
    words(text)
        .into_iter()
        .filter(|word| word.text.len() > 3 && word.text.chars().all(char::is_alphabetic))
        .filter(|word| text[word.span.clone()].starts_with(char::is_lowercase))
        .filter(|word| matches!(class(&word.text), Class::Content(_)))
        .map(|word| text[word.span].to_string())
        .collect()
}

/// Two names in each other's place, unless they only stand side by side.
fn exchanged(sentence: &str) -> Vec<String> {
    let names = names(sentence);
    let mut made = Vec::new();
    for (i, one) in names.iter().enumerate() {
        for other in &names[i + 1..] {
            let once = |name: &str| sentence.matches(name).count() == 1;
            let (Some(a), Some(b)) = (sentence.find(one.as_str()), sentence.find(other.as_str()))
            else {
                continue;
            };
            let between = sentence[a.min(b)..a.max(b)].split_once(' ').map_or("", |(_, rest)| rest);
            let is_list =
                between.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).all(
                    |word| matches!(word, "and" | "or" | "the") || names.iter().any(|n| n == word),
                );
            if a < b && once(one) && once(other) && !is_list {
                let swapped = spliced(sentence, b, b + other.len(), one);
                made.push(spliced(&swapped, a, a + one.len(), other));
            }
        }
    }
    made
}
