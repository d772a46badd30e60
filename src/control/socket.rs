//! The control socket in the data folder: one order a connection, as a line of JSON, answered by one.
//! Whoever may write to the folder may order anything; the socket's mode says so.

use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};

use super::{Order, Rooms};
use crate::config::Settings;
use crate::jobs::{Clock, Jobs};
use crate::log::Log;
use crate::outbound::Policy;
use crate::people::People;
use crate::sites::Sites;
use crate::store::{Store, StoreError};
use crate::webhooks::Webhooks;

const FILE: &str = "control.sock";
/// Longest order, in bytes.
const LONGEST: u64 = 512 * 1024;
/// For a server that has the folder to listen.
const STARTING: Duration = Duration::from_secs(10);
/// For an order to arrive once its connection is there.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Done(Value),
    Error(String),
}

/// Obeys orders for as long as it is polled.
pub async fn serve(folder: &Path, rooms: Rooms) {
    let listener = match bind(folder) {
        Ok(listener) => listener,
        Err(error) => {
            let path = folder.join(FILE);
            tracing::warn!(%error, path = %path.display(), "no control socket: commands need the server stopped");
            return;
        }
    };
    while let Ok((stream, _)) = listener.accept().await {
        let rooms = rooms.clone();
        tokio::spawn(async move {
            if let Err(error) = answer(stream, rooms).await {
                tracing::debug!(%error, "an order broke off");
            }
        });
    }
}

fn bind(folder: &Path) -> std::io::Result<UnixListener> {
    let path = folder.join(FILE);
    // The folder's lock is ours: what lies here is left of a server that is gone.
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(&path)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

async fn answer(stream: UnixStream, rooms: Rooms) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut line = String::new();
    let mut reader = BufReader::new(read.take(LONGEST));
    tokio::time::timeout(PATIENCE, reader.read_line(&mut line)).await??;
    let answer = match serde_json::from_str::<Order>(&line) {
        Ok(order) => match rooms.obey(order).await {
            Ok(done) => Answer::Done(done),
            Err(error) => Answer::Error(error),
        },
        Err(error) => Answer::Error(format!("this server does not know that order: {error}")),
    };
    let mut line = serde_json::to_vec(&answer)?;
    line.push(b'\n');
    write.write_all(&line).await
}

/// Has an order done: by the server that has the folder, or here if none has it.
pub async fn order(folder: &Path, order: Order) -> anyhow::Result<Value> {
    if !folder.join(crate::store::FILE).exists() {
        anyhow::bail!(
            "there is no data folder at {}: name it with --data, or start `floorwalker serve` first",
            folder.display()
        );
    }
    let deadline = tokio::time::Instant::now() + STARTING;
    loop {
        if let Ok(stream) = UnixStream::connect(folder.join(FILE)).await {
            return ask(stream, &order).await;
        }
        match Store::open(folder) {
            Ok(store) => return here(store, order).await,
            // A server has the folder and does not listen yet: it is just starting, or stopping.
            Err(StoreError::InUse(_)) if tokio::time::Instant::now() < deadline => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

async fn here(store: Store, order: Order) -> anyhow::Result<Value> {
    let jobs = Jobs::new(store.clone(), Clock::system());
    let settings = Settings::read(None, store.folder())?;
    let policy = Policy::webhooks().with(&settings.outbound.allow);
    let rooms = Rooms {
        people: People::new(store.clone()),
        sites: Sites::open(store.clone()).await?,
        shelf: None,
        engine: None,
        webhooks: Webhooks::new(store.clone(), jobs.clone(), policy),
        jobs,
        log: Log::new(store),
    };
    rooms.obey(order).await.map_err(anyhow::Error::msg)
}

async fn ask(stream: UnixStream, order: &Order) -> anyhow::Result<Value> {
    let (read, mut write) = stream.into_split();
    let mut line = serde_json::to_vec(order)?;
    line.push(b'\n');
    write.write_all(&line).await?;
    let mut answer = String::new();
    BufReader::new(read).read_line(&mut answer).await?;
    match serde_json::from_str(&answer)? {
        Answer::Done(value) => Ok(value),
        Answer::Error(error) => anyhow::bail!(error),
    }
}
