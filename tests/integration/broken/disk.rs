//! A disk without room, as a small file system that only the program's process sees. Skipped aloud
//! where such a thing may not be made.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use floorwalker::domain::ids::{ClientId, Seq};
use floorwalker::protocol::{ErrorCode, VisitorHears, VisitorSays};
use reqwest::Method;

use crate::harness::{Folder, PRICE, Program, Visitor, client_id, request, within};

/// Mounts a small file system on the first argument, copies the second there, becomes the rest.
const ON_A_SMALL_DISK: &str = "mount -t tmpfs -o size=32m small \"$1\" && \
                               cp \"$2\" \"$1/floorwalker.db\" && shift 2 && exec \"$@\"";

fn apart() -> Command {
    let mut command = Command::new("unshare");
    command.args(["--mount", "--map-root-user"]);
    command
}

fn may_mount() -> bool {
    let mount = ["sh", "-c", "mount -t tmpfs -o size=1m small /mnt"];
    let mounted = apart().args(mount).stderr(Stdio::null()).status();
    mounted.is_ok_and(|status| status.success())
}

/// Writes until there is no room.
fn fill(file: &Path) {
    let mut file = File::create(file).expect("made");
    for size in [1 << 20, 4_096, 1] {
        while file.write_all(&vec![0; size]).is_ok() {}
    }
}

/// What became of a message: its place, or why it was refused.
async fn say(visitor: &mut Visitor, name: &ClientId, text: &str) -> Result<Seq, ErrorCode> {
    visitor.send(&VisitorSays::Say { client_id: name.clone(), text: text.into() }).await;
    visitor
        .until("an answer to a message", |frame| match frame {
            VisitorHears::Ack { client_id, seq } if client_id == name => Some(Ok(*seq)),
            VisitorHears::Error { code, client_id: Some(about), .. } if about == name => {
                Some(Err(*code))
            }
            _ => None,
        })
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_room_nothing_is_acknowledged_and_with_room_all_goes_on() {
    if !may_mount() {
        eprintln!("SKIPPED: a full disk needs the right to mount one.");
        return;
    }
    let folder = Folder::new().await;
    let disk = folder.path().join("disk");
    std::fs::create_dir(&disk).expect("made");
    let mut small = apart();
    small
        .args(["sh", "-c", ON_A_SMALL_DISK, "sh"])
        .arg(&disk)
        .arg(folder.path().join("floorwalker.db"));
    let program = tokio::task::spawn_blocking(move || Program::inside(small, &disk)).await;
    let mut program = program.expect("the program starts");
    let seen_from_here = PathBuf::from(format!("/proc/{}/root", program.id()));
    let disk = seen_from_here.join(folder.path().strip_prefix("/").expect("absolute")).join("disk");

    let mut visitor = Visitor::at(program.address, &floorwalker::people::secret(32), 0).await;
    let first = say(&mut visitor, &client_id(), "Hello!").await.expect("there is room");
    visitor.reply_to(first).await;
    let ballast = disk.join("ballast");
    fill(&ballast);
    // What the write-ahead log has already may still be used for a while.
    let lost = within("the disk is full", async {
        loop {
            let name = client_id();
            match say(&mut visitor, &name, "Thanks!").await {
                Ok(_) => fill(&ballast),
                Err(code) => break (name, code),
            }
        }
    })
    .await;
    assert_eq!(lost.1, ErrorCode::NotStored);
    assert!(program.lives());
    let health = format!("http://{}/api/health", program.address);
    let told = request(Method::GET, &health, &[], None).await.json();
    assert_eq!(told["status"], "degraded", "{told}");
    assert!(told["database"].as_str().is_some_and(|why| why.contains("full")), "{told}");

    std::fs::remove_file(&ballast).expect("removed");
    let asked = client_id();
    let again = say(&mut visitor, &lost.0, "Thanks!").await.expect("stored now");
    assert_eq!(say(&mut visitor, &lost.0, "Thanks!").await, Ok(again), "and once");
    let seq = say(&mut visitor, &asked, PRICE.0).await.expect("stored");
    let reply = visitor.reply_to(seq).await;
    assert!(serde_json::to_string(&reply).expect("plain").contains(PRICE.1), "{reply:?}");
    let told = request(Method::GET, &health, &[], None).await.json();
    assert_eq!(told["database"], "ok", "{told}");
    program.stop();
}
