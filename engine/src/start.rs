//! Loading both models side by side, and what became of it.

use crate::Refusal;
use crate::chat::Template;
use crate::embed::{Embedder, Encoder};
use crate::fast::{Fast, Setup};
use crate::gguf::Gguf;
use crate::model::{Facts, Model as Decoder};
use crate::models::{EncoderFiles, Implementation, Models, Options, WriterFile};
use crate::reference::Reference;
use crate::schedule::{Clerk, Language};
use crate::vocabulary::Vocabulary;
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
    writer: Model<Clerk>,
}

/// A model's thread, or why there is none.
struct Model<T> {
    running: Result<T, String>,
    name: String,
    dimensions: Option<usize>,
    loading: Duration,
}

impl Started {
    /// Loads both at the same time.
    pub fn new(models: &Models, options: &Options) -> Self {
        let (encoder, writer) = std::thread::scope(|scope| {
            let writer = scope.spawn(|| Model::load(models.writer.as_ref(), options, start_writer));
            let encoder = Model::load(models.encoder.as_ref(), options, start_encoder);
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
        Self { encoder, writer }
    }

    /// The writer, or why there is none.
    pub fn writer(&self) -> Result<&Clerk, Refusal> {
        self.writer.running.as_ref().map_err(|why| Refusal::Unavailable { why: why.clone() })
    }

    /// The encoder, or why there is none.
    pub fn encoder(&self) -> Result<&Embedder, Refusal> {
        self.encoder.running.as_ref().map_err(|why| Refusal::Unavailable { why: why.clone() })
    }

    /// What works and what does not.
    pub fn health(&self) -> Health {
        Health {
            encoder: self.encoder.health(Embedder::is_running),
            writer: self.writer.health(Clerk::is_running),
        }
    }
}

/// A thread that was started, the model's name and its width.
type Loaded<T> = (T, String, usize);

impl<T> Model<T> {
    fn load<F>(
        files: Result<&F, &String>,
        options: &Options,
        start: impl FnOnce(&F, &Options) -> Result<Loaded<T>, String>,
    ) -> Self {
        let began = Instant::now();
        match files.map(|files| start(files, options)) {
            Err(why) => Self::missing(why),
            Ok(Err(why)) => Self::missing(&format!("{why}; {ADVICE}")),
            Ok(Ok((running, name, dimensions))) => Self {
                running: Ok(running),
                name,
                dimensions: Some(dimensions),
                loading: began.elapsed(),
            },
        }
    }

    fn missing(why: &str) -> Self {
        let (name, loading) = (String::new(), Duration::ZERO);
        Self { running: Err(why.to_owned()), name, dimensions: None, loading }
    }

    fn why(&self) -> Option<&str> {
        self.running.as_ref().err().map(String::as_str)
    }

    fn health(&self, is_running: impl Fn(&T) -> bool) -> ModelHealth {
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

fn start_writer(files: &WriterFile, options: &Options) -> Result<Loaded<Clerk>, String> {
    load_writer(&files.gguf, options).map_err(|why| format!("{}: {why}", files.gguf.display()))
}

fn load_writer(path: &Path, options: &Options) -> Result<Loaded<Clerk>, String> {
    let file = Gguf::open(path)?;
    let language =
        Language { template: Template::read(&file)?, vocabulary: Vocabulary::read(&file)? };
    let name = file.text("general.name").map_or_else(|_| folder_name(path), str::to_owned);
    let setup = Setup {
        threads: options.threads,
        context: options.context,
        memory: options.memory,
        isa: options.isa,
    };
    let exact = match options.implementation {
        Implementation::Reference { exact } => exact,
        wanted => match Fast::load(&file, setup) {
            Ok(model) => return running(model, language, name, options),
            Err(why) if wanted == Implementation::Fast => return Err(why),
            Err(why) => {
                tracing::info!(why, "not for our own kernels; candle computes, slowly");
                false
            }
        },
    };
    running(Reference::load(&file, options.context, exact)?, language, name, options)
}

fn running<M: Decoder + Send + 'static>(
    model: M,
    language: Language,
    name: String,
    options: &Options,
) -> Result<Loaded<Clerk>, String> {
    let Facts { width, tokens, .. } = model.facts();
    if language.vocabulary.len() > tokens {
        return Err("its vocabulary is larger than the model's".into());
    }
    let clerk = Clerk::start(model, language, options).map_err(|e| e.to_string())?;
    Ok((clerk, name, width))
}

fn folder_name(file: &Path) -> String {
    let name = file.parent().and_then(Path::file_name).unwrap_or_default();
    name.to_string_lossy().into_owned()
}
