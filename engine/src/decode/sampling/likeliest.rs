//! The largest scores of a row, without sorting it.
//!
//! The row is cut into blocks and the largest score of each is taken, which vectorises. The k-th
//! largest of these is a bound that at least k scores reach, so the k largest scores all lie in the
//! few blocks whose largest reaches it. A score that is no number is never larger than another.

use super::Scored;
use pulp::{Arch, NullaryFnOnce};

/// Scores in a block: few enough to look through, enough to leave few blocks.
const BLOCK: usize = 64;
const LANES: usize = 16;

/// The token with the largest score, the lowest among equals; none if no score is above minus
/// infinity.
pub(crate) fn argmax(scores: &[f32]) -> Option<u32> {
    let (block, best) = Arch::new().dispatch(Best(scores));
    let begin = block? * BLOCK;
    let at = scores[begin..].iter().position(|score| *score == best)?;
    Some((begin + at) as u32)
}

/// Finds the first block with the largest score.
struct Best<'a>(&'a [f32]);

impl NullaryFnOnce for Best<'_> {
    type Output = (Option<usize>, f32);

    #[inline(always)]
    fn call(self) -> Self::Output {
        let mut best = (None, f32::NEG_INFINITY);
        for (i, block) in self.0.chunks(BLOCK).enumerate() {
            let peak = peak(block);
            if peak > best.1 {
                best = (Some(i), peak);
            }
        }
        best
    }
}

/// The largest score of a block.
#[inline(always)]
fn peak(block: &[f32]) -> f32 {
    let mut most = [f32::NEG_INFINITY; LANES];
    let (whole, rest) = block.as_chunks::<LANES>();
    for part in whole {
        for (most, score) in most.iter_mut().zip(part) {
            *most = if *score > *most { *score } else { *most };
        }
    }
    for (most, score) in most.iter_mut().zip(rest) {
        *most = if *score > *most { *score } else { *most };
    }
    for half in [8, 4, 2, 1] {
        for i in 0..half {
            most[i] = if most[i + half] > most[i] { most[i + half] } else { most[i] };
        }
    }
    most[0]
}

/// The largest of each block, and the scores that were picked last.
#[derive(Default)]
pub(super) struct Likeliest {
    peaks: Vec<f32>,
    sorted: Vec<f32>,
    kept: Vec<Scored>,
}

impl Likeliest {
    /// The `most` largest scores, or all there are, from the largest; equal ones by token.
    pub fn first(&mut self, scores: &[f32], most: usize) -> &[Scored] {
        self.look(scores);
        let bound = if most < self.peaks.len() {
            self.sorted.clone_from(&self.peaks);
            *self.sorted.select_nth_unstable_by(most - 1, |a, b| b.total_cmp(a)).1
        } else {
            f32::NEG_INFINITY
        };
        self.pick(scores, bound);
        if most < self.kept.len() {
            self.kept.select_nth_unstable_by(most - 1, order);
            self.kept.truncate(most);
        }
        self.kept.sort_unstable_by(order);
        &self.kept
    }

    /// The scores that are at least `floor`, in the order of tokens.
    pub fn above(&mut self, scores: &[f32], floor: f32) -> &[Scored] {
        self.look(scores);
        self.pick(scores, floor);
        &self.kept
    }

    /// Of what was picked last, leaves the fewest of the largest that weigh `share` together. If
    /// all weigh less, leaves all and returns false.
    ///
    /// Halves what is in question each time, by one selection and one sum over it.
    pub fn cut(&mut self, mut share: f64, weigh: impl Fn(f32) -> f64) -> bool {
        let sum = |part: &[Scored]| part.iter().map(|(score, _)| weigh(*score)).sum::<f64>();
        if sum(&self.kept) < share {
            return false;
        }
        let (mut begin, mut end) = (0, self.kept.len());
        while end - begin > 1 {
            let half = (end - begin) / 2;
            let part = &mut self.kept[begin..end];
            part.select_nth_unstable_by(half, order);
            let upper = sum(&part[..half]);
            if upper >= share {
                end = begin + half;
            } else {
                share -= upper;
                begin += half;
            }
        }
        self.kept.truncate(end);
        true
    }

    /// What was picked last.
    pub fn kept(&self) -> &[Scored] {
        &self.kept
    }

    fn look(&mut self, scores: &[f32]) {
        let blocks = scores.len().div_ceil(BLOCK);
        self.peaks.resize(blocks, 0.0);
        Arch::new().dispatch(Peaks { scores, peaks: &mut self.peaks });
    }

    fn pick(&mut self, scores: &[f32], bound: f32) {
        self.kept.clear();
        for (i, (block, peak)) in scores.chunks(BLOCK).zip(&self.peaks).enumerate() {
            if *peak < bound {
                continue;
            }
            let tokens = (i * BLOCK) as u32..;
            let scored = block.iter().copied().zip(tokens);
            self.kept.extend(scored.filter(|(s, _)| *s >= bound && *s > f32::NEG_INFINITY));
        }
    }
}

/// From the largest score; equal ones by token.
fn order(a: &Scored, b: &Scored) -> std::cmp::Ordering {
    b.0.total_cmp(&a.0).then(a.1.cmp(&b.1))
}

/// Finds the largest score of every block.
struct Peaks<'a> {
    scores: &'a [f32],
    peaks: &'a mut [f32],
}

impl NullaryFnOnce for Peaks<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for (block, out) in self.scores.chunks(BLOCK).zip(self.peaks) {
            *out = peak(block);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Few different scores, so that there are equals.
    fn score() -> impl Strategy<Value = f32> {
        prop_oneof![8 => (-20i8..20).prop_map(|x| f32::from(x) * 0.5), 1 => Just(f32::NAN), 1 => Just(f32::NEG_INFINITY)]
    }

    fn sorted(scores: &[f32]) -> Vec<Scored> {
        let mut all: Vec<Scored> =
            scores.iter().copied().zip(0..).filter(|(s, _)| *s > f32::NEG_INFINITY).collect();
        all.sort_by(|a, b| b.0.partial_cmp(&a.0).unwrap()); // stable: equals stay in their order
        all
    }

    proptest! {
        #[test]
        fn the_largest_come_first_as_if_all_were_sorted(
            scores in prop::collection::vec(score(), 0..1000),
            most in 1usize..40,
        ) {
            let want = sorted(&scores);
            let mut likeliest = Likeliest::default();
            let first = likeliest.first(&scores, most);
            prop_assert_eq!(first, &want[..want.len().min(most)]);
            let (first, want) = (argmax(&scores), want.first().map(|(_, token)| *token));
            prop_assert_eq!(first, want);
        }

        #[test]
        fn those_above_a_floor_are_all_of_them(scores in prop::collection::vec(score(), 0..500)) {
            let mut likeliest = Likeliest::default();
            let mut want = sorted(&scores);
            want.retain(|(score, _)| *score >= 3.0);
            want.sort_by_key(|(_, token)| *token);
            prop_assert_eq!(likeliest.above(&scores, 3.0), want);
        }
    }

    #[test]
    fn a_cut_leaves_the_fewest_that_weigh_enough() {
        let scores: Vec<f32> = (0u16..100).map(|i| f32::from(i * 37 % 100)).collect();
        for (share, count) in [(0.0, 1u8), (99.0, 1), (99.5, 2), (1000.0, 11), (4950.0, 99)] {
            let mut likeliest = Likeliest::default();
            likeliest.above(&scores, f32::NEG_INFINITY);
            assert!(likeliest.cut(share, f64::from));
            let mut left: Vec<f32> = likeliest.kept().iter().map(|(score, _)| *score).collect();
            left.sort_by(f32::total_cmp);
            let want: Vec<f32> = (100 - count..100).map(f32::from).collect();
            assert_eq!(left, want, "{share}");
            assert!(!likeliest.cut(4951.0, f64::from) && likeliest.kept().len() == left.len());
        }
    }

    #[test]
    fn the_lowest_of_equals_wins_and_what_is_no_number_never() {
        let mut scores = vec![1.0; 200];
        scores[3] = f32::NAN;
        (scores[70], scores[71], scores[199]) = (2.0, 2.0, 2.0);
        assert_eq!(argmax(&scores), Some(70));
        assert_eq!(argmax(&[f32::NAN, f32::NEG_INFINITY]), None);
        assert_eq!(argmax(&[f32::NAN, -1e30]), Some(1));
        assert_eq!(argmax(&[]), None);
    }
}
