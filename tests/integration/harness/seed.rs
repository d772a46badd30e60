//! Parts of a log that a test writes itself, to begin in the middle of something.

use floorwalker::domain::event::{Event, MAX_TEXT};
use floorwalker::domain::ids::{ChatId, ReplyId, Seq, SiteKey, UserId};
use floorwalker::domain::reply::{Context, Decision, Fact, Generated, Intent, Plan};
use floorwalker::domain::time::Instant;
use floorwalker::log::{Append, Expect};
use floorwalker::people::secret;
use floorwalker::web::visitor::chat_id;
use sha2::{Digest, Sha256};

use super::{Folder, Server, Visitor, client_id};

/// Chats of as many visitors that a colleague has already, so that the bot keeps out of them; by the
/// visitors' keys.
pub async fn owned_chats(folder: &Folder, count: usize) -> Vec<(String, ChatId)> {
    let log = folder.log();
    let site: SiteKey = "demo".to_string().try_into().expect("a site's key");
    let begin = || {
        let key = secret(32);
        let visitor = Sha256::digest(&key).into();
        let chat = chat_id(&site, &visitor);
        let started = Event::ChatStarted { site: site.clone(), page: None };
        let took = Event::StaffTook { staff: UserId::new(), name: "Ana".into() };
        let expect = Expect::New { site: site.clone(), visitor };
        let events = vec![started, took];
        let stored = log.append(Append {
            chat,
            expect,
            client_id: None,
            events,
            jobs: vec![],
            at: Instant::now(),
        });
        async move {
            stored.await.expect("stored");
            (key, chat)
        }
    };
    futures_util::future::join_all((0..count).map(|_| begin())).await
}

/// Bytes of text in a [`long_chat`]: more than any socket's buffers hold.
pub const LONG: usize = 4_000 * MAX_TEXT;

/// A folder with a chat in which a colleague wrote [`LONG`] bytes, and its visitor's key.
pub async fn long_chat() -> (Folder, String) {
    let mut server = Server::open().await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.ask_person().await;
    let key = visitor.key.clone();
    drop(visitor);
    server.stop().await;
    let folder = server.folder;
    let words = |_| Event::StaffSaid {
        client_id: client_id(),
        staff: UserId::from_bytes([7; 16]),
        name: "ana".into(),
        text: "x".repeat(MAX_TEXT),
    };
    folder.add(folder.chat_of(&key), (0..LONG / MAX_TEXT).map(words).collect()).await;
    (folder, key)
}

/// A fact that is said as it stands: no model words it anew.
fn fact(text: &str) -> Fact {
    Fact {
        text: text.into(),
        question: String::new(),
        polarity: None,
        keep: vec![],
        sources: vec![],
    }
}

/// A plan to say these facts.
pub fn plan(facts: &[&str]) -> Plan {
    Plan {
        decision: Decision::Answer,
        intent: Intent { name: "ask_price".into(), confidence: 0.5 },
        facts: facts.iter().copied().map(fact).collect(),
        cards: vec![],
        choices: vec![],
        context: Context::default(),
        handoff: None,
        gaps: vec![],
        knowledge: 1,
        asks: None,
    }
}

/// That a reply with this plan was begun.
pub fn planned(reply: ReplyId, answers: &[Seq], plan: Plan) -> Event {
    Event::ReplyPlanned { reply, answers: answers.to_vec(), plan: Box::new(plan) }
}

/// That one of its sentences was said.
pub fn sentence(reply: ReplyId, index: u32, text: &str) -> Event {
    Event::SentenceSaid { reply, index, text: text.into(), generated: Generated::Facts }
}
