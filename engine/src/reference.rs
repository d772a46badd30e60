//! A decoder on candle's own operations: slow, plain, and right.
//!
//! It is what the fast implementation is compared with, and what runs where that one cannot: other
//! architectures, other quantisations, other processors. Llamas and qwen2s are a [`graph`] of a few
//! lines, whose weights stay quantised or become plain `f32` numbers; the rest are candle's own
//! [`foreign`] models. Conversations are read one after the other.

mod foreign;
mod graph;

use crate::gguf::Gguf;
use crate::model::{Facts, Memory, Model, Part};
use candle_core::Device;
use foreign::Foreign;
use graph::{Graph, Kept};

/// See the module.
pub(crate) struct Reference {
    kind: Kind,
    facts: Facts,
}

enum Kind {
    Graph(Box<Graph>),
    /// As it was before the first token.
    Foreign(Foreign),
}

/// What a conversation has left behind.
pub(crate) enum Past {
    Graph(Kept),
    /// The whole model, whose weights are shared, and how many tokens it has read.
    Foreign(Foreign, usize),
}

impl Reference {
    /// Reads the weights; `exact` widens all of them to `f32`.
    pub fn load(file: &Gguf, context: usize, exact: bool) -> Result<Self, String> {
        let architecture = file.text("general.architecture")?;
        let count = |name: &str| file.count(&file.arch(name)?);
        let facts = Facts {
            tokens: file.tensor("token_embd.weight")?.dims.first().copied().unwrap_or(0),
            width: count("embedding_length")?,
            context: context.min(count("context_length")?),
            rows: 256,
            token_bytes: 1,
            memory_bytes: usize::MAX >> 1,
            // Nobody counts their bytes, so there are few.
            remembered: 4,
            bytes_a_token: None,
            drafts: matches!(architecture, "llama" | "qwen2"),
        };
        let kind = if facts.drafts {
            Kind::Graph(Box::new(Graph::load(file, facts.context, exact)?))
        } else {
            Kind::Foreign(Foreign::load(file, architecture)?)
        };
        Ok(Self { kind, facts })
    }

    fn part(&self, part: &mut Part<'_, Past>, scores: &mut Vec<f32>) -> candle_core::Result<()> {
        let len = part.memory.len();
        match (&self.kind, &mut *part.memory) {
            (Kind::Graph(graph), Past::Graph(kept)) => {
                scores.extend(graph.read(kept, part.tokens, part.wanted)?);
            }
            (Kind::Foreign(_), Past::Foreign(model, read)) => {
                scores.extend(model.read(part.tokens, len, part.wanted)?);
                *read += part.tokens.len();
            }
            _ => candle_core::bail!("a memory of another model"),
        }
        Ok(())
    }
}

impl Model for Reference {
    type Memory = Past;

    fn facts(&self) -> Facts {
        self.facts
    }

    fn memory(&self) -> Past {
        match &self.kind {
            Kind::Graph(graph) => Past::Graph(graph.empty()),
            Kind::Foreign(model) => Past::Foreign(model.clone(), 0),
        }
    }

    fn memory_used(&self) -> usize {
        0
    }

    fn read(&mut self, parts: &mut [Part<'_, Past>], scores: &mut Vec<f32>) -> Result<(), String> {
        scores.clear();
        let Facts { tokens, context, .. } = self.facts;
        for part in parts.iter() {
            let (len, new) = (part.memory.len(), part.tokens.len());
            if new == 0 || len + new > context || part.wanted > new {
                return Err(format!("{new} tokens do not fit behind {len}"));
            }
            if let Some(token) = part.tokens.iter().find(|token| **token as usize >= tokens) {
                return Err(format!("there is no token {token}"));
            }
        }
        for part in parts.iter_mut() {
            self.part(part, scores).map_err(|error| error.to_string())?;
        }
        Ok(())
    }
}

impl Memory for Past {
    fn len(&self) -> usize {
        match self {
            Self::Graph(kept) => kept.len(),
            Self::Foreign(_, len) => *len,
        }
    }

    fn fork(&self, len: usize) -> Option<Self> {
        match self {
            Self::Graph(kept) => kept.first(len).ok().map(Self::Graph),
            Self::Foreign(model, all) => (len == *all).then(|| Self::Foreign(model.clone(), *all)),
        }
    }

    fn truncate(&mut self, len: usize) -> bool {
        match self {
            Self::Graph(kept) => match kept.first(len) {
                Ok(first) => {
                    *kept = first;
                    true
                }
                Err(_) => false,
            },
            Self::Foreign(_, all) => len >= *all,
        }
    }
}

/// Where candle computes: on a graphics card if the engine was built for one and there is one.
fn device() -> Device {
    #[cfg(feature = "cuda")]
    if let Ok(device) = Device::new_cuda(0) {
        return device;
    }
    #[cfg(feature = "metal")]
    if let Ok(device) = Device::new_metal(0) {
        return device;
    }
    Device::Cpu
}
