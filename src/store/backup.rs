//! One file that holds everything, taken while the server works, and brought back.
//!
//! A backup is a snapshot by SQLite's `VACUUM INTO`: it is one moment of the database, without its free
//! pages, and is read back in full before anybody is told that it is there.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use serde::Serialize;

use super::{FILE, FolderLock, Store, StoreError, schema};

/// What was found in a backup when it was read back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// The version of its tables.
    pub schema: i64,
    /// Events of all chats.
    pub events: i64,
    /// Place of the last event in the log.
    pub last_event: i64,
    /// Size in bytes.
    pub bytes: u64,
}

/// Why there is no backup, or none that can be used.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Nothing is overwritten.
    #[error("{} is there already; name a file that does not exist", .0.display())]
    Exists(PathBuf),
    /// It would go with what it is a copy of.
    #[error("{} lies in the data folder; name a folder outside it, best on another disk", .0.display())]
    Inside(PathBuf),
    /// The folder holds a shop.
    #[error("{} already holds a database; move it away or name an empty folder", .0.display())]
    NotEmpty(PathBuf),
    /// It cannot be read back.
    #[error("{} is no backup that can be used: {}", .0.display(), .1)]
    Damaged(PathBuf, String),
    /// Reading or writing failed.
    #[error("{}: {}", .0.display(), .1)]
    Io(PathBuf, #[source] std::io::Error),
    /// The database says no.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Writes everything to one new file while the server works, and reads it back.
    pub async fn backup(&self, to: PathBuf) -> Result<Verified, BackupError> {
        let from = self.file.clone();
        let copy = tokio::task::spawn_blocking(move || snapshot(&from, &to));
        copy.await.map_err(|_| BackupError::Store(StoreError::Closing))?
    }
}

/// Copies one moment of the database at `from` to the new file `to`. Written beside it first: a file of
/// that name is whole.
fn snapshot(from: &Path, to: &Path) -> Result<Verified, BackupError> {
    if to.exists() {
        return Err(BackupError::Exists(to.into()));
    }
    let unfinished = to.with_extension("unfinished");
    let _ = fs::remove_file(&unfinished);
    let io = |error| BackupError::Io(to.into(), error);
    let db = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .map_err(StoreError::from)?;
    db.busy_timeout(std::time::Duration::from_secs(5)).map_err(StoreError::from)?;
    db.execute("VACUUM INTO ?1", [unfinished.to_string_lossy()]).map_err(StoreError::from)?;
    restrict(&unfinished).map_err(io)?;
    fs::File::open(&unfinished).and_then(|file| file.sync_all()).map_err(io)?;
    let verified = verify(&unfinished)?;
    fs::rename(&unfinished, to).map_err(io)?;
    let parent = to.parent().filter(|parent| !parent.as_os_str().is_empty());
    fs::File::open(parent.unwrap_or(Path::new("."))).and_then(|dir| dir.sync_all()).map_err(io)?;
    Ok(verified)
}

/// A backup holds what visitors wrote: nobody else may read it.
fn restrict(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(0o600))
}

/// Reads a backup in full.
pub fn verify(file: &Path) -> Result<Verified, BackupError> {
    let bytes = fs::metadata(file).map_err(|error| BackupError::Io(file.into(), error))?.len();
    let damaged = |error: rusqlite::Error| BackupError::Damaged(file.into(), error.to_string());
    let db =
        Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(damaged)?;
    let health: String =
        db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(damaged)?;
    if health != "ok" {
        return Err(BackupError::Damaged(file.into(), health));
    }
    let number = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).map_err(damaged);
    let schema = number("PRAGMA user_version")?;
    if schema > schema::newest() {
        return Err(StoreError::Newer { found: schema, known: schema::newest() }.into());
    }
    Ok(Verified {
        schema,
        events: number("SELECT COUNT(*) FROM events")?,
        last_event: number("SELECT COALESCE(MAX(pos), 0) FROM events")?,
        bytes,
    })
}

/// Puts a backup into a data folder that holds no database, and reads it back.
pub fn restore(file: &Path, folder: &Path) -> Result<Verified, BackupError> {
    let io = |error| BackupError::Io(folder.into(), error);
    let wanted = verify(file)?;
    fs::create_dir_all(folder).map_err(io)?;
    let _lock = FolderLock::take(folder)?;
    let database = folder.join(FILE);
    if database.exists() {
        return Err(BackupError::NotEmpty(folder.into()));
    }
    // What a crash left of another database must not be replayed into this one.
    for left in ["floorwalker.db-wal", "floorwalker.db-shm"] {
        let _ = fs::remove_file(folder.join(left));
    }
    let unfinished = folder.join("floorwalker.db.unfinished");
    fs::copy(file, &unfinished).map_err(io)?;
    fs::File::open(&unfinished).and_then(|copy| copy.sync_all()).map_err(io)?;
    let found = verify(&unfinished)?;
    if found != wanted {
        return Err(BackupError::Damaged(unfinished, "the copy differs from the backup".into()));
    }
    fs::rename(&unfinished, &database).map_err(io)?;
    fs::File::open(folder).and_then(|dir| dir.sync_all()).map_err(io)?;
    Ok(found)
}

/// Before the tables are changed for good, what they were is put beside them.
pub fn before_migration(db: &Connection, folder: &Path) -> Result<(), StoreError> {
    let found: i64 = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let to = folder.join(format!("before-schema-{}.db", schema::newest()));
    if found == 0 || found >= schema::newest() || to.exists() {
        return Ok(());
    }
    db.execute("VACUUM INTO ?1", [to.to_string_lossy()])?;
    restrict(&to).map_err(|error| StoreError::Folder(folder.into(), error))?;
    tracing::info!(file = %to.display(), "the database was copied before its tables are changed");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn note(store: &Store, name: &'static str) {
        let insert = move |db: &Connection| {
            db.execute("INSERT INTO cursors (subscriber, pos) VALUES (?1, 1)", [name])?;
            Ok::<_, StoreError>(())
        };
        store.write(insert, |()| {}).await.expect("stored");
    }

    fn names(folder: &Path) -> Vec<String> {
        let db = Connection::open(folder.join(FILE)).expect("opens");
        let mut query = db.prepare("SELECT subscriber FROM cursors ORDER BY 1").expect("valid");
        let rows = query.query_map([], |row| row.get(0)).expect("reads");
        rows.collect::<Result<_, _>>().expect("reads")
    }

    #[tokio::test]
    async fn a_backup_is_one_moment_of_a_working_database_and_comes_back() {
        let (data, new) = (tempfile::tempdir().expect("temp"), tempfile::tempdir().expect("temp"));
        let store = Store::open(data.path()).expect("opens");
        note(&store, "before").await;
        let file = data.path().join("backup.db");
        let taken = store.backup(file.clone()).await.expect("a backup");
        note(&store, "after").await;
        assert_eq!(restore(&file, new.path()).expect("restored"), taken);
        assert_eq!(names(new.path()), ["before"]);
        Store::open(new.path()).expect("a whole database");
    }

    #[tokio::test]
    async fn nothing_is_overwritten_and_nothing_damaged_is_restored() {
        let (data, new) = (tempfile::tempdir().expect("temp"), tempfile::tempdir().expect("temp"));
        let store = Store::open(data.path()).expect("opens");
        let file = data.path().join("backup.db");
        store.backup(file.clone()).await.expect("a backup");
        let again = store.backup(file.clone()).await;
        assert!(matches!(again, Err(BackupError::Exists(_))), "{again:?}");
        drop(store);
        let over = restore(&file, data.path());
        assert!(matches!(over, Err(BackupError::NotEmpty(_))), "{over:?}");
        let mut bytes = fs::read(&file).expect("reads");
        bytes[4_096..8_192].fill(0xff);
        fs::write(&file, bytes).expect("writes");
        let damaged = restore(&file, new.path());
        assert!(matches!(damaged, Err(BackupError::Damaged(..))), "{damaged:?}");
        assert!(!new.path().join(FILE).exists());
    }

    #[test]
    fn an_older_database_is_copied_before_it_is_changed() {
        let data = tempfile::tempdir().expect("temp");
        let mut old = Connection::open(data.path().join(FILE)).expect("opens");
        schema::migrate_to(&mut old, 1).expect("the first tables");
        old.execute("INSERT INTO cursors (subscriber, pos) VALUES ('old', 7)", []).expect("stored");
        drop(old);
        drop(Store::open(data.path()).expect("opens and changes"));
        let copy = data.path().join(format!("before-schema-{}.db", schema::newest()));
        assert_eq!(verify(&copy).expect("a whole copy").schema, 1);
        assert_eq!(names(data.path()), ["old"]);
    }
}
