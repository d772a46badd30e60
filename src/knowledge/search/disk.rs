//! An index on disk that is either exactly right or built again.
//!
//! `dir/lexical` holds the index and a `seal`: what it was built of, and a digest of every file.
//! A new index is built beside it and moved into its place, so a crash leaves the old one or none.
//! Nothing but `dir/lexical` and the workplaces beside it is ever removed.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use sha2::{Digest, Sha256};
use tantivy::directory::MmapDirectory;

use super::SearchError;
use super::analysis::Analysis;
use super::lexical::{self, Lexical};
use crate::domain::language::Locale;
use crate::knowledge::passages::Passage;

const HOME: &str = "lexical";
const SEAL: &str = "seal";
const WORKPLACE: &str = "building-";

/// Opens the index of these passages, or builds it.
pub(super) fn open_or_build(
    dir: &Path,
    passages: &[Passage],
    locale: &Locale,
) -> Result<Lexical, SearchError> {
    let analysis = Analysis::new(locale);
    let origin = origin(passages, &analysis);
    match open(&dir.join(HOME), &origin, passages.len(), &analysis) {
        Ok(lexical) => return Ok(lexical),
        Err(reason) => {
            tracing::info!(%reason, passages = passages.len(), "building the search index")
        }
    }
    build(dir, &origin, passages, &analysis)
}

fn open(
    home: &Path,
    origin: &str,
    passages: usize,
    analysis: &Analysis,
) -> Result<Lexical, String> {
    let sealed = fs::read_to_string(home.join(SEAL)).map_err(|_| "there is none")?;
    if sealed.lines().next() != Some(origin) {
        return Err("it is of other passages or of another version".to_string());
    }
    if seal(home, origin).map_err(|error| error.to_string())? != sealed {
        return Err("its files were damaged".to_string());
    }
    let directory = MmapDirectory::open(home).map_err(|error| error.to_string())?;
    let index = tantivy::Index::open(directory).map_err(|error| error.to_string())?;
    let lexical = Lexical::over(index, analysis.clone()).map_err(|error| error.to_string())?;
    match lexical.len() == passages as u64 {
        true => Ok(lexical),
        false => Err("it has another number of passages".to_string()),
    }
}

fn build(
    dir: &Path,
    origin: &str,
    passages: &[Passage],
    analysis: &Analysis,
) -> Result<Lexical, SearchError> {
    let failed = |source: io::Error| SearchError::Folder { dir: dir.display().to_string(), source };
    fs::create_dir_all(dir).map_err(failed)?;
    clear(dir).map_err(failed)?;
    let workplace = tempfile::Builder::new().prefix(WORKPLACE).tempdir_in(dir).map_err(failed)?;
    let directory = MmapDirectory::open(workplace.path()).map_err(tantivy::TantivyError::from)?;
    drop(lexical::write(Box::new(directory), passages, analysis)?);
    let seal = seal(workplace.path(), origin).map_err(failed)?;
    fs::write(workplace.path().join(SEAL), seal).map_err(failed)?;
    let home = dir.join(HOME);
    fs::rename(workplace.keep(), &home).map_err(failed)?;
    let directory = MmapDirectory::open(&home).map_err(tantivy::TantivyError::from)?;
    Ok(Lexical::over(tantivy::Index::open(directory)?, analysis.clone())?)
}

/// Removes the index that is no longer right, and what a crash left of another.
fn clear(dir: &Path) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name != HOME && !name.starts_with(WORKPLACE) {
            continue;
        }
        match entry.file_type()?.is_dir() {
            true => fs::remove_dir_all(entry.path())?,
            false => fs::remove_file(entry.path())?,
        }
    }
    Ok(())
}

/// What an index was built of, in one line.
fn origin(passages: &[Passage], analysis: &Analysis) -> String {
    let mut digest = Sha256::new();
    for text in passages.iter().flat_map(|passage| [&passage.heading, &passage.text]) {
        digest.update((text.len() as u64).to_le_bytes());
        digest.update(text);
    }
    let version = lexical::SCHEMA_VERSION;
    let language = analysis.language();
    format!("{version} {language} {} {}", tantivy::version_string(), hex(&digest.finalize()))
}

/// The origin, then every file of the index with its digest. Lock files come and go.
fn seal(home: &Path, origin: &str) -> io::Result<String> {
    let mut files: Vec<_> = fs::read_dir(home)?.collect::<io::Result<_>>()?;
    files.sort_by_key(fs::DirEntry::file_name);
    let mut seal = format!("{origin}\n");
    for file in files {
        let name = file.file_name();
        let name = name.to_string_lossy();
        if name != SEAL && !name.ends_with(".lock") {
            let digest = Sha256::digest(fs::read(file.path())?);
            seal.push_str(&format!("{} {name}\n", hex(&digest)));
        }
    }
    Ok(seal)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
