//! Every acknowledgement left the server after the sync that made its message durable.
//!
//! The real program runs under `strace` while visitors write, and an [`Auditor`] follows each message
//! by its name: into the write-ahead log, through the sync, out of a socket. Skipped aloud where
//! there is no `strace` that may trace. `FLOORWALKER_FSYNC_ACKS` says how many (2,000 unless set).

mod auditor;
mod line;

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use futures_util::future::join_all;

use crate::harness::{Folder, Program, Visitor, owned_chats, within};
use auditor::Auditor;

/// Visitors who write at the same time, each when the message before is acknowledged.
const VISITORS: usize = 200;
/// Calls that tell the story, and enough of each to hold a page of the database.
const STRACE: [&str; 8] = [
    "-D",
    "-f",
    "-y",
    "--seccomp-bpf",
    "-s",
    "4200",
    "-e",
    "trace=pwrite64,pwritev,fdatasync,fsync,write,writev,sendto,sendmsg",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_ack_leaves_after_the_sync_of_its_message() {
    if !may_trace() {
        eprintln!("SKIPPED: the audit of syncs needs `strace` and the right to trace.");
        return;
    }
    let wanted: usize = match std::env::var("FLOORWALKER_FSYNC_ACKS") {
        Ok(text) => text.parse().expect("FLOORWALKER_FSYNC_ACKS is a number"),
        Err(_) => 2_000,
    };
    let each = wanted.div_ceil(VISITORS);
    let folder = Folder::new().await;
    let chats = owned_chats(&folder, VISITORS).await;
    folder.free().await;

    let (pipe, auditing) = audited(&folder);
    let mut strace = Command::new("strace");
    strace.args(STRACE).arg("-o").arg(&pipe);
    let data = folder.path().to_path_buf();
    let program = tokio::task::spawn_blocking(move || Program::inside(strace, &data));
    let program = within("the program opens", program).await.expect("the program starts");
    let address = program.address;
    let writing = chats.into_iter().enumerate().map(|(number, (key, _))| {
        tokio::spawn(async move {
            let mut visitor = Visitor::at(address, &key, 0).await;
            for message in number * each..(number + 1) * each {
                visitor.say_as(&auditor::name(message), "Is it waterproof?").await;
                visitor.forget();
            }
        })
    });
    for written in join_all(writing).await {
        written.expect("every message is acknowledged");
    }
    program.stop();
    let (auditor, blind) = auditing.join().expect("the trace is read to its end");

    println!("{}", auditor.report());
    assert_eq!(auditor.acks(), VISITORS * each, "every acknowledgement was seen");
    assert_eq!(auditor.violations(), 0, "{}", auditor.report());
    assert!(auditor.commits() > 0);
    // The same trace without its syncs: nothing in it may pass.
    assert_eq!(blind.violations(), VISITORS * each, "{}", blind.report());
}

/// Is there a `strace`, and may it?
fn may_trace() -> bool {
    let mut strace = Command::new("strace");
    strace.args(["-f", "--seccomp-bpf", "-o", "/dev/null", "true"]);
    strace.stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// A pipe for the trace, and the thread that follows it: once as it is, once as if nothing were synced.
fn audited(folder: &Folder) -> (PathBuf, std::thread::JoinHandle<(Auditor, Auditor)>) {
    let pipe = folder.path().join("trace");
    let made = Command::new("mkfifo").arg(&pipe).status().expect("there is `mkfifo`");
    assert!(made.success());
    let from = pipe.clone();
    let follow = move || {
        let (mut auditor, mut blind) = (Auditor::default(), Auditor::default());
        let mut trace = BufReader::with_capacity(1 << 20, File::open(from).expect("a pipe"));
        let mut line = String::new();
        while trace.read_line(&mut line).expect("strace writes ASCII") > 0 {
            auditor.read(&line);
            if !line.contains("sync") {
                blind.read(&line);
            }
            line.clear();
        }
        (auditor, blind)
    };
    (pipe, std::thread::spawn(follow))
}
