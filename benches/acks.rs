//! How many messages a second are acknowledged, each of them on disk first, and how long the one who
//! wrote waits for it: through the log alone, and over real sockets of a server in this process (so
//! that the machine carries both sides). Every sender writes its next message when it has the
//! acknowledgement of the one before. Prints a table in Markdown.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use floorwalker::app::{App, Config};
use floorwalker::config::Settings;
use floorwalker::domain::event::Event;
use floorwalker::domain::ids::{ChatId, ClientId, SiteKey, UserId};
use floorwalker::domain::time;
use floorwalker::jobs::Clock;
use floorwalker::knowledge::builtin;
use floorwalker::log::{Append, Expect, Log};
use floorwalker::people::secret;
use floorwalker::protocol::{VisitorHears, VisitorSays};
use floorwalker::shutdown::Shutdown;
use floorwalker::store::Store;
use floorwalker::web::limits::Limits;
use floorwalker::web::visitor::chat_id;
use floorwalker_engine::{Engine, Models, Options};
use futures_util::future::join_all;
use futures_util::{SinkExt, StreamExt};
use sha2::{Digest, Sha256};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

const SENDERS: [usize; 4] = [1, 10, 50, 200];
/// For each row of the table.
const TIME: Duration = Duration::from_secs(4);
const TEXT: &str = "Does the larger one fit two people and a dog, and can I collect it on Friday?";

fn main() {
    // The one TLS provider, as the program installs it; only a second call could fail.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    println!("| through | senders | acknowledged a second | p50 | p99 |");
    println!("| --- | --- | --- | --- | --- |");
    for senders in SENDERS {
        runtime.block_on(through_the_log(senders)).print("the log", senders);
    }
    for senders in SENDERS {
        runtime.block_on(over_sockets(senders)).print("sockets", senders);
    }
}

/// How long each acknowledgement took.
struct Waits(Vec<Duration>);

impl Waits {
    fn print(mut self, through: &str, senders: usize) {
        self.0.sort_unstable();
        let at = |share: f64| self.0[((self.0.len() - 1) as f64 * share) as usize];
        let ms = |wait: Duration| wait.as_secs_f64() * 1_000.0;
        println!(
            "| {through} | {senders} | {:.0} | {:.1} ms | {:.1} ms |",
            self.0.len() as f64 / TIME.as_secs_f64(),
            ms(at(0.5)),
            ms(at(0.99)),
        );
    }
}

/// Lets everybody write for [`TIME`] and gathers how long each of them waited each time.
async fn measure<F: Future<Output = Vec<Duration>> + Send + 'static>(
    senders: impl IntoIterator<Item = F>,
    over: Arc<AtomicBool>,
) -> Waits {
    let senders: Vec<_> = senders.into_iter().map(tokio::spawn).collect();
    tokio::time::sleep(TIME).await;
    over.store(true, Ordering::Relaxed);
    let waits = join_all(senders).await;
    Waits(waits.into_iter().flat_map(|waits| waits.expect("no sender panics")).collect())
}

async fn through_the_log(senders: usize) -> Waits {
    let folder = tempfile::tempdir().expect("temporary folder");
    let log = Log::new(Store::open(folder.path()).expect("opens"));
    let over = Arc::new(AtomicBool::new(false));
    let keys: Vec<String> = (0..senders).map(|_| secret(32)).collect();
    let chats = begin(&log, &keys).await;
    let write = |chat: ChatId| {
        let (log, over) = (log.clone(), over.clone());
        async move {
            let mut waits = Vec::new();
            while !over.load(Ordering::Relaxed) {
                let client_id = name();
                let said = Event::VisitorSaid { client_id: client_id.clone(), text: TEXT.into() };
                let began = Instant::now();
                let append = append(chat, Expect::Exists, Some(client_id), vec![said]);
                log.append(append).await.expect("stored");
                waits.push(began.elapsed());
            }
            waits
        }
    };
    measure(chats.into_iter().map(write), over.clone()).await
}

async fn over_sockets(senders: usize) -> Waits {
    let (data, shop) = (tempfile::tempdir().expect("temp"), tempfile::tempdir().expect("temp"));
    builtin::write_demo_shop(shop.path()).expect("the demo shop");
    let keys: Vec<String> = (0..senders).map(|_| secret(32)).collect();
    begin(&Log::new(Store::open(data.path()).expect("opens")), &keys).await;
    let engine = Engine::start(&Models::default(), &Options::default());
    let app = App::build(config(data.path(), shop.path()), engine, |_, _| {}).await;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let address = listener.local_addr().expect("bound");
    let (stop, shutdown) = Shutdown::new();
    let serving = tokio::spawn(app.expect("the server is built").serve(listener, shutdown));
    let sockets = join_all(keys.iter().map(|key| connect(address, key))).await;
    let over = Arc::new(AtomicBool::new(false));
    let senders = sockets.into_iter().map(|socket| talk(socket, over.clone()));
    let waits = measure(senders, over.clone()).await;
    stop.now();
    serving.await.expect("the server stops");
    waits
}

/// Writes until it is over; what else is heard is read and let go.
async fn talk(mut socket: WebSocketStream<TcpStream>, over: Arc<AtomicBool>) -> Vec<Duration> {
    let mut waits = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let name = name();
        let say = VisitorSays::Say { client_id: name.clone(), text: TEXT.into() };
        let began = Instant::now();
        send(&mut socket, &say).await;
        loop {
            match hear(&mut socket).await {
                VisitorHears::Ack { client_id, .. } if client_id == name => break,
                VisitorHears::Error { message, .. } => panic!("refused: {message}"),
                _ => {}
            }
        }
        waits.push(began.elapsed());
    }
    waits
}

/// Begins a chat for each key and gives it to a colleague: the bot has no part in this.
async fn begin(log: &Log, keys: &[String]) -> Vec<ChatId> {
    let site: SiteKey = "demo".to_string().try_into().expect("a site's key");
    let begin = |key: &String| {
        let visitor = Sha256::digest(key).into();
        let chat = chat_id(&site, &visitor);
        let started = Event::ChatStarted { site: site.clone(), page: None };
        let took = Event::StaffTook { staff: UserId::new(), name: "Ana".into() };
        let new = Expect::New { site: site.clone(), visitor };
        let stored = log.append(append(chat, new, None, vec![started, took]));
        async move {
            stored.await.expect("stored");
            chat
        }
    };
    join_all(keys.iter().map(begin)).await
}

fn append(chat: ChatId, expect: Expect, client_id: Option<ClientId>, events: Vec<Event>) -> Append {
    Append { chat, expect, client_id, events, jobs: Vec::new(), at: time::Instant::now() }
}

fn config(data: &Path, shop: &Path) -> Config {
    let many = std::num::NonZeroU32::new(10_000_000).expect("is more than zero");
    let limits = Limits {
        visitor_messages: many,
        address_messages: many,
        address_connects: many,
        address_sockets: 1_000_000,
        ..Limits::default()
    };
    Config {
        data: data.into(),
        shop: shop.into(),
        site: "demo".to_string().try_into().expect("a site's key"),
        origins: Vec::new(),
        public_url: None,
        settings: Settings { limits, ..Settings::default() },
        clock: Clock::system(),
    }
}

async fn connect(address: SocketAddr, key: &str) -> WebSocketStream<TcpStream> {
    let stream = TcpStream::connect(address).await.expect("the server listens");
    stream.set_nodelay(true).expect("a socket");
    let url = format!("ws://{address}/ws/visitor");
    let mut request = url.into_client_request().expect("an address");
    let origin = format!("http://{address}").parse().expect("a header's value");
    request.headers_mut().insert("origin", origin);
    let (mut socket, _) =
        tokio_tungstenite::client_async(request, stream).await.expect("our own page may connect");
    let site = "demo".to_string().try_into().expect("a site's key");
    send(&mut socket, &VisitorSays::Hello { site, key: key.into(), after_seq: 0, page: None })
        .await;
    while !matches!(hear(&mut socket).await, VisitorHears::Synced { .. }) {}
    socket
}

async fn send(socket: &mut WebSocketStream<TcpStream>, frame: &VisitorSays) {
    let text = serde_json::to_string(frame).expect("plain data");
    socket.send(Message::Text(text.into())).await.expect("the server takes it");
}

async fn hear(socket: &mut WebSocketStream<TcpStream>) -> VisitorHears {
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).expect("a frame"),
            Some(Ok(_)) => {}
            other => panic!("the socket ended: {other:?}"),
        }
    }
}

fn name() -> ClientId {
    secret(12).try_into().expect("letters and digits")
}
