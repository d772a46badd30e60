//! The WebSocket protocol itself, held against Autobahn's cases: an echo behind the same upgrade, the
//! same `Socket` and the same server as every socket of ours, with room for its largest messages.
//!
//! The cases are run by `kosoku` (from PyPI), which `./test` puts into the cache; without it this is
//! skipped aloud. Compression (12, 13) is not offered.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use axum::extract::{State, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use floorwalker::shutdown::{Shutdown, Stop};
use floorwalker::web::limits::Limits;
use floorwalker::web::places::Place;
use floorwalker::web::server;
use floorwalker::web::socket::{Heard, Socket, bounded};
use serde::Deserialize;
use tokio::net::TcpListener;

/// How many cases there are outside of compression.
const CASES: usize = 301;
/// The largest message of case group 9, with its frame's header.
const LARGEST: usize = 16 * 1024 * 1024 + 16;

/// Says what it hears.
async fn echo(
    State(limits): State<Limits>,
    Extension(place): Extension<Place>,
    upgrade: WebSocketUpgrade,
) -> Response {
    bounded(upgrade, &limits).on_upgrade(move |socket| async move {
        let mut socket = Socket::new(socket, &limits, place);
        loop {
            match socket.hear_any().await {
                Heard::Said(message) => {
                    if socket.send_any(message).await.is_err() {
                        break;
                    }
                }
                Heard::Alive => {}
                Heard::End => break,
            }
        }
        socket.end().await;
    })
}

async fn echoing() -> (SocketAddr, Stop) {
    let limits = Limits { frame: LARGEST, unsent: 2 * LARGEST, ..Limits::default() };
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let address = listener.local_addr().expect("a bound address");
    let router = Router::new().route("/echo", get(echo)).with_state(limits.clone());
    let router = floorwalker::web::guarded(router);
    let (stop, shutdown) = Shutdown::new();
    tokio::spawn(async move { server::serve(listener, router, &limits, &[], shutdown).await });
    (address, stop)
}

/// One case, as `index.json` tells it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    behavior: String,
    behavior_close: String,
    reportfile: String,
}

/// What a case's own report says of its end.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct End {
    was_clean: bool,
}

impl Case {
    /// Whether it went as RFC 6455 wants it. Some cases only note what a server chose, and one that
    /// reads text that is not UTF-8 to the end before it objects is right, if not strict.
    fn passed(&self) -> bool {
        ["OK", "NON-STRICT", "INFORMATIONAL"].contains(&&*self.behavior)
            && ["OK", "INFORMATIONAL"].contains(&&*self.behavior_close)
    }
}

fn program() -> Option<PathBuf> {
    let cache = match (std::env::var_os("XDG_CACHE_HOME"), std::env::var_os("HOME")) {
        (Some(cache), _) => PathBuf::from(cache),
        (None, home) => Path::new(&home?).join(".cache"),
    };
    let program = cache.join("floorwalker/kosoku/bin/kosoku");
    program.is_file().then_some(program)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_autobahn_case_passes_and_closes_cleanly() {
    let Some(program) = program() else {
        eprintln!("SKIPPED: Autobahn's cases need kosoku; `./test autobahn` fetches it.");
        return;
    };
    let (address, _stop) = echoing().await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let report = folder.path().to_path_buf();
    let run = tokio::task::spawn_blocking(move || {
        std::process::Command::new(program)
            .args(["-p", "2", "-x", "12.*", "-x", "13.*", "-o"])
            .arg(report)
            .arg(format!("ws://{address}/echo"))
            .output()
    });
    let output = run.await.expect("no panic").expect("kosoku runs");
    let index = std::fs::read(folder.path().join("index.json")).unwrap_or_else(|error| {
        panic!("no report ({error}): {}", String::from_utf8_lossy(&output.stderr))
    });
    let agents: std::collections::BTreeMap<String, std::collections::BTreeMap<String, Case>> =
        serde_json::from_slice(&index).expect("a report");
    let cases: Vec<_> = agents.into_values().flatten().collect();
    let clean = |case: &Case| {
        let report = std::fs::read(folder.path().join(&case.reportfile)).expect("a case's report");
        serde_json::from_slice::<End>(&report).expect("a report").was_clean
    };
    let wrong: Vec<_> = cases.iter().filter(|(_, case)| !case.passed() || !clean(case)).collect();
    let good = cases.len() - wrong.len();
    println!("autobahn: {good} of {} cases pass and close cleanly", cases.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(cases.len(), CASES);
}
