//! "Nobody is there": said honestly when a person is wanted outside the hours, or when nobody takes the
//! chat in time. What is told is an event; the widget shows the contact form beside it.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::Presence;
use crate::answer::Answerer;
use crate::domain::chat::State;
use crate::domain::event::{Absence, Event};
use crate::domain::ids::{ChatId, Seq};
use crate::jobs::{self, Failure, Job, Jobs, NewJob};
use crate::log::subscriber::Projection;
use crate::log::{Append, AppendError, Entry, Expect, Log};
use crate::sites::Sites;
use crate::store::StoreError;

use std::sync::Arc;
use std::time::Duration;

/// The kind of job that looks whether anybody comes.
pub const KIND: &str = "absence";
/// What happened longer ago is not answered any more.
const FRESH: Duration = Duration::from_secs(15 * 60);

/// Notices in the log that a person is wanted.
pub struct Wishes {
    /// For its clock.
    pub jobs: Jobs,
}

#[derive(Serialize, Deserialize)]
struct Look {
    chat: ChatId,
    seq: Seq,
    /// They had their time to come.
    in_time: bool,
}

impl Projection for Wishes {
    const NAME: &'static str = "absence";

    fn apply(&self, db: &Connection, entry: &Entry) -> Result<(), StoreError> {
        let Event::PersonWanted { .. } = entry.event else { return Ok(()) };
        let now = self.jobs.now();
        if now.since(entry.at) > FRESH {
            return Ok(());
        }
        let look = Look { chat: entry.chat, seq: entry.seq, in_time: false };
        jobs::enqueue(db, &look.job(now)?, now)
    }
}

impl Look {
    fn job(&self, run_at: crate::domain::time::Instant) -> Result<NewJob, serde_json::Error> {
        let key = format!("{} {} {}", self.chat, self.seq, self.in_time);
        let payload = serde_json::to_value(self)?;
        Ok(NewJob { kind: KIND, key: Some(key), payload, run_at })
    }
}

/// Who looks whether anybody comes, and tells the visitor.
#[derive(Clone)]
pub struct Doorkeeper {
    /// The chats.
    pub log: Log,
    /// The hours.
    pub sites: Sites,
    /// The shop.
    pub answerer: Arc<Answerer>,
    /// Who is at the console.
    pub presence: Presence,
    /// To look again later.
    pub jobs: Jobs,
}

impl Doorkeeper {
    /// Tells the visitor that nobody comes, if so; looks again when a colleague has had time to.
    pub async fn look(self, job: Job) -> Result<(), Failure> {
        let look: Look =
            serde_json::from_value(job.payload).map_err(|e| Failure::Never(e.to_string()))?;
        let chat = self.log.chat(look.chat).await.map_err(later)?;
        let Some(chat) = chat.filter(|c| c.head.state == State::Queued && !c.absence_told) else {
            return Ok(());
        };
        let Some(key) = chat.site else { return Ok(()) };
        let site = self.sites.site(&key, self.answerer.shop());
        let now = self.jobs.now();
        let why = match (site.hours().open_at(now) || self.presence.anybody(), look.in_time) {
            (false, _) => Absence::Closed,
            (true, true) => Absence::NobodyFree,
            (true, false) => {
                let again = Look { in_time: true, ..look };
                let again = again.job(now.plus(site.accept_within()));
                let again = again.map_err(|e| Failure::Never(e.to_string()))?;
                return self.jobs.enqueue(again).await.map_err(later);
            }
        };
        let told = Append {
            chat: look.chat,
            expect: Expect::Epoch(chat.head.epoch),
            client_id: None,
            events: vec![Event::NobodyThere { why, text: site.nobody_there(why, now) }],
            jobs: Vec::new(),
            at: now,
        };
        match self.log.append(told).await {
            // Somebody came after all.
            Ok(_) | Err(AppendError::Conflict(_) | AppendError::NoSuchChat) => Ok(()),
            Err(AppendError::Store(error)) => Err(later(error)),
        }
    }
}

fn later(error: StoreError) -> Failure {
    Failure::Later(error.to_string())
}
