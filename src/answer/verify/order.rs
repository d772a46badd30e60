//! Did values or words change places between things?
//!
//! A wording may reorder clauses, and move a block of words within a clause; it may not exchange
//! words between clauses. Where the fact has two values of one kind (two prices, two weights) it
//! may do less, because `A costs 5 and B costs 9` has the same words as its opposite.

use super::claim::{Claim, Item, Target};
use super::inclusion::is_inverse;
use super::lexicon::Marker;
use super::thesaurus::is_weekday;
use super::wording::fact_word;
use super::{Doubt, Pair};
use crate::domain::language::values::{Dimension, Kind};

/// A token of the sentence at its place in the fact.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    /// Among the fact's tokens.
    pub at: usize,
    pub clause: usize,
    segment: usize,
    /// Among the sentence's tokens.
    pub said_at: usize,
    sort: Option<Sort>,
}

/// What may be mistaken for each other.
#[derive(Clone, Debug, PartialEq)]
enum Sort {
    Money,
    Of(Dimension),
    Size,
    Moment,
    Number,
}

pub(super) fn doubts(pair: &Pair) -> Vec<Doubt> {
    let placed = placed(&pair.said, &pair.meant);
    let alike = alike(&pair.meant);
    let mut found: Vec<Placed> = between_clauses(pair, &placed).into_iter().collect();
    found.extend(within_clauses(pair, &placed, alike.is_empty()));
    if !alike.is_empty() {
        found.extend(among_alike(pair, &placed, &alike));
    }
    found
        .into_iter()
        .map(|placed| Doubt::Order(pair.said.tokens[placed.said_at].text.clone()))
        .collect()
}

/// Clauses may be moved as one block, after their subject; their words stay together. A subject
/// that all clauses share may stand anywhere before them.
fn between_clauses(pair: &Pair, placed: &[Placed]) -> Option<Placed> {
    let shared = shared_subject(&pair.meant);
    let is_subject = |placed: &&Placed| shared.contains(&placed.at);
    let others = || placed.iter().filter(|placed| !is_subject(placed));
    let clauses = runs(others().map(|placed| placed.clause));
    let segments = runs(others().map(|placed| placed.segment));
    if has_repeats(&clauses) || has_repeats(&segments) || breaks(&clauses) > 3 {
        return placed.first().cloned();
    }
    let subject_at = placed.iter().filter(is_subject).map(|placed| placed.said_at).min();
    let home = shared.clone().next().map(|at| pair.meant.tokens[at].clause);
    others()
        .find(|other| {
            let depends = Some(other.clause) != home && !is_opened(&pair.meant, other.clause);
            depends && subject_at.is_some_and(|subject_at| other.said_at < subject_at)
        })
        .cloned()
}

/// The fact's subject, if no later clause has one of its own.
fn shared_subject(meant: &Claim) -> std::ops::Range<usize> {
    let subject = meant.subject();
    let has_own = |clause: usize| {
        let mut tokens = (0..meant.tokens.len()).filter(|at| meant.tokens[*at].clause == clause);
        let first = tokens.find(|at| meant.tokens[*at].item != Item::Glue("and"));
        let continues = |at: usize| {
            let keeps_subject = |marker: Marker| marker.roams() || marker.is_modal();
            meant.is_verb(at)
                || match meant.tokens[at].item {
                    Item::Glue("it") | Item::Not => true,
                    Item::Marker(marker, _) => keeps_subject(marker),
                    _ => false,
                }
        };
        !first.is_some_and(continues)
    };
    let last = meant.tokens.last().map_or(0, |token| token.clause);
    let home = meant.tokens.get(subject.start).map_or(0, |token| token.clause);
    if (home + 1..=last).any(has_own) { subject.start..subject.start } else { subject }
}

/// Whether a clause begins with an "if", a "without" and the like: those may come first.
fn is_opened(claim: &Claim, clause: usize) -> bool {
    let first = claim.tokens.iter().find(|token| token.clause == clause);
    first
        .is_some_and(|token| matches!(token.item, Item::Marker(marker, _) if marker.opens_clause()))
}

/// Within a clause one block may move. A value that cannot be mistaken may stand anywhere.
fn within_clauses(pair: &Pair, placed: &[Placed], values_are_free: bool) -> Vec<Placed> {
    let clauses = runs(placed.iter().map(|placed| placed.clause));
    let counts = |placed: &&Placed| !(values_are_free && placed.sort.is_some());
    let of_clause =
        |clause: usize| placed.iter().filter(move |placed| placed.clause == clause).filter(counts);
    clauses
        .into_iter()
        .filter(|clause| {
            let places: Vec<usize> = of_clause(*clause).map(|placed| placed.at).collect();
            let inverse =
                of_clause(*clause).any(|placed| is_inverse(placed, &pair.said, &pair.meant));
            breaks(&places) > 3 && !inverse
        })
        .filter_map(|clause| of_clause(clause).next().cloned())
        .collect()
}

/// Where two values may be mistaken for each other, clauses keep their order within a sentence,
/// the values theirs within a clause, and each has a neighbour it has in the fact.
fn among_alike(pair: &Pair, placed: &[Placed], alike: &[Sort]) -> Vec<Placed> {
    let shared = shared_subject(&pair.meant);
    let others: Vec<&Placed> =
        placed.iter().filter(|placed| !shared.contains(&placed.at)).collect();
    let mut found: Vec<Placed> = Vec::new();
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
            same.into_iter()
                .filter(|value| !has_same_neighbour(value, &pair.said, &pair.meant))
                .cloned(),
        );
    }
    found
}

/// The tokens that are in both claims exactly once, in the sentence's order; not what a price was,
/// which its limit tells apart.
pub(super) fn placed(said: &Claim, meant: &Claim) -> Vec<Placed> {
    let in_fact = |target: Target| match target {
        Target::Content(word) => fact_word(&word, said, meant).map(Target::Content),
        other => Some(other),
    };
    let own: Vec<(usize, Target)> = said
        .contents()
        .filter_map(|(i, _, target)| in_fact(target).map(|target| (i, target)))
        .collect();
    let known: Vec<(usize, Target)> = meant.contents().map(|(i, _, target)| (i, target)).collect();
    let old = old_prices(meant);
    let only = |list: &[(usize, Target)], target: &Target| {
        let mut found = list.iter().filter(|(_, other)| other == target);
        let first = found.next().map(|(i, _)| *i);
        if found.next().is_none() { first } else { None }
    };
    own.iter()
        .filter(|(_, target)| !old.contains(target))
        .filter_map(|(said_at, target)| {
            only(&own, target)?;
            let at = only(&known, target)?;
            let token = &meant.tokens[at];
            Some(Placed {
                at,
                clause: token.clause,
                segment: token.segment,
                said_at: *said_at,
                sort: sort(&token.item),
            })
        })
        .collect()
}

fn sort(item: &Item) -> Option<Sort> {
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
        Item::Content(word) if is_weekday(word) => Some(Sort::Moment),
        _ => None,
    }
}

/// The sorts of which the fact has more than one value, not counting what a price was: that is
/// told apart by its limit.
fn alike(meant: &Claim) -> Vec<Sort> {
    let old = old_prices(meant);
    let sorts: Vec<Sort> = meant
        .tokens
        .iter()
        .filter(|token| token.item.target().is_none_or(|target| !old.contains(&target)))
        .filter_map(|token| sort(&token.item))
        .collect();
    let mut alike = Vec::new();
    for sort in &sorts {
        if sorts.iter().filter(|other| *other == sort).count() > 1 && !alike.contains(sort) {
            alike.push(sort.clone());
        }
    }
    alike
}

/// What the fact says a price was.
fn old_prices(meant: &Claim) -> Vec<Target> {
    let old =
        |(_, marker, target): (usize, Marker, Target)| (marker == Marker::Old).then_some(target);
    meant.limits().into_iter().filter_map(old).collect()
}

/// Whether a value has, on one side in its clause, the content it has in the fact; or none there.
fn has_same_neighbour(value: &Placed, said: &Claim, meant: &Claim) -> bool {
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

/// Each value once per unbroken run of it.
fn runs(values: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut runs: Vec<usize> = Vec::new();
    for value in values {
        if runs.last() != Some(&value) {
            runs.push(value);
        }
    }
    runs
}

fn has_repeats(runs: &[usize]) -> bool {
    runs.iter().enumerate().any(|(i, run)| runs[..i].contains(run))
}

/// The places as ranks from 1 without gaps.
fn ranks(places: &[usize]) -> Vec<usize> {
    places.iter().map(|place| 1 + places.iter().filter(|other| *other < place).count()).collect()
}

/// Breakpoints of a permutation: neighbours that were none before. Moving one block makes three.
fn breaks(order: &[usize]) -> usize {
    let ranks = ranks(order);
    let bounded: Vec<usize> = [vec![0], ranks, vec![order.len() + 1]].concat();
    bounded.windows(2).filter(|pair| pair[1] != pair[0] + 1).count()
}
