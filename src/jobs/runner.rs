//! Who does the jobs: claims what is due, runs it, notes the outcome, sleeps until the next is due.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{Id, JoinSet};

use super::table;
use super::{Failure, Handlers, Job, Jobs, Pauses};
use crate::domain::time::Instant;
use crate::shutdown::Shutdown;

/// Jobs of the common lane under way at once.
const AT_ONCE: usize = 4;
/// Looks at the table at least this often, whatever the clock of the machine does.
const LOOK: Duration = Duration::from_secs(30);

/// What time it is for the jobs. Tests turn it by hand.
#[derive(Clone)]
pub struct Clock(Option<Arc<watch::Sender<Instant>>>);

impl Clock {
    /// The machine's.
    pub fn system() -> Self {
        Self(None)
    }

    /// One that stands until it is turned.
    pub fn by_hand(now: Instant) -> Self {
        Self(Some(Arc::new(watch::Sender::new(now))))
    }

    /// Turns a clock that is turned by hand.
    pub fn advance(&self, by: Duration) {
        if let Some(hand) = &self.0 {
            hand.send_modify(|now| *now = now.plus(by));
        }
    }

    /// What it shows.
    pub fn now(&self) -> Instant {
        self.0.as_ref().map_or_else(Instant::now, |hand| *hand.borrow())
    }

    /// Waits until it shows `then`, though not much longer than [`LOOK`] on the machine's clock.
    async fn reaches(&self, then: Instant) {
        match &self.0 {
            None => tokio::time::sleep(then.since(Instant::now()).min(LOOK)).await,
            Some(hand) => {
                let mut shown = hand.subscribe();
                if shown.wait_for(|now| *now >= then).await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        }
    }
}

/// In which lane each job under way is. Asked here and not of the table, where a server that died may
/// have left some running.
#[derive(Default)]
struct Lanes(HashMap<Id, String>);

impl Lanes {
    /// How many more of the common lane may begin.
    fn free(&self) -> usize {
        let common = self.0.values().filter(|lane| *lane == table::COMMON).count();
        AT_ONCE.saturating_sub(common)
    }

    /// Lanes in which nothing may begin now.
    fn full(&self) -> Vec<String> {
        let busy = self.0.values().filter(|lane| *lane != table::COMMON || self.free() == 0);
        busy.cloned().collect()
    }
}

impl Jobs {
    /// Does jobs until told to stop, then finishes those under way.
    pub async fn run(self, handlers: Handlers, shutdown: Shutdown) {
        self.begin_days(&handlers).await;
        let handlers = Arc::new(handlers);
        let mut under_way: JoinSet<()> = JoinSet::new();
        let mut lanes = Lanes::default();
        let mut news = self.news.subscribe();
        let mut stop = shutdown.clone();
        loop {
            news.mark_unchanged();
            let now = self.clock.now();
            let mut due = self.next_due(lanes.full(), now).await;
            // Only what is due is worth a write.
            if due <= now {
                for job in self.claim(lanes.free(), lanes.full(), now).await {
                    let lane = job.lane.clone();
                    let begun = under_way.spawn(self.clone().attempt(handlers.clone(), job));
                    lanes.0.insert(begun.id(), lane);
                }
                due = self.next_due(lanes.full(), now).await;
            }
            tokio::select! {
                () = stop.requested() => break,
                _ = news.changed() => {}
                Some(ended) = under_way.join_next_with_id() => {
                    lanes.0.remove(&ended.map_or_else(|error| error.id(), |(id, ())| id));
                }
                () = self.clock.reaches(due.max(now.plus(Duration::from_millis(1)))) => {}
            }
        }
        while under_way.join_next().await.is_some() {}
    }

    /// Enqueues what comes back every day and is not enqueued yet.
    async fn begin_days(&self, handlers: &Handlers) {
        for daily in &handlers.daily {
            let Some(job) = daily.next(self.clock.now()) else { continue };
            if let Err(error) = self.enqueue(job).await {
                tracing::error!(%error, kind = daily.kind, "daily work is not begun");
            }
        }
    }

    async fn claim(&self, most: usize, full: Vec<String>, now: Instant) -> Vec<Job> {
        let claimed = self.store.write(move |db| table::claim(db, most, &full, now), |_| {}).await;
        claimed.unwrap_or_else(|error| {
            tracing::error!(%error, "jobs cannot be claimed");
            Vec::new()
        })
    }

    /// When something is to be done next, or the next look at the table.
    async fn next_due(&self, full: Vec<String>, now: Instant) -> Instant {
        let look = now.plus(LOOK);
        match self.store.read(move |db| table::next_due(db, &full)).await {
            Ok(due) => due.map_or(look, |due| due.min(look)),
            Err(error) => {
                tracing::error!(%error, "jobs cannot be read");
                look
            }
        }
    }

    async fn attempt(self, handlers: Arc<Handlers>, job: Job) {
        let way = handlers.by_kind.get(job.kind.as_str());
        let outcome = match way {
            Some(way) => {
                // A panic is a failure of this job and of nothing else.
                let doing = tokio::time::timeout(table::LEASE / 2, (way.handler)(job.clone()));
                match tokio::spawn(doing).await {
                    Ok(Ok(outcome)) => outcome,
                    Ok(Err(_)) => Err(Failure::Later("it took too long".into())),
                    Err(_) => Err(Failure::Later("it broke off".into())),
                }
            }
            None => Err(Failure::Never("nothing here does this kind of job".into())),
        };
        if let Err(Failure::Later(why) | Failure::Never(why)) = &outcome {
            tracing::warn!(job = job.id, kind = job.kind, attempt = job.attempt, why, "not done");
        }
        let now = self.clock.now();
        let next = handlers.next(&job.kind, now);
        let pauses = way.map_or(Pauses::default(), |way| way.pauses);
        let again = pauses.after(job.attempt, rand::random());
        let settle = move |db: &rusqlite::Connection| {
            table::settle(db, &job, &outcome, again, now)?;
            // The first of them stands; the same day again changes nothing.
            next.iter().try_for_each(|next| table::enqueue(db, next, now))
        };
        if let Err(error) = self.store.write(settle, |()| {}).await {
            // The lease runs out and it is tried again.
            tracing::error!(%error, "a job's outcome cannot be stored");
        }
    }
}
