//! Notices in the log what endpoints want to be told: a message, and for each of them a delivery and
//! its job, in the same write as the place in the log.

use std::time::Duration;

use rusqlite::Connection;

use super::message::Message;
use super::{deliveries, endpoints};
use crate::domain::time::Instant;
use crate::log::Entry;
use crate::log::subscriber::Projection;
use crate::store::StoreError;

/// Messages and their deliveries are kept this long.
const KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Builds the messages from the log.
pub struct Notices {
    /// Where the console is, without a slash at the end.
    pub base: String,
}

impl Projection for Notices {
    const NAME: &'static str = "webhooks";

    fn apply(&self, db: &Connection, entry: &Entry) -> Result<(), StoreError> {
        let Some(kind) = super::Kind::of(&entry.event) else { return Ok(()) };
        // Who came later is not told what was before.
        let wanting: Vec<_> = endpoints::all(db)?
            .into_iter()
            .filter(|endpoint| endpoint.kinds.contains(&kind) && endpoint.made_at <= entry.at)
            .collect();
        if wanting.is_empty() {
            return Ok(());
        }
        let Some(mut message) = Message::of(db, entry, &self.base)? else { return Ok(()) };
        if !wanting.iter().any(|endpoint| endpoint.include_text) {
            message.words.clear();
        }
        message.store(db)?;
        for endpoint in &wanting {
            let held = endpoint.paused_at.is_some();
            deliveries::add(db, message.id, endpoint.id, held, entry.at)?;
        }
        forget_old(db, entry.at)
    }
}

fn forget_old(db: &Connection, now: Instant) -> Result<(), StoreError> {
    let before = now.0.saturating_sub(KEPT.as_millis() as i64);
    db.prepare_cached("DELETE FROM webhook_messages WHERE at < ?1")?.execute([before])?;
    Ok(())
}
