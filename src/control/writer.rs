//! Another writer in place of the one in use. It is taken from this machine: whoever orders it has pulled
//! it before, where its progress can be seen.

use floorwalker_engine::WriterFile;
use serde_json::{Value, json};

use super::{Rooms, said};
use crate::models::{Choice, ModelError, Puller};

/// Checks its file, loads it and lets it write. What was begun is finished by the one before.
pub(super) async fn exchange(rooms: &Rooms, writer: Choice) -> Result<Value, String> {
    let engine = rooms.engine.clone().ok_or_else(|| {
        let file = crate::config::FILE;
        format!("no server runs here; for the next start, set `writer` under [engine] in {file}")
    })?;
    let exchange = move || {
        let gguf = Puller::offline().and_then(|mut puller| puller.writer(&writer));
        let gguf = gguf.map_err(|error| match error {
            ModelError::NotPulled { .. } => {
                format!("{writer} is not here: `floorwalker models pull {writer}` fetches it")
            }
            error => error.to_string(),
        })?;
        let health = engine.use_writer(&WriterFile { gguf })?;
        tracing::info!(%writer, model = health.name, "another writer");
        Ok(json!({ "writer": writer, "health": health }))
    };
    // Reading and packing a file takes a while.
    tokio::task::spawn_blocking(exchange).await.map_err(said)?
}
