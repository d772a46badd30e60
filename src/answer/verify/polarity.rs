//! If it says yes or no, does the fact?

use super::claim::{Claim, Item};
use super::{Doubt, Pair};

pub(super) fn doubts(pair: &Pair) -> Vec<Doubt> {
    let Pair { said, meant, fact, .. } = pair;
    let answer = fact.polarity.or_else(|| own_answer(meant));
    let denies = meant.tokens.iter().any(|token| match token.item {
        Item::Not | Item::No | Item::Regret => true,
        Item::Marker(marker, _) => marker.denies(),
        _ => false,
    });
    let fits = |item: &Item| match item {
        Item::Yes => answer == Some(true),
        Item::No => answer == Some(false),
        Item::Regret => answer != Some(true) && (denies || answer == Some(false)),
        _ => true,
    };
    said.tokens
        .iter()
        .filter(|token| !fits(&token.item))
        .map(|token| Doubt::Polarity(token.text.clone()))
        .collect()
}

/// The yes or no that a fact's text begins with.
fn own_answer(meant: &Claim) -> Option<bool> {
    match meant.tokens.first()?.item {
        Item::Yes => Some(true),
        Item::No => Some(false),
        _ => None,
    }
}
