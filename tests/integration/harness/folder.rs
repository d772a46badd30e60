//! A data folder for one test: a copy of a folder that is prepared once, so that the shop is read
//! and embedded once and each password is hashed once.

use std::path::Path;

use floorwalker::app::App;
use floorwalker::domain::event::Event;
use floorwalker::domain::hours::{Week, parse};
use floorwalker::domain::ids::{ChatId, Seq, SiteKey};
use floorwalker::domain::time::Instant;
use floorwalker::knowledge::builtin;
use floorwalker::log::{Append, Entry, Expect, Log};
use floorwalker::people::{People, Role};
use floorwalker::sites::settings::SiteSettings;
use floorwalker::sites::{By, Sites};
use floorwalker::store::{FolderLock, Store};
use rusqlite::{Connection, OpenFlags};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use super::server::{config, engine, limits};
use super::{PASSWORD, within};

const FILE: &str = "floorwalker.db";

/// A data folder with the demo shop and the colleagues `ana` (admin), `ben` (agent), `cleo`
/// (manager) and `dan` (analyst); removed when dropped.
pub struct Folder(TempDir);

impl Folder {
    /// A fresh copy of the prepared folder.
    pub async fn new() -> Self {
        static PREPARED: OnceCell<Vec<u8>> = OnceCell::const_new();
        let folder = tempfile::tempdir().expect("a temporary folder");
        let database = PREPARED.get_or_init(prepare).await;
        std::fs::write(folder.path().join(FILE), database).expect("room for a small database");
        Self(folder)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// The log in it, while no server runs.
    pub fn log(&self) -> Log {
        Log::new(Store::open(self.path()).expect("no server has the folder"))
    }

    /// Adds events to a chat while no server runs.
    pub async fn add(&self, chat: ChatId, events: Vec<Event>) {
        let append = Append {
            chat,
            expect: Expect::Exists,
            client_id: None,
            events,
            jobs: Vec::new(),
            at: Instant::now(),
        };
        self.log().append(append).await.expect("stored");
    }

    /// The file itself, as another process sees it: only what was committed.
    pub fn database(&self) -> Connection {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
        Connection::open_with_flags(self.path().join(FILE), flags).expect("a database")
    }

    /// The file with the right to write, to stand in the server's way.
    pub fn rival(&self) -> Connection {
        Connection::open(self.path().join(FILE)).expect("a database")
    }

    /// The chat of the visitor with this key.
    pub fn chat_of(&self, key: &str) -> ChatId {
        let visitor: [u8; 32] = Sha256::digest(key).into();
        let query = "SELECT id FROM chats WHERE visitor = ?1";
        let id = self.database().query_row(query, [visitor], |row| row.get(0));
        ChatId::from_bytes(id.expect("the visitor has a chat"))
    }

    /// Everything in the log of a chat.
    pub fn entries(&self, chat: ChatId) -> Vec<Entry> {
        let database = self.database();
        let mut query = database
            .prepare("SELECT seq, at, audience, payload FROM events WHERE stream = ?1 ORDER BY seq")
            .expect("the log's table");
        let rows = query.query_map([chat.as_bytes()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?, row.get::<_, String>(3)?))
        });
        rows.expect("rows")
            .map(|row| {
                let (seq, at, audience, payload): (Seq, i64, String, String) = row.expect("a row");
                let audience = serde_json::from_value(audience.into()).expect("an audience");
                let event = serde_json::from_str(&payload).expect("an event");
                Entry { chat, seq, at: Instant(at), audience, event }
            })
            .collect()
    }

    /// Returns when no process has the folder any more.
    pub async fn free(&self) {
        // The last sockets let go of it moments after the server stopped; nothing tells when.
        within("the data folder is let go", async {
            while FolderLock::take(self.path()).is_err() {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        })
        .await;
    }
}

/// The key of the site that every prepared folder has.
pub fn demo_site() -> SiteKey {
    "demo".to_string().try_into().expect("a site's key")
}

fn always_open() -> SiteSettings {
    let all_day = parse("00:00-24:00").expect("hours").expect("some");
    let hours = Some(Week(std::array::from_fn(|_| vec![all_day])));
    SiteSettings { hours, accept_within_minutes: 240, ..SiteSettings::default() }
}

/// Builds the folder that all others are copies of, and returns its one file.
async fn prepare() -> Vec<u8> {
    let (folder, shop) =
        (tempfile::tempdir().expect("temp dir"), tempfile::tempdir().expect("temp dir"));
    builtin::write_demo_shop(shop.path()).expect("the demo shop is written");
    let people = People::new(Store::open(folder.path()).expect("a new database"));
    people.add("ana", Role::Admin, None, PASSWORD.into(), "test").await.expect("stored");
    people.add("ben", Role::Agent, None, PASSWORD.into(), "test").await.expect("stored");
    people.add("cleo", Role::Manager, None, PASSWORD.into(), "test").await.expect("stored");
    people.add("dan", Role::Analyst, None, PASSWORD.into(), "test").await.expect("stored");
    drop(people);
    let sites = Sites::open(Store::open(folder.path()).expect("opens")).await.expect("reads");
    let by = By { who: "test".into(), at: Instant::now() };
    // Somebody is there at any hour, so that no test depends on when it runs.
    sites.add(demo_site(), always_open(), by).await.expect("stored");
    drop(sites);
    let config = config(folder.path(), shop.path(), limits());
    drop(App::build(config, engine(), |_, _| {}).await.expect("the demo shop is imported"));
    let database = Connection::open(folder.path().join(FILE)).expect("a database");
    database.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").expect("nobody else has it");
    drop(database);
    std::fs::read(folder.path().join(FILE)).expect("a file")
}
