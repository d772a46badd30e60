//! Backups while everybody writes.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use floorwalker::control::{Order, socket};
use floorwalker::domain::ids::{ChatId, Seq};
use floorwalker::store;
use rusqlite::Connection;

use crate::harness::{Folder, Server, Visitor, limits, owned_chats};

const BACKUPS: usize = 20;
const VISITORS: usize = 8;

/// Place in the log, chat, place in the chat, and what happened.
type Row = (i64, Vec<u8>, Seq, String);

fn events(folder: &Path) -> Vec<Row> {
    let db = Connection::open(folder.join(store::FILE)).expect("opens");
    let sql = "SELECT pos, stream, seq, payload FROM events ORDER BY pos";
    let mut query = db.prepare(sql).expect("the log's table");
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)));
    rows.expect("rows").collect::<Result<_, _>>().expect("rows")
}

/// The last place in each chat as its head has it.
fn heads(folder: &Path) -> HashMap<Vec<u8>, Seq> {
    let db = Connection::open(folder.join(store::FILE)).expect("opens");
    let mut query = db.prepare("SELECT id, last_seq FROM chats").expect("a table");
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    rows.expect("rows").collect::<Result<_, _>>().expect("rows")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_backup_is_one_moment_with_all_that_was_acknowledged_before_it_began() {
    let folder = Folder::new().await;
    let chats = owned_chats(&folder, VISITORS).await;
    folder.free().await;
    let mut server = Server::on(folder, limits()).await;
    let acknowledged: Arc<Mutex<Vec<(ChatId, Seq)>>> = Arc::default();
    let over = Arc::new(AtomicBool::new(false));
    let mut writing = tokio::task::JoinSet::new();
    for (key, chat) in chats {
        let mut visitor = Visitor::again(&server, &key, 0).await;
        let (acknowledged, over) = (acknowledged.clone(), over.clone());
        writing.spawn(async move {
            while !over.load(Ordering::Relaxed) {
                let seq = visitor.say("Is it waterproof?").await;
                acknowledged.lock().expect("nobody panics").push((chat, seq));
                visitor.forget();
            }
        });
    }
    let outside = tempfile::tempdir().expect("temp dir");
    let mut before = Vec::new();
    for number in 0..BACKUPS {
        before.push(acknowledged.lock().expect("nobody panics").clone());
        let order = Order::Backup { to: outside.path().join(format!("{number}.db")) };
        socket::order(server.folder.path(), order).await.expect("a backup");
    }
    over.store(true, Ordering::Relaxed);
    while let Some(written) = writing.join_next().await {
        written.expect("every message is acknowledged");
    }
    server.stop().await;

    let log = events(server.folder.path());
    let mut lengths = Vec::new();
    for (number, before) in before.iter().enumerate() {
        let restored = outside.path().join(format!("restored {number}"));
        store::restore(&outside.path().join(format!("{number}.db")), &restored).expect("restored");
        let found = events(&restored);
        assert_eq!(found, log[..found.len()], "backup {number} is how the log began");
        let heads = heads(&restored);
        let last: HashMap<Vec<u8>, Seq> =
            found.iter().map(|(_, chat, seq, _)| (chat.clone(), *seq)).collect();
        assert_eq!(heads, last, "backup {number}: heads and events are of one moment");
        for (chat, seq) in before {
            let reached = last.get(chat.as_bytes().as_slice()).copied().unwrap_or_default();
            assert!(reached >= *seq, "backup {number} lacks {chat} {seq}");
        }
        lengths.push(found.len());
        std::fs::remove_dir_all(restored).expect("removed");
    }
    assert!(lengths.is_sorted() && lengths[0] < lengths[BACKUPS - 1], "no load: {lengths:?}");
    assert!(log.len() > lengths[BACKUPS - 1] && before[0].len() < before[BACKUPS - 1].len());
}
