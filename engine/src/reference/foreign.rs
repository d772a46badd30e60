//! The models that candle brings along, each with its own memory inside.

use super::device;
use crate::gguf::Gguf;
use candle_core::quantized::gguf_file::Content;
use candle_core::{DType, Device, Result, Tensor};
use candle_transformers::models::{quantized_gemma3, quantized_phi3, quantized_qwen3};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// See the module. A clone shares the weights and has a memory of its own.
#[derive(Clone)]
pub(crate) struct Foreign {
    graph: Graph,
    device: Device,
}

#[derive(Clone)]
enum Graph {
    Gemma3(Box<quantized_gemma3::ModelWeights>),
    Phi3(Box<quantized_phi3::ModelWeights>),
    Qwen3(Box<quantized_qwen3::ModelWeights>),
}

impl Foreign {
    /// Reads the weights. What candle panics about is an error.
    pub fn load(file: &Gguf, architecture: &str) -> std::result::Result<Self, String> {
        let device = device();
        let load = || -> Result<Option<Graph>> {
            let mut reader = file.reader();
            let content = Content::read(&mut reader)?;
            Ok(Some(match architecture {
                "gemma3" => Graph::Gemma3(Box::new(quantized_gemma3::ModelWeights::from_gguf(
                    content,
                    &mut reader,
                    &device,
                )?)),
                "phi3" => Graph::Phi3(Box::new(quantized_phi3::ModelWeights::from_gguf(
                    false,
                    content,
                    &mut reader,
                    &device,
                )?)),
                "qwen3" => Graph::Qwen3(Box::new(quantized_qwen3::ModelWeights::from_gguf(
                    content,
                    &mut reader,
                    &device,
                )?)),
                _ => return Ok(None),
            }))
        };
        match catch_unwind(AssertUnwindSafe(load)) {
            Ok(Ok(Some(graph))) => Ok(Self { graph, device: device.clone() }),
            Ok(Ok(None)) => Err(format!(
                "its architecture is {architecture}; llama, qwen2, qwen3, gemma3 and phi3 are known"
            )),
            Ok(Err(error)) => Err(error.to_string().lines().next().unwrap_or_default().to_owned()),
            Err(_) => Err("candle cannot make sense of it".into()),
        }
    }

    /// Reads tokens behind `start`, and returns the scores after the last `wanted` of them.
    pub fn read(&mut self, tokens: &[u32], start: usize, wanted: usize) -> Result<Vec<f32>> {
        // These models score only the last of what they are given.
        let (silent, scored) = tokens.split_at(tokens.len() - wanted.max(1));
        let mut scores = Vec::new();
        if !silent.is_empty() {
            self.forward(silent, start)?;
        }
        for (i, token) in scored.iter().enumerate() {
            let row = self.forward(&[*token], start + silent.len() + i)?;
            if wanted > 0 {
                scores.extend(row.to_dtype(DType::F32)?.flatten_all()?.to_vec1::<f32>()?);
            }
        }
        Ok(scores)
    }

    fn forward(&mut self, tokens: &[u32], start: usize) -> Result<Tensor> {
        let input = Tensor::new(tokens, &self.device)?.unsqueeze(0)?;
        match &mut self.graph {
            Graph::Gemma3(model) => model.forward(&input, start),
            Graph::Phi3(model) => model.forward(&input, start),
            Graph::Qwen3(model) => model.forward(&input, start),
        }
    }
}
