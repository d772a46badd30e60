//! A text in pieces: values, links, words, and the marks between them.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::domain::language::values::{Kind, Reading, values};
use crate::domain::language::words;

/// A piece of a text, in order.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub part: Part,
    /// As written.
    pub text: String,
    /// Whether it begins with a capital letter.
    pub capital: bool,
}

/// What a piece is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    Value(Kind),
    Link,
    /// Folded.
    Word(String),
    /// `.`, `!`, `?` at the end of a sentence, or `;`.
    Stop,
    /// `,`, `:`, brackets.
    Comma,
    /// A dash that is not inside a word.
    Dash,
    /// `/`.
    Slash,
}

static LINK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix) \b(?:https?://|www\.)[^\s<>()]+
        | \b[\w.+-]+@[\w-]+(?:\.[\w-]+)+
        | \b[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*
          \.(?:com|net|org|shop|store|example|info|biz|co|io|eu|ie|uk|de|fr|nl|es|it|at|ch|be|us)\b
          (?:/[^\s<>()]*)?",
    )
    .expect("the pattern above is a valid one")
});

/// Every URL, bare domain and e-mail address, without the punctuation that ends a sentence.
pub(super) fn links(text: &str) -> Vec<Range<usize>> {
    let trimmed = |found: regex::Match| {
        let kept = found.as_str().trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '"', '*']);
        found.start()..found.start() + kept.len()
    };
    LINK.find_iter(text).map(trimmed).collect()
}

/// The pieces of a text.
pub(super) fn pieces(text: &str, reading: &Reading) -> Vec<Piece> {
    let links = links(text);
    let without_links = blanked(text, &links);
    let values = values(&without_links, reading);
    let spans: Vec<_> = values.iter().map(|value| value.span.clone()).collect();
    let plain = blanked(&without_links, &spans);

    let mut found: Vec<(usize, Part, &str)> = Vec::new();
    found.extend(links.iter().map(|span| (span.start, Part::Link, &text[span.clone()])));
    found.extend(values.into_iter().map(|v| (v.span.start, Part::Value(v.kind), &text[v.span])));
    for word in words(&plain) {
        let written = &text[word.span.clone()];
        found.extend(
            parts(&word.text).into_iter().map(|part| (word.span.start, Part::Word(part), written)),
        );
    }
    found.extend(marks(&plain).into_iter().map(|(at, part)| (at, part, "")));
    found.sort_by_key(|(at, ..)| *at);
    found
        .into_iter()
        .map(|(_, part, text)| Piece {
            part,
            text: text.to_string(),
            capital: text.starts_with(char::is_uppercase),
        })
        .collect()
}

/// The words that a hyphenated word joins. Names with digits stay whole; so do those that are as
/// often written in one.
fn parts(word: &str) -> Vec<String> {
    if word.bytes().any(|b| b.is_ascii_digit()) || !word.contains('-') {
        return vec![word.to_string()];
    }
    match word {
        "e-mail" | "e-mails" | "pre-order" | "pre-orders" | "pick-up" | "re-use" | "t-shirt"
        | "t-shirts" | "non-returnable" | "non-refundable" => vec![word.replace('-', "")],
        // What is free of something is not free.
        word if word.ends_with("-free") => {
            let of = word.trim_end_matches("-free");
            of.split('-').map(str::to_string).chain([String::from("freeof")]).collect()
        }
        word => word.split('-').filter(|part| !part.is_empty()).map(str::to_string).collect(),
    }
}

/// The text with these ranges overwritten by spaces, every byte in its place.
fn blanked(text: &str, ranges: &[Range<usize>]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for range in ranges {
        out.push_str(&text[at..range.start]);
        out.extend(std::iter::repeat_n(' ', range.len()));
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

/// The marks that part a text, with their places.
fn marks(plain: &str) -> Vec<(usize, Part)> {
    let is_inside = |at: usize, len: usize| {
        let before = plain[..at].chars().next_back().is_some_and(char::is_alphanumeric);
        before && plain[at + len..].chars().next().is_some_and(char::is_alphanumeric)
    };
    plain
        .char_indices()
        .filter(|(at, c)| !is_inside(*at, c.len_utf8()) || matches!(c, '/' | '–' | '—' | ';' | '('))
        .filter_map(|(at, c)| {
            let part = match c {
                '.' if is_abbreviation(&plain[..at]) => return None,
                '.' | '!' | '?' | ';' | '\n' => Part::Stop,
                ',' | ':' | '(' | ')' => Part::Comma,
                '-' | '\u{2010}'..='\u{2015}' | '−' => Part::Dash,
                '/' => Part::Slash,
                _ => return None,
            };
            Some((at, part))
        })
        .collect()
}

fn is_abbreviation(before: &str) -> bool {
    let word = before.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or("");
    matches!(
        word.to_lowercase().as_str(),
        "approx"
            | "ca"
            | "max"
            | "min"
            | "incl"
            | "excl"
            | "nr"
            | "e"
            | "g"
            | "i"
            | "etc"
            | "vs"
            | "st"
    )
}
