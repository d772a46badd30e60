//! Projections: tables that are built from the log and could be built again.
//!
//! A projection reads the log in order of commit from a stored cursor. Its changes and the cursor
//! move in one transaction, so each event counts exactly once, whatever stops in between.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};
use tokio::sync::watch;

use super::read::event;
use super::{Entry, Log};
use crate::domain::event::Audience;
use crate::domain::ids::ChatId;
use crate::domain::time::Instant;
use crate::store::StoreError;

/// Events taken in one transaction.
const BATCH: i64 = 200;

/// Something built from the log.
pub trait Projection: Send + Sync + 'static {
    /// The name its cursor is kept under.
    const NAME: &'static str;

    /// Counts one event in. Must not do anything but read and change its own tables.
    fn apply(&self, db: &Connection, entry: &Entry) -> Result<(), StoreError>;
}

/// Keeps a projection up to date until `log` has no more news to give. `changed` counts up after
/// each batch that reached the disk.
pub async fn run<P: Projection>(log: Log, projection: Arc<P>, changed: watch::Sender<u64>) {
    let mut news = log.follow_all();
    loop {
        news.mark_unchanged();
        match catch_up(&log, projection.clone()).await {
            Ok(0) => {
                if news.changed().await.is_err() {
                    return;
                }
            }
            Ok(_) => changed.send_modify(|count| *count += 1),
            Err(StoreError::Closing) => return,
            Err(error) => {
                tracing::error!(%error, projection = P::NAME, "a projection is behind");
                tokio::time::sleep(std::time::Duration::from_secs(1)).await;
            }
        }
    }
}

/// Takes one batch; returns how many events it held.
pub async fn catch_up<P: Projection>(log: &Log, projection: Arc<P>) -> Result<usize, StoreError> {
    log.store().write(move |db| batch(db, &*projection), |_| {}).await
}

fn batch<P: Projection>(db: &Connection, projection: &P) -> Result<usize, StoreError> {
    let cursor: i64 = db
        .prepare_cached("SELECT pos FROM cursors WHERE subscriber = ?1")?
        .query_row([P::NAME], |row| row.get(0))
        .optional()?
        .unwrap_or(0);
    let entries = after(db, cursor)?;
    let Some((last, _)) = entries.last() else { return Ok(0) };
    for (_, entry) in &entries {
        projection.apply(db, entry)?;
    }
    db.prepare_cached("INSERT OR REPLACE INTO cursors (subscriber, pos) VALUES (?1, ?2)")?
        .execute(params![P::NAME, last])?;
    Ok(entries.len())
}

fn after(db: &Connection, cursor: i64) -> Result<Vec<(i64, Entry)>, StoreError> {
    let mut query = db.prepare_cached(
        "SELECT pos, stream, seq, version, at, audience, payload FROM events
         WHERE pos > ?1 ORDER BY pos LIMIT ?2",
    )?;
    let mut rows = query.query(params![cursor, BATCH])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let payload: Option<String> = row.get(6)?;
        let audience: String = row.get(5)?;
        let (chat, seq) = (ChatId::from_bytes(row.get(1)?), row.get(2)?);
        let entry = Entry {
            chat,
            seq,
            at: Instant(row.get(4)?),
            audience: Audience::from_name(&audience),
            event: event(row.get(3)?, payload.as_deref(), chat, seq),
        };
        entries.push((row.get(0)?, entry));
    }
    Ok(entries)
}
