//! Accepts connections. `axum::serve` waits for ever for headers that never come, so connections are
//! served here with hyper's HTTP/1 and a timer, and a bound on how many there are.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use super::limits::Limits;
use crate::shutdown::Shutdown;

/// How long open connections may take to end when the server stops.
const DRAIN: Duration = Duration::from_secs(5);

/// Serves until told to stop, then waits for what is open to end, at most [`DRAIN`].
pub async fn serve(listener: TcpListener, router: Router, limits: &Limits, mut shutdown: Shutdown) {
    let connections = TaskTracker::new();
    let permits = Arc::new(Semaphore::new(limits.sockets));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = shutdown.requested() => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                // Full means the newest is turned away, not that everybody waits.
                let Ok(permit) = permits.clone().try_acquire_owned() else { continue };
                let connection = connection(
                    stream,
                    peer,
                    router.clone(),
                    limits.header_time,
                    permit,
                    shutdown.clone(),
                );
                connections.spawn(connection);
            }
            Err(error) => {
                // Out of file handles, most likely: waiting is all that helps.
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    connections.close();
    let sockets = u32::try_from(limits.sockets).unwrap_or(u32::MAX);
    let ended = async {
        connections.wait().await;
        // An upgraded socket outlives its connection and gives its permit back when it is closed.
        let _ = permits.acquire_many(sockets).await;
    };
    if tokio::time::timeout(DRAIN, ended).await.is_err() {
        let open = limits.sockets - permits.available_permits();
        tracing::warn!(open, "some connections did not end in time");
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    header_time: Duration,
    permit: OwnedSemaphorePermit,
    mut shutdown: Shutdown,
) {
    // Sentences are small and should leave at once; a failure only costs latency.
    let _ = stream.set_nodelay(true);
    let permit = Arc::new(permit);
    let service = router.map_request(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        // An upgraded socket outlives this connection's future and holds the permit itself.
        request.extensions_mut().insert(permit.clone());
        request.map(axum::body::Body::new)
    });
    let served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(header_time)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
        .with_upgrades();
    let mut served = std::pin::pin!(served);
    let ended = tokio::select! {
        ended = served.as_mut() => ended,
        () = shutdown.requested() => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}
