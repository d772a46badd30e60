//! A decoder on our own kernels: llamas and qwen2s on any processor, for speed on two cores.
//!
//! One pass reads the new tokens of several conversations, a row a token. Rows meet in no operation
//! but attention, which looks only at its own conversation's pages, and every row is added up in the
//! same order however many there are: a conversation gets the same bits alone or in company, from a
//! cache or not.
//!
//! ```text
//! rows ─> [ norm ─> q,k,v ─> turn, keep, look ─> out ─┐+   norm ─> silu(gate) * up ─> down ─┐+ ] ─> norm ─> scores
//!         └────────────────────────────────────────┴───┴──────────────────────────────────┘
//! ```

mod load;
mod memory;
mod shape;

pub(crate) use load::Setup;
pub(crate) use shape::Shape;

use crate::kernels::attention::region;
use crate::kernels::blocks::{Block, rms_norms};
use crate::kernels::heads::{Heads, Span, Turns, attend};
use crate::kernels::lanes::Isa;
use crate::kernels::matmul::{Hands, Input, Put, multiply, swiglu};
use crate::kernels::pack::Packed;
use crate::kernels::pages::{Pages, Pool, Regions};
use crate::kernels::team::Team;
use crate::kernels::tiles::BLOCK;
use crate::model::{Facts, Model, Part};
use std::sync::Arc;

/// Most rows of a pass: their activations stay in a processor's second-level cache.
const ROWS: usize = 256;

/// Weights, ready to compute with, and the threads that do.
pub(crate) struct Fast {
    shape: Shape,
    weights: Weights,
    turns: Turns,
    context: usize,
    pool: Arc<Pool>,
    team: Team,
    isa: Isa,
    desk: Desk,
}

struct Weights {
    embedding: Packed,
    layers: Vec<Layer>,
    norm: Vec<f32>,
    /// `None` where the embedding is used for the way out too.
    head: Option<Packed>,
}

struct Layer {
    attention_norm: Vec<f32>,
    query: Packed,
    key: Packed,
    value: Packed,
    /// Of queries, keys and values.
    bias: Option<Vec<f32>>,
    attention_out: Packed,
    feed_norm: Vec<f32>,
    gate: Packed,
    up: Packed,
    down: Packed,
}

/// Where a pass puts its numbers; kept from one to the next.
#[derive(Default)]
struct Desk {
    x: Vec<f32>,
    normed: Vec<Block>,
    qkv: Vec<f32>,
    mixed: Vec<Block>,
    hidden: Vec<Block>,
}

impl Model for Fast {
    type Memory = Pages;

    fn facts(&self) -> Facts {
        Facts {
            tokens: self.shape.tokens,
            width: self.shape.width,
            context: self.context,
            rows: ROWS,
            token_bytes: self.pool.bytes() / crate::kernels::attention::PAGE,
            memory_bytes: self.pool.most() * self.pool.bytes(),
            remembered: 256,
            bytes_a_token: Some(self.bytes_a_token()),
            drafts: true,
        }
    }

    fn memory(&self) -> Pages {
        Pages::new(&self.pool)
    }

    fn memory_used(&self) -> usize {
        self.pool.held() * self.pool.bytes()
    }

    fn read(&mut self, parts: &mut [Part<'_, Pages>], scores: &mut Vec<f32>) -> Result<(), String> {
        scores.clear();
        let spans = self.spans(parts)?;
        let mut desk = std::mem::take(&mut self.desk);
        self.embed(parts, &mut desk);
        self.layers(parts, &spans, &mut desk);
        for part in parts.iter_mut() {
            part.memory.grow(part.tokens.len());
        }
        self.scores(parts, &spans, &mut desk, scores);
        self.desk = desk;
        Ok(())
    }
}

impl Fast {
    /// Bytes of weights that one token reads.
    fn bytes_a_token(&self) -> usize {
        let layers: usize = self.weights.layers.iter().map(Layer::bytes).sum();
        layers + self.weights.head.as_ref().unwrap_or(&self.weights.embedding).bytes()
    }

    fn hands(&self) -> Hands<'_> {
        Hands { team: &self.team, isa: self.isa }
    }

    /// Checks the parts and makes room for them.
    fn spans(&self, parts: &mut [Part<'_, Pages>]) -> Result<Vec<Span>, String> {
        let mut spans = Vec::with_capacity(parts.len());
        let mut row = 0;
        for (index, part) in parts.iter_mut().enumerate() {
            let (start, rows) = (part.memory.len(), part.tokens.len());
            if rows == 0 || start + rows > self.context || part.wanted > rows {
                return Err(format!("{rows} tokens do not fit behind {start}"));
            }
            if let Some(token) = part.tokens.iter().find(|t| **t as usize >= self.shape.tokens) {
                return Err(format!("there is no token {token}"));
            }
            if !part.memory.reserve(rows) {
                return Err("there is no memory left for this conversation".into());
            }
            spans.push(Span { part: index, row, rows, start });
            row += rows;
        }
        if row > ROWS {
            return Err(format!("{row} rows are more than {ROWS}"));
        }
        Ok(spans)
    }

    fn embed(&self, parts: &[Part<'_, Pages>], desk: &mut Desk) {
        let width = self.shape.width;
        let rows = parts.iter().map(|part| part.tokens.len()).sum::<usize>();
        desk.x.resize(rows * width, 0.0);
        let tokens = parts.iter().flat_map(|part| part.tokens);
        for (x, token) in desk.x.chunks_exact_mut(width).zip(tokens) {
            self.weights.embedding.row(*token as usize, x);
        }
        let Shape { heads, key_heads, head, feed, .. } = self.shape;
        desk.normed.resize(rows * width / BLOCK, Block::default());
        desk.qkv.resize(rows * (heads + 2 * key_heads) * head, 0.0);
        desk.mixed.resize(rows * heads * head / BLOCK, Block::default());
        desk.hidden.resize(rows * feed / BLOCK, Block::default());
    }

    fn layers(&self, parts: &mut [Part<'_, Pages>], spans: &[Span], desk: &mut Desk) {
        let Shape { heads: queries, key_heads: keys, head: width, layers, .. } = self.shape;
        let hands = self.hands();
        let regions = Regions { count: layers * keys, len: region(width) };
        let open: Vec<_> = parts.iter_mut().map(|part| part.memory.open(regions)).collect();
        let Desk { x, normed, qkv, mixed, hidden } = desk;
        for (index, layer) in self.weights.layers.iter().enumerate() {
            let input = self.normed(x, &layer.attention_norm, normed);
            multiply(hands, &[&layer.query, &layer.key, &layer.value], input, Put::Store, qkv);
            let bias = layer.bias.as_deref();
            let heads = Heads { layer: index, queries, keys, width, bias, turns: &self.turns };
            attend(hands, heads, spans, &open, qkv, mixed);
            multiply(hands, &[&layer.attention_out], Input::Blocks(mixed), Put::Add, x);
            let input = self.normed(x, &layer.feed_norm, normed);
            swiglu(hands, &layer.gate, &layer.up, input, hidden);
            multiply(hands, &[&layer.down], Input::Blocks(hidden), Put::Add, x);
        }
    }

    /// The rows of `x` normalised: at once if there are many, by each thread if there are few.
    fn normed<'a>(&self, x: &'a [f32], weight: &'a [f32], out: &'a mut [Block]) -> Input<'a> {
        let (width, epsilon) = (self.shape.width, self.shape.epsilon);
        let rows = x.len() / width;
        if rows <= Input::FEW {
            return Input::Norm { x, weight, epsilon };
        }
        rms_norms(self.hands(), x, weight, epsilon, out);
        Input::Blocks(out)
    }

    fn scores(
        &self,
        parts: &[Part<'_, Pages>],
        spans: &[Span],
        desk: &mut Desk,
        scores: &mut Vec<f32>,
    ) {
        let width = self.shape.width;
        let mut wanted = 0;
        for (part, span) in parts.iter().zip(spans) {
            // Rows only move forward, so none is overwritten before it is read.
            let first = (span.row + span.rows - part.wanted) * width;
            desk.x.copy_within(first..first + part.wanted * width, wanted * width);
            wanted += part.wanted;
        }
        if wanted == 0 {
            return;
        }
        scores.resize(wanted * self.shape.tokens, 0.0);
        let Desk { x, normed, .. } = desk;
        let normed = &mut normed[..wanted * width / BLOCK];
        let input = self.normed(&x[..wanted * width], &self.weights.norm, normed);
        let head = self.weights.head.as_ref().unwrap_or(&self.weights.embedding);
        multiply(self.hands(), &[head], input, Put::Store, scores);
    }
}

impl Layer {
    fn bytes(&self) -> usize {
        let Self { query, key, value, attention_out, gate, up, down, .. } = self;
        [query, key, value, attention_out, gate, up, down].iter().map(|m| m.bytes()).sum()
    }
}
