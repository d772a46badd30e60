//! A crowd at the real program: thousands who only stay, who begin and never finish, who never read.
//! The default run brings a few of each and looks at what happens to them; `./test crowd` brings them
//! all and prints what it measured as one JSON object.

mod guests;
mod measure;

use std::time::Duration;

use serde_json::json;

use crate::harness::{Folder, Program, UNBOUNDED, long_chat, within};
use guests::{dawdle, shun, stay};

/// Times to wait for a client, short enough for the default run.
const HURRIED: &str = "header_time = \"2s\"\nhello_time = \"2s\"\nsend_time = \"2s\"\n";
/// Longest that the full crowd's unfinished business may be waited for, in seconds.
const PATIENCE: f64 = 15.0;
/// Most memory that one who only stays may cost, in bytes.
const ROOM: u64 = 16 * 1024;

/// Starts the program, which takes a while, beside everything else.
async fn open(folder: &Folder, times: &str) -> Program {
    let (path, settings) = (folder.path().to_path_buf(), format!("{UNBOUNDED}{times}"));
    let program = tokio::task::spawn_blocking(move || Program::start(&path, &settings));
    within("the program opens", program).await.expect("the program starts")
}

#[tokio::test]
async fn who_only_stays_is_kept_and_disturbs_nobody() {
    let folder = Folder::new().await;
    let program = open(&folder, "").await;
    let stayed = stay(&program, 200, Duration::from_secs(3)).await;
    assert_eq!(stayed.still_open, 200);
}

#[tokio::test]
async fn who_begins_and_never_finishes_is_let_go_while_others_are_answered() {
    let folder = Folder::new().await;
    let program = open(&folder, HURRIED).await;
    let dawdled = dawdle(&program, 50, 50).await;
    assert_eq!((dawdled.half_sent.let_go, dawdled.silent.let_go), (50, 50));
    assert!(dawdled.meanwhile.asked() > 0, "somebody was answered meanwhile");
}

#[tokio::test]
async fn who_never_reads_is_let_go_while_others_are_answered() {
    let (folder, key) = long_chat().await;
    let program = open(&folder, HURRIED).await;
    let shunned = shun(&program, &key, 20).await;
    assert_eq!(shunned.deaf.let_go, 20);
    assert!(shunned.meanwhile.asked() > 0, "somebody was answered meanwhile");
}

/// With the limits that hold without any settings.
#[tokio::test]
#[ignore = "takes three minutes; `./test crowd`"]
async fn in_full() {
    let (folder, key) = long_chat().await;
    let program = open(&folder, "").await;
    let stayed = stay(&program, 5_000, Duration::from_secs(60)).await;
    let dawdled = dawdle(&program, 2_000, 2_000).await;
    let shunned = shun(&program, &key, 500).await;
    println!("{}", json!({ "idle": stayed, "unfinished": dawdled, "deaf": shunned }));
    assert_eq!(stayed.still_open, 5_000);
    assert!(stayed.bytes_each.is_none_or(|each| each <= ROOM), "{:?}", stayed.bytes_each);
    for kind in [&dawdled.half_sent, &dawdled.silent] {
        assert!(kind.let_go == 2_000 && kind.slowest_s <= PATIENCE, "{kind:?}");
    }
    assert_eq!(shunned.deaf.let_go, 500);
}
