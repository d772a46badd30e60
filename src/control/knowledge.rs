//! Orders about what the shop knows. Reading needs the database alone; a question is tried by the
//! running server, or by models that are started for it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{OPERATOR, Rooms, said, shown};
use crate::answer::Style;
use crate::config::Settings;
use crate::domain::time::Instant;
use crate::knowledge::catalogue::Catalogue;
use crate::knowledge::edit::{self, Edit};
use crate::knowledge::passages::Kind;
use crate::knowledge::{history, versions};
use crate::shelf::{self, Shelf, Trial, Word};

/// Versions that are listed.
const VERSIONS: u32 = 50;

/// An order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Ask {
    /// What there is.
    List {
        /// Words of its name.
        query: String,
    },
    /// One record's source.
    Show {
        /// What it is; of any kind if it is not said.
        kind: Option<Kind>,
        /// Its name.
        id: String,
    },
    /// What was published.
    Versions,
    /// An older version's content, published again.
    RollBack {
        /// Which.
        to: u64,
        /// Why.
        note: String,
    },
    /// A question before and after some edits.
    Try {
        /// As a visitor would ask it.
        question: String,
        /// What would change.
        edits: Vec<Edit>,
    },
    /// Why a question gets the answer it gets.
    Explain {
        /// What was asked before, oldest first.
        turns: Vec<String>,
        /// As a visitor would ask it.
        question: String,
    },
}

/// Does what was ordered.
pub(super) async fn obey(rooms: &Rooms, ask: Ask) -> Result<Value, String> {
    let store = rooms.log.store();
    match ask {
        Ask::List { query } => {
            let (version, catalogue) = current(rooms).await?;
            shown(Ok::<_, String>(edit::listing(version, &catalogue, &query)))
        }
        Ask::Show { kind, id } => {
            let (version, catalogue) = current(rooms).await?;
            let kinds = [Kind::Page, Kind::Product, Kind::Faq];
            let mut kinds = kinds.into_iter().filter(|one| kind.is_none_or(|kind| kind == *one));
            let found = kinds.find_map(|kind| edit::source(&catalogue, kind, &id));
            let edit = found.ok_or_else(|| {
                format!("there is no `{id}`; `floorwalker knowledge list` shows all names")
            })?;
            Ok(json!({ "version": version, "edit": edit }))
        }
        Ask::Versions => shown(history::list(store, VERSIONS).await),
        Ask::RollBack { to, note } => {
            let base = current(rooms).await?.0;
            let word = Word { base, by: OPERATOR.into(), note };
            shown(match &rooms.shelf {
                Some(shelf) => shelf.roll_back(to, word).await,
                None => shelf::roll_back_stored(store, to, word).await,
            })
        }
        Ask::Try { question, edits } => {
            let shelf = match &rooms.shelf {
                Some(shelf) => shelf.clone(),
                None => opened(rooms).await?,
            };
            let base = shelf.version();
            shown(shelf.try_out(Trial { base, edits, question }).await)
        }
        Ask::Explain { turns, question } => {
            let shelf = match &rooms.shelf {
                Some(shelf) => shelf.clone(),
                None => opened(rooms).await?,
            };
            let style = Style::default();
            let why = shelf.answerer().explain(&turns, &question, &style, Instant::now()).await;
            shown(Ok::<_, String>(why))
        }
    }
}

async fn current(rooms: &Rooms) -> Result<(u64, Catalogue), String> {
    let current = versions::current(rooms.log.store()).await.map_err(said)?;
    current.ok_or_else(|| "there is no shop yet; start `floorwalker serve` first".to_string())
}

/// A shelf of its own, for a folder that no server has.
async fn opened(rooms: &Rooms) -> Result<Shelf, String> {
    let version = current(rooms).await?;
    let store = rooms.log.store().clone();
    let writer = Settings::read(None, store.folder()).map_err(said)?.engine.writer;
    let start = move || crate::cli::engine::start(writer.as_ref());
    let engine = tokio::task::spawn_blocking(start).await.map_err(said)?;
    Shelf::open(store, engine.map_err(said)?, version, |_, _| {}).await.map_err(said)
}
