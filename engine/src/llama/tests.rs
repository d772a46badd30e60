//! The graph against candle's own llama, and its caches against themselves.

use super::*;
use crate::models::tests::writer_file;
use candle_core::quantized::gguf_file::Content;
use candle_transformers::models::quantized_llama::ModelWeights;
use std::io::Cursor;

fn tiny_llama() -> Llama {
    Llama::load(&Gguf::parse(tiny::file(7)).unwrap(), 512).unwrap()
}

/// Scores after each of `tokens`, read in one go per prefix.
fn last_scores(model: &Llama, tokens: &[u32]) -> Vec<f32> {
    let mut cache = model.cache(tokens.len());
    let part = Part { cache: &mut cache, tokens, scores: true };
    model.forward(&mut [part]).unwrap().remove(0)
}

fn some_tokens(count: usize, seed: u64, below: u64) -> Vec<u32> {
    let mut random = crate::kernels::random::Random::new(seed);
    (0..count).map(|_| (3 + random.bits() % (below - 3)) as u32).collect()
}

#[test]
fn a_tiny_llama_scores_like_candles_own() {
    let bytes = tiny::file(7);
    let model = Llama::load(&Gguf::parse(bytes.clone()).unwrap(), 512).unwrap();
    let mut reader = Cursor::new(&bytes);
    let content = Content::read(&mut reader).unwrap();
    let mut candles = ModelWeights::from_gguf(content, &mut reader, &Device::Cpu).unwrap();
    let tokens = some_tokens(40, 3, 263);
    let input = Tensor::new(&tokens[..], &Device::Cpu).unwrap().unsqueeze(0).unwrap();
    let want = candles.forward(&input, 0).unwrap().squeeze(0).unwrap().to_vec1::<f32>().unwrap();
    let got = last_scores(&model, &tokens);
    let size = want.iter().map(|x| x * x).sum::<f32>().sqrt();
    let off = got.iter().zip(&want).map(|(a, b)| (a - b) * (a - b)).sum::<f32>().sqrt();
    assert!(off / size < 0.03, "off by {off} of {size}");
}

#[test]
fn bites_steps_and_company_do_not_change_a_bit() {
    let model = tiny_llama();
    let tokens = some_tokens(60, 4, 263);
    let want = last_scores(&model, &tokens);

    let mut cache = model.cache(64);
    for bite in [&tokens[..33], &tokens[33..34], &tokens[34..59]] {
        let part = Part { cache: &mut cache, tokens: bite, scores: false };
        assert!(model.forward(&mut [part]).unwrap().is_empty());
    }
    let mut other = model.cache(64);
    let company = some_tokens(20, 5, 263);
    let scores = model
        .forward(&mut [
            Part { cache: &mut other, tokens: &company, scores: true },
            Part { cache: &mut cache, tokens: &tokens[59..], scores: true },
        ])
        .unwrap();
    assert_eq!(scores[1], want);
    assert_eq!(scores[0], last_scores(&model, &company));
}

#[test]
fn a_restored_prefix_scores_like_reading_everything() {
    let model = tiny_llama();
    let tokens = some_tokens(50, 6, 263);
    let mut first = model.cache(64);
    model.forward(&mut [Part { cache: &mut first, tokens: &tokens, scores: false }]).unwrap();
    let kept = first.prefix(40);
    assert_eq!((kept.len(), kept.room()), (40, 40));
    let mut second = model.cache(64);
    second.restore(&kept, 30);
    let part = Part { cache: &mut second, tokens: &tokens[30..], scores: true };
    assert_eq!(model.forward(&mut [part]).unwrap()[0], last_scores(&model, &tokens));
}

#[test]
fn what_does_not_fit_is_an_error() {
    let model = tiny_llama();
    let tokens = some_tokens(9, 6, 263);
    let mut small = model.cache(8);
    assert!(
        model.forward(&mut [Part { cache: &mut small, tokens: &tokens, scores: true }]).is_err()
    );
    assert!(
        model.forward(&mut [Part { cache: &mut small, tokens: &[9999], scores: true }]).is_err()
    );
    assert!(model.forward(&mut [Part { cache: &mut small, tokens: &[], scores: true }]).is_err());
    assert_eq!(small.len(), 0);
    assert!(model.forward(&mut []).unwrap().is_empty());
}

/// Mean surprise (nats) at each next token of an ordinary text, ours and candle's: rounding
/// activations differently must not cost quality.
#[test]
fn the_real_model_is_no_more_surprised_than_candles_own() {
    let file = writer_file().gguf;
    let gguf = Gguf::read(&file).unwrap();
    let words = crate::vocabulary::Vocabulary::read(&gguf).unwrap();
    let model = Llama::load(&gguf, 256).unwrap();
    let mut reader = std::fs::File::open(&file).unwrap();
    let content = Content::read(&mut reader).unwrap();
    let mut candles = ModelWeights::from_gguf(content, &mut reader, &Device::Cpu).unwrap();
    let tokens = words.encode(TEXT).unwrap();
    let mut cache = model.cache(256);
    let (mut ours, mut theirs, mut same) = (0.0, 0.0, 0);
    for (position, pair) in tokens.windows(2).enumerate() {
        let part = Part { cache: &mut cache, tokens: &pair[..1], scores: true };
        let got = model.forward(&mut [part]).unwrap().remove(0);
        let input = Tensor::new(&[[pair[0]]], &Device::Cpu).unwrap();
        let want = candles.forward(&input, position).unwrap().squeeze(0).unwrap();
        let want = want.to_vec1::<f32>().unwrap();
        ours += surprise(&got, pair[1]);
        theirs += surprise(&want, pair[1]);
        same += usize::from(likeliest(&got) == likeliest(&want));
    }
    let count = tokens.len() - 1;
    let (ours, theirs) = (ours / count as f64, theirs / count as f64);
    println!("{count} tokens: {ours:.4} nats, candle {theirs:.4}, same choice {same}");
    assert!(theirs < 4.0, "candle itself is lost: {theirs}");
    assert!((ours - theirs).abs() < 0.03, "{ours} against {theirs}");
    assert!(same * 100 >= count * 90, "{same} of {count}");
}

fn surprise(scores: &[f32], token: u32) -> f64 {
    let most = scores.iter().fold(f32::MIN, |a, b| a.max(*b));
    let total: f64 = scores.iter().map(|x| f64::from(x - most).exp()).sum();
    total.ln() - f64::from(scores[token as usize] - most)
}

fn likeliest(scores: &[f32]) -> usize {
    scores.iter().enumerate().fold(0, |best, (i, x)| if *x > scores[best] { i } else { best })
}

const TEXT: &str = "The shop opens at nine in the morning and closes at six in the evening. \
    Every order above fifty euros is delivered free of charge, and most parcels arrive within \
    three working days. If something does not fit, you can send it back within thirty days and \
    we will refund the full price. Please keep the receipt, because we need the number on it.";
