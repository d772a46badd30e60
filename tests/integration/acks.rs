//! What is acknowledged is on disk, once, as it was written.

use floorwalker::domain::event::{Event, MAX_TEXT};
use floorwalker::domain::ids::Seq;
use floorwalker::protocol::{ErrorCode, VisitorHears, VisitorSays, What};

use crate::harness::{PRICE, Server, Visitor, client_id};

/// How often a message with this name was said, as the visitor's whole history tells it.
fn said(visitor: &Visitor, name: &floorwalker::domain::ids::ClientId) -> Vec<Seq> {
    let own = |seen: &floorwalker::protocol::Seen| match &seen.what {
        What::Said { client_id, .. } if client_id == name => Some(seen.seq),
        _ => None,
    };
    visitor.events().iter().filter_map(own).collect()
}

#[tokio::test]
async fn there_is_no_ack_while_the_disk_cannot_take_the_message() {
    let server = Server::open().await;
    let mut visitor = Visitor::arrive(&server).await;
    let rival = server.folder.rival();
    rival.execute_batch("BEGIN IMMEDIATE").expect("nobody is writing");
    let name = client_id();
    let text = PRICE.0.to_string();
    visitor.send(&VisitorSays::Say { client_id: name.clone(), text }).await;
    visitor.hears_nothing().await;
    rival.execute_batch("ROLLBACK").expect("was begun");
    let seq = visitor.acknowledged(&name).await;
    visitor.reply_to(seq).await;
}

#[tokio::test]
async fn at_the_moment_of_the_ack_another_process_can_read_the_message() {
    let server = Server::open().await;
    let mut visitor = Visitor::arrive(&server).await;
    for text in ["Hello!", PRICE.0, "Thank you!"] {
        let name = client_id();
        let seq = visitor.say_as(&name, text).await;
        let chat = server.folder.chat_of(&visitor.key);
        let stored = server.folder.entries(chat).into_iter().find(|entry| entry.seq == seq);
        let expected = Event::VisitorSaid { client_id: name, text: text.into() };
        assert_eq!(stored.map(|entry| entry.event), Some(expected));
    }
}

#[tokio::test]
async fn a_message_sent_again_gets_the_same_place_and_is_said_once() {
    let mut server = Server::open().await;
    let mut visitor = Visitor::arrive(&server).await;
    let name = client_id();
    let first = visitor.say_as(&name, PRICE.0).await;
    visitor.reply_to(first).await;
    assert_eq!(visitor.say_as(&name, PRICE.0).await, first, "on the same socket");

    let mut other_tab = Visitor::again(&server, &visitor.key, 0).await;
    assert_eq!(other_tab.say_as(&name, PRICE.0).await, first, "on another socket");

    server.restart().await;
    let mut later = Visitor::again(&server, &visitor.key, 0).await;
    assert_eq!(later.say_as(&name, PRICE.0).await, first, "after a restart");

    // What follows a new message would follow a repeated one too, so nothing is still to come.
    let last = later.say("Thanks!").await;
    later.reply_to(last).await;
    assert_eq!(said(&later, &name), [first]);
    let replies = later.events().into_iter().filter(|seen| matches!(seen.what, What::Reply(_)));
    assert_eq!(replies.count(), 2);
}

#[tokio::test]
async fn the_first_messages_of_two_tabs_make_one_chat() {
    let server = Server::open().await;
    let mut one = Visitor::arrive(&server).await;
    let mut two = Visitor::again(&server, &one.key, 0).await;
    let (first, second) = tokio::join!(one.say("Hello!"), two.say(PRICE.0));
    assert_ne!(first, second);
    let chat = server.folder.chat_of(&one.key);
    let started = |event: &Event| matches!(event, Event::ChatStarted { .. });
    let entries = server.folder.entries(chat);
    assert_eq!(entries.iter().filter(|entry| started(&entry.event)).count(), 1);
    assert!(started(&entries[0].event));
}

#[tokio::test]
async fn a_text_comes_back_byte_for_byte() {
    let server = Server::open().await;
    let mut visitor = Visitor::arrive(&server).await;
    let longest = "ü".repeat(MAX_TEXT / 2);
    let texts = [
        "👩‍👩‍👧‍👦 🏕️ 🇮🇪 e\u{301} is not é",
        "\u{202b}كم سعر الخيمة؟\u{202c} (Ridge 2)",
        "two\nlines\tand \\ \" ' <b>&amp;</b> \u{0} \u{7f} \u{feff}x",
        &longest,
    ];
    for text in texts {
        let name = client_id();
        let seq = visitor.say_as(&name, text).await;
        let shown = visitor
            .until_event("one's own words", |seen| match &seen.what {
                What::Said { client_id, text } if *client_id == name => {
                    Some((seen.seq, text.clone()))
                }
                _ => None,
            })
            .await;
        assert_eq!(shown, (seq, text.to_string()));
    }
}

#[tokio::test]
async fn what_is_too_long_or_empty_is_refused_by_name_and_not_stored() {
    let server = Server::open().await;
    let mut visitor = Visitor::arrive(&server).await;
    assert_eq!(visitor.refused(&"x".repeat(MAX_TEXT + 1)).await, ErrorCode::TooLong);
    assert_eq!(visitor.refused(" \n ").await, ErrorCode::Empty);
    visitor.send_text("{\"type\":\"say\"}".into()).await;
    let refused = |frame: &VisitorHears| match frame {
        VisitorHears::Error { code, client_id, .. } => Some((*code, client_id.clone())),
        _ => None,
    };
    assert_eq!(visitor.until("a refusal", refused).await, (ErrorCode::BadFrame, None));
    let only = visitor.say("Hello!").await;
    assert_eq!(only, 2, "only the beginning of the chat stands before it");
}
