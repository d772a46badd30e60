//! What a model file says of itself, for `floorwalker models info`: from its header alone.

mod runs;

pub use runs::RunsOn;

use crate::gguf::Gguf;
use crate::vocabulary;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// The facts of a GGUF file. What the file does not say is `None`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ModelInfo {
    /// The family it belongs to, as in `llama`.
    pub architecture: String,
    /// What it calls itself.
    pub name: Option<String>,
    /// The short name of its licence, as in `apache-2.0`.
    pub licence: Option<String>,
    /// How large its makers say it is, as in `135M`.
    pub size_label: Option<String>,
    /// Blocks of attention and feed-forward.
    pub layers: Option<usize>,
    /// Numbers that describe a token between layers.
    pub width: Option<usize>,
    /// Width inside the feed-forward.
    pub feed: Option<usize>,
    /// Query heads.
    pub heads: Option<usize>,
    /// Key and value heads.
    pub key_heads: Option<usize>,
    /// Numbers in a head.
    pub head_width: Option<usize>,
    /// Most tokens of a conversation it was trained for.
    pub context: Option<usize>,
    /// How positions turn queries and keys.
    pub rope: Rope,
    /// Tokens it knows.
    pub vocabulary: Option<usize>,
    /// How text becomes tokens, as in `gpt2/smollm`.
    pub tokenizer: Option<String>,
    /// Whether it comes with a template for conversations.
    pub chat_template: bool,
    /// Spellings of the tokens that end a reply.
    pub stop_tokens: Vec<String>,
    /// Tensors by how their numbers are stored, those that take most first.
    pub kinds: Vec<KindInfo>,
    /// Numbers in all tensors.
    pub parameters: u64,
    /// Bytes of the file.
    pub bytes: u64,
    /// Bytes of weights that are read to write one token of one conversation.
    pub bytes_a_token: u64,
    /// What of this engine can run it.
    pub runs_on: RunsOn,
}

/// The turning of queries and keys by their position.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rope {
    /// The base of its frequencies; 10,000 where a file says nothing.
    pub base: Option<f32>,
    /// How it was stretched to longer contexts, as in `yarn`.
    pub scaling: Option<String>,
    /// By how much.
    pub factor: Option<f32>,
    /// Whether the file has a factor for each frequency (as Llama 3's do).
    pub by_frequency: bool,
}

/// Tensors stored in one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KindInfo {
    /// As in `Q4_1`.
    pub kind: String,
    /// How many tensors.
    pub tensors: usize,
    /// Bytes they take.
    pub bytes: u64,
}

/// Reads a file's header. The error says what is wrong with the file, without its name.
pub fn inspect(path: &Path) -> Result<ModelInfo, String> {
    let file = Gguf::open(path)?;
    let architecture = file.text("general.architecture")?.to_owned();
    let text = |key: &str| file.text(key).ok().map(str::to_owned);
    let count = |name: &str| count(&file, name);
    let number = |name: &str| file.number(&file.arch(name).ok()?).ok();
    let heads = count("attention.head_count");
    let tokenizer = text("tokenizer.ggml.model").map(|model| match text("tokenizer.ggml.pre") {
        Some(cuts) => format!("{model}/{cuts}"),
        None => model,
    });
    Ok(ModelInfo {
        name: text("general.name"),
        licence: text("general.license"),
        size_label: text("general.size_label"),
        layers: count("block_count"),
        width: count("embedding_length"),
        feed: count("feed_forward_length"),
        heads,
        key_heads: count("attention.head_count_kv").or(heads),
        head_width: head_width(&file),
        context: count("context_length"),
        rope: Rope {
            base: number("rope.freq_base"),
            scaling: text(&file.arch("rope.scaling.type")?).filter(|kind| kind != "none"),
            factor: number("rope.scaling.factor").or_else(|| number("rope.scale_linear")),
            by_frequency: file.find("rope_freqs.weight").is_some(),
        },
        vocabulary: file.length("tokenizer.ggml.tokens").ok().or_else(|| count("vocab_size")),
        tokenizer,
        chat_template: file.knows("tokenizer.chat_template"),
        stop_tokens: vocabulary::stop_tokens(&file).unwrap_or_default(),
        kinds: kinds(&file),
        parameters: file.tensors().map(|tensor| tensor.numbers()).fold(0, u64::saturating_add),
        bytes: file.len(),
        bytes_a_token: bytes_a_token(&file),
        runs_on: RunsOn::new(&file),
        architecture,
    })
}

/// A number of the architecture's, if the file says it.
fn count(file: &Gguf, name: &str) -> Option<usize> {
    file.count(&file.arch(name).ok()?).ok()
}

/// Numbers in a head: what the file says, or an even share of the width.
fn head_width(file: &Gguf) -> Option<usize> {
    count(file, "attention.key_length").or_else(|| {
        count(file, "embedding_length")?.checked_div(count(file, "attention.head_count")?)
    })
}

fn kinds(file: &Gguf) -> Vec<KindInfo> {
    let mut by_kind = BTreeMap::new();
    for tensor in file.tensors() {
        let (tensors, bytes) = by_kind.entry(tensor.kind).or_insert((0, 0));
        *tensors += 1;
        *bytes += tensor.bytes;
    }
    let named = |(kind, (tensors, bytes)): (crate::gguf::Kind, _)| KindInfo {
        kind: kind.name(),
        tensors,
        bytes,
    };
    let mut kinds: Vec<KindInfo> = by_kind.into_iter().map(named).collect();
    kinds.sort_by_key(|kind| std::cmp::Reverse(kind.bytes));
    kinds
}

/// All matrices, but of a mixture of experts only those in use, and of an embedding only a row,
/// unless it is the way out as well.
fn bytes_a_token(file: &Gguf) -> u64 {
    let used = count(file, "expert_used_count").zip(count(file, "expert_count"));
    let tied = file.find("output.weight").is_none();
    let read = file.tensors().map(|tensor| {
        let rows = tensor.dims.first().copied().unwrap_or(1).max(1) as u64;
        match used {
            Some((used, all)) if tensor.name.contains("_exps.") && all > 0 => {
                (u128::from(tensor.bytes) * used.min(all) as u128 / all as u128) as u64
            }
            _ if tensor.name == "token_embd.weight" && !tied => tensor.bytes / rows,
            _ => tensor.bytes,
        }
    });
    read.sum()
}

#[cfg(test)]
mod tests;
