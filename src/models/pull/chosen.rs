//! Models that somebody names: listed ones, files, and files of the hub that are listed nowhere.

use std::fs;
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::thread;

use super::super::catalogue::{Model, Purpose, Role};
use super::super::choice::{Choice, HubFile};
use super::super::error::{Attempt, ModelError};
use super::super::receipt::{self, Receipt};
use super::lock::Lock;
use super::{Fetched, Pulled, Puller, Way, first};

impl Puller {
    /// The file of the writer that is meant, every byte of it checked, and pulled first if it is
    /// missing. An operator's own file is not looked at.
    pub fn writer(&mut self, choice: &Choice) -> Result<PathBuf, ModelError> {
        let model = match choice {
            Choice::File(path) => return Ok(path.clone()),
            Choice::Named(name) => self.catalogue.named(name)?.clone(),
            Choice::Hub(file) => match Receipt::find(&self.store, file)? {
                Some(receipt) => receipt.model(),
                None => self.first(file)?.0,
            },
        };
        if model.purpose != Purpose::Writer {
            return Err(ModelError::NoWriter { name: model.name, is: model.purpose });
        }
        let files = self.ensure_model(&model)?;
        files.path(Role::Weights).ok_or(ModelError::NoModelFor(Purpose::Writer))
    }

    /// Fetches what is missing of the model that is meant and, with `repair`, what is wrong.
    pub fn pull_chosen(&mut self, choice: &Choice, repair: bool) -> Result<Pulled, ModelError> {
        match choice {
            Choice::File(path) => Err(ModelError::OwnFile(path.clone())),
            Choice::Named(name) => {
                let model = self.catalogue.named(name)?.clone();
                self.pull(&model, repair)
            }
            Choice::Hub(file) => match Receipt::find(&self.store, file)? {
                Some(receipt) => self.pull(&receipt.model(), repair),
                None => Ok(self.first(file)?.1),
            },
        }
    }

    /// Fetches a file of which nothing is known yet.
    fn first(&mut self, file: &HubFile) -> Result<(Model, Pulled), ModelError> {
        let not_pulled = |why: Option<String>| {
            let source = format!("hub {}", file.repository);
            let attempt = |why| Attempt { source, file: file.name().into(), why };
            ModelError::NotPulled {
                model: file.to_string(),
                attempts: why.map(attempt).into_iter().collect(),
            }
        };
        let Way::Network { hub, .. } = &mut self.way else {
            return Err(not_pulled(match self.way {
                Way::Folder(_) => Some("a file from elsewhere is used by its own path".into()),
                _ => None,
            }));
        };
        let (room, target) = (self.store.folder(), receipt::folder_of(&self.store, file));
        let failed = |doing, path| move |source| ModelError::Folder { doing, path, source };
        fs::create_dir_all(&target).map_err(failed("create", target.clone()))?;
        let _lock = Lock::take(room, &self.progress).map_err(failed("lock", room.into()))?;
        // Another process may have fetched it while this one waited.
        if let Some(receipt) = Receipt::find(&self.store, file)? {
            let model = receipt.model();
            return Ok((model.clone(), Pulled { model: model.name, fetched: Vec::new() }));
        }
        let progress = &self.progress;
        // On a thread of its own: a blocking HTTP client panics on one that runs async code.
        let fetched = thread::scope(|scope| {
            let fetching = scope.spawn(|| first::fetch(hub, file, &target, progress));
            fetching.join().unwrap_or_else(|panic| resume_unwind(panic))
        });
        let receipt = fetched.map_err(|error| not_pulled(Some(error.to_string())))?;
        let source = format!("hub {}", file.repository);
        let fetched = vec![Fetched { file: file.name().into(), source }];
        let model = receipt.model();
        Ok((model.clone(), Pulled { model: model.name, fetched }))
    }
}
