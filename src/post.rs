//! Mail that must leave: a letter is a durable job, and the job sends it.
//!
//! The job's number names the message, so one that was sent twice, because the server died between
//! sending and noting it, carries the same Message-ID both times.

use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::domain::language::Language;
use crate::domain::time::Instant;
use crate::figures;
use crate::jobs::{Failure, Job, NewJob};
use crate::mail::{
    Address, ConfigError, Mail, MailConfig, SendError, Sender, Template, Timeouts, Transport,
};
use crate::store::StoreError;

/// The kind of job that sends a letter.
pub const KIND: &str = "mail";

/// Together shorter than a job may take.
const TIMEOUTS: Timeouts = Timeouts {
    connect: Duration::from_secs(20),
    command: Duration::from_secs(30),
    content: Duration::from_secs(90),
};

/// How mail leaves, if it does.
#[derive(Clone, Default)]
pub struct Post(Option<Arc<Way>>);

struct Way {
    transport: Transport,
    from: Sender,
}

/// A letter and to whom.
#[derive(Clone, Serialize, Deserialize)]
pub struct Letter {
    to: Address,
    language: String,
    written_at: Instant,
    #[serde(flatten)]
    template: Template,
}

impl Post {
    /// As the operator said; without a word from them no mail leaves.
    pub fn open(config: Option<&MailConfig>) -> Result<Self, ConfigError> {
        let Some(config) = config else { return Ok(Self(None)) };
        // Opening validates, so the sender is one.
        let transport = Transport::patient(config, TIMEOUTS)?;
        let Ok(from) = config.sender() else { return Ok(Self(None)) };
        Ok(Self(Some(Arc::new(Way { transport, from }))))
    }

    /// Can mail leave at all?
    pub fn is_open(&self) -> bool {
        self.0.is_some()
    }

    /// Sends the letter that a job holds.
    pub async fn send(self, job: Job) -> Result<(), Failure> {
        let letter = serde_json::from_value(job.payload);
        let letter = letter.map_err(|error| Failure::Never(error.to_string()))?;
        self.deliver(job.id, letter).await
    }

    /// Sends the letter of a job with this number.
    pub async fn deliver(&self, job: i64, letter: Letter) -> Result<(), Failure> {
        let Some(way) = &self.0 else {
            return Err(Failure::Later("no mail server is configured: see [mail]".into()));
        };
        let never = |error: &dyn std::fmt::Display| Failure::Never(error.to_string());
        let words = letter.template.letter(Language::of_tag(&letter.language));
        let key = format!("job-{job}");
        let mail = Mail::new(&key, &way.from, &letter.to, &words, letter.written_at)
            .map_err(|e| never(&e))?;
        let sent = way.transport.send(&mail).await;
        figures::mailed(sent.is_ok());
        sent.map_err(|error| match error {
            SendError::Later(why) => Failure::Later(why),
            SendError::Never(why) => Failure::Never(why),
        })
    }
}

impl Letter {
    /// A letter in the language of a tag.
    pub fn new(to: Address, template: Template, language: &str, written_at: Instant) -> Self {
        Self { to, language: language.into(), written_at, template }
    }
}

/// A letter as a job. Enqueued with a key it is written once.
pub fn letter(
    to: Address,
    template: Template,
    language: &str,
    key: Option<String>,
    now: Instant,
) -> NewJob {
    let letter = Letter::new(to, template, language, now);
    let payload: Value = serde_json::to_value(letter).unwrap_or_else(|_| json!(null));
    NewJob { kind: KIND, key, payload, run_at: now }
}

/// A letter that waits, or that could not be sent, as somebody it is to may read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// To whom.
    pub to: String,
    /// Which letter it is.
    pub letter: String,
    /// When it is or was to leave.
    pub at: Instant,
}

/// Letters to a visitor's address, and those that name a chat. What goes to colleagues under the same
/// address (an invitation, a new password, an alert) is theirs.
const OF_VISITOR: &str = "kind = 'mail' AND json_valid(payload)
     AND payload ->> '$.to' = ?1 COLLATE NOCASE
     AND payload ->> '$.template' NOT IN ('invitation', 'password_reset', 'lead_waiting')";

/// Letters that wait for a visitor's address.
pub fn waiting_for(db: &Connection, address: &str) -> Result<Vec<Waiting>, StoreError> {
    let sql = format!("SELECT payload ->> '$.template', run_at FROM jobs WHERE {OF_VISITOR}");
    let mut query = db.prepare(&sql)?;
    let rows = query.query_map([address], |row| {
        Ok(Waiting { to: address.into(), letter: row.get(0)?, at: Instant(row.get(1)?) })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Removes letters to a visitor's address. Returns how many went.
pub fn remove_to(db: &Connection, address: &str) -> Result<usize, StoreError> {
    Ok(db.execute(&format!("DELETE FROM jobs WHERE {OF_VISITOR}"), [address])?)
}
