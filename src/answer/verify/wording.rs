//! Does every word come from the fact, and is no word of the fact lost?

use super::claim::{Claim, Item, Token};
use super::lexicon::{Marker, is_verb};
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

/// Whether the sentence leaves out the whole clause in which a token of the fact stands, and may:
/// the fact says what it wants kept, the clause has none of that, it is a clause of its own with
/// a verb in the fact's first sentence, and nothing in it limits the rest. A second sentence is
/// there because it is a condition of the first.
pub(super) fn is_left_out_whole(pair: &Pair, token: &Token) -> bool {
    let Pair { said, meant, fact, reading, .. } = pair;
    let clause = || meant.tokens.iter().filter(|other| other.clause == token.clause);
    let limits = |other: &Token| {
        matches!(other.item, Item::Marker(..) | Item::Not)
            || other.item == Item::Content("freeof".into())
    };
    let has_verb = clause().any(|other| is_verb(&other.word));
    if fact.keep.is_empty()
        || token.clause == 0
        || token.segment > 0
        || !has_verb
        || clause().any(limits)
    {
        return false;
    }
    let outside: Vec<&Item> = meant
        .tokens
        .iter()
        .filter(|other| other.clause != token.clause)
        .map(|other| &other.item)
        .collect();
    let kept: Vec<Item> = fact
        .keep
        .iter()
        .flat_map(|part| Claim::read(part, reading).tokens)
        .map(|token| token.item)
        .collect();
    let own = || {
        clause().filter(|other| other.item.target().is_some() && !outside.contains(&&other.item))
    };
    own().all(|own| {
        !kept.contains(&own.item) && !said.tokens.iter().any(|other| other.item == own.item)
    })
}

/// Whether a token belongs to the subject that the fact begins with, and the sentence says `it`.
fn is_named_by_pronoun(pair: &Pair, at: usize) -> bool {
    let answers = |token: &&Token| matches!(token.item, Item::Yes | Item::No | Item::Regret);
    let first = pair.said.tokens.iter().find(|token| !answers(token));
    let is_pronoun = first.is_some_and(|token| token.item == Item::Glue("it"));
    is_pronoun && pair.meant.subject().contains(&at)
}

/// Whether a word only says what kind of thing a kept name is: the `desk lamp` of an `Aura desk
/// lamp`, where `Aura` is all that must be kept. The last of them may only go with the rest: an
/// `Aura desk` is something else.
fn follows_kept_name(pair: &Pair, at: usize) -> bool {
    let tokens = &pair.meant.tokens;
    let is_plain = |i: &usize| matches!(tokens[*i].item, Item::Content(_)) && !tokens[*i].capital;
    let Some(name) = (0..at).rev().find(|i| !is_plain(i)) else { return false };
    let names = match tokens[name].item {
        Item::Content(_) => tokens[name].capital || name == pair.meant.subject().start,
        Item::Value(Kind::Number(_)) => name > 0 && tokens[name - 1].capital,
        _ => false,
    };
    let written = fold(&tokens[name].text);
    let is_kept = |part: &String| fold(part).split_whitespace().next_back() == Some(&written);
    let kinds: Vec<&Token> =
        (name + 1..tokens.len()).take_while(is_plain).map(|i| &tokens[i]).collect();
    let said = |token: &&Token| pair.said.tokens.iter().any(|other| other.item == token.item);
    let whole = kinds.last().is_some_and(said) || !kinds.iter().any(said);
    is_plain(&at) && names && whole && pair.fact.keep.iter().any(is_kept)
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
