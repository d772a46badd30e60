//! The write side: compare the head, add the events, set the head. Runs inside the writer's
//! transaction; all checks come before the first change.

use rusqlite::{Connection, OptionalExtension, params};

use super::{Append, AppendError, Appended, Expect, VisitorHash};
use crate::audit;
use crate::domain::chat::{Head, State};
use crate::domain::event::{self, Event};
use crate::domain::ids::{ChatId, ClientId, Seq, SiteKey, UserId};
use crate::domain::time::Instant;
use crate::jobs;
use crate::store::StoreError;

/// See [`super::Log::append`].
pub fn append(db: &Connection, append: &Append) -> Result<Appended, AppendError> {
    let found = head(db, append.chat)?;
    if let (Some(head), Some(client_id)) = (found, &append.client_id)
        && let Some(seq) = sent_before(db, append.chat, client_id)?
    {
        return Ok(Appended { seq, head, repeated: true });
    }
    let before = match (&append.expect, found) {
        (Expect::New { .. }, None) => Head::default(),
        (Expect::New { .. }, Some(head)) => return Err(AppendError::Conflict(head)),
        (_, None) => return Err(AppendError::NoSuchChat),
        (expect, Some(head)) if holds(expect, &head) => head,
        (_, Some(head)) => return Err(AppendError::Conflict(head)),
    };
    let mut after = before;
    for event in &append.events {
        after = after.after(event);
        insert_event(db, (append.chat, append.at), event, after.last_seq)?;
        note_colleague(db, append, event)?;
    }
    if let Expect::New { site, visitor } = &append.expect {
        insert_chat(db, append.chat, site, visitor)?;
    }
    set_head(db, append.chat, &after)?;
    for job in &append.jobs {
        jobs::enqueue(db, job, append.at)?;
    }
    if let Some(client_id) = &append.client_id {
        db.prepare_cached("INSERT INTO sent (stream, client_id, seq) VALUES (?1, ?2, ?3)")?
            .execute(params![append.chat.as_bytes(), client_id.as_str(), after.last_seq])?;
    }
    Ok(Appended { seq: after.last_seq, head: after, repeated: false })
}

fn holds(expect: &Expect, head: &Head) -> bool {
    match expect {
        Expect::Exists => true,
        Expect::New { .. } => false,
        Expect::Epoch(epoch) => head.epoch == *epoch,
        Expect::LastSeq(seq) => head.last_seq == *seq,
        Expect::Owner(user) => head.owner == Some(*user),
    }
}

/// The head as it is, if there is such a chat.
pub fn head(db: &Connection, chat: ChatId) -> Result<Option<Head>, StoreError> {
    let mut query = db.prepare_cached(
        "SELECT state, owner, epoch, last_seq, visitor_seq, answered_seq FROM chats WHERE id = ?1",
    )?;
    let row = query
        .query_row([chat.as_bytes()], |row| {
            let head = Head {
                state: State::default(),
                owner: row.get::<_, Option<[u8; 16]>>(1)?.map(UserId::from_bytes),
                epoch: row.get(2)?,
                last_seq: row.get(3)?,
                visitor_seq: row.get(4)?,
                answered_seq: row.get(5)?,
            };
            Ok((row.get::<_, String>(0)?, head))
        })
        .optional()?;
    let Some((state, head)) = row else { return Ok(None) };
    let state = serde_json::from_value(serde_json::Value::String(state))?;
    Ok(Some(Head { state, ..head }))
}

fn sent_before(
    db: &Connection,
    chat: ChatId,
    client_id: &ClientId,
) -> Result<Option<Seq>, StoreError> {
    let mut query =
        db.prepare_cached("SELECT seq FROM sent WHERE stream = ?1 AND client_id = ?2")?;
    Ok(query
        .query_row(params![chat.as_bytes(), client_id.as_str()], |row| row.get(0))
        .optional()?)
}

pub(super) fn insert_event(
    db: &Connection,
    (chat, at): (ChatId, Instant),
    event: &Event,
    seq: Seq,
) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO events (stream, seq, kind, version, at, actor, audience, payload)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        chat.as_bytes(),
        seq,
        event.kind(),
        event::VERSION,
        at.0,
        event.actor().name(),
        event.audience().name(),
        serde_json::to_string(event)?,
    ])?;
    Ok(())
}

/// What a colleague does in a chat stands in the audit log too, which outlives the chat's words.
fn note_colleague(db: &Connection, append: &Append, event: &Event) -> Result<(), StoreError> {
    let (staff, action) = match event {
        Event::StaffTook { staff, .. } => (staff, "chat.take"),
        Event::StaffSaid { staff, .. } => (staff, "chat.say"),
        Event::HandedBack { staff } => (staff, "chat.hand_back"),
        Event::Resolved { staff } => (staff, "chat.resolve"),
        _ => return Ok(()),
    };
    let mut query = db.prepare_cached("SELECT name FROM users WHERE id = ?1")?;
    let name = query.query_row([staff.as_bytes()], |row| row.get(0)).optional()?;
    let name = name.unwrap_or_else(|| staff.to_string());
    audit::note(db, append.at, &name, action, &append.chat.to_string())
}

fn insert_chat(
    db: &Connection,
    chat: ChatId,
    site: &SiteKey,
    visitor: &VisitorHash,
) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO chats (id, site, visitor, state, epoch, last_seq, visitor_seq,
                            answered_seq, awaits_bot)
         VALUES (?1, ?2, ?3, 'bot', 0, 0, 0, 0, 0)",
    )?
    .execute(params![chat.as_bytes(), site.as_str(), visitor])?;
    Ok(())
}

pub(super) fn set_head(db: &Connection, chat: ChatId, head: &Head) -> Result<(), StoreError> {
    db.prepare_cached(
        "UPDATE chats SET state = ?2, owner = ?3, epoch = ?4, last_seq = ?5, visitor_seq = ?6,
                          answered_seq = ?7, awaits_bot = ?8 WHERE id = ?1",
    )?
    .execute(params![
        chat.as_bytes(),
        head.state.name(),
        head.owner.as_ref().map(UserId::as_bytes),
        head.epoch,
        head.last_seq,
        head.visitor_seq,
        head.answered_seq,
        head.awaits_bot(),
    ])?;
    Ok(())
}
