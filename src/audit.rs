//! Who saw and did what. Written in the same transaction as what was done, where there is one.

use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use crate::domain::time::Instant;
use crate::store::{Store, StoreError};

/// One line of the audit log. Names colleagues and objects by id; never a visitor's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its place among all lines, growing.
    pub pos: i64,
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

/// Which lines are wanted. Everything that is named must fit.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    /// About this object.
    pub object: Option<String>,
    /// By this one.
    pub actor: Option<String>,
    /// Older than the line at this place.
    pub before: Option<i64>,
    /// At most so many; no more than [`MOST`].
    pub limit: Option<u32>,
}

/// Lines shown at once.
pub const MOST: u32 = 200;

/// The lines that fit, newest first. The next page begins `before` the last of them.
pub async fn lines(store: &Store, filter: Filter) -> Result<Vec<Line>, StoreError> {
    store.read(move |db| select(db, &filter)).await
}

/// Every line about one object, newest first.
pub fn about(db: &Connection, object: &str) -> Result<Vec<Line>, StoreError> {
    let mut query = db.prepare_cached(
        "SELECT pos, at, actor, action, object FROM audit WHERE object = ?1 ORDER BY pos DESC",
    )?;
    let rows = query.query_map([object], line)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Notes that somebody looked at something, at most once an hour.
pub async fn saw(
    store: &Store,
    now: Instant,
    actor: &str,
    action: &'static str,
    object: &str,
) -> Result<(), StoreError> {
    let (actor, object) = (actor.to_string(), object.to_string());
    let hour_ago = now.0 - 3_600_000;
    let noted = move |db: &Connection, actor: &str, object: &str| {
        let mut query = db.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM audit
                            WHERE object = ?1 AND actor = ?2 AND action = ?3 AND at > ?4)",
        )?;
        let row = params![object, actor, action, hour_ago];
        Ok::<bool, StoreError>(query.query_row(row, |row| row.get(0))?)
    };
    let (by, of) = (actor.clone(), object.clone());
    // Most often it is noted already, and then there is nothing to write.
    if store.read(move |db| noted(db, &by, &of)).await? {
        return Ok(());
    }
    let note = move |db: &Connection| match noted(db, &actor, &object)? {
        true => Ok(()),
        false => note(db, now, &actor, action, &object),
    };
    store.write(note, |()| {}).await
}

fn select(db: &Connection, filter: &Filter) -> Result<Vec<Line>, StoreError> {
    let mut query = db.prepare_cached(
        "SELECT pos, at, actor, action, object FROM audit
         WHERE (?1 IS NULL OR object = ?1) AND (?2 IS NULL OR actor = ?2)
           AND (?3 IS NULL OR pos < ?3)
         ORDER BY pos DESC LIMIT ?4",
    )?;
    let limit = filter.limit.unwrap_or(MOST).min(MOST);
    let rows = query.query_map(params![filter.object, filter.actor, filter.before, limit], line)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn line(row: &rusqlite::Row) -> rusqlite::Result<Line> {
    Ok(Line {
        pos: row.get(0)?,
        at: Instant(row.get(1)?),
        actor: row.get(2)?,
        action: row.get(3)?,
        object: row.get(4)?,
    })
}
