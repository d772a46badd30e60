//! What a text claims: its tokens in clauses, each limit bound to what it limits.

use super::clause;
use super::lexicon::{Marker, is_verb};
use super::piece::{Part, pieces};
use super::reader::items;
use crate::domain::language::values::{Kind, Reading};

/// A text's tokens, with glue and without the marks between clauses.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    pub tokens: Vec<Token>,
    /// How many sentences it has.
    pub sentences: usize,
}

/// A word, phrase or value of a claim.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub item: Item,
    /// As written; for phrases their first word.
    pub text: String,
    /// The folded word it was read from; of a contraction the part. Empty for values and links.
    pub word: String,
    /// Whether it begins with a capital letter that its place does not explain.
    pub capital: bool,
    /// Which clause it stands in. Clauses are numbered through the claim.
    pub clause: usize,
    /// Which part it stands in: a sentence, or what a semicolon or a "but" parts.
    pub segment: usize,
    /// Whether its clause denies.
    pub denied: bool,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Item {
    Value(Kind),
    /// As written.
    Link(String),
    /// What it says, in canonical form.
    Content(String),
    /// A limit; whether it limits what stands before it.
    Marker(Marker, bool),
    Not,
    Glue(&'static str),
    /// An answer before the sentence proper.
    Yes,
    No,
    /// "Unfortunately", "sorry": a no that denies nothing.
    Regret,
    /// A mark that may part clauses.
    Break(Part),
}

/// What a limit limits.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Target {
    Value(Kind),
    Content(String),
    Nothing,
}

impl Item {
    /// What it is compared by: values and content, not what holds them together.
    pub fn target(&self) -> Option<Target> {
        match self {
            Item::Value(kind) => Some(Target::Value(kind.clone())),
            Item::Content(word) => Some(Target::Content(word.clone())),
            Item::Link(link) => Some(Target::Content(link.clone())),
            _ => None,
        }
    }

    /// Its canonical word or lemma.
    pub fn word(&self) -> Option<&str> {
        match self {
            Item::Content(word) => Some(word),
            Item::Glue(lemma) => Some(lemma),
            Item::Marker(Marker::Can, _) => Some("can"),
            _ => None,
        }
    }
}

impl Claim {
    /// Reads a text.
    pub fn read(text: &str, reading: &Reading) -> Self {
        let pieces = pieces(text, reading);
        let items = items(&pieces);
        let stops = |(_, item): &&(usize, Item)| matches!(item, Item::Break(Part::Stop));
        let sentences = items.iter().filter(stops).count().max(1);
        Self { tokens: clause::tokens(items, &pieces), sentences }
    }

    /// Everything that is compared by what it is: values, links and content.
    pub fn contents(&self) -> impl Iterator<Item = (usize, &Token, Target)> {
        let target = |(i, token): (usize, &'_ Token)| token.item.target().map(|target| (i, target));
        self.tokens
            .iter()
            .enumerate()
            .filter_map(move |(i, token)| target((i, token)).map(|(i, target)| (i, token, target)))
    }

    /// The values.
    pub fn values(&self) -> impl Iterator<Item = (usize, &Token, &Kind)> {
        self.tokens.iter().enumerate().filter_map(|(i, token)| match &token.item {
            Item::Value(kind) => Some((i, token, kind)),
            _ => None,
        })
    }

    /// Whether it has this canonical word or lemma.
    pub fn has_word(&self, word: &str) -> bool {
        self.tokens.iter().any(|token| token.item.word() == Some(word))
    }

    /// Whether a token is a verb that makes a clause.
    pub fn is_verb(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| is_verb(&token.word))
    }

    /// Each limit with what it limits.
    pub fn limits(&self) -> Vec<(usize, Marker, Target)> {
        let limit = |(i, token): (usize, &Token)| match token.item {
            Item::Marker(marker, postfix) => {
                let (marker, target) = self.bind(i, marker, postfix);
                Some((i, marker, target))
            }
            _ => None,
        };
        self.tokens.iter().enumerate().filter_map(limit).collect()
    }

    fn bind(&self, at: usize, marker: Marker, postfix: bool) -> (Marker, Target) {
        let segment = self.tokens[at].segment;
        let here = |token: &&Token| token.segment == segment;
        let after = || self.tokens[at + 1..].iter().take_while(here);
        let before = || self.tokens[..at].iter().rev().take_while(here);
        let target = |token: &Token| token.item.target();
        let money = |token: &Token| match &token.item {
            Item::Value(kind) if !kind.money().is_empty() => Some(Target::Value(kind.clone())),
            _ => None,
        };
        let price = |token: &&Token| token.item == Item::Content("pric".into());
        if postfix && marker != Marker::Old {
            // What is counted stands between the number and its limit: "five lessons or more".
            let mut two = before();
            if let (Some(counted), Some(number)) = (two.next(), two.next())
                && matches!(counted.item, Item::Content(_))
                && matches!(number.item, Item::Value(Kind::Number(_)))
            {
                return (marker, target(number).unwrap_or(Target::Nothing));
            }
            return (marker, before().find_map(target).unwrap_or(Target::Nothing));
        }
        match marker {
            Marker::Old => {
                let found = after().find_map(money).or_else(|| before().find_map(money));
                (marker, found.unwrap_or(Target::Nothing))
            }
            Marker::Past => match after().filter(|t| !price(t)).find(|t| target(t).is_some()) {
                Some(token) if money(token).is_some() => {
                    (Marker::Old, target(token).unwrap_or(Target::Nothing))
                }
                found => (marker, found.and_then(target).unwrap_or(Target::Nothing)),
            },
            _ => (marker, after().find_map(target).unwrap_or(Target::Nothing)),
        }
    }
}
