//! The numbers that describe a llama, from the metadata of its file.

use crate::gguf::Gguf;
use crate::kernels::attention::HEAD;

/// Sizes and constants.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    /// Blocks of attention and feed-forward.
    pub layers: usize,
    /// Numbers that describe a token between layers.
    pub width: usize,
    /// Width inside the feed-forward.
    pub feed: usize,
    /// Query heads.
    pub heads: usize,
    /// Key and value heads, each shared by `heads / key_heads` query heads.
    pub key_heads: usize,
    /// Size of the vocabulary.
    pub tokens: usize,
    /// Most positions the model was trained for.
    pub context: usize,
    /// Keeps the normalisation from dividing by zero.
    pub epsilon: f32,
    rope_base: f32,
}

impl Shape {
    /// Reads and checks them. The error says what about the file is not supported.
    pub fn read(file: &Gguf) -> Result<Self, String> {
        let architecture = file.text("general.architecture")?;
        if architecture != "llama" {
            return Err(format!("its architecture is {architecture}, only llama is supported"));
        }
        let shape = Self {
            layers: file.count("llama.block_count")?,
            width: file.count("llama.embedding_length")?,
            feed: file.count("llama.feed_forward_length")?,
            heads: file.count("llama.attention.head_count")?,
            key_heads: file.count("llama.attention.head_count_kv")?,
            tokens: file.texts("tokenizer.ggml.tokens")?.len(),
            context: file.count("llama.context_length")?,
            epsilon: file.number("llama.attention.layer_norm_rms_epsilon")?,
            rope_base: file.number("llama.rope.freq_base").unwrap_or(10_000.0),
        };
        let Self { layers, width, heads, key_heads, .. } = shape;
        let grouped = heads.checked_rem(key_heads) == Some(0);
        if !(1..=1000).contains(&layers) || width == 0 || !grouped || heads * HEAD > 1 << 16 {
            return Err(format!("it has {layers} layers, {heads} heads and {key_heads} key heads"));
        }
        let turned = file.count("llama.rope.dimension_count").unwrap_or(HEAD);
        let head = file.count("llama.attention.key_length").unwrap_or(width / heads);
        if head != HEAD || turned != HEAD {
            return Err(format!("its heads are {head} wide, only {HEAD} is supported"));
        }
        Ok(shape)
    }

    /// `(cos, sin)` of `position * base^(-2i / HEAD)` for each pair `i` of a head, for each
    /// position up to `positions` (Su et al. 2021, RoFormer, section 3.2.2).
    pub fn turns(&self, positions: usize) -> Vec<(f32, f32)> {
        let frequency = |i: usize| f64::from(self.rope_base).powf(-2.0 * i as f64 / HEAD as f64);
        let frequencies: Vec<f64> = (0..HEAD / 2).map(frequency).collect();
        (0..positions.min(self.context))
            .flat_map(|position| frequencies.iter().map(move |f| position as f64 * f))
            .map(|angle| (angle.cos() as f32, angle.sin() as f32))
            .collect()
    }
}
