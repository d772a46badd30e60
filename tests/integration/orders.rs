//! What the operator orders: done by the running server through its socket, or without one.

use floorwalker::control::{Order, socket};
use floorwalker::people::Role;
use floorwalker::store;

use crate::harness::{Colleague, PASSWORD, PRICE, Server, Visitor, close_code, sign_in};

#[tokio::test]
async fn a_lost_password_is_one_order_while_the_server_runs_and_when_it_does_not() {
    let mut server = Server::open().await;
    for running in [true, false] {
        if !running {
            server.stop().await;
        }
        let lost = Order::UserPasswd { name: "ana".into() };
        let done = socket::order(server.folder.path(), lost).await.expect("done");
        let password = done["password"].as_str().expect("shown once").to_string();
        if !running {
            server.folder.free().await;
            server.restart().await;
        }
        assert_eq!(sign_in(&server, "ana", PASSWORD).await.status, 401, "the old one is gone");
        assert_eq!(sign_in(&server, "ana", &password).await.status, 204);
    }
}

#[tokio::test]
async fn closing_an_account_closes_its_console_within_two_seconds() {
    let server = Server::open().await;
    let ben = Colleague::enter(&server, "ben").await;
    let mut desk = ben.desk(&server).await;
    let began = std::time::Instant::now();
    let close = Order::UserDisable { name: "ben".into() };
    socket::order(server.folder.path(), close).await.expect("done");
    assert_eq!(close_code(desk.socket()).await, 4401);
    assert!(began.elapsed().as_secs() <= 3, "{:?}", began.elapsed());
    assert_eq!(ben.get("/api/auth/me").await.status, 401);
}

#[tokio::test]
async fn a_dead_job_is_tried_again_by_order_and_the_audit_log_names_the_operator() {
    let mut server = Server::open().await;
    server.stop().await;
    let rival = server.folder.rival();
    let dead = "INSERT INTO jobs (kind, payload, state, attempts, run_at, made_at, ended_at, error)
                VALUES ('mail', '{}', 'dead', 9, 0, 0, 0, 'nobody listens') RETURNING id";
    let id: i64 = rival.query_row(dead, [], |row| row.get(0)).expect("stored");
    drop(rival);
    let listed = socket::order(server.folder.path(), Order::JobsList).await.expect("listed");
    assert_eq!((&listed[0]["id"], &listed[0]["state"]), (&id.into(), &"dead".into()), "{listed}");
    socket::order(server.folder.path(), Order::JobsRetry { id }).await.expect("done");
    let state = "SELECT state, attempts FROM jobs WHERE id = ?1";
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, u32>(1)?));
    let job = server.folder.database().query_row(state, [id], read).expect("there");
    assert_eq!(job, ("waiting".to_string(), 0));
    let line = "SELECT actor, object FROM audit WHERE action = 'job.retry'";
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?));
    let line = server.folder.database().query_row(line, [], read).expect("noted");
    assert_eq!(line, ("operator".to_string(), id.to_string()));
}

#[tokio::test]
async fn what_cannot_be_done_is_said_and_changes_nothing() {
    let server = Server::open().await;
    let folder = server.folder.path();
    let refused = |order: Order| async move {
        socket::order(folder, order).await.expect_err("refused").to_string()
    };
    let add = Order::UserAdd { name: "ana".into(), role: Role::Agent, email: None };
    assert!(refused(add).await.contains("already an account named `ana`"));
    let gone = Order::UserPasswd { name: "zoe".into() };
    assert!(refused(gone).await.contains("no account named `zoe`"));
    let last = Order::UserDisable { name: "ana".into() };
    assert!(refused(last).await.contains("last administrator"));
    assert!(refused(Order::JobsRetry { id: 7 }).await.contains("no dead job 7"));
    let nowhere = socket::order(&folder.join("nothing"), Order::UserList).await;
    assert!(nowhere.expect_err("refused").to_string().contains("--data"));
}

#[tokio::test]
async fn a_backup_of_a_working_server_brings_every_chat_back() {
    let server = Server::open().await;
    let mut visitor = Visitor::arrive(&server).await;
    let asked = visitor.say(PRICE.0).await;
    visitor.reply_to(asked).await;
    let chat = server.folder.chat_of(&visitor.key);
    let outside = tempfile::tempdir().expect("temp dir");
    let file = outside.path().join("backup.db");
    let order = Order::Backup { to: file.clone() };
    let taken = socket::order(server.folder.path(), order).await.expect("a backup");
    let restored = outside.path().join("restored");
    let found = store::restore(&file, &restored).expect("restored");
    assert_eq!(taken["events"], found.events);
    let count = "SELECT COUNT(*) FROM events WHERE stream = ?1";
    let events = |db: &rusqlite::Connection| -> i64 {
        db.query_row(count, [chat.as_bytes()], |row| row.get(0)).expect("a count")
    };
    let copy = rusqlite::Connection::open(restored.join(store::FILE)).expect("opens");
    assert_eq!(events(&copy), events(&server.folder.database()));
    assert!(events(&copy) > 0);
}
