//! Facts of made-up files and of the real one.

use super::*;
use crate::models::tests::writer_file;
use crate::tiny;
use candle_core::quantized::GgmlDType;
use candle_core::quantized::gguf_file::Value;

fn told(name: &str, bytes: &[u8]) -> Result<ModelInfo, String> {
    let path = std::env::temp_dir().join(format!("info-{name}-{}", std::process::id()));
    std::fs::write(&path, bytes).unwrap();
    let info = inspect(&path);
    std::fs::remove_file(&path).unwrap();
    info
}

#[test]
fn the_real_model_is_described() {
    let info = inspect(&writer_file().gguf).unwrap();
    assert_eq!(
        (info.architecture.as_str(), info.licence.as_deref()),
        ("llama", Some("apache-2.0"))
    );
    assert_eq!((info.layers, info.width, info.feed), (Some(30), Some(576), Some(1536)));
    assert_eq!((info.heads, info.key_heads, info.head_width), (Some(9), Some(3), Some(64)));
    assert_eq!((info.context, info.rope.base), (Some(8192), Some(100_000.0)));
    assert_eq!((info.vocabulary, info.tokenizer.as_deref()), (Some(49152), Some("gpt2/smollm")));
    assert_eq!(info.stop_tokens, ["<|endoftext|>", "<|im_end|>"]);
    assert!(info.chat_template);
    assert_eq!(info.parameters, 134_515_008);
    // Its embedding is the way out too: all but nothing of the file is read for a token.
    assert!(info.bytes_a_token > 96_000_000 && info.bytes_a_token < info.bytes, "{info:?}");
    assert_eq!(info.runs_on, RunsOn::Fast);
    assert_eq!(info.kinds.iter().map(|kind| kind.tensors).sum::<usize>(), 272);
    let json = serde_json::to_value(&info).unwrap();
    assert_eq!(
        (json["runs_on"].as_str(), json["kinds"][0]["kind"].as_str()),
        (Some("fast"), Some("Q4_1"))
    );
}

#[test]
fn what_runs_it_depends_on_family_and_kinds() {
    let runs = |architecture: &str, kind| {
        told(architecture, &tiny::file_of(architecture, kind, 1)).unwrap().runs_on
    };
    assert_eq!(runs("qwen2", GgmlDType::Q4_1), RunsOn::Fast);
    assert_eq!(runs("llama", GgmlDType::Q6K), RunsOn::Fast);
    assert_eq!(runs("qwen3", GgmlDType::Q8_0), RunsOn::Reference);
    assert!(
        matches!(runs("mamba", GgmlDType::Q8_0), RunsOn::Nothing(why) if why.contains("mamba"))
    );
}

#[test]
fn a_file_that_says_little_is_described_all_the_same() {
    let bare = [("general.architecture", Value::String("clip".into()))];
    let info = told("bare", &tiny::header(&bare)).unwrap();
    assert_eq!((info.layers, info.parameters, info.bytes_a_token), (None, 0, 0));
    assert!(matches!(info.runs_on, RunsOn::Nothing(_)));
    assert_eq!(told("none", b"no model").unwrap_err(), "it is no GGUF file");
}

#[test]
fn an_embedding_apart_from_the_way_out_costs_a_row() {
    let text = |text: &str| Value::String(text.into());
    let dense = |rows: usize| {
        let zeros = candle_core::Tensor::zeros(
            (rows, 32),
            candle_core::DType::F32,
            &candle_core::Device::Cpu,
        );
        candle_core::quantized::QTensor::quantize(&zeros.unwrap(), GgmlDType::F32).unwrap()
    };
    let (embedding, out, experts) = (dense(10), dense(10), dense(8));
    let tensors = [
        ("token_embd.weight", &embedding),
        ("output.weight", &out),
        ("blk.0.ffn_up_exps.weight", &experts),
    ];
    let entries = [
        ("general.architecture", text("moe")),
        ("moe.expert_count", Value::U32(8)),
        ("moe.expert_used_count", Value::U32(2)),
    ];
    let entries: Vec<_> = entries.iter().map(|(key, value)| (*key, value)).collect();
    let mut bytes = std::io::Cursor::new(Vec::new());
    candle_core::quantized::gguf_file::write(&mut bytes, &entries, &tensors).unwrap();
    let info = told("experts", &bytes.into_inner()).unwrap();
    assert_eq!(info.bytes_a_token, 32 * 4 + 10 * 32 * 4 + 8 * 32 * 4 / 4);
}
