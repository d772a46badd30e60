//! The encoder: a BERT whose token vectors are averaged into one unit vector for each text.

use crate::models::EncoderFiles;
use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::{BertModel, Config};
use std::path::Path;
use tokenizers::{PaddingParams, Tokenizer, TruncationParams};

/// Tokens of a text that are read; the rest is ignored. The model card's own setting.
const MOST_TOKENS: usize = 256;

/// Weights and tokenizer.
pub(crate) struct Encoder {
    model: BertModel,
    tokenizer: Tokenizer,
    dimensions: usize,
}

impl Encoder {
    /// Reads the files. The error names the one that is wrong.
    pub fn load(files: &EncoderFiles) -> Result<Self, String> {
        let config: Config = serde_json::from_slice(&read(&files.config)?)
            .map_err(|e| wrong(&files.config, &e.to_string()))?;
        let tokenizer = tokenizer(&read(&files.tokenizer)?, &config)
            .map_err(|e| wrong(&files.tokenizer, &e))?;
        let weights = candle_core::safetensors::load_buffer(&read(&files.weights)?, &Device::Cpu)
            .and_then(|tensors| {
                let tensors = VarBuilder::from_tensors(tensors, DType::F32, &Device::Cpu);
                BertModel::load(tensors, &config)
            })
            .map_err(|e| wrong(&files.weights, e.to_string().lines().next().unwrap_or("?")))?;
        Ok(Self { model: weights, tokenizer, dimensions: config.hidden_size })
    }

    /// Length of each vector.
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// A unit vector of [`Encoder::dimensions`] numbers for each text. All texts are padded to the
    /// longest, so they should be of similar length.
    pub fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, String> {
        if texts.is_empty() {
            return Ok(Vec::new());
        }
        let encodings =
            self.tokenizer.encode_batch_fast(texts.to_vec(), true).map_err(|e| e.to_string())?;
        let mut ids = Vec::new();
        let mut mask = Vec::new();
        for encoding in &encodings {
            ids.extend_from_slice(encoding.get_ids());
            mask.extend_from_slice(encoding.get_attention_mask());
        }
        let length = ids.len() / texts.len();
        self.forward(ids, mask, (texts.len(), length)).map_err(|e| e.to_string())
    }

    fn forward(
        &self,
        ids: Vec<u32>,
        mask: Vec<u32>,
        shape: (usize, usize),
    ) -> candle_core::Result<Vec<Vec<f32>>> {
        let ids = Tensor::from_vec(ids, shape, &Device::Cpu)?;
        let mask = Tensor::from_vec(mask, shape, &Device::Cpu)?;
        let tokens = self.model.forward(&ids, &ids.zeros_like()?, Some(&mask))?;
        // The mean over real tokens; its length does not matter, so neither does their number.
        let mask = mask.to_dtype(DType::F32)?.unsqueeze(1)?;
        let sums = mask.matmul(&tokens)?.squeeze(1)?;
        let lengths = sums.sqr()?.sum_keepdim(1)?.sqrt()?;
        sums.broadcast_div(&lengths)?.to_vec2()
    }
}

/// The file's own settings cut at 128 tokens and pad every text to 128.
fn tokenizer(bytes: &[u8], config: &Config) -> Result<Tokenizer, String> {
    let mut tokenizer = Tokenizer::from_bytes(bytes).map_err(|e| e.to_string())?;
    let max_length = MOST_TOKENS.min(config.max_position_embeddings);
    let truncation = TruncationParams { max_length, ..Default::default() };
    tokenizer.with_truncation(Some(truncation)).map_err(|e| e.to_string())?;
    let pad_id = u32::try_from(config.pad_token_id).map_err(|e| e.to_string())?;
    tokenizer.with_padding(Some(PaddingParams { pad_id, ..Default::default() }));
    if tokenizer.get_vocab_size(true) > config.vocab_size {
        return Err("it has more tokens than the model".into());
    }
    Ok(tokenizer)
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|e| wrong(path, &e.to_string()))
}

fn wrong(path: &Path, why: &str) -> String {
    format!("{}: {why}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::tests::encoder_files;

    fn cosine(a: &[f32], b: &[f32]) -> f32 {
        a.iter().zip(b).map(|(a, b)| a * b).sum()
    }

    #[test]
    fn vectors_have_unit_length_and_meaning() {
        let encoder = Encoder::load(&encoder_files()).unwrap();
        let texts = ["How much is shipping?", "What does delivery cost?", "A lamp made of brass."];
        let vectors = encoder.embed(&texts).unwrap();
        for vector in &vectors {
            assert_eq!(vector.len(), 384);
            assert!((cosine(vector, vector) - 1.0).abs() < 1e-5);
        }
        assert!(cosine(&vectors[0], &vectors[1]) > 0.6);
        assert!(cosine(&vectors[0], &vectors[2]) < 0.2);
    }

    #[test]
    fn neighbours_in_a_batch_do_not_matter() {
        let encoder = Encoder::load(&encoder_files()).unwrap();
        let long = "A longer text, to force padding on the short one. ".repeat(8);
        let together = encoder.embed(&["Short.", &long]).unwrap();
        let alone = encoder.embed(&["Short."]).unwrap();
        assert!(cosine(&together[0], &alone[0]) > 0.99999);
    }

    #[test]
    fn more_than_128_and_no_more_than_256_tokens_count() {
        let encoder = Encoder::load(&encoder_files()).unwrap();
        let words = |n: usize, last: &str| format!("{}{last}", "lamp ".repeat(n));
        let pair = |n| {
            let (a, b) = (words(n, "tent"), words(n, "refund"));
            let vectors = encoder.embed(&[&a, &b]).unwrap();
            cosine(&vectors[0], &vectors[1])
        };
        assert!(pair(200) < 0.99999);
        assert!(pair(300) > 0.99999);
    }

    #[test]
    fn a_wrong_file_is_named() {
        let mut files = encoder_files();
        files.weights = files.config.clone();
        let error = Encoder::load(&files).err().unwrap();
        assert!(error.contains("config.json"), "{error}");
        files.weights = "/no/such/file".into();
        assert!(Encoder::load(&files).err().unwrap().starts_with("/no/such/file: "));
    }
}
