//! The composition root: builds every room in order, runs them, and stops them in order.
//!
//! Starting: data folder and its lock, log, accounts, knowledge, models, then the rooms, then the
//! door. Stopping is the reverse: the door first, then turns and projections, then the models, and
//! the database last, when nobody can write any more. Building is here; [`serve`] runs what was
//! built, [`work`] says who does which job, [`door`] what the routes reach.

mod door;
mod serve;
mod work;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use floorwalker_engine::Engine;

use crate::answer::Answerer;
use crate::backups;
use crate::config::Settings;
use crate::domain::ids::SiteKey;
use crate::domain::origin::Origin;
use crate::domain::time::Instant;
use crate::floor::Floor;
use crate::hub::Hub;
use crate::jobs::{Clock, Jobs};
use crate::knowledge::folder::{self, FolderError, Remark};
use crate::knowledge::versions;
use crate::log::Log;
use crate::mail::ConfigError;
use crate::outbound::{Outbound, OutboundError, Policy};
use crate::people::People;
use crate::post::Post;
use crate::privacy::{Privacy, PrivacyError};
use crate::shelf::{self, PrepareError, Shelf};
use crate::sites::{By, Sites, SitesError};
use crate::store::{BackupError, Store, StoreError};
use crate::webhooks::Webhooks;

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
