//! Conversations that were read lately, so that whoever begins like one of them need not be read
//! from the start.

use crate::model::Memory;

/// Fewer shared tokens than this are read again.
const WORTH_IT: usize = 8;

/// At most so many; the memory they may take is somebody else's rule. The latest used come last.
pub(super) struct Prefixes<M> {
    kept: Vec<(Vec<u32>, M)>,
    most: usize,
}

impl<M: Memory> Prefixes<M> {
    /// None yet, `most` at most.
    pub fn new(most: usize) -> Self {
        Self { kept: Vec::new(), most }
    }

    /// A memory of the longest beginning of `tokens` that was read before, but never of all of
    /// them: something must be left to read.
    pub fn recall(&mut self, tokens: &[u32]) -> Option<M> {
        let shared = |kept: &[u32]| kept.iter().zip(tokens).take_while(|(a, b)| a == b).count();
        let best = (0..self.kept.len()).rev().max_by_key(|i| shared(&self.kept[*i].0))?;
        let length = shared(&self.kept[best].0).min(tokens.len().saturating_sub(1));
        if length < WORTH_IT {
            return None;
        }
        let memory = self.kept[best].1.fork(length).filter(|memory| memory.len() <= length)?;
        let used = self.kept.remove(best);
        self.kept.push(used);
        Some(memory)
    }

    /// Keeps a memory of `tokens`, unless one that goes on from there is kept; those of its
    /// beginnings are no longer needed.
    pub fn keep(&mut self, tokens: Vec<u32>, memory: M) {
        let known = || self.kept.iter().any(|(kept, _)| kept.starts_with(&tokens));
        if tokens.len() < WORTH_IT || tokens.len() != memory.len() || known() {
            return;
        }
        self.kept.retain(|(kept, _)| !tokens.starts_with(kept));
        self.kept.push((tokens, memory));
        if self.kept.len() > self.most {
            self.kept.remove(0);
        }
    }

    /// Lets go of the one that was not used for longest. Says whether there was one.
    pub fn forget(&mut self) -> bool {
        let some = !self.kept.is_empty();
        if some {
            self.kept.remove(0);
        }
        some
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.kept.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    struct Length(usize);

    impl Memory for Length {
        fn len(&self) -> usize {
            self.0
        }
        fn fork(&self, len: usize) -> Option<Self> {
            Some(Self(len))
        }
        fn truncate(&mut self, len: usize) -> bool {
            self.0 = len;
            true
        }
    }

    fn prefixes(all: &[&[u32]]) -> Prefixes<Length> {
        let mut prefixes = Prefixes::new(3);
        for tokens in all {
            prefixes.keep(tokens.to_vec(), Length(tokens.len()));
        }
        prefixes
    }

    #[test]
    fn the_longest_shared_beginning_is_recalled_but_never_all() {
        let long: Vec<u32> = (0..30).collect();
        let mut other = long[..15].to_vec();
        other.extend([99; 10]);
        let mut prefixes = prefixes(&[&long[..20], &other]);
        assert_eq!(prefixes.recall(&long), Some(Length(20)));
        assert_eq!(prefixes.recall(&long[..18]), Some(Length(17)));
        assert_eq!(prefixes.recall(&other[..20]), Some(Length(19)));
        assert_eq!(prefixes.recall(&[99; 10]), None);
        assert_eq!(prefixes.recall(&long[..5]), None);
    }

    #[test]
    fn a_longer_conversation_takes_the_place_of_its_beginning() {
        let long: Vec<u32> = (0..30).collect();
        assert_eq!(prefixes(&[&long[..10], &long[..20], &long]).len(), 1);
        assert_eq!(prefixes(&[&long, &long[..10]]).len(), 1);
    }

    #[test]
    fn there_are_never_more_than_may_be() {
        let all: Vec<Vec<u32>> = (0..9).map(|i| vec![i; 10]).collect();
        let all: Vec<&[u32]> = all.iter().map(Vec::as_slice).collect();
        assert_eq!(prefixes(&all).len(), 3);
    }

    #[test]
    fn the_one_unused_for_longest_is_forgotten_first() {
        let [a, b, c] = [1u32, 2, 3].map(|i| vec![i; 10]);
        let mut prefixes = prefixes(&[&a, &b, &c]);
        prefixes.recall(&[&a[..], &[7]].concat());
        assert!(prefixes.forget());
        let mut held = |tokens: &[u32]| prefixes.recall(&[tokens, &[7]].concat()).is_some();
        assert_eq!([held(&a), held(&b), held(&c)], [true, false, true]);
    }
}
