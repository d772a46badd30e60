//! "Nobody is at the console and a visitor waits": noticed in the log, told by mail, once for each
//! time a person is wanted.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use crate::domain::chat::State;
use crate::domain::event::{Event, HandoffReason};
use crate::domain::ids::{ChatId, Seq};
use crate::domain::time::Instant;
use crate::floor::Presence;
use crate::jobs::{self, Failure, Job, Jobs, NewJob};
use crate::log::subscriber::Projection;
use crate::log::{Entry, Log};
use crate::mail::{Address, LeadWaiting, Link, Template};
use crate::post;
use crate::store::StoreError;

/// The kind of job that looks whether anybody is there.
pub const KIND: &str = "lead-alert";
/// What happened longer ago is not told any more, e.g. when alerts are first switched on.
const FRESH: std::time::Duration = std::time::Duration::from_secs(15 * 60);

/// Notices in the log that a person is wanted.
pub struct Alerts;

#[derive(Serialize, Deserialize)]
struct Wanted {
    chat: ChatId,
    seq: Seq,
    reason: HandoffReason,
}

impl Projection for Alerts {
    const NAME: &'static str = "alerts";

    fn apply(&self, db: &Connection, entry: &Entry) -> Result<(), StoreError> {
        let reason = match entry.event {
            Event::PersonWanted { reason } => reason,
            Event::ContactLeft { .. } => HandoffReason::LeftContact,
            _ => return Ok(()),
        };
        let now = Instant::now();
        if now.since(entry.at) > FRESH {
            return Ok(());
        }
        let wanted = Wanted { chat: entry.chat, seq: entry.seq, reason };
        let job = NewJob {
            kind: KIND,
            key: Some(format!("{} {}", entry.chat, entry.seq)),
            payload: serde_json::to_value(wanted)?,
            run_at: now,
        };
        jobs::enqueue(db, &job, now)?;
        Ok(())
    }
}

/// Who tells, and whom.
#[derive(Clone)]
pub struct Teller {
    /// The chats.
    pub log: Log,
    /// Who is at the console.
    pub presence: Presence,
    /// To write letters with.
    pub jobs: Jobs,
    /// Whom to tell.
    pub to: Vec<Address>,
    /// The shop's name.
    pub shop: String,
    /// The tag of the shop's language.
    pub language: String,
    /// Where the console is, without a slash at the end.
    pub base: String,
}

impl Teller {
    /// Writes the letters, if the chat still waits and nobody is there.
    pub async fn tell(self, job: Job) -> Result<(), Failure> {
        let later = |error: &dyn std::fmt::Display| Failure::Later(error.to_string());
        let wanted: Wanted =
            serde_json::from_value(job.payload).map_err(|e| Failure::Never(e.to_string()))?;
        let head = self.log.head(wanted.chat).await.map_err(|e| later(&e))?;
        let waits = head.is_some_and(|head| head.state == State::Queued);
        if !waits || self.presence.anybody() {
            return Ok(());
        }
        let link: Link = format!("{}/console/#chat={}", self.base, wanted.chat)
            .parse()
            .map_err(|_| Failure::Never("the server's address makes no link".into()))?;
        let now = Instant::now();
        for to in &self.to {
            let template = Template::LeadWaiting(LeadWaiting {
                shop: self.shop.clone(),
                reason: in_words(wanted.reason).into(),
                link: link.clone(),
            });
            // One letter to each for each time, however often this job runs.
            let key = format!("alert {} {} {}", wanted.chat, wanted.seq, to.as_str());
            let letter = post::letter(to.clone(), template, &self.language, Some(key), now);
            self.jobs.enqueue(letter).await.map_err(|e| later(&e))?;
        }
        Ok(())
    }
}

fn in_words(reason: HandoffReason) -> &'static str {
    match reason {
        HandoffReason::VisitorAsked | HandoffReason::AskedInWords => "asked for a person",
        HandoffReason::Complaint => "is unhappy",
        HandoffReason::NeedsPerson => "asks what only a person can look into",
        HandoffReason::BotFailed => "did not get an answer",
        HandoffReason::BotPaused => "wrote while the bot is paused",
        HandoffReason::LeftContact => "left an address and waits for a reply",
    }
}
