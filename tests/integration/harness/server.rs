//! A server in this process, started and stopped as the program does it.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::OnceLock;

use floorwalker::app::{App, Config};
use floorwalker::config::Settings;
use floorwalker::domain::origin::Origin;
use floorwalker::jobs::Clock;
use floorwalker::shutdown::{Shutdown, Stop};
use floorwalker::web::limits::Limits;
use floorwalker_engine::Engine;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::{Folder, within};

/// A running server and its folder.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    /// What it keeps.
    pub folder: Folder,
    pages: Vec<Origin>,
    settings: Settings,
    clock: Clock,
    /// Of its own; without it, the one that all tests share.
    engine: Option<Engine>,
    running: Option<(Stop, JoinHandle<()>)>,
}

impl Server {
    /// Starts one that lets a client do as much as it likes.
    pub async fn open() -> Self {
        Self::with(limits()).await
    }

    /// Starts one that bounds its clients.
    pub async fn with(limits: Limits) -> Self {
        Self::on(Folder::new().await, limits).await
    }

    /// Starts one on a folder that a test has prepared.
    pub async fn on(folder: Folder, limits: Limits) -> Self {
        Self::start(folder, Settings { limits, ..Settings::default() }, Vec::new()).await
    }

    /// Starts one whose widget may also stand on the pages of this origin.
    pub async fn embedded_in(page: &str) -> Self {
        let page = Origin::parse(page).expect("an origin");
        let settings = Settings { limits: limits(), ..Settings::default() };
        Self::start(Folder::new().await, settings, vec![page]).await
    }

    /// Starts one whose operator wrote this down.
    pub async fn told(settings: &str) -> Self {
        let folder = Folder::new().await;
        std::fs::write(folder.path().join(floorwalker::config::FILE), settings).expect("written");
        let told = Settings::read(None, folder.path()).expect("settings that are understood");
        Self::start(folder, Settings { limits: limits(), ..told }, Vec::new()).await
    }

    /// Starts one whose clock for jobs and hours is turned by the test.
    pub async fn by_clock(clock: Clock) -> Self {
        let settings = Settings { limits: limits(), ..Settings::default() };
        let mut server = Self::new(Folder::new().await, settings, Vec::new());
        server.clock = clock;
        server.run().await;
        server
    }

    /// Starts one with models of its own.
    pub async fn thinking_with(engine: Engine) -> Self {
        let settings = Settings { limits: limits(), ..Settings::default() };
        let mut server = Self::new(Folder::new().await, settings, Vec::new());
        server.engine = Some(engine);
        server.run().await;
        server
    }

    /// Starts one behind a proxy on this machine.
    pub async fn behind_a_proxy(limits: Limits) -> Self {
        let trusted_proxies = vec!["127.0.0.1".parse().expect("an address")];
        let settings = Settings { trusted_proxies, limits, ..Settings::default() };
        Self::start(Folder::new().await, settings, Vec::new()).await
    }

    async fn start(folder: Folder, settings: Settings, pages: Vec<Origin>) -> Self {
        let mut server = Self::new(folder, settings, pages);
        server.run().await;
        server
    }

    fn new(folder: Folder, settings: Settings, pages: Vec<Origin>) -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        Self {
            address,
            folder,
            pages,
            settings,
            clock: Clock::system(),
            engine: None,
            running: None,
        }
    }

    async fn run(&mut self) {
        let no_shop = Path::new("no shop to import");
        let config = Config {
            origins: self.pages.clone(),
            settings: self.settings.clone(),
            clock: self.clock.clone(),
            ..config(self.folder.path(), no_shop, limits())
        };
        let engine = self.engine.clone().unwrap_or_else(engine);
        let app = App::build(config, engine, |_, _| {}).await.expect("a prepared folder opens");
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        self.address = listener.local_addr().expect("a bound address");
        let (stop, shutdown) = Shutdown::new();
        self.running = Some((stop, tokio::spawn(app.serve(listener, shutdown))));
    }

    /// Stops it as the system would ask it to, and returns when the folder is free.
    pub async fn stop(&mut self) {
        let Some((stop, serving)) = self.running.take() else { return };
        stop.now();
        within("the server stops", serving).await.expect("it stops without a panic");
        self.folder.free().await;
    }

    /// Stops it and starts another on the same folder and a new port.
    pub async fn restart(&mut self) {
        self.stop().await;
        self.run().await;
    }

    /// Its origin, as a browser on its pages names it.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// An address on it.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

/// The models, started once for all tests. The only place where tests get an engine from.
pub fn engine() -> Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    let start = || {
        install_tls();
        // On a thread of its own: starting may block, which an async thread must not.
        let started = std::thread::spawn(|| floorwalker::cli::engine::start(None)).join();
        started.expect("starting does not panic").expect("the engine starts")
    };
    ENGINE.get_or_init(start).clone()
}

/// The one TLS provider, as the program installs it.
pub fn install_tls() {
    // Only a second call fails, and then it is installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// What a server is started with.
pub fn config(data: &Path, shop: &Path, limits: Limits) -> Config {
    Config {
        data: data.to_path_buf(),
        shop: shop.to_path_buf(),
        site: "demo".to_string().try_into().expect("a site's key"),
        origins: Vec::new(),
        public_url: None,
        settings: Settings { limits, ..Settings::default() },
        clock: Clock::system(),
    }
}

/// Limits that hold nobody back.
pub fn limits() -> Limits {
    let many = NonZeroU32::new(1_000_000).expect("is more than zero");
    Limits {
        address_sockets: 1_000_000,
        visitor_messages: many,
        address_messages: many,
        address_connects: many,
        sign_ins: many,
        ..Limits::default()
    }
}
