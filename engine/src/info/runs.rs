//! What of this engine can run a model, judged by its header.

use crate::fast::Shape;
use crate::gguf::Gguf;
use crate::vocabulary;
use serde::Serialize;

/// Which implementation can run a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RunsOn {
    /// The engine's own arithmetic.
    Fast,
    /// Candle's.
    Reference,
    /// None, and why.
    Nothing(String),
}

/// Families candle computes from a GGUF file.
const REFERENCE: [&str; 5] = ["llama", "qwen2", "qwen3", "gemma3", "phi3"];

impl RunsOn {
    /// Judges a file.
    pub(super) fn new(file: &Gguf) -> Self {
        match (fast(file), reference(file)) {
            (true, Ok(())) => Self::Fast,
            (false, Ok(())) => Self::Reference,
            (_, Err(why)) => Self::Nothing(why),
        }
    }
}

/// What any implementation asks of a file.
fn reference(file: &Gguf) -> Result<(), String> {
    let architecture = file.text("general.architecture")?;
    if !REFERENCE.contains(&architecture) {
        return Err(format!("its architecture is {architecture}, which this engine cannot run"));
    }
    vocabulary::supported(file)?;
    file.tensor("token_embd.weight")?;
    match file.tensors().find(|tensor| tensor.kind.ggml().is_none()) {
        Some(tensor) => Err(tensor.unreadable()),
        None => Ok(()),
    }
}

/// What the fast one asks beyond that.
fn fast(file: &Gguf) -> bool {
    Shape::read(file).is_ok()
}
