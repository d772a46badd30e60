//! Does every word come from the fact, and is no word of the fact lost?

use super::claim::{Claim, Item, Token};
use super::lexicon::Marker;
use super::omission::{follows_kept_name, is_left_out_whole, is_named_by_pronoun};
use super::thesaurus::{is_comparative, is_promise, renderings};
use super::{Doubt, Pair};
use crate::domain::language::fold;
use crate::domain::language::values::{Dimension, Kind};

pub(super) fn doubts(pair: &Pair) -> Vec<Doubt> {
    let Pair { said, meant, .. } = pair;
    let mut doubts = Vec::new();
    for token in &said.tokens {
        let Item::Content(word) = &token.item else { continue };
        // "No information" and "not any information" are the same.
        let after_denial = word == "any" && token.denied;
        let known = fact_word(word, said, meant);
        // One word of the fact cannot be two of the sentence: "any time" is not "all orders at any
        // time".
        let twice = known
            .as_ref()
            .is_some_and(|of| of != word && !of.is_empty() && says(said, of) && says(meant, of));
        if known.is_none() && !after_denial || twice {
            doubts.push(unsupported(token, word));
        }
    }
    for (at, token) in meant.tokens.iter().enumerate() {
        let Item::Content(word) = &token.item else { continue };
        let may_go = is_left_out_whole(pair, token)
            || is_named_by_pronoun(pair, at)
            || follows_kept_name(pair, at);
        if !is_said(word, said) && !may_go {
            doubts.push(Doubt::MissingWord(token.text.clone()));
        }
    }
    doubts.extend(repeats(said, meant, |item| matches!(item, Item::Content(_))));
    doubts
}

fn says(claim: &Claim, word: &str) -> bool {
    claim.tokens.iter().any(|token| matches!(&token.item, Item::Content(own) if own == word))
}

fn unsupported(token: &Token, word: &str) -> Doubt {
    let text = token.text.clone();
    let folded = fold(&text);
    let is_name = token.capital || folded.bytes().any(|b| b.is_ascii_digit());
    match () {
        () if is_comparative(&folded) => Doubt::Comparative(text),
        () if is_promise(word) || is_promise(&folded) => Doubt::Promise(text),
        () if is_name => Doubt::Name(text),
        () => Doubt::UnsupportedWord(text),
    }
}

/// The word of the fact that a word of the sentence says: itself, or one it may render. Empty for
/// a word that a value of the fact implies.
pub(super) fn fact_word(word: &str, said: &Claim, meant: &Claim) -> Option<String> {
    if meant.has_word(word) {
        return Some(word.to_string());
    }
    let mut rendered = meant
        .tokens
        .iter()
        .filter_map(|token| token.item.word())
        .filter(|of| renderings(of).contains(&word));
    // "Each shelf holds 25 kg" is not what all of them hold.
    let parts_sum = matches!(word, "all" | "each" | "any") && meant.values().next().is_some();
    let rendered = if parts_sum { None } else { rendered.next() };
    rendered.map(str::to_string).or_else(|| is_implied(word, said, meant).then(String::new))
}

/// Words that only name what a value measures.
fn is_implied(word: &str, said: &Claim, meant: &Claim) -> bool {
    match word {
        "pay" => measures("pric", meant) && said.has_word("you"),
        "reduc" => says_old_price(meant),
        _ => measures(word, meant),
    }
}

fn says_old_price(claim: &Claim) -> bool {
    claim.limits().iter().any(|(_, marker, _)| *marker == Marker::Old)
}

/// Whether a word names what one of the claim's values measures.
fn measures(word: &str, claim: &Claim) -> bool {
    let any_quantity = |dimensions: &[Dimension]| {
        claim
            .values()
            .any(|(_, _, kind)| kind.quantities().iter().any(|q| dimensions.contains(&q.dimension)))
    };
    match word {
        "pric" => claim.values().any(|(_, _, kind)| !kind.money().is_empty()),
        "weigh" => any_quantity(&[Dimension::Mass]),
        "tak" => any_quantity(&[Dimension::Days, Dimension::WorkingDays, Dimension::Time]),
        "measur" | "siz" => {
            any_quantity(&[Dimension::Length])
                || claim.values().any(|(_, _, kind)| matches!(kind, Kind::Size(_)))
        }
        _ => false,
    }
}

/// Whether the sentence says a word of the fact, in this or other words.
fn is_said(word: &str, said: &Claim) -> bool {
    let renders =
        |token: &Token| token.item.word().is_some_and(|own| renderings(word).contains(&own));
    said.has_word(word)
        || said.tokens.iter().any(renders)
        || measures(word, said)
        || word == "reduc" && says_old_price(said)
}

/// Values or words that the sentence says more often than the fact. A clause of the fact may leave
/// out a verb, and what goes with it; the sentence may say those again.
pub(super) fn repeats(said: &Claim, meant: &Claim, of: fn(&Item) -> bool) -> Vec<Doubt> {
    let count = |claim: &Claim, item: &Item| {
        claim.tokens.iter().filter(|token| token.item == *item).count()
    };
    let left_out = |item: &Item| {
        let is_left_out = |(at, token): (usize, &Token)| {
            token.item == *item && (meant.is_verb(at) || meant.understood(at).is_some())
        };
        if meant.tokens.iter().enumerate().any(is_left_out) { meant.verbless() } else { 0 }
    };
    said.tokens
        .iter()
        .filter(|token| of(&token.item))
        .filter(|token| {
            let known = count(meant, &token.item);
            known > 0 && count(said, &token.item) > known + left_out(&token.item)
        })
        .map(|token| Doubt::Form(format!("repeats {}", token.text)))
        .collect()
}
