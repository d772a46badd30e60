//! A colleague takes a chat: whatever the bot was doing, it is silent from that moment on.

use std::collections::HashMap;

use floorwalker::domain::event::Event;
use floorwalker::domain::ids::UserId;
use floorwalker::domain::ids::{ChatId, ReplyId};
use floorwalker::floor::{Colleague as Person, Floor};
use floorwalker::log::Entry;
use floorwalker::protocol::{Seen, VisitorHears, What};

use crate::harness::{
    Colleague, FOUR_PRICES, PRICE, Server, Visitor, all_hear, client_id, limits, plan, planned,
    sentence,
};

/// When, after a question, the colleague takes the chat.
#[derive(Clone, Copy, Debug)]
enum Moment {
    AtTheAck,
    WhenTheBotComposes,
    AtTheFirstSentence,
    AtTheThirdSentence,
}

const MOMENTS: [Moment; 4] = [
    Moment::AtTheAck,
    Moment::WhenTheBotComposes,
    Moment::AtTheFirstSentence,
    Moment::AtTheThirdSentence,
];

async fn wait_for(visitor: &mut Visitor, moment: Moment) {
    let sentence = |at: u32| {
        move |frame: &VisitorHears| match frame {
            VisitorHears::Event(Seen { what: What::Sentence { index, .. }, .. })
                if *index == at =>
            {
                Some(())
            }
            _ => None,
        }
    };
    match moment {
        Moment::AtTheAck => {}
        Moment::WhenTheBotComposes => {
            let composes = |frame: &VisitorHears| match frame {
                VisitorHears::Signal { composing, .. } => composing.map(|_| ()),
                VisitorHears::Event(Seen { what: What::Sentence { .. }, .. }) => Some(()),
                _ => None,
            };
            visitor.until("the bot composing", composes).await;
        }
        Moment::AtTheFirstSentence => visitor.until("a sentence", sentence(0)).await,
        Moment::AtTheThirdSentence => visitor.until("a sentence", sentence(2)).await,
    }
}

/// One chat that is taken at a certain moment of a reply; returns what its log tells of it.
async fn taken(server: &Server, ana: &Colleague, moment: Moment) -> (ChatId, Vec<Entry>) {
    let mut visitor = Visitor::arrive(server).await;
    visitor.say(FOUR_PRICES).await;
    wait_for(&mut visitor, moment).await;
    let chat = server.folder.chat_of(&visitor.key);
    assert_eq!(ana.take(chat).await.status, 200);
    let joined = |seen: &Seen| {
        matches!(&seen.what, What::StaffJoined { name } if name == "ana").then_some(())
    };
    visitor.until_event("the colleague's coming", joined).await;
    visitor.say(PRICE.0).await;
    assert_eq!(ana.say(chat, "I am a person.").await.status, 200);
    let person = |seen: &Seen| matches!(seen.what, What::StaffSaid { .. }).then_some(());
    visitor.until_event("the colleague's words", person).await;
    (chat, server.folder.entries(chat))
}

/// What was planned is either all said or marked as cut, and nothing of it follows the takeover.
fn check(moment: Moment, entries: &[Entry]) {
    let took = entries.iter().position(|entry| matches!(entry.event, Event::StaffTook { .. }));
    let (before, after) = entries.split_at(took.expect("it was taken"));
    let mut ends: HashMap<ReplyId, usize> = HashMap::new();
    for entry in before {
        match &entry.event {
            Event::ReplyPlanned { reply, .. } => *ends.entry(*reply).or_default() += 0,
            Event::ReplyDone { reply, .. } | Event::ReplyCut { reply, .. } => {
                *ends.entry(*reply).or_default() += 1;
            }
            _ => {}
        }
    }
    assert!(ends.values().all(|ends| *ends == 1), "{moment:?}: {entries:#?}");
    let of_bot = after.iter().find(|entry| {
        matches!(
            entry.event,
            Event::ReplyPlanned { .. }
                | Event::SentenceSaid { .. }
                | Event::ReplyDone { .. }
                | Event::ReplyCut { .. }
        )
    });
    assert!(of_bot.is_none(), "{moment:?}: {of_bot:?} after the takeover");
}

#[tokio::test]
async fn the_bot_is_silent_from_the_takeover_on_whatever_it_was_saying() {
    let server = Server::open().await;
    let ana = Colleague::enter(&server, "ana").await;
    let moments = std::iter::repeat_n(MOMENTS, 4).flatten();
    let chats = all_hear(moments.map(|moment| {
        let (server, ana) = (&server, &ana);
        async move { (moment, taken(server, ana, moment).await) }
    }))
    .await;
    // The bot has had every chance to speak: a question asked after all of them has its answer.
    let mut later = Visitor::arrive(&server).await;
    let asked = later.say(PRICE.0).await;
    later.reply_to(asked).await;
    for (moment, (chat, entries)) in chats {
        check(moment, &entries);
        assert_eq!(server.folder.entries(chat), entries, "{moment:?}: something followed");
    }
}

#[tokio::test]
async fn a_reply_half_said_is_marked_cut_and_keeps_what_was_shown() {
    let mut server = Server::open().await;
    let key = {
        let mut visitor = Visitor::arrive(&server).await;
        visitor.ask_person().await;
        visitor.key
    };
    server.stop().await;
    let folder = server.folder;
    let (chat, reply) = (folder.chat_of(&key), ReplyId::new());
    let asked = Event::VisitorSaid { client_id: client_id(), text: PRICE.0.into() };
    let plan = plan(&["This was shown.", "This must never be."]);
    folder
        .add(chat, vec![asked, planned(reply, &[3], plan), sentence(reply, 0, "This was shown.")])
        .await;
    let ana = Person { id: UserId::new(), name: "ana".into() };
    Floor::new(folder.log()).take(chat, &ana).await.expect("free to take");

    let server = Server::on(folder, limits()).await;
    let mut visitor = Visitor::again(&server, &key, 0).await;
    let last = visitor.say("Is anybody there?").await;
    visitor.synced_to(last).await;
    let shown: Vec<What> = visitor.events().into_iter().map(|seen| seen.what).skip(2).collect();
    let [
        What::Sentence { text, .. },
        What::Cut { reply: cut },
        What::StaffJoined { name },
        What::Said { .. },
    ] = shown.as_slice()
    else {
        panic!("{shown:#?}");
    };
    assert_eq!((text.as_str(), *cut, name.as_str()), ("This was shown.", reply, "ana"));
    let mut later = Visitor::arrive(&server).await;
    let asked = later.say(PRICE.0).await;
    later.reply_to(asked).await;
    assert_eq!(server.folder.entries(chat).last().map(|entry| entry.seq), Some(last));
}

#[tokio::test]
async fn two_colleagues_at_once_get_one_chat_and_one_refusal() {
    let server = Server::open().await;
    let (ana, ben) =
        tokio::join!(Colleague::enter(&server, "ana"), Colleague::enter(&server, "ben"));
    let mut visitor = Visitor::arrive(&server).await;
    visitor.say(FOUR_PRICES).await;
    let chat = server.folder.chat_of(&visitor.key);
    let (one, two) = tokio::join!(ana.take(chat), ben.take(chat));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}

#[tokio::test]
async fn nobody_else_can_act_in_a_chat_that_a_colleague_has() {
    let server = Server::open().await;
    let (ana, ben) =
        tokio::join!(Colleague::enter(&server, "ana"), Colleague::enter(&server, "ben"));
    let mut visitor = Visitor::arrive(&server).await;
    visitor.ask_person().await;
    let chat = server.folder.chat_of(&visitor.key);
    assert_eq!(ben.say(chat, "before taking").await.status, 409);
    assert_eq!(ana.take(chat).await.status, 200);
    assert_eq!(ana.take(chat).await.status, 200, "one's own chat again");
    for (what, answer) in [
        ("take", ben.take(chat).await),
        ("say", ben.say(chat, "me too").await),
        ("hand back", ben.hand_back(chat).await),
        ("resolve", ben.resolve(chat).await),
    ] {
        assert_eq!(answer.status, 409, "{what}: {answer:?}");
    }
    let words = |entry: &Entry| matches!(entry.event, Event::StaffSaid { .. });
    assert!(!server.folder.entries(chat).iter().any(words));
}

#[tokio::test]
async fn after_handing_back_the_bot_answers_again_but_not_what_was_said_meanwhile() {
    let server = Server::open().await;
    let ana = Colleague::enter(&server, "ana").await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.ask_person().await;
    let chat = server.folder.chat_of(&visitor.key);
    assert_eq!(ana.take(chat).await.status, 200);
    visitor.say(FOUR_PRICES).await;
    assert_eq!(ana.hand_back(chat).await.status, 200);
    visitor
        .until_event("handing back", |seen| matches!(seen.what, What::HandedBack).then_some(()))
        .await;
    let asked = visitor.say(PRICE.0).await;
    let reply = visitor.reply_to(asked).await;
    assert_eq!(reply.answers, [asked]);
    assert!(reply.text.contains(PRICE.1));
}

#[tokio::test]
async fn writing_into_a_resolved_chat_opens_it_for_the_bot() {
    let server = Server::open().await;
    let ana = Colleague::enter(&server, "ana").await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.ask_person().await;
    let chat = server.folder.chat_of(&visitor.key);
    assert_eq!(ana.take(chat).await.status, 200);
    assert_eq!(ana.resolve(chat).await.status, 200);
    visitor
        .until_event("resolving", |seen| matches!(seen.what, What::Resolved).then_some(()))
        .await;
    let asked = visitor.say(PRICE.0).await;
    assert_eq!(visitor.reply_to(asked).await.answers, [asked]);
    assert_eq!(ana.say(chat, "still here").await.status, 409, "it is nobody's any more");
}
