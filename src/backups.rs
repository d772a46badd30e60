//! Backups and what was erased since: every backup lies beside a ledger of erasures, and none is
//! brought back without it.

pub mod daily;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::domain::time::Instant;
use crate::log::Log;
use crate::privacy::{Privacy, PrivacyError, ledger};
use crate::store::{self, BackupError, Store, StoreError, Verified};

/// Why a backup was not brought back whole.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The backup itself.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// What was erased since could not be read or written.
    #[error("cannot tell what was erased since: {}: {}", .0.display(), .1)]
    Ledger(PathBuf, #[source] std::io::Error),
    /// What was erased since could not be erased again.
    #[error(
        "the backup is there, and what was erased after it was made is not erased yet; starting the server does so: {0}"
    )]
    Replay(#[from] PrivacyError),
}

/// Writes everything to one new file while the server works, reads it back, and notes beside it what
/// was erased until now.
pub async fn take(store: &Store, to: PathBuf) -> Result<Verified, BackupError> {
    let place = folder_of(&to);
    outside(&place, store.folder())?;
    let verified = store.backup(to).await?;
    let lines =
        ledger::read(store.folder()).map_err(|e| BackupError::Io(store.folder().into(), e))?;
    ledger::note(&place, &lines).map_err(|e| BackupError::Io(place.join(ledger::FILE), e))?;
    let remember = move |db: &Connection| {
        let place = place.to_string_lossy();
        db.execute("INSERT OR IGNORE INTO backup_places (folder) VALUES (?1)", [place])?;
        Ok::<_, StoreError>(())
    };
    store.write(remember, |()| {}).await?;
    Ok(verified)
}

/// Puts a backup into a data folder that holds no database, reads it back, and erases again what was
/// erased after it was made. Returns what was found, and how many chats were erased again.
pub async fn restore(file: &Path, folder: &Path) -> Result<(Verified, usize), RestoreError> {
    let beside = folder_of(file);
    let mut lines = BTreeSet::new();
    for place in [&*beside, folder] {
        let noted = ledger::read(place)
            .map_err(|error| RestoreError::Ledger(place.join(ledger::FILE), error))?;
        lines.extend(noted);
    }
    store::make_private(folder).map_err(|e| BackupError::Io(folder.into(), e))?;
    // Before the database is there: whatever stops in between, nothing that was erased is served.
    ledger::note(folder, &lines)
        .map_err(|error| RestoreError::Ledger(folder.join(ledger::FILE), error))?;
    let found = store::restore(file, folder)?;
    if lines.is_empty() {
        return Ok((found, 0));
    }
    let log = Log::new(Store::open(folder).map_err(BackupError::from)?);
    let erased = Privacy::new(log).replay(Instant::now()).await?;
    Ok((found, erased.chats.len()))
}

/// Refuses a backup in the folder it is to outlive, where erasures would not reach it either.
pub fn outside(place: &Path, data: &Path) -> Result<(), BackupError> {
    let whole = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.into());
    match whole(place).starts_with(whole(data)) {
        true => Err(BackupError::Inside(place.into())),
        false => Ok(()),
    }
}

/// The folder a file lies in, by its whole name.
fn folder_of(file: &Path) -> PathBuf {
    let file = std::path::absolute(file).unwrap_or_else(|_| file.into());
    file.parent().unwrap_or(Path::new("/")).into()
}
