//! Which model is meant, as it is written in the settings and at the command line: a name out of
//! `models.toml`, a file, or a file on the hub.
//!
//! | written | meant |
//! | --- | --- |
//! | `Qwen2.5-0.5B-Instruct` | that model |
//! | `/srv/models/other.gguf`, `./other.gguf` | that file |
//! | `owner/name:folder/file.gguf` | a file of that repository, as it is when it is first fetched |
//! | `owner/name@revision:file.gguf` | the same at a commit, branch or tag |

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::catalogue::{is_name, is_path};

/// How files that the engine reads end.
const ENDING: &str = ".gguf";
/// What is fetched where no revision is named.
const USUAL: &str = "main";

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Choice {
    /// A model that `models.toml` lists.
    Named(String),
    /// A file of the operator's own.
    File(PathBuf),
    /// A file on the hub.
    Hub(HubFile),
}

/// A file on the hub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubFile {
    /// `owner/name`.
    pub repository: String,
    /// A commit, branch or tag.
    pub revision: String,
    /// Where it lies in it, with `/` between folders.
    pub path: String,
}

/// Text that means no model.
#[derive(Debug, thiserror::Error)]
#[error(
    "{0:?} is no model: a name that `floorwalker models list` shows, a {ENDING} file, or \
     OWNER/NAME:FILE{ENDING} for a file on the hub is expected"
)]
pub struct NoChoice(String);

impl FromStr for Choice {
    type Err = NoChoice;

    fn from_str(text: &str) -> Result<Self, NoChoice> {
        let is_gguf = text.to_ascii_lowercase().ends_with(ENDING);
        match text.split_once(':').and_then(|(place, path)| HubFile::new(place, path)) {
            Some(file) if is_gguf => Ok(Self::Hub(file)),
            _ if is_gguf => Ok(Self::File(text.into())),
            _ if is_name(text) => Ok(Self::Named(text.into())),
            _ => Err(NoChoice(text.into())),
        }
    }
}

impl HubFile {
    fn new(place: &str, path: &str) -> Option<Self> {
        let (repository, revision) = place.split_once('@').unwrap_or((place, USUAL));
        let (owner, name) = repository.split_once('/')?;
        let fits = is_name(owner) && is_name(name) && is_path(revision) && is_path(path);
        fits.then(|| Self {
            repository: repository.into(),
            revision: revision.into(),
            path: path.into(),
        })
    }

    /// Its last name.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => f.write_str(name),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Hub(file) => write!(f, "{file}"),
        }
    }
}

impl fmt::Display for HubFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { repository, revision, path } = self;
        match revision == USUAL {
            true => write!(f, "{repository}:{path}"),
            false => write!(f, "{repository}@{revision}:{path}"),
        }
    }
}

impl TryFrom<String> for Choice {
    type Error = NoChoice;
    fn try_from(text: String) -> Result<Self, NoChoice> {
        text.parse()
    }
}

impl From<Choice> for String {
    fn from(choice: Choice) -> Self {
        choice.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_files_and_the_hubs_files_are_told_apart_and_written_again_alike() {
        let hub = |repository: &str, revision: &str, path: &str| {
            let [repository, revision, path] = [repository, revision, path].map(String::from);
            Choice::Hub(HubFile { repository, revision, path })
        };
        for (text, meant) in [
            ("Qwen2.5-0.5B-Instruct", Choice::Named("Qwen2.5-0.5B-Instruct".into())),
            ("other.gguf", Choice::File("other.gguf".into())),
            ("/srv/a model.GGUF", Choice::File("/srv/a model.GGUF".into())),
            ("C:/models/a.gguf", Choice::File("C:/models/a.gguf".into())),
            ("ab/cd:e.gguf", hub("ab/cd", "main", "e.gguf")),
            ("ab/c.d@0f1e:f/e.gguf", hub("ab/c.d", "0f1e", "f/e.gguf")),
            ("ab/cd@refs/pr/1:e.gguf", hub("ab/cd", "refs/pr/1", "e.gguf")),
            // What would leave its folder is no file of the hub.
            ("ab/cd:../e.gguf", Choice::File("ab/cd:../e.gguf".into())),
        ] {
            assert_eq!(text.parse::<Choice>().unwrap(), meant, "{text}");
            assert_eq!(meant.to_string(), text);
        }
    }

    #[test]
    fn what_means_no_model_is_refused_with_what_would() {
        for text in ["", "a/b", "--writer", "ab/cd:e.bin", "../x"] {
            let error = text.parse::<Choice>().unwrap_err().to_string();
            assert!(error.contains("OWNER/NAME:FILE.gguf"), "{error}");
        }
    }
}
