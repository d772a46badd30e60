//! Delivering to a receiver that behaves as badly as they do, under a clock that is turned by hand.

#[path = "../../tests/integration/harness/receiver.rs"]
mod receiver;

use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::sign::{self, Message, Secret, TOLERANCE};
use super::*;
use crate::audit;
use crate::domain::event::{Contact, Event, HandoffReason};
use crate::domain::ids::{ChatId, UserId};
use crate::domain::time::Instant;
use crate::jobs::{Clock, Handlers};
use crate::log::{Append, Expect, Log, subscriber};
use crate::outbound::Outbound;
use crate::shutdown::{Shutdown, Stop};
use receiver::{Behaviour, Received, Receiver};

const DAY: Duration = Duration::from_secs(86_400);
const BASE: &str = "https://chat.shop.example";

struct Room {
    log: Log,
    jobs: Jobs,
    clock: Clock,
    webhooks: Webhooks,
    outbound: Outbound,
    stop: Option<Stop>,
    folder: TempDir,
}

/// A room in which these receivers are allowed, and no job is done yet.
fn room(receivers: &[&Receiver]) -> Room {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().expect("temp dir");
    let store = Store::open(folder.path()).expect("opens");
    let clock = Clock::by_hand(Instant(1_700_000_000_000));
    let jobs = Jobs::new(store.clone(), clock.clone());
    let mut policy = Policy::webhooks();
    for receiver in receivers {
        policy = policy.allow(&receiver.origin()).expect("an origin");
    }
    // Long enough that nothing but a hanging receiver meets it.
    policy.total = Duration::from_secs(60);
    policy.read = Duration::from_secs(2);
    let outbound = Outbound::new(policy.clone()).expect("a client");
    let webhooks = Webhooks::new(store.clone(), jobs.clone(), policy);
    Room { log: Log::new(store), jobs, clock, webhooks, outbound, stop: None, folder }
}

impl Room {
    /// Begins to do the jobs.
    fn work(&mut self) {
        let (stop, shutdown) = Shutdown::new();
        let (webhooks, outbound) = (self.webhooks.clone(), self.outbound.clone());
        let handlers = Handlers::default()
            .paced(KIND, PAUSES, move |job| webhooks.clone().deliver(outbound.clone(), job));
        tokio::spawn(self.jobs.clone().run(handlers, shutdown));
        self.stop = Some(stop);
    }

    async fn add(&self, receiver: &Receiver, kinds: &[Kind], include_text: bool) -> NewEndpoint {
        let wish = Wish { url: receiver.url(), kinds: kinds.to_vec(), include_text };
        self.webhooks.add(wish, "ana").await.expect("made")
    }

    /// A chat in which a visitor says something and wants a person.
    async fn wanted(&self, text: &str) -> ChatId {
        let chat = ChatId::new();
        let expect = Expect::New {
            site: "demo".to_string().try_into().expect("a key"),
            visitor: [chat.as_bytes().as_slice(); 2].concat().try_into().expect("32 bytes"),
        };
        let site = "demo".to_string().try_into().expect("a key");
        let client_id = "c".to_string().try_into().expect("an id");
        let events = vec![
            Event::ChatStarted { site, page: None },
            Event::VisitorSaid { client_id, text: text.into() },
            Event::PersonWanted { reason: HandoffReason::Complaint },
        ];
        self.append(chat, expect, events).await;
        chat
    }

    async fn append(&self, chat: ChatId, expect: Expect, events: Vec<Event>) {
        let append =
            Append { chat, expect, client_id: None, events, jobs: vec![], at: self.clock.now() };
        self.log.append(append).await.expect("appended");
        let notices = Arc::new(Notices { base: BASE.into() });
        subscriber::catch_up(&self.log, notices).await.expect("noticed");
        self.jobs.waker().send_modify(|count| *count += 1);
    }

    /// Waits until the newest delivery of an endpoint was tried and is in a state.
    async fn newest(&self, endpoint: EndpointId, state: State) -> Detail {
        self.nth(endpoint, 0, state, 1).await
    }

    /// Waits until the n-th newest delivery is in a state after so many attempts at least.
    async fn nth(&self, endpoint: EndpointId, n: usize, state: State, attempts: u32) -> Detail {
        for _ in 0..2_000 {
            let log = self.webhooks.log(endpoint, None).await.expect("reads");
            let settled = |d: &Delivery| {
                let job_settled = state != State::Waiting || d.next_at.is_some();
                d.state == state && d.attempts >= attempts && job_settled
            };
            if let Some(delivery) = log.get(n).filter(|delivery| settled(delivery)) {
                return self.webhooks.delivery(endpoint, delivery.id).await.expect("reads");
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let log = self.webhooks.log(endpoint, None).await.expect("reads");
        panic!("never {state:?} after {attempts}: {log:?}");
    }

    async fn endpoint(&self, id: EndpointId) -> Endpoint {
        let all = self.webhooks.list().await.expect("reads");
        all.into_iter().find(|endpoint| endpoint.id == id).expect("it is there")
    }

    async fn audited(&self) -> Vec<(String, String)> {
        let lines = audit::lines(self.log.store(), audit::Filter::default()).await.expect("reads");
        lines.into_iter().map(|line| (line.actor, line.action)).collect()
    }
}

fn verified(received: &Received, secret: &str, now: Instant) -> Result<(), sign::SignError> {
    let (id, at) = (received.header(sign::ID), received.header(sign::TIMESTAMP));
    let message = Message::received(id, at, &received.body)?;
    let secrets = [Secret::parse(secret)?];
    message.verify(&secrets, received.header(sign::SIGNATURE), now.0 / 1_000, TOLERANCE)
}

#[tokio::test]
async fn what_happens_is_told_signed_to_those_who_asked_for_it() {
    let (full, thin) = (Receiver::start([]).await, Receiver::start([]).await);
    let mut room = room(&[&full, &thin]);
    let talkative = room.add(&full, &Kind::EVENTS, true).await;
    let plain = room.add(&thin, &[Kind::PersonWanted, Kind::ChatTaken], false).await;
    room.work();
    let chat = room.wanted("my tent is torn").await;
    let staff = UserId::new();
    let took = Event::StaffTook { staff, name: "Ana".into() };
    room.append(chat, Expect::Exists, vec![took]).await;
    let told = full.first(3).await;
    let kinds: Vec<Value> = told.iter().map(|one| one.json()["type"].clone()).collect();
    assert_eq!(kinds, ["chat.started", "person.wanted", "chat.taken"], "in order");
    assert_eq!(told[1].json()["data"]["text"], "my tent is torn");
    assert_eq!(told[1].header("content-type"), "application/json");
    assert_eq!(told[1].line, "POST /hook/secret-path HTTP/1.1");
    let told_thin = thin.first(2).await;
    assert_eq!(
        told_thin[0].json(),
        json!({
            "type": "person.wanted",
            "timestamp": "2023-11-14T22:13:20.000Z",
            "data": {
                "chat": chat,
                "seq": 3,
                "reason": "complaint",
                "link": format!("{BASE}/console/#chat={chat}"),
            },
        })
    );
    assert_eq!(told_thin[1].json()["data"]["staff"], json!(staff));
    assert_eq!(told[1].header(sign::ID), told_thin[0].header(sign::ID), "one message, one name");
    assert!(told[1].header(sign::ID).starts_with("msg_"));
    let now = room.clock.now();
    assert_eq!(verified(&told[1], &talkative.secret, now), Ok(()));
    assert_eq!(verified(&told_thin[0], &plain.secret, now), Ok(()));
    assert!(verified(&told[1], &plain.secret, now).is_err(), "each has a secret of its own");
    let done = room.newest(plain.endpoint.id, State::Delivered).await;
    assert_eq!((done.tried.len(), done.tried[0].status), (1, Some(204)));
}

#[tokio::test]
async fn what_fails_is_sent_again_with_the_same_name_and_a_new_time() {
    let receiver = Receiver::start([Behaviour::Answer(500, "out of tents")]).await;
    let mut room = room(&[&receiver]);
    let made = room.add(&receiver, &[Kind::PersonWanted], false).await;
    room.work();
    room.wanted("help").await;
    let waits = room.newest(made.endpoint.id, State::Waiting).await;
    assert_eq!(
        (waits.tried[0].status, waits.tried[0].answer.as_deref()),
        (Some(500), Some("out of tents"))
    );
    let pause = waits.delivery.next_at.expect("a next time").since(room.clock.now());
    assert!(pause <= Duration::from_secs(5) && pause >= Duration::from_millis(2_500), "{pause:?}");
    assert_eq!(room.endpoint(made.endpoint.id).await.failing_since, Some(room.clock.now()));
    room.clock.advance(Duration::from_secs(5));
    let done = room.newest(made.endpoint.id, State::Delivered).await;
    assert_eq!(done.tried.len(), 2);
    assert_eq!(room.endpoint(made.endpoint.id).await.failing_since, None);
    let both = receiver.received();
    assert_eq!(both[0].header(sign::ID), both[1].header(sign::ID));
    assert_eq!(both[0].body, both[1].body);
    assert_ne!(both[0].header(sign::TIMESTAMP), both[1].header(sign::TIMESTAMP));
    assert_eq!(verified(&both[1], &made.secret, room.clock.now()), Ok(()));
}

#[tokio::test]
async fn whatever_a_receiver_does_is_noted_and_nothing_is_followed() {
    let elsewhere = Receiver::start([]).await;
    let script = [
        Behaviour::Redirect(elsewhere.url()),
        Behaviour::Reset,
        Behaviour::Hang,
        Behaviour::Endless,
    ];
    let receiver = Receiver::start(script).await;
    let mut room = room(&[&receiver, &elsewhere]);
    let made = room.add(&receiver, &[Kind::PersonWanted], false).await;
    room.work();
    room.wanted("help").await;
    for attempts in 1..=3 {
        room.nth(made.endpoint.id, 0, State::Waiting, attempts).await;
        room.clock.advance(Duration::from_secs(30 * 60));
    }
    let done = room.newest(made.endpoint.id, State::Delivered).await;
    let errors: Vec<_> = done.tried.iter().rev().map(|one| one.error.clone()).collect();
    let said = |n: usize, what: &str| {
        let error = errors[n].clone().unwrap_or_default();
        assert!(error.contains(what), "{n}: {error}");
        assert!(!error.contains("secret-path"), "a path is often a password: {error}");
    };
    said(0, "redirect");
    said(1, "did not answer properly");
    said(2, "did not say anything");
    assert_eq!(done.tried[0].answer.as_ref().map(String::len), Some(1_024));
    assert!(elsewhere.received().is_empty());
}

#[tokio::test]
async fn what_was_given_up_can_be_sent_again_alone_or_with_all_the_rest() {
    let receiver = Receiver::start([]).await;
    receiver.always(Behaviour::Answer(503, "later"));
    let mut room = room(&[&receiver]);
    let made = room.add(&receiver, &[Kind::PersonWanted], false).await;
    let id = made.endpoint.id;
    room.work();
    let began = room.clock.now();
    room.wanted("one").await;
    room.wanted("two").await;
    for tries in 1..=9 {
        let mut next = room.clock.now();
        for n in [0, 1] {
            let waits = room.nth(id, n, State::Waiting, tries).await;
            next = next.max(waits.delivery.next_at.expect("a next time"));
        }
        room.clock.advance(next.since(room.clock.now()));
    }
    for n in [0, 1] {
        room.nth(id, n, State::Failed, 10).await;
    }
    assert_eq!(room.endpoint(id).await.missed, 2);
    let dead = |jobs: Vec<crate::jobs::Listed>| jobs.iter().filter(|j| j.state == "dead").count();
    assert_eq!(dead(room.jobs.list().await.expect("reads")), 2);
    receiver.always(Behaviour::Answer(200, "ok"));
    let first = room.nth(id, 1, State::Failed, 10).await.delivery.id;
    room.webhooks.replay(id, first, "ben").await.expect("sent again");
    room.nth(id, 1, State::Delivered, 11).await;
    assert_eq!(room.endpoint(id).await.missed, 1);
    let since = room.clock.now();
    assert_eq!(room.webhooks.recover(id, since, "ben").await.expect("none since then"), 0);
    assert_eq!(room.webhooks.recover(id, began, "ben").await.expect("the other"), 1);
    room.nth(id, 0, State::Delivered, 11).await;
    // Also what arrived may be sent again: the receiver knows it by its name.
    room.webhooks.replay(id, first, "ben").await.expect("sent again");
    room.nth(id, 1, State::Delivered, 12).await;
    assert_eq!(dead(room.jobs.list().await.expect("reads")), 0);
    assert!(room.audited().await.contains(&("ben".into(), "webhook.recover".into())));
    let nobodys = room.webhooks.replay(id, 999, "ben").await;
    assert!(matches!(nobodys, Err(WebhookError::NoSuchDelivery(999))));
}

#[tokio::test]
async fn who_says_gone_is_paused_and_what_happens_meanwhile_is_held_back() {
    let receiver = Receiver::start([Behaviour::Answer(410, "")]).await;
    let mut room = room(&[&receiver]);
    let made = room.add(&receiver, &[Kind::PersonWanted], false).await;
    let id = made.endpoint.id;
    room.work();
    let began = room.clock.now();
    room.wanted("one").await;
    room.newest(id, State::Held).await;
    let paused = room.endpoint(id).await;
    assert!(paused.paused_at.is_some() && paused.paused_why.is_some_and(|why| why.contains("410")));
    assert!(room.audited().await.contains(&("server".into(), "webhook.pause".into())));
    room.wanted("two").await;
    assert_eq!(room.nth(id, 0, State::Held, 0).await.delivery.attempts, 0);
    let early = room.webhooks.recover(id, began, "ana").await;
    assert!(matches!(early, Err(WebhookError::Paused)));
    // A ping goes through, to see whether it would work now.
    room.webhooks.test(id, "ana").await.expect("sent");
    room.newest(id, State::Delivered).await;
    room.webhooks.resume(id, "ana").await.expect("resumed");
    assert_eq!(room.webhooks.recover(id, began, "ana").await.expect("both"), 2);
    let told = receiver.first(4).await;
    assert_eq!(told[1].json()["type"], "webhook.test");
    assert_eq!(told[2].json()["type"], "person.wanted");
}

#[tokio::test]
async fn who_fails_for_days_is_paused_by_the_server() {
    let receiver = Receiver::start([]).await;
    receiver.always(Behaviour::Answer(500, ""));
    let mut room = room(&[&receiver]);
    let made = room.add(&receiver, &[Kind::PersonWanted], false).await;
    let id = made.endpoint.id;
    room.work();
    room.wanted("one").await;
    room.newest(id, State::Waiting).await;
    room.clock.advance(DAY * 5);
    room.nth(id, 0, State::Held, 2).await;
    let why = room.endpoint(id).await.paused_why.expect("it is paused");
    assert!(why.contains("5 days"), "{why}");
    assert!(room.audited().await.contains(&("server".into(), "webhook.pause".into())));
}

#[tokio::test]
async fn hanging_receivers_keep_neither_the_others_nor_other_work_waiting() {
    let mut hanging = Vec::new();
    for _ in 0..6 {
        let receiver = Receiver::start([]).await;
        receiver.always(Behaviour::Hang);
        hanging.push(receiver);
    }
    let good = Receiver::start([]).await;
    let mut room = room(&hanging.iter().chain([&good]).collect::<Vec<_>>());
    for receiver in hanging.iter().chain([&good]) {
        room.add(receiver, &[Kind::PersonWanted], false).await;
    }
    // They hang for a minute, which is more than this test has.
    let mut policy = Policy::webhooks();
    for receiver in hanging.iter().chain([&good]) {
        policy = policy.allow(&receiver.origin()).expect("an origin");
    }
    (policy.total, policy.read) = (Duration::from_secs(60), Duration::from_secs(60));
    room.outbound = Outbound::new(policy).expect("a client");
    room.work();
    for n in 0..5 {
        room.wanted(&format!("visitor {n}")).await;
    }
    good.first(5).await;
    for receiver in &hanging {
        assert_eq!(receiver.first(1).await.len(), 1, "one at a time");
    }
}

#[tokio::test]
async fn a_forgotten_chat_is_in_no_message_and_no_answer() {
    let receiver = Receiver::start([Behaviour::Answer(200, "got: zanzibar")]).await;
    receiver.always(Behaviour::Answer(500, "no: zanzibar"));
    let mut room = room(&[&receiver]);
    let made = room.add(&receiver, &[Kind::ChatStarted, Kind::PersonWanted], true).await;
    let id = made.endpoint.id;
    room.work();
    let chat = room.wanted("I am from zanzibar").await;
    room.nth(id, 0, State::Waiting, 1).await;
    room.nth(id, 1, State::Delivered, 1).await;
    let other = room.wanted("I am from elsewhere").await;
    room.nth(id, 0, State::Waiting, 1).await;
    let store = room.log.store().clone();
    store.write(move |db| forget(db, chat), |()| {}).await.expect("forgotten");
    let gone = room.nth(id, 2, State::Erased, 1).await;
    assert_eq!(gone.tried[0].answer, None);
    assert_eq!(room.nth(id, 3, State::Delivered, 1).await.tried[0].answer, None);
    for n in [2, 3] {
        let delivery = room.webhooks.log(id, None).await.expect("reads")[n].id;
        let again = room.webhooks.replay(id, delivery, "ana").await;
        assert!(matches!(again, Err(WebhookError::Erased)), "{again:?}");
    }
    let before = receiver.received().len();
    room.clock.advance(Duration::from_secs(10));
    // The other chat's two messages are tried again, the forgotten one's is not.
    receiver.first(before + 2).await;
    let told = receiver.received();
    let of_other = |one: &Received| one.json()["data"]["chat"] == json!(other);
    assert!(told[before..].iter().all(of_other), "{told:?}");
    let left = store
        .read(|db| {
            let sql = "SELECT COUNT(*) FROM webhook_messages m
                       LEFT JOIN webhook_deliveries d ON d.message = m.id
                       LEFT JOIN webhook_attempts a ON a.delivery = d.id
                       WHERE m.data || ifnull(m.words, '') LIKE '%zanzibar%'";
            Ok::<i64, StoreError>(db.query_row(sql, [], |row| row.get(0))?)
        })
        .await;
    assert_eq!(left.expect("reads"), 0);
}

#[tokio::test]
async fn who_comes_later_is_not_told_what_was_before_and_who_goes_is_told_no_more() {
    let receiver = Receiver::start([]).await;
    let mut room = room(&[&receiver]);
    let first = room.add(&receiver, &[Kind::PersonWanted], false).await.endpoint.id;
    room.wanted("before").await;
    room.clock.advance(Duration::from_secs(1));
    let second = room.add(&receiver, &[Kind::PersonWanted], false).await.endpoint.id;
    assert_eq!(room.webhooks.log(second, None).await.expect("reads"), []);
    room.webhooks.remove(first, "ana").await.expect("removed");
    assert_eq!(room.jobs.list().await.expect("reads"), [], "nothing of it is left to do");
    room.work();
    let chat = room.wanted("after").await;
    room.newest(second, State::Delivered).await;
    let told = receiver.received();
    assert_eq!((told.len(), &told[0].json()["data"]["chat"]), (1, &json!(chat)));
    let gone = room.webhooks.log(first, None).await;
    assert!(matches!(gone, Err(WebhookError::NoSuchEndpoint(id)) if id == first));
}

#[tokio::test]
async fn what_may_not_be_called_cannot_be_registered() {
    let room = room(&[]);
    let add = |url: &str, kinds: &[Kind]| {
        let wish = Wish { url: url.into(), kinds: kinds.to_vec(), include_text: false };
        room.webhooks.add(wish, "ana")
    };
    for url in [
        "http://hooks.shop.example/x",
        "https://127.0.0.1/x",
        "https://169.254.169.254/latest",
        "https://ana:secret@hooks.shop.example/",
        "https://hooks.shop.example:8443/",
        "nonsense",
    ] {
        let refused = add(url, &Kind::EVENTS).await;
        assert!(matches!(refused, Err(WebhookError::Url(_))), "{url}");
    }
    let nothing = add("https://hooks.shop.example/x", &[Kind::Test]).await;
    assert!(matches!(nothing, Err(WebhookError::NoKinds)));
    for _ in 0..MOST {
        add("https://hooks.shop.example/x", &Kind::EVENTS).await.expect("made");
    }
    let more = add("https://hooks.shop.example/x", &Kind::EVENTS).await;
    assert!(matches!(more, Err(WebhookError::TooMany)));
}

#[tokio::test]
async fn a_secret_is_in_no_file_but_sealed_and_an_address_is_veiled_for_those_who_only_look() {
    let room = room(&[]);
    let url = "https://hooks.shop.example/T0/p4ssw0rd".to_string();
    let wish = Wish { url: url.clone(), kinds: Kind::EVENTS.to_vec(), include_text: false };
    let made = room.webhooks.add(wish, "ana").await.expect("made");
    let seen = made.endpoint.veiled();
    assert_eq!(seen.url, "https://hooks.shop.example/…");
    for (url, seen) in [
        ("https://a.example?token=1", "https://a.example/…"),
        ("https://a.example/", "https://a.example/"),
        ("https://a.example", "https://a.example"),
    ] {
        let wish = Wish { url: url.into(), kinds: Kind::EVENTS.to_vec(), include_text: false };
        let endpoint = room.webhooks.add(wish, "ana").await.expect("made").endpoint;
        assert_eq!(endpoint.veiled().url, seen);
    }
    let secret = made.secret.trim_start_matches("whsec_").to_string();
    for file in std::fs::read_dir(room.folder.path()).expect("a folder") {
        let bytes = std::fs::read(file.expect("a file").path()).unwrap_or_default();
        assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()));
    }
}

#[tokio::test]
async fn the_page_for_receivers_shows_what_is_sent() {
    let page = std::fs::read_to_string("docs/webhooks.md").expect("docs/webhooks.md");
    let shown: Vec<Value> = page
        .split("```json\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap_or_default())
        .map(|block| serde_json::from_str(block).expect("JSON as it is sent"))
        .collect();
    let receiver = Receiver::start([]).await;
    let mut room = room(&[&receiver]);
    let id = room.add(&receiver, &Kind::EVENTS, true).await.endpoint.id;
    room.work();
    let chat = room.wanted("hello").await;
    let staff = UserId::new();
    let events = vec![
        Event::StaffTook { staff, name: "Ana".into() },
        Event::GapFound { question: "zips?".into(), answers: 2 },
        Event::Resolved { staff },
        Event::ContactLeft {
            client_id: "f1".to_string().try_into().expect("valid"),
            contact: Contact { name: "N".into(), email: "n@o.example".into(), phone: "".into() },
            message: "zips?".into(),
            reply_by: Instant(0),
            text: "Thank you.".into(),
        },
    ];
    room.append(chat, Expect::Exists, events).await;
    room.webhooks.test(id, "ana").await.expect("sent");
    let sent: Vec<Value> = receiver.first(7).await.iter().map(Received::json).collect();
    let outline = |all: &[Value]| {
        let mut outlines: Vec<_> = all
            .iter()
            .map(|one| {
                let data = one["data"].as_object().expect("an object").keys().cloned();
                let mut fields: Vec<_> = data.filter(|name| name != "page").collect();
                fields.sort();
                (one["type"].as_str().expect("a kind").to_string(), fields)
            })
            .collect();
        outlines.sort();
        outlines
    };
    assert_eq!(outline(&shown), outline(&sent));
    let named = |one: &Value| page.contains(one["type"].as_str().unwrap_or_default());
    assert!(sent.iter().all(named) && Kind::EVENTS.iter().all(|kind| page.contains(kind.name())));
}
