//! Softmax over a whole row: the weights of its blocks, and a draw among all tokens.

use super::math::{exp, sum};
use pulp::{Arch, NullaryFnOnce};

const BLOCK: usize = 64;
const LANES: usize = 16;

/// `e^((score - best) * cold)` summed by block.
#[derive(Default)]
pub(super) struct Weights {
    sums: Vec<f32>,
    best: f32,
    cold: f32,
}

impl Weights {
    /// Takes in a row: `best` is its largest score, `cold` one over the temperature. Returns the
    /// sum of all weights; the best token has the weight 1.
    pub fn sum(&mut self, scores: &[f32], best: f32, cold: f32) -> f64 {
        (self.best, self.cold) = (best, cold);
        self.sums.resize(scores.len().div_ceil(BLOCK), 0.0);
        Arch::new().dispatch(Sums { scores, best, cold, sums: &mut self.sums });
        self.sums.iter().map(|sum| f64::from(*sum)).sum()
    }

    /// The token at `draw` (0 to 1) of the way through the weights of the row just taken in; none
    /// if rounding leads past the last one.
    pub fn draw(&self, scores: &[f32], draw: f64) -> Option<u32> {
        let mut left = draw * self.sums.iter().map(|sum| f64::from(*sum)).sum::<f64>();
        for (i, (block, sum)) in scores.chunks(BLOCK).zip(&self.sums).enumerate() {
            if left >= f64::from(*sum) {
                left -= f64::from(*sum);
                continue;
            }
            let mut last = None;
            for (score, token) in block.iter().zip((i * BLOCK) as u32..) {
                if *score > f32::NEG_INFINITY {
                    last = Some(token);
                    left -= f64::from(exp((score - self.best) * self.cold));
                    if left < 0.0 {
                        break;
                    }
                }
            }
            return last;
        }
        None
    }
}

struct Sums<'a> {
    scores: &'a [f32],
    best: f32,
    cold: f32,
    sums: &'a mut [f32],
}

impl NullaryFnOnce for Sums<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for (block, out) in self.scores.chunks(BLOCK).zip(self.sums) {
            let mut sums = [0.0; LANES];
            for part in block.chunks(LANES) {
                for (sum, score) in sums.iter_mut().zip(part) {
                    let weight = exp((score - self.best) * self.cold);
                    *sum += if *score > f32::NEG_INFINITY { weight } else { 0.0 };
                }
            }
            *out = sum(sums);
        }
    }
}
