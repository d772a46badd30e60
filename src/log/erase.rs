//! The one change of what was written: payloads are blanked. The envelopes stay, the head is folded
//! anew from what is left, and an [`Event::Erased`] at the end tells whoever follows the chat.

use rusqlite::{Connection, params};

use super::append::{head, insert_event, set_head};
use super::read::entries;
use super::{Entry, Log};
use crate::domain::chat::Chat;
use crate::domain::event::Event;
use crate::domain::ids::{ChatId, Seq};
use crate::domain::time::Instant;
use crate::store::StoreError;

/// What is to be erased of a chat: all that happened up to a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// The chat.
    pub chat: ChatId,
    /// Up to and with what happened then.
    pub through: Instant,
}

/// What was erased of a chat.
#[derive(Clone, Debug)]
pub struct Blanked {
    /// The chat.
    pub chat: ChatId,
    /// The events as they were.
    pub events: Vec<Entry>,
    /// An erasure up to this time would erase the same.
    pub through: Instant,
    /// Where the chat ends now.
    pub last_seq: Seq,
}

impl Log {
    /// Erases, all or nothing, and does `also` in the same write: it hears what was erased and takes
    /// it out of whatever was made of it. A chat in which nothing is left to erase is passed over.
    pub async fn erase<T: Send + 'static>(
        &self,
        erasures: Vec<Erasure>,
        now: Instant,
        also: impl FnOnce(&Connection, &[Blanked]) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (news, any_news) = (self.news.clone(), self.any_news.clone());
        let erase = move |db: &Connection| {
            let mut blanked = Vec::new();
            for erasure in erasures {
                blanked.extend(blank(db, erasure, now)?);
            }
            let done = also(db, &blanked)?;
            let ends: Vec<_> = blanked.iter().map(|chat| (chat.chat, chat.last_seq)).collect();
            Ok::<_, StoreError>((done, ends))
        };
        let settled = move |(_, ends): &(T, Vec<(ChatId, Seq)>)| {
            for (chat, seq) in ends {
                news.set(*chat, *seq);
                any_news.send_modify(|count| *count += 1);
            }
        };
        let (done, _): (T, _) = self.store.write(erase, settled).await?;
        Ok(done)
    }
}

fn blank(db: &Connection, erasure: Erasure, now: Instant) -> Result<Option<Blanked>, StoreError> {
    let Erasure { chat, through } = erasure;
    let Some(head) = head(db, chat)? else { return Ok(None) };
    let mut events = entries(db, chat, 0, usize::MAX)?;
    events.retain(|entry| entry.at <= through && entry.event != Event::Erased);
    let Some(newest) = events.iter().map(|entry| entry.at).max() else { return Ok(None) };
    for entry in &events {
        db.prepare_cached("UPDATE events SET payload = NULL WHERE stream = ?1 AND seq = ?2")?
            .execute(params![chat.as_bytes(), entry.seq])?;
        db.prepare_cached("DELETE FROM sent WHERE stream = ?1 AND seq = ?2")?
            .execute(params![chat.as_bytes(), entry.seq])?;
    }
    let last_seq = head.last_seq + 1;
    insert_event(db, (chat, now.max(newest)), &Event::Erased, last_seq)?;
    let left = entries(db, chat, 0, usize::MAX)?;
    set_head(db, chat, &Chat::fold(left.iter().map(|entry| &entry.event)).head)?;
    // Whoever has the key finds no chat by it any more, and nobody can tell whose it was.
    db.prepare_cached("UPDATE chats SET visitor = ?2 WHERE id = ?1")?
        .execute(params![chat.as_bytes(), rand::random::<[u8; 32]>()])?;
    Ok(Some(Blanked { chat, events, through: now.max(newest), last_seq }))
}
