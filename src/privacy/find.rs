//! Which chats are somebody's.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::address::addresses;
use super::{Privacy, Who};
use crate::domain::event::Event;
use crate::domain::ids::ChatId;
use crate::domain::time::Instant;
use crate::store::StoreError;

/// A chat that was found, without any of its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The chat.
    pub chat: ChatId,
    /// The site it was held on.
    pub site: String,
    /// When it began.
    pub first_at: Instant,
    /// When something happened in it last.
    pub last_at: Instant,
    /// How much of it is still there.
    pub events: u64,
    /// How many of these the visitor wrote.
    pub messages: u64,
}

impl Privacy {
    /// Somebody's chats in which there is something left, oldest first.
    pub async fn find(&self, who: &Who) -> Result<Vec<Found>, StoreError> {
        let who = who.clone();
        self.log
            .store()
            .read(move |db| {
                let chats = match &who {
                    Who::Chat(chat) => vec![*chat],
                    Who::Address(address) => writing(db, &address.as_str().to_lowercase())?,
                };
                let mut found = Vec::new();
                for chat in chats {
                    found.extend(left(db, chat)?);
                }
                found.sort_by_key(|found| (found.first_at, found.chat));
                Ok(found)
            })
            .await
    }
}

/// Chats in which this address was written, by whomever.
fn writing(db: &Connection, address: &str) -> Result<Vec<ChatId>, StoreError> {
    // The domain may be written in its own script; what stands before it may not.
    let user = address.split_once('@').map_or(address, |(user, _)| user);
    let mut query = db.prepare_cached(
        "SELECT stream, payload FROM events
         WHERE kind IN ('visitor_said', 'staff_said', 'contact_left', 'transcript_wanted')
           AND instr(lower(payload), ?1 || '@')",
    )?;
    let mut rows = query.query([user])?;
    let mut chats = Vec::new();
    while let Some(row) = rows.next()? {
        let chat = ChatId::from_bytes(row.get(0)?);
        let event: Event = serde_json::from_str(&row.get::<_, String>(1)?)?;
        let mut written = event.writings().into_iter().flat_map(addresses);
        if !chats.contains(&chat) && written.any(|found| found == address) {
            chats.push(chat);
        }
    }
    Ok(chats)
}

fn left(db: &Connection, chat: ChatId) -> Result<Option<Found>, StoreError> {
    let mut query = db.prepare_cached(
        "SELECT chats.site, MIN(events.at), MAX(events.at), COUNT(*), SUM(kind = 'visitor_said')
         FROM chats JOIN events ON events.stream = chats.id
         WHERE chats.id = ?1 AND events.payload IS NOT NULL AND events.kind != 'erased'
         GROUP BY chats.id",
    )?;
    let rows = query.query_map([chat.as_bytes()], |row| {
        Ok(Found {
            chat,
            site: row.get(0)?,
            first_at: Instant(row.get(1)?),
            last_at: Instant(row.get(2)?),
            events: row.get(3)?,
            messages: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<Result<Vec<_>, _>>()?.pop())
}
