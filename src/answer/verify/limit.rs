//! Does it limit, condition and permit what the fact does, and nothing else?

use super::claim::{Claim, Item, Target};
use super::lexicon::{Marker, is_command};
use super::thesaurus::renderings;
use super::{Doubt, Pair};
use crate::domain::language::values::{Dimension, Kind};

type Limit = (usize, Marker, Target);

pub(super) fn doubts(pair: &Pair) -> Vec<Doubt> {
    let Pair { said, meant, .. } = pair;
    let (own, known) = (said.limits(), meant.limits());
    let understood = understood(meant);
    let added = own
        .iter()
        .filter(|limit| {
            let mut known = known.iter().chain(&understood);
            !known.any(|other| is_same(other, limit) || is_same_only(pair, other, limit))
        })
        .filter(|limit| !may_be_added(limit, pair, &known))
        .map(|limit| doubt(said, limit));
    let dropped = known
        .iter()
        .filter(|limit| {
            !own.iter().any(|other| is_same(limit, other) || is_same_only(pair, limit, other))
        })
        .filter(|limit| !may_be_dropped(limit, pair, &own))
        .map(|limit| doubt(meant, limit));
    added.chain(dropped).collect()
}

fn doubt(claim: &Claim, (at, marker, _): &Limit) -> Doubt {
    let text = claim.tokens[*at].text.clone();
    match marker {
        Marker::Than => Doubt::Comparative(text),
        Marker::Without | Marker::Except | Marker::Unless => Doubt::Negation(text),
        _ => Doubt::Modality(text),
    }
}

/// Whether the second is a wording of the first.
fn is_same((_, meant, of): &Limit, (_, said, by): &Limit) -> bool {
    let alike = meant == said
        || matches!(
            (meant, said),
            (Marker::Can, Marker::Barred)
                | (Marker::Barred, Marker::Can)
                | (Marker::Within, Marker::UpTo)
                | (Marker::UpTo, Marker::Within)
                | (Marker::Before, Marker::Until)
                | (Marker::Until, Marker::Before)
        );
    let same_target = match (of, by) {
        (Target::Content(of), Target::Content(by)) => {
            of == by || renderings(of).contains(&by.as_str())
        }
        _ => of == by,
    };
    alike && (same_target || meant.roams())
}

/// Permissions that the next clause leaves out: `can be exchanged but not refunded`.
fn understood(meant: &Claim) -> Vec<Limit> {
    let next = |at: usize| {
        let clause = meant.tokens[at].clause + 1;
        meant
            .tokens
            .iter()
            .filter(|token| token.clause == clause)
            .find_map(|token| token.item.target())
    };
    let modal = |(at, token): (usize, &super::claim::Token)| match token.item {
        Item::Marker(marker, _) if marker.is_modal() => {
            meant.understood(at).and_then(|_| next(at)).map(|target| (at, marker, target))
        }
        _ => None,
    };
    meant.tokens.iter().enumerate().filter_map(modal).collect()
}

/// "Only" may stand before the verb or after it, `we only deliver to Ireland` and `we deliver to
/// Ireland only`: what it stands before may differ by two words, which are no part of the subject.
fn is_same_only(pair: &Pair, (known, meant, _): &Limit, (own, said, _): &Limit) -> bool {
    if *meant != Marker::Only || *said != Marker::Only {
        return false;
    }
    let subject: Vec<Target> =
        pair.meant.subject().filter_map(|at| pair.meant.tokens[at].item.target()).collect();
    let (of, by) = (limited_by_only(&pair.meant, *known), limited_by_only(&pair.said, *own));
    let differ: Vec<&Target> = of
        .iter()
        .filter(|target| !by.contains(target))
        .chain(by.iter().filter(|target| !of.contains(target)))
        .collect();
    differ.len() <= 2 && !differ.iter().any(|target| subject.contains(target))
}

/// What stands after an "only" in its clause, or the words right before it if it ends the clause.
fn limited_by_only(claim: &Claim, at: usize) -> Vec<Target> {
    let clause = claim.tokens[at].clause;
    let target = |token: &super::claim::Token| token.item.target();
    let here = |token: &&super::claim::Token| token.clause == clause;
    let after: Vec<Target> =
        claim.tokens[at + 1..].iter().filter(here).filter_map(target).collect();
    let before = || claim.tokens[..at].iter().rev().map_while(target).collect();
    if after.is_empty() { before() } else { after }
}

/// `you can get`, `can hold up to`, `we cannot` for `we do not`, `will ship` for `ships`; an `if`
/// around a limit that the fact has on the same value.
fn may_be_added((at, marker, target): &Limit, pair: &Pair, known: &[Limit]) -> bool {
    let Pair { said, meant, .. } = pair;
    match marker {
        Marker::Can => {
            says_nothing(said, *at)
                || (said.tokens[*at].denied && follows_we(said, *at))
                || is_service(said, *at, target, meant)
                || meant.has_word("possibl")
        }
        Marker::Will => happens(target) || takes_time(said, *at),
        Marker::If => limits_value_of_clause(said, *at, known),
        _ => false,
    }
}

/// `you can reach us at` may become `reach us at`.
fn may_be_dropped((at, marker, target): &Limit, pair: &Pair, own: &[Limit]) -> bool {
    let Pair { said, meant, .. } = pair;
    match marker {
        Marker::Can => {
            says_nothing(meant, *at)
                || is_invitation(said, target)
                || is_done_by_shops(target) && is_service(meant, *at, target, said)
        }
        Marker::Must | Marker::Should => is_order(said, target),
        Marker::Will => happens(target),
        Marker::If => limits_value_of_clause(meant, *at, own),
        _ => false,
    }
}

/// A `can` before a verb that asserts nothing, or that names a capacity.
fn says_nothing(claim: &Claim, at: usize) -> bool {
    let after = claim.tokens[at + 1..].iter().map(|token| &token.item);
    match after.into_iter().find(|item| **item != Item::Glue("be")) {
        Some(Item::Glue(lemma)) => matches!(*lemma, "get" | "find"),
        Some(Item::Content(word)) => matches!(word.as_str(), "sleep" | "hold" | "carri" | "fit"),
        _ => false,
    }
}

fn follows_we(claim: &Claim, at: usize) -> bool {
    let before = claim.tokens[..at].iter().rev().find(|token| token.item != Item::Not);
    before.is_some_and(|token| token.item == Item::Glue("we"))
}

/// What happens once an order is placed: it ships and it will ship are the same. What is in stock
/// and what will be are not.
fn happens(target: &Target) -> bool {
    let verb = match target {
        Target::Content(verb) => verb,
        // What will cost €5, or be 3 m long, need not now.
        Target::Value(_) | Target::Nothing => return false,
    };
    matches!(
        verb.as_str(),
        "tak"
            | "ship"
            | "deliver"
            | "dispatch"
            | "arriv"
            | "reach"
            | "receiv"
            | "repli"
            | "refund"
            | "help"
            | "repair"
    )
}

/// `we can repair` for `we repair`: what a shop does, it can do. "May" and "could" are less.
fn is_service(said: &Claim, at: usize, target: &Target, meant: &Claim) -> bool {
    let does = |pair: &[super::claim::Token]| {
        pair[0].item == Item::Glue("we") && pair[1].item.target().as_ref() == Some(target)
    };
    said.tokens[at].word == "can" && !said.tokens[at].denied && meant.tokens.windows(2).any(does)
}

/// What shops do: `tents can be rented` may become `we rent tents`.
fn is_done_by_shops(target: &Target) -> bool {
    let Target::Content(verb) = target else { return false };
    matches!(verb.as_str(), "rent" | "repair" | "deliver" | "ship")
}

/// Whether something is done or ready in a clause that says how long that takes: it is washed
/// within a day, and it will be.
fn takes_time(said: &Claim, at: usize) -> bool {
    let clause = said.tokens[at].clause;
    let of_clause = || said.tokens.iter().filter(|token| token.clause == clause);
    let time = [Dimension::Days, Dimension::WorkingDays, Dimension::Time];
    let is_time = |token: &super::claim::Token| match &token.item {
        Item::Value(kind) => kind.quantities().iter().any(|q| time.contains(&q.dimension)),
        _ => false,
    };
    let next = said.tokens[at + 1..].iter().find(|token| token.item.target().is_some());
    of_clause().any(is_time)
        && next.is_some_and(|token| token.word.ends_with("ed") || token.word == "ready")
}

/// Whether the sentence gives the order itself: `please order two days ahead` for `cakes have to be
/// ordered two days ahead`.
fn is_order(said: &Claim, target: &Target) -> bool {
    let is_polite = |item: &Item| matches!(item, Item::Glue("please") | Item::Yes | Item::No);
    let first = said.tokens.iter().find(|token| !is_polite(&token.item));
    let polite = said.tokens.first().is_some_and(|token| token.item == Item::Glue("please"));
    first.is_some_and(|token| {
        token.item.target().as_ref() == Some(target) && (polite || is_command(&token.word))
    })
}

/// Whether the claim begins with the verb itself, and obeying it binds nobody.
fn is_invitation(said: &Claim, target: &Target) -> bool {
    let first = said.tokens.first().and_then(|token| token.item.target());
    let Target::Content(verb) = target else { return false };
    matches!(verb.as_str(), "reach" | "phon" | "email" | "visit" | "ask" | "book")
        && first.as_ref() == Some(target)
}

/// Whether the clause of an `if` is a whole one and has a value that the other claim limits
/// without an `if`: `if your order is over €50`, `for orders over €50`.
fn limits_value_of_clause(claim: &Claim, at: usize, limits: &[Limit]) -> bool {
    let clause = claim.tokens[at].clause;
    let of_clause = |i: &usize| claim.tokens[*i].clause == clause;
    let opens = !(0..at).any(|i| of_clause(&i));
    let subject = claim
        .tokens
        .get(at + 1)
        .is_some_and(|token| matches!(token.item, Item::Glue("you" | "the")));
    let has_verb = (at + 1..claim.tokens.len())
        .filter(of_clause)
        .any(|i| claim.is_verb(i) || claim.tokens[i].item == Item::Content("order".into()));
    let is_bound = |kind: &Kind| {
        limits.iter().any(|(_, marker, target)| {
            matches!(marker, Marker::Over | Marker::AtLeast | Marker::Under | Marker::Before)
                && *target == Target::Value(kind.clone())
        })
    };
    opens
        && subject
        && has_verb
        && claim.values().any(|(i, _, kind)| of_clause(&i) && i > at && is_bound(kind))
}
