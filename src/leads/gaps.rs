//! Questions without an answer, counted: what the shop should write down next.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, params};

use crate::domain::event::Event;
use crate::domain::language::fold;
use crate::log::Entry;
use crate::log::subscriber::Projection;
use crate::store::StoreError;

/// Builds the list of gaps from the log.
pub struct Gaps;

impl Projection for Gaps {
    const NAME: &'static str = "gaps";

    fn apply(&self, db: &Connection, entry: &Entry) -> Result<(), StoreError> {
        let Event::GapFound { question, .. } = &entry.event else { return Ok(()) };
        db.prepare_cached(
            "INSERT INTO gaps (question, asked, last_at, chat) VALUES (?1, 1, ?2, ?3)
             ON CONFLICT (question) DO UPDATE SET asked = asked + 1, last_at = excluded.last_at",
        )?
        .execute(params![key(question), entry.at.0, entry.chat.as_bytes()])?;
        Ok(())
    }
}

/// A question as the list keeps it: however it was written, it counts as one.
pub fn key(question: &str) -> String {
    fold(question)
}

/// Counts these questions anew from what the log still holds. One that nobody else asked goes.
/// Returns how many went.
pub fn recount(db: &Connection, questions: &BTreeSet<String>) -> Result<usize, StoreError> {
    let cursor: i64 = db
        .query_row("SELECT pos FROM cursors WHERE subscriber = ?1", [Gaps::NAME], |row| row.get(0))
        .optional()?
        .unwrap_or(0);
    let mut query = db.prepare_cached(
        "SELECT stream, at, payload FROM events
         WHERE kind = 'gap_found' AND payload IS NOT NULL AND pos <= ?1 ORDER BY pos",
    )?;
    let mut rows = query.query([cursor])?;
    let mut left: BTreeMap<String, (i64, i64, [u8; 16])> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let event: Event = serde_json::from_str(&row.get::<_, String>(2)?)?;
        let Event::GapFound { question, .. } = event else { continue };
        let question = key(&question);
        if questions.contains(&question) {
            let (first, at) = (row.get(0)?, row.get(1)?);
            let (asked, last_at, _) = left.entry(question).or_insert((0, at, first));
            *asked += 1;
            *last_at = at.max(*last_at);
        }
    }
    let mut gone = 0;
    for question in questions {
        gone += match left.get(question) {
            None => db.execute("DELETE FROM gaps WHERE question = ?1", [question])?,
            Some((asked, last_at, chat)) => {
                let sql = "UPDATE gaps SET asked = ?2, last_at = ?3, chat = ?4 WHERE question = ?1";
                db.execute(sql, params![question, asked, last_at, chat])?;
                0
            }
        };
    }
    Ok(gone)
}
