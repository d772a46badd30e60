//! The staff's queue: who waits, why, where they stand, and what a colleague hears of a chat.

use floorwalker::domain::chat::State;
use floorwalker::domain::event::{Event, HandoffReason};
use floorwalker::protocol::{Composer, StaffHears, StaffSays, VisitorHears, What};

use crate::harness::{Colleague, PRICE, Server, Visitor, close_code};

/// The next place in the queue that the visitor is told.
async fn place(visitor: &mut Visitor) -> u32 {
    let told = |frame: &VisitorHears| match frame {
        VisitorHears::Signal { place, .. } => *place,
        _ => None,
    };
    visitor.until("a place in the queue", told).await
}

#[tokio::test]
async fn who_asks_for_a_person_stands_in_the_queue_with_reasons_that_add_up() {
    let server = Server::open().await;
    let ana = Colleague::enter(&server, "ana").await;
    let mut desk = ana.desk(&server).await;
    for (by_button, reason) in
        [(true, HandoffReason::VisitorAsked), (false, HandoffReason::AskedInWords)]
    {
        let mut visitor = Visitor::arrive(&server).await;
        let asked = visitor.say(PRICE.0).await;
        visitor.reply_to(asked).await;
        visitor.say("You can write to me at kim@example.org").await;
        if by_button {
            visitor.ask_person().await;
        } else {
            visitor.say("Can I talk to a person please?").await;
        }
        let queued = |seen: &floorwalker::protocol::Seen| match seen.what {
            What::Queued { reason } => Some(reason),
            _ => None,
        };
        assert_eq!(visitor.until_event("the queue", queued).await, reason);
        let chat = server.folder.chat_of(&visitor.key);
        let row = desk.row(chat, |row| row.state == State::Queued).await;
        assert_eq!(row.reason, Some(reason));
        assert_eq!(row.score, row.reasons.iter().map(|point| point.points).sum::<i32>());
        let why: Vec<&str> = row.reasons.iter().map(|point| point.reason.as_str()).collect();
        for expected in
            ["asked for a person", "left a way to reach them", "is looking at a product"]
        {
            assert!(why.contains(&expected), "{expected} is missing in {why:?}");
        }
        assert!(!row.preview.is_empty());
        let listed = ana.queue().await;
        assert!(
            listed.iter().any(|other| other.chat == chat),
            "the page lists what the socket tells"
        );
    }
}

#[tokio::test]
async fn a_waiting_visitor_knows_their_place_and_moves_up() {
    let server = Server::open().await;
    let ana = Colleague::enter(&server, "ana").await;
    let mut first = Visitor::arrive(&server).await;
    first.ask_person().await;
    assert_eq!(place(&mut first).await, 1);
    let mut second = Visitor::arrive(&server).await;
    second.ask_person().await;
    while place(&mut second).await != 2 {}
    assert_eq!(ana.take(server.folder.chat_of(&first.key)).await.status, 200);
    while place(&mut second).await != 1 {}
}

#[tokio::test]
async fn who_is_worth_more_stands_first_and_a_taken_chat_leaves_the_queue() {
    let server = Server::open().await;
    let ana = Colleague::enter(&server, "ana").await;
    let mut desk = ana.desk(&server).await;
    let mut curious = Visitor::arrive(&server).await;
    curious.ask_person().await;
    let mut buyer = Visitor::arrive(&server).await;
    buyer.say("Please call me back: +353 1 234 5678").await;
    buyer.ask_person().await;
    let (curious, buyer) = (server.folder.chat_of(&curious.key), server.folder.chat_of(&buyer.key));
    let both_wait = |frame: &StaffHears| match frame {
        StaffHears::Queue { rows } => {
            let waiting = rows.iter().filter(|row| row.state == State::Queued);
            let waiting: Vec<_> = waiting.map(|row| row.chat).collect();
            (waiting.len() == 2).then_some(waiting)
        }
        _ => None,
    };
    assert_eq!(desk.until("both in the queue", both_wait).await, [buyer, curious]);
    assert_eq!(ana.take(buyer).await.status, 200);
    let row = desk.row(buyer, |row| row.state == State::Open).await;
    assert_eq!(row.owner.as_deref(), Some("ana"));
}

#[tokio::test]
async fn a_colleague_follows_a_chat_with_everything_that_the_bot_thought() {
    let server = Server::open().await;
    let ana = Colleague::enter(&server, "ana").await;
    let mut visitor = Visitor::arrive(&server).await;
    let asked = visitor.say(PRICE.0).await;
    visitor.reply_to(asked).await;
    let chat = server.folder.chat_of(&visitor.key);
    let mut desk = ana.desk(&server).await;
    desk.watch(chat, 0).await;
    let last = server.folder.entries(chat).last().expect("a chat").seq;
    let synced = |frame: &StaffHears| match frame {
        StaffHears::Synced { through_seq, .. } if *through_seq >= last => Some(()),
        _ => None,
    };
    desk.until("everything so far", synced).await;
    let heard: Vec<Event> = desk
        .heard
        .iter()
        .filter_map(|frame| match frame {
            StaffHears::Event { event, .. } => Some(event.clone()),
            _ => None,
        })
        .map(|event| serde_json::from_value(event).expect("an event of the log"))
        .collect();
    let of_log: Vec<Event> =
        server.folder.entries(chat).into_iter().map(|entry| entry.event).collect();
    assert_eq!(heard, of_log);
    assert!(heard.iter().any(|event| matches!(event, Event::ReplyPlanned { .. })));
}

#[tokio::test]
async fn the_visitor_sees_the_colleague_compose_and_read_their_words() {
    let server = Server::open().await;
    let ana = Colleague::enter(&server, "ana").await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.ask_person().await;
    let chat = server.folder.chat_of(&visitor.key);
    assert_eq!(ana.take(chat).await.status, 200);
    let mut desk = ana.desk(&server).await;
    desk.watch(chat, 0).await;
    desk.send(&StaffSays::Composing).await;
    let staff_composes = |frame: &VisitorHears| match frame {
        VisitorHears::Signal { composing: Some(Composer::Staff), .. } => Some(()),
        _ => None,
    };
    visitor.until("the colleague composing", staff_composes).await;
    assert_eq!(ana.say(chat, "Hello, this is Ana.").await.status, 200);
    let words = |seen: &floorwalker::protocol::Seen| match &seen.what {
        What::StaffSaid { name, text } => Some((name.clone(), text.clone())),
        _ => None,
    };
    let said = visitor.until_event("the colleague's words", words).await;
    assert_eq!(said, ("ana".to_string(), "Hello, this is Ana.".to_string()));
}

#[tokio::test]
async fn a_colleagues_message_sent_again_is_said_once() {
    let server = Server::open().await;
    let ana = Colleague::enter(&server, "ana").await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.ask_person().await;
    let chat = server.folder.chat_of(&visitor.key);
    assert_eq!(ana.take(chat).await.status, 200);
    let body = serde_json::json!({ "client_id": "once", "text": "Only once." });
    let path = format!("/api/staff/chats/{chat}/say");
    let (first, again) =
        (ana.post(&path, Some(body.clone())).await, ana.post(&path, Some(body)).await);
    assert_eq!((first.status, again.status), (200, 200));
    assert_eq!(first.json()["seq"], again.json()["seq"]);
    let words = |entry: &&floorwalker::log::Entry| matches!(entry.event, Event::StaffSaid { .. });
    assert_eq!(server.folder.entries(chat).iter().filter(words).count(), 1);
}

#[tokio::test]
async fn who_signs_out_hears_no_more() {
    let server = Server::open().await;
    let ana = Colleague::enter(&server, "ana").await;
    let mut desk = ana.desk(&server).await;
    assert_eq!(ana.post("/api/auth/sign-out", None).await.status, 204);
    desk.until("the end of the session", |frame| {
        matches!(frame, StaffHears::SignedOut).then_some(())
    })
    .await;
    assert_eq!(close_code(desk.socket()).await, 4401);
    assert_eq!(ana.get("/api/staff/queue").await.status, 401);
}
