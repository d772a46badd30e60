//! How long what kind of data is kept, and the daily work that lets go of the rest.
//!
//! A chat whose time is over is erased as if its visitor had asked for it, without a note in the
//! ledger: what an older backup brings back, the next day's work erases again.

mod rows;

use std::num::NonZeroU32;
use std::time::Duration;

use rusqlite::Connection;
use serde::Deserialize;

use crate::audit;
use crate::domain::time::Instant;
use crate::jobs::{Clock, Failure};
use crate::log::{Erasure, Log};
use crate::privacy::{Privacy, PrivacyError};
use crate::sites::{Sites, Version};
use crate::store::StoreError;

use rows::KeptSince;

/// The kind of job that lets go of what is over.
pub const KIND: &str = "retention";
/// When, by the shop's clock: while hardly anybody is awake.
pub const AT: jiff::civil::Time = jiff::civil::time(3, 40, 0, 0);
/// Chats that go in one write.
const CHATS: u32 = 20;
/// Rows that go in one write.
const ROWS: u32 = 500;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// For how many days each kind of data is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Retention {
    /// Chats, after the last thing that happened in them.
    pub chats_days: NonZeroU32,
    /// Lines of the audit log.
    pub audit_days: NonZeroU32,
    /// Questions without an answer, after they were last asked.
    pub gaps_days: NonZeroU32,
    /// That a job was done, so that it is not done twice.
    pub done_jobs_days: NonZeroU32,
    /// Jobs that failed for good.
    pub dead_jobs_days: NonZeroU32,
}

const fn days(days: u32) -> NonZeroU32 {
    NonZeroU32::new(days).expect("written as more than zero")
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            chats_days: days(365),
            audit_days: days(730),
            gaps_days: days(365),
            done_jobs_days: days(30),
            dead_jobs_days: days(90),
        }
    }
}

/// What went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gone {
    /// Chats that were erased.
    pub chats: usize,
    /// Rows of all other kinds that were deleted.
    pub rows: usize,
}

/// Who lets go.
#[derive(Clone)]
pub struct Keeper {
    /// The chats and the database.
    pub log: Log,
    /// How long what is kept.
    pub keep: Retention,
    /// Where chats are kept for longer or for less long.
    pub sites: Sites,
    /// What time it is.
    pub clock: Clock,
}

impl Keeper {
    /// The daily job.
    pub async fn run(self) -> Result<(), Failure> {
        let gone = self.let_go().await.map_err(|error| Failure::Later(error.to_string()))?;
        tracing::info!(chats = gone.chats, rows = gone.rows, "what was over is gone");
        Ok(())
    }

    /// Lets go of everything whose time is over, in small writes that others find room between.
    pub async fn let_go(&self) -> Result<Gone, PrivacyError> {
        let privacy = Privacy::new(self.log.clone());
        let now = self.clock.now();
        let mut gone = Gone::default();
        loop {
            let over = self.chats_over(now).await?;
            if over.is_empty() {
                break;
            }
            gone.chats += privacy.expire(over, now).await?.chats.len();
        }
        for kind in rows::KINDS {
            let before = kind.keep.map_or(now, |keep| before(now, keep(&self.keep)));
            loop {
                let delete = move |db: &Connection| kind.delete(db, before, ROWS);
                let went = self.log.store().write(delete, |_| {}).await?;
                gone.rows += went;
                if went < ROWS as usize {
                    break;
                }
            }
        }
        if gone.chats > 0 {
            let object = gone.chats.to_string();
            let note =
                move |db: &Connection| audit::note(db, now, "retention", "chats.expire", &object);
            self.log.store().write(note, |()| {}).await?;
        }
        privacy.scrub().await?;
        Ok(gone)
    }

    async fn chats_over(&self, now: Instant) -> Result<Vec<Erasure>, StoreError> {
        let of_site = |version: &Version| {
            let days = NonZeroU32::new(u32::from(version.settings.keep_chats_days?))?;
            Some((version.site.as_str().to_string(), before(now, days)))
        };
        let since = KeptSince {
            all: before(now, self.keep.chats_days),
            at_site: self.sites.all().values().filter_map(of_site).collect(),
        };
        let read = move |db: &Connection| rows::chats_over(db, &since, CHATS);
        self.log.store().read(read).await
    }
}

/// What is older than this was kept for so many days.
fn before(now: Instant, keep: NonZeroU32) -> Instant {
    let span = i64::try_from((DAY * keep.get()).as_millis()).unwrap_or(i64::MAX);
    Instant(now.0.saturating_sub(span))
}

#[cfg(test)]
mod tests;
