//! The knowledge in force, and how a person changes it: try, publish, roll back.
//!
//! ```text
//! edits -> apply (pure) -> prepare (embed what is new, index) -> try: a question, before and after
//!                                                              \-> publish: keep, then switch
//! ```
//!
//! A version is prepared before it is kept, so that what cannot be served is never published; it is
//! kept before it is switched to, so that a restart serves what visitors heard last. Readers never
//! wait: a reply holds the version it began with.

mod prepare;
mod trial;

use std::sync::Arc;

use floorwalker_engine::Engine;
use serde::{Deserialize, Serialize};
use tokio::sync::{Mutex, Semaphore, watch};

use crate::answer::Answerer;
use crate::domain::time::Instant;
use crate::knowledge::catalogue::Catalogue;
use crate::knowledge::edit::{self, Changes, Edit, Listing};
use crate::knowledge::folder::{Loaded, Remark};
use crate::knowledge::history::{self, Draft, PublishError};
use crate::knowledge::passages::Kind;
use crate::store::{Store, StoreError};

pub use prepare::{PrepareError, prepare};
pub use trial::{Said, Trial, Tried};

/// The most edits of one version.
const MAX_EDITS: usize = 100;
/// The longest note, in bytes.
const MAX_NOTE: usize = 500;

/// The knowledge in force. Cheap to clone.
#[derive(Clone)]
pub struct Shelf {
    store: Store,
    engine: Engine,
    answerer: Arc<Answerer>,
    /// One version is made at a time.
    publishing: Arc<Mutex<()>>,
    /// One question is tried at a time.
    trying: Arc<Semaphore>,
    progress: watch::Sender<Option<Progress>>,
}

/// How far a version is prepared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Texts that are embedded.
    pub done: usize,
    /// Texts that are new.
    pub of: usize,
}

/// What was published.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Published {
    /// The version that is served now.
    pub version: u64,
    /// What differs from the one before.
    pub changes: Changes,
    /// What looks odd in the edits.
    pub warnings: Vec<Remark>,
}

/// Who publishes, over which version, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Word {
    /// The version they looked at.
    pub base: u64,
    /// Who.
    pub by: String,
    /// Why.
    pub note: String,
}

/// Why the shelf says no.
#[derive(Debug, thiserror::Error)]
pub enum ShelfError {
    /// The edits have mistakes.
    #[error("{}", listed(.0))]
    Mistakes(Vec<Remark>),
    /// Nothing would change.
    #[error("nothing has changed; edit something first")]
    Unchanged,
    /// More than one version or question can hold.
    #[error("{0}")]
    TooMuch(String),
    /// There is no such version.
    #[error("there is no version {0}")]
    NoVersion(u64),
    /// Another question is being tried.
    #[error("somebody is trying a question just now; try again in a moment")]
    Busy,
    /// It took too long.
    #[error("this took longer than {0} seconds and was given up; try again with less")]
    TookTooLong(u64),
    /// Somebody published meanwhile, or it could not be kept.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// The version cannot be served.
    #[error(transparent)]
    Prepare(#[from] PrepareError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The work broke off.
    #[error("this broke off: {0}")]
    Broken(String),
}

fn listed(remarks: &[Remark]) -> String {
    remarks.iter().map(Remark::to_string).collect::<Vec<_>>().join("\n")
}

impl Shelf {
    /// Prepares a version and puts it in force. `progress` hears how many of how many texts have
    /// been embedded.
    pub async fn open(
        store: Store,
        engine: Engine,
        (version, catalogue): (u64, Catalogue),
        progress: impl FnMut(usize, usize),
    ) -> Result<Self, PrepareError> {
        let answerer = prepare(&store, engine.clone(), version, catalogue, progress).await?;
        Ok(Self {
            store,
            engine,
            answerer: Arc::new(answerer),
            publishing: Arc::default(),
            trying: Arc::new(Semaphore::new(1)),
            progress: watch::Sender::new(None),
        })
    }

    /// What answers from it.
    pub fn answerer(&self) -> &Arc<Answerer> {
        &self.answerer
    }

    /// The version in force.
    pub fn version(&self) -> u64 {
        self.answerer.look(|knowledge| knowledge.version)
    }

    /// How far the next version is prepared, while one is.
    pub fn progress(&self) -> Option<Progress> {
        *self.progress.borrow()
    }

    /// What it holds.
    pub fn listing(&self, query: &str) -> Listing {
        self.answerer.look(|known| edit::listing(known.version, &known.catalogue, query))
    }

    /// A record as the edit that leaves it as it is, with the version it is of.
    pub fn item(&self, kind: Kind, id: &str) -> Option<(u64, Edit)> {
        self.answerer.look(|known| {
            edit::source(&known.catalogue, kind, id).map(|source| (known.version, source))
        })
    }

    /// Publishes the version with these edits. Done to the end even if the caller goes away.
    pub async fn publish(&self, edits: Vec<Edit>, word: Word) -> Result<Published, ShelfError> {
        let shelf = self.clone();
        to_the_end(async move {
            let _one = shelf.publishing.lock().await;
            let (base, Loaded { catalogue, warnings }) = shelf.edited(&edits, word.base).await?;
            let published = shelf.put(base, catalogue, word, "knowledge.publish").await?;
            Ok(Published { warnings, ..published })
        })
        .await
    }

    /// Publishes what an older version held, as a new version.
    pub async fn roll_back(&self, to: u64, word: Word) -> Result<Published, ShelfError> {
        let shelf = self.clone();
        to_the_end(async move {
            let _one = shelf.publishing.lock().await;
            let base = shelf.base(word.base).await?;
            let catalogue =
                history::find(&shelf.store, to).await?.ok_or(ShelfError::NoVersion(to))?;
            shelf.put(base, catalogue, word, "knowledge.roll-back").await
        })
        .await
    }

    /// The catalogue with these edits, and the one they change.
    async fn edited(&self, edits: &[Edit], base: u64) -> Result<(Catalogue, Loaded), ShelfError> {
        if edits.len() > MAX_EDITS {
            let most = format!("more than {MAX_EDITS} edits; publish some of them first");
            return Err(ShelfError::TooMuch(most));
        }
        let base = self.base(base).await?;
        let loaded = edit::apply(&base, edits).map_err(ShelfError::Mistakes)?;
        Ok((base, loaded))
    }

    /// The catalogue in force, if it is still the version that somebody looked at.
    async fn base(&self, base: u64) -> Result<Catalogue, ShelfError> {
        let (newest, catalogue) =
            self.answerer.look(|known| (known.version, known.catalogue.clone()));
        if newest == base {
            return Ok(catalogue);
        }
        let by = history::list(&self.store, 1).await?.pop().and_then(|version| version.by);
        Err(PublishError::Meanwhile { by, newest }.into())
    }

    /// Prepares a catalogue, keeps it, and switches to it.
    async fn put(
        &self,
        base: Catalogue,
        catalogue: Catalogue,
        word: Word,
        action: &'static str,
    ) -> Result<Published, ShelfError> {
        let changes = Changes::between(&base, &catalogue);
        let draft = draft(changes.clone(), catalogue.clone(), word, action)?;
        let progress = |done, of| {
            self.progress.send_replace(Some(Progress { done, of }));
        };
        let engine = self.engine.clone();
        let prepared = prepare(&self.store, engine, draft.version(), catalogue, progress).await;
        self.progress.send_replace(None);
        let prepared = prepared?;
        let version = history::publish(&self.store, draft, Instant::now()).await?;
        self.answerer.switch(&prepared);
        tracing::info!(version, "a version of the knowledge was published");
        Ok(Published { version, changes, warnings: Vec::new() })
    }
}

/// Publishes what an older version held, where no server has the folder: the next start serves it.
pub async fn roll_back_stored(store: &Store, to: u64, word: Word) -> Result<Published, ShelfError> {
    let base = history::find(store, word.base).await?.ok_or(ShelfError::NoVersion(word.base))?;
    let catalogue = history::find(store, to).await?.ok_or(ShelfError::NoVersion(to))?;
    let changes = Changes::between(&base, &catalogue);
    let draft = draft(changes.clone(), catalogue, word, "knowledge.roll-back")?;
    let version = history::publish(store, draft, Instant::now()).await?;
    Ok(Published { version, changes, warnings: Vec::new() })
}

fn draft(
    changes: Changes,
    catalogue: Catalogue,
    word: Word,
    action: &'static str,
) -> Result<Draft, ShelfError> {
    if changes.is_empty() {
        return Err(ShelfError::Unchanged);
    }
    if word.note.len() > MAX_NOTE {
        let most = format!("the note has {} bytes; at most {MAX_NOTE} are kept", word.note.len());
        return Err(ShelfError::TooMuch(most));
    }
    let Word { base, by, note } = word;
    Ok(Draft { base, catalogue, changes, by, note: note.trim().to_string(), action })
}

/// Runs work whose caller may go away in the middle.
async fn to_the_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, ShelfError>> + Send + 'static,
) -> Result<T, ShelfError> {
    match tokio::spawn(work).await {
        Ok(outcome) => outcome,
        Err(error) => Err(ShelfError::Broken(error.to_string())),
    }
}

#[cfg(test)]
mod tests;
