//! What in a whole reply is in none of its facts: the evaluator's own check.
//!
//! It shares the reading of values and addresses with [`super::verify`] and no judgement, and looks
//! at digits once more by themselves, so that a mistake there is seen here.

use super::piece::links;
use super::spelled::spelled;
use crate::domain::language::values::{Kind, Reading, Value, values};
use crate::domain::language::{stem, words};

/// Every number (in digits or words), price, quantity, date, address and word of promise in a reply
/// that none of the facts' texts has.
pub fn unsupported(reply: &str, facts: &[&str], reading: &Reading) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    found.extend(strange_values(reply, facts, reading));
    found.extend(strange_digits(reply, facts, reading));
    found.extend(
        links(reply)
            .into_iter()
            .map(|span| &reply[span])
            .filter(|link| {
                !facts.iter().any(|fact| links(fact).into_iter().any(|span| fact[span] == **link))
            })
            .map(str::to_string),
    );
    found.extend(strange_promises(reply, facts));
    let mut seen: Vec<String> = Vec::new();
    for text in found {
        if !seen.contains(&text) {
            seen.push(text);
        }
    }
    seen
}

fn strange_values(reply: &str, facts: &[&str], reading: &Reading) -> Vec<String> {
    let known: Vec<Kind> =
        facts.iter().flat_map(|fact| values(fact, reading)).flat_map(known_kinds).collect();
    let is_known = |kind: &Kind| match kind {
        // A time span may be said from end to end or in two parts.
        Kind::Range(from, to) => known.contains(kind) || known.contains(from) && known.contains(to),
        kind => known.contains(kind),
    };
    let outside_links =
        |value: &Value| !links(reply).iter().any(|link| link.contains(&value.span.start));
    values(reply, reading)
        .into_iter()
        .filter(|value| outside_links(value) && !is_known(&value.kind))
        .map(|value| reply[value.span].to_string())
        .collect()
}

/// A value of a fact, and the sides of a size. The ends of a range are none: who says `2 days`
/// where the fact says `2 to 3 days` promises more.
fn known_kinds(value: Value) -> Vec<Kind> {
    let sides = match &value.kind {
        Kind::Size(sides) => sides.iter().map(|side| Kind::Quantity(*side)).collect(),
        _ => Vec::new(),
    };
    [vec![value.kind], sides].concat()
}

/// Words with digits that were read as no value: each must be spelled in a fact.
fn strange_digits(reply: &str, facts: &[&str], reading: &Reading) -> Vec<String> {
    let read: Vec<_> =
        values(reply, reading).into_iter().map(|value| value.span).chain(links(reply)).collect();
    words(reply)
        .into_iter()
        .filter(|word| word.text.bytes().any(|b| b.is_ascii_digit()))
        .filter(|word| {
            !read.iter().any(|span| span.start < word.span.end && word.span.start < span.end)
        })
        .map(|word| reply[word.span].to_string())
        .filter(|text| !facts.iter().any(|fact| spelled(text, fact)))
        .collect()
}

/// Words that bind a shop when said.
const PROMISES: [&str; 34] = [
    "free",
    "guarantee",
    "guaranteed",
    "warranty",
    "refund",
    "refunded",
    "discount",
    "sale",
    "promise",
    "ensure",
    "always",
    "never",
    "tomorrow",
    "today",
    "tonight",
    "overnight",
    "immediately",
    "instantly",
    "express",
    "bonus",
    "gift",
    "voucher",
    "coupon",
    "cashback",
    "compensation",
    "replacement",
    "exchange",
    "reserve",
    "deal",
    "cheapest",
    "lowest",
    "lifetime",
    "complimentary",
    "best",
];

fn strange_promises(reply: &str, facts: &[&str]) -> Vec<String> {
    let stems: Vec<String> = PROMISES.iter().map(|word| stem(word)).collect();
    let known: Vec<String> =
        facts.iter().flat_map(|fact| words(fact)).flat_map(|word| stems_of(&word.text)).collect();
    words(reply)
        .into_iter()
        .filter(|word| {
            stems_of(&word.text).iter().any(|stem| stems.contains(stem) && !known.contains(stem))
        })
        .map(|word| reply[word.span].to_string())
        .collect()
}

fn stems_of(word: &str) -> Vec<String> {
    word.split('-').map(stem).collect()
}
