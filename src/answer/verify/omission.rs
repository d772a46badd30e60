//! What of a fact a wording may leave out.

use super::Pair;
use super::claim::{Claim, Item, Token};
use super::lexicon::is_verb;
use crate::domain::language::fold;
use crate::domain::language::values::Kind;

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
pub(super) fn is_named_by_pronoun(pair: &Pair, at: usize) -> bool {
    let answers = |token: &&Token| matches!(token.item, Item::Yes | Item::No | Item::Regret);
    let first = pair.said.tokens.iter().find(|token| !answers(token));
    let is_pronoun = first.is_some_and(|token| token.item == Item::Glue("it"));
    is_pronoun && pair.meant.subject().contains(&at)
}

/// Whether a word only says what kind of thing a kept name is: the `desk lamp` of an `Aura desk
/// lamp`, where `Aura` is all that must be kept. The last of them may only go with the rest: an
/// `Aura desk` is something else.
pub(super) fn follows_kept_name(pair: &Pair, at: usize) -> bool {
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
