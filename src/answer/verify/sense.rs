//! Is it still "and", and still the present?

use super::claim::{Claim, Item, Token};
use super::lexicon::Marker;
use super::{Doubt, Pair};

pub(super) fn doubts(pair: &Pair) -> Vec<Doubt> {
    joined(pair).into_iter().chain(past(pair)).collect()
}

/// "Or" for "and", and the other way, only where one may choose: "available in red and blue".
fn joined(pair: &Pair) -> Option<Doubt> {
    let Pair { said, meant, .. } = pair;
    let or = |claim: &Claim| {
        claim
            .tokens
            .iter()
            .find(|token| token.item == Item::Glue("and") && token.word == "or")
            .map(|token| token.text.clone())
    };
    let is_choice = meant.has_word("can")
        || ["availabl", "come", "get", "choos"].iter().any(|word| meant.has_word(word));
    let (own, known) = (or(said), or(meant));
    let differs = own.is_some() != known.is_some();
    (differs && !is_choice).then(|| Doubt::Modality(own.or(known).unwrap_or_default()))
}

/// A verb in the past that the fact has in the present: `shipped` without `is` or `has`.
fn past(pair: &Pair) -> Vec<Doubt> {
    let Pair { said, meant, .. } = pair;
    let is_past = |token: &Token| token.word.ends_with("ed") || PAST.contains(&token.word.as_str());
    let is_helped = |at: usize| {
        let clause = said.tokens[at].clause;
        said.tokens[..at].iter().rev().take(4).filter(|token| token.clause == clause).any(|token| {
            matches!(
                token.item,
                Item::Glue("be" | "have" | "get") | Item::Marker(Marker::Past | Marker::Old, _)
            )
        })
    };
    let stands_before_noun = |at: usize| {
        said.tokens.get(at + 1).is_some_and(|next| matches!(next.item, Item::Content(_)))
    };
    let known =
        |token: &Token| meant.tokens.iter().any(|other| other.item == token.item && is_past(other));
    let present = |token: &Token| {
        meant.tokens.iter().any(|other| other.item == token.item && !is_past(other))
    };
    said.tokens
        .iter()
        .enumerate()
        .filter(|(at, token)| {
            matches!(token.item, Item::Content(_))
                && token.word != "included"
                && is_past(token)
                && !is_helped(*at)
                && !stands_before_noun(*at)
        })
        .filter(|(_, token)| present(token) && !known(token))
        .map(|(_, token)| Doubt::Modality(token.text.clone()))
        .collect()
}

/// Pasts that no rule finds.
const PAST: &[&str] = &[
    "sold", "sent", "paid", "kept", "made", "held", "took", "taken", "gave", "given", "bought",
    "built", "chose", "chosen", "wrote", "written", "came", "went", "shown", "worn",
];
