//! Guesses at what comes next, looked up in what was already read and written.
//!
//! Prompt lookup decoding (Saxena 2023): where the last few tokens occurred before, what followed
//! them there may follow again. Replies that copy facts from their prompt gain most. A model checks
//! a whole guess in one step, so a wrong one costs little and a right one saves a step a token.

use std::collections::HashMap;

/// How many tokens to guess: longer guesses were measured to be slower.
pub(crate) const DRAFT: usize = 4;
/// Tokens that must occur again, at least.
const SHORTEST: usize = 2;
/// More equal tokens than this make a guess no better.
const LONGEST: usize = 4;
/// Earlier places that are compared; `, and` may have hundreds.
const PLACES: usize = 16;
/// No earlier place.
const NONE: u32 = u32::MAX;

/// The tokens so far, and where each pair of them occurred.
pub(super) struct Lookup {
    tokens: Vec<u32>,
    /// For each pair, the position after its latest occurrence.
    latest: HashMap<(u32, u32), u32>,
    /// For each position, the one before it that follows the same pair.
    earlier: Vec<u32>,
}

impl Lookup {
    /// Begins with the prompt.
    pub fn new(prompt: &[u32]) -> Self {
        let mut lookup = Self { tokens: Vec::new(), latest: HashMap::new(), earlier: vec![NONE] };
        prompt.iter().for_each(|token| lookup.push(*token));
        lookup
    }

    /// Adds the next token.
    pub fn push(&mut self, token: u32) {
        self.tokens.push(token);
        let before = match self.tokens[..] {
            [.., a, b] => self.latest.insert((a, b), self.tokens.len() as u32),
            _ => None,
        };
        self.earlier.push(before.unwrap_or(NONE));
    }

    /// All tokens: the prompt, then what was pushed.
    pub fn tokens(&self) -> &[u32] {
        &self.tokens
    }

    /// What followed the longest earlier occurrence of the last tokens, the latest among equals; at
    /// most `most` tokens, none if the last two never occurred before.
    pub fn guess(&self, most: usize) -> &[u32] {
        let (mut best, mut longest) = (self.tokens.len(), SHORTEST - 1);
        let places = std::iter::successors(self.before(self.tokens.len()), |at| self.before(*at));
        for place in places.take(PLACES) {
            let common = self.common(place);
            if common > longest {
                (best, longest) = (place, common);
            }
        }
        let rest = &self.tokens[best..];
        &rest[..rest.len().min(most)]
    }

    fn before(&self, position: usize) -> Option<usize> {
        let place = self.earlier[position];
        (place != NONE).then_some(place as usize)
    }

    /// How many tokens before `place` equal the last ones.
    fn common(&self, place: usize) -> usize {
        let pairs = self.tokens[..place].iter().rev().zip(self.tokens.iter().rev());
        pairs.take(LONGEST).take_while(|(a, b)| a == b).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn what_followed_before_is_guessed_again() {
        let lookup = Lookup::new(&[1, 2, 3, 4, 5, 6, 7, 9, 2, 3]);
        assert_eq!(lookup.guess(DRAFT), [4, 5, 6, 7]);
        assert_eq!(lookup.guess(2), [4, 5]);
        assert!(lookup.guess(0).is_empty());
    }

    #[test]
    fn a_longer_match_beats_a_later_one_and_a_later_one_an_earlier() {
        let longer = Lookup::new(&[1, 2, 3, 10, 5, 2, 3, 11, 1, 2, 3]);
        assert_eq!(longer.guess(1), [10]);
        let later = Lookup::new(&[1, 2, 10, 1, 2, 11, 1, 2]);
        assert_eq!(later.guess(1), [11]);
    }

    #[test]
    fn there_is_no_guess_without_an_earlier_pair() {
        for tokens in [&[][..], &[1], &[1, 1], &[1, 2, 3, 4], &[3, 1, 4, 1, 5, 9, 2, 6, 5]] {
            assert!(Lookup::new(tokens).guess(4).is_empty(), "{tokens:?}");
        }
    }

    #[test]
    fn a_reply_that_repeats_itself_is_guessed_from_itself() {
        let mut lookup = Lookup::new(&[8, 9]);
        [1, 2, 3, 1, 2].into_iter().for_each(|token| lookup.push(token));
        assert_eq!(lookup.guess(8), [3, 1, 2]);
        assert_eq!(lookup.tokens(), [8, 9, 1, 2, 3, 1, 2]);
    }

    #[test]
    fn the_index_finds_what_a_scan_finds() {
        let mut random = Random::new(11);
        for _ in 0..200 {
            let tokens: Vec<u32> = (0..60).map(|_| (random.bits() % 9) as u32).collect();
            let end = tokens.len();
            let common = |place: usize| {
                (1..=LONGEST.min(place))
                    .take_while(|n| tokens[place - n] == tokens[end - n])
                    .count()
            };
            // The last of equals, hence by the largest pair of length and place.
            let best = (2..end).map(|place| (common(place), place)).max().unwrap();
            let want = if best.0 < SHORTEST { &[][..] } else { &tokens[best.1..] };
            assert_eq!(Lookup::new(&tokens).guess(1), &want[..want.len().min(1)], "{tokens:?}");
        }
    }
}
