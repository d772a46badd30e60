//! How the next token is chosen from a row of scores.
//!
//! In this order: scores of tokens written lately are lowered, what is forbidden is masked (not
//! here), scores are divided by the temperature, and the likeliest `top_k`, of those the likeliest
//! that have the probability `top_p` together, of those the ones at least `min_p` times as likely
//! as the likeliest are drawn from. Nothing sorts the vocabulary: see [`likeliest`].
//!
//! A draw depends on the seed and on how many tokens the reply has, on nothing else: neither on
//! other replies nor on how many scores were computed in one step.

mod likeliest;
mod math;
mod weights;

use crate::random::Random;
use likeliest::Likeliest;
pub(crate) use likeliest::argmax;
use math::exp;
use weights::Weights;

/// How the next token is chosen. The default is always the likeliest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sampling {
    /// What scores are divided by; below 1 is bolder, above wilder. 0 is always the likeliest
    /// token, whatever the limits below say.
    pub temperature: f32,
    /// Only this many of the likeliest tokens; 0 is all.
    pub top_k: usize,
    /// Only the fewest likeliest tokens that have this probability together (Holtzman et al. 2020,
    /// "The Curious Case of Neural Text Degeneration"); 1 is all.
    pub top_p: f32,
    /// Only tokens at least this many times as likely as the likeliest (Nguyen et al. 2024,
    /// "Turning Up the Heat"); 0 is all.
    pub min_p: f32,
    /// Makes what the reply said lately less likely (Keskar et al. 2019, "CTRL", section 4.1):
    /// positive scores are divided by it, negative ones multiplied; 1 changes nothing.
    pub repetition: f32,
    /// How many tokens back `repetition` looks, within the reply.
    pub window: usize,
    /// The same seed gives the same reply.
    pub seed: u64,
}

impl Default for Sampling {
    fn default() -> Self {
        Self {
            temperature: 0.0,
            top_k: 0,
            top_p: 1.0,
            min_p: 0.0,
            repetition: 1.0,
            window: 64,
            seed: 0,
        }
    }
}

impl Sampling {
    /// Always the likeliest token: the same request gets the same reply.
    pub fn likeliest() -> Self {
        Self::default()
    }

    /// At random by probability.
    pub fn random(temperature: f32, seed: u64) -> Self {
        Self { temperature, seed, ..Self::default() }
    }

    /// Lowers the scores of `written` tokens, within the window; each once.
    pub(super) fn penalise(&self, scores: &mut [f32], written: &[u32]) {
        if self.repetition == 1.0 {
            return;
        }
        let lately = &written[written.len().saturating_sub(self.window)..];
        for (i, token) in lately.iter().enumerate() {
            let Some(score) = scores.get_mut(*token as usize) else { continue };
            if !lately[..i].contains(token) {
                *score =
                    if *score > 0.0 { *score / self.repetition } else { *score * self.repetition };
            }
        }
    }
}

/// Chooses, and keeps the memory it needs for that.
#[derive(Default)]
pub(super) struct Sampler {
    likeliest: Likeliest,
    weights: Weights,
}

impl Sampler {
    /// The token after `written` others. `None` if no token has a score: all are minus infinity or
    /// no number.
    pub fn choose(&mut self, sampling: &Sampling, scores: &[f32], written: usize) -> Option<u32> {
        let top = argmax(scores)?;
        let best = scores[top as usize];
        // So that a temperature that is no number is none.
        let random = sampling.temperature > 0.0 && best.is_finite();
        if !random {
            return Some(top);
        }
        let draw = Random::after(sampling.seed, written as u64).fraction();
        let cold = 1.0 / sampling.temperature;
        let floor = if sampling.min_p > 0.0 {
            best + sampling.temperature * sampling.min_p.min(1.0).ln()
        } else {
            f32::NEG_INFINITY
        };
        let limited = sampling.top_k > 0 || sampling.top_p < 1.0;
        if !limited && floor == f32::NEG_INFINITY {
            self.weights.sum(scores, best, cold);
            return Some(self.weights.draw(scores, draw).unwrap_or(top));
        }
        let kept = if limited {
            self.limited(sampling, scores, best, cold)
        } else {
            self.likeliest.above(scores, floor)
        };
        Some(drawn(kept, |score| weight(score, best, cold), floor, draw).unwrap_or(top))
    }

    /// The natural logarithm of a token's probability, by these scores as they are.
    pub fn likelihood(&mut self, scores: &[f32], token: u32) -> f64 {
        let Some(best) = argmax(scores).map(|top| scores[top as usize]) else { return 0.0 };
        let all = self.weights.sum(scores, best, 1.0);
        f64::from(scores[token as usize] - best) - all.ln()
    }

    /// The likeliest tokens that `top_k` and `top_p` leave, at least one.
    fn limited(&mut self, sampling: &Sampling, scores: &[f32], best: f32, cold: f32) -> &[Scored] {
        let weigh = |score| weight(score, best, cold);
        let top_p = f64::from(sampling.top_p);
        let likeliest = &mut self.likeliest;
        if sampling.top_k > 0 {
            likeliest.first(scores, sampling.top_k);
            if top_p < 1.0 {
                let all: f64 = likeliest.kept().iter().map(|(score, _)| weigh(*score)).sum();
                likeliest.cut(top_p * all, weigh);
            }
            return likeliest.kept();
        }
        let all = self.weights.sum(scores, best, cold);
        // Mostly a few tokens are enough.
        likeliest.first(scores, 64);
        if !likeliest.cut(top_p * all, weigh) {
            likeliest.above(scores, f32::NEG_INFINITY);
            likeliest.cut(top_p * all, weigh);
        }
        likeliest.kept()
    }
}

/// A token and its score.
type Scored = (f32, u32);

/// How likely a token is, relative to the best.
fn weight(score: f32, best: f32, cold: f32) -> f64 {
    f64::from(exp((score - best) * cold))
}

/// The token at `draw` (0 to 1) of the way through the weights of those above the floor; none if
/// rounding leads past the last one.
fn drawn(kept: &[Scored], weigh: impl Fn(f32) -> f64, floor: f32, draw: f64) -> Option<u32> {
    let above = || kept.iter().filter(|(score, _)| *score >= floor);
    let mut left = draw * above().map(|(score, _)| weigh(*score)).sum::<f64>();
    let found = above().find(|(score, _)| {
        left -= weigh(*score);
        left < 0.0
    });
    found.map(|(_, token)| *token)
}

#[cfg(test)]
mod tests;
