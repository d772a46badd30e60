//! Facts only as copies: each run of the reply is a run of one of the spans (see [`lexer`]).
//!
//! What is remembered of the word being written is where it stands among the runs of the spans, if
//! it begins like one of them at all. A plain word may go on as it likes until a byte would make it
//! a run: from then on it must be the beginning of a run that may be copied. It may end where it is
//! one, and soft bytes may follow it there.
//!
//! There is always a way on. Outside runs and after whole ones a gap is allowed. Midway in a run it
//! stands on a node of the trie where no run ends, hence with a child, and the byte that leads there
//! is a token of its own, or the run would have been left out.
//!
//! [`lexer`]: super::lexer

use super::super::words::Words;
use super::classes::forbid_all_but;
use super::lexer::{Clues, Kind, begins, kind, runs};
use super::trie::{Node, OFF, ROOT, Trie};

/// The runs that may be copied.
pub(super) struct Copy {
    runs: Trie,
}

/// How far the last word of the reply has come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Among the runs; [`ROOT`] outside of words.
    node: Node,
    clues: Clues,
    /// Whether the word is a run.
    run: bool,
    /// Whether it may be copied as it is, without its soft bytes at the end.
    whole: bool,
}

impl Place {
    /// Outside of words.
    pub const START: Self = Self { node: ROOT, clues: Clues::NONE, run: false, whole: false };

    /// Whether it is in a run that must go on.
    #[inline]
    pub fn midway(self) -> bool {
        self.run && !self.whole
    }
}

impl Copy {
    /// The runs of the spans, without those that this vocabulary cannot write.
    pub fn new(words: &Words, spans: &[String]) -> Self {
        let all = spans.iter().flat_map(|span| runs(span.as_bytes()));
        Self { runs: Trie::new(all.filter(|run| words.can_write(run))) }
    }

    /// After another byte, if that is allowed.
    #[inline]
    pub fn step(&self, place: Place, byte: u8) -> Option<Place> {
        let kind = kind(byte);
        if kind == Kind::Gap || (place.node == ROOT && !begins(byte)) {
            return (!place.midway()).then_some(Place::START);
        }
        let node = self.runs.child(place.node, byte);
        let clues = place.clues.then(byte);
        let run = place.run || clues.found();
        let whole = if kind == Kind::Soft { place.whole } else { self.runs.ends(node) };
        (!run || node != OFF || whole).then_some(Place { node, clues, run, whole })
    }

    /// Forbids what may not follow.
    pub fn mask(&self, words: &Words, place: Place, scores: &mut [f32]) {
        let follows = |token| {
            words.bytes(token).iter().try_fold(place, |at, byte| self.step(at, *byte)).is_some()
        };
        let on = self.runs.next(place.node).iter();
        let on = on.flat_map(|(byte, _)| words.beginning(*byte));
        if place.midway() {
            return forbid_all_but(scores, on, follows);
        }
        let classes = &words.classes;
        if place.run || place.clues.begun().next().is_some() {
            let on = on.filter(|token| classes.is_word(**token) && follows(**token));
            let kept: Vec<(u32, f32)> = on.map(|t| (*t, scores[*t as usize])).collect();
            if place.run {
                classes.forbid_words(scores);
            } else {
                classes.forbid_completing(place.clues, scores);
            }
            kept.into_iter().for_each(|(token, score)| scores[token as usize] = score);
        }
        classes.forbid_looked_at(scores, follows);
    }
}
