//! What a visitor hears of a reply: every message answered once, whatever comes between.

use std::collections::HashSet;

use floorwalker::domain::event::{Audience, Event};
use floorwalker::domain::ids::{ReplyId, Seq};
use floorwalker::domain::reply::Decision;
use floorwalker::protocol::{Seen, VisitorHears, What};

use crate::harness::{
    FOUR_PRICES, Folder, PRICE, Server, Visitor, all_hear, client_id, limits, plan, planned,
    sentence,
};

/// A folder with a chat in which the visitor asked for a person and nothing else happened yet.
/// Events of the test's own come after seq 2.
async fn begun() -> (Folder, String) {
    let mut server = Server::open().await;
    let mut visitor = Visitor::arrive(&server).await;
    assert_eq!(visitor.ask_person().await, 2);
    let key = visitor.key.clone();
    drop(visitor);
    server.stop().await;
    (server.folder, key)
}

fn said(text: &str) -> Event {
    Event::VisitorSaid { client_id: client_id(), text: text.into() }
}

/// The sentences and the whole of one reply, as shown.
fn of_reply(events: &[Seen], reply: ReplyId) -> (Vec<(u32, String)>, usize) {
    let sentence = |seen: &Seen| match &seen.what {
        What::Sentence { reply: of, index, text, .. } if *of == reply => {
            Some((*index, text.clone()))
        }
        _ => None,
    };
    let whole = |seen: &&Seen| matches!(&seen.what, What::Reply(r) if r.reply == reply);
    (events.iter().filter_map(sentence).collect(), events.iter().filter(whole).count())
}

#[tokio::test]
async fn a_price_is_answered_from_the_record_with_its_source_and_card() {
    let server = Server::open().await;
    let mut visitor = Visitor::arrive(&server).await;
    let asked = visitor.say(PRICE.0).await;
    let reply = visitor.reply_to(asked).await;
    assert!(reply.text.contains(PRICE.1), "{}", reply.text);
    assert_eq!((reply.decision, reply.answers), (Decision::Answer, vec![asked]));
    assert!(reply.verified && reply.ai_generated);
    assert_eq!(reply.sources[0].id, "GG-1101");
    assert_eq!(reply.cards[0].price.as_deref(), Some(PRICE.1));
    let (sentences, whole) = of_reply(&visitor.events(), reply.reply);
    let joined: Vec<&str> = sentences.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!((joined.join(" "), whole), (reply.text, 1), "shown as it was streamed");
}

#[tokio::test]
async fn every_message_of_a_hurried_visitor_is_answered_exactly_once() {
    let server = Server::open().await;
    let mut visitor = Visitor::arrive(&server).await;
    let mut asked = Vec::new();
    for text in [PRICE.0, "And the Ridge 3 Tent?", "How much is the Foam Fold Mat?", "Thanks!"] {
        asked.push(visitor.say(text).await);
    }
    let mut answered: Vec<Seq> = Vec::new();
    while answered.len() < asked.len() {
        let next = |seen: &Seen| match &seen.what {
            What::Reply(reply) => Some(reply.answers.clone()),
            _ => None,
        };
        answered.extend(visitor.until_event("another reply", next).await);
    }
    assert_eq!(answered, asked);
}

#[tokio::test]
async fn who_comes_back_in_the_middle_of_a_reply_gets_the_rest_of_it_once() {
    let server = Server::open().await;
    let mut visitor = Visitor::arrive(&server).await;
    let asked = visitor.say(FOUR_PRICES).await;
    let first = visitor
        .until_event("a sentence", |seen| {
            matches!(seen.what, What::Sentence { .. }).then_some(seen.seq)
        })
        .await;
    let mut back = Visitor::again(&server, &visitor.key, first).await;
    let reply = back.reply_to(asked).await;
    back.synced_to(back.events().last().expect("a reply").seq).await;
    let rest = back.events();
    assert!(rest.iter().all(|seen| seen.seq > first), "what was seen before comes again");
    let (sentences, whole) = of_reply(&rest, reply.reply);
    let indices: Vec<u32> = sentences.iter().map(|(index, _)| *index).collect();
    assert_eq!((indices, whole), (vec![1, 2, 3], 1));

    // Both sockets together know what the log knows, and each event once.
    visitor.reply_to(asked).await;
    let before = visitor.events().into_iter().filter(|seen| seen.seq <= first);
    let seqs: Vec<Seq> = before.chain(rest).map(|seen| seen.seq).collect();
    let entries = server.folder.entries(server.folder.chat_of(&visitor.key));
    let of_log = entries.iter().filter(|entry| entry.audience == Audience::Everyone);
    assert_eq!(seqs, of_log.map(|entry| entry.seq).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_message_left_unanswered_is_answered_once_at_the_next_start() {
    let (folder, key) = begun().await;
    folder.add(folder.chat_of(&key), vec![said(PRICE.0)]).await;
    let mut server = Server::on(folder, limits()).await;
    let reply = Visitor::again(&server, &key, 0).await.reply_to(3).await;
    assert!(reply.text.contains(PRICE.1));

    server.restart().await;
    let mut visitor = Visitor::again(&server, &key, 0).await;
    let asked = visitor.say("Thanks!").await;
    visitor.reply_to(asked).await;
    let answers: Vec<Seq> = visitor
        .events()
        .into_iter()
        .filter_map(|seen| match seen.what {
            What::Reply(reply) => Some(reply.answers),
            _ => None,
        })
        .flatten()
        .collect();
    assert_eq!(answers, [3, asked]);
}

#[tokio::test]
async fn a_reply_half_said_goes_on_with_the_sentence_that_was_next() {
    let (folder, key) = begun().await;
    let reply = ReplyId::new();
    let facts = ["Alpha is said.", "Beta is next.", "Gamma is last."];
    let events =
        vec![said("All three?"), planned(reply, &[3], plan(&facts)), sentence(reply, 0, facts[0])];
    folder.add(folder.chat_of(&key), events).await;
    let server = Server::on(folder, limits()).await;
    let mut visitor = Visitor::again(&server, &key, 0).await;
    let whole = visitor.reply_to(3).await;
    assert_eq!((whole.reply, whole.text), (reply, facts.join(" ")));
    let (sentences, _) = of_reply(&visitor.events(), reply);
    let expected: Vec<(u32, String)> = (0..).zip(facts.map(str::to_string)).collect();
    assert_eq!(sentences, expected);
}

#[tokio::test]
async fn what_is_for_the_staff_never_reaches_the_visitor() {
    let (folder, key) = begun().await;
    let (reply, chat) = (ReplyId::new(), folder.chat_of(&key));
    let mut secret = plan(&["In plain sight."]);
    secret.gaps = vec!["for-staff-eyes".into()];
    secret.context.question = Some("for-staff-eyes".into());
    let gap = Event::GapFound { question: "for-staff-eyes".into(), answers: 3 };
    let events = vec![said("What do you know?"), planned(reply, &[3], secret), gap];
    folder.add(chat, events).await;
    let server = Server::on(folder, limits()).await;
    let mut visitor = Visitor::again(&server, &key, 0).await;
    visitor.reply_to(3).await;
    visitor.synced_to(visitor.events().last().expect("a reply").seq).await;

    let kinds: HashSet<&str> =
        server.folder.entries(chat).iter().map(|entry| entry.event.kind()).collect();
    assert!(kinds.is_superset(&HashSet::from(["chat_started", "reply_planned", "gap_found"])));
    for frame in &visitor.raw {
        for private in ["for-staff-eyes", "chat_started", "reply_planned", "gap_found"] {
            assert!(!frame.contains(private), "{private} in {frame}");
        }
    }
}

#[tokio::test]
async fn a_server_that_stops_tells_every_visitor_that_it_will_be_back() {
    let mut server = Server::open().await;
    let visitors = all_hear((0..30).map(|_| Visitor::arrive(&server))).await;
    let mut closed = tokio::spawn(all_hear(
        visitors
            .into_iter()
            .map(|mut visitor| async move { crate::harness::close_code(visitor.socket()).await }),
    ));
    server.stop().await;
    let codes = (&mut closed).await.expect("every socket is closed with a code");
    assert_eq!(codes, [1012; 30]);
}

#[tokio::test]
async fn a_visitor_sees_the_bot_compose_before_it_speaks() {
    let server = Server::open().await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.say(PRICE.0).await;
    let composing = |frame: &VisitorHears| match frame {
        VisitorHears::Signal { composing, .. } => *composing,
        _ => None,
    };
    let who = visitor.until("a sign of composing", composing).await;
    assert_eq!(who, floorwalker::protocol::Composer::Bot);
}

#[tokio::test]
async fn a_message_in_another_language_is_recognised_and_a_person_is_offered() {
    let server = Server::open().await;
    let mut visitor = Visitor::arrive(&server).await;
    let asked = visitor.say("Wie viel kostet das Zelt, und haben Sie es noch?").await;
    let reply = visitor.reply_to(asked).await;
    assert_eq!(reply.decision, Decision::Abstain);
    assert!(reply.text.contains("I only understand English"), "{}", reply.text);
    assert!(reply.text.contains("verstehe ich nur Englisch"), "{}", reply.text);
}
