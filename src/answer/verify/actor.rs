//! Is it still the same one who does it, gets it, has it? `You pay` is not `we pay`, and who gets
//! an item for €25 does not get €25 for it.

use super::claim::{Claim, Item, Target, Token};
use super::inclusion;
use super::{Doubt, Pair};

/// Who does something or owns it: `you` or `we`, and the next word.
type Actor<'c> = (&'static str, &'c str, usize);

pub(super) fn doubts(pair: &Pair) -> Vec<Doubt> {
    let (said, meant) = (actors(&pair.said), actors(&pair.meant));
    let is_exchanged = |(person, word, _): &&Actor| {
        let of_word = || meant.iter().filter(|(_, other, _)| other == word);
        let known = of_word().any(|(other, ..)| other == person);
        let other_does = of_word().next().is_some();
        !known && (other_does || is_done_by_the_other(person, word))
    };
    let text = |(.., at): &Actor| pair.said.tokens[*at].text.clone();
    let exchanged = said.iter().filter(is_exchanged).map(|actor| Doubt::Order(text(actor)));
    exchanged.chain(handed(pair)).chain(accompanied(pair)).collect()
}

/// Money that is got or offered in one and not in the other.
fn handed(pair: &Pair) -> Vec<Doubt> {
    let given = |claim: &Claim| -> Vec<Item> {
        let is_given = |at: usize| {
            let before = claim.tokens[..at].iter().rev().find(|token| {
                !matches!(token.item, Item::Glue("a" | "the" | "you" | "we") | Item::Marker(..))
            });
            before.is_some_and(|token| {
                matches!(token.item, Item::Glue("get" | "offer" | "have" | "find"))
            })
        };
        claim
            .values()
            .filter(|(at, _, kind)| !kind.money().is_empty() && is_given(*at))
            .map(|(_, token, _)| token.item.clone())
            .collect()
    };
    let (said, meant) = (given(&pair.said), given(&pair.meant));
    let differs = |token: &&Token| said.contains(&token.item) != meant.contains(&token.item);
    pair.said
        .tokens
        .iter()
        .filter(|token| token.item.target().is_some())
        .filter(differs)
        .map(|token| Doubt::Order(token.text.clone()))
        .collect()
}

/// What "with" stands before must be what it stands before in the fact, or what the fact's thing
/// has or comes with; never a price.
fn accompanied(pair: &Pair) -> Vec<Doubt> {
    let after_with = |claim: &Claim| -> Vec<(usize, Target)> {
        let next = |at: usize| {
            let clause = claim.tokens[at].clause;
            let after = || claim.tokens[at + 1..].iter().filter(|token| token.clause == clause);
            let content = after().find(|token| matches!(token.item, Item::Content(_)));
            content.or_else(|| after().next()).and_then(|token| token.item.target())
        };
        let with = Item::Content("with".into());
        claim
            .tokens
            .iter()
            .enumerate()
            .filter(|(_, token)| token.item == with)
            .filter_map(|(at, _)| next(at).map(|target| (at, target)))
            .collect()
    };
    // `A lock is included with the bike`: whether that is so is another check's question.
    let is_passive = |at: usize| inclusion::is_passive(&pair.said, at);
    let meant = after_with(&pair.meant);
    let is_known = |target: &Target| meant.iter().any(|(_, other)| other == target);
    let is_money =
        |target: &Target| matches!(target, Target::Value(kind) if !kind.money().is_empty());
    after_with(&pair.said)
        .into_iter()
        .filter(|(at, _)| !is_passive(*at))
        .filter(|(_, target)| !is_known(target) && (!meant.is_empty() || is_money(target)))
        .filter(|(_, target)| {
            !pair.meant.has_word("have") && !pair.meant.has_word("includ") || is_money(target)
        })
        .map(|(at, _)| Doubt::Order(pair.said.tokens[at].text.clone()))
        .collect()
}

fn actors(claim: &Claim) -> Vec<Actor<'_>> {
    let word_after = |at: usize| {
        claim.tokens[at + 1..].iter().find_map(|token| match &token.item {
            Item::Content(word) => Some(word.as_str()),
            _ => None,
        })
    };
    let actor = |(at, token): (usize, &Token)| match token.item {
        Item::Glue(person @ ("you" | "we")) => word_after(at).map(|word| (person, word, at)),
        _ => None,
    };
    claim.tokens.iter().enumerate().filter_map(actor).collect()
}

/// What customers do and shops do not, and the other way, where the fact names nobody.
fn is_done_by_the_other(person: &str, word: &str) -> bool {
    match person {
        "we" => matches!(word, "return" | "pay" | "cancel" | "order" | "book" | "choos" | "pickup"),
        _ => matches!(word, "ship" | "deliver" | "dispatch" | "refund" | "repair" | "replac"),
    }
}
