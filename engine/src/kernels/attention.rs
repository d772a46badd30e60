//! Causal attention of new positions over a cache, with rotary positions and shared key heads.

use super::math::{dot, exp, sum};
use pulp::Arch;
use rayon::prelude::*;

/// The only head width there is a kernel for; it has to be known when compiling.
pub(crate) const HEAD: usize = 64;

/// Most query heads that may share one key head.
pub(crate) const SHARED: usize = 8;

/// One new row: where its keys and values are, and how many of them it may see.
#[derive(Clone, Copy)]
pub(crate) struct Sight<'a> {
    /// Keys of all positions, `key_heads * HEAD` numbers each.
    pub keys: &'a [f32],
    /// Values of all positions, likewise.
    pub values: &'a [f32],
    /// Positions from the first that are visible, the row's own included.
    pub visible: usize,
}

/// Attends for each row of `queries` (`heads * HEAD` numbers a row). Returns rows of the same
/// width. `heads` is a multiple of `key_heads`, at most [`SHARED`] times as many.
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
        Arch::new().dispatch(
            #[inline(always)]
            || one_group(queries, sights[i / key_heads], i % key_heads, key_heads, scores, out),
        );
    });
    out
}

/// The query heads of one row that share one key head.
#[inline(always)]
fn one_group(
    queries: &[f32],
    sight: Sight<'_>,
    key_head: usize,
    key_heads: usize,
    scores: &mut Vec<f32>,
    out: &mut [f32],
) {
    const SCALE: f32 = 0.125; // 1 / sqrt(HEAD)
    let (stride, at) = (key_heads * HEAD, key_head * HEAD);
    let padded = sight.visible.next_multiple_of(16);
    scores.clear();
    scores.resize(queries.len() / HEAD * padded, f32::NEG_INFINITY);
    for (position, key) in sight.keys.chunks_exact(stride).take(sight.visible).enumerate() {
        let key = &key[at..at + HEAD];
        for (query, scores) in queries.chunks_exact(HEAD).zip(scores.chunks_exact_mut(padded)) {
            scores[position] = dot(query, key) * SCALE;
        }
    }
    let mut totals = [0f32; SHARED];
    for (scores, total) in scores.chunks_exact_mut(padded).zip(&mut totals) {
        *total = exponentiate(scores);
    }
    let mut mixed = [[0f32; HEAD]; SHARED];
    for (position, value) in sight.values.chunks_exact(stride).take(sight.visible).enumerate() {
        let value = &value[at..at + HEAD];
        for (mixed, scores) in mixed.iter_mut().zip(scores.chunks_exact(padded)) {
            let weight = scores[position];
            for (mixed, value) in mixed.iter_mut().zip(value) {
                *mixed += weight * value;
            }
        }
    }
    for ((out, mixed), total) in out.chunks_exact_mut(HEAD).zip(&mixed).zip(totals) {
        for (out, mixed) in out.iter_mut().zip(mixed) {
            *out = mixed / total;
        }
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
    let largest = largest.iter().fold(f32::NEG_INFINITY, |a, b| if *b > a { *b } else { a });
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
        let sights = [17, 21].map(|visible| Sight { keys: &keys, values: &values, visible });
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
