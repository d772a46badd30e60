//! Did values or words change places between things?
//!
//! A wording may reorder clauses, and move a block of words within a clause; it may not exchange
//! words between clauses. Where the fact has two values of one kind (two prices, two weights) it
//! may do less, because `A costs 5 and B costs 9` has the same words as its opposite.

use super::alike::{self, Sort};
use super::claim::{Claim, Item, Target};
use super::inclusion::is_inverse;
use super::lexicon::Marker;
use super::wording::fact_word;
use super::{Doubt, Pair};

/// A token of the sentence at its place in the fact.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    /// Among the fact's tokens.
    pub at: usize,
    pub clause: usize,
    pub segment: usize,
    /// Among the sentence's tokens.
    pub said_at: usize,
    pub sort: Option<Sort>,
}

pub(super) fn doubts(pair: &Pair) -> Vec<Doubt> {
    let placed = placed(&pair.said, &pair.meant);
    let alike = alike::sorts(&pair.meant);
    let mut found: Vec<Placed> = between_clauses(pair, &placed).into_iter().collect();
    found.extend(within_clauses(pair, &placed, alike.is_empty()));
    if !alike.is_empty() {
        found.extend(alike::exchanged(pair, &placed, &alike));
    }
    found
        .into_iter()
        .map(|placed| Doubt::Order(pair.said.tokens[placed.said_at].text.clone()))
        .collect()
}

/// Clauses may be moved as one block, after their subject; their words stay together. A subject
/// that all clauses share may stand anywhere before them.
fn between_clauses(pair: &Pair, placed: &[Placed]) -> Option<Placed> {
    let shared = shared(&pair.meant);
    let subject = pair.meant.shared_subject();
    let is_subject = |placed: &&Placed| subject.contains(&placed.at);
    let others = || placed.iter().filter(|placed| !shared.contains(&placed.at));
    let clauses = runs(others().map(|placed| placed.clause));
    let segments = runs(others().map(|placed| placed.segment));
    if has_repeats(&clauses) || has_repeats(&segments) || breaks(&clauses) > 3 {
        return placed.first().cloned();
    }
    let subject_at = placed.iter().filter(is_subject).map(|placed| placed.said_at).min();
    let home = subject.clone().next().map(|at| pair.meant.tokens[at].clause);
    others()
        .find(|other| {
            let depends = Some(other.clause) != home
                && !is_opened(&pair.meant, other.clause)
                && !may_lead(&pair.said, other.said_at);
            depends && subject_at.is_some_and(|subject_at| other.said_at < subject_at)
        })
        .cloned()
}

/// Whether a token may stand before the subject it belongs to: a value after its preposition, `at
/// €4.20, the loaf weighs 750 g`, and the verb of who does it, `you can reach the studio by lift`.
fn may_lead(said: &Claim, at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).map(|at| &said.tokens[at].item);
    let is_person = |item: Option<&Item>| matches!(item, Some(Item::Glue("you" | "we")));
    match said.tokens[at].item {
        Item::Value(_) => at == 1 && matches!(before(1), Some(Item::Glue("in" | "for"))),
        Item::Content(_) => {
            let by_modal = matches!(before(1), Some(Item::Marker(marker, _)) if marker.is_modal());
            is_person(before(1)) || by_modal && is_person(before(2))
        }
        _ => false,
    }
}

/// What belongs to several clauses: a shared subject, a verb the next clause does not repeat.
pub(super) fn shared(meant: &Claim) -> Vec<usize> {
    let subject = meant.shared_subject();
    (0..meant.tokens.len())
        .filter(|at| subject.contains(at) || meant.understood(*at).is_some())
        .collect()
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
    // "Ordered by 16:00 and delivered" is bound to its verb where there are two.
    let participles = |clause: usize| {
        let tokens = pair.meant.tokens.iter().filter(|token| token.clause == clause);
        tokens.filter(|token| token.item.target().is_some() && token.word.ends_with("ed")).count()
    };
    let counts = |placed: &&Placed| {
        !(values_are_free && placed.sort.is_some() && participles(placed.clause) < 2)
    };
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
                sort: alike::sort(&token.item).filter(|_| !alike::is_of_name(meant, at)),
            })
        })
        .collect()
}

/// What the fact says a price was.
pub(super) fn old_prices(meant: &Claim) -> Vec<Target> {
    let old =
        |(_, marker, target): (usize, Marker, Target)| (marker == Marker::Old).then_some(target);
    meant.limits().into_iter().filter_map(old).collect()
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
