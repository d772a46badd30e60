//! Letting go under a clock that is turned by hand.

use super::*;
use crate::domain::event::Event;
use crate::domain::ids::ChatId;
use crate::jobs::{Daily, Handlers, Jobs};
use crate::log::{Append, Expect};
use crate::shutdown::Shutdown;
use crate::sites::By;
use crate::sites::settings::SiteSettings;
use crate::store::Store;

/// Noon, 1 January 2026, UTC.
const NOW: Instant = Instant(1_767_268_800_000);

struct Room {
    keeper: Keeper,
    clock: Clock,
    _folder: tempfile::TempDir,
}

async fn room() -> Room {
    let folder = tempfile::tempdir().expect("temp dir");
    let log = Log::new(Store::open(folder.path()).expect("opens"));
    let clock = Clock::by_hand(NOW);
    let sites = Sites::open(log.store().clone()).await.expect("reads");
    let keeper = Keeper { log, keep: Retention::default(), sites, clock: clock.clone() };
    Room { keeper, clock, _folder: folder }
}

impl Room {
    async fn say(&self, n: u8, expect: Expect, at: Instant) {
        let client_id: crate::domain::ids::ClientId =
            "m".to_string().try_into().expect("a client id");
        let events = vec![Event::VisitorSaid { client_id, text: format!("words of {n}") }];
        let chat = ChatId::from_bytes([n; 16]);
        let append = Append { chat, expect, client_id: None, events, jobs: vec![], at };
        self.keeper.log.append(append).await.expect("stored");
    }

    async fn begin(&self, n: u8, at: Instant) {
        let site = "demo".to_string().try_into().expect("a site key");
        self.say(n, Expect::New { site, visitor: [n; 32] }, at).await;
    }

    async fn erased(&self, n: u8) -> bool {
        let entries = self.keeper.log.read(ChatId::from_bytes([n; 16]), 0).await.expect("reads");
        entries.iter().all(|entry| entry.event == Event::Erased)
    }

    async fn count(&self, sql: &'static str) -> u32 {
        let read =
            move |db: &Connection| Ok::<u32, StoreError>(db.query_row(sql, [], |r| r.get(0))?);
        self.keeper.log.store().read(read).await.expect("reads")
    }
}

#[tokio::test]
async fn a_chat_goes_a_year_after_the_last_word_in_it_however_many_there_are() {
    let room = room().await;
    let year_ago = before(NOW, days(365));
    for n in 1..=50 {
        room.begin(n, Instant(year_ago.0 - 1)).await;
    }
    room.begin(60, Instant(year_ago.0 + 1)).await;
    room.say(7, Expect::Exists, NOW).await;
    let gone = room.keeper.let_go().await.expect("gone");
    assert_eq!(gone.chats, 49);
    assert!(room.erased(1).await && room.erased(50).await);
    assert!(!room.erased(7).await, "somebody wrote in it since");
    assert!(!room.erased(60).await, "its time is not over");
    assert_eq!(room.keeper.let_go().await.expect("nothing").chats, 0, "an erased one goes once");
    room.clock.advance(DAY);
    assert_eq!(room.keeper.let_go().await.expect("gone").chats, 1);
    let folder = room.keeper.log.store().folder();
    assert!(!folder.join(crate::privacy::ledger::FILE).exists(), "nobody asked for it");
}

#[tokio::test]
async fn a_site_may_keep_its_chats_for_less_long() {
    let room = room().await;
    let by = || By { who: "ana".into(), at: NOW };
    let key = |key: &str| key.to_string().try_into().expect("a site key");
    let settings = SiteSettings { keep_chats_days: Some(30), ..SiteSettings::default() };
    room.keeper.sites.add(key("short"), settings, by()).await.expect("added");
    for (n, site) in [(1, "short"), (2, "demo")] {
        room.say(n, Expect::New { site: key(site), visitor: [n; 32] }, before(NOW, days(31))).await;
    }
    assert_eq!(room.keeper.let_go().await.expect("gone").chats, 1);
    assert!(room.erased(1).await && !room.erased(2).await);
}

#[tokio::test]
async fn every_other_kind_goes_by_its_own_time() {
    let room = room().await;
    let ago = |days_ago: u32| before(NOW, days(days_ago)).0 - 1;
    let rows = [
        format!(
            "INSERT INTO audit (at, actor, action, object) VALUES ({}, 'a', 'b', 'c')",
            ago(731)
        ),
        format!(
            "INSERT INTO audit (at, actor, action, object) VALUES ({}, 'a', 'b', 'd')",
            ago(700)
        ),
        format!("INSERT INTO gaps VALUES ('old', 1, {}, x'00')", ago(366)),
        format!("INSERT INTO gaps VALUES ('new', 1, {}, x'00')", ago(364)),
        job("done", ago(31)),
        job("done", ago(29)),
        job("dead", ago(91)),
        job("dead", ago(31)),
        "INSERT INTO users (id, name, role, password) VALUES (x'01', 'a', 'agent', '')".to_string(),
        format!(
            "INSERT INTO sessions (token, user, expires_at) VALUES (x'01', x'01', {})",
            NOW.0 - 1
        ),
        format!(
            "INSERT INTO sessions (token, user, expires_at) VALUES (x'02', x'01', {})",
            NOW.0 + 1
        ),
    ];
    let insert = move |db: &Connection| Ok::<_, StoreError>(db.execute_batch(&rows.join(";"))?);
    room.keeper.log.store().write(insert, |()| {}).await.expect("stored");
    let gone = room.keeper.let_go().await.expect("gone");
    assert_eq!(gone, Gone { chats: 0, rows: 5 });
    for (sql, left) in [
        ("SELECT COUNT(*) FROM audit", 1),
        ("SELECT COUNT(*) FROM gaps WHERE question = 'new'", 1),
        ("SELECT COUNT(*) FROM jobs", 2),
        ("SELECT COUNT(*) FROM sessions WHERE token = x'02'", 1),
        ("SELECT COUNT(*) FROM unscrubbed", 0),
    ] {
        assert_eq!(room.count(sql).await, left, "{sql}");
    }
}

fn job(state: &str, ended_at: i64) -> String {
    format!(
        "INSERT INTO jobs (kind, payload, state, run_at, made_at, ended_at)
         VALUES ('mail', 'null', '{state}', 0, 0, {ended_at})"
    )
}

#[tokio::test]
async fn it_is_done_every_day_at_the_time_of_the_shop() {
    let room = room().await;
    let zone = jiff::tz::TimeZone::get("Europe/Dublin").expect("a known zone");
    let daily = Daily { kind: KIND, at: AT, zone };
    let keeper = room.keeper.clone();
    let (done, mut told) = tokio::sync::mpsc::unbounded_channel();
    let clock = room.clock.clone();
    let handlers = Handlers::default().daily(daily, move |_| {
        let (keeper, done, now) = (keeper.clone(), done.clone(), clock.now());
        async move {
            let ran = keeper.run().await;
            let _ = done.send(now);
            ran
        }
    });
    let jobs = Jobs::new(room.keeper.log.store().clone(), room.clock.clone());
    let (_stop, shutdown) = Shutdown::new();
    let running = tokio::spawn(jobs.clone().run(handlers, shutdown));
    for day in 1..=3 {
        let wanted = NOW.plus(DAY * (day - 1)).plus(Duration::from_secs(15 * 3_600 + 40 * 60));
        let waits = || async {
            let sql = "SELECT run_at FROM jobs WHERE state = 'waiting' AND kind = 'retention'";
            let read = move |db: &Connection| {
                let mut query = db.prepare(sql)?;
                let rows = query.query_map([], |row| row.get(0).map(Instant))?;
                Ok::<Vec<Instant>, StoreError>(rows.collect::<Result<_, _>>()?)
            };
            room.keeper.log.store().read(read).await.expect("reads") == [wanted]
        };
        let mut tries = 0;
        while !waits().await {
            tries += 1;
            assert!(tries < 500, "day {day}: it is not enqueued");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        room.clock.advance(DAY);
        let ran_at = tokio::time::timeout(Duration::from_secs(30), told.recv()).await;
        assert_eq!(ran_at.expect("it runs"), Some(NOW.plus(DAY * day)));
    }
    // The last one is noted as done a moment after it ran; what waits for its hour is no news.
    let noted = tokio::time::timeout(Duration::from_secs(30), async {
        while !jobs.list().await.expect("reads").is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    noted.await.expect("nothing is listed");
    running.abort();
}
