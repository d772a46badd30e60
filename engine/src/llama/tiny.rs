//! A llama of random weights small enough for a test, as the bytes of a GGUF file.

use crate::kernels::random::Random;
use candle_core::quantized::gguf_file::{Value, write};
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device, Tensor};
use std::io::Cursor;

/// Tokens of the vocabulary: 3 special ones, the 256 bytes, a few merges, padding.
pub(crate) const TOKENS: usize = 288;

/// Two layers, 128 wide, two heads that share one key head.
pub(crate) fn file(seed: u64) -> Vec<u8> {
    let mut random = Random::new(seed);
    let mut tensors: Vec<(String, QTensor)> = Vec::new();
    let mut matrix = |name: &str, rows: usize, columns: usize, kind: GgmlDType| {
        let scale = 1.5 / (columns as f32).sqrt();
        let values = random.normals(rows * columns).iter().map(|x| x * scale).collect();
        let dense = Tensor::from_vec(values, (rows, columns), &Device::Cpu).unwrap();
        tensors.push((name.into(), QTensor::quantize(&dense, kind).unwrap()));
    };
    matrix("token_embd.weight", TOKENS, 128, GgmlDType::Q8_0);
    for layer in 0..2 {
        for (name, rows, columns) in [
            ("attn_q", 128, 128),
            ("attn_k", 64, 128),
            ("attn_v", 64, 128),
            ("attn_output", 128, 128),
            ("ffn_gate", 256, 128),
            ("ffn_up", 256, 128),
            ("ffn_down", 128, 256),
        ] {
            let kind = if name == "attn_v" { GgmlDType::Q8_0 } else { GgmlDType::Q4_1 };
            matrix(&format!("blk.{layer}.{name}.weight"), rows, columns, kind);
        }
    }
    let ones = Tensor::ones(128, candle_core::DType::F32, &Device::Cpu).unwrap();
    for name in
        ["output_norm", "blk.0.attn_norm", "blk.0.ffn_norm", "blk.1.attn_norm", "blk.1.ffn_norm"]
    {
        let ones = QTensor::quantize(&ones, GgmlDType::F32).unwrap();
        tensors.push((format!("{name}.weight"), ones));
    }
    let metadata = metadata();
    let metadata: Vec<_> = metadata.iter().map(|(key, value)| (*key, value)).collect();
    let tensors: Vec<_> = tensors.iter().map(|(name, tensor)| (name.as_str(), tensor)).collect();
    let mut bytes = Cursor::new(Vec::new());
    write(&mut bytes, &metadata, &tensors).unwrap();
    bytes.into_inner()
}

fn metadata() -> Vec<(&'static str, Value)> {
    let text = |s: &str| Value::String(s.into());
    let mut tokens = vec!["<|endoftext|>".to_owned(), "<|im_start|>".into(), "<|im_end|>".into()];
    tokens.extend(crate::vocabulary::byte_letters().iter().map(char::to_string));
    tokens.extend(["he", "ll", "hell", "hello"].map(str::to_owned));
    tokens.extend((tokens.len()..TOKENS).map(|i| format!("<unused{i}>")));
    let kinds =
        (0..TOKENS).map(|i| Value::I32(if (3..263).contains(&i) { 1 } else { 3 })).collect();
    let merges = ["h e", "l l", "he ll", "hell o"].map(text).to_vec();
    vec![
        ("general.architecture", text("llama")),
        ("general.name", text("Tiny")),
        ("llama.block_count", Value::U32(2)),
        ("llama.context_length", Value::U32(512)),
        ("llama.embedding_length", Value::U32(128)),
        ("llama.feed_forward_length", Value::U32(256)),
        ("llama.attention.head_count", Value::U32(2)),
        ("llama.attention.head_count_kv", Value::U32(1)),
        ("llama.rope.freq_base", Value::F32(10_000.0)),
        ("llama.rope.dimension_count", Value::U32(64)),
        ("llama.attention.layer_norm_rms_epsilon", Value::F32(1e-5)),
        ("tokenizer.ggml.model", text("gpt2")),
        ("tokenizer.ggml.pre", text("smollm")),
        ("tokenizer.ggml.tokens", Value::Array(tokens.iter().map(|t| text(t)).collect())),
        ("tokenizer.ggml.token_type", Value::Array(kinds)),
        ("tokenizer.ggml.merges", Value::Array(merges)),
        ("tokenizer.ggml.eos_token_id", Value::U32(2)),
    ]
}
