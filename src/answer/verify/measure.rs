//! Does each verb have a value that it can have? Nothing takes €5, and nothing costs 20 minutes.

use super::claim::{Claim, Item, Token};
use super::{Doubt, Pair};
use crate::domain::language::values::{Dimension, Kind};

pub(super) fn doubts(pair: &Pair) -> Vec<Doubt> {
    let known: Vec<(&str, Kind)> = pairs(&pair.meant).map(|(verb, _, kind)| (verb, kind)).collect();
    let strange = pairs(&pair.said)
        .filter(|(verb, _, kind)| !known.contains(&(*verb, kind.clone())))
        .filter(|(verb, _, kind)| !fits(verb, kind))
        .map(|(_, token, _)| Doubt::Order(token.text.clone()));
    strange.chain(costly_noun(pair)).collect()
}

/// Each verb of measure with the first value that follows it in its clause.
fn pairs(claim: &Claim) -> impl Iterator<Item = (&str, &Token, Kind)> {
    let measures = |word: &str| is_price(word) || is_measure(word);
    let value = |token: &Token| match &token.item {
        Item::Value(kind) if !matches!(kind, Kind::Number(_) | Kind::Ordinal(_)) => {
            Some(kind.clone())
        }
        _ => None,
    };
    claim.tokens.iter().enumerate().filter(move |(_, verb)| measures(&verb.word)).filter_map(
        move |(at, verb)| {
            claim.tokens[at + 1..]
                .iter()
                .take_while(|token| token.clause == verb.clause && !measures(&token.word))
                .find_map(|token| value(token).map(|kind| (verb.word.as_str(), token, kind)))
        },
    )
}

fn is_price(verb: &str) -> bool {
    matches!(verb, "cost" | "costs" | "pay" | "pays" | "priced")
}

fn is_measure(verb: &str) -> bool {
    matches!(
        verb,
        "take" | "takes" | "weigh" | "weighs" | "measure" | "measures" | "last" | "lasts"
    )
}

fn fits(verb: &str, kind: &Kind) -> bool {
    const MEASURED: [Dimension; 5] = [
        Dimension::Mass,
        Dimension::Length,
        Dimension::Time,
        Dimension::Days,
        Dimension::WorkingDays,
    ];
    let measured = kind.quantities().iter().any(|q| MEASURED.contains(&q.dimension));
    if is_price(verb) { !measured } else { kind.money().is_empty() }
}

/// "The desk costs is €5": a "costs" that nothing which costs can follow, unless the fact has it.
fn costly_noun(pair: &Pair) -> Option<Doubt> {
    let strange = |claim: &Claim| {
        let odd = |two: &&[Token]| {
            two[0].word == "costs"
                && match &two[1].item {
                    Item::Glue(lemma) => matches!(*lemma, "be" | "in" | "for"),
                    Item::Content(word) => !matches!(word.as_str(), "extra" | "additional" | "mor"),
                    _ => false,
                }
        };
        claim.tokens.windows(2).find(odd).map(|two| two[0].text.clone())
    };
    strange(&pair.said).filter(|_| strange(&pair.meant).is_none()).map(Doubt::Form)
}
