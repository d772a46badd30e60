//! Erasing and exporting over a log of one's own, without a server.

use std::path::Path;

use serde_json::json;

use super::*;
use crate::domain::event::{Event, HandoffReason, Page};
use crate::domain::ids::{ClientId, UserId};
use crate::domain::time::Instant;
use crate::jobs::{Clock, Jobs, NewJob};
use crate::leads::gaps::Gaps;
use crate::log::subscriber::catch_up;
use crate::log::{Append, AppendError, Expect};
use crate::store::Store;
use crate::{backups, store};

struct Room {
    log: Log,
    privacy: Privacy,
    folder: tempfile::TempDir,
}

fn room() -> Room {
    let folder = tempfile::tempdir().expect("temp dir");
    let log = Log::new(Store::open(folder.path()).expect("opens"));
    Room { privacy: Privacy::new(log.clone()), log, folder }
}

fn named(name: &str) -> ClientId {
    name.to_string().try_into().expect("a client id")
}

fn said(name: &str, text: &str) -> Event {
    Event::VisitorSaid { client_id: named(name), text: text.into() }
}

fn chat(n: u8) -> ChatId {
    ChatId::from_bytes([n; 16])
}

impl Room {
    async fn begin(&self, n: u8, events: Vec<Event>) -> u64 {
        let site = "demo".to_string().try_into().expect("a site key");
        let expect = Expect::New { site, visitor: [n; 32] };
        let client_id = Some(named(&format!("client-{n}")));
        let append =
            Append { chat: chat(n), expect, client_id, events, jobs: vec![], at: Instant(1_000) };
        self.log.append(append).await.expect("stored").head.epoch
    }

    async fn add(&self, n: u8, expect: Expect, event: Event) -> Result<(), AppendError> {
        let at = Instant(3_000);
        let append = Append {
            chat: chat(n),
            expect,
            client_id: None,
            events: vec![event],
            jobs: vec![],
            at,
        };
        self.log.append(append).await.map(|_| ())
    }

    async fn erase(&self, who: &str) -> Erased {
        let who = who.parse().expect("somebody");
        self.privacy.erase(&who, "operator", Instant(2_000)).await.expect("erased")
    }

    async fn gaps(&self) -> Vec<(String, u32)> {
        let read = |db: &rusqlite::Connection| {
            let mut query = db.prepare("SELECT question, asked FROM gaps ORDER BY 1")?;
            let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok::<_, StoreError>(rows.collect::<Result<_, _>>()?)
        };
        self.log.store().read(read).await.expect("reads")
    }
}

/// Files under a folder in whose bytes this stands.
fn holding(folder: &Path, words: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let files = entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_file());
    files
        .filter(|file| {
            let bytes = std::fs::read(file).expect("readable");
            bytes.windows(words.len()).any(|window| window == words.as_bytes())
        })
        .map(|file| file.display().to_string())
        .collect()
}

#[tokio::test]
async fn an_address_finds_every_chat_in_which_it_stands_and_no_other() {
    let room = room();
    room.begin(1, vec![said("a", "I am Ana@Example.org")]).await;
    room.begin(2, vec![said("b", "not diana@example.org")]).await;
    let name = "ben".to_string();
    let told = Event::StaffSaid {
        client_id: named("c"),
        staff: UserId::new(),
        name,
        text: "I write to ana@example.org.".into(),
    };
    room.begin(3, vec![said("c", "hello"), told]).await;
    let who: Who = "ana@example.org".parse().expect("an address");
    let found = room.privacy.find(&who).await.expect("found");
    assert_eq!(found.iter().map(|found| found.chat).collect::<Vec<_>>(), [chat(1), chat(3)]);
    assert_eq!((found[1].events, found[1].messages), (2, 1));
    assert!("nobody".parse::<Who>().is_err());
}

#[tokio::test]
async fn what_is_erased_is_in_no_byte_of_any_file() {
    let room = room();
    // Long and many, so that pages split and what was once on them is left behind by nothing else.
    for n in 1..=40 {
        let words = format!("canary-{n}-{}", "words ".repeat(60));
        room.begin(n, vec![said("a", &words)]).await;
        for round in 0..20 {
            let event = said("a", &format!("canary-{n}-{round}-{}", "more ".repeat(50)));
            room.add(n, Expect::Exists, event).await.expect("stored");
        }
    }
    let copy = room.folder.path().join("before-schema-9.db");
    std::fs::write(&copy, "canary-7-0").expect("written");
    assert!(!holding(room.folder.path(), "canary-7-").is_empty());
    let erased = room.erase(&chat(7).to_string()).await;
    assert_eq!((erased.chats, erased.events), (vec![chat(7)], 21));
    assert_eq!(holding(room.folder.path(), "canary-7-"), Vec::<String>::new());
    assert!(!copy.exists());
    assert!(!holding(room.folder.path(), "canary-8-").is_empty(), "the others are as they were");
    let entries = room.log.read(chat(7), 0).await.expect("reads");
    assert_eq!(entries.len(), 22);
    assert!(entries.iter().all(|entry| entry.event == Event::Erased));
    assert!(room.erase(&chat(7).to_string()).await.chats.is_empty(), "nothing is left to erase");
}

#[tokio::test]
async fn what_was_begun_before_an_erasure_brings_no_words_back() {
    let room = room();
    let epoch = room.begin(1, vec![said("a", "hello")]).await;
    let staff = UserId::new();
    room.add(1, Expect::Exists, Event::StaffTook { staff, name: "ben".into() })
        .await
        .expect("taken");
    let news = room.log.follow(chat(1));
    room.erase(&chat(1).to_string()).await;
    let mut news = news;
    assert_eq!(news.changed().await, 3, "whoever follows is told");
    for expect in [Expect::Epoch(epoch), Expect::Epoch(epoch + 1), Expect::Owner(staff)] {
        let refused = room.add(1, expect, said("b", "words")).await;
        assert!(matches!(refused, Err(AppendError::Conflict(_))), "{refused:?}");
    }
    let site = "demo".to_string().try_into().expect("a site key");
    assert_eq!(room.log.chat_of(&site, [1; 32]).await.expect("reads"), None);
    // The visitor may write again, and the chat goes on by the same rules.
    room.add(1, Expect::Exists, said("n", "something new")).await.expect("stored");
    let folded = room.log.chat(chat(1)).await.expect("reads").expect("a chat");
    assert_eq!(Some(folded.head), room.log.head(chat(1)).await.expect("reads"));
    assert!(folded.head.awaits_bot());
}

#[tokio::test]
async fn a_gap_goes_when_nobody_else_asked_and_is_counted_anew_when_somebody_did() {
    let room = room();
    let gap = |question: &str| Event::GapFound { question: question.into(), answers: 1 };
    room.begin(1, vec![said("a", "x"), gap("Do you sell kayaks?"), gap("My name is Ana?")]).await;
    room.begin(2, vec![said("b", "y"), gap("do you sell Kayaks?")]).await;
    while catch_up(&room.log, std::sync::Arc::new(Gaps)).await.expect("counted") > 0 {}
    assert_eq!(room.gaps().await.iter().map(|gap| gap.1).sum::<u32>(), 3);
    let erased = room.erase(&chat(1).to_string()).await;
    assert_eq!(erased.gaps, 1);
    let left = room.gaps().await;
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(left[0].1, 1);
}

#[tokio::test]
async fn jobs_about_a_chat_and_letters_to_its_visitor_go_and_no_others() {
    let room = room();
    let wanted = Event::PersonWanted { reason: HandoffReason::VisitorAsked };
    room.begin(1, vec![said("a", "I am ana@example.org"), wanted]).await;
    let jobs = Jobs::new(room.log.store().clone(), Clock::by_hand(Instant(1_000)));
    let letter = |to: &str, template: &str| json!({ "to": to, "template": template });
    let id = chat(1).to_string();
    for (kind, payload) in [
        ("mail", letter("Ana@example.org", "transcript")),
        ("mail", letter("ana@example.org", "password_reset")),
        ("mail", letter("bo@example.org", "transcript")),
        ("lead-alert", json!({ "chat": id, "seq": 2 })),
        ("mail", json!({ "to": "owner@shop.example", "link": format!("/console/#chat={id}") })),
    ] {
        let job = NewJob { kind, key: None, payload, run_at: Instant(5_000) };
        jobs.enqueue(job).await.expect("stored");
    }
    assert_eq!(room.erase("ana@example.org").await.jobs, 3);
    assert_eq!(jobs.list().await.expect("reads").len(), 2);
}

#[tokio::test]
async fn a_backup_from_before_an_erasure_is_erased_again_when_it_is_brought_back() {
    let room = room();
    let outside = tempfile::tempdir().expect("temp dir");
    room.begin(1, vec![said("a", "canary-one")]).await;
    room.begin(2, vec![said("b", "canary-two")]).await;
    let file = outside.path().join("monday.db");
    backups::take(room.log.store(), file.clone()).await.expect("a backup");
    assert!(room.erase(&chat(1).to_string()).await.not_noted.is_empty());
    // All that is left is the backup and what lies beside it.
    let restored = outside.path().join("restored");
    let (found, again) = backups::restore(&file, &restored).await.expect("brought back");
    assert_eq!((found.events, again), (2, 1));
    assert_eq!(holding(&restored, "canary-one"), Vec::<String>::new());
    assert!(!holding(&restored, "canary-two").is_empty());
    // And where somebody copies the file by hand, starting does it.
    let by_hand = tempfile::tempdir().expect("temp dir");
    std::fs::copy(&file, by_hand.path().join(store::FILE)).expect("copied");
    std::fs::copy(outside.path().join(ledger::FILE), by_hand.path().join(ledger::FILE))
        .expect("copied");
    let log = Log::new(Store::open(by_hand.path()).expect("opens"));
    Privacy::new(log).replay(Instant(9_000)).await.expect("erased again");
    assert_eq!(holding(by_hand.path(), "canary-one"), Vec::<String>::new());
}

#[tokio::test]
async fn an_erasure_in_an_old_backup_leaves_what_was_written_after_it() {
    let room = room();
    let outside = tempfile::tempdir().expect("temp dir");
    room.begin(1, vec![said("a", "canary-old")]).await;
    room.erase(&chat(1).to_string()).await;
    room.add(1, Expect::Exists, said("n", "canary-new")).await.expect("stored");
    let file = outside.path().join("tuesday.db");
    backups::take(room.log.store(), file.clone()).await.expect("a backup");
    let restored = outside.path().join("restored");
    let (_, again) = backups::restore(&file, &restored).await.expect("brought back");
    assert_eq!(again, 0);
    assert!(!holding(&restored, "canary-new").is_empty());
}

#[tokio::test]
async fn an_export_says_what_was_said_when_by_whom_and_who_looked() {
    let room = room();
    let page = Page { url: "https://shop.example/tents".into(), title: "Tents".into() };
    let started = Event::ChatStarted {
        site: "demo".to_string().try_into().expect("a site key"),
        page: Some(page),
    };
    room.begin(1, vec![started, said("a", "I am ana@example.org")]).await;
    crate::audit::saw(room.log.store(), Instant(1_500), "ben", "chat.read", &chat(1).to_string())
        .await
        .expect("noted");
    let who: Who = "ana@example.org".parse().expect("an address");
    let export = room.privacy.export(&who, "operator", Instant(2_000)).await.expect("told");
    let kept = &export.chats[0];
    assert_eq!(kept.events[1].text.as_deref(), Some("I am ana@example.org"));
    assert_eq!(
        (kept.events[1].by.as_str(), kept.events[1].at.as_str()),
        ("visitor", "1970-01-01T00:00:01Z")
    );
    let by: Vec<&str> = kept.seen_by.iter().map(|line| line.actor.as_str()).collect();
    assert_eq!(by, ["operator", "ben"]);
    let text = transcript(&export);
    assert!(text.contains("Tents https://shop.example/tents"), "{text}");
    assert!(text.contains("visitor: I am ana@example.org"), "{text}");
}
