//! The machine's clock was wrong: what is stored lies an hour ahead, or an hour behind. (How jobs take
//! it is shown by `jobs`, and sessions by `people`, each with a clock of its own.)

use floorwalker::domain::event::{Event, HandoffReason};
use floorwalker::domain::ids::{ChatId, SiteKey};
use floorwalker::domain::time::Instant;
use floorwalker::log::{Append, Expect};
use floorwalker::people::secret;
use floorwalker::web::visitor::chat_id;
use sha2::{Digest, Sha256};

use crate::harness::{Colleague, Folder, PRICE, Server, Visitor, client_id, limits};

const HOUR: i64 = 60 * 60 * 1_000;

/// A chat that began at `at`, whose visitor has said something and wants a person.
async fn began(folder: &Folder, key: &str, at: Instant) -> ChatId {
    let site: SiteKey = "demo".to_string().try_into().expect("a site's key");
    let visitor = Sha256::digest(key).into();
    let chat = chat_id(&site, &visitor);
    let events = vec![
        Event::ChatStarted { site: site.clone(), page: None },
        Event::VisitorSaid { client_id: client_id(), text: PRICE.0.into() },
        Event::PersonWanted { reason: HandoffReason::VisitorAsked },
    ];
    let expect = Expect::New { site, visitor };
    let append = Append { chat, expect, client_id: None, events, jobs: vec![], at };
    folder.log().append(append).await.expect("stored");
    folder.free().await;
    chat
}

#[tokio::test]
async fn chats_written_by_a_clock_that_was_wrong_are_read_answered_and_taken_as_all_others() {
    let folder = Folder::new().await;
    let now = Instant::now();
    let mut chats = Vec::new();
    for at in [Instant(now.0 + HOUR), Instant(now.0 - HOUR)] {
        let key = secret(32);
        let chat = began(&folder, &key, at).await;
        chats.push((key, chat));
    }
    let server = Server::on(folder, limits()).await;
    let ben = Colleague::enter(&server, "ben").await;
    for (key, chat) in &chats {
        let mut visitor = Visitor::again(&server, key, 0).await;
        visitor.reply_to(2).await;
        let asked = visitor.say("And the Ridge 3 Tent?").await;
        visitor.reply_to(asked).await;
        assert!(ben.queue().await.iter().any(|row| row.chat == *chat), "it is in the queue");
        assert_eq!(ben.take(*chat).await.status, 200);
        assert_eq!(ben.say(*chat, "I am here.").await.status, 200);
        let seqs: Vec<_> = server.folder.entries(*chat).iter().map(|entry| entry.seq).collect();
        assert!(seqs.iter().copied().eq(1..=seqs.len() as u64), "{seqs:?}");
        assert_eq!(ben.resolve(*chat).await.status, 200);
        visitor.synced_to(seqs.len() as u64 + 1).await;
        let shown = visitor.events();
        assert!(shown.is_sorted_by_key(|seen| seen.seq), "{shown:?}");
    }
}
