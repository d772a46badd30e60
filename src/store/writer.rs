//! The one writer: a thread that takes whatever waits, does it in one transaction, commits, and only
//! then tells each caller.

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

/// Handle on the writer's thread; dropping it finishes what waits and joins.
pub struct Writer {
    queue: Option<mpsc::Sender<Work>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Gives the connection to a thread of its own.
    pub fn start(connection: Connection) -> Self {
        let (queue, waiting) = mpsc::channel(WAITING);
        let thread = std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || run(&connection, waiting))
            .expect("the system has room for one more thread at start");
        Self { queue: Some(queue), thread: Some(thread) }
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
        queue.send(work).await.map_err(|_| StoreError::Closing)?;
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

fn run(db: &Connection, mut waiting: mpsc::Receiver<Work>) {
    while let Some(first) = waiting.blocking_recv() {
        let mut tell = Vec::new();
        let begun = db.execute_batch("BEGIN IMMEDIATE");
        let mut next = Some(first);
        while let Some(work) = next {
            tell.push(work(begun.is_ok().then_some(db)));
            next = if tell.len() < GROUP { waiting.try_recv().ok() } else { None };
        }
        let committed = begun.and_then(|()| db.execute_batch("COMMIT"));
        if let Err(error) = &committed {
            tracing::error!(%error, "a group of writes was not stored");
            // Fails where no transaction is open, which is as good.
            let _ = db.execute_batch("ROLLBACK");
        }
        let failed = committed.err().map(|error| error.to_string());
        for tell in tell {
            tell(failed.as_deref());
        }
    }
    // Leaves a tidy file behind; the log is replayed on the next start if this fails.
    let _ = db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
}

fn in_savepoint<T, E: From<StoreError>>(
    db: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, E>,
) -> Result<T, E> {
    let sql = |text: &str| db.execute_batch(text).map_err(StoreError::from);
    sql("SAVEPOINT one")?;
    match work(db) {
        Ok(value) => {
            sql("RELEASE one")?;
            Ok(value)
        }
        Err(error) => {
            sql("ROLLBACK TO one; RELEASE one")?;
            Err(error)
        }
    }
}
