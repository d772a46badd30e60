//! The database of a data folder: one SQLite file, one writer, a few readers, migrations.
//!
//! All writing goes through one thread that groups whatever is waiting into one transaction, so a
//! thousand senders share one `fsync`. A caller hears back only after that commit. Readers see the
//! last commit and never wait for the writer (WAL). Nothing here knows what the rows mean.

mod backup;
mod lock;
mod readers;
mod schema;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::{Connection, OpenFlags};

pub use backup::{BackupError, Verified, restore, verify};
pub use lock::FolderLock;

use readers::Readers;
use writer::Writer;

/// The oldest SQLite that keeps a write-ahead log safe with several connections: before it a
/// checkpoint could corrupt the file ("WAL-reset bug", 3.7.0 to 3.51.2).
const OLDEST_SQLITE: i32 = 3_051_003;

/// The database's file in a data folder.
pub const FILE: &str = "floorwalker.db";

/// Readers that may work at once.
const READERS: usize = 4;

/// Prepared statements a connection keeps: more than there are in the whole program's hot paths.
const STATEMENTS: usize = 128;

/// Handle on an open data folder. Cheap to clone; the last one to go closes the file.
#[derive(Clone)]
pub struct Store {
    writer: Arc<Writer>,
    readers: Arc<Readers>,
    file: Arc<Path>,
    _lock: Arc<FolderLock>,
}

impl Store {
    /// Opens or makes the database in `folder`, and holds the folder for this process.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        assert!(
            rusqlite::version_number() >= OLDEST_SQLITE,
            "built against SQLite {}, which can corrupt a write-ahead log; 3.51.3 is the oldest safe one",
            rusqlite::version()
        );
        make_private(folder).map_err(|e| StoreError::Folder(folder.into(), e))?;
        let lock = FolderLock::take(folder)?;
        let file = folder.join(FILE);
        let connection = writing(&file, folder).map_err(|error| error.or_damaged(&file))?;
        let open_reader = || {
            let reader = Connection::open_with_flags(&file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
            reader.execute_batch("PRAGMA busy_timeout = 5000; PRAGMA query_only = ON;")?;
            reader.set_prepared_statement_cache_capacity(STATEMENTS);
            Ok::<_, rusqlite::Error>(reader)
        };
        let readers = (0..READERS).map(|_| open_reader()).collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            writer: Arc::new(Writer::start(connection)),
            readers: Arc::new(Readers::new(readers)),
            file: file.into(),
            _lock: Arc::new(lock),
        })
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        self.file.parent().unwrap_or(Path::new("."))
    }

    /// Why the last group of writes did not reach the disk; `None` if it did.
    pub fn trouble(&self) -> Option<String> {
        self.writer.trouble()
    }

    /// Runs `work` in the next group of writes and returns after the group is on disk.
    ///
    /// An error of `work` undoes only what it did itself. Once sent, the work is done even if the
    /// caller stops waiting. `settled` runs on the writer's thread after a successful commit.
    pub async fn write<T, E>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, E> + Send + 'static,
        settled: impl FnOnce(&T) + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.writer.submit(work, settled).await
    }

    /// Rewrites the whole file, so that nothing that was deleted or blanked is left in any byte of it
    /// or of its write-ahead log. Writes wait meanwhile.
    pub async fn scrub(&self) -> Result<(), StoreError> {
        self.writer.scrub().await
    }

    /// Runs `work` on a connection that can only read.
    pub async fn read<T, E>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.readers.run(work).await
    }
}

/// The connection that writes, to a database that was looked through and has the newest tables.
fn writing(file: &Path, folder: &Path) -> Result<Connection, StoreError> {
    let mut connection = Connection::open(file)?;
    // Room for what a whole group of writes changes: what does not fit is written twice.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA secure_delete = ON;
         PRAGMA foreign_keys = ON;
         PRAGMA cache_size = -16384;
         PRAGMA busy_timeout = 5000;",
    )?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    let health: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if health != "ok" {
        return Err(StoreError::Damaged(file.into(), health));
    }
    backup::before_migration(&connection, folder)?;
    schema::migrate(&mut connection)?;
    Ok(connection)
}

/// Makes a folder that only its owner can look into; one that is there stays as it is.
pub fn make_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// The database could not do its part.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder cannot be made or read.
    #[error("cannot use the data folder {}: {}", .0.display(), .1)]
    Folder(PathBuf, #[source] std::io::Error),
    /// Another process has it.
    #[error("the data folder {} is in use by another floorwalker; stop it first or choose another with --data", .0.display())]
    InUse(PathBuf),
    /// Made by a newer version.
    #[error(
        "the data folder was written by a newer floorwalker (schema {found}, this one knows {known}); use that version or restore a backup"
    )]
    Newer {
        /// In the file.
        found: i64,
        /// The newest known here.
        known: i64,
    },
    /// It is not whole.
    #[error(
        "the database {} is damaged ({}); nothing was changed. Move it away and bring the last backup back with `floorwalker restore`", .0.display(), .1
    )]
    Damaged(PathBuf, String),
    /// SQLite says no.
    #[error("database: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A stored payload is not what this version writes.
    #[error("a stored record cannot be read: {0}")]
    Record(#[from] serde_json::Error),
    /// The group of writes this one was in did not reach the disk.
    #[error("not stored: {0}")]
    NotCommitted(String),
    /// A reader, most likely a backup, still needs what was there before.
    #[error("the database is being read; what was erased is not yet overwritten")]
    StillRead,
    /// The server is stopping.
    #[error("the database is closing")]
    Closing,
}

impl StoreError {
    /// With the file's name, if this is SQLite's way to say that it is damaged.
    fn or_damaged(self, file: &Path) -> Self {
        use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
        match self {
            Self::Sqlite(error)
                if matches!(error.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase)) =>
            {
                Self::Damaged(file.into(), error.to_string())
            }
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_failing_write_undoes_only_itself() {
        let folder = tempfile::tempdir().expect("temp dir");
        let store = Store::open(folder.path()).expect("opens");
        let insert = |name: &'static str, fail: bool| {
            let store = store.clone();
            async move {
                store
                    .write::<(), StoreError>(
                        move |db| {
                            db.execute(
                                "INSERT INTO cursors (subscriber, pos) VALUES (?1, 1)",
                                [name],
                            )?;
                            if fail { Err(StoreError::Closing) } else { Ok(()) }
                        },
                        |()| {},
                    )
                    .await
            }
        };
        let (a, b, c) = tokio::join!(insert("a", false), insert("b", true), insert("c", false));
        assert!(a.is_ok() && b.is_err() && c.is_ok());
        let names: Vec<String> = store
            .read::<_, StoreError>(|db| {
                let mut query = db.prepare("SELECT subscriber FROM cursors ORDER BY 1")?;
                Ok(query.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
            })
            .await
            .expect("reads");
        assert_eq!(names, ["a", "c"]);
    }

    #[tokio::test]
    async fn every_commit_reaches_the_disk_and_deleted_text_is_overwritten() {
        let folder = tempfile::tempdir().expect("temp dir");
        let store = Store::open(folder.path()).expect("opens");
        let pragma = |name: &'static str| {
            let store = store.clone();
            async move {
                let read = move |db: &Connection| {
                    Ok::<String, StoreError>(db.query_row(
                        &format!("PRAGMA {name}"),
                        [],
                        |row| {
                            Ok(match row.get_ref(0)? {
                                rusqlite::types::ValueRef::Integer(n) => n.to_string(),
                                other => {
                                    String::from_utf8_lossy(other.as_bytes().unwrap_or_default())
                                        .into_owned()
                                }
                            })
                        },
                    )?)
                };
                store.write(read, |_| {}).await.expect("pragma")
            }
        };
        assert_eq!(pragma("synchronous").await, "2");
        assert_eq!(pragma("journal_mode").await, "wal");
        assert_eq!(pragma("secure_delete").await, "1");
    }

    /// Notes a name under which nothing else is kept.
    async fn note(store: &Store, name: String) -> Result<(), StoreError> {
        let insert = move |db: &Connection| {
            db.execute("INSERT INTO cursors (subscriber, pos) VALUES (?1, 1)", [name])?;
            Ok(())
        };
        store.write(insert, |()| {}).await
    }

    #[tokio::test]
    async fn what_finds_no_room_is_refused_and_the_next_write_is_taken_when_there_is() {
        let folder = tempfile::tempdir().expect("temp dir");
        let store = Store::open(folder.path()).expect("opens");
        let pages = |most: i64| {
            let set = move |db: &Connection| {
                db.query_row(&format!("PRAGMA max_page_count = {most}"), [], |_| Ok(()))?;
                Ok::<_, StoreError>(())
            };
            store.write(set, |()| {})
        };
        // As small as it is now.
        pages(1).await.expect("set");
        let full = futures_util::future::join_all((0..200).map(|n| {
            let name = format!("{n} {}", "x".repeat(200));
            note(&store, name)
        }));
        let refused = full.await.into_iter().filter(Result::is_err).count();
        assert!(refused > 0, "there was room for everything");
        pages(i64::from(u32::MAX) - 1).await.expect("set");
        note(&store, "after".into()).await.expect("there is room again");
        assert_eq!(store.trouble(), None);
        let count = |db: &Connection| {
            Ok::<i64, StoreError>(
                db.query_row("SELECT COUNT(*) FROM cursors", [], |row| row.get(0))?,
            )
        };
        let stored = store.read(count).await.expect("reads");
        assert_eq!(stored, 201 - refused as i64, "what was refused is not there, all else is");
    }

    #[tokio::test]
    async fn a_damaged_page_is_named_and_nothing_is_begun() {
        let folder = tempfile::tempdir().expect("temp dir");
        let store = Store::open(folder.path()).expect("opens");
        note(&store, "here".into()).await.expect("stored");
        drop(store);
        let file = folder.path().join(FILE);
        let whole = std::fs::read(&file).expect("reads");
        // The kind of the first page of a table and of the schema's, and the file's first letters.
        for at in [4_096, 100, 0] {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x40;
            std::fs::write(&file, &damaged).expect("writes");
            let error = Store::open(folder.path()).err().expect("refused").to_string();
            assert!(
                error.contains("floorwalker.db is damaged") && error.contains("restore"),
                "{error}"
            );
            assert_eq!(std::fs::read(&file).expect("reads"), damaged, "it is left as it is");
        }
        std::fs::write(&file, &whole).expect("writes");
        Store::open(folder.path()).expect("whole again");
    }

    #[test]
    fn a_second_process_is_refused() {
        let folder = tempfile::tempdir().expect("temp dir");
        let first = Store::open(folder.path()).expect("opens");
        assert!(matches!(Store::open(folder.path()), Err(StoreError::InUse(_))));
        drop(first);
        Store::open(folder.path()).expect("free again");
    }

    #[test]
    fn a_newer_schema_is_refused() {
        let folder = tempfile::tempdir().expect("temp dir");
        drop(Store::open(folder.path()).expect("opens"));
        let db = Connection::open(folder.path().join("floorwalker.db")).expect("opens");
        db.execute_batch("PRAGMA user_version = 99").expect("sets");
        drop(db);
        assert!(matches!(Store::open(folder.path()), Err(StoreError::Newer { found: 99, .. })));
    }
}
