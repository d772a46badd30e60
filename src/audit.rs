//! Who saw and did what. Written in the same transaction as what was done, where there is one.

use rusqlite::{Connection, params};
use serde::Serialize;

use crate::domain::time::Instant;
use crate::store::{Store, StoreError};

/// One line of the audit log. Names colleagues and objects by id; never a visitor's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// When.
    pub at: Instant,
    /// A colleague's name, `key:ID` of an API key, `operator` for the command line, or `server`.
    pub actor: String,
    /// What they did: `user.add`, `chat.read`.
    pub action: String,
    /// To what.
    pub object: String,
}

/// Notes a line within any write.
pub fn note(
    db: &Connection,
    at: Instant,
    actor: &str,
    action: &str,
    object: &str,
) -> Result<(), StoreError> {
    db.prepare_cached("INSERT INTO audit (at, actor, action, object) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![at.0, actor, action, object])?;
    Ok(())
}

/// The newest lines, newest first.
pub async fn newest(store: &Store, most: u32) -> Result<Vec<Line>, StoreError> {
    store
        .read(move |db| {
            let mut query = db.prepare_cached(
                "SELECT at, actor, action, object FROM audit ORDER BY pos DESC LIMIT ?1",
            )?;
            let rows = query.query_map([most], |row| {
                Ok(Line {
                    at: Instant(row.get(0)?),
                    actor: row.get(1)?,
                    action: row.get(2)?,
                    object: row.get(3)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
}
