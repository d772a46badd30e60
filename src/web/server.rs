//! Accepts connections. `axum::serve` waits for ever for headers that never come, so connections are
//! served here with hyper's HTTP/1 and a timer, and a bound on how many there are.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;

use super::client::Network;
use super::limits::Limits;
use super::places::{Place, Places};
use crate::protocol::MAX_UNSENT;
use crate::shutdown::Shutdown;

/// How long open connections may take to end when the server stops.
const DRAIN: Duration = Duration::from_secs(5);
/// Most bytes of a request that are held until its headers are complete.
const MAX_HEAD: usize = 16 * 1024;

/// Serves until told to stop, then waits for what is open to end, at most [`DRAIN`].
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: &Limits,
    proxies: &[Network],
    mut shutdown: Shutdown,
) {
    spare_the_system(&listener, limits);
    let places = Places::new(limits);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = shutdown.requested() => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                // Full means the newest is turned away, not that everybody waits.
                let proxy = proxies.iter().any(|network| network.holds(peer.ip()));
                let Some(place) = places.take((!proxy).then_some(peer.ip())) else { continue };
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
    places.taken.close();
    if tokio::time::timeout(DRAIN, places.taken.wait()).await.is_err() {
        tracing::warn!(open = places.taken.len(), "some connections did not end in time");
    }
}

/// Bounds what the system keeps for a client that does not take it: how much, and, once we have let
/// go, how long. Accepted connections inherit both; a system that knows neither does without.
fn spare_the_system(listener: &TcpListener, limits: &Limits) {
    let listener = SockRef::from(listener);
    let _ = listener.set_send_buffer_size(MAX_UNSENT);
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let _ = listener.set_tcp_user_timeout(Some(limits.idle_time));
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
