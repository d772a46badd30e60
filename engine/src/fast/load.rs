//! From a file to weights in tiles.

use super::{Desk, Fast, Layer, Shape, Weights};
use crate::gguf::{Gguf, Kind, TensorInfo};
use crate::kernels::lanes::Isa;
use crate::kernels::pack::Packed;
use crate::kernels::pages::Pool;
use crate::kernels::team::Team;

/// How to run it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setup {
    /// Threads to compute with.
    pub threads: usize,
    /// Longest conversation, in tokens.
    pub context: usize,
    /// Most bytes for conversations together.
    pub memory: usize,
    /// Instructions to compute with.
    pub isa: Isa,
}

impl Fast {
    /// Reads the weights. The error says what is wrong with the file, or not supported.
    pub fn load(file: &Gguf, setup: Setup) -> Result<Self, String> {
        let shape = Shape::read(file)?;
        let reader = Reader { file, threads: setup.threads.max(1) };
        let weights = reader.weights(&shape)?;
        let context = setup.context.min(shape.context);
        let pool = Pool::new(shape.layers, shape.key_heads, shape.head, setup.memory);
        let team = Team::new(setup.threads, "writer").map_err(|e| format!("no threads: {e}"))?;
        let turns = shape.turns(context);
        Ok(Self {
            shape,
            weights,
            turns,
            context,
            pool,
            team,
            isa: setup.isa,
            desk: Desk::default(),
        })
    }
}

struct Reader<'a> {
    file: &'a Gguf,
    threads: usize,
}

impl Reader<'_> {
    fn weights(&self, shape: &Shape) -> Result<Weights, String> {
        let layers = (0..shape.layers).map(|i| self.layer(shape, i)).collect::<Result<_, _>>()?;
        let head = self.file.find("output.weight");
        let tokens = (shape.tokens, shape.width);
        Ok(Weights {
            embedding: self.matrix("token_embd.weight", tokens)?,
            layers,
            norm: self.vector("output_norm.weight", shape.width)?,
            head: head.map(|_| self.matrix("output.weight", tokens)).transpose()?,
        })
    }

    fn layer(&self, shape: &Shape, index: usize) -> Result<Layer, String> {
        let Shape { width, feed, .. } = *shape;
        let (query, key) = (shape.heads * shape.head, shape.key_heads * shape.head);
        let name = |part: &str| format!("blk.{index}.{part}.weight");
        let (mut gate, mut up) = (
            self.matrix(&name("ffn_gate"), (feed, width))?,
            self.matrix(&name("ffn_up"), (feed, width))?,
        );
        if !gate.is_like(&up) {
            (gate, up) = (gate.to_eight_bits()?, up.to_eight_bits()?);
        }
        Ok(Layer {
            attention_norm: self.vector(&name("attn_norm"), width)?,
            query: self.matrix(&name("attn_q"), (query, width))?,
            key: self.matrix(&name("attn_k"), (key, width))?,
            value: self.matrix(&name("attn_v"), (key, width))?,
            bias: self.bias(index, query, key)?,
            attention_out: self.matrix(&name("attn_output"), (width, query))?,
            feed_norm: self.vector(&name("ffn_norm"), width)?,
            gate,
            up,
            down: self.matrix(&name("ffn_down"), (width, feed))?,
        })
    }

    /// Those of queries, keys and values, if the file has them.
    fn bias(&self, layer: usize, query: usize, key: usize) -> Result<Option<Vec<f32>>, String> {
        let name = |part: &str| format!("blk.{layer}.{part}.bias");
        if self.file.find(&name("attn_q")).is_none() {
            return Ok(None);
        }
        let mut bias = self.vector(&name("attn_q"), query)?;
        bias.extend(self.vector(&name("attn_k"), key)?);
        bias.extend(self.vector(&name("attn_v"), key)?);
        Ok(Some(bias))
    }

    fn matrix(&self, name: &str, shape: (usize, usize)) -> Result<Packed, String> {
        let tensor = self.file.tensor(name)?;
        if tensor.dims != [shape.0, shape.1] {
            return Err(format!("its {name} has the dimensions {:?}", tensor.dims));
        }
        let kind = tensor.kind.ggml();
        let kind = kind.ok_or_else(|| format!("its {name} is {}", tensor.kind.name()))?;
        Packed::load(shape, kind, self.threads, |from, into| self.file.read(tensor, from, into))
            .map_err(|why| format!("its {name}: {why}"))
    }

    fn vector(&self, name: &str, length: usize) -> Result<Vec<f32>, String> {
        let tensor = self.file.tensor(name)?;
        if tensor.dims != [length] {
            return Err(format!("its {name} has the dimensions {:?}", tensor.dims));
        }
        numbers(self.file, tensor)
    }
}

/// A vector stored as plain numbers.
pub(super) fn numbers(file: &Gguf, tensor: &TensorInfo) -> Result<Vec<f32>, String> {
    if tensor.kind != Kind::F32 {
        return Err(format!("its {} is {}, not F32", tensor.name, tensor.kind.name()));
    }
    let mut bytes = vec![0; usize::try_from(tensor.bytes).map_err(|e| e.to_string())?];
    file.read(tensor, 0, &mut bytes)?;
    let numbers: Vec<f32> =
        bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    let finite = numbers.iter().all(|x| x.is_finite());
    finite.then_some(numbers).ok_or_else(|| format!("its {} has no numbers", tensor.name))
}
