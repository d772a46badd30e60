//! The real encoder, and candle's for comparison.

use super::*;
use crate::embed::Exact;
use crate::models::tests::encoder_files;

fn encoder() -> Encoder {
    Encoder::load(&encoder_files(), 2, Isa::best()).unwrap()
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[test]
fn vectors_have_unit_length_and_meaning() {
    let encoder = encoder();
    let texts = ["How much is shipping?", "What does delivery cost?", "A lamp made of brass."];
    let vectors = encoder.embed(&texts).unwrap();
    for vector in &vectors {
        assert_eq!(vector.len(), 384);
        assert!((cosine(vector, vector) - 1.0).abs() < 1e-5);
    }
    assert!(cosine(&vectors[0], &vectors[1]) > 0.6);
    assert!(cosine(&vectors[0], &vectors[2]) < 0.2);
}

#[test]
fn neighbours_in_a_batch_do_not_matter() {
    let encoder = encoder();
    let long = "A longer text, to force padding on the short one. ".repeat(8);
    let together = encoder.embed(&["Short.", &long]).unwrap();
    let alone = encoder.embed(&["Short."]).unwrap();
    assert!(cosine(&together[0], &alone[0]) > 0.99999);
}

#[test]
fn more_than_128_and_no_more_than_256_tokens_count() {
    let encoder = encoder();
    let words = |n: usize, last: &str| format!("{}{last}", "lamp ".repeat(n));
    let pair = |n| {
        let (a, b) = (words(n, "tent"), words(n, "refund"));
        let vectors = encoder.embed(&[&a, &b]).unwrap();
        cosine(&vectors[0], &vectors[1])
    };
    assert!(pair(200) < 0.99999);
    assert!(pair(300) > 0.99999);
}

#[test]
fn a_wrong_file_is_named() {
    let mut files = encoder_files();
    files.weights = files.config.clone();
    let error = Encoder::load(&files, 1, Isa::best()).err().unwrap();
    assert!(error.contains("config.json"), "{error}");
    files.weights = "/no/such/file".into();
    assert!(Encoder::load(&files, 1, Isa::best()).err().unwrap().starts_with("/no/such/file: "));
}

#[test]
fn a_thousand_sentences_have_the_direction_of_candles_exact_vectors() {
    let files = encoder_files();
    let encoder = encoder();
    let exact = Exact::load(&files).unwrap();
    // As many as the long check asks for; a few in the usual one.
    let count = std::env::var("FLOORWALKER_SENTENCES").ok().and_then(|n| n.parse().ok());
    let sentences = sentences(count.unwrap_or(60));
    let mut worst = 1f32;
    for batch in sentences.chunks(30) {
        let texts: Vec<&str> = batch.iter().map(String::as_str).collect();
        for (text, vector) in batch.iter().zip(encoder.embed(&texts).unwrap()) {
            let want = exact.embed(&encoder.ids(text).unwrap()).unwrap();
            worst = worst.min(cosine(&vector, &want));
        }
    }
    println!("{} sentences, least cosine {worst}", sentences.len());
    assert!(worst >= 0.999, "{worst}");
}

/// Sentences about a shop, no two alike.
fn sentences(count: usize) -> Vec<String> {
    let subjects =
        ["the brass lamp", "a blue tent", "my order", "free shipping", "your garden bench"];
    let verbs = ["arrives", "costs more than", "does not fit", "comes with", "was returned for"];
    let objects =
        ["two days", "a pair of size 43 boots", "€49.90", "the older model", "nothing at all"];
    let frames = ["When", "I was told that", "Is it true that", "Sorry, but", "Why is it that", ""];
    let pick = |list: &[&str], i: usize| list[i % list.len()].to_owned();
    let sentence = |i: usize| {
        let parts = [
            pick(&frames, i / 125),
            pick(&subjects, i),
            pick(&verbs, i / 5),
            pick(&objects, i / 25),
        ];
        format!("{}, number {i}?", parts.join(" ").trim())
    };
    (0..count).map(sentence).collect()
}
