//! Has it the fact's values, all of them and no others, each counting the same thing?

use super::claim::{Claim, Item, Token};
use super::omission::is_left_out_whole;
use super::wording::repeats;
use super::{Doubt, Pair};
use crate::domain::language::values::Kind;

pub(super) fn doubts(pair: &Pair) -> Vec<Doubt> {
    let Pair { said, meant, .. } = pair;
    let mut doubts = Vec::new();
    for (at, token, kind) in said.values() {
        if !meant.values().any(|(_, _, other)| other == kind) {
            doubts.push(unsupported(token, meant));
        } else if !counts_the_same(said, at, meant, kind) {
            doubts.push(Doubt::UnitMismatch(token.text.clone()));
        }
    }
    for (_, token, kind) in meant.values() {
        let kept = said.values().any(|(_, _, other)| other == kind);
        if !kept && !is_left_out_whole(pair, token) {
            doubts.push(Doubt::MissingValue(token.text.clone()));
        }
    }
    doubts.extend(repeats(said, meant, |item| matches!(item, Item::Value(_))));
    doubts
}

/// A number the fact has with another unit is told apart from one it has not.
fn unsupported(token: &Token, meant: &Claim) -> Doubt {
    let digits = |text: &str| {
        text.chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | ',')).collect::<String>()
    };
    let own = digits(&token.text);
    let known = !own.is_empty() && meant.values().any(|(_, other, _)| digits(&other.text) == own);
    match known {
        true => Doubt::UnitMismatch(token.text.clone()),
        false => Doubt::UnsupportedValue(token.text.clone()),
    }
}

/// What a number without a unit counts or belongs to stands right beside it: `3 bulbs`, `Ridge 2`.
fn counts_the_same(said: &Claim, at: usize, meant: &Claim, kind: &Kind) -> bool {
    if !matches!(kind, Kind::Number(_) | Kind::Ordinal(_)) {
        return true;
    }
    let same = |(i, _, other): (usize, &Token, &Kind)| {
        other == kind && beside(meant, i).is_none_or(|neighbour| beside_is(said, at, &neighbour))
    };
    meant.values().any(same)
}

/// A neighbour and whether it stands before.
type Neighbour = (bool, String);

fn content(claim: &Claim, at: Option<usize>) -> Option<(&str, bool)> {
    let token = claim.tokens.get(at?)?;
    match &token.item {
        Item::Content(word) => Some((word, token.capital)),
        _ => None,
    }
}

/// What the fact's number belongs to: the capitalised name before it, else the thing it counts
/// after it, else the word before it.
fn beside(claim: &Claim, at: usize) -> Option<Neighbour> {
    let before = content(claim, at.checked_sub(1));
    let after = content(claim, Some(at + 1));
    match (before, after) {
        (Some((word, true)), _) | (Some((word, false)), None) => Some((true, word.to_string())),
        (_, Some((word, _))) => Some((false, word.to_string())),
        (None, None) => None,
    }
}

fn beside_is(claim: &Claim, at: usize, (before, word): &Neighbour) -> bool {
    let neighbour = if *before { at.checked_sub(1) } else { Some(at + 1) };
    content(claim, neighbour).is_some_and(|(other, _)| other == word)
}
