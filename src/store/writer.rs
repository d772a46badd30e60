//! The one writer: a thread that takes whatever waits, does it in one transaction, commits, and only
//! then tells each caller.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::StoreError;

/// Writes that may wait before callers are made to.
const WAITING: usize = 1_024;
/// Writes that share one commit at most: bounds how long the first of them waits.
const GROUP: usize = 256;

/// Runs one caller's work, if a transaction could be begun, and returns how to tell them once the
/// commit is known.
type Work = Box<dyn FnOnce(Option<&Connection>) -> Tell + Send>;
/// Called with `None` after the commit, or with why there was none.
type Tell = Box<dyn FnOnce(Option<&str>)>;

/// What the thread is asked for.
enum Ask {
    /// A write, in the next group.
    Write(Work),
    /// To rewrite the file, between two groups.
    Scrub(oneshot::Sender<Result<(), StoreError>>),
}

/// Handle on the writer's thread; dropping it finishes what waits and joins.
pub struct Writer {
    queue: Option<mpsc::Sender<Ask>>,
    trouble: Trouble,
    thread: Option<JoinHandle<()>>,
}

/// Why the last commit failed, if it did.
type Trouble = Arc<Mutex<Option<String>>>;

impl Writer {
    /// Gives the connection to a thread of its own.
    pub fn start(connection: Connection) -> Self {
        let (queue, waiting) = mpsc::channel(WAITING);
        let trouble = Trouble::default();
        let noted = trouble.clone();
        let thread = std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || run(&connection, waiting, &noted))
            .expect("the system has room for one more thread at start");
        Self { queue: Some(queue), trouble, thread: Some(thread) }
    }

    /// See [`super::Store::trouble`].
    pub fn trouble(&self) -> Option<String> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// See [`super::Store::write`].
    pub async fn submit<T, E>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, E> + Send + 'static,
        settled: impl FnOnce(&T) + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let work: Work = Box::new(move |db| {
            let outcome = match db {
                Some(db) => in_savepoint(db, work),
                None => {
                    Err(StoreError::NotCommitted("no transaction could be begun".into()).into())
                }
            };
            Box::new(move |failed| {
                let outcome = match (outcome, failed) {
                    (Ok(_), Some(why)) => Err(StoreError::NotCommitted(why.into()).into()),
                    (Ok(value), None) => {
                        settled(&value);
                        Ok(value)
                    }
                    (Err(error), _) => Err(error),
                };
                // Nobody waits any more when the caller went away; the write stands.
                let _ = answer.send(outcome);
            })
        });
        let queue = self.queue.as_ref().ok_or(StoreError::Closing)?;
        queue.send(Ask::Write(work)).await.map_err(|_| StoreError::Closing)?;
        answered.await.map_err(|_| StoreError::Closing)?
    }

    /// See [`super::Store::scrub`].
    pub async fn scrub(&self) -> Result<(), StoreError> {
        let (answer, answered) = oneshot::channel();
        let queue = self.queue.as_ref().ok_or(StoreError::Closing)?;
        queue.send(Ask::Scrub(answer)).await.map_err(|_| StoreError::Closing)?;
        answered.await.map_err(|_| StoreError::Closing)?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn run(db: &Connection, mut waiting: mpsc::Receiver<Ask>, trouble: &Trouble) {
    let mut next = waiting.blocking_recv();
    while let Some(ask) = next.take() {
        match ask {
            Ask::Write(first) => next = group(db, first, &mut waiting, trouble),
            Ask::Scrub(answer) => {
                // Nobody may wait any more; the file is rewritten all the same.
                let _ = answer.send(scrub(db));
            }
        }
        next = next.or_else(|| waiting.blocking_recv());
    }
    // Leaves a tidy file behind; the log is replayed on the next start if this fails.
    let _ = db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
}

/// Does what waits in one transaction and tells each caller. Returns what ended the group, if it was
/// no write.
fn group(
    db: &Connection,
    first: Work,
    waiting: &mut mpsc::Receiver<Ask>,
    trouble: &Trouble,
) -> Option<Ask> {
    let mut tell = Vec::new();
    let mut ended_by = None;
    let begun = db.execute_batch("BEGIN IMMEDIATE");
    let mut next = Some(first);
    while let Some(work) = next.take() {
        tell.push(work(begun.is_ok().then_some(db)));
        // Without room SQLite may end the whole transaction: then nobody else may join it.
        if tell.len() < GROUP && !(begun.is_ok() && db.is_autocommit()) {
            match waiting.try_recv() {
                Ok(Ask::Write(work)) => next = Some(work),
                Ok(other) => ended_by = Some(other),
                Err(_) => {}
            }
        }
    }
    let committed = begun.and_then(|()| db.execute_batch("COMMIT"));
    if let Err(error) = &committed {
        tracing::error!(%error, "a group of writes was not stored");
        // Fails where no transaction is open, which is as good.
        let _ = db.execute_batch("ROLLBACK");
    }
    let failed = committed.err().map(|error| error.to_string());
    trouble.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&failed);
    for tell in tell {
        tell(failed.as_deref());
    }
    ended_by
}

/// Rewrites the file without what was deleted, and empties the write-ahead log. `secure_delete` alone
/// overwrites a row where it is, and not where it once was before its page was split.
fn scrub(db: &Connection) -> Result<(), StoreError> {
    db.execute_batch("VACUUM")?;
    let busy: i64 = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy == 0 { Ok(()) } else { Err(StoreError::StillRead) }
}

fn in_savepoint<T, E: From<StoreError>>(
    db: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, E>,
) -> Result<T, E> {
    let step = |text: &str| {
        let mut statement = db.prepare_cached(text).map_err(StoreError::from)?;
        statement.execute([]).map_err(StoreError::from)
    };
    step("SAVEPOINT one")?;
    match work(db) {
        Ok(value) => {
            step("RELEASE one")?;
            Ok(value)
        }
        Err(error) => {
            // Where the error ended the whole transaction there is nothing left to undo.
            if !db.is_autocommit() {
                step("ROLLBACK TO one")?;
                step("RELEASE one")?;
            }
            Err(error)
        }
    }
}
