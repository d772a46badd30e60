//! Gets the models ready for a command: fetches what is missing, checks every byte, starts the engine.

use floorwalker_engine::{EncoderFiles, Engine, Models, Options, WriterFile};
use indicatif::{ProgressBar, ProgressStyle};

use crate::models::{Files, ModelError, Progress, Puller, Purpose, Role};

/// An engine with every model that can be had. What cannot is said, and the rest still works.
pub fn start() -> anyhow::Result<Engine> {
    let mut puller = Puller::from_env(Progress::on_stderr())?;
    let [encoder, writer] = puller.ensure_each([Purpose::Encoder, Purpose::Writer]);
    let models = Models {
        encoder: usable(encoder).map(|files| EncoderFiles::in_folder(files.folder())),
        writer: usable(writer).and_then(|files| {
            let gguf = files.path(Role::Weights);
            gguf.map(|gguf| WriterFile { gguf }).ok_or("models.toml names no weights".to_string())
        }),
    };
    Ok(Engine::start(&models, &Options::default()))
}

/// The engine goes on without it and says why.
fn usable(files: Result<Files, ModelError>) -> Result<Files, String> {
    files.map_err(|error| error.to_string())
}

/// Progress of embedding a shop's texts.
pub fn embedding_bar() -> ProgressBar {
    let style = ProgressStyle::with_template("reading the shop  {wide_bar} {pos}/{len} texts")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style)
}
