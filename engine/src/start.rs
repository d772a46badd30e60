//! Loading both models side by side, and what became of it.

use crate::Refusal;
use crate::embed::{Embedder, Encoder};
use crate::models::{EncoderFiles, Models, Options};
use crate::writers::{Writers, start_writer};
use serde::Serialize;
use std::path::Path;
use std::time::{Duration, Instant};

/// What to do about a model that cannot be used.
const ADVICE: &str = "run `floorwalker models pull`";

/// The state of both models.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Health {
    /// The model that embeds.
    pub encoder: ModelHealth,
    /// The model that writes.
    pub writer: ModelHealth,
}

/// The state of a model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ModelHealth {
    /// Whether it answers.
    pub ready: bool,
    /// If it does not, why and what to do.
    pub why: Option<String>,
    /// What the model calls itself, or its folder's name.
    pub name: String,
    /// Numbers in a vector (encoder), or numbers that describe a token (writer).
    pub dimensions: Option<usize>,
    /// Time it took to load.
    pub load_ms: Option<u64>,
}

/// Both models, running or not.
pub(crate) struct Started {
    encoder: Model<Embedder>,
    writers: Writers,
}

/// A model's thread, or why there is none.
pub(crate) struct Model<T> {
    running: Result<T, String>,
    name: String,
    dimensions: Option<usize>,
    loading: Duration,
}

impl Started {
    /// Loads both at the same time.
    pub fn new(models: &Models, options: &Options) -> Self {
        let (encoder, writer) = std::thread::scope(|scope| {
            let writer =
                scope.spawn(|| Model::first(models.writer.as_ref(), options, start_writer));
            let encoder = Model::first(models.encoder.as_ref(), options, start_encoder);
            (encoder, writer.join())
        });
        let writer =
            writer.unwrap_or_else(|_| Model::missing("loading it failed; the log says why"));
        for (model, why) in [("encoder", encoder.why()), ("writer", writer.why())] {
            match why {
                Some(why) => tracing::warn!(model, why, "no model"),
                None => tracing::info!(model, "model ready"),
            }
        }
        Self { encoder, writers: Writers::new(writer, options) }
    }

    /// Those that write.
    pub fn writers(&self) -> &Writers {
        &self.writers
    }

    /// The encoder, or why there is none.
    pub fn encoder(&self) -> Result<&Embedder, Refusal> {
        self.encoder.running()
    }

    /// What works and what does not.
    pub fn health(&self) -> Health {
        Health { encoder: self.encoder.health(Embedder::is_running), writer: self.writers.health() }
    }
}

/// A thread that was started, the model's name and its width.
pub(crate) type Loaded<T> = (T, String, usize);

impl<T> Model<T> {
    /// The one to begin with, or why there is none and what to do.
    fn first<F>(
        files: Result<&F, &String>,
        options: &Options,
        start: impl FnOnce(&F, &Options) -> Result<Loaded<T>, String>,
    ) -> Self {
        let advised = |why| format!("{why}; {ADVICE}");
        let loaded = files
            .map_err(Clone::clone)
            .and_then(|files| Self::load(files, options, start).map_err(advised));
        loaded.unwrap_or_else(|why| Self::missing(&why))
    }

    /// Starts one. The error names the file.
    pub fn load<F>(
        files: &F,
        options: &Options,
        start: impl FnOnce(&F, &Options) -> Result<Loaded<T>, String>,
    ) -> Result<Self, String> {
        let began = Instant::now();
        let (running, name, dimensions) = start(files, options)?;
        let loading = began.elapsed();
        Ok(Self { running: Ok(running), name, dimensions: Some(dimensions), loading })
    }

    fn missing(why: &str) -> Self {
        let (name, loading) = (String::new(), Duration::ZERO);
        Self { running: Err(why.to_owned()), name, dimensions: None, loading }
    }

    /// Its thread, or why there is none.
    pub fn running(&self) -> Result<&T, Refusal> {
        self.running.as_ref().map_err(|why| Refusal::Unavailable { why: why.clone() })
    }

    /// Its thread alone.
    pub fn into_running(self) -> Option<T> {
        self.running.ok()
    }

    fn why(&self) -> Option<&str> {
        self.running.as_ref().err().map(String::as_str)
    }

    /// How it is.
    pub fn health(&self, is_running: impl Fn(&T) -> bool) -> ModelHealth {
        let why = match &self.running {
            Err(why) => Some(why.clone()),
            Ok(running) if is_running(running) => None,
            Ok(_) => Some("it has stopped; the log says why; restart the server".into()),
        };
        ModelHealth {
            ready: why.is_none(),
            why,
            name: self.name.clone(),
            dimensions: self.dimensions,
            load_ms: u64::try_from(self.loading.as_millis()).ok().filter(|_| self.running.is_ok()),
        }
    }
}

fn start_encoder(files: &EncoderFiles, options: &Options) -> Result<Loaded<Embedder>, String> {
    let model = Encoder::load(files, options.threads, options.isa)?;
    let (name, dimensions) = (folder_name(&files.weights), model.dimensions());
    let running = Embedder::start(model, options).map_err(|e| e.to_string())?;
    Ok((running, name, dimensions))
}

/// What a model is called that has no name of its own.
pub(crate) fn folder_name(file: &Path) -> String {
    let name = file.parent().and_then(Path::file_name).unwrap_or_default();
    name.to_string_lossy().into_owned()
}
