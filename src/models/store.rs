//! The folder models are kept in, and the only way to get at a file in it.
//!
//! Layout: `<folder>/<model name>/<file name>`. [`Store::open`] reads every byte each time (190 MB on two
//! cores without SHA instructions: 0.6 s), because a record of an earlier check would be one more thing that can
//! be wrong. Nothing here writes or downloads.

use std::ffi::OsString;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;

use serde::Serialize;

use super::catalogue::{Model, ModelFile, Role};
use super::digest::{self, FileState};
use super::error::ModelError;

/// The folder of all models.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
}

/// One file after it was looked at.
#[derive(Clone, Debug, Serialize)]
pub struct FileCheck {
    /// As `models.toml` names it.
    pub name: String,
    /// Where it is or should be.
    pub path: PathBuf,
    /// What was found.
    #[serde(flatten)]
    pub state: FileState,
}

/// What a look without reading the files says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// All files are there with the right length.
    Present,
    /// Some are not.
    Partial,
    /// None is there.
    Absent,
}

/// The files of one model, every byte of which has been checked.
#[derive(Clone, Debug)]
pub struct Files {
    model: Model,
    folder: PathBuf,
}

impl Files {
    /// Whose files they are.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Where all of them are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file with this role, if the model has one.
    pub fn path(&self, role: Role) -> Option<PathBuf> {
        self.model.file(role).map(|file| self.folder.join(&file.name))
    }
}

impl Store {
    /// A store in this folder, which need not exist yet.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// `FLOORWALKER_MODELS`, or `floorwalker/models` in the user's cache folder.
    pub fn from_env() -> Result<Self, ModelError> {
        let var = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let folder =
            default_folder(var("FLOORWALKER_MODELS"), var("XDG_CACHE_HOME"), std::env::home_dir());
        folder.map(Self::at).ok_or(ModelError::NoFolder)
    }

    /// Where everything is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where one model's files are.
    pub fn folder_of(&self, model: &Model) -> PathBuf {
        self.folder.join(&model.name)
    }

    /// Looks at names and lengths only.
    pub fn glance(&self, model: &Model) -> Presence {
        let folder = self.folder_of(model);
        let there = |file: &&ModelFile| {
            folder.join(&file.name).metadata().is_ok_and(|found| found.len() == file.size)
        };
        match model.files.iter().filter(there).count() {
            0 => Presence::Absent,
            count if count == model.files.len() => Presence::Present,
            _ => Presence::Partial,
        }
    }

    /// Reads every byte of every file, in the order of `models.toml`.
    pub fn verify(&self, model: &Model) -> Vec<FileCheck> {
        let folder = self.folder_of(model);
        let check = |file: &ModelFile| {
            let path = folder.join(&file.name);
            let state = digest::check(&path, file);
            FileCheck { name: file.name.clone(), path, state }
        };
        let check = &check;
        thread::scope(|scope| {
            let start = |file| scope.spawn(move || check(file));
            let running: Vec<_> = model.files.iter().map(start).collect();
            let end = |thread: thread::ScopedJoinHandle<'_, FileCheck>| {
                thread.join().unwrap_or_else(|panic| resume_unwind(panic))
            };
            running.into_iter().map(end).collect()
        })
    }

    /// The model's files, or which of them is wrong and what to do about it.
    pub fn open(&self, model: &Model) -> Result<Files, ModelError> {
        Self::judge(model, self.verify(model))?;
        Ok(Files { model: model.clone(), folder: self.folder_of(model) })
    }

    /// The error that says what is wrong among these checks, if anything is.
    pub fn judge(model: &Model, mut checks: Vec<FileCheck>) -> Result<(), ModelError> {
        checks.retain(|check| check.state != FileState::Good);
        match checks.is_empty() {
            true => Ok(()),
            false => Err(ModelError::Unusable { model: model.name.clone(), faults: checks }),
        }
    }
}

/// The XDG base directory specification asks that a relative `XDG_CACHE_HOME` be ignored.
fn default_folder(
    setting: Option<OsString>,
    xdg: Option<OsString>,
    home: Option<PathBuf>,
) -> Option<PathBuf> {
    let cache = || {
        let xdg = xdg.map(PathBuf::from).filter(|path| path.is_absolute());
        let home = home.filter(|home| !home.as_os_str().is_empty()).map(|home| home.join(".cache"));
        xdg.or(home).map(|cache| cache.join("floorwalker").join("models"))
    };
    setting.map(PathBuf::from).or_else(cache)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_the_setting_else_the_cache_else_below_home() {
        let folder = |setting: Option<&str>, xdg: Option<&str>, home: Option<&str>| {
            default_folder(setting.map(Into::into), xdg.map(Into::into), home.map(Into::into))
        };
        let home = Some("/home/ada");
        assert_eq!(folder(Some("/srv/m"), Some("/c"), home).unwrap(), Path::new("/srv/m"));
        assert_eq!(folder(None, Some("/c"), home).unwrap(), Path::new("/c/floorwalker/models"));
        let below_home = Path::new("/home/ada/.cache/floorwalker/models");
        assert_eq!(folder(None, None, home).unwrap(), below_home);
        assert_eq!(folder(None, Some("relative"), home).unwrap(), below_home);
        assert!(folder(None, None, None).is_none());
    }
}
