//! What is wrong or odd in a folder, each with the place where its owner finds it.
//!
//! Problems stop an import, warnings do not. Both are kept up to a limit, so that a broken export
//! of 200,000 rows is a page to read and not a flood.

use std::fmt;
use std::io;
use std::path::PathBuf;

use serde::Serialize;

/// Problems listed in one error.
const MAX_PROBLEMS: usize = 20;
/// Warnings listed for one import.
const MAX_WARNINGS: usize = 100;

/// Something to say about one place in the owner's files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// The file, from the folder down.
    pub file: String,
    /// As a spreadsheet numbers it: the header is row 1. In text files, the line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// The column or key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What is the matter, and what to do.
    pub message: String,
}

impl Remark {
    /// About a file as a whole.
    pub(super) fn new(file: &str, message: impl Into<String>) -> Self {
        Self { file: file.to_string(), row: None, field: None, message: message.into() }
    }

    /// The same at a row.
    pub(super) fn at(mut self, row: u64) -> Self {
        self.row = Some(row);
        self
    }

    /// The same in a field.
    pub(super) fn field(mut self, name: &str) -> Self {
        self.field = Some(name.to_string());
        self
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(row) = self.row {
            write!(f, ", row {row}")?;
        }
        if let Some(field) = &self.field {
            write!(f, ", {field}")?;
        }
        write!(f, ": {}", self.message)
    }
}

/// Why a folder could not be read.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// There is no such folder, or it may not be opened.
    #[error("{}: this folder cannot be opened ({source}); name the folder that holds shop.toml", dir.display())]
    NoFolder {
        /// What was asked for.
        dir: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Its files have problems, of which the first are listed.
    #[error("{}", listed(problems, *total))]
    Problems {
        /// The first twenty.
        problems: Vec<Remark>,
        /// How many there are.
        total: usize,
    },
}

fn listed(problems: &[Remark], total: usize) -> String {
    let mut lines: Vec<String> = problems.iter().map(Remark::to_string).collect();
    if total > problems.len() {
        lines.push(format!("and {} more", total - problems.len()));
    }
    lines.join("\n")
}

/// Collects remarks while a folder is read.
#[derive(Default)]
pub(super) struct Findings {
    problems: Vec<Remark>,
    problem_count: usize,
    warnings: Vec<Remark>,
    warning_count: usize,
}

impl Findings {
    /// Notes what stops the import.
    pub fn problem(&mut self, remark: Remark) {
        self.problem_count += 1;
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(remark);
        }
    }

    /// Notes what does not.
    pub fn warn(&mut self, remark: Remark) {
        self.warning_count += 1;
        if self.warnings.len() < MAX_WARNINGS {
            self.warnings.push(remark);
        }
    }

    /// The value, or nothing and a problem.
    pub fn keep<T>(&mut self, result: Result<T, Remark>) -> Option<T> {
        result.map_err(|remark| self.problem(remark)).ok()
    }

    /// The warnings, if nothing stops the import.
    pub fn finish(self) -> Result<Vec<Remark>, FolderError> {
        if self.problem_count > 0 {
            return Err(FolderError::Problems {
                problems: self.problems,
                total: self.problem_count,
            });
        }
        let mut warnings = self.warnings;
        if let (more @ 1.., Some(last)) =
            (self.warning_count - warnings.len(), warnings.last().map(|w| w.file.clone()))
        {
            warnings.push(Remark::new(&last, format!("and {more} more warnings like these")));
        }
        Ok(warnings)
    }
}
