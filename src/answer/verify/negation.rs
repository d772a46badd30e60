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
    if own.is_empty() != known.is_empty() {
        let text = own.first().or(known.first()).cloned().unwrap_or_default();
        doubts.push(Doubt::Negation(text));
    }
    for (at, token, target) in said.contents() {
        let Some(target) = in_fact(target, said, meant) else { continue };
        let known: Vec<bool> = meant
            .contents()
            .filter(|(.., other)| *other == target)
            .flat_map(|(at, ..)| denials_of(meant, at))
            .collect();
        if !known.is_empty() && !denials_of(said, at).iter().all(|denied| known.contains(denied)) {
            doubts.push(Doubt::Negation(token.text.clone()));
        }
    }
    for (_, token, target) in meant.contents().filter(|(_, token, _)| token.denied) {
        let own: Vec<bool> = said
            .contents()
            .filter(|(_, _, other)| in_fact(other.clone(), said, meant).as_ref() == Some(&target))
            .flat_map(|(at, ..)| denials_of(said, at))
            .collect();
        if !own.is_empty() && !own.contains(&true) {
            doubts.push(Doubt::Negation(token.text.clone()));
        }
    }
    doubts
}

/// Whether a token is denied: where it stands, and in a clause after that leaves it to be
/// understood (`the red one is in stock, the blue one is not`).
fn denials_of(claim: &Claim, at: usize) -> Vec<bool> {
    let token = &claim.tokens[at];
    let next: Vec<usize> =
        (0..claim.tokens.len()).filter(|i| claim.tokens[*i].clause == token.clause + 1).collect();
    let is_elliptic = next.last().is_some_and(|last| {
        matches!(claim.tokens[*last].item, Item::Not | Item::Glue("be" | "do" | "have"))
    });
    let is_predicate = (0..at).any(|i| claim.tokens[i].clause == token.clause && claim.is_verb(i));
    let understood = next.first().filter(|_| is_elliptic && is_predicate);
    [Some(token.denied), understood.map(|i| claim.tokens[*i].denied)]
        .into_iter()
        .flatten()
        .collect()
}

/// What the fact calls it.
fn in_fact(target: Target, said: &Claim, meant: &Claim) -> Option<Target> {
    match target {
        Target::Content(word) => fact_word(&word, said, meant).map(Target::Content),
        other => Some(other),
    }
}
