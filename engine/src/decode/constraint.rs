//! What a reply may say at all: a mask over the scores, moved on by each token.
//!
//! ```text
//! Constraint (of a request) ─> Guard { words, rule, place } ── allows / mask / accept ── per token
//! ```
//!
//! Both rules are automata over bytes, so it does not matter how a vocabulary cuts a text into
//! tokens: a token is allowed if the automaton survives its bytes. [`copy`] and [`choice`] say what
//! the automata accept, [`lexer`] what counts as a fact, [`classes`] why a mask is cheap.
//!
//! There is always a way on: whatever was accepted, some token is allowed. Each rule leaves out
//! texts that cannot be written byte by byte with the vocabulary at hand.

mod choice;
mod classes;
mod copy;
mod lexer;
mod trie;

pub(super) use classes::Classes;

use super::words::Words;
use choice::Choice;
use copy::Copy;
use std::sync::Arc;

/// A limit to what the reply may say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Constraint {
    /// Any text, but numbers, e-mail addresses and links only as they stand in one of the spans,
    /// from their start to their end. Digits are ASCII digits; a number in words is only words.
    Copy {
        /// The texts that may be copied from.
        spans: Vec<String>,
    },
    /// One of the options to the letter, and nothing more. Without any, the reply is empty.
    Choice {
        /// What the reply may be.
        options: Vec<String>,
    },
}

/// A constraint, and how far the reply has come in it.
pub(super) struct Guard {
    words: Arc<Words>,
    rule: Rule,
}

enum Rule {
    Copy(Copy, copy::Place),
    Choice(Choice, choice::Place),
}

impl Guard {
    /// Before the first token.
    pub fn new(words: Arc<Words>, constraint: &Constraint) -> Self {
        let rule = match constraint {
            Constraint::Copy { spans } => Rule::Copy(Copy::new(&words, spans), copy::Place::START),
            Constraint::Choice { options } => {
                Rule::Choice(Choice::new(&words, options), choice::Place::START)
            }
        };
        Self { words, rule }
    }

    /// Whether the reply may go on with this token, or end with it.
    #[cfg(test)]
    pub fn allows(&self, token: u32) -> bool {
        self.allowed(&[token]) == 1
    }

    /// How many of these tokens may follow each other from here. A token that ends the reply is
    /// the last one that may.
    pub fn allowed(&self, tokens: &[u32]) -> usize {
        match &self.rule {
            Rule::Copy(copy, place) => {
                self.follow(tokens, *place, |p, b| copy.step(p, b), |p| !p.midway())
            }
            Rule::Choice(choice, place) => {
                self.follow(tokens, *place, |p, b| choice.step(p, b), |p| choice.whole(p))
            }
        }
    }

    fn follow<P: std::marker::Copy>(
        &self,
        tokens: &[u32],
        mut place: P,
        step: impl Fn(P, u8) -> Option<P>,
        may_end: impl Fn(P) -> bool,
    ) -> usize {
        for (i, token) in tokens.iter().enumerate() {
            if self.words.ends(*token) {
                return if may_end(place) { i + 1 } else { i };
            }
            let bytes = self.words.bytes(*token);
            match bytes.iter().try_fold(place, |place, byte| step(place, *byte)) {
                Some(after) if !bytes.is_empty() => place = after,
                _ => return i,
            }
        }
        tokens.len()
    }

    /// Sets the scores of all tokens that are not allowed to minus infinity.
    pub fn mask(&self, scores: &mut [f32]) {
        match &self.rule {
            Rule::Copy(copy, place) => copy.mask(&self.words, *place, scores),
            Rule::Choice(choice, place) => choice.mask(&self.words, *place, scores),
        }
    }

    /// Moves on by a token that is allowed. After one that is not, the rule begins anew.
    pub fn accept(&mut self, token: u32) {
        let bytes = self.words.bytes(token);
        match &mut self.rule {
            Rule::Copy(copy, place) => {
                let after = bytes.iter().try_fold(*place, |place, byte| copy.step(place, *byte));
                *place = after.unwrap_or(copy::Place::START);
            }
            Rule::Choice(choice, place) => {
                let after = bytes.iter().try_fold(*place, |place, byte| choice.step(place, *byte));
                *place = after.unwrap_or(choice::Place::START);
            }
        }
    }

    /// Whether what was begun must go on, so that the reply may not end here.
    pub fn midway(&self) -> bool {
        match &self.rule {
            Rule::Copy(_, place) => place.midway(),
            Rule::Choice(choice, place) => !choice.whole(*place),
        }
    }

    /// Whether nothing can follow but the end.
    pub fn done(&self) -> bool {
        match &self.rule {
            Rule::Copy(..) => false,
            Rule::Choice(choice, place) => choice.done(*place),
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
