//! The queue's table: one row a chat, kept by the log's subscriber, ordered by an index.

use rusqlite::{Connection, OptionalExtension, params};

use super::rules;
use crate::domain::event::Event;
use crate::domain::ids::ChatId;
use crate::log::Entry;
use crate::log::subscriber::Projection;
use crate::protocol::QueueRow;
use crate::store::StoreError;

/// Rows a console shows.
const SHOWN: i64 = 100;

/// Builds the queue from the log.
pub struct Inbox;

impl Projection for Inbox {
    const NAME: &'static str = "inbox";

    fn apply(&self, db: &Connection, entry: &Entry) -> Result<(), StoreError> {
        if entry.event == Event::Erased {
            return remove(db, entry.chat);
        }
        let before: Option<String> = db
            .prepare_cached("SELECT row FROM inbox WHERE chat = ?1")?
            .query_row([entry.chat.as_bytes()], |row| row.get(0))
            .optional()?;
        let before = match before {
            Some(row) => serde_json::from_str(&row)?,
            None => rules::empty(entry.chat, entry.at),
        };
        let row = rules::after(before, entry.at, &entry.event);
        db.prepare_cached(
            "INSERT OR REPLACE INTO inbox (chat, rank, score, since, row)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            entry.chat.as_bytes(),
            rules::rank(row.state),
            row.score,
            row.since.0,
            serde_json::to_string(&row)?,
        ])?;
        Ok(())
    }
}

/// Takes a chat out of the queue; the next message brings it back.
pub fn remove(db: &Connection, chat: ChatId) -> Result<(), StoreError> {
    db.prepare_cached("DELETE FROM inbox WHERE chat = ?1")?.execute([chat.as_bytes()])?;
    Ok(())
}

/// The first rows, in order.
pub fn rows(db: &Connection) -> Result<Vec<QueueRow>, StoreError> {
    let mut query = db.prepare_cached(
        "SELECT row FROM inbox
         ORDER BY rank, CASE rank WHEN 0 THEN -score ELSE 0 END,
                  CASE rank WHEN 0 THEN since ELSE -since END
         LIMIT ?1",
    )?;
    let mut rows = query.query([SHOWN])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(serde_json::from_str(&row.get::<_, String>(0)?)?);
    }
    Ok(found)
}

/// How many wait for a person.
pub fn waiting(db: &Connection) -> Result<u32, StoreError> {
    let mut query = db.prepare_cached("SELECT COUNT(*) FROM inbox WHERE rank = 0")?;
    Ok(query.query_row([], |row| row.get(0))?)
}

/// Place among those who wait, from 1.
pub fn place(db: &Connection, chat: ChatId) -> Result<Option<u32>, StoreError> {
    let mut query = db.prepare_cached(
        "SELECT 1 + (SELECT count(*) FROM inbox other
                     WHERE other.rank = 0
                       AND (other.score > mine.score
                            OR (other.score = mine.score AND other.since < mine.since)))
         FROM inbox mine WHERE mine.chat = ?1 AND mine.rank = 0",
    )?;
    Ok(query.query_row([chat.as_bytes()], |row| row.get(0)).optional()?)
}
