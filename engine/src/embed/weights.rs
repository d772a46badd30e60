//! A BERT's weights, from its files into tiles.

use super::model::wrong;
use crate::kernels::blocks::LayerNorm;
use crate::kernels::pack::Packed;
use crate::models::EncoderFiles;
use candle_core::safetensors::SliceSafetensors;
use candle_core::{DType, Device};
use candle_transformers::models::bert::{Config, HiddenAct};
use std::ops::Range;

/// See the module.
pub(super) struct Weights {
    /// Numbers that describe a token.
    pub width: usize,
    pub heads: usize,
    /// A row for each token of the vocabulary.
    pub words: Packed,
    /// A row for each position, with the type of a first text added.
    positions: Vec<f32>,
    norm: Norm,
    zeros: Vec<f32>,
    pub layers: Vec<Layer>,
}

/// One layer; biases apart from the matrices.
pub(super) struct Layer {
    /// Queries, keys and values on top of each other.
    pub qkv: Packed,
    pub qkv_bias: Vec<f32>,
    pub out: Packed,
    pub out_bias: Vec<f32>,
    pub attention_norm: Norm,
    pub up: Packed,
    pub up_bias: Vec<f32>,
    pub down: Packed,
    pub down_bias: Vec<f32>,
    pub feed_norm: Norm,
}

/// A layer norm.
pub(super) struct Norm {
    gain: Vec<f32>,
    shift: Vec<f32>,
    epsilon: f32,
}

impl Norm {
    /// After `bias` was added.
    pub fn with<'a>(&'a self, bias: &'a [f32]) -> LayerNorm<'a> {
        LayerNorm { bias, gain: &self.gain, shift: &self.shift, epsilon: self.epsilon }
    }
}

impl Weights {
    /// Reads them; the error names the file.
    pub fn load(files: &EncoderFiles) -> Result<Self, String> {
        let read = |path| std::fs::read(path).map_err(|e| wrong(path, &e.to_string()));
        let config: Config = serde_json::from_slice(&read(&files.config)?)
            .map_err(|e| wrong(&files.config, &e.to_string()))?;
        check(&config).map_err(|why| wrong(&files.config, &why))?;
        let bytes = read(&files.weights)?;
        let unread = |why: String| wrong(&files.weights, &why);
        let file = SliceSafetensors::new(&bytes).map_err(|e| unread(first_line(&e)))?;
        Reader { file, config: &config }.weights().map_err(unread)
    }

    /// Positions a text may have.
    pub fn positions(&self) -> usize {
        self.positions.len() / self.width
    }

    /// The norm of what [`Weights::look_up`] finds.
    pub fn norm(&self) -> LayerNorm<'_> {
        self.norm.with(&self.zeros)
    }

    /// Writes the rows of tokens at their positions, text by text.
    pub fn look_up(&self, ids: &[u32], texts: &[Range<usize>], x: &mut [f32]) {
        let places = texts.iter().flat_map(|rows| 0..rows.len());
        for ((id, place), x) in ids.iter().zip(places).zip(x.chunks_exact_mut(self.width)) {
            self.words.row(*id as usize, x);
            for (x, position) in x.iter_mut().zip(&self.positions[place * self.width..]) {
                *x += position;
            }
        }
    }
}

/// Whether the kernels can compute this model.
fn check(config: &Config) -> Result<(), String> {
    let Config { hidden_size, num_attention_heads, intermediate_size, .. } = *config;
    let whole = hidden_size.checked_rem(num_attention_heads) == Some(0);
    let head = hidden_size.checked_div(num_attention_heads).unwrap_or(0);
    if !whole || !(32..=256).contains(&head) || head % 32 != 0 || intermediate_size % 32 != 0 {
        let heads = num_attention_heads;
        return Err(format!("{heads} heads for {hidden_size} numbers are not supported"));
    }
    if config.hidden_act != HiddenAct::Gelu {
        return Err("its activation is not gelu".into());
    }
    Ok(())
}

struct Reader<'a> {
    file: SliceSafetensors<'a>,
    config: &'a Config,
}

impl Reader<'_> {
    fn weights(&self) -> Result<Weights, String> {
        let width = self.config.hidden_size;
        let words = self.matrix(&["embeddings.word_embeddings"], width)?;
        let mut positions = self.numbers("embeddings.position_embeddings.weight")?;
        let kind = self.numbers("embeddings.token_type_embeddings.weight")?;
        if !positions.len().is_multiple_of(width) || kind.len() < width {
            return Err("its embeddings differ in width".into());
        }
        for position in positions.chunks_exact_mut(width) {
            position.iter_mut().zip(&kind).for_each(|(x, kind)| *x += kind);
        }
        let layers = 0..self.config.num_hidden_layers;
        Ok(Weights {
            width,
            heads: self.config.num_attention_heads,
            words,
            positions,
            norm: self.norm("embeddings.LayerNorm")?,
            zeros: vec![0.0; width],
            layers: layers.map(|i| self.layer(i)).collect::<Result<_, _>>()?,
        })
    }

    fn layer(&self, index: usize) -> Result<Layer, String> {
        let (width, feed) = (self.config.hidden_size, self.config.intermediate_size);
        let name = |part: &str| format!("encoder.layer.{index}.{part}");
        let qkv = ["query", "key", "value"].map(|part| name(&format!("attention.self.{part}")));
        let [query, key, value] = [&*qkv[0], &*qkv[1], &*qkv[2]];
        let out = name("attention.output.dense");
        let (up, down) = (name("intermediate.dense"), name("output.dense"));
        let layer = Layer {
            qkv: self.matrix(&[query, key, value], width)?,
            qkv_bias: self.bias(&[query, key, value])?,
            out: self.matrix(&[&out], width)?,
            out_bias: self.bias(&[&out])?,
            attention_norm: self.norm(&name("attention.output.LayerNorm"))?,
            up: self.matrix(&[&up], width)?,
            up_bias: self.bias(&[&up])?,
            down: self.matrix(&[&down], feed)?,
            down_bias: self.bias(&[&down])?,
            feed_norm: self.norm(&name("output.LayerNorm"))?,
        };
        let sizes = [layer.qkv.rows(), layer.out.rows(), layer.up.rows(), layer.down.rows()];
        let biases = [&layer.qkv_bias, &layer.out_bias, &layer.up_bias, &layer.down_bias];
        let fit = sizes == [3 * width, width, feed, width];
        if !fit || biases.map(Vec::len) != sizes {
            return Err(format!("its layer {index} has the sizes {sizes:?}"));
        }
        Ok(layer)
    }

    /// Matrices on top of each other.
    fn matrix(&self, names: &[&str], columns: usize) -> Result<Packed, String> {
        let mut values = Vec::new();
        for name in names {
            values.extend(self.numbers(&format!("{name}.weight"))?);
        }
        // A vocabulary need not be a multiple of sixteen.
        let rows = values.len() / columns;
        if rows * columns != values.len() {
            return Err(format!("its {} is not {columns} wide", names.join(", ")));
        }
        values.resize(rows.next_multiple_of(16) * columns, 0.0);
        Packed::round(&values, columns).map_err(|why| format!("its {}: {why}", names.join(", ")))
    }

    fn bias(&self, names: &[&str]) -> Result<Vec<f32>, String> {
        let parts = names.iter().map(|name| self.numbers(&format!("{name}.bias")));
        Ok(parts.collect::<Result<Vec<_>, _>>()?.concat())
    }

    fn norm(&self, name: &str) -> Result<Norm, String> {
        let gain = self.numbers(&format!("{name}.weight"))?;
        let shift = self.numbers(&format!("{name}.bias"))?;
        let width = self.config.hidden_size;
        let fit = gain.len() == width && shift.len() == width;
        let norm = Norm { gain, shift, epsilon: self.config.layer_norm_eps as f32 };
        fit.then_some(norm).ok_or_else(|| format!("its {name} is not {width} wide"))
    }

    fn numbers(&self, name: &str) -> Result<Vec<f32>, String> {
        let read = || {
            let tensor = self.file.load(name, &Device::Cpu)?.to_dtype(DType::F32)?;
            tensor.flatten_all()?.to_vec1::<f32>()
        };
        let numbers = read().map_err(|e| format!("its {name}: {}", first_line(&e)))?;
        let finite = numbers.iter().all(|x| x.is_finite());
        finite.then_some(numbers).ok_or_else(|| format!("its {name} has what is no number"))
    }
}

/// Of an error whose rest can be a backtrace.
fn first_line(error: &candle_core::Error) -> String {
    error.to_string().lines().next().unwrap_or("unreadable").to_owned()
}
