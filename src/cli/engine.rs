//! Gets the models ready for a command: fetches what is missing, checks every byte, starts the engine.

use clap::Args;
use floorwalker_engine::{EncoderFiles, Engine, Models, Options, WriterFile};
use indicatif::{ProgressBar, ProgressStyle};

use crate::models::{Choice, Files, ModelError, Progress, Puller, Purpose, Role};

/// Which model writes, for commands that start one.
#[derive(Debug, Args)]
pub struct Chosen {
    /// The model that writes: a name that `models list` shows, a GGUF file, or OWNER/NAME:FILE.gguf on the hub
    #[arg(long, value_name = "NAME|FILE")]
    pub writer: Option<Choice>,
}

/// An engine with every model that can be had, and the usual writer if none is named. What cannot be
/// had is said, and the rest still works.
pub fn start(writer: Option<&Choice>) -> anyhow::Result<Engine> {
    let mut puller = Puller::from_env(Progress::on_stderr())?;
    let (encoder, gguf) = match writer {
        None => {
            let [encoder, writer] = puller.ensure_each([Purpose::Encoder, Purpose::Writer]);
            let weights = |files: Files| {
                files.path(Role::Weights).ok_or(ModelError::NoModelFor(Purpose::Writer))
            };
            (encoder, writer.and_then(weights))
        }
        Some(choice) => (puller.ensure(Purpose::Encoder), puller.writer(choice)),
    };
    let models = Models {
        encoder: usable(encoder).map(|files| EncoderFiles::in_folder(files.folder())),
        writer: usable(gguf).map(|gguf| WriterFile { gguf }),
    };
    Ok(Engine::start(&models, &Options::default()))
}

/// The engine goes on without it and says why.
fn usable<T>(had: Result<T, ModelError>) -> Result<T, String> {
    had.map_err(|error| error.to_string())
}

/// Progress of embedding a shop's texts.
pub fn embedding_bar() -> ProgressBar {
    let style = ProgressStyle::with_template("reading the shop  {wide_bar} {pos}/{len} texts")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style)
}
