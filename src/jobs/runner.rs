//! Who does the jobs: claims what is due, runs it, notes the outcome, sleeps until the next is due.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{Id, JoinSet};

use super::table::{self, Busy};
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

    /// Sets back a clock that is turned by hand.
    #[cfg(test)]
    pub fn set_back(&self, by: Duration) {
        if let Some(hand) = &self.0 {
            hand.send_modify(|now| *now = Instant(now.0 - by.as_millis() as i64));
        }
    }

    /// What it shows.
    pub fn now(&self) -> Instant {
        self.0.as_ref().map_or_else(Instant::now, |hand| *hand.borrow())
    }

    /// Waits until it shows `then`, though not much longer than [`LOOK`] on the machine's clock, or is
    /// set back.
    async fn reaches(&self, then: Instant) {
        match &self.0 {
            None => tokio::time::sleep(then.since(Instant::now()).min(LOOK)).await,
            Some(hand) => {
                let mut shown = hand.subscribe();
                let mut last = *shown.borrow();
                let there = |now: &Instant| {
                    let before = std::mem::replace(&mut last, *now);
                    *now >= then || *now < before
                };
                if shown.wait_for(there).await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        }
    }
}

/// Each job under way and its lane. Asked here and not of the table, where a server that died may have
/// left some running.
#[derive(Default)]
struct Places(HashMap<Id, (i64, String)>);

impl Places {
    /// How many more of the common lane may begin.
    fn free(&self) -> usize {
        let common = self.0.values().filter(|(_, lane)| lane == table::COMMON).count();
        AT_ONCE.saturating_sub(common)
    }

    /// What may not begin now: whatever is in a full lane, and the jobs themselves.
    fn busy(&self) -> Busy {
        let full = self.0.values().filter(|(_, lane)| lane != table::COMMON || self.free() == 0);
        Busy {
            lanes: full.map(|(_, lane)| lane.clone()).collect(),
            jobs: self.0.values().map(|(job, _)| *job).collect(),
        }
    }
}

impl Jobs {
    /// Does jobs until told to stop, then finishes those under way.
    pub async fn run(self, handlers: Handlers, shutdown: Shutdown) {
        self.begin_days(&handlers).await;
        let handlers = Arc::new(handlers);
        let mut under_way: JoinSet<()> = JoinSet::new();
        let mut places = Places::default();
        let mut news = self.news.subscribe();
        let mut stop = shutdown.clone();
        loop {
            news.mark_unchanged();
            let now = self.clock.now();
            self.follow_the_clock(now).await;
            let mut due = self.next_due(places.busy(), now).await;
            // Only what is due is worth a write.
            if due <= now {
                for job in self.claim(places.free(), places.busy(), now).await {
                    let place = (job.id, job.lane.clone());
                    let begun = under_way.spawn(self.clone().attempt(handlers.clone(), job));
                    places.0.insert(begun.id(), place);
                }
                due = self.next_due(places.busy(), now).await;
            }
            tokio::select! {
                () = stop.requested() => break,
                _ = news.changed() => {}
                Some(ended) = under_way.join_next_with_id() => {
                    places.0.remove(&ended.map_or_else(|error| error.id(), |(id, ())| id));
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

    /// When the machine's clock was set back, jobs written before must not wait for it to be there again.
    async fn follow_the_clock(&self, now: Instant) {
        let moved = match self.store.read(move |db| table::is_ahead(db, now)).await {
            Ok(true) => self.store.write(move |db| table::set_back(db, now), |()| {}).await,
            Ok(false) => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = moved {
            tracing::error!(%error, "jobs cannot be compared with the clock");
        }
    }

    async fn claim(&self, most: usize, busy: Busy, now: Instant) -> Vec<Job> {
        let claimed = self.store.write(move |db| table::claim(db, most, &busy, now), |_| {}).await;
        claimed.unwrap_or_else(|error| {
            tracing::error!(%error, "jobs cannot be claimed");
            Vec::new()
        })
    }

    /// When something is to be done next, or the next look at the table.
    async fn next_due(&self, busy: Busy, now: Instant) -> Instant {
        let look = now.plus(LOOK);
        match self.store.read(move |db| table::next_due(db, &busy)).await {
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
