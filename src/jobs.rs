//! Work that must happen even if the server stops in between: one durable table, claimed with a lease,
//! tried again with growing pauses, and put aside where a person can see it when nothing helps.
//!
//! ```text
//! enqueue (in any write, also an append) -> waiting -> running -> gone
//!                                              ^          |-> waiting, later   (Failure::Later)
//!                                              |          '-> dead             (Failure::Never, or too often)
//!                                              '- retry --------'
//! ```
//!
//! Four jobs run at once, and besides one of each lane (`enqueue_in`), so that what hangs in a lane
//! keeps nobody else waiting.
//!
//! A handler may run twice when the server dies between its effect and the note of it; handlers make
//! the effect idempotent by the job's id.

mod pause;
mod runner;
mod schedule;
mod table;

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;
use tokio::sync::watch;

use crate::domain::time::Instant;
use crate::store::{Store, StoreError};

pub use pause::Pauses;
pub use runner::Clock;
pub use schedule::Daily;
pub use table::{enqueue, enqueue_in, withdraw, withdraw_lane};

/// Work to be done.
#[derive(Clone, Debug, PartialEq)]
pub struct NewJob {
    /// Which handler does it.
    pub kind: &'static str,
    /// Enqueuing the same kind and key again changes nothing, however the first one ended.
    pub key: Option<String>,
    /// What the handler needs.
    pub payload: Value,
    /// Not before.
    pub run_at: Instant,
}

/// A job as a handler gets it.
#[derive(Clone, Debug)]
pub struct Job {
    /// The same each time it is tried.
    pub id: i64,
    /// Which handler does it.
    pub kind: String,
    /// What was enqueued.
    pub payload: Value,
    /// This is the n-th try, from 1.
    pub attempt: u32,
    /// Where it waits its turn; empty for the common lane.
    pub lane: String,
}

/// Why a job was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It may work later.
    Later(String),
    /// It never will.
    Never(String),
}

/// A job as a person sees it. Without the payload, which may be personal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// Its number.
    pub id: i64,
    /// What it does.
    pub kind: String,
    /// `waiting`, `running` or `dead`.
    pub state: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried next.
    pub run_at: Instant,
    /// Why it failed last.
    pub error: Option<String>,
}

/// What a handler returns.
pub type Doing = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send>>;
type Handler = Arc<dyn Fn(Job) -> Doing + Send + Sync>;

/// How one kind of job is done.
struct Way {
    handler: Handler,
    pauses: Pauses,
}

/// Handle on the jobs. Cheap to clone.
#[derive(Clone)]
pub struct Jobs {
    store: Store,
    clock: Clock,
    news: watch::Sender<u64>,
}

/// What does each kind of job.
#[derive(Default)]
pub struct Handlers(HashMap<&'static str, Way>);

impl Handlers {
    /// With a handler for one more kind.
    pub fn with<F>(
        self,
        kind: &'static str,
        handler: impl Fn(Job) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        self.paced(kind, Pauses::default(), handler)
    }

    /// With a handler for one more kind, that is tried again after pauses of its own.
    pub fn paced<F>(
        mut self,
        kind: &'static str,
        pauses: Pauses,
        handler: impl Fn(Job) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        let handler: Handler = Arc::new(move |job| Box::pin(handler(job)));
        self.0.insert(kind, Way { handler, pauses });
        self
    }
}

impl Jobs {
    /// The jobs in this store.
    pub fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock, news: watch::Sender::new(0) }
    }

    /// Enqueues one job; returns when it is on disk.
    pub async fn enqueue(&self, job: NewJob) -> Result<(), StoreError> {
        let now = self.clock.now();
        let news = self.news.clone();
        self.store
            .write(
                move |db| enqueue(db, &job, now),
                move |()| news.send_modify(|count| *count += 1),
            )
            .await
    }

    /// What time it is for the jobs.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Counting this up makes the runner look for due jobs at once: for those who enqueue some in
    /// a write of their own, after it is committed.
    pub fn waker(&self) -> watch::Sender<u64> {
        self.news.clone()
    }

    /// Jobs that wait, run or are dead, the dead ones first.
    pub async fn list(&self) -> Result<Vec<Listed>, StoreError> {
        self.store.read(table::list).await
    }

    /// Lets a dead job be tried again now. `false` if there is no such dead job.
    pub async fn retry(&self, id: i64) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let news = self.news.clone();
        self.store
            .write(
                move |db| table::retry(db, id, now),
                move |_| news.send_modify(|count| *count += 1),
            )
            .await
    }
}

#[cfg(test)]
mod tests;
