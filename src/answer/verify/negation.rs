//! Does it deny what the fact denies, and only that?

use super::claim::{Claim, Item, Target};
use super::wording::fact_word;
use super::{Doubt, Pair};

pub(super) fn doubts(pair: &Pair) -> Vec<Doubt> {
    let Pair { said, meant, .. } = pair;
    let mut doubts = Vec::new();
    let denials = |claim: &Claim| {
        let denies = |item: &Item| match item {
            Item::Not => true,
            Item::Marker(marker, _) => marker.denies(),
            _ => false,
        };
        claim
            .tokens
            .iter()
            .filter(|token| denies(&token.item))
            .map(|token| token.text.clone())
            .collect::<Vec<_>>()
    };
    let (own, known) = (denials(said), denials(meant));
    if own.len() != known.len() {
        let text = own.last().or(known.last()).cloned().unwrap_or_default();
        doubts.push(Doubt::Negation(text));
    }
    let subject: Vec<Target> =
        meant.subject().filter_map(|at| meant.tokens[at].item.target()).collect();
    for (at, token, target) in said.contents() {
        let Some(target) = in_fact(target, said, meant) else { continue };
        let is_subject = subject.contains(&target);
        let known: Vec<bool> = meant
            .contents()
            .filter(|(.., other)| *other == target)
            .flat_map(|(at, ..)| denials_of(meant, at, is_subject))
            .collect();
        if !known.is_empty()
            && !denials_of(said, at, is_subject).iter().all(|denied| known.contains(denied))
        {
            doubts.push(Doubt::Negation(token.text.clone()));
        }
    }
    for (_, token, target) in meant.contents().filter(|(_, token, _)| token.denied) {
        let is_subject = subject.contains(&target);
        let own: Vec<bool> = said
            .contents()
            .filter(|(_, _, other)| in_fact(other.clone(), said, meant).as_ref() == Some(&target))
            .flat_map(|(at, ..)| denials_of(said, at, is_subject))
            .collect();
        if !own.is_empty() && !own.contains(&true) {
            doubts.push(Doubt::Negation(token.text.clone()));
        }
    }
    doubts
}

/// Whether a token is denied: where it stands, where it is left to be understood, and, for the
/// subject, where it is an `it` or shared by all clauses.
fn denials_of(claim: &Claim, at: usize, is_subject: bool) -> Vec<bool> {
    let shares = claim.shared_subject().contains(&at);
    let elsewhere = claim
        .tokens
        .iter()
        .filter(|other| !matches!(other.item, Item::Yes | Item::No | Item::Regret))
        .filter(|other| shares || is_subject && other.item == Item::Glue("it"))
        .map(|other| other.denied);
    std::iter::once(claim.tokens[at].denied).chain(claim.understood(at)).chain(elsewhere).collect()
}

/// What the fact calls it.
fn in_fact(target: Target, said: &Claim, meant: &Claim) -> Option<Target> {
    match target {
        Target::Content(word) => fact_word(&word, said, meant).map(Target::Content),
        other => Some(other),
    }
}
