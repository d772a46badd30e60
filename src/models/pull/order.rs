//! What is still wanted of one model, and what came of each attempt to get it.

use std::fs;
use std::path::PathBuf;

use super::super::catalogue::{Model, ModelFile};
use super::super::digest::FileState;
use super::super::error::{Attempt, ModelError};
use super::super::progress::{Progress, megabytes};
use super::super::store::{FileCheck, Store};
use super::accept::{BESIDE, FetchError, PART};
use super::{Fetched, Pulled};

/// The missing files of one model.
pub struct Order<'a> {
    /// Whose files.
    pub model: &'a Model,
    /// The folder they go to.
    pub target: PathBuf,
    /// The folder of all models, where there is room to work.
    pub room: PathBuf,
    wanted: Vec<&'a ModelFile>,
    fetched: Vec<Fetched>,
    attempts: Vec<Attempt>,
}

impl<'a> Order<'a> {
    /// Wants what is missing; what is wrong it wants only for a repair, and refuses otherwise.
    pub fn new(model: &'a Model, store: &Store, repair: bool) -> Result<Self, ModelError> {
        let checks = store.verify(model);
        let wrong =
            |check: &FileCheck| !matches!(check.state, FileState::Good | FileState::Missing);
        if !repair && checks.iter().any(wrong) {
            let faults = checks.into_iter().filter(wrong).collect();
            return Err(ModelError::Unusable { model: model.name.clone(), faults });
        }
        let pairs = model.files.iter().zip(&checks);
        let wanted = pairs.filter(|(_, check)| check.state != FileState::Good);
        Ok(Self {
            model,
            target: store.folder_of(model),
            room: store.folder().to_path_buf(),
            wanted: wanted.map(|(file, _)| file).collect(),
            fetched: Vec::new(),
            attempts: Vec::new(),
        })
    }

    /// What is still missing.
    pub fn wanted(&self) -> Vec<&'a ModelFile> {
        self.wanted.clone()
    }

    /// Nothing is missing any more.
    pub fn is_complete(&self) -> bool {
        self.wanted.is_empty()
    }

    /// Notes what came of asking a source for a file, and says it.
    pub fn settle(
        &mut self,
        file: &ModelFile,
        source: &str,
        result: Result<(), FetchError>,
        progress: &Progress,
    ) {
        match result {
            Ok(()) => {
                self.wanted.retain(|other| other.name != file.name);
                self.clear_away(file);
                progress.say(&format!("{}: {} from {source}", file.name, megabytes(file.size)));
                self.fetched.push(Fetched { file: file.name.clone(), source: source.to_string() });
            }
            Err(error) => {
                let why = error.to_string();
                progress.say(&format!("{}: not from {source}: {why}", file.name));
                let attempt = Attempt { source: source.to_string(), file: file.name.clone(), why };
                self.attempts.push(attempt);
            }
        }
    }

    /// What other sources or a killed process had of it.
    fn clear_away(&self, file: &ModelFile) {
        for ending in [PART, BESIDE] {
            fs::remove_file(self.target.join(format!("{}{ending}", file.name))).unwrap_or_default();
        }
    }

    /// The same answer for everything still wanted, for a source that cannot be used at all.
    pub fn settle_all(&mut self, source: &str, why: &str, progress: &Progress) {
        progress.say(&format!("{}: not from {source}: {why}", self.model.name));
        for file in &self.wanted {
            let (source, why) = (source.to_string(), why.to_string());
            self.attempts.push(Attempt { source, file: file.name.clone(), why });
        }
    }

    /// Complete, or every attempt for what is still missing.
    pub fn finish(mut self) -> Result<Pulled, ModelError> {
        let model = self.model.name.clone();
        if self.wanted.is_empty() {
            return Ok(Pulled { model, fetched: self.fetched });
        }
        self.attempts.retain(|attempt| self.wanted.iter().any(|file| file.name == attempt.file));
        Err(ModelError::NotPulled { model, attempts: self.attempts })
    }
}
