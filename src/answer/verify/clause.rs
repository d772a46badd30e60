//! Which tokens of a claim belong together, and which of them are denied.

use super::claim::{Item, Token};
use super::lexicon::{Marker, is_command, is_verb};
use super::piece::{Part, Piece};

/// Tokens between two marks that might part clauses.
struct Fragment {
    /// Indices into the items.
    items: Vec<usize>,
    /// How it is parted from the one before.
    parting: Parting,
}

/// How two fragments are parted.
#[derive(Clone, Copy, PartialEq)]
enum Parting {
    /// By a full stop, a semicolon, a "but".
    Segment,
    /// By a word that opens a clause: "if", "without".
    Opened,
    /// By a comma, a colon, brackets, a dash.
    Comma,
    /// By "and" or "or".
    And,
}

/// The items as tokens with their clauses. Commas and "and" part clauses only where both sides
/// have a verb or a value (or the right one a denial), so that "red and blue" stays together and
/// "the jacket is red and the trousers are blue" does not.
pub(super) fn tokens(items: Vec<(usize, Item)>, pieces: &[Piece]) -> Vec<Token> {
    let fragments = fragments(&items, pieces);
    let mut tokens: Vec<Token> = Vec::new();
    let (mut clause, mut segment) = (0, 0);
    let mut open: Vec<usize> = Vec::new();
    for fragment in fragments {
        let parted = !open.is_empty() && is_parted(&open, &fragment, &items, pieces);
        if parted {
            deny(&mut tokens, clause);
            clause += 1;
            open.clear();
        }
        segment += usize::from(fragment.parting == Parting::Segment && !tokens.is_empty());
        for index in &fragment.items {
            let (piece, item) = &items[*index];
            let starts = *piece == 0 || matches!(pieces[piece - 1].part, Part::Stop);
            tokens.push(Token {
                item: item.clone(),
                text: pieces[*piece].text.clone(),
                word: match &pieces[*piece].part {
                    Part::Word(word) => word.clone(),
                    _ => String::new(),
                },
                capital: pieces[*piece].capital && !starts,
                clause,
                segment,
                denied: false,
            });
        }
        open.extend(fragment.items);
    }
    deny(&mut tokens, clause);
    tokens
}

/// Marks the tokens of a clause that an odd number of denials stand in.
fn deny(tokens: &mut [Token], clause: usize) {
    let denials = |token: &&Token| match token.item {
        Item::Not => true,
        Item::Marker(marker, _) => marker.denies(),
        _ => false,
    };
    let count = tokens.iter().filter(|token| token.clause == clause).filter(denials).count();
    if count % 2 == 1 {
        tokens
            .iter_mut()
            .filter(|token| token.clause == clause)
            .for_each(|token| token.denied = true);
    }
}

fn fragments(items: &[(usize, Item)], pieces: &[Piece]) -> Vec<Fragment> {
    let mut fragments = vec![Fragment { items: Vec::new(), parting: Parting::Segment }];
    for (index, (piece, item)) in items.iter().enumerate() {
        let word = match &pieces[*piece].part {
            Part::Word(word) => word.as_str(),
            _ => "",
        };
        let parting = match item {
            Item::Break(Part::Stop) => Some(Parting::Segment),
            Item::Break(Part::Comma | Part::Dash) => Some(Parting::Comma),
            Item::Glue("and")
                if matches!(
                    word,
                    "but" | "while" | "whereas" | "although" | "though" | "however"
                ) =>
            {
                Some(Parting::Segment)
            }
            Item::Glue("and" | "which") => Some(Parting::And),
            Item::Marker(marker, false) if marker.opens_clause() => Some(Parting::Opened),
            _ => None,
        };
        if let Some(parting) = parting {
            let empty = fragments.last().is_some_and(|last| last.items.is_empty());
            match fragments.last_mut().filter(|_| empty) {
                Some(last) => last.parting = stronger(last.parting, parting),
                None => fragments.push(Fragment { items: Vec::new(), parting }),
            }
        }
        if !matches!(item, Item::Break(_))
            && let Some(last) = fragments.last_mut()
        {
            last.items.push(index);
        }
    }
    fragments.retain(|fragment| !fragment.items.is_empty());
    fragments
}

fn stronger(one: Parting, other: Parting) -> Parting {
    let rank = |parting| match parting {
        Parting::Segment => 3,
        Parting::Opened => 2,
        Parting::Comma => 1,
        Parting::And => 0,
    };
    if rank(one) >= rank(other) { one } else { other }
}

fn is_parted(
    open: &[usize],
    fragment: &Fragment,
    items: &[(usize, Item)],
    pieces: &[Piece],
) -> bool {
    let has_core = |indices: &[usize]| {
        let word = |i: &usize| match &pieces[items[*i].0].part {
            Part::Word(word) => word.as_str(),
            _ => "",
        };
        let first = indices.iter().find(|i| {
            !matches!(items[**i].1, Item::Not | Item::Glue("and" | "please") | Item::Yes | Item::No)
        });
        first.is_some_and(|i| is_command(word(i)))
            || indices.iter().any(|i| {
                let (piece, item) = &items[*i];
                let verb = matches!(&pieces[*piece].part, Part::Word(word) if is_verb(word));
                verb || matches!(item, Item::Value(_))
            })
    };
    let denies = |indices: &[usize]| indices.iter().any(|i| items[*i].1 == Item::Not);
    // "And never", "and no": but in "cotton and wool are not" both are denied.
    let begins_denied = fragment
        .items
        .iter()
        .map(|i| &items[*i].1)
        .find(|item| !matches!(item, Item::Glue(_)))
        .is_some_and(|item| *item == Item::Not)
        && !has_core(&fragment.items);
    let opened = open.iter().find_map(|i| match items[*i].1 {
        Item::Marker(marker, _) => Some(marker),
        Item::Glue(_) => None,
        _ => Some(Marker::Can),
    });
    let answer_only =
        open.iter().all(|i| matches!(items[*i].1, Item::Yes | Item::No | Item::Regret));
    match fragment.parting {
        Parting::Segment | Parting::Opened => true,
        _ if answer_only => true,
        Parting::Comma if opened.is_some_and(Marker::opens_clause) => true,
        Parting::And if begins_denied => true,
        Parting::Comma | Parting::And => {
            has_core(open) && (has_core(&fragment.items) || denies(&fragment.items))
        }
    }
}
