//! The composition root: builds every room in order, runs them, and stops them in order.
//!
//! Starting: data folder and its lock, log, accounts, knowledge, models, then the rooms, then the
//! door. Stopping is the reverse: the door first, then turns and projections, then the models, and
//! the database last, when nobody can write any more.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use floorwalker_engine::Engine;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::answer::{self, Answerer};
use crate::config::Settings;
use crate::control::{self, Rooms};
use crate::domain::ids::SiteKey;
use crate::floor::Floor;
use crate::hub::Hub;
use crate::jobs::{Clock, Handlers, Jobs};
use crate::knowledge::catalogue::Catalogue;
use crate::knowledge::folder::{self, FolderError, Remark};
use crate::knowledge::search::SearchError;
use crate::knowledge::{Knowledge, Texts, builtin, passages, versions};
use crate::leads::alerts::{self, Alerts, Teller};
use crate::leads::gaps::Gaps;
use crate::log::{Log, subscriber};
use crate::mail::ConfigError;
use crate::people::People;
use crate::post::{self, Post};
use crate::shutdown::Shutdown;
use crate::store::{Store, StoreError};
use crate::turn::Turns;
use crate::web::limits::Brakes;
use crate::web::origin::{Origin, Origins, Site};
use crate::web::{Web, router, server};

/// The name embeddings are kept under: another encoder means other vectors.
const ENCODER: &str = "all-MiniLM-L6-v2";
/// How often counters of quiet clients are forgotten.
const FORGET: std::time::Duration = std::time::Duration::from_secs(300);

/// What a server is started with.
#[derive(Clone, Debug)]
pub struct Config {
    /// The data folder.
    pub data: PathBuf,
    /// A shop's folder, imported where the data folder holds no shop yet.
    pub shop: PathBuf,
    /// The key of the site that embeds the widget.
    pub site: SiteKey,
    /// Origins of pages that may embed the widget, besides our own.
    pub origins: Vec<Origin>,
    /// Where browsers reach this server, if not at the listening address.
    pub public_url: Option<Origin>,
    /// What the operator wrote down.
    pub settings: Settings,
}

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The shop's folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// How mail leaves.
    #[error(transparent)]
    Mail(#[from] ConfigError),
    /// The search index.
    #[error(transparent)]
    Search(#[from] SearchError),
}

/// Every room, built and connected; nothing runs yet.
pub struct App {
    log: Log,
    hub: Hub,
    floor: Floor,
    people: People,
    jobs: Jobs,
    post: Post,
    answerer: Arc<Answerer>,
    config: Config,
    /// The first administrator's password, if one was made just now.
    pub admin_password: Option<String>,
    /// What the shop's folder should have said better.
    pub warnings: Vec<Remark>,
}

impl App {
    /// Opens the data folder, imports the shop if there is none yet, and prepares the answers.
    /// `progress` hears how many of how many texts have been embedded.
    pub async fn build(
        config: Config,
        engine: Engine,
        progress: impl FnMut(usize, usize),
    ) -> Result<Self, StartError> {
        let post = Post::open(config.settings.mail.as_ref())?;
        let store = Store::open(&config.data)?;
        let log = Log::new(store.clone());
        let people = People::new(store.clone());
        let admin_password = people.first_admin().await?;
        let (version, catalogue, warnings) = match versions::current(&store).await? {
            Some((version, catalogue)) => (version, catalogue, Vec::new()),
            None => {
                let loaded = folder::load(&config.shop)?;
                let version = versions::add(&store, &loaded.catalogue).await?;
                (version, loaded.catalogue, loaded.warnings)
            }
        };
        let answerer = prepare(&store, engine, version, catalogue, progress).await?;
        Ok(Self {
            jobs: Jobs::new(store, Clock::system()),
            post,
            floor: Floor::new(log.clone()),
            hub: Hub::default(),
            answerer: Arc::new(answerer),
            log,
            people,
            config,
            admin_password,
            warnings,
        })
    }

    /// What finds answers, for those that need no server.
    pub fn answerer(&self) -> Arc<Answerer> {
        self.answerer.clone()
    }

    /// Serves on `listener` until told to stop, then stops in order.
    pub async fn serve(self, listener: TcpListener, shutdown: Shutdown) {
        let Self { log, hub, floor, people, jobs, post, answerer, config, .. } = self;
        let limits = config.settings.limits.clone();
        let brakes = Arc::new(Brakes::new(&limits));
        let origins = Arc::new(origins(&config, &listener));
        let mut rooms = JoinSet::new();
        rooms.spawn(floor.clone().run());
        rooms.spawn(subscriber::run(log.clone(), Arc::new(Gaps), watch::Sender::new(0)));
        let turns = Turns { log: log.clone(), hub: hub.clone(), answerer: answerer.clone() };
        let turning = tokio::spawn(turns.run(shutdown.clone()));
        let teller = Teller {
            log: log.clone(),
            presence: floor.presence().clone(),
            jobs: jobs.clone(),
            to: config.settings.alerts.lead_waiting.clone(),
            shop: answerer.welcome().shop,
            language: answerer.welcome().language,
            base: origins.own.first().map(|o| o.as_str().to_string()).unwrap_or_default(),
        };
        let sending = post.clone();
        let handlers = Handlers::default()
            .with(post::KIND, move |job| sending.clone().send(job))
            .with(alerts::KIND, move |job| teller.clone().tell(job));
        if post.is_open() && !config.settings.alerts.lead_waiting.is_empty() {
            rooms.spawn(subscriber::run(log.clone(), Arc::new(Alerts), jobs.waker()));
        }
        let working = tokio::spawn(jobs.clone().run(handlers, shutdown.clone()));
        let orders =
            Rooms { store: log.store().clone(), people: people.clone(), jobs: jobs.clone() };
        let folder = config.data.clone();
        rooms.spawn(async move { control::socket::serve(&folder, orders).await });
        let sweeping = brakes.clone();
        rooms.spawn(async move {
            loop {
                tokio::time::sleep(FORGET).await;
                sweeping.forget_quiet();
            }
        });
        let web = Web {
            log,
            hub,
            floor,
            people,
            jobs,
            post,
            answerer,
            origins,
            limits: limits.clone(),
            proxies: config.settings.trusted_proxies.clone().into(),
            brakes,
            shutdown: shutdown.clone(),
        };
        let proxies = web.proxies.clone();
        server::serve(listener, router(web), &limits, &proxies, shutdown).await;
        if turning.await.is_err() {
            tracing::error!("the turns did not stop cleanly");
        }
        if working.await.is_err() {
            tracing::error!("the jobs did not stop cleanly");
        }
        rooms.shutdown().await;
    }
}

/// Answers from a shop's folder as it is now, without a server. `data` remembers what was embedded.
pub async fn answers(
    data: &Path,
    shop: &Path,
    engine: Engine,
    progress: impl FnMut(usize, usize),
) -> Result<Answerer, StartError> {
    let store = Store::open(data)?;
    let loaded = folder::load(shop)?;
    let version = match versions::current(&store).await? {
        Some((version, catalogue)) if catalogue == loaded.catalogue => version,
        _ => versions::add(&store, &loaded.catalogue).await?,
    };
    prepare(&store, engine, version, loaded.catalogue, progress).await
}

/// Indexes a version of the knowledge and learns its intents.
async fn prepare(
    store: &Store,
    engine: Engine,
    version: u64,
    catalogue: Catalogue,
    progress: impl FnMut(usize, usize),
) -> Result<Answerer, StartError> {
    let mut intents = builtin::intents();
    intents.extend(catalogue.intents.iter().cloned());
    let mut texts = Texts::of(&passages::passages(&catalogue)).texts;
    let of_shop = texts.len();
    texts.extend(intents.iter().flat_map(|intent| intent.utterances.iter().cloned()));
    let embed = |texts| engine.embed(texts);
    let mut vectors = versions::vectors(store, ENCODER, &texts, embed, progress).await?;
    let utterances = vectors.as_mut().map(|vectors| vectors.split_off(of_shop));
    let knowledge = Knowledge::build(version, catalogue, vectors)?;
    let trained_on =
        format!("{ENCODER} {}", serde_json::to_string(&intents).map_err(StoreError::from)?);
    let head = match &utterances {
        Some(vectors) => {
            let train = || answer::learn(&intents, vectors);
            Some(versions::head(store, &trained_on, train).await?)
        }
        None => None,
    };
    Ok(Answerer::new(engine, knowledge, head))
}

/// Our own origins, and the site's: the pages it names and our demo page.
fn origins(config: &Config, listener: &TcpListener) -> Origins {
    let port = listener.local_addr().map(|address| address.port()).unwrap_or_default();
    let local = ["127.0.0.1", "localhost", "[::1]"];
    let local = local.iter().filter_map(|host| Origin::parse(&format!("http://{host}:{port}")));
    let own: Vec<Origin> = match &config.public_url {
        Some(public) => vec![public.clone()],
        None => local.collect(),
    };
    let pages = config.origins.iter().chain(&own).cloned().collect();
    Origins { sites: vec![Site { key: config.site.clone(), origins: pages }], own }
}
