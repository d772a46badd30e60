//! The decoder: a llama of any depth with 64-wide heads, read from a GGUF file.
//!
//! The graph runs on candle tensors, one row a token; candle normalises and adds, [`kernels`]
//! multiply and attend. Tokens of several conversations may share a pass: rows meet in no
//! operation but attention, which looks only at its own [`Cache`], so each conversation gets the
//! same bits as if it were alone.
//!
//! [`kernels`]: crate::kernels

mod cache;
mod linear;
mod shape;
#[cfg(test)]
pub(crate) mod tiny;

pub(crate) use cache::Cache;
pub(crate) use shape::Shape;

use crate::gguf::Gguf;
use crate::kernels::attention::{HEAD, Sight, attend, rotate};
use candle_core::{CpuStorage, Device, Result, Storage, Tensor, bail};
use candle_nn::ops::rms_norm;
use linear::{Linear, SwiGlu};

/// Weights, ready to compute with.
pub(crate) struct Llama {
    shape: Shape,
    embedding: Linear,
    layers: Vec<Layer>,
    norm: Tensor,
    /// `None` where the embedding is used for the way out too.
    head: Option<Linear>,
    /// `(cos, sin)` of each pair of a head, for each position.
    turns: Vec<(f32, f32)>,
}

struct Layer {
    attention_norm: Tensor,
    /// Queries, keys and values on top of each other.
    qkv: Linear,
    attention_out: Linear,
    feed_norm: Tensor,
    gate_up: Linear,
    down: Linear,
}

/// The new tokens of one conversation, to follow what its cache holds.
pub(crate) struct Part<'a> {
    /// What came before; grows by `tokens`.
    pub cache: &'a mut Cache,
    /// At least one token id below the vocabulary's size.
    pub tokens: &'a [u32],
    /// Whether the scores of the token after the last one are wanted.
    pub scores: bool,
}

impl Llama {
    /// Reads the weights; `context` is the longest conversation there will be, in tokens.
    pub fn load(file: &Gguf, context: usize) -> std::result::Result<Self, String> {
        let shape = Shape::read(file)?;
        let norm = |name: &str| -> std::result::Result<Tensor, String> {
            let tensor = file.tensor(name)?;
            if tensor.shape().dims() != [shape.width] {
                return Err(format!("its {name} has the shape {:?}", tensor.shape()));
            }
            tensor.dequantize(&Device::Cpu).map_err(|e| e.to_string())
        };
        let (q, kv) = (shape.heads * HEAD, shape.key_heads * HEAD);
        let mut layers = Vec::with_capacity(shape.layers);
        for layer in 0..shape.layers {
            let name = |part: &str| format!("blk.{layer}.{part}.weight");
            let qkv = [(name("attn_q"), q), (name("attn_k"), kv), (name("attn_v"), kv)];
            let gate_up = [(name("ffn_gate"), shape.feed), (name("ffn_up"), shape.feed)];
            let out = [(name("attn_output"), shape.width)];
            let down = [(name("ffn_down"), shape.width)];
            layers.push(Layer {
                attention_norm: norm(&name("attn_norm"))?,
                qkv: Linear::load(file, &qkv, shape.width)?,
                attention_out: Linear::load(file, &out, q)?,
                feed_norm: norm(&name("ffn_norm"))?,
                gate_up: Linear::load(file, &gate_up, shape.width)?,
                down: Linear::load(file, &down, shape.feed)?,
            });
        }
        let tokens = |name: &str| Linear::load(file, &[(name.into(), shape.tokens)], shape.width);
        Ok(Self {
            embedding: tokens("token_embd.weight")?,
            layers,
            norm: norm("output_norm.weight")?,
            head: file.has("output.weight").then(|| tokens("output.weight")).transpose()?,
            turns: shape.turns(context),
            shape,
        })
    }

    /// Width, depth and the like.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// A cache for conversations of up to `room` tokens.
    pub fn cache(&self, room: usize) -> Cache {
        Cache::new(self.shape.layers, self.shape.key_heads * HEAD, room)
    }

    /// Reads the new tokens of all parts. Returns the scores of each possible next token, for each
    /// part that wants them, in their order. Fails where a cache has no room left.
    pub fn forward(&self, parts: &mut [Part<'_>]) -> Result<Vec<Vec<f32>>> {
        let rows = self.rows(parts)?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let mut x = self.embed(parts, rows.len())?;
        for (index, layer) in self.layers.iter().enumerate() {
            let normed = rms_norm(&x, &layer.attention_norm, self.shape.epsilon)?;
            let qkv = normed.apply_op1_no_bwd(&layer.qkv)?;
            let mixed = self.attend(index, &qkv, &rows, parts)?;
            x = (x + mixed.apply_op1_no_bwd(&layer.attention_out)?)?;
            let normed = rms_norm(&x, &layer.feed_norm, self.shape.epsilon)?;
            let gated = normed.apply_op1_no_bwd(&layer.gate_up)?.apply_op1_no_bwd(&SwiGlu)?;
            x = (x + gated.apply_op1_no_bwd(&layer.down)?)?;
        }
        for part in parts.iter_mut() {
            part.cache.grow(part.tokens.len());
        }
        self.scores(&x, parts)
    }

    /// Which part each row belongs to, and its position in that part's conversation.
    fn rows(&self, parts: &[Part<'_>]) -> Result<Vec<(usize, usize)>> {
        let mut rows = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            let end = part.cache.len() + part.tokens.len();
            if part.tokens.is_empty() || end > part.cache.room() || end > self.positions() {
                bail!("{} tokens do not fit behind {}", part.tokens.len(), part.cache.len());
            }
            if let Some(token) = part.tokens.iter().find(|t| **t as usize >= self.shape.tokens) {
                bail!("there is no token {token}");
            }
            rows.extend((part.cache.len()..end).map(|position| (index, position)));
        }
        Ok(rows)
    }

    fn positions(&self) -> usize {
        self.turns.len() / (HEAD / 2)
    }

    fn embed(&self, parts: &[Part<'_>], rows: usize) -> Result<Tensor> {
        let mut x = vec![0.0; rows * self.shape.width];
        let tokens = parts.iter().flat_map(|part| part.tokens);
        for (row, token) in x.chunks_exact_mut(self.shape.width).zip(tokens) {
            self.embedding.weights().row(*token as usize, row);
        }
        Tensor::from_vec(x, (rows, self.shape.width), &Device::Cpu)
    }

    /// Turns queries and keys to their positions, keeps keys and values, and attends.
    fn attend(
        &self,
        layer: usize,
        qkv: &Tensor,
        rows: &[(usize, usize)],
        parts: &mut [Part<'_>],
    ) -> Result<Tensor> {
        let (q, kv) = (self.shape.heads * HEAD, self.shape.key_heads * HEAD);
        let mut queries = Vec::with_capacity(rows.len() * q);
        let (storage, _) = qkv.storage_and_layout();
        let Storage::Cpu(CpuStorage::F32(qkv)) = &*storage else { bail!("not f32 on the CPU") };
        let mut key = vec![0.0; kv];
        for (&(part, position), row) in rows.iter().zip(qkv.chunks_exact(q + 2 * kv)) {
            let turns = &self.turns[position * HEAD / 2..(position + 1) * HEAD / 2];
            let start = queries.len();
            queries.extend_from_slice(&row[..q]);
            rotate(&mut queries[start..], turns);
            key.copy_from_slice(&row[q..q + kv]);
            rotate(&mut key, turns);
            parts[part].cache.write(layer, position, &key, &row[q + kv..]);
        }
        let sights: Vec<Sight<'_>> = rows
            .iter()
            .map(|&(part, position)| {
                let (keys, values) = parts[part].cache.layer(layer);
                Sight { keys, values, visible: position + 1 }
            })
            .collect();
        let mixed = attend(&queries, &sights, self.shape.heads, self.shape.key_heads);
        Tensor::from_vec(mixed, (rows.len(), q), &Device::Cpu)
    }

    fn scores(&self, x: &Tensor, parts: &[Part<'_>]) -> Result<Vec<Vec<f32>>> {
        let mut end = 0;
        let mut wanted = Vec::new();
        for part in parts {
            end += part.tokens.len();
            if part.scores {
                wanted.push(x.narrow(0, end - 1, 1)?);
            }
        }
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let last = rms_norm(&Tensor::cat(&wanted, 0)?, &self.norm, self.shape.epsilon)?;
        last.apply_op1_no_bwd(self.head.as_ref().unwrap_or(&self.embedding))?.to_vec2()
    }
}

#[cfg(test)]
mod tests;
