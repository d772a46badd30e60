//! A model of random weights small enough for a test, as the bytes of a GGUF file.

use crate::random::Random;
use crate::vocabulary::letters::byte_letters;
use candle_core::quantized::gguf_file::{Value, write};
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device, Tensor};
use std::io::Cursor;

/// Tokens of the vocabulary: 3 special ones, the 256 bytes, a few merges, padding.
pub(crate) const TOKENS: usize = 288;

/// A llama in Q4_1: two layers, 128 wide, two heads that share one key head.
pub(crate) fn file(seed: u64) -> Vec<u8> {
    file_of("llama", GgmlDType::Q4_1, seed)
}

/// A `llama` or a `qwen2` of two layers. Its matrices are of the kind `kind`, but for embedding
/// and values, which are Q8_0; it is 128 wide (256 for kinds whose blocks demand it), has 64-wide
/// heads and one key head.
pub(crate) fn file_of(architecture: &str, kind: GgmlDType, seed: u64) -> Vec<u8> {
    let width = kind.block_size().max(128);
    let mut weights = Weights { random: Random::new(seed), tensors: Vec::new() };
    weights.matrix("token_embd.weight", TOKENS, width, GgmlDType::Q8_0);
    for layer in 0..2 {
        for (name, rows, columns) in [
            ("attn_q", width, width),
            ("attn_k", 64, width),
            ("attn_v", 64, width),
            ("attn_output", width, width),
            ("ffn_gate", 2 * width, width),
            ("ffn_up", 2 * width, width),
            ("ffn_down", width, 2 * width),
        ] {
            let kind = if name == "attn_v" { GgmlDType::Q8_0 } else { kind };
            weights.matrix(&format!("blk.{layer}.{name}.weight"), rows, columns, kind);
        }
        if architecture == "qwen2" {
            for (name, length) in [("attn_q", width), ("attn_k", 64), ("attn_v", 64)] {
                let values = weights.random.normals(length);
                weights.vector(&format!("blk.{layer}.{name}.bias"), values);
            }
        }
    }
    for name in
        ["output_norm", "blk.0.attn_norm", "blk.0.ffn_norm", "blk.1.attn_norm", "blk.1.ffn_norm"]
    {
        weights.vector(&format!("{name}.weight"), vec![1.0; width]);
    }
    let metadata = metadata(architecture, width);
    let metadata: Vec<_> = metadata.iter().map(|(key, value)| (key.as_str(), value)).collect();
    let tensors: Vec<_> =
        weights.tensors.iter().map(|(name, tensor)| (name.as_str(), tensor)).collect();
    let mut bytes = Cursor::new(Vec::new());
    write(&mut bytes, &metadata, &tensors).unwrap();
    bytes.into_inner()
}

/// A file of metadata alone.
pub(crate) fn header(entries: &[(&str, Value)]) -> Vec<u8> {
    let entries: Vec<_> = entries.iter().map(|(key, value)| (*key, value)).collect();
    let mut bytes = Cursor::new(Vec::new());
    write(&mut bytes, &entries, &[]).unwrap();
    bytes.into_inner()
}

struct Weights {
    random: Random,
    tensors: Vec<(String, QTensor)>,
}

impl Weights {
    fn matrix(&mut self, name: &str, rows: usize, columns: usize, kind: GgmlDType) {
        let scale = 1.5 / (columns as f32).sqrt();
        let values = self.random.normals(rows * columns).iter().map(|x| x * scale).collect();
        self.put(name, Tensor::from_vec(values, (rows, columns), &Device::Cpu).unwrap(), kind);
    }

    fn vector(&mut self, name: &str, values: Vec<f32>) {
        let length = values.len();
        let values = Tensor::from_vec(values, length, &Device::Cpu).unwrap();
        self.put(name, values, GgmlDType::F32);
    }

    fn put(&mut self, name: &str, values: Tensor, kind: GgmlDType) {
        self.tensors.push((name.into(), QTensor::quantize(&values, kind).unwrap()));
    }
}

fn metadata(architecture: &str, width: usize) -> Vec<(String, Value)> {
    let text = |s: &str| Value::String(s.into());
    let whole = |n: usize| Value::U32(n as u32);
    let mut tokens = vec!["<|endoftext|>".to_owned(), "<|im_start|>".into(), "<|im_end|>".into()];
    tokens.extend(byte_letters().iter().map(char::to_string));
    tokens.extend(["he", "ll", "hell", "hello"].map(str::to_owned));
    tokens.extend((tokens.len()..TOKENS).map(|i| format!("<unused{i}>")));
    let kinds =
        (0..TOKENS).map(|i| Value::I32(if (3..263).contains(&i) { 1 } else { 3 })).collect();
    let merges = ["h e", "l l", "he ll", "hell o"].map(text).to_vec();
    let numbers = [
        ("block_count", whole(2)),
        ("context_length", whole(512)),
        ("embedding_length", whole(width)),
        ("feed_forward_length", whole(2 * width)),
        ("attention.head_count", whole(width / 64)),
        ("attention.head_count_kv", whole(1)),
        ("rope.freq_base", Value::F32(10_000.0)),
        ("rope.dimension_count", whole(64)),
        ("attention.layer_norm_rms_epsilon", Value::F32(1e-5)),
    ];
    let mut entries: Vec<(String, Value)> =
        numbers.map(|(key, value)| (format!("{architecture}.{key}"), value)).into();
    let others = [
        ("general.architecture", text(architecture)),
        ("general.name", text("Tiny")),
        ("tokenizer.ggml.model", text("gpt2")),
        ("tokenizer.ggml.pre", text("smollm")),
        ("tokenizer.ggml.tokens", Value::Array(tokens.iter().map(|t| text(t)).collect())),
        ("tokenizer.ggml.token_type", Value::Array(kinds)),
        ("tokenizer.ggml.merges", Value::Array(merges)),
        ("tokenizer.ggml.eos_token_id", Value::U32(2)),
    ];
    entries.extend(others.map(|(key, value)| (key.to_owned(), value)));
    entries
}
