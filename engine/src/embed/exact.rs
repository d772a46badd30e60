//! Candle's BERT with every number in `f32`: slow, and what the encoder's vectors are compared with.

use super::model::wrong;
use crate::models::EncoderFiles;
use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::BertModel;

/// See the module.
pub(crate) struct Exact(BertModel);

impl Exact {
    /// Reads the weights and the settings. The error names the file that is wrong.
    pub fn load(files: &EncoderFiles) -> Result<Self, String> {
        let config = std::fs::read(&files.config)
            .map_err(|e| e.to_string())
            .and_then(|bytes| serde_json::from_slice(&bytes).map_err(|e| e.to_string()))
            .map_err(|why| wrong(&files.config, &why))?;
        let model = || {
            let bytes = std::fs::read(&files.weights).map_err(|e| e.to_string())?;
            let tensors = candle_core::safetensors::load_buffer(&bytes, &Device::Cpu)
                .map_err(|e| e.to_string())?;
            let tensors = VarBuilder::from_tensors(tensors, DType::F32, &Device::Cpu);
            BertModel::load(tensors, &config).map_err(|e| e.to_string())
        };
        model().map(Self).map_err(|why| wrong(&files.weights, &why))
    }

    /// The unit vector of a text of these tokens.
    pub fn embed(&self, ids: &[u32]) -> Result<Vec<f32>, String> {
        let sum = || {
            let ids = Tensor::new(ids, &Device::Cpu)?.unsqueeze(0)?;
            let tokens = self.0.forward(&ids, &ids.zeros_like()?, None)?;
            tokens.sum(1)?.squeeze(0)?.to_vec1::<f32>()
        };
        let sum = sum().map_err(|e: candle_core::Error| e.to_string())?;
        let length = sum.iter().map(|x| x * x).sum::<f32>().sqrt();
        Ok(sum.into_iter().map(|x| x / length).collect())
    }
}
