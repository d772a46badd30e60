//! The encoder: a BERT whose token vectors are averaged into one unit vector for each text.
//!
//! Eight-bit weights on our own kernels. Texts of a batch stand one after the other without padding,
//! so a batch costs what its tokens cost, and a text gets the same vector alone or in company.

use super::weights::{Layer, Weights};
use crate::kernels::blocks::{Block, LayerNorm, layer_norms};
use crate::kernels::both_ways::{Shape, attend_both_ways};
use crate::kernels::lanes::Isa;
use crate::kernels::matmul::{Hands, Input, Put, gelu, multiply};
use crate::kernels::team::Team;
use crate::kernels::tiles::BLOCK;
use crate::models::EncoderFiles;
use std::ops::Range;
use std::path::Path;
use tokenizers::{Tokenizer, TruncationParams};

/// Tokens of a text that are read; the rest is ignored. The model card's own setting.
const MOST_TOKENS: usize = 256;

/// Weights, tokenizer, and the threads that compute.
pub(crate) struct Encoder {
    weights: Weights,
    tokenizer: Tokenizer,
    team: Team,
    isa: Isa,
}

impl Encoder {
    /// Reads the files. The error names the one that is wrong.
    pub fn load(files: &EncoderFiles, threads: usize, isa: Isa) -> Result<Self, String> {
        let weights = Weights::load(files)?;
        let tokenizer = std::fs::read(&files.tokenizer)
            .map_err(|e| e.to_string())
            .and_then(|bytes| tokenizer(&bytes, &weights))
            .map_err(|why| wrong(&files.tokenizer, &why))?;
        let team = Team::new(threads, "encoder").map_err(|e| format!("no threads: {e}"))?;
        Ok(Self { weights, tokenizer, team, isa })
    }

    /// Length of each vector.
    pub fn dimensions(&self) -> usize {
        self.weights.width
    }

    /// A unit vector of [`Encoder::dimensions`] numbers for each text.
    pub fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, String> {
        let encodings =
            self.tokenizer.encode_batch_fast(texts.to_vec(), true).map_err(|e| e.to_string())?;
        let mut ids = Vec::new();
        let mut rows = Vec::with_capacity(texts.len());
        for encoding in &encodings {
            let first = ids.len();
            ids.extend_from_slice(encoding.get_ids());
            rows.push(first..ids.len());
        }
        if rows.iter().any(Range::is_empty) {
            return Err("its tokenizer makes nothing of an empty text".into());
        }
        let x = self.forward(&ids, &rows);
        Ok(rows.into_iter().map(|rows| self.mean(&x, rows)).collect())
    }

    /// The tokens of a text that are read.
    pub fn ids(&self, text: &str) -> Result<Vec<u32>, String> {
        let encoding = self.tokenizer.encode_fast(text, true).map_err(|e| e.to_string())?;
        Ok(encoding.get_ids().to_vec())
    }

    fn forward(&self, ids: &[u32], texts: &[Range<usize>]) -> Vec<f32> {
        let Weights { width, heads, ref layers, .. } = self.weights;
        let hands = Hands { team: &self.team, isa: self.isa };
        let rows = ids.len();
        let mut x = vec![0.0; rows * width];
        let mut y = vec![0.0; rows * width];
        let mut qkv = vec![0.0; rows * 3 * width];
        let mut normed = vec![Block::default(); rows * width / BLOCK];
        let mut mixed = normed.clone();
        let feed = layers.first().map_or(0, |layer| layer.up.rows());
        let mut hidden = vec![Block::default(); rows * feed / BLOCK];
        self.weights.look_up(ids, texts, &mut x);
        layer_norms(hands, &self.weights.norm(), &mut x, &y, &mut normed);
        for layer in layers {
            multiply(hands, &[&layer.qkv], Input::Blocks(&normed), Put::Store, &mut qkv);
            let shape = Shape { heads, width: width / heads, bias: &layer.qkv_bias };
            attend_both_ways(hands, shape, texts, &qkv, &mut mixed);
            multiply(hands, &[&layer.out], Input::Blocks(&mixed), Put::Store, &mut y);
            layer_norms(hands, &layer.attention_norm(), &mut x, &y, &mut normed);
            gelu(hands, &layer.up, &layer.up_bias, &normed, &mut hidden);
            multiply(hands, &[&layer.down], Input::Blocks(&hidden), Put::Store, &mut y);
            layer_norms(hands, &layer.feed_norm(), &mut x, &y, &mut normed);
        }
        x
    }

    /// The mean over a text's tokens, at unit length.
    fn mean(&self, x: &[f32], rows: Range<usize>) -> Vec<f32> {
        let width = self.weights.width;
        let mut sums = vec![0.0; width];
        for row in x[rows.start * width..rows.end * width].chunks_exact(width) {
            for (sum, x) in sums.iter_mut().zip(row) {
                *sum += x;
            }
        }
        let length = sums.iter().map(|x| x * x).sum::<f32>().sqrt();
        if length > 0.0 {
            sums.iter_mut().for_each(|x| *x /= length);
        }
        sums
    }
}

impl Layer {
    fn attention_norm(&self) -> LayerNorm<'_> {
        self.attention_norm.with(&self.out_bias)
    }

    fn feed_norm(&self) -> LayerNorm<'_> {
        self.feed_norm.with(&self.down_bias)
    }
}

/// The file's own settings cut at 128 tokens and pad every text to 128.
fn tokenizer(bytes: &[u8], weights: &Weights) -> Result<Tokenizer, String> {
    let mut tokenizer = Tokenizer::from_bytes(bytes).map_err(|e| e.to_string())?;
    let max_length = MOST_TOKENS.min(weights.positions());
    let truncation = TruncationParams { max_length, ..Default::default() };
    tokenizer.with_truncation(Some(truncation)).map_err(|e| e.to_string())?;
    tokenizer.with_padding(None);
    if tokenizer.get_vocab_size(true) > weights.words.rows() {
        return Err("it has more tokens than the model".into());
    }
    Ok(tokenizer)
}

pub(super) fn wrong(path: &Path, why: &str) -> String {
    format!("{}: {why}", path.display())
}

#[cfg(test)]
mod tests;
