//! What a claim leaves to be understood: a subject that several clauses share, a verb that the next
//! clause does not repeat.

use std::ops::Range;

use super::claim::{Claim, Item, Token};
use super::lexicon::Marker;
use crate::domain::language::values::Kind;

impl Claim {
    /// What the claim begins with, up to its first verb, if that is a plain subject: a thing
    /// without limits, denials, values or words such as "all".
    pub fn subject(&self) -> Range<usize> {
        let is_answer = |token: &&Token| matches!(token.item, Item::Yes | Item::No | Item::Regret);
        let start = self.tokens.iter().take_while(is_answer).count();
        let is_part = |at: &usize| match &self.tokens[*at].item {
            Item::Content(word) => {
                !self.is_verb(*at) && !matches!(word.as_str(), "all" | "any" | "each" | "som")
            }
            // A number after a name belongs to it.
            Item::Value(Kind::Number(_)) => {
                *at > start && (self.tokens[at - 1].capital || *at == start + 1)
            }
            Item::Glue(lemma) => {
                matches!(*lemma, "the" | "a" | "we" | "you" | "of")
                    || *at > start && matches!(*lemma, "to" | "in" | "for")
            }
            _ => false,
        };
        let end =
            (start..self.tokens.len()).take_while(is_part).last().map_or(start, |last| last + 1);
        if self.is_verb(end) { start..end } else { start..start }
    }

    /// The subject, if no later clause has one of its own.
    pub fn shared_subject(&self) -> Range<usize> {
        let subject = self.subject();
        let has_own = |clause: usize| {
            let first = self.of_clause(clause).find(|(_, token)| token.item != Item::Glue("and"));
            !first.is_some_and(|(at, token)| self.is_verb(at) || continues_subject(&token.item))
        };
        let last = self.tokens.last().map_or(0, |token| token.clause);
        let home = self.tokens.get(subject.start).map_or(0, |token| token.clause);
        if (home + 1..=last).any(has_own) { subject.start..subject.start } else { subject }
    }

    /// Whether a token is said once and meant in the next clause too: `dogs are welcome` in
    /// `dogs are welcome in the garden but not in the restaurant`, `in stock` in `the red one is in
    /// stock, the blue one is not`. If so, whether it is denied there.
    pub fn understood(&self, at: usize) -> Option<bool> {
        let clause = self.tokens[at].clause;
        let (_, first) = self.of_clause(clause + 1).next()?;
        let (_, last) = self.of_clause(clause + 1).last()?;
        let has_verb = |clause: usize| self.of_clause(clause).any(|(at, _)| self.is_verb(at));
        let is_opened = matches!(first.item, Item::Marker(marker, _) if marker.opens_clause());
        if is_opened || !has_verb(clause) {
            return None;
        }
        let ends_open = matches!(last.item, Item::Not | Item::Glue("be" | "do" | "have"));
        let is_predicate = || self.of_clause(clause).any(|(i, _)| i < at && self.is_verb(i));
        let is_elided = match ends_open {
            true => is_predicate(),
            false => {
                !has_verb(clause + 1)
                    && first.denied != self.tokens[at].denied
                    && !self.is_contrasted(at)
            }
        };
        is_elided.then_some(first.denied)
    }

    /// Whether a token stands in the run of words that its clause ends with: what the next clause
    /// puts something else for.
    fn is_contrasted(&self, at: usize) -> bool {
        let clause: Vec<(usize, &Token)> = self.of_clause(self.tokens[at].clause).collect();
        let mut run = clause.iter().rev().take_while(|(_, token)| token.item.target().is_some());
        run.any(|(i, _)| *i == at)
    }

    /// How many clauses have no verb of their own.
    pub fn verbless(&self) -> usize {
        let last = self.tokens.last().map_or(0, |token| token.clause);
        (1..=last).filter(|clause| !self.of_clause(*clause).any(|(at, _)| self.is_verb(at))).count()
    }

    fn of_clause(&self, clause: usize) -> impl Iterator<Item = (usize, &Token)> {
        self.tokens.iter().enumerate().filter(move |(_, token)| token.clause == clause)
    }
}

/// What a clause begins with that goes on about the subject before.
fn continues_subject(item: &Item) -> bool {
    match item {
        Item::Glue("it") | Item::Not => true,
        Item::Marker(marker, _) => marker.roams() || *marker == Marker::Only || marker.is_modal(),
        _ => false,
    }
}
