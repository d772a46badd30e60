//! Is it a plain, finished sentence, or two?

use std::collections::HashSet;

use super::{Doubt, Pair};
use crate::domain::language::{fold, is_stop_word, words};

pub(super) fn doubts(pair: &Pair) -> Vec<Doubt> {
    let (said, meant) = (pair.sentence.trim(), pair.fact.text.trim());
    let mut doubts = Vec::new();
    let mut doubt = |text: &str| doubts.push(Doubt::Form(text.to_string()));
    if words(said).is_empty() {
        doubt("empty");
        return doubts;
    }
    if said.chars().count() > 2 * meant.chars().count() + 60 {
        doubt("too long");
    }
    if pair.said.sentences > pair.meant.sentences.max(2) {
        doubt("too many sentences");
    }
    if !is_finished(said, meant) {
        doubt("unfinished");
    }
    if let Some(word) = misplaced_capital(said, meant) {
        doubt(&word);
    }
    if let Some(mark) = foreign_mark(said, meant) {
        doubt(&mark);
    }
    if let Some(label) = label(said, meant) {
        doubt(&label);
    }
    if let Some(word) = first_person(said, meant) {
        doubt(&word);
    }
    if let Some(phrase) = repeated(said, meant) {
        doubt(&phrase);
    }
    doubts
}

/// Ends as sentences end; a fact's own ending is always right.
fn is_finished(said: &str, meant: &str) -> bool {
    let inside = said.trim_end_matches(['"', ')', '”', '’']);
    let last = inside.chars().next_back();
    matches!(last, Some('.' | '!')) && !inside.ends_with("..") || last == meant.chars().next_back()
}

/// A small letter at the start, a capital on a little word inside, a word said twice in a row.
fn misplaced_capital(said: &str, meant: &str) -> Option<String> {
    let words = words(said);
    let written = |at: usize| &said[words[at].span.clone()];
    let first = written(0).chars().next().is_some_and(char::is_lowercase);
    if first && !meant.contains(written(0)) && said.starts_with(written(0)) {
        return Some(written(0).to_string());
    }
    let starts = |at: usize| {
        let before = said[..words[at].span.start].trim_end();
        before.is_empty() || before.ends_with(['.', '!', '?', ':', '"', '“', '('])
    };
    let inside = (0..words.len()).find(|at| {
        let capital = written(*at).starts_with(char::is_uppercase);
        let known = meant.contains(written(*at));
        capital && is_stop_word(&words[*at].text) && !starts(*at) && !known
    });
    let twice =
        words.windows(2).find(|pair| pair[0].text == pair[1].text && pair[0].span != pair[1].span);
    inside.map(|at| written(at).to_string()).or_else(|| twice.map(|pair| pair[0].text.clone()))
}

/// A mark that no plain sentence has, unless the fact has it too: markup, brackets of code,
/// quotation marks, questions, line ends, emoji.
fn foreign_mark(said: &str, meant: &str) -> Option<String> {
    let is_plain = |c: char| {
        c.is_alphanumeric()
            || matches!(
                c,
                ' ' | '.' | ',' | ':' | ';' | '!' | '-' | '\'' | '’' | '(' | ')' | '/' | '%' | '&'
            )
            || matches!(
                c,
                '–' | '−'
                    | '—'
                    | '‑'
                    | '\u{a0}'
                    | '\u{202f}'
                    | '€'
                    | '£'
                    | '$'
                    | '¥'
                    | '₹'
                    | '°'
                    | '×'
                    | '½'
                    | '¼'
                    | '¾'
            )
            || unicode_normalization::char::is_combining_mark(c)
    };
    let of_fact = |c: char| meant.contains(c);
    let mark = said.chars().find(|c| !is_plain(*c) && !of_fact(*c));
    if let Some(mark) = mark {
        return Some(mark.to_string());
    }
    let starts_list = said.starts_with(['-', '–', '—']) && !meant.starts_with(['-', '–', '—']);
    let wrapped = said.starts_with(['"', '\'', '“', '‘', '('])
        && !meant.starts_with(['"', '\'', '“', '‘', '(']);
    (starts_list || wrapped).then(|| said.chars().take(1).collect())
}

/// `Answer: ...`, `Note: ...`: a label before the sentence.
fn label(said: &str, meant: &str) -> Option<String> {
    const LABELS: [&str; 22] = [
        "answer",
        "question",
        "fact",
        "facts",
        "user",
        "assistant",
        "system",
        "customer",
        "visitor",
        "shop",
        "bot",
        "note",
        "reply",
        "response",
        "output",
        "sentence",
        "example",
        "rewrite",
        "rewritten",
        "q",
        "a",
        "human",
    ];
    let folded = fold(said);
    let meant = fold(meant);
    LABELS.iter().map(|label| format!("{label}:")).find(|label| {
        let found = folded.match_indices(label.as_str()).any(|(at, _)| {
            folded[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric())
        });
        found && !meant.contains(label.as_str())
    })
}

/// `I` and its forms, which no fact is told in; but one may say `I'm sorry`.
fn first_person(said: &str, meant: &str) -> Option<String> {
    let is_first = |word: &str| matches!(word, "i" | "me" | "my" | "mine" | "myself");
    let allowed = words(meant).iter().any(|word| is_first(&word.text));
    let words: Vec<String> = words(said).into_iter().map(|word| word.text).collect();
    let is_regret = |at: usize| {
        let after: Vec<&str> = words[at + 1..].iter().take(2).map(String::as_str).collect();
        matches!(after.as_slice(), ["am", "sorry" | "afraid"])
    };
    let found = (0..words.len()).find(|at| is_first(&words[*at]) && !is_regret(*at));
    found.filter(|_| !allowed).map(|at| words[at].clone())
}

/// A run of four words said more often than the fact says it.
fn repeated(said: &str, meant: &str) -> Option<String> {
    let runs = |text: &str| -> Vec<String> {
        let words: Vec<String> = words(text).into_iter().map(|word| word.text).collect();
        words.windows(4).map(|run| run.join(" ")).collect()
    };
    let known = runs(meant);
    let mut seen = HashSet::new();
    runs(said).into_iter().find(|run| {
        let again = !seen.insert(run.clone());
        again && known.iter().filter(|other| *other == run).count() < 2
    })
}
