//! All that is kept about a chat, in plain words, for whoever wrote it to read.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::address::addresses;
use super::{Found, Privacy, PrivacyError, Who};
use crate::audit;
use crate::domain::event::Event;
use crate::domain::ids::{ChatId, Seq};
use crate::domain::time::Instant;
use crate::log::Entry;
use crate::post::{self, Waiting};
use crate::protocol::{Point, QueueRow};
use crate::store::StoreError;

/// What is kept about somebody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Export {
    /// When it was put together, as in `2026-01-31T12:00:00Z`.
    pub made_at: String,
    /// What this file is.
    pub about: String,
    /// Each chat with all that belongs to it.
    pub chats: Vec<Kept>,
}

/// What is kept about one chat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// The chat.
    pub chat: ChatId,
    /// The site it was held on.
    pub site: String,
    /// Whose turn it is: `bot`, `queued`, `open`, `resolved`.
    pub state: String,
    /// Everything that happened, in order.
    pub events: Vec<Said>,
    /// What the shop makes of it: points and why.
    pub interest: Vec<Point>,
    /// Questions the shop could not answer.
    pub unanswered: Vec<String>,
    /// Letters that wait to be sent.
    pub letters: Vec<Waiting>,
    /// Who in the shop saw or did what with it.
    pub seen_by: Vec<audit::Line>,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Said {
    /// Its place in the chat.
    pub seq: Seq,
    /// When, as in `2026-01-31T12:00:00.000Z`.
    pub at: String,
    /// `visitor`, `bot`, or a colleague's name.
    pub by: String,
    /// What it was, as a phrase.
    pub what: String,
    /// The words, where there are some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The page the visitor was on, where it was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// The record as it is kept, with everything in it.
    pub record: Value,
}

const ABOUT: &str = "Everything this shop's chat keeps about these chats: what was said, when and by \
     whom, what the assistant made of it, and who in the shop has looked at it.";

impl Privacy {
    /// All that is kept about somebody. `by` is who asks, for the audit log.
    pub async fn export(&self, who: &Who, by: &str, now: Instant) -> Result<Export, PrivacyError> {
        let found = self.find(who).await?;
        let chats: Vec<ChatId> = found.iter().map(|found| found.chat).collect();
        let by = by.to_string();
        let note = move |db: &Connection| {
            for chat in &chats {
                audit::note(db, now, &by, "chat.export", &chat.to_string())?;
            }
            Ok::<_, StoreError>(())
        };
        self.log.store().write(note, |()| {}).await?;
        let mut kept = Vec::new();
        for found in found {
            kept.push(self.kept(found).await?);
        }
        Ok(Export { made_at: written(now), about: ABOUT.into(), chats: kept })
    }

    /// All that is kept about one chat.
    async fn kept(&self, found: Found) -> Result<Kept, StoreError> {
        let Found { chat, site, .. } = found;
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            let after = entries.last().map_or(0, |entry| entry.seq);
            let page = self.log.read(chat, after).await?;
            if page.is_empty() {
                break;
            }
            entries.extend(page);
        }
        let state = self.log.head(chat).await?.map(|head| head.state).unwrap_or_default();
        self.log
            .store()
            .read(move |db| {
                let mut written: BTreeSet<String> = BTreeSet::new();
                let mut unanswered = Vec::new();
                for entry in &entries {
                    match &entry.event {
                        Event::GapFound { question, .. } => unanswered.push(question.clone()),
                        Event::StaffSaid { .. } => {}
                        event => written.extend(event.writings().into_iter().flat_map(addresses)),
                    }
                }
                let mut letters = Vec::new();
                for address in &written {
                    letters.extend(post::waiting_for(db, address)?);
                }
                Ok(Kept {
                    chat,
                    site,
                    state: state.name().into(),
                    events: entries
                        .iter()
                        .map(|entry| said(db, entry))
                        .collect::<Result<_, _>>()?,
                    interest: interest(db, chat)?,
                    unanswered,
                    letters,
                    seen_by: audit::about(db, &chat.to_string())?,
                })
            })
            .await
    }
}

/// An instant as people read it.
pub(super) fn written(at: Instant) -> String {
    jiff::Timestamp::from_millisecond(at.0).map(|at| at.to_string()).unwrap_or_default()
}

fn interest(db: &Connection, chat: ChatId) -> Result<Vec<Point>, StoreError> {
    let row: Option<String> = db
        .query_row("SELECT row FROM inbox WHERE chat = ?1", [chat.as_bytes()], |row| row.get(0))
        .optional()?;
    let row: Option<QueueRow> = row.as_deref().map(serde_json::from_str).transpose()?;
    Ok(row.map(|row| row.reasons).unwrap_or_default())
}

fn said(db: &Connection, entry: &Entry) -> Result<Said, StoreError> {
    let (by, what, text) = match &entry.event {
        Event::ChatStarted { .. } => (None, "began the chat", None),
        Event::VisitorSaid { text, .. } => (None, "wrote", Some(text)),
        Event::ReplyPlanned { .. } => (None, "decided what to answer", None),
        Event::SentenceSaid { text, .. } => (None, "answered", Some(text)),
        Event::ReplyDone { .. } => (None, "finished the answer", None),
        Event::ReplyCut { .. } => (None, "broke the answer off", None),
        Event::PersonWanted { .. } => (None, "asked for a person", None),
        Event::NobodyThere { text, .. } => (None, "said that nobody is there", Some(text)),
        Event::ContactLeft { message, .. } => (None, "left an address", Some(message)),
        Event::TranscriptWanted { email, .. } => (None, "had the chat sent by mail", Some(email)),
        Event::StaffTook { name, .. } => (Some(name.clone()), "took the chat", None),
        Event::StaffSaid { name, text, .. } => (Some(name.clone()), "wrote", Some(text)),
        Event::HandedBack { staff } => {
            (name(db, staff.as_bytes())?, "gave the chat back to the assistant", None)
        }
        Event::Resolved { staff } => (name(db, staff.as_bytes())?, "closed the chat", None),
        Event::GapFound { question, .. } => {
            (None, "noted a question without an answer", Some(question))
        }
        Event::Erased => (None, "was erased", None),
    };
    let page = match &entry.event {
        Event::ChatStarted { page: Some(page), .. } => Some(format!("{} {}", page.title, page.url)),
        _ => None,
    };
    Ok(Said {
        seq: entry.seq,
        at: written(entry.at),
        by: by.unwrap_or_else(|| entry.event.actor().name().into()),
        what: what.into(),
        text: text.cloned(),
        page,
        record: serde_json::to_value(&entry.event)?,
    })
}

fn name(db: &Connection, user: &[u8; 16]) -> Result<Option<String>, StoreError> {
    let mut query = db.prepare_cached("SELECT name FROM users WHERE id = ?1")?;
    Ok(query.query_row(params![user], |row| row.get(0)).optional()?)
}
