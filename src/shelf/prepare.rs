//! From a catalogue to something that answers: embeds what is new, indexes, learns the intents.
//! The arithmetic runs off the async threads.

use floorwalker_engine::Engine;

use crate::answer::{self, Answerer};
use crate::knowledge::catalogue::Catalogue;
use crate::knowledge::search::SearchError;
use crate::knowledge::{Knowledge, Texts, builtin, passages, versions};
use crate::store::{Store, StoreError};

/// The name embeddings are kept under: another encoder means other vectors.
const ENCODER: &str = "all-MiniLM-L6-v2";

/// Why a version cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    /// The data folder.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The search index.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// The server is stopping, or a defect ended the work.
    #[error("the knowledge could not be prepared: {0}")]
    Broken(#[from] tokio::task::JoinError),
}

/// Indexes a version of the knowledge and learns its intents. `progress` hears how many of how many
/// texts have been embedded.
pub async fn prepare(
    store: &Store,
    engine: Engine,
    version: u64,
    catalogue: Catalogue,
    progress: impl FnMut(usize, usize),
) -> Result<Answerer, PrepareError> {
    let mut intents = builtin::intents();
    intents.extend(catalogue.intents.iter().cloned());
    let mut texts = Texts::of(&passages::passages(&catalogue)).texts;
    let of_shop = texts.len();
    texts.extend(intents.iter().flat_map(|intent| intent.utterances.iter().cloned()));
    let embed = |texts| engine.embed(texts);
    let mut vectors = versions::vectors(store, ENCODER, &texts, embed, progress).await?;
    let utterances = vectors.as_mut().map(|vectors| vectors.split_off(of_shop));
    let trained_on =
        format!("{ENCODER} {}", serde_json::to_string(&intents).map_err(StoreError::from)?);
    let head = match &utterances {
        Some(vectors) => {
            let train = || answer::learn(&intents, vectors);
            Some(versions::head(store, &trained_on, train).await?)
        }
        None => None,
    };
    let build = move || {
        let knowledge = Knowledge::build(version, catalogue, vectors)?;
        Ok(Answerer::new(engine, knowledge, head))
    };
    tokio::task::spawn_blocking(build).await?
}
