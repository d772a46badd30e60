//! What can be known of a token before any reply: whether a mask must look at its bytes at all.
//!
//! Most tokens carry no clue and begin either with a gap, so that they are fine wherever a word may
//! end, or with a byte of a word, so that they are fine in plain words unless they complete a clue,
//! and never after a run unless they go on with a longer one. Only the rest, some hundreds, is
//! followed byte by byte, and what goes on with a run.

use super::super::words::Words;
use super::lexer::{BEGUN, Clues, Kind, has_clue, kind};

/// See the module.
#[derive(Default)]
pub(in crate::decode) struct Classes {
    /// For each token, whether it begins with a byte of a word that is not soft, and has no clue.
    word: Vec<bool>,
    /// For each way to have begun a clue, those of them that complete it.
    completing: [Vec<u32>; BEGUN],
    /// Tokens to be looked at: with a clue, or beginning with a soft byte.
    look: Vec<u32>,
    /// Tokens that write nothing and do not end the reply: of no use.
    idle: Vec<u32>,
    /// Tokens that end the reply.
    ends: Vec<u32>,
}

impl Classes {
    /// Looks at each token once.
    pub fn of(words: &Words) -> Self {
        let mut classes = Self { word: vec![false; words.len()], ..Self::default() };
        for token in words.tokens() {
            let bytes = words.bytes(token);
            let Some(first) = bytes.first().map(|first| kind(*first)) else {
                let list = if words.ends(token) { &mut classes.ends } else { &mut classes.idle };
                list.push(token);
                continue;
            };
            if words.ends(token) {
                classes.ends.push(token);
            } else if first == Kind::Soft || has_clue(bytes) {
                classes.look.push(token);
            } else if first == Kind::Word {
                classes.word[token as usize] = true;
                let completing = classes.completing.iter_mut().zip(0..);
                completing.filter(|(_, n)| completes(*n, bytes)).for_each(|(l, _)| l.push(token));
            }
        }
        classes
    }

    /// Forbids what begins with a byte of a word, as far as it need not be looked at.
    pub fn forbid_words(&self, scores: &mut [f32]) {
        for (score, word) in scores.iter_mut().zip(&self.word) {
            *score = if *word { f32::NEG_INFINITY } else { *score };
        }
    }

    /// Forbids what completes a clue, likewise.
    pub(super) fn forbid_completing(&self, clues: Clues, scores: &mut [f32]) {
        for token in clues.begun().flat_map(|number| &self.completing[number]) {
            scores[*token as usize] = f32::NEG_INFINITY;
        }
    }

    /// Whether the token begins with a byte of a word that is not soft, and has no clue.
    pub fn is_word(&self, token: u32) -> bool {
        self.word.get(token as usize).copied().unwrap_or(false)
    }

    /// Forbids the tokens to be looked at that `allows` does not allow, and the idle ones.
    pub fn forbid_looked_at(&self, scores: &mut [f32], allows: impl Fn(u32) -> bool) {
        for token in &self.look {
            if !allows(*token) {
                scores[*token as usize] = f32::NEG_INFINITY;
            }
        }
        for token in &self.idle {
            scores[*token as usize] = f32::NEG_INFINITY;
        }
    }

    /// The tokens that end the reply.
    pub fn ends(&self) -> &[u32] {
        &self.ends
    }
}

/// Whether bytes that have no clue of their own complete one.
fn completes(begun: usize, bytes: &[u8]) -> bool {
    let mut clues = Clues::as_begun(begun);
    let mut word = bytes.iter().take_while(|byte| kind(**byte) != Kind::Gap);
    word.any(|byte| {
        clues = clues.then(*byte);
        clues.found()
    })
}

/// Forbids all tokens but those of `candidates` that `allows` allows.
pub(super) fn forbid_all_but<'a>(
    scores: &mut [f32],
    candidates: impl Iterator<Item = &'a u32>,
    allows: impl Fn(u32) -> bool,
) {
    let scored = |token: &u32| (*token, scores[*token as usize]);
    let kept: Vec<(u32, f32)> = candidates.filter(|t| allows(**t)).map(scored).collect();
    scores.fill(f32::NEG_INFINITY);
    kept.into_iter().for_each(|(token, score)| scores[token as usize] = score);
}
