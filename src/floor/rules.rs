//! How an event changes a chat's row in the queue, and where rows stand. Pure.

use crate::domain::chat::State;
use crate::domain::event::{Event, HandoffReason};
use crate::domain::ids::ChatId;
use crate::domain::time::Instant;
use crate::leads;
use crate::protocol::QueueRow;

/// Characters of a visitor's words that a row shows.
const PREVIEW: usize = 120;

/// The row of a chat of which nothing is known yet.
pub fn empty(chat: ChatId, at: Instant) -> QueueRow {
    QueueRow {
        chat,
        state: State::Bot,
        owner: None,
        reason: None,
        since: at,
        score: 0,
        reasons: Vec::new(),
        preview: String::new(),
        page: None,
        contact: None,
        reply_by: None,
    }
}

/// The row after one more event.
pub fn after(mut row: QueueRow, at: Instant, event: &Event) -> QueueRow {
    leads::rules::add(&mut row.reasons, event);
    row.score = row.reasons.iter().map(|point| point.points).sum();
    match event {
        Event::ChatStarted { page, .. } => row.page.clone_from(page),
        Event::VisitorSaid { text, .. } => {
            row.preview = text.chars().take(PREVIEW).collect();
            if row.state == State::Resolved {
                row.state = State::Bot;
            }
            if row.state != State::Queued {
                row.since = at;
            }
        }
        Event::PersonWanted { reason } => wanted(&mut row, *reason, at),
        Event::ContactLeft { contact, message, reply_by, .. } => {
            wanted(&mut row, HandoffReason::LeftContact, at);
            row.contact = Some(contact.clone());
            row.reply_by = Some(*reply_by);
            if !message.is_empty() {
                row.preview = message.chars().take(PREVIEW).collect();
            }
        }
        Event::StaffTook { name, .. } => {
            row.state = State::Open;
            row.owner = Some(name.clone());
            row.since = at;
        }
        Event::HandedBack { .. } => leave(&mut row, State::Bot, at),
        Event::Resolved { .. } => leave(&mut row, State::Resolved, at),
        _ => {}
    }
    row
}

fn wanted(row: &mut QueueRow, reason: HandoffReason, at: Instant) {
    row.reason = Some(reason);
    if matches!(row.state, State::Bot | State::Resolved) {
        row.state = State::Queued;
        row.since = at;
    }
}

fn leave(row: &mut QueueRow, state: State, at: Instant) {
    row.state = state;
    row.owner = None;
    row.reason = None;
    row.reply_by = None;
    row.since = at;
}

/// Which part of the list a row stands in: who waits, who is served, the rest.
pub fn rank(state: State) -> i64 {
    match state {
        State::Queued => 0,
        State::Open => 1,
        State::Bot => 2,
        State::Resolved => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::UserId;

    #[test]
    fn waiting_time_counts_from_the_wish_and_not_from_the_last_word() {
        let wanted = Event::PersonWanted { reason: HandoffReason::VisitorAsked };
        let said = Event::VisitorSaid {
            client_id: "a".to_string().try_into().expect("valid"),
            text: "hello?".into(),
        };
        let row = after(empty(ChatId::new(), Instant(1)), Instant(5), &wanted);
        let row = after(row, Instant(9), &said);
        assert_eq!((row.state, row.since, row.score), (State::Queued, Instant(5), 30));
    }

    #[test]
    fn a_resolved_chat_forgets_its_owner_and_reason() {
        let staff = UserId::new();
        let took = Event::StaffTook { staff, name: "Ana".into() };
        let row = after(empty(ChatId::new(), Instant(1)), Instant(2), &took);
        assert_eq!(row.owner.as_deref(), Some("Ana"));
        let row = after(row, Instant(3), &Event::Resolved { staff });
        assert_eq!((row.owner, row.reason, row.state), (None, None, State::Resolved));
    }
}
