//! When nobody is there: the visitor is told so and when somebody will be, can leave an address, and
//! can take the chat along by mail. The clock is turned by the test.

use std::time::Duration;

use floorwalker::domain::event::{Absence, HandoffReason};
use floorwalker::domain::time::Instant;
use floorwalker::jobs::Clock;
use floorwalker::protocol::{ErrorCode, Seen, VisitorHears, VisitorSays, What};
use serde_json::{Value, json};

use crate::harness::smtp::SmtpServer;
use crate::harness::{Colleague, Server, Visitor, client_id, within};

/// A Saturday noon, far from now so that no other clock is meant by mistake.
const SATURDAY: &str = "2026-12-19T12:00:00Z";

fn clock(at: &str) -> Clock {
    let stamp: jiff::Timestamp = at.parse().expect("a timestamp");
    Clock::by_hand(Instant(stamp.as_millisecond()))
}

/// Changes the settings of the one site.
async fn set(cleo: &Colleague, change: impl FnOnce(&mut Value)) {
    let sites = cleo.get("/api/sites").await.json();
    let mut settings = sites[0]["settings"].clone();
    change(&mut settings);
    let body = json!({ "base": sites[0]["version"], "settings": settings });
    let answer = cleo.post("/api/sites/demo", Some(body)).await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

async fn weekdays_only(server: &Server) -> Colleague {
    let cleo = Colleague::enter(server, "cleo").await;
    let day = json!(["09:00-17:00"]);
    let week = json!({ "mon": day, "tue": day, "wed": day, "thu": day, "fri": day });
    set(&cleo, |settings| settings["hours"] = week).await;
    cleo
}

fn absence(seen: &Seen) -> Option<(Absence, String)> {
    match &seen.what {
        What::NobodyThere { why, text } => Some((*why, text.clone())),
        _ => None,
    }
}

fn form(email: &str) -> VisitorSays {
    VisitorSays::LeaveContact {
        client_id: client_id(),
        name: "Nora".into(),
        email: email.into(),
        phone: String::new(),
        message: "Is the Ridge 2 back by Friday?".into(),
    }
}

#[tokio::test]
async fn outside_the_hours_the_next_opening_is_told_and_an_address_becomes_a_lead() {
    let server = Server::by_clock(clock(SATURDAY)).await;
    let cleo = weekdays_only(&server).await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.ask_person().await;
    let (why, text) = visitor.until_event("that nobody is there", absence).await;
    assert_eq!(why, Absence::Closed);
    assert!(text.contains("We are back on Monday at 09:00."), "{text}");
    visitor.send(&form("nora@example.org")).await;
    let (text, reply_by) = visitor
        .until_event("that the address is kept", |seen| match &seen.what {
            What::ContactLeft { text, reply_by, .. } => Some((text.clone(), *reply_by)),
            _ => None,
        })
        .await;
    assert!(text.contains("nora@example.org at the latest on Monday at 13:00"), "{text}");
    let row = within("the lead is in the queue", async {
        loop {
            let rows = cleo.get("/api/staff/queue").await.json()["rows"].clone();
            if rows[0]["contact"].is_object() {
                return rows[0].clone();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    assert_eq!(row["contact"]["email"], "nora@example.org");
    assert_eq!(row["reply_by"], reply_by.0);
    assert_eq!(row["preview"], "Is the Ridge 2 back by Friday?");
    assert_eq!((&row["state"], &row["reason"]), (&json!("queued"), &json!("left_contact")));
}

#[tokio::test]
async fn a_form_that_cannot_be_used_is_refused_with_a_reason() {
    let server = Server::open().await;
    let mut visitor = Visitor::arrive(&server).await;
    visitor.send(&form("nora at example")).await;
    let code = visitor
        .until("a refusal", |frame| match frame {
            VisitorHears::Error { code, message, .. } => Some((*code, message.clone())),
            _ => None,
        })
        .await;
    assert_eq!(code.0, ErrorCode::BadForm);
    assert!(code.1.contains("e-mail"), "{}", code.1);
}

#[tokio::test]
async fn who_waits_too_long_is_told_and_who_is_taken_in_time_is_not() {
    let clock = clock("2026-12-16T12:00:00Z");
    let server = Server::by_clock(clock.clone()).await;
    let cleo = weekdays_only(&server).await;
    set(&cleo, |settings| settings["accept_within_minutes"] = json!(5)).await;
    let (mut waits, mut taken) = (Visitor::arrive(&server).await, Visitor::arrive(&server).await);
    waits.ask_person().await;
    taken.ask_person().await;
    looks_left(&server, 2).await;
    let ben = Colleague::enter(&server, "ben").await;
    let chat = server.folder.chat_of(&taken.key);
    assert_eq!(ben.take(chat).await.status, 200);
    assert!(waits.events().iter().all(|seen| absence(seen).is_none()), "it is too early");
    clock.advance(Duration::from_secs(5 * 60));
    let (why, text) = waits.until_event("that nobody is free", absence).await;
    assert_eq!(why, Absence::NobodyFree);
    assert!(text.contains("Leave your e-mail address"), "{text}");
    looks_left(&server, 0).await;
    let told = server.folder.entries(chat);
    assert!(told.iter().all(|entry| entry.event.kind() != "nobody_there"), "{told:?}");
}

/// Returns when so many second looks are still to come, and no first one.
async fn looks_left(server: &Server, wanted: i64) {
    let query = "SELECT count(*), total(key LIKE '%true') FROM jobs
                 WHERE kind = 'absence' AND state <> 'done'";
    within("the looks are taken", async {
        loop {
            let database = server.folder.database();
            let row = database.query_row(query, [], |row| Ok((row.get(0)?, row.get(1)?)));
            let (all, second): (i64, f64) = row.expect("a count");
            if all == wanted && second == wanted as f64 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_paused_bot_leaves_new_messages_to_people_until_it_is_resumed() {
    let server = Server::open().await;
    let cleo = Colleague::enter(&server, "cleo").await;
    let paused = cleo.post("/api/bot/pause", Some(json!({}))).await;
    assert_eq!(paused.json()[0]["bot_speaks"], false, "{paused:?}");
    let mut visitor = Visitor::arrive(&server).await;
    let message = visitor.say("How much is the Ridge 2 Tent?").await;
    let reason = visitor
        .until_event("that a person is wanted", |seen| match &seen.what {
            What::Queued { reason } => Some(*reason),
            What::Sentence { text, .. } => panic!("the bot said: {text}"),
            _ => None,
        })
        .await;
    assert_eq!(reason, HandoffReason::BotPaused);
    visitor.say("Hello?").await;
    let resumed = cleo.post("/api/bot/resume", Some(json!({ "site": "demo" }))).await;
    assert_eq!(resumed.json()[0]["bot_speaks"], true, "{resumed:?}");
    let asked = visitor.say("And how heavy is the Ridge 2 Tent?").await;
    let reply = visitor.reply_to(asked).await;
    assert!(!reply.answers.contains(&message), "what people were left with stays with them");
}

#[tokio::test]
async fn the_chat_goes_by_mail_to_who_asks_for_it_and_not_without_end() {
    let smtp = SmtpServer::start([]).await;
    let server = Server::told(&format!(
        "[mail]\nfrom = \"Gannet <chat@gannet.example>\"\ntransport = \"smtp\"\n\
         host = \"127.0.0.1\"\nport = {}\nsecurity = \"plain\"\n",
        smtp.port()
    ))
    .await;
    let mut visitor = Visitor::arrive(&server).await;
    let asked = visitor.say("How much is the Ridge 2 Tent?").await;
    let reply = visitor.reply_to(asked).await;
    let by_mail =
        || VisitorSays::MailTranscript { client_id: client_id(), email: "nora@example.org".into() };
    visitor.send(&by_mail()).await;
    let wanted = |seen: &Seen| matches!(seen.what, What::TranscriptWanted { .. }).then_some(());
    visitor.until_event("that it is on its way", wanted).await;
    let letter = within("the letter arrives", async {
        loop {
            if let Some(letter) = smtp.received().pop() {
                return letter;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    assert_eq!(letter.to, ["nora@example.org"]);
    let plain = letter.data.replace("=\r\n", "");
    assert!(plain.contains("How much is the Ridge 2 Tent?"), "{plain}");
    let first_words: String = reply.text.split(' ').take(3).collect::<Vec<_>>().join(" ");
    assert!(plain.contains(&first_words) && plain.contains("AI assistant"), "{plain}");
    for _ in 0..2 {
        visitor.send(&by_mail()).await;
        visitor.until_event("that it is on its way", wanted).await;
    }
    visitor.send(&by_mail()).await;
    let refused = visitor
        .until("a refusal", |frame| match frame {
            VisitorHears::Error { code, .. } => Some(*code),
            _ => None,
        })
        .await;
    assert_eq!(refused, ErrorCode::NotOffered);
}
