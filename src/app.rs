//! The composition root: builds every room in order, runs them, and stops them in order.
//!
//! Starting: data folder and its lock, log, accounts, knowledge, models, then the rooms, then the
//! door. Stopping is the reverse: the door first, then turns and projections, then the models, and
//! the database last, when nobody can write any more.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use floorwalker_engine::Engine;
use jiff::tz::TimeZone;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::answer::Answerer;
use crate::backups::{self, daily, daily::Copier};
use crate::config::Settings;
use crate::control::{self, Rooms};
use crate::domain::ids::SiteKey;
use crate::domain::origin::Origin;
use crate::domain::time::Instant;
use crate::figures;
use crate::floor::Floor;
use crate::floor::absence::{self, Doorkeeper, Wishes};
use crate::hub::Hub;
use crate::jobs::{Clock, Daily, Handlers, Jobs};
use crate::knowledge::folder::{self, FolderError, Remark};
use crate::knowledge::versions;
use crate::leads::alerts::{self, Alerts, Teller};
use crate::leads::gaps::Gaps;
use crate::log::{Log, subscriber};
use crate::mail::ConfigError;
use crate::outbound::{Outbound, OutboundError, Policy};
use crate::people::People;
use crate::post::{self, Post};
use crate::privacy::{Privacy, PrivacyError};
use crate::retention::{self, Keeper};
use crate::shelf::{self, PrepareError, Shelf};
use crate::shutdown::Shutdown;
use crate::sites::{By, Sites, SitesError};
use crate::store::{BackupError, Store, StoreError};
use crate::transcript::{self, Clerk};
use crate::turn::Turns;
use crate::web::limits::Brakes;
use crate::web::openai::Openai;
use crate::web::operation::Operation;
use crate::web::origin::Origins;
use crate::web::{Web, router, server};
use crate::webhooks::{self, Notices, Webhooks};

/// How often counters of quiet clients are forgotten.
const FORGET: std::time::Duration = std::time::Duration::from_secs(300);

/// What a server is started with.
#[derive(Clone)]
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
    /// What time it is for jobs and hours.
    pub clock: Clock,
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
    /// The sites.
    #[error(transparent)]
    Sites(#[from] SitesError),
    /// Where backups go.
    #[error("settings, [backup] to: {0}")]
    Backup(#[from] BackupError),
    /// What was erased and has come back.
    #[error(transparent)]
    Privacy(#[from] PrivacyError),
    /// How mail leaves.
    #[error(transparent)]
    Mail(#[from] ConfigError),
    /// The client for calling out.
    #[error(transparent)]
    Outbound(#[from] OutboundError),
    /// The knowledge.
    #[error(transparent)]
    Prepare(#[from] PrepareError),
}

/// Every room, built and connected; nothing runs yet.
pub struct App {
    log: Log,
    hub: Hub,
    floor: Floor,
    people: People,
    jobs: Jobs,
    post: Post,
    sites: Sites,
    webhooks: Webhooks,
    outbound: Outbound,
    engine: Engine,
    shelf: Shelf,
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
        if let Some(backup) = &config.settings.backup {
            backups::outside(&backup.to, &config.data)?;
        }
        let policy = Policy::webhooks().with(&config.settings.outbound.allow);
        let outbound = Outbound::new(policy.clone())?;
        let store = Store::open(&config.data)?;
        let log = Log::new(store.clone());
        // A backup may have been put here by hand: what was erased since is erased again.
        Privacy::new(log.clone()).replay(Instant::now()).await?;
        let people = People::new(store.clone());
        let admin_password = people.first_admin().await?;
        let sites = Sites::open(store.clone()).await?;
        sites.ensure(&config.site, By { who: "serve".into(), at: Instant::now() }).await?;
        let (version, catalogue, warnings) = match versions::current(&store).await? {
            Some((version, catalogue)) => (version, catalogue, Vec::new()),
            None => {
                let loaded = folder::load(&config.shop)?;
                let version = versions::add(&store, &loaded.catalogue).await?;
                (version, loaded.catalogue, loaded.warnings)
            }
        };
        let known = (version, catalogue);
        let shelf = Shelf::open(store.clone(), engine.clone(), known, progress).await?;
        let jobs = Jobs::new(store.clone(), config.clock.clone());
        Ok(Self {
            webhooks: Webhooks::new(store, jobs.clone(), policy),
            outbound,
            jobs,
            post,
            sites,
            floor: Floor::new(log.clone()),
            hub: Hub::default(),
            engine,
            shelf,
            log,
            people,
            config,
            admin_password,
            warnings,
        })
    }

    /// What finds answers, for those that need no server.
    pub fn answerer(&self) -> Arc<Answerer> {
        self.shelf.answerer().clone()
    }

    /// Serves on `listener` until told to stop, then stops in order.
    pub async fn serve(self, listener: TcpListener, shutdown: Shutdown) {
        let Self { log, hub, floor, people, jobs, post, sites, webhooks, outbound, .. } = self;
        let (engine, shelf, config) = (self.engine, self.shelf, self.config);
        let answerer = shelf.answerer().clone();
        let limits = config.settings.limits.clone();
        let brakes = Arc::new(Brakes::new(&limits));
        let origins = Arc::new(origins(&config, &sites, &listener));
        let mut rooms = JoinSet::new();
        rooms.spawn(floor.clone().run());
        rooms.spawn(subscriber::run(log.clone(), Arc::new(Gaps), watch::Sender::new(0)));
        let turns = Turns {
            log: log.clone(),
            hub: hub.clone(),
            answerer: answerer.clone(),
            sites: sites.clone(),
            jobs: jobs.clone(),
        };
        // Each room has a signal of its own, so that they stop one after the other.
        let (stop_turns, turns_stop) = Shutdown::new();
        let (stop_jobs, jobs_stop) = Shutdown::new();
        let turning = tokio::spawn(turns.run(turns_stop));
        let teller = Teller {
            log: log.clone(),
            presence: floor.presence().clone(),
            jobs: jobs.clone(),
            to: config.settings.alerts.lead_waiting.clone(),
            shop: answerer.shop().name,
            language: answerer.shop().locale.tag().into(),
            base: origins.own.first().map(|o| o.as_str().to_string()).unwrap_or_default(),
        };
        let doorkeeper = Doorkeeper {
            log: log.clone(),
            sites: sites.clone(),
            answerer: answerer.clone(),
            presence: floor.presence().clone(),
            jobs: jobs.clone(),
        };
        let clerk = Clerk {
            log: log.clone(),
            sites: sites.clone(),
            answerer: answerer.clone(),
            post: post.clone(),
        };
        let wishes = Arc::new(Wishes { jobs: jobs.clone() });
        rooms.spawn(subscriber::run(log.clone(), wishes, jobs.waker()));
        let base = teller.base.clone();
        rooms.spawn(subscriber::run(log.clone(), Arc::new(Notices { base }), jobs.waker()));
        let (sending, delivering) = (post.clone(), webhooks.clone());
        let handlers = Handlers::default()
            .with(post::KIND, move |job| sending.clone().send(job))
            .with(transcript::KIND, move |job| clerk.clone().send(job))
            .with(absence::KIND, move |job| doorkeeper.clone().look(job))
            .with(alerts::KIND, move |job| teller.clone().tell(job))
            .paced(webhooks::KIND, webhooks::PAUSES, move |job| {
                delivering.clone().deliver(outbound.clone(), job)
            });
        let handlers = by_night(handlers, &log, &sites, &config, answerer.time_zone());
        if post.is_open() && !config.settings.alerts.lead_waiting.is_empty() {
            rooms.spawn(subscriber::run(log.clone(), Arc::new(Alerts), jobs.waker()));
        }
        let working = tokio::spawn(jobs.clone().run(handlers, jobs_stop));
        let orders = Rooms {
            log: log.clone(),
            people: people.clone(),
            jobs: jobs.clone(),
            sites: sites.clone(),
            shelf: Some(shelf.clone()),
            webhooks: webhooks.clone(),
            engine: Some(engine.clone()),
        };
        let folder = config.data.clone();
        rooms.spawn(async move { control::socket::serve(&folder, orders).await });
        let sweeping = brakes.clone();
        rooms.spawn(figures::keep());
        rooms.spawn(async move {
            loop {
                tokio::time::sleep(FORGET).await;
                sweeping.forget_quiet();
            }
        });
        let public = config.public_url.as_ref();
        let open = config.settings.engine.openai;
        let web = Web {
            log,
            hub,
            floor,
            people,
            jobs,
            webhooks,
            post,
            sites,
            answerer,
            shelf,
            origins,
            limits: limits.clone(),
            proxies: config.settings.trusted_proxies.clone().into(),
            brakes,
            operation: Arc::new(Operation::new(
                &config.settings.metrics,
                config.public_url.is_some(),
            )),
            openai: open.then(|| Arc::new(Openai::new(engine, public))),
            shutdown: shutdown.clone(),
        };
        let (engine, store) = (web.answerer.clone(), web.log.store().clone());
        let proxies = web.proxies.clone();
        server::serve(listener, router(web), &limits, &proxies, shutdown).await;
        stopped("sockets");
        stop_turns.now();
        if turning.await.is_err() {
            tracing::error!("the turns did not stop cleanly");
        }
        stopped("turns");
        stop_jobs.now();
        if working.await.is_err() {
            tracing::error!("the jobs did not stop cleanly");
        }
        rooms.shutdown().await;
        stopped("jobs");
        drop(engine);
        stopped("engine");
        drop(store);
        stopped("database");
    }
}

/// Tells how far the stopping has come.
fn stopped(stage: &'static str) {
    tracing::info!(stage, "stopped");
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
    Ok(shelf::prepare(&store, engine, version, loaded.catalogue, progress).await?)
}

/// What is done every night, by the shop's clock.
fn by_night(
    handlers: Handlers,
    log: &Log,
    sites: &Sites,
    config: &Config,
    zone: TimeZone,
) -> Handlers {
    let (settings, clock) = (&config.settings, config.clock.clone());
    let keeper = Keeper {
        log: log.clone(),
        keep: settings.retention,
        sites: sites.clone(),
        clock: clock.clone(),
    };
    let retention = Daily { kind: retention::KIND, at: retention::AT, zone: zone.clone() };
    let store = log.store().clone();
    let copier = Copier { store, daily: settings.backup.clone(), clock };
    let copied = copier.daily.is_some();
    let copy = move |_| copier.clone().run();
    let handlers = handlers.daily(retention, move |_| keeper.clone().run());
    match copied {
        true => handlers.daily(Daily { kind: daily::KIND, at: daily::AT, zone }, copy),
        // One that was enqueued before the setting went is done by doing nothing.
        false => handlers.with(daily::KIND, copy),
    }
}

/// Our own origins, and the site's: the pages it names and our demo page.
fn origins(config: &Config, sites: &Sites, listener: &TcpListener) -> Origins {
    let port = listener.local_addr().map(|address| address.port()).unwrap_or_default();
    let local = ["127.0.0.1", "localhost", "[::1]"];
    let local = local.iter().filter_map(|host| Origin::parse(&format!("http://{host}:{port}")));
    let own: Vec<Origin> = match &config.public_url {
        Some(public) => vec![public.clone()],
        None => local.collect(),
    };
    let (first, named) = (config.site.clone(), config.origins.clone());
    Origins { own, first, named, sites: sites.clone() }
}
