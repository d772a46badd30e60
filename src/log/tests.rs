//! What the log promises, held against a real file.

use super::*;
use crate::domain::chat::Chat;
use crate::domain::event::HandoffReason;

fn open() -> (tempfile::TempDir, Log) {
    let folder = tempfile::tempdir().expect("temp dir");
    let log = Log::new(Store::open(folder.path()).expect("opens"));
    (folder, log)
}

fn said(client_id: &str) -> Event {
    let client_id = client_id.to_string().try_into().expect("valid");
    Event::VisitorSaid { client_id, text: "hello".into() }
}

fn append(chat: ChatId, expect: Expect, event: Event) -> Append {
    Append { chat, expect, client_id: None, events: vec![event], jobs: Vec::new(), at: Instant(1) }
}

fn new_chat() -> Expect {
    Expect::New { site: "demo".to_string().try_into().expect("valid"), visitor: [7; 32] }
}

#[tokio::test]
async fn the_same_client_id_twice_adds_one_event_and_gets_one_seq() {
    let (_folder, log) = open();
    let chat = ChatId::new();
    let client_id: ClientId = "m1".to_string().try_into().expect("valid");
    let mut first = append(chat, new_chat(), said("m1"));
    first.client_id = Some(client_id.clone());
    let one = log.append(first.clone()).await.expect("stored");
    first.expect = Expect::Exists;
    let two = log.append(first).await.expect("known");
    assert_eq!((one.seq, one.repeated), (1, false));
    assert_eq!((two.seq, two.repeated), (1, true));
    assert_eq!(log.read(chat, 0).await.expect("reads").len(), 1);
}

#[tokio::test]
async fn what_was_begun_before_a_takeover_is_refused_after_it() {
    let (_folder, log) = open();
    let chat = ChatId::new();
    let begun = log.append(append(chat, new_chat(), said("a"))).await.expect("stored").head;
    let took = Event::StaffTook { staff: UserId::new(), name: "Ana".into() };
    log.append(append(chat, Expect::Epoch(begun.epoch), took)).await.expect("stored");
    let late = append(chat, Expect::Epoch(begun.epoch), said("late"));
    assert!(matches!(log.append(late).await, Err(AppendError::Conflict(_))));
    assert_eq!(log.read(chat, 0).await.expect("reads").len(), 2);
}

#[tokio::test]
async fn of_two_takeovers_at_once_one_wins() {
    let (_folder, log) = open();
    let chat = ChatId::new();
    let head = log.append(append(chat, new_chat(), said("a"))).await.expect("stored").head;
    let take = |name: &str| {
        let event = Event::StaffTook { staff: UserId::new(), name: name.into() };
        log.append(append(chat, Expect::Epoch(head.epoch), event))
    };
    let (ana, ben) = tokio::join!(take("Ana"), take("Ben"));
    assert!(ana.is_ok() != ben.is_ok());
}

#[tokio::test]
async fn a_chat_awaits_the_bot_until_its_answer_and_survives_reopening() {
    let (folder, log) = open();
    let chat = ChatId::new();
    log.append(append(chat, new_chat(), said("a"))).await.expect("stored");
    drop(log);
    let log = Log::new(Store::open(folder.path()).expect("opens again"));
    assert_eq!(log.awaiting_bot().await.expect("reads"), [chat]);
    let reply = crate::domain::ids::ReplyId::new();
    let done = Event::ReplyDone { reply, answers: vec![1], timings_ms: Default::default() };
    log.append(append(chat, Expect::Exists, done)).await.expect("stored");
    assert!(log.awaiting_bot().await.expect("reads").is_empty());
}

#[tokio::test]
async fn the_stored_head_is_the_fold_of_the_events() {
    let (_folder, log) = open();
    let chat = ChatId::new();
    log.append(append(chat, new_chat(), said("a"))).await.expect("stored");
    let staff = UserId::new();
    for event in [
        Event::PersonWanted { reason: HandoffReason::VisitorAsked },
        Event::StaffTook { staff, name: "Ana".into() },
        said("b"),
        Event::HandedBack { staff },
        said("c"),
    ] {
        log.append(append(chat, Expect::Exists, event)).await.expect("stored");
        let entries = log.read(chat, 0).await.expect("reads");
        let folded = Chat::fold(entries.iter().map(|entry| &entry.event));
        assert_eq!(log.head(chat).await.expect("reads"), Some(folded.head));
    }
}

#[tokio::test]
async fn a_follower_wakes_after_the_commit() {
    let (_folder, log) = open();
    let chat = ChatId::new();
    let mut follower = log.follow(chat);
    log.append(append(chat, new_chat(), said("a"))).await.expect("stored");
    follower.changed().await;
}
