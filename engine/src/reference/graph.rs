//! A llama or qwen2 in candle's operations, one conversation at a time.

use super::device;
use crate::fast::Shape;
use crate::gguf::Gguf;
use candle_core::quantized::{QMatMul, QTensor};
use candle_core::{D, DType, Device, Module, Result, Tensor};
use candle_nn::ops::{rms_norm, silu, softmax_last_dim};
use candle_nn::rotary_emb::{rope, rope_i};
use std::sync::Arc;

/// See the module.
pub(super) struct Graph {
    shape: Shape,
    device: Device,
    embedding: Arc<QTensor>,
    layers: Vec<Layer>,
    norm: Tensor,
    head: QMatMul,
    /// `(positions, head / 2)`
    cos: Tensor,
    sin: Tensor,
}

struct Layer {
    attention_norm: Tensor,
    query: Linear,
    key: Linear,
    value: Linear,
    attention_out: Linear,
    feed_norm: Tensor,
    gate: Linear,
    up: Linear,
    down: Linear,
}

struct Linear {
    weight: QMatMul,
    bias: Option<Tensor>,
}

/// Keys and values of each layer: `(key_heads, positions, head)`.
pub(crate) struct Kept {
    layers: Vec<Option<(Tensor, Tensor)>>,
    len: usize,
}

impl Kept {
    /// Positions held.
    pub fn len(&self) -> usize {
        self.len
    }

    /// The first `len` positions, as a view.
    pub fn first(&self, len: usize) -> Result<Self> {
        let len = len.min(self.len);
        let cut = |kept: &Option<(Tensor, Tensor)>| -> Result<Option<(Tensor, Tensor)>> {
            let Some((keys, values)) = kept.as_ref().filter(|_| len > 0) else { return Ok(None) };
            Ok(Some((keys.narrow(1, 0, len)?, values.narrow(1, 0, len)?)))
        };
        Ok(Self { layers: self.layers.iter().map(cut).collect::<Result<_>>()?, len })
    }
}

impl Graph {
    pub fn load(file: &Gguf, context: usize, exact: bool) -> std::result::Result<Self, String> {
        let shape = Shape::read(file)?;
        let device = device();
        let reader = Reader { file, device: &device, exact };
        let layers =
            (0..shape.layers).map(|i| reader.layer(i)).collect::<std::result::Result<_, _>>()?;
        let embedding = Arc::new(file.qtensor("token_embd.weight")?);
        let head = match file.find("output.weight") {
            Some(_) => reader.matrix("output.weight")?,
            None => reader.matrix("token_embd.weight")?,
        };
        let norm = reader.vector("output_norm.weight")?;
        let (cos, sin) = shape.angles(context);
        let table = |x: Vec<f32>| Tensor::from_vec(x, (context, shape.head / 2), &device);
        let (cos, sin) = (table(cos).map_err(text)?, table(sin).map_err(text)?);
        Ok(Self { shape, device: device.clone(), embedding, layers, norm, head, cos, sin })
    }

    /// Nothing read yet.
    pub fn empty(&self) -> Kept {
        Kept { layers: self.layers.iter().map(|_| None).collect(), len: 0 }
    }

    /// Reads tokens, and returns the scores after the last `wanted` of them, row after row.
    pub fn read(&self, kept: &mut Kept, tokens: &[u32], wanted: usize) -> Result<Vec<f32>> {
        let ids = Tensor::new(tokens, &self.device)?;
        let embedding = self.embedding.dequantize(&self.device)?;
        let mut x = embedding.index_select(&ids, 0)?;
        let mask = self.mask(kept.len, tokens.len())?;
        for (layer, past) in self.layers.iter().zip(&mut kept.layers) {
            let normed = rms_norm(&x, &layer.attention_norm, self.shape.epsilon)?;
            x = (x + self.attend(layer, past, kept.len, &normed, &mask)?)?;
            let normed = rms_norm(&x, &layer.feed_norm, self.shape.epsilon)?;
            let gated = (silu(&layer.gate.forward(&normed)?)? * layer.up.forward(&normed)?)?;
            x = (x + layer.down.forward(&gated)?)?;
        }
        kept.len += tokens.len();
        if wanted == 0 {
            return Ok(Vec::new());
        }
        let last = x.narrow(0, tokens.len() - wanted, wanted)?.contiguous()?;
        let last = rms_norm(&last, &self.norm, self.shape.epsilon)?;
        self.head.forward(&last)?.to_dtype(DType::F32)?.flatten_all()?.to_vec1()
    }

    fn attend(
        &self,
        layer: &Layer,
        past: &mut Option<(Tensor, Tensor)>,
        start: usize,
        x: &Tensor,
        mask: &Tensor,
    ) -> Result<Tensor> {
        let Shape { heads, key_heads, head, .. } = self.shape;
        let rows = x.dim(0)?;
        let split =
            |x: Tensor, heads| x.reshape((rows, heads, head))?.transpose(0, 1)?.contiguous();
        let query = self.turn(&split(layer.query.forward(x)?, heads)?, start)?;
        let key = self.turn(&split(layer.key.forward(x)?, key_heads)?, start)?;
        let value = split(layer.value.forward(x)?, key_heads)?;
        let (keys, values) = match past.take() {
            Some((keys, values)) => {
                (Tensor::cat(&[&keys, &key], 1)?, Tensor::cat(&[&values, &value], 1)?)
            }
            None => (key, value),
        };
        *past = Some((keys.clone(), values.clone()));
        // Each key head serves several query heads in a row.
        let shared = |x: &Tensor| -> Result<Tensor> {
            let (_, positions, _) = x.dims3()?;
            let group = heads / key_heads;
            let all = x.unsqueeze(1)?.expand((key_heads, group, positions, head))?;
            all.reshape((heads, positions, head))?.contiguous()
        };
        let scores =
            query.matmul(&shared(&keys)?.transpose(D::Minus2, D::Minus1)?.contiguous()?)?;
        let scores = (scores / (head as f64).sqrt())?.broadcast_add(mask)?;
        let mixed = softmax_last_dim(&scores)?.matmul(&shared(&values)?)?;
        layer
            .attention_out
            .forward(&mixed.transpose(0, 1)?.contiguous()?.reshape((rows, heads * head))?)
    }

    fn turn(&self, x: &Tensor, start: usize) -> Result<Tensor> {
        let rows = x.dim(1)?;
        let (cos, sin) = (self.cos.narrow(0, start, rows)?, self.sin.narrow(0, start, rows)?);
        let x = x.unsqueeze(0)?;
        let turned =
            if self.shape.halves() { rope(&x, &cos, &sin) } else { rope_i(&x, &cos, &sin) };
        turned?.squeeze(0)
    }

    /// Zero where a row may look, minus infinity where it may not.
    fn mask(&self, start: usize, rows: usize) -> Result<Tensor> {
        let hidden = |row: usize| move |at: usize| if at > row { f32::NEG_INFINITY } else { 0.0 };
        let mask: Vec<f32> =
            (start..start + rows).flat_map(|row| (0..start + rows).map(hidden(row))).collect();
        Tensor::from_vec(mask, (rows, start + rows), &self.device)
    }
}

impl Linear {
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let y = self.weight.forward(x)?;
        match &self.bias {
            Some(bias) => y.broadcast_add(bias),
            None => Ok(y),
        }
    }
}

struct Reader<'a> {
    file: &'a Gguf,
    device: &'a Device,
    exact: bool,
}

impl Reader<'_> {
    fn layer(&self, index: usize) -> std::result::Result<Layer, String> {
        let name = |part: &str| format!("blk.{index}.{part}");
        Ok(Layer {
            attention_norm: self.vector(&name("attn_norm.weight"))?,
            query: self.linear(&name("attn_q"))?,
            key: self.linear(&name("attn_k"))?,
            value: self.linear(&name("attn_v"))?,
            attention_out: self.linear(&name("attn_output"))?,
            feed_norm: self.vector(&name("ffn_norm.weight"))?,
            gate: self.linear(&name("ffn_gate"))?,
            up: self.linear(&name("ffn_up"))?,
            down: self.linear(&name("ffn_down"))?,
        })
    }

    fn linear(&self, name: &str) -> std::result::Result<Linear, String> {
        let bias = format!("{name}.bias");
        let bias = self.file.find(&bias).map(|_| self.vector(&bias)).transpose()?;
        Ok(Linear { weight: self.matrix(&format!("{name}.weight"))?, bias })
    }

    fn matrix(&self, name: &str) -> std::result::Result<QMatMul, String> {
        let tensor = self.file.qtensor(name)?;
        if self.exact {
            return Ok(QMatMul::Tensor(tensor.dequantize(self.device).map_err(text)?));
        }
        QMatMul::from_arc(Arc::new(tensor)).map_err(text)
    }

    fn vector(&self, name: &str) -> std::result::Result<Tensor, String> {
        self.file.qtensor(name)?.dequantize(self.device).map_err(text)
    }
}

fn text(error: candle_core::Error) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}
