//! What is erased is gone: from the log, from every open page, and from every byte of every file. What
//! colleagues saw and did is noted without any of it.

use std::path::Path;

use floorwalker::backups;
use floorwalker::control::{Order, socket};
use floorwalker::domain::event::{Absence, Contact, Event, HandoffReason, Page};
use floorwalker::domain::ids::{ChatId, ReplyId};
use floorwalker::domain::reply::{Context, Intent};
use floorwalker::domain::time::Instant;
use floorwalker::privacy::Export;
use floorwalker::protocol::{StaffHears, VisitorHears, What};
use serde_json::json;

use crate::harness::{
    Colleague, FOUR_PRICES, Folder, PRICE, Server, Visitor, client_id, plan, planned, sentence,
    within,
};

/// Every canary begins so, and each is told apart by what follows.
const CANARY: &str = "zanzibarquux";

fn canary(field: &str) -> String {
    format!("{CANARY}{field}")
}

/// Files below a folder in whose bytes a canary stands, with the canary.
fn holding(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(holding(&path));
        } else if path.is_file() {
            let bytes = std::fs::read(&path).expect("readable");
            let places = bytes.windows(CANARY.len()).enumerate();
            let hit = places.filter(|(_, window)| *window == CANARY.as_bytes()).map(|(at, _)| {
                let end = (at + 60).min(bytes.len());
                format!("{}: {}", path.display(), String::from_utf8_lossy(&bytes[at..end]))
            });
            found.extend(hit);
        }
    }
    found
}

/// A chat with a canary in everything a visitor can fill, and in all that is made of it.
async fn filled(server: &Server, ana: &Colleague) -> (Visitor, ChatId) {
    let page =
        Page { url: format!("https://shop.example/{}", canary("url")), title: canary("title") };
    let mut visitor = Visitor::on_page(server, page).await;
    let name = canary("clientid").try_into().expect("a client id");
    let text = format!("I am {}@example.org, how much is {}?", canary("mail"), canary("text"));
    let asked = visitor.say_as(&name, &text).await;
    visitor.reply_to(asked).await;
    visitor.ask_person().await;
    let chat = server.folder.chat_of(&visitor.key);
    assert_eq!(ana.take(chat).await.status, 200);
    assert_eq!(ana.say(chat, &canary("staff")).await.status, 200);
    let staff = |seen: &floorwalker::protocol::Seen| {
        matches!(seen.what, What::StaffSaid { .. }).then_some(())
    };
    visitor.until_event("the colleague's words", staff).await;
    (visitor, chat)
}

/// What only the bot writes, with canaries, and jobs about the chat: put there while nothing runs.
async fn seed(folder: &Folder, chat: ChatId) {
    let reply = ReplyId::new();
    let mut said = plan(&[&canary("fact")]);
    said.intent = Intent { name: canary("intent"), confidence: 0.5 };
    said.gaps = vec![canary("plangap")];
    let question = Some(canary("context"));
    said.context = Context { question, ..Context::default() };
    folder
        .add(
            chat,
            vec![
                planned(reply, &[1], said),
                sentence(reply, 0, &canary("sentence")),
                Event::ReplyDone { reply, answers: vec![1], timings_ms: Default::default() },
                Event::GapFound { question: canary("gap"), answers: 1 },
                Event::NobodyThere { why: Absence::Closed, text: canary("absence") },
                Event::ContactLeft {
                    client_id: canary("formid").try_into().expect("a client id"),
                    contact: Contact {
                        name: canary("name"),
                        email: format!("{}@example.org", canary("form")),
                        phone: canary("phone"),
                    },
                    message: canary("about"),
                    reply_by: Instant::now(),
                    text: canary("kept"),
                },
                Event::TranscriptWanted {
                    client_id: canary("mailid").try_into().expect("a client id"),
                    email: format!("{}@example.org", canary("byemail")),
                },
                Event::PersonWanted { reason: HandoffReason::BotFailed },
            ],
        )
        .await;
    let log = folder.log();
    let store = log.store().clone();
    let address = format!("{}@example.org", canary("mail"));
    let letter = json!({ "to": address, "template": "transcript", "lines": [canary("letter")] });
    let about = json!({ "chat": chat, "note": canary("job") });
    store
        .write::<_, floorwalker::store::StoreError>(
            move |db| {
                for (kind, payload) in [("mail", letter), ("later", about)] {
                    db.execute(
                        "INSERT INTO jobs (kind, payload, state, run_at, made_at)
                         VALUES (?1, ?2, 'dead', 1, 1)",
                        [kind, &payload.to_string()],
                    )?;
                }
                Ok(())
            },
            |()| {},
        )
        .await
        .expect("stored");
    drop((log, store));
    folder.free().await;
}

#[tokio::test]
async fn nothing_a_visitor_wrote_is_left_in_any_byte_while_the_server_runs_and_after_it_stopped() {
    let mut server = Server::open().await;
    let ana = Colleague::enter(&server, "ana").await;
    let (visitor, chat) = filled(&server, &ana).await;
    let key = visitor.key.clone();
    drop(visitor);
    server.stop().await;
    seed(&server.folder, chat).await;
    std::fs::write(server.folder.path().join("before-schema-1.db"), canary("copy"))
        .expect("written");
    server.restart().await;

    // Somebody looks at it on both sides while it is erased.
    let ana = Colleague::enter(&server, "ana").await;
    let mut desk = ana.desk(&server).await;
    desk.watch(chat, 0).await;
    let synced = |frame: &StaffHears| matches!(frame, StaffHears::Synced { .. }).then_some(());
    desk.until("the chat", synced).await;
    within("the gap is counted", async {
        while server.folder.database().query_row(
            "SELECT EXISTS (SELECT 1 FROM gaps WHERE instr(question, ?1))",
            [CANARY],
            |row| row.get::<_, bool>(0),
        ) != Ok(true)
        {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await;
    let mut visitor = Visitor::again(&server, &key, 0).await;
    let outside = tempfile::tempdir().expect("temp dir");
    let backup = outside.path().join("before.db");
    backups_by_order(&server, &backup).await;

    let person = format!("{}@example.org", canary("mail"));
    let told = socket::order(server.folder.path(), Order::Export { person: person.clone() });
    let export: Export = serde_json::from_value(told.await.expect("told")).expect("an export");
    let words = serde_json::to_string(&export).expect("JSON");
    for field in
        ["url", "title", "clientid", "mail", "text", "staff", "fact", "intent", "plangap", "gap"]
    {
        assert!(words.contains(&canary(field)), "{field} is in the export");
    }

    let done = socket::order(server.folder.path(), Order::Erase { person }).await.expect("erased");
    assert_eq!(done["chats"], json!([chat]));
    assert_eq!(done["not_noted"], json!([]));
    assert_eq!(holding(server.folder.path()), Vec::<String>::new(), "while it runs");

    // Both pages are told to take it off the screen, each event of it.
    let last = server.folder.database().query_row(
        "SELECT last_seq FROM chats WHERE id = ?1",
        [chat.as_bytes()],
        |row| row.get::<_, u64>(0),
    );
    let last = last.expect("the chat's row");
    visitor
        .until("the first event erased", |frame| match frame {
            VisitorHears::Event(seen) if seen.seq == 2 && seen.what == What::Erased => Some(()),
            _ => None,
        })
        .await;
    visitor
        .until("the end", |frame| match frame {
            VisitorHears::Event(seen) if seen.seq == last && seen.what == What::Erased => Some(()),
            _ => None,
        })
        .await;
    desk.until("the last event erased", |frame| match frame {
        StaffHears::Event { seq, event, .. } if *seq == last && event["kind"] == "erased" => {
            Some(())
        }
        _ => None,
    })
    .await;

    // A page that was away shows nothing of it either.
    let returned = Visitor::again(&server, &key, 3).await;
    let gone = returned.events().iter().filter(|seen| seen.what == What::Erased).count();
    assert!(gone > 3 && !returned.raw.join("\n").contains(CANARY));
    drop((visitor, returned, desk));
    server.stop().await;
    assert_eq!(holding(server.folder.path()), Vec::<String>::new(), "after it stopped");

    let restored = outside.path().join("restored");
    let (_, again) = backups::restore(&backup, &restored).await.expect("brought back");
    assert_eq!(again, 1);
    assert_eq!(holding(&restored), Vec::<String>::new(), "in what was brought back");
}

async fn backups_by_order(server: &Server, file: &Path) {
    let order = Order::Backup { to: file.to_path_buf() };
    socket::order(server.folder.path(), order).await.expect("a backup");
}

#[tokio::test]
async fn a_reply_under_way_says_nothing_after_the_erasure_and_a_new_question_is_answered() {
    let server = Server::open().await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.say(FOUR_PRICES).await;
    let chat = server.folder.chat_of(&visitor.key);
    let erase = Order::Erase { person: chat.to_string() };
    socket::order(server.folder.path(), erase).await.expect("erased");
    let asked = visitor.say(PRICE.0).await;
    let reply = visitor.reply_to(asked).await;
    assert_eq!(reply.answers, [asked]);
    let words = "SELECT COUNT(*) FROM events WHERE stream = ?1 AND seq < ?2 AND payload IS NOT NULL
                 AND kind != 'erased'";
    let left: i64 = server
        .folder
        .database()
        .query_row(words, rusqlite::params![chat.as_bytes(), asked], |row| row.get(0))
        .expect("a count");
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_colleagues_message_after_the_erasure_is_refused() {
    let server = Server::open().await;
    let ana = Colleague::enter(&server, "ana").await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.ask_person().await;
    let chat = server.folder.chat_of(&visitor.key);
    assert_eq!(ana.take(chat).await.status, 200);
    let erase = Order::Erase { person: chat.to_string() };
    socket::order(server.folder.path(), erase).await.expect("erased");
    let refused = ana.say(chat, "As you said:").await;
    assert_eq!(refused.status, 409, "{refused:?}");
    assert!(!ana.queue().await.iter().any(|row| row.chat == chat), "nor is it in the queue");
}

#[tokio::test]
async fn the_audit_log_tells_who_opened_which_chat_once_an_hour_and_what_they_did() {
    let server = Server::open().await;
    let (ana, ben) =
        (Colleague::enter(&server, "ana").await, Colleague::enter(&server, "ben").await);
    let mut visitor = Visitor::arrive(&server).await;
    visitor.ask_person().await;
    let chat = server.folder.chat_of(&visitor.key);
    let mut desk = ben.desk(&server).await;
    let synced = |frame: &StaffHears| matches!(frame, StaffHears::Synced { .. }).then_some(());
    for _ in 0..3 {
        desk.watch(chat, 0).await;
        desk.until("the chat", synced).await;
    }
    assert_eq!(ben.take(chat).await.status, 200);
    let said = json!({ "client_id": client_id(), "text": canary("staff") });
    assert_eq!(ben.post(&format!("/api/staff/chats/{chat}/say"), Some(said)).await.status, 200);
    let lines = ana.get(&format!("/api/audit?object={chat}")).await;
    let told: Vec<(String, String)> = lines
        .json()
        .as_array()
        .expect("lines")
        .iter()
        .map(|line| (line["actor"].to_string(), line["action"].to_string()))
        .collect();
    let wanted =
        ["chat.say", "chat.take", "chat.read"].map(|a| ("\"ben\"".into(), format!("{a:?}")));
    assert_eq!(told, wanted);
    assert!(!lines.text.contains(CANARY));
    let last = lines.json()[1]["pos"].as_i64().expect("a place");
    let older = ana.get(&format!("/api/audit?object={chat}&before={last}&limit=5")).await;
    assert_eq!(older.json().as_array().map(Vec::len), Some(1));
    let by_ana = ana.get("/api/audit?actor=ana&limit=1").await.json();
    assert_eq!(by_ana[0]["action"], "session.begin", "{by_ana}");
    let unknown = ana.get("/api/audit?who=ana").await;
    assert_eq!(unknown.status, 400, "a filter that is not understood is refused");
}
