//! Accepts connections. `axum::serve` waits for ever for headers that never come, so connections are
//! served here with hyper's HTTP/1 and a timer, and a bound on how many there are.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;
use tower::ServiceExt;

use super::limits::Limits;
use crate::protocol::MAX_UNSENT;
use crate::shutdown::Shutdown;

/// How long open connections may take to end when the server stops.
const DRAIN: Duration = Duration::from_secs(5);
/// Most bytes of a request that are held until its headers are complete.
const MAX_HEAD: usize = 16 * 1024;

/// A connection's place among all that may be open, and among those the server waits for when it
/// stops. An upgraded socket outlives its connection's future and holds on to it.
#[derive(Clone)]
pub struct Place(#[expect(dead_code, reason = "held, not read")] Arc<Held>);

type Held = (OwnedSemaphorePermit, TaskTrackerToken);

/// Serves until told to stop, then waits for what is open to end, at most [`DRAIN`].
pub async fn serve(listener: TcpListener, router: Router, limits: &Limits, mut shutdown: Shutdown) {
    spare_the_system(&listener, limits);
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
                let place = Place(Arc::new((permit, connections.token())));
                let router = router.clone();
                tokio::spawn(connection(
                    stream,
                    peer,
                    router,
                    limits.header_time,
                    place,
                    shutdown.clone(),
                ));
            }
            Err(error) => {
                // Out of file handles, most likely: waiting is all that helps.
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    connections.close();
    if tokio::time::timeout(DRAIN, connections.wait()).await.is_err() {
        tracing::warn!(open = connections.len(), "some connections did not end in time");
    }
}

/// Bounds what the system keeps for a client that does not take it: how much, and, once we have let
/// go, how long. Accepted connections inherit both; a system that knows neither does without.
fn spare_the_system(listener: &TcpListener, limits: &Limits) {
    let listener = SockRef::from(listener);
    let _ = listener.set_send_buffer_size(MAX_UNSENT);
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let _ = listener.set_tcp_user_timeout(Some(2 * limits.send_time));
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    header_time: Duration,
    place: Place,
    mut shutdown: Shutdown,
) {
    // Sentences are small and should leave at once; a failure only costs latency.
    let _ = stream.set_nodelay(true);
    let service = router.map_request(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(place.clone());
        request.map(axum::body::Body::new)
    });
    let served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(header_time)
        .max_buf_size(MAX_HEAD)
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
