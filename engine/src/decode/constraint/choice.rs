//! One of several texts to the letter.
//!
//! There is always a way on: where no option ends, another byte of one follows, and that byte is a
//! token of its own, or the option would have been left out. Without any option the reply can only
//! end.

use super::super::words::Words;
use super::classes::forbid_all_but;
use super::trie::{Node, OFF, ROOT, Trie};

/// What the reply may be.
pub(super) struct Choice {
    options: Trie,
}

/// Where the reply stands among the options.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place(Node);

impl Place {
    /// Before the first byte.
    pub const START: Self = Self(ROOT);
}

impl Choice {
    /// The options that this vocabulary can write.
    pub fn new(words: &Words, options: &[String]) -> Self {
        let options = options.iter().map(String::as_bytes);
        Self { options: Trie::new(options.filter(|option| words.can_write(option))) }
    }

    /// After another byte, if an option goes on with it.
    #[inline]
    pub fn step(&self, place: Place, byte: u8) -> Option<Place> {
        let node = self.options.child(place.0, byte);
        (node != OFF).then_some(Place(node))
    }

    /// Whether the reply is an option, or there is none.
    pub fn whole(&self, place: Place) -> bool {
        self.options.ends(place.0) || self.options.next(place.0).is_empty()
    }

    /// Whether it is one that is not the beginning of another.
    pub fn done(&self, place: Place) -> bool {
        self.options.next(place.0).is_empty()
    }

    /// Forbids what may not follow.
    pub fn mask(&self, words: &Words, place: Place, scores: &mut [f32]) {
        let on = self.options.next(place.0).iter();
        let on = on.flat_map(|(byte, _)| words.beginning(*byte));
        let ends = if self.whole(place) { words.classes.ends() } else { &[] };
        forbid_all_but(scores, on.chain(ends), |token| {
            words.ends(token)
                || words.bytes(token).iter().try_fold(place, |p, b| self.step(p, *b)).is_some()
        });
    }
}
