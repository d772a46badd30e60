//! The read side: entries of a chat from any seq, its fold, and the few questions asked across chats.

use rusqlite::{Connection, OptionalExtension, params};

use super::append::head;
use super::{Log, VisitorHash};
use crate::domain::chat::{Chat, Head};
use crate::domain::event::{Audience, Event};
use crate::domain::ids::{ChatId, Seq, SiteKey};
use crate::domain::time::Instant;
use crate::store::StoreError;

/// Entries read at once.
pub const PAGE: usize = 500;

/// An event with its envelope.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The chat it belongs to.
    pub chat: ChatId,
    /// Its place in the chat.
    pub seq: Seq,
    /// When it happened.
    pub at: Instant,
    /// Who may see it.
    pub audience: Audience,
    /// What happened.
    pub event: Event,
}

impl Log {
    /// Up to [`PAGE`] entries of a chat after `after`, oldest first.
    pub async fn read(&self, chat: ChatId, after: Seq) -> Result<Vec<Entry>, StoreError> {
        self.store.read(move |db| entries(db, chat, after, PAGE)).await
    }

    /// What was erased of a chat up to a seq: for those who may still show it.
    pub async fn erased(&self, chat: ChatId, through: Seq) -> Result<Vec<Entry>, StoreError> {
        let read = move |db: &Connection| entries(db, chat, 0, usize::MAX);
        let mut entries = self.store.read(read).await?;
        entries.retain(|entry| entry.seq <= through && entry.event == Event::Erased);
        Ok(entries)
    }

    /// The same together with the head at that moment, if there is such a chat.
    pub async fn read_with_head(
        &self,
        chat: ChatId,
        after: Seq,
    ) -> Result<(Vec<Entry>, Option<Head>), StoreError> {
        let both = move |db: &Connection| {
            let tx = db.unchecked_transaction()?;
            Ok((entries(&tx, chat, after, PAGE)?, head(&tx, chat)?))
        };
        self.store.read(both).await
    }

    /// The whole chat, folded, with the head it is compared by; `None` if there is none.
    pub async fn chat(&self, chat: ChatId) -> Result<Option<Chat>, StoreError> {
        let fold = move |db: &Connection| {
            let tx = db.unchecked_transaction()?;
            let Some(head) = head(&tx, chat)? else { return Ok(None) };
            let entries = entries(&tx, chat, 0, usize::MAX)?;
            Ok(Some(Chat { head, ..Chat::fold(entries.iter().map(|entry| &entry.event)) }))
        };
        self.store.read(fold).await
    }

    /// A chat's head, if there is such a chat.
    pub async fn head(&self, chat: ChatId) -> Result<Option<Head>, StoreError> {
        self.store.read(move |db| head(db, chat)).await
    }

    /// The chat of this visitor on this site.
    pub async fn chat_of(
        &self,
        site: &SiteKey,
        visitor: VisitorHash,
    ) -> Result<Option<ChatId>, StoreError> {
        let site = site.as_str().to_string();
        self.store
            .read(move |db| {
                let mut query =
                    db.prepare_cached("SELECT id FROM chats WHERE site = ?1 AND visitor = ?2")?;
                let id = query.query_row(params![site, visitor], |row| row.get(0)).optional()?;
                Ok(id.map(ChatId::from_bytes))
            })
            .await
    }

    /// Chats whose last message the bot has still to answer, longest waiting first.
    pub async fn awaiting_bot(&self) -> Result<Vec<ChatId>, StoreError> {
        self.store
            .read(|db| {
                let mut query =
                    db.prepare_cached("SELECT id FROM chats WHERE awaits_bot = 1 ORDER BY id")?;
                let ids = query.query_map([], |row| row.get(0).map(ChatId::from_bytes))?;
                Ok(ids.collect::<Result<_, _>>()?)
            })
            .await
    }
}

pub(super) fn entries(
    db: &Connection,
    chat: ChatId,
    after: Seq,
    limit: usize,
) -> Result<Vec<Entry>, StoreError> {
    let mut query = db.prepare_cached(
        "SELECT seq, version, at, audience, payload FROM events
         WHERE stream = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut rows = query.query(params![chat.as_bytes(), after, limit])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let payload: Option<String> = row.get(4)?;
        let audience: String = row.get(3)?;
        let seq = row.get(0)?;
        entries.push(Entry {
            chat,
            seq,
            at: Instant(row.get(2)?),
            audience: Audience::from_name(&audience),
            event: event(row.get(1)?, payload.as_deref(), chat, seq),
        });
    }
    Ok(entries)
}

/// What a row says. A damaged one counts as erased, aloud: the rest of its chat, and all other chats,
/// must not become unreadable with it.
pub fn event(version: u32, payload: Option<&str>, chat: ChatId, seq: Seq) -> Event {
    Event::upcast(version, payload).unwrap_or_else(|error| {
        tracing::error!(%error, %chat, seq, "an event is damaged and counts as erased; a backup has it");
        Event::Erased
    })
}
