//! What is known about a file of the hub that `models.toml` does not list: written down when it was
//! first fetched, beside the file, and from then on as binding as that list.
//!
//! Layout: `<folder>/owner--name--revision/<file>` with `<file>.toml`. What came first is believed;
//! whoever wants to be sure of that names a commit, or compares the sha256 with the hub's page.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::catalogue::{Model, ModelFile, Purpose, Role, Source};
use super::choice::HubFile;
use super::digest::Sha256Sum;
use super::error::ModelError;
use super::store::Store;

/// Ends the name of a receipt.
const ENDING: &str = ".toml";

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// `owner/name`.
    pub repository: String,
    /// As it was asked for.
    pub revision: String,
    /// Where it lies in the repository.
    pub path: String,
    /// In bytes.
    pub size: u64,
    /// Of what came.
    pub sha256: Sha256Sum,
    /// What the file says of itself.
    pub architecture: String,
    /// How most of its weights are written, as in `gguf-q4_1`.
    pub format: String,
    /// What the file says of itself, or `unknown`.
    pub licence: String,
    /// Numbers that describe a token; 0 if the file does not say.
    pub dimensions: u32,
    /// The longest text it was made for; 0 if the file does not say.
    pub max_tokens: u32,
}

impl Receipt {
    /// For a file that has just come. The error says why it is no model.
    pub fn of(file: &HubFile, came: &Path) -> Result<Self, String> {
        let info = floorwalker_engine::inspect(came)?;
        let (size, sha256) =
            fs::File::open(came).and_then(Sha256Sum::of).map_err(|error| error.to_string())?;
        let number = |number: Option<usize>| {
            number.and_then(|number| u32::try_from(number).ok()).unwrap_or_default()
        };
        let kind = info.kinds.first().map(|kind| kind.kind.to_lowercase());
        Ok(Self {
            repository: file.repository.clone(),
            revision: file.revision.clone(),
            path: file.path.clone(),
            size,
            sha256,
            architecture: info.architecture,
            format: kind.map_or("gguf".into(), |kind| format!("gguf-{kind}")),
            licence: info.licence.unwrap_or("unknown".into()),
            dimensions: number(info.width),
            max_tokens: number(info.context),
        })
    }

    /// The one of this file, if it was fetched before.
    pub fn find(store: &Store, file: &HubFile) -> Result<Option<Self>, ModelError> {
        let path = folder_of(store, file).join(format!("{}{ENDING}", file.name()));
        Self::read(&path)
    }

    /// All there are, by their paths.
    pub fn all(store: &Store) -> Vec<Result<Self, ModelError>> {
        let names = |folder: &Path| {
            let entries = fs::read_dir(folder).into_iter().flatten().flatten();
            let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
            paths.sort();
            paths
        };
        let is_one = |path: &PathBuf| path.to_string_lossy().ends_with(".gguf.toml");
        let folders = names(store.folder()).into_iter();
        let paths = folders.flat_map(|folder| names(&folder)).filter(is_one);
        paths.filter_map(|path| Self::read(&path).transpose()).collect()
    }

    fn read(path: &Path) -> Result<Option<Self>, ModelError> {
        let wrong = |why: String| ModelError::Receipt { path: path.into(), why };
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(wrong(error.to_string())),
        };
        let receipt: Self = toml::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        match receipt.model().fault() {
            Some(fault) => Err(wrong(fault)),
            None => Ok(Some(receipt)),
        }
    }

    /// Writes it into the folder of its file.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        let text = toml::to_string(self).map_err(io::Error::other)?;
        let (_, name) = self.place();
        fs::write(folder.join(format!("{name}{ENDING}")), text)
    }

    /// What `models.toml` would say.
    pub fn model(&self) -> Model {
        let (folder, name) = self.place();
        Model {
            name: folder_name(&self.repository, &self.revision, folder),
            purpose: Purpose::Writer,
            architecture: self.architecture.clone(),
            format: self.format.clone(),
            licence: self.licence.clone(),
            dimensions: self.dimensions,
            max_tokens: self.max_tokens,
            pooling: None,
            optional: true,
            files: vec![ModelFile {
                name: name.into(),
                role: Role::Weights,
                size: self.size,
                sha256: self.sha256,
            }],
            sources: vec![Source::Hub {
                repository: self.repository.clone(),
                revision: self.revision.clone(),
                folder: folder.into(),
            }],
        }
    }

    /// The folder in the repository, empty for its root, and the name.
    fn place(&self) -> (&str, &str) {
        self.path.rsplit_once('/').unwrap_or(("", &self.path))
    }
}

/// Where a file of the hub is kept.
pub fn folder_of(store: &Store, file: &HubFile) -> PathBuf {
    let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    store.folder().join(folder_name(&file.repository, &file.revision, folder))
}

/// One folder for all of it: the hub allows no `--` in a name.
fn folder_name(repository: &str, revision: &str, folder: &str) -> String {
    let parts = [repository, revision, folder].into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("/").replace('/', "--")
}
