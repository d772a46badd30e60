//! Causal attention of new positions over a cache, with rotary positions and shared key heads.

use super::math::{exp, sum};
use pulp::{Arch, NullaryFnOnce};
use rayon::prelude::*;

/// The only head width there is a kernel for; it has to be known when compiling.
pub(crate) const HEAD: usize = 64;

/// Positions whose keys are stored together: for each key head [`HEAD`] runs of this many numbers,
/// so that the scores of sixteen positions are sums side by side.
pub(crate) const RUN: usize = 16;

/// One new row: where its keys and values are, and how many of them it may see.
#[derive(Clone, Copy)]
pub(crate) struct Sight<'a> {
    /// Keys of all positions as [`put_key`] leaves them; whole runs.
    pub keys: &'a [f32],
    /// Values of all positions, `key_heads * HEAD` numbers each.
    pub values: &'a [f32],
    /// Positions from the first that are visible, the row's own included.
    pub visible: usize,
}

/// Stores the key of a position (`key_heads * HEAD` numbers) among the others.
pub(crate) fn put_key(keys: &mut [f32], position: usize, key: &[f32]) {
    let run = &mut keys[position / RUN * RUN * key.len()..][..RUN * key.len()];
    for (place, number) in run.chunks_exact_mut(RUN).zip(key) {
        place[position % RUN] = *number;
    }
}

/// Attends for each row of `queries` (`heads * HEAD` numbers a row). Returns rows of the same
/// width. `heads` is a multiple of `key_heads`.
pub(crate) fn attend(
    queries: &[f32],
    sights: &[Sight<'_>],
    heads: usize,
    key_heads: usize,
) -> Vec<f32> {
    let group = heads / key_heads * HEAD;
    let mut out = vec![0.0; queries.len()];
    let groups = out.par_chunks_mut(group).zip(queries.par_chunks(group)).enumerate();
    groups.for_each_init(Vec::new, |scores, (i, (out, queries))| {
        let (sight, key_head) = (sights[i / key_heads], i % key_heads);
        Arch::new().dispatch(Group { queries, sight, key_head, key_heads, scores, out });
    });
    out
}

/// The query heads of one row that share one key head.
struct Group<'a> {
    queries: &'a [f32],
    sight: Sight<'a>,
    key_head: usize,
    key_heads: usize,
    scores: &'a mut Vec<f32>,
    out: &'a mut [f32],
}

impl NullaryFnOnce for Group<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { queries, sight, key_head, key_heads, scores, out } = self;
        let (at, stride) = (key_head * HEAD, key_heads * HEAD);
        let padded = sight.visible.next_multiple_of(RUN);
        scores.clear();
        scores.resize(queries.len() / HEAD * padded, 0.0);
        for (run, keys) in sight.keys.chunks_exact(RUN * stride).take(padded / RUN).enumerate() {
            let keys = keys[at * RUN..(at + HEAD) * RUN].as_chunks::<RUN>().0;
            for (query, scores) in queries.chunks_exact(HEAD).zip(scores.chunks_exact_mut(padded)) {
                score(query, keys, &mut scores[run * RUN..(run + 1) * RUN]);
            }
        }
        for (scores, out) in scores.chunks_exact_mut(padded).zip(out.chunks_exact_mut(HEAD)) {
            scores[sight.visible..].fill(f32::NEG_INFINITY);
            let total = exponentiate(scores);
            let mut mixed = [0f32; HEAD];
            for (weight, value) in scores.iter().zip(sight.values.chunks_exact(stride)) {
                for (mixed, value) in mixed.iter_mut().zip(&value[at..at + HEAD]) {
                    *mixed += weight * value;
                }
            }
            for (out, mixed) in out.iter_mut().zip(mixed) {
                *out = mixed / total;
            }
        }
    }
}

/// The scores of one query with a run of keys.
#[inline(always)]
fn score(query: &[f32], keys: &[[f32; RUN]], scores: &mut [f32]) {
    const SCALE: f32 = 0.125; // 1 / sqrt(HEAD)
    // Four sums for each position, so that additions need not wait for one another.
    let mut sums = [[0f32; RUN]; 4];
    for (query, keys) in query.as_chunks::<4>().0.iter().zip(keys.as_chunks::<4>().0) {
        for i in 0..4 {
            for position in 0..RUN {
                sums[i][position] += query[i] * keys[i][position];
            }
        }
    }
    for (position, score) in scores.iter_mut().enumerate() {
        let (even, odd) =
            (sums[0][position] + sums[2][position], sums[1][position] + sums[3][position]);
        *score = (even + odd) * SCALE;
    }
}

/// Replaces scores by `exp(score - largest)` and returns their sum. Length a multiple of 16.
#[inline(always)]
fn exponentiate(scores: &mut [f32]) -> f32 {
    let mut largest = [f32::NEG_INFINITY; 16];
    for chunk in scores.as_chunks::<16>().0 {
        for (most, x) in largest.iter_mut().zip(chunk) {
            *most = if x > most { *x } else { *most };
        }
    }
    let largest = super::math::largest(largest);
    let mut sums = [0f32; 16];
    for chunk in scores.as_chunks_mut::<16>().0 {
        for (sum, x) in sums.iter_mut().zip(chunk) {
            // Padding is minus infinity and must weigh exactly nothing.
            *x = if *x == f32::NEG_INFINITY { 0.0 } else { exp(*x - largest) };
            *sum += *x;
        }
    }
    sum(sums)
}

/// Turns each pair `(2i, 2i + 1)` of each head by `position * frequency[i]` (the pairing that GGUF
/// files of llama models are stored for). `turns` is `(cos, sin)` for each pair of one position.
pub(crate) fn rotate(heads: &mut [f32], turns: &[(f32, f32)]) {
    for head in heads.chunks_exact_mut(HEAD) {
        for (pair, (cos, sin)) in head.as_chunks_mut::<2>().0.iter_mut().zip(turns) {
            let [a, b] = *pair;
            *pair = [a * cos - b * sin, a * sin + b * cos];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::random::Random;

    #[test]
    fn attention_is_a_weighted_mean_of_visible_values() {
        let (heads, key_heads, length) = (6, 2, 21);
        let mut random = Random::new(5);
        let keys = random.normals(length * key_heads * HEAD);
        let values = random.normals(length * key_heads * HEAD);
        let queries = random.normals(2 * heads * HEAD);
        let mut runs = vec![0.0; length.next_multiple_of(RUN) * key_heads * HEAD];
        for (position, key) in keys.chunks_exact(key_heads * HEAD).enumerate() {
            put_key(&mut runs, position, key);
        }
        let sights = [17, 21].map(|visible| Sight { keys: &runs, values: &values, visible });
        let out = attend(&queries, &sights, heads, key_heads);
        for (row, sight) in sights.iter().enumerate() {
            for head in 0..heads {
                let at = (head / 3) * HEAD;
                let query = &queries[(row * heads + head) * HEAD..][..HEAD];
                let score = |p: usize| -> f64 {
                    let key = &keys[p * key_heads * HEAD + at..][..HEAD];
                    query.iter().zip(key).map(|(q, k)| f64::from(q * k)).sum::<f64>() / 8.0
                };
                let weights: Vec<f64> = (0..sight.visible).map(|p| score(p).exp()).collect();
                let total: f64 = weights.iter().sum();
                for i in 0..HEAD {
                    let want: f64 = weights
                        .iter()
                        .enumerate()
                        .map(|(p, w)| w / total * f64::from(values[p * key_heads * HEAD + at + i]))
                        .sum();
                    let got = f64::from(out[(row * heads + head) * HEAD + i]);
                    assert!((got - want).abs() < 1e-4, "{got} is not {want}");
                }
            }
        }
    }

    #[test]
    fn turning_keeps_length_and_turns_pairs() {
        let mut head = vec![0.0; HEAD];
        (head[0], head[1], head[2]) = (1.0, 0.0, 2.0);
        let turns: Vec<(f32, f32)> = (0..HEAD / 2).map(|_| (0.0, 1.0)).collect();
        rotate(&mut head, &turns);
        assert_eq!(&head[..4], &[0.0, 1.0, 0.0, 2.0]);
    }
}
