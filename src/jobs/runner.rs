//! Who does the jobs: claims what is due, runs it, notes the outcome, sleeps until the next is due.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use super::table;
use super::{Failure, Handlers, Job, Jobs};
use crate::domain::time::Instant;
use crate::shutdown::Shutdown;

/// Jobs under way at once.
const AT_ONCE: usize = 4;
/// Looks at the table at least this often, whatever the clock of the machine does.
const LOOK: Duration = Duration::from_secs(30);
/// Done jobs are remembered this long, so that their keys stop repetitions.
const REMEMBER: Duration = Duration::from_secs(30 * 24 * 60 * 60);

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

impl Jobs {
    /// Does jobs until told to stop, then finishes those under way.
    pub async fn run(self, handlers: Handlers, shutdown: Shutdown) {
        let handlers = Arc::new(handlers);
        let mut under_way: JoinSet<i64> = JoinSet::new();
        let mut ids = Vec::new();
        let mut news = self.news.subscribe();
        let mut stop = shutdown.clone();
        loop {
            news.mark_unchanged();
            let free = AT_ONCE - under_way.len();
            let now = self.clock.now();
            self.follow_the_clock(now).await;
            let mut due = if free > 0 { self.next_due(&ids, now).await } else { now.plus(LOOK) };
            // Only what is due is worth a write.
            if due <= now {
                for job in self.claim(free, &ids, now).await {
                    ids.push(job.id);
                    under_way.spawn(self.clone().attempt(handlers.clone(), job));
                }
                due = now.plus(LOOK);
                if under_way.len() < AT_ONCE {
                    due = self.next_due(&ids, now).await;
                }
            }
            tokio::select! {
                () = stop.requested() => break,
                _ = news.changed() => {}
                Some(ended) = under_way.join_next() => match ended {
                    Ok(id) => ids.retain(|under_way| *under_way != id),
                    Err(error) => tracing::error!(%error, "a job's outcome was lost"),
                },
                () = self.clock.reaches(due.max(now.plus(Duration::from_millis(1)))) => {}
            }
        }
        while under_way.join_next().await.is_some() {}
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

    async fn claim(&self, most: usize, under_way: &[i64], now: Instant) -> Vec<Job> {
        let under_way = under_way.to_vec();
        let claim = move |db: &rusqlite::Connection| table::claim(db, most, &under_way, now);
        let claimed = self.store.write(claim, |_| {}).await;
        claimed.unwrap_or_else(|error| {
            tracing::error!(%error, "jobs cannot be claimed");
            Vec::new()
        })
    }

    /// When something is to be done next, or the next look at the table.
    async fn next_due(&self, under_way: &[i64], now: Instant) -> Instant {
        let look = now.plus(LOOK);
        let under_way = under_way.to_vec();
        match self.store.read(move |db| table::next_due(db, &under_way)).await {
            Ok(due) => due.map_or(look, |due| due.min(look)),
            Err(error) => {
                tracing::error!(%error, "jobs cannot be read");
                look
            }
        }
    }

    /// Does one job and notes how that ended; returns its number.
    async fn attempt(self, handlers: Arc<Handlers>, job: Job) -> i64 {
        let id = job.id;
        let outcome = match handlers.0.get(job.kind.as_str()) {
            Some(handler) => {
                // A panic is a failure of this job and of nothing else.
                let doing = tokio::time::timeout(table::LEASE / 2, handler(job.clone()));
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
        let settle = move |db: &rusqlite::Connection| {
            table::settle(db, &job, &outcome, now, rand::random())?;
            let before = Instant(now.0.saturating_sub(REMEMBER.as_millis() as i64));
            table::forget_done(db, before)
        };
        if let Err(error) = self.store.write(settle, |()| {}).await {
            // The lease runs out and it is tried again.
            tracing::error!(%error, "a job's outcome cannot be stored");
        }
        id
    }
}
