//! Where the models' files are, and how the engine should run them.

use crate::kernels::lanes::Isa;
use std::path::{Path, PathBuf};

/// The files of the models to start, or why there are none: what `Unavailable` is answered with.
#[derive(Debug, Clone)]
pub struct Models {
    /// The model that embeds.
    pub encoder: Result<EncoderFiles, String>,
    /// The model that writes.
    pub writer: Result<WriterFile, String>,
}

impl Default for Models {
    fn default() -> Self {
        let why = "none was named; run `floorwalker models pull`";
        Self { encoder: Err(why.into()), writer: Err(why.into()) }
    }
}

impl Models {
    /// Both models at their places below `root`, the folder that `floorwalker models pull` fills.
    /// Whether the files are there is only seen when the engine starts.
    pub fn in_folder(root: &Path) -> Self {
        Self {
            encoder: Ok(EncoderFiles::in_folder(&root.join("all-MiniLM-L6-v2"))),
            writer: Ok(WriterFile {
                gguf: root.join("SmolLM2-135M-Instruct/SmolLM2-135M-Instruct.Q4_1.gguf"),
            }),
        }
    }
}

/// A BERT with a Hugging Face tokenizer.
#[derive(Debug, Clone)]
pub struct EncoderFiles {
    /// `model.safetensors`
    pub weights: PathBuf,
    /// `tokenizer.json`
    pub tokenizer: PathBuf,
    /// `config.json`
    pub config: PathBuf,
}

impl EncoderFiles {
    /// The three files by their usual names.
    pub fn in_folder(folder: &Path) -> Self {
        Self {
            weights: folder.join("model.safetensors"),
            tokenizer: folder.join("tokenizer.json"),
            config: folder.join("config.json"),
        }
    }
}

/// A llama with its vocabulary, in one file.
#[derive(Debug, Clone)]
pub struct WriterFile {
    /// The `.gguf` file.
    pub gguf: PathBuf,
}

/// How to run them.
#[derive(Debug, Clone)]
pub struct Options {
    /// Threads each model may compute with. The default is what the machine has, at most four:
    /// small models gain nothing from more.
    pub threads: usize,
    /// Instructions to compute with.
    pub isa: Isa,
    /// Who computes for the writer.
    pub implementation: Implementation,
    /// Requests that may wait for each model before the answer is `Busy`.
    pub waiting: usize,
    /// Replies that are written at the same time.
    pub seats: usize,
    /// Longest conversation, in tokens: prompt and reply together.
    pub context: usize,
    /// Most bytes that conversations may take together, those remembered included; taken as they
    /// are used. A token takes 22.5 KiB with SmolLM2-135M, 12 KiB with Qwen2.5-0.5B.
    pub memory: usize,
}

/// Who computes for the writer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Implementation {
    /// Our own kernels where they can, candle's graphs where they cannot.
    #[default]
    Best,
    /// Our own kernels.
    Fast,
    /// Candle's graphs, with every number widened to `f32` if `exact`.
    Reference {
        /// Slow, and what the others are compared with.
        exact: bool,
    },
}

impl Default for Options {
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(4);
        Self {
            threads,
            isa: Isa::best(),
            implementation: Implementation::Best,
            waiting: 64,
            seats: 8,
            context: 2048,
            memory: 256 << 20,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The real models: from `FLOORWALKER_MODELS`, or where `floorwalker models pull` puts them.
    pub(crate) fn real_models() -> Models {
        let root = std::env::var_os("FLOORWALKER_MODELS").map(PathBuf::from).unwrap_or_else(|| {
            let home = std::env::home_dir().expect("a home folder");
            home.join(".cache/floorwalker/models")
        });
        let models = Models::in_folder(&root);
        let present = models.writer.as_ref().is_ok_and(|w| w.gguf.exists())
            && models.encoder.as_ref().is_ok_and(|e| e.weights.exists());
        assert!(present, "no models in {}: run `floorwalker models pull`", root.display());
        models
    }

    pub(crate) fn writer_file() -> WriterFile {
        real_models().writer.expect("in_folder names one")
    }

    pub(crate) fn encoder_files() -> EncoderFiles {
        real_models().encoder.expect("in_folder names one")
    }
}
