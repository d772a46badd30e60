//! Which rows are over, kind by kind.

use std::collections::BTreeMap;

use std::num::NonZeroU32;

use rusqlite::{Connection, params};

use super::Retention;
use crate::domain::ids::ChatId;
use crate::domain::time::Instant;
use crate::log::Erasure;
use crate::store::StoreError;

/// Rows of a table that go by their age.
pub struct Kind {
    /// Their table.
    table: &'static str,
    /// Which of them may go, and the column with their time.
    over: &'static str,
    /// How long they are kept; until their own time has come where it says nothing.
    pub keep: Option<fn(&Retention) -> NonZeroU32>,
    /// They may hold somebody's words or address.
    personal: bool,
}

/// All of them.
pub const KINDS: &[Kind] = &[
    Kind { table: "audit", over: "at < ?1", keep: Some(|keep| keep.audit_days), personal: false },
    Kind { table: "gaps", over: "last_at < ?1", keep: Some(|keep| keep.gaps_days), personal: true },
    Kind {
        table: "jobs",
        over: "state = 'done' AND ended_at < ?1",
        keep: Some(|keep| keep.done_jobs_days),
        personal: false,
    },
    Kind {
        table: "jobs",
        over: "state = 'dead' AND ended_at < ?1",
        keep: Some(|keep| keep.dead_jobs_days),
        personal: true,
    },
    Kind { table: "sessions", over: "expires_at < ?1", keep: None, personal: false },
    Kind { table: "invitations", over: "expires_at < ?1", keep: None, personal: true },
];

impl Kind {
    /// Deletes at most so many; returns how many went.
    pub fn delete(&self, db: &Connection, before: Instant, most: u32) -> Result<usize, StoreError> {
        let Self { table, over, .. } = self;
        let key = match *table {
            "audit" => "pos",
            "jobs" => "id",
            "gaps" => "question",
            _ => "token",
        };
        let sql = format!(
            "DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM {table} WHERE {over} LIMIT ?2)"
        );
        let went = db.execute(&sql, params![before.0, most])?;
        if went > 0 && self.personal {
            db.execute("INSERT INTO unscrubbed (since) VALUES (?1)", [before.0])?;
        }
        Ok(went)
    }
}

/// Since when something must have happened in a chat for it to be kept.
pub struct KeptSince {
    /// Where nothing else is said.
    pub all: Instant,
    /// By the key of a site that says so.
    pub at_site: BTreeMap<String, Instant>,
}

/// Chats in which nothing happened since, and of which something is left.
pub fn chats_over(
    db: &Connection,
    since: &KeptSince,
    most: u32,
) -> Result<Vec<Erasure>, StoreError> {
    let mut query = db.prepare_cached(
        "SELECT chats.id FROM chats
         JOIN events ON events.stream = chats.id AND events.seq = chats.last_seq
         WHERE events.kind != 'erased' AND events.at <
               coalesce((SELECT value FROM json_each(?2) WHERE key = chats.site), ?1)
         LIMIT ?3",
    )?;
    let at_site = serde_json::to_string(&since.at_site)?;
    let rows = query.query_map(params![since.all.0, at_site, most], |row| {
        Ok(Erasure { chat: ChatId::from_bytes(row.get(0)?), through: Instant(i64::MAX) })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
