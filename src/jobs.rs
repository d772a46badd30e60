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

use crate::audit;
use crate::domain::time::Instant;
use crate::store::{Store, StoreError};

pub use pause::Pauses;
pub use runner::Clock;
pub use schedule::Daily;
pub use table::{enqueue, enqueue_in, remove_about, withdraw, withdraw_lane};

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

/// What does each kind of job, and which of them come back every day.
#[derive(Default)]
pub struct Handlers {
    by_kind: HashMap<&'static str, Way>,
    daily: Vec<Daily>,
}

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
        self.by_kind.insert(kind, Way { handler, pauses });
        self
    }

    /// With a kind that comes back every day: the next one is enqueued when the runner starts, and
    /// then in the same write in which each is settled.
    pub fn daily<F>(
        mut self,
        daily: Daily,
        handler: impl Fn(Job) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        let kind = daily.kind;
        self.daily.push(daily);
        self.with(kind, handler)
    }

    /// The next job of a kind that comes back, if it does.
    fn next(&self, kind: &str, now: Instant) -> Option<NewJob> {
        self.daily.iter().find(|daily| daily.kind == kind)?.next(now)
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

    /// Looks for due jobs at once: after a write elsewhere enqueued some.
    pub fn wake(&self) {
        self.news.send_modify(|count| *count += 1);
    }

    /// What time it is for the jobs, and for what they are about.
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

    /// How many jobs wait or run, and how many are dead.
    pub async fn count(&self) -> Result<(u32, u32), StoreError> {
        self.store.read(table::count).await
    }

    /// Lets a dead job be tried again now. `false` if there is no such dead job. `by` is who wants it.
    pub async fn retry(&self, id: i64, by: &str) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let (news, by) = (self.news.clone(), by.to_string());
        self.store
            .write(
                move |db| {
                    let found = table::retry(db, id, now)?;
                    if found {
                        audit::note(db, now, &by, "job.retry", &id.to_string())?;
                    }
                    Ok(found)
                },
                move |_| news.send_modify(|count| *count += 1),
            )
            .await
    }
}

#[cfg(test)]
mod tests;
