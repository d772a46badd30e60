//! What each limit leaves, and how often each token is drawn.

use super::*;
use proptest::prelude::*;

const NONE: f32 = f32::NEG_INFINITY;

fn choose(sampling: Sampling, scores: &[f32], written: usize) -> Option<u32> {
    Sampler::default().choose(&sampling, scores, written)
}

/// How often each token comes in `draws` draws.
fn counts(sampling: Sampling, scores: &[f32], draws: usize) -> Vec<usize> {
    let mut counts = vec![0; scores.len()];
    let mut sampler = Sampler::default();
    for written in 0..draws {
        counts[sampler.choose(&sampling, scores, written).unwrap() as usize] += 1;
    }
    counts
}

fn softmax(scores: &[f32], temperature: f32) -> Vec<f64> {
    let weights: Vec<f64> = scores.iter().map(|s| f64::from(s / temperature).exp()).collect();
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / sum).collect()
}

/// Within five standard deviations of what the probabilities promise.
fn assert_follow(counts: &[usize], probabilities: &[f64], draws: usize) {
    for (token, (count, p)) in counts.iter().zip(probabilities).enumerate() {
        let (mean, spread) = (p * draws as f64, (p * (1.0 - p) * draws as f64).sqrt());
        let off = (*count as f64 - mean).abs();
        assert!(off <= 5.0 * spread + 1e-9, "token {token}: {count} times, not {mean:.0}");
    }
}

#[test]
fn tokens_are_drawn_as_often_as_softmax_says() {
    let scores: Vec<f32> = (0..150).map(|i| ((i * 37) % 150) as f32 * 0.04).collect();
    for temperature in [0.5, 1.0, 2.0] {
        let counts = counts(Sampling::random(temperature, 9), &scores, 40_000);
        assert_follow(&counts, &softmax(&scores, temperature), 40_000);
    }
}

#[test]
fn within_the_limits_tokens_keep_their_proportions() {
    let scores = [1.0, 4.0, 3.0, NONE, 2.0, 0.0];
    let kept = |tokens: &[usize]| {
        let masked: Vec<f32> =
            (0..6).map(|i| if tokens.contains(&i) { scores[i] } else { NONE }).collect();
        softmax(&masked, 1.0)
    };
    let random = Sampling::random(1.0, 4);
    // Their probabilities are about 0.64, 0.23, 0.09, 0.03, 0.01, from the best.
    for (limit, left) in [
        (Sampling { top_k: 2, ..random }, &[1, 2][..]),
        (Sampling { top_p: 0.8, ..random }, &[1, 2]),
        (Sampling { top_p: 0.9, ..random }, &[1, 2, 4]),
        (Sampling { min_p: 0.1, ..random }, &[1, 2, 4]), // e^-2 is 0.135, e^-3 is 0.05
        (Sampling { min_p: 0.2, ..random }, &[1, 2]),
        (Sampling { top_k: 3, top_p: 0.6, ..random }, &[1]), // 0.665 of the three
        (Sampling { top_k: 3, min_p: 0.2, ..random }, &[1, 2]),
        (Sampling { top_k: 99, ..random }, &[0, 1, 2, 4, 5]),
    ] {
        assert_follow(&counts(limit, &scores, 20_000), &kept(left), 20_000);
    }
}

#[test]
fn a_nucleus_larger_than_the_first_guess_is_found() {
    // All alike: nine tenths of 3,000 tokens are 2,700, the first ones.
    let scores = vec![0.25; 3000];
    let sampling = Sampling { top_p: 0.9, ..Sampling::random(1.0, 5) };
    let mut sampler = Sampler::default();
    let drawn: Vec<u32> =
        (0..2000).map(|i| sampler.choose(&sampling, &scores, i).unwrap()).collect();
    let most = drawn.iter().max().unwrap();
    assert!((2600..=2701).contains(most), "{most}");
}

#[test]
fn repeated_tokens_lose_as_in_ctrl() {
    let sampling = Sampling { repetition: 2.0, window: 3, ..Sampling::default() };
    let mut scores = vec![4.0, -4.0, 4.0, 0.0, 4.0];
    // Token 4 is out of the window; 0 is in it twice and loses once.
    sampling.penalise(&mut scores, &[4, 0, 1, 0]);
    assert_eq!(scores, [2.0, -8.0, 4.0, 0.0, 4.0]);
    Sampling::default().penalise(&mut scores, &[0, 1]);
    assert_eq!(scores[..2], [2.0, -8.0]);
    sampling.penalise(&mut scores, &[77]);
    assert_eq!(scores[2..], [4.0, 0.0, 4.0]);
}

#[test]
fn without_any_score_there_is_no_token() {
    for sampling in [Sampling::likeliest(), Sampling::random(1.0, 1)] {
        assert_eq!(choose(sampling, &[NONE, f32::NAN], 0), None);
        assert_eq!(choose(sampling, &[], 0), None);
        assert_eq!(choose(sampling, &[NONE, f32::INFINITY, 1.0], 0), Some(1));
    }
}

fn any_sampling() -> impl Strategy<Value = Sampling> {
    (0.1f32..3.0, 0usize..20, 0.05f32..1.1, 0f32..0.5, any::<u64>()).prop_map(
        |(temperature, top_k, top_p, min_p, seed)| Sampling {
            top_k,
            top_p,
            min_p,
            ..Sampling::random(temperature, seed)
        },
    )
}

fn any_scores() -> impl Strategy<Value = Vec<f32>> {
    let score = prop_oneof![4 => -15f32..15.0, 1 => Just(NONE), 1 => Just(f32::NAN)];
    prop::collection::vec(score, 1..400)
}

proptest! {
    #[test]
    fn a_forbidden_token_is_never_drawn(
        sampling in any_sampling(), scores in any_scores(), written in 0usize..1000,
    ) {
        let chosen = choose(sampling, &scores, written);
        prop_assert_eq!(chosen.is_none(), scores.iter().all(|s| s.is_nan() || *s == NONE));
        if let Some(token) = chosen {
            prop_assert!(scores[token as usize] > NONE);
        }
        prop_assert_eq!(choose(sampling, &scores, written), chosen);
    }

    #[test]
    fn one_candidate_or_a_tiny_nucleus_is_the_likeliest(
        sampling in any_sampling(), scores in any_scores(), written in 0usize..1000,
    ) {
        let likeliest = choose(Sampling::likeliest(), &scores, written);
        for narrow in [
            Sampling { top_k: 1, ..sampling },
            Sampling { top_p: 1e-6, ..sampling },
            Sampling { min_p: 1.0, top_k: 1, ..sampling },
        ] {
            prop_assert_eq!(choose(narrow, &scores, written), likeliest);
        }
    }

    #[test]
    fn nothing_less_likely_than_min_p_times_the_likeliest_is_drawn(
        sampling in any_sampling(), scores in any_scores(), written in 0usize..1000,
    ) {
        if let Some(token) = choose(sampling, &scores, written) {
            let best = scores.iter().copied().fold(NONE, f32::max);
            let ratio = ((scores[token as usize] - best) / sampling.temperature).exp();
            prop_assert!(ratio >= sampling.min_p * 0.999, "{ratio}");
        }
    }
}

#[test]
fn the_likelihood_of_a_token_is_the_logarithm_of_its_softmax() {
    let scores = [1.0, 4.0, 3.0, NONE, 2.0, 0.0];
    let mut sampler = Sampler::default();
    for (token, p) in softmax(&scores, 1.0).into_iter().enumerate().filter(|(_, p)| *p > 0.0) {
        let likelihood = sampler.likelihood(&scores, token as u32);
        assert!((likelihood - p.ln()).abs() < 1e-5, "{token}: {likelihood}, not {}", p.ln());
    }
    assert_eq!(sampler.likelihood(&[NONE, NONE], 0), 0.0);
}
