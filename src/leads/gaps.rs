//! Questions without an answer, counted: what the shop should write down next.

use rusqlite::{Connection, params};

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
        .execute(params![fold(question), entry.at.0, entry.chat.as_bytes()])?;
        Ok(())
    }
}
