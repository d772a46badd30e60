//! The history of the knowledge: who published which version, why, and made from which.
//!
//! A version is whole and never changes. Publishing expects that the newest version is still the
//! one the work began with; rolling back publishes what an older version held as a new one.

use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;

use super::catalogue::Catalogue;
use super::edit::Changes;
use crate::audit;
use crate::domain::time::Instant;
use crate::store::{Store, StoreError};

/// A published version, without what it holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Version {
    /// Its number.
    pub version: u64,
    /// When.
    pub at: Instant,
    /// A colleague's name, or `operator`; nobody for what came from a folder.
    pub by: Option<String>,
    /// Why.
    pub note: Option<String>,
    /// The version it was made from.
    pub base: Option<u64>,
    /// What differs from that one.
    pub changes: Option<Changes>,
}

/// A version to be published.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The version that must still be the newest.
    pub base: u64,
    /// Everything it holds.
    pub catalogue: Catalogue,
    /// What differs from `base`.
    pub changes: Changes,
    /// Who publishes it.
    pub by: String,
    /// Why.
    pub note: String,
    /// In the audit log: `knowledge.publish` or `knowledge.roll-back`.
    pub action: &'static str,
}

impl Draft {
    /// The number it is published under.
    pub fn version(&self) -> u64 {
        self.base + 1
    }
}

/// Why a version was not published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// Somebody was quicker.
    #[error(
        "{} published version {newest} meanwhile; look at it and make your change again",
        by.as_deref().unwrap_or("somebody")
    )]
    Meanwhile {
        /// Who.
        by: Option<String>,
        /// The newest version now.
        newest: u64,
    },
    /// It could not be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for PublishError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Keeps a draft as the newest version, if its base still is, and returns its number.
pub async fn publish(store: &Store, draft: Draft, at: Instant) -> Result<u64, PublishError> {
    let catalogue = serde_json::to_string(&draft.catalogue).map_err(StoreError::from)?;
    let changes = serde_json::to_string(&draft.changes).map_err(StoreError::from)?;
    store
        .write(
            move |db| {
                let (newest, by) = newest(db)?;
                if newest != draft.base {
                    return Err(PublishError::Meanwhile { by, newest });
                }
                let version = draft.version();
                db.prepare_cached(
                    "INSERT INTO knowledge (version, at, catalogue, actor, note, base, changes)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                )?
                .execute(params![
                    version, at.0, catalogue, draft.by, draft.note, draft.base, changes
                ])?;
                audit::note(db, at, &draft.by, draft.action, &format!("version {version}"))?;
                Ok(version)
            },
            |_| {},
        )
        .await
}

fn newest(db: &Connection) -> Result<(u64, Option<String>), rusqlite::Error> {
    let mut query =
        db.prepare_cached("SELECT version, actor FROM knowledge ORDER BY version DESC LIMIT 1")?;
    let row = query.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    Ok(row.unwrap_or((0, None)))
}

/// The newest versions, newest first.
pub async fn list(store: &Store, most: u32) -> Result<Vec<Version>, StoreError> {
    store
        .read(move |db| {
            let mut query = db.prepare_cached(
                "SELECT version, at, actor, note, base, changes FROM knowledge
                 ORDER BY version DESC LIMIT ?1",
            )?;
            let mut rows = query.query([most])?;
            let mut versions = Vec::new();
            while let Some(row) = rows.next()? {
                let changes: Option<String> = row.get(5)?;
                versions.push(Version {
                    version: row.get(0)?,
                    at: Instant(row.get(1)?),
                    by: row.get(2)?,
                    note: row.get(3)?,
                    base: row.get(4)?,
                    changes: changes.map(|json| serde_json::from_str(&json)).transpose()?,
                });
            }
            Ok(versions)
        })
        .await
}

/// What a version holds, if there is such a version.
pub async fn find(store: &Store, version: u64) -> Result<Option<Catalogue>, StoreError> {
    store
        .read(move |db| {
            let mut query =
                db.prepare_cached("SELECT catalogue FROM knowledge WHERE version = ?1")?;
            let json = query.query_row([version], |row| row.get::<_, String>(0)).optional()?;
            Ok(json.map(|json| serde_json::from_str(&json)).transpose()?)
        })
        .await
}
