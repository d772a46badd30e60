//! Does the same thing come with the same thing? `The lamp includes a bulb` may be said as `a bulb
//! is included with the lamp`, but not as `the bulb includes a lamp`.

use super::claim::{Claim, Item};
use super::order::{Placed, placed};
use super::{Doubt, Pair};

/// Where a clause says that one thing comes with another.
struct Inclusion {
    /// The verb.
    at: usize,
    /// Whether the thing that has the other is named before the verb.
    holder_first: bool,
    /// Whether it is more than a "has", which helps many verbs.
    is_plain: bool,
}

/// The inclusion a clause speaks of.
fn of_clause(claim: &Claim, clause: usize) -> Option<Inclusion> {
    let tokens = || claim.tokens.iter().enumerate().filter(|(_, token)| token.clause == clause);
    let include = tokens().find(|(_, token)| token.item == Item::Content("includ".into()));
    if let Some((at, token)) = include {
        return Some(Inclusion { at, holder_first: !token.word.ends_with("ed"), is_plain: true });
    }
    let is_with = |at: usize| {
        claim.tokens.get(at + 1).is_some_and(|token| token.item == Item::Content("with".into()))
    };
    tokens()
        .find(|(at, token)| match token.item {
            Item::Glue("have") => true,
            Item::Glue("come") => is_with(*at),
            _ => false,
        })
        .map(|(at, token)| Inclusion {
            at,
            holder_first: true,
            is_plain: token.item != Item::Glue("have"),
        })
}

pub(super) fn doubts(pair: &Pair) -> Vec<Doubt> {
    let Pair { said, meant, .. } = pair;
    let mut doubts = Vec::new();
    for placed in placed(said, meant) {
        if changes_side(&placed, said, meant) {
            doubts.push(Doubt::Order(said.tokens[placed.said_at].text.clone()));
        }
    }
    doubts
}

/// Whether a thing that has something in the fact is had by it in the sentence.
fn changes_side(placed: &Placed, said: &Claim, meant: &Claim) -> bool {
    let own = of_clause(said, said.tokens[placed.said_at].clause);
    let known = of_clause(meant, placed.clause);
    let (Some(own), Some(known)) = (own, known) else { return false };
    let is_verb = placed.at == known.at || placed.said_at == own.at;
    let is_with = meant.tokens[placed.at].item == Item::Content("with".into());
    let holds = |inclusion: &Inclusion, at: usize| (at < inclusion.at) == inclusion.holder_first;
    (own.is_plain || known.is_plain)
        && !is_verb
        && !is_with
        && holds(&own, placed.said_at) != holds(&known, placed.at)
}

/// Whether the clause of a token says that something is included.
pub(super) fn is_passive(claim: &Claim, at: usize) -> bool {
    of_clause(claim, claim.tokens[at].clause).is_some_and(|inclusion| !inclusion.holder_first)
}

/// Whether fact and sentence name the two in opposite order, each in its own right.
pub(super) fn is_inverse(placed: &Placed, said: &Claim, meant: &Claim) -> bool {
    let own = of_clause(said, said.tokens[placed.said_at].clause);
    let known = of_clause(meant, placed.clause);
    own.zip(known).is_some_and(|(own, known)| own.holder_first != known.holder_first)
}
