//! The tables, and the steps from one version of them to the next. A step is never changed once
//! released; the newest version is the number of steps.

use rusqlite::Connection;

use super::StoreError;

const STEPS: &[&str] = &[
    include_str!("migrations/0001_floor.sql"),
    include_str!("migrations/0002_ground.sql"),
    include_str!("migrations/0003_sites.sql"),
    include_str!("migrations/0004_webhooks.sql"),
    include_str!("migrations/0005_rights.sql"),
    include_str!("migrations/0006_edits.sql"),
];

/// The newest version known here.
pub fn newest() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

/// Brings the file to the newest version, each step in a transaction of its own.
pub fn migrate(db: &mut Connection) -> Result<(), StoreError> {
    migrate_to(db, newest())
}

/// Brings the file to a version.
pub fn migrate_to(db: &mut Connection, wanted: i64) -> Result<(), StoreError> {
    let known = newest();
    let found: i64 = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for (version, step) in (1_i64..).zip(STEPS) {
        if version > found && version <= wanted {
            let tx = db.transaction()?;
            tx.execute_batch(step)?;
            tx.pragma_update(None, "user_version", version)?;
            tx.commit()?;
        }
    }
    Ok(())
}
