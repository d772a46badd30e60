//! The table of settings: every version a site ever had; the greatest is in force.

use rusqlite::{Connection, Row, params};

use super::Version;
use crate::domain::ids::SiteKey;
use crate::domain::time::Instant;
use crate::store::StoreError;

/// Versions that are shown of one site.
const SHOWN: u32 = 200;

/// What is in force everywhere.
pub fn current(db: &Connection) -> Result<Vec<Version>, StoreError> {
    select(
        db,
        "WHERE version = (SELECT max(version) FROM site_settings s WHERE s.site = o.site)",
        [],
    )
}

/// What is in force at a site.
pub fn of(db: &Connection, site: &SiteKey) -> Result<Option<Version>, StoreError> {
    Ok(history(db, site)?.into_iter().next())
}

/// A site's versions, the newest first.
pub fn history(db: &Connection, site: &SiteKey) -> Result<Vec<Version>, StoreError> {
    select(db, "WHERE site = ?1 ORDER BY version DESC LIMIT ?2", params![site.as_str(), SHOWN])
}

/// One version.
pub fn version(
    db: &Connection,
    site: &SiteKey,
    version: u32,
) -> Result<Option<Version>, StoreError> {
    let found = select(db, "WHERE site = ?1 AND version = ?2", params![site.as_str(), version])?;
    Ok(found.into_iter().next())
}

/// Keeps a version.
pub fn insert(db: &Connection, version: &Version) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO site_settings (site, version, at, by, settings) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        version.site.as_str(),
        version.version,
        version.at.0,
        version.by,
        serde_json::to_string(&version.settings)?,
    ])?;
    Ok(())
}

fn select(
    db: &Connection,
    rest: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<Version>, StoreError> {
    let sql = format!("SELECT site, version, at, by, settings FROM site_settings o {rest}");
    let mut query = db.prepare_cached(&sql)?;
    let mut rows = query.query(params)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.extend(read(row)?);
    }
    Ok(found)
}

fn read(row: &Row<'_>) -> Result<Option<Version>, StoreError> {
    let Ok(site) = SiteKey::try_from(row.get::<_, String>(0)?) else { return Ok(None) };
    Ok(Some(Version {
        site,
        version: row.get(1)?,
        at: Instant(row.get(2)?),
        by: row.get(3)?,
        settings: serde_json::from_str(&row.get::<_, String>(4)?)?,
    }))
}
