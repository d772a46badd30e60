//! The kinds of guests, and what is seen of each.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt, stream};
use serde::Serialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;

use super::measure::{LetGo, Waits, resident};
use crate::harness::{Program, close_code, deaf, hello, let_go, upgrade, within};
use floorwalker::people::secret;

/// Who knock at the same moment.
const AT_ONCE: usize = 50;
/// How often memory is looked at while guests stay.
const LOOKS: u32 = 6;

/// Guests who said hello and only stay.
#[derive(Debug, Serialize)]
pub struct Stayed {
    sockets: usize,
    seconds: u64,
    pub still_open: usize,
    resident_before: Option<u64>,
    resident_most: Option<u64>,
    resident_after: Option<u64>,
    pub bytes_each: Option<u64>,
    before: Waits,
    meanwhile: Waits,
}

/// Has so many stay for so long.
pub async fn stay(program: &Program, count: usize, time: Duration) -> Stayed {
    let before = Waits::of(program, 5).await;
    let resident_before = resident(program);
    let address = program.address;
    let guests: Vec<JoinHandle<()>> =
        stream::iter((0..count).map(|_| guest(address))).buffer_unordered(AT_ONCE).collect().await;
    let mut samples = Vec::new();
    let (enough, until) = oneshot::channel();
    let looks = async {
        for _ in 0..LOOKS {
            tokio::time::sleep(time / LOOKS).await;
            samples.extend(resident(program));
        }
        let _ = enough.send(());
    };
    let (meanwhile, ()) = tokio::join!(Waits::until(program, until), looks);
    let still_open = guests.iter().filter(|guest| !guest.is_finished()).count();
    guests.iter().for_each(JoinHandle::abort);
    tokio::time::sleep(time / LOOKS).await;
    let resident_most = samples.into_iter().max();
    let each = |(most, before): (u64, u64)| most.saturating_sub(before) / count as u64;
    Stayed {
        sockets: count,
        seconds: time.as_secs(),
        still_open,
        resident_before,
        resident_most,
        resident_after: resident(program),
        bytes_each: resident_most.zip(resident_before).map(each),
        before,
        meanwhile,
    }
}

/// Says hello, hears the welcome, and then answers pings until the server ends it.
async fn guest(address: SocketAddr) -> JoinHandle<()> {
    let origin = format!("http://{address}");
    let socket = upgrade(address, "/ws/visitor", &[("origin", &origin)]).await;
    let mut socket = socket.expect("our own page may connect");
    let hello = serde_json::to_string(&hello("demo", &secret(32), 0)).expect("plain data");
    socket.send(Message::Text(hello.into())).await.expect("open");
    for _ in ["welcome", "synced"] {
        let heard = within("the server answers", socket.next()).await;
        assert!(matches!(heard, Some(Ok(Message::Text(_)))), "{heard:?}");
    }
    tokio::spawn(async move { while let Some(Ok(_)) = socket.next().await {} })
}

/// Guests who begin and never finish.
#[derive(Debug, Serialize)]
pub struct Dawdled {
    pub half_sent: LetGo,
    pub silent: LetGo,
    resident_before: Option<u64>,
    resident_full: Option<u64>,
    before: Waits,
    pub meanwhile: Waits,
}

/// Has so many send half a request, and so many open a socket and say nothing.
pub async fn dawdle(program: &Program, half: usize, silent: usize) -> Dawdled {
    let before = Waits::of(program, 5).await;
    let resident_before = resident(program);
    let address = program.address;
    let half: Vec<_> = stream::iter((0..half).map(|_| half_sent(address)))
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let silent: Vec<_> = stream::iter((0..silent).map(|_| says_nothing(address)))
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let resident_full = resident(program);
    let (enough, until) = oneshot::channel();
    let gone = async {
        let gone = (all(half).await, all(silent).await);
        let _ = enough.send(());
        gone
    };
    let (meanwhile, (half_sent, silent)) = tokio::join!(Waits::until(program, until), gone);
    Dawdled { half_sent, silent, resident_before, resident_full, before, meanwhile }
}

/// Sends half a request and waits for the end; tells how long that took.
async fn half_sent(address: SocketAddr) -> JoinHandle<Duration> {
    let mut stream = TcpStream::connect(address).await.expect("the server listens");
    let began = Instant::now();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: shop.exam").await.expect("open");
    tokio::spawn(async move {
        // However it ends, it ends.
        let _ = stream.read_to_end(&mut Vec::new()).await;
        began.elapsed()
    })
}

/// Opens a socket, says nothing, and waits to be told why it ends.
async fn says_nothing(address: SocketAddr) -> JoinHandle<Duration> {
    let origin = format!("http://{address}");
    let opened = upgrade(address, "/ws/visitor", &[("origin", &origin)]).await;
    let mut socket = opened.expect("our own page may connect");
    let began = Instant::now();
    tokio::spawn(async move {
        assert_eq!(close_code(&mut socket).await, 4008);
        while let Some(Ok(_)) = socket.next().await {}
        began.elapsed()
    })
}

/// Guests who never read.
#[derive(Debug, Serialize)]
pub struct Shunned {
    pub deaf: LetGo,
    resident_before: Option<u64>,
    resident_full: Option<u64>,
    before: Waits,
    pub meanwhile: Waits,
}

/// Has so many come to a chat that is longer than any buffer, and read nothing.
pub async fn shun(program: &Program, key: &str, count: usize) -> Shunned {
    let before = Waits::of(program, 5).await;
    let resident_before = resident(program);
    let address = program.address;
    let deaf: Vec<_> = stream::iter((0..count).map(|_| never_reads(address, key)))
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let resident_full = resident(program);
    let (enough, until) = oneshot::channel();
    let gone = async {
        let gone = all(deaf).await;
        let _ = enough.send(());
        gone
    };
    let (meanwhile, deaf) = tokio::join!(Waits::until(program, until), gone);
    Shunned { deaf, resident_before, resident_full, before, meanwhile }
}

/// Comes to the visitor's chat, reads nothing, and waits to be let go.
async fn never_reads(address: SocketAddr, key: &str) -> JoinHandle<Duration> {
    let stream = deaf(address, key).await;
    let began = Instant::now();
    tokio::spawn(async move {
        let_go(stream).await;
        began.elapsed()
    })
}

/// When each of these was let go.
async fn all(guests: Vec<JoinHandle<Duration>>) -> LetGo {
    let ended = within("all are let go", futures_util::future::join_all(guests)).await;
    LetGo::of(ended.into_iter().map(|guest| guest.expect("no client panics")).collect())
}
