//! What a message says. Ids, times and reasons for everybody; what a visitor wrote, and the page they
//! were on, only for endpoints that asked for it.

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Map, Value, json};

use super::Kind;
use crate::domain::event::Event;
use crate::domain::ids::{ChatId, EndpointId, MessageId, Seq};
use crate::domain::time::Instant;
use crate::log::Entry;
use crate::store::StoreError;

/// A message as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Message {
    /// The same in every attempt and for every endpoint.
    pub id: MessageId,
    pub kind: Kind,
    /// When it happened, not when it is told.
    pub at: Instant,
    pub chat: Option<ChatId>,
    /// For everybody.
    pub data: Map<String, Value>,
    /// For those who asked for it.
    pub words: Map<String, Value>,
}

impl Message {
    /// What to tell of an event in a chat, if anything. `base` is where the console is.
    pub fn of(db: &Connection, entry: &Entry, base: &str) -> Result<Option<Self>, StoreError> {
        let Some(kind) = Kind::of(&entry.event) else { return Ok(None) };
        let mut data = object(json!({
            "chat": entry.chat,
            "seq": entry.seq,
            "link": format!("{base}/console/#chat={}", entry.chat),
        }));
        let mut words = Map::new();
        match &entry.event {
            Event::ChatStarted { site, page } => {
                data.insert("site".into(), json!(site));
                if let Some(page) = page {
                    words.insert("page".into(), json!(page));
                }
                let first = "seq > ?2 ORDER BY seq";
                words.extend(text(said(db, entry.chat, entry.seq, first)?));
            }
            Event::PersonWanted { reason } => {
                data.insert("reason".into(), json!(reason));
                let last = "seq < ?2 ORDER BY seq DESC";
                words.extend(text(said(db, entry.chat, entry.seq, last)?));
            }
            Event::StaffTook { staff, .. } | Event::Resolved { staff } => {
                data.insert("staff".into(), json!(staff));
            }
            Event::ContactLeft { contact, message, reply_by, .. } => {
                data.insert("reply_by".into(), json!(written(*reply_by)));
                words.insert("contact".into(), json!(contact));
                words.extend(text(Some(message.clone())));
            }
            Event::GapFound { question, answers } => {
                data.insert("question_seq".into(), json!(answers));
                words.extend(text(Some(question.clone())));
            }
            _ => {}
        }
        let id = MessageId::new();
        Ok(Some(Self { id, kind, at: entry.at, chat: Some(entry.chat), data, words }))
    }

    /// A ping.
    pub fn test(endpoint: EndpointId, now: Instant) -> Self {
        let (id, data) = (MessageId::new(), object(json!({ "endpoint": endpoint })));
        Self { id, kind: Kind::Test, at: now, chat: None, data, words: Map::new() }
    }

    /// Keeps it.
    pub fn store(&self, db: &Connection) -> Result<(), StoreError> {
        let words = (!self.words.is_empty()).then(|| Value::Object(self.words.clone()).to_string());
        db.prepare_cached(
            "INSERT INTO webhook_messages (id, kind, at, chat, data, words)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            self.id.as_bytes(),
            self.kind.name(),
            self.at.0,
            self.chat.as_ref().map(ChatId::as_bytes),
            Value::Object(self.data.clone()).to_string(),
            words,
        ])?;
        Ok(())
    }

    /// Its name for receivers.
    pub fn name(&self) -> String {
        named(self.id)
    }

    /// The body of a request, the same each time it is made.
    pub fn body(mut self, include_text: bool) -> Vec<u8> {
        if include_text {
            self.data.append(&mut self.words);
        }
        let body = json!({ "type": self.kind, "timestamp": written(self.at), "data": self.data });
        body.to_string().into_bytes()
    }
}

/// The name of a message for receivers.
pub(super) fn named(id: MessageId) -> String {
    format!("msg_{id}")
}

/// RFC 3339, UTC, to the millisecond.
fn written(at: Instant) -> String {
    jiff::Timestamp::from_millisecond(at.0).map_or_else(|_| String::new(), |at| format!("{at:.3}"))
}

fn text(words: Option<String>) -> Option<(String, Value)> {
    words.map(|words| ("text".to_string(), Value::String(words)))
}

/// What the visitor said just before or after a place in the chat.
fn said(
    db: &Connection,
    chat: ChatId,
    seq: Seq,
    which: &'static str,
) -> Result<Option<String>, StoreError> {
    let mut query = db.prepare_cached(&format!(
        "SELECT version, payload FROM events
         WHERE stream = ?1 AND kind = 'visitor_said' AND {which} LIMIT 1"
    ))?;
    let found = query
        .query_row(params![chat.as_bytes(), seq], |row| {
            Ok((row.get::<_, u32>(0)?, row.get::<_, Option<String>>(1)?))
        })
        .optional()?;
    let Some((version, payload)) = found else { return Ok(None) };
    match Event::upcast(version, payload.as_deref())? {
        Event::VisitorSaid { text, .. } => Ok(Some(text)),
        _ => Ok(None),
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
