//! For whoever watches over the server: can it serve, and its figures.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rusqlite::Connection;
use serde_json::{Value, json};
use subtle::ConstantTimeEq;
use tokio::sync::Mutex;

use super::Web;
use crate::config::Metrics;
use crate::domain::time;
use crate::figures::{self, Standing};
use crate::store::{self, Store, StoreError};

/// Whether the database can be written is tried no more often than this, whoever asks.
const TRY: Duration = Duration::from_secs(5);
/// A write that takes longer is as good as none.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is known about the operation of this server.
pub struct Operation {
    token: Option<String>,
    behind_proxy: bool,
    written: Mutex<Option<(Instant, bool)>>,
}

impl Operation {
    /// As the operator said.
    pub fn new(metrics: &Metrics, behind_proxy: bool) -> Self {
        Self { token: metrics.token.clone(), behind_proxy, written: Mutex::new(None) }
    }

    /// May this one read the figures?
    fn may_read(&self, peer: SocketAddr, headers: &HeaderMap) -> bool {
        match &self.token {
            None => !self.behind_proxy && peer.ip().to_canonical().is_loopback(),
            Some(token) => {
                let brought = headers.get(header::AUTHORIZATION).map(|value| value.as_bytes());
                let brought = brought.and_then(|value| value.strip_prefix(b"Bearer "));
                brought.is_some_and(|brought| brought.ct_eq(token.as_bytes()).into())
            }
        }
    }

    /// Can the database be written? Tried in earnest, and remembered for a while.
    async fn writable(&self, store: &Store) -> bool {
        let mut written = self.written.lock().await;
        if let Some((at, could)) = *written
            && at.elapsed() < TRY
        {
            return could;
        }
        let now = time::Instant::now();
        let write = move |db: &Connection| {
            let sql = "INSERT OR REPLACE INTO cursors (subscriber, pos) VALUES ('ready', ?1)";
            db.execute(sql, [now.0]).map(|_| ()).map_err(StoreError::from)
        };
        let outcome = tokio::time::timeout(PATIENCE, store.write(write, |()| {})).await;
        let could = matches!(outcome, Ok(Ok(())));
        *written = Some((Instant::now(), could));
        could
    }
}

/// `GET /api/ready`: 200 where a visitor would be served as they should be, 503 where not, and why.
pub async fn ready(State(web): State<Web>) -> (StatusCode, Json<Value>) {
    let models = web.answerer.health();
    let waits_for = [
        (web.shutdown.is_requested(), "it is stopping"),
        (!models.encoder.ready, "the model that understands is not there: see /api/health"),
        (!models.writer.ready, "the model that writes is not there: see /api/health"),
        (!web.operation.writable(web.log.store()).await, "the database cannot be written"),
    ];
    let why: Vec<&str> =
        waits_for.iter().filter(|(wrong, _)| *wrong).map(|(_, why)| *why).collect();
    let status = if why.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({ "ready": why.is_empty(), "why": why })))
}

/// `GET /metrics`: the figures as Prometheus reads them, for whoever may.
pub async fn metrics(
    State(web): State<Web>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Response {
    if !web.operation.may_read(peer, &headers) {
        let why =
            "set `token` under [metrics] in the settings file, and bring it as a bearer token\n";
        return (StatusCode::FORBIDDEN, why).into_response();
    }
    let (writer, encoder) = web.answerer.figures();
    figures::engine::show(&writer, &encoder);
    if let Err(error) = stand(&web).await {
        tracing::error!(%error, "some figures cannot be read");
    }
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (kind, figures::text()).into_response()
}

/// Asks the database for what only it knows.
async fn stand(web: &Web) -> Result<(), StoreError> {
    let (jobs_waiting, jobs_dead) = web.jobs.count().await?;
    let queue = web.floor.waiting().await?;
    let file = web.log.store().folder().join(store::FILE);
    let bytes = |path: &std::path::Path| std::fs::metadata(path).map_or(0, |found| found.len());
    let database = bytes(&file) + bytes(&file.with_extension("db-wal"));
    figures::standing(Standing { queue, jobs_waiting, jobs_dead, database });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may(token: Option<&str>, behind_proxy: bool, peer: &str, brought: Option<&str>) -> bool {
        let metrics = Metrics { token: token.map(str::to_string) };
        let mut headers = HeaderMap::new();
        if let Some(brought) = brought {
            headers.insert(header::AUTHORIZATION, brought.parse().expect("a header"));
        }
        let peer = SocketAddr::new(peer.parse().expect("an address"), 4_711);
        Operation::new(&metrics, behind_proxy).may_read(peer, &headers)
    }

    #[test]
    fn the_open_internet_reads_no_figures() {
        assert!(may(None, false, "127.0.0.1", None));
        assert!(may(None, false, "::1", None));
        assert!(may(None, false, "::ffff:127.0.0.1", None));
        assert!(!may(None, false, "192.0.2.7", None));
        assert!(!may(None, true, "127.0.0.1", None), "a proxy seems to be here, whoever it serves");
        assert!(!may(Some("word"), false, "127.0.0.1", None), "where a token is set, it is wanted");
        assert!(may(Some("word"), true, "192.0.2.7", Some("Bearer word")));
        for wrong in ["Bearer wor", "Bearer words", "word", "Basic word", "Bearer "] {
            assert!(!may(Some("word"), false, "127.0.0.1", Some(wrong)), "{wrong}");
        }
    }
}
