//! Two prices, two weights, two days: did values of one sort change places between things?

use super::Pair;
use super::claim::{Claim, Item, Token};
use super::order::{Placed, old_prices, shared};
use super::thesaurus::is_weekday;
use super::wording::fact_word;
use crate::domain::language::values::{Dimension, Kind};

/// What may be mistaken for each other.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Sort {
    Money,
    Of(Dimension),
    Size,
    Moment,
    Weekday,
    Number,
}

/// The sort of a token that is a value or names a day.
pub(super) fn sort(item: &Item) -> Option<Sort> {
    let of_kind = |kind: &Kind| match kind {
        Kind::Money(_) => Sort::Money,
        Kind::Quantity(quantity) => Sort::Of(quantity.dimension),
        Kind::Size(_) => Sort::Size,
        Kind::Range(from, _) if !from.money().is_empty() => Sort::Money,
        Kind::Range(from, _) => {
            from.quantities().first().map_or(Sort::Number, |q| Sort::Of(q.dimension))
        }
        Kind::Date { .. } | Kind::Clock(_) => Sort::Moment,
        Kind::Ordinal(_) | Kind::Code(_) | Kind::Number(_) => Sort::Number,
    };
    match item {
        Item::Value(kind) => Some(of_kind(kind)),
        Item::Content(word) if is_weekday(word) => Some(Sort::Weekday),
        _ => None,
    }
}

/// Whether a number belongs to the name before it, `Ridge 2`: it stands or falls with that.
pub(super) fn is_of_name(claim: &Claim, at: usize) -> bool {
    let is_number = matches!(claim.tokens[at].item, Item::Value(Kind::Number(_)));
    let before = at.checked_sub(1).map(|before| &claim.tokens[before]);
    is_number && before.is_some_and(|token| token.capital && matches!(token.item, Item::Content(_)))
}

/// The sorts of which the fact has more than one value, not counting what a price was: that is
/// told apart by its limit.
pub(super) fn sorts(meant: &Claim) -> Vec<Sort> {
    let old = old_prices(meant);
    let sorts: Vec<Sort> = meant
        .tokens
        .iter()
        .enumerate()
        .filter(|(at, _)| !is_of_name(meant, *at))
        .filter(|(_, token)| token.item.target().is_none_or(|target| !old.contains(&target)))
        .filter_map(|(_, token)| sort(&token.item))
        .collect();
    let mut alike = Vec::new();
    for sort in &sorts {
        if sorts.iter().filter(|other| *other == sort).count() > 1 && !alike.contains(sort) {
            alike.push(sort.clone());
        }
    }
    alike
}

/// Where two values may be mistaken for each other, clauses keep their order within a sentence,
/// the values theirs within a clause, and each has a neighbour it has in the fact.
pub(super) fn exchanged(pair: &Pair, placed: &[Placed], alike: &[Sort]) -> Vec<Placed> {
    let shared = shared(&pair.meant);
    let others: Vec<&Placed> =
        placed.iter().filter(|placed| !shared.contains(&placed.at)).collect();
    let mut found: Vec<Placed> = Vec::new();
    if has_bare_value(&pair.meant, alike) {
        // `A and B cost €49 and €59`: which is whose shows in the order alone.
        found.extend(
            placed.windows(2).filter(|pair| pair[0].at > pair[1].at).map(|pair| pair[1].clone()),
        );
    }
    let pairs = others.windows(2).map(|pair| (pair[0], pair[1]));
    found.extend(
        pairs
            .filter(|(one, next)| one.segment == next.segment && one.clause > next.clause)
            .map(|(_, next)| next.clone()),
    );
    for sort in alike {
        let same: Vec<&Placed> =
            placed.iter().filter(|placed| placed.sort.as_ref() == Some(sort)).collect();
        let pairs = same.windows(2).map(|pair| (pair[0], pair[1]));
        found.extend(
            pairs
                .filter(|(one, next)| one.clause == next.clause && one.at > next.at)
                .map(|(_, next)| next.clone()),
        );
        found.extend(
            same.into_iter().filter(|value| !stands_with_its_own(value, placed, pair)).cloned(),
        );
    }
    found
}

/// Whether a value stands with its own words. Where its clause in the fact has no other value of
/// its sort, those are the words of that clause; else its neighbours on either side.
fn stands_with_its_own(value: &Placed, placed: &[Placed], pair: &Pair) -> bool {
    let Pair { said, meant, .. } = pair;
    let rival = |token: &&Token| token.clause == value.clause && sort(&token.item) == value.sort;
    if meant.tokens.iter().filter(rival).count() == 1 {
        let shared = shared(meant);
        let said_clause = said.tokens[value.said_at].clause;
        return placed
            .iter()
            .filter(|other| {
                said.tokens[other.said_at].clause == said_clause && !shared.contains(&other.at)
            })
            .all(|other| other.clause == value.clause);
    }
    if are_together(meant, value.clause, value.sort.as_ref())
        && are_together(said, said.tokens[value.said_at].clause, value.sort.as_ref())
    {
        return true;
    }
    let is_content =
        |word: &str| meant.tokens.iter().any(|token| token.item == Item::Content(word.into()));
    let same = |word: &str| Some(word.to_string());
    let known = neighbours(meant, value.at, same);
    let own = neighbours(said, value.said_at, |word| {
        fact_word(word, said, meant).filter(|word| is_content(word))
    });
    known.is_empty() || own.is_empty() || own.iter().any(|word| known.contains(word))
}

/// The nearest content on each side of a token within its clause, as the fact calls it; not words
/// that only name what a value measures.
fn neighbours(claim: &Claim, at: usize, in_fact: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let clause = claim.tokens[at].clause;
    let content = |i: usize| match &claim.tokens[i].item {
        Item::Content(word) if claim.tokens[i].clause == clause => in_fact(word)
            .filter(|word| !matches!(word.as_str(), "pric" | "weigh" | "tak" | "measur" | "siz")),
        _ => None,
    };
    let before = (0..at).rev().find_map(content);
    let after = (at + 1..claim.tokens.len()).find_map(content);
    before.into_iter().chain(after).collect()
}

/// Whether the values of a sort stand side by side in a clause: `from 12:00 to 14:30`.
fn are_together(claim: &Claim, clause: usize, of: Option<&Sort>) -> bool {
    let at = |(i, token): (usize, &Token)| {
        (token.clause == clause && sort(&token.item).as_ref() == of).then_some(i)
    };
    let places: Vec<usize> = claim.tokens.iter().enumerate().filter_map(at).collect();
    places.windows(2).all(|pair| {
        claim.tokens[pair[0] + 1..pair[1]].iter().all(|token| token.item.target().is_none())
    })
}

/// Whether a clause is a value of these sorts and nothing else.
fn has_bare_value(meant: &Claim, alike: &[Sort]) -> bool {
    let last = meant.tokens.last().map_or(0, |token| token.clause);
    (1..=last).any(|clause| {
        let mut says = meant
            .tokens
            .iter()
            .filter(|token| token.clause == clause && token.item.target().is_some());
        says.next().is_some()
            && says.next().is_none()
            && meant.tokens.iter().any(|token| {
                token.clause == clause
                    && sort(&token.item).is_some_and(|sort| alike.contains(&sort))
            })
    })
}
