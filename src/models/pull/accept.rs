//! The one door into a model's folder: bytes are written beside, read again, compared, and only then
//! renamed into place.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

use super::super::catalogue::ModelFile;
use super::super::digest::{self, FileState};
use super::super::progress::{Meter, Progress};

/// Ends the name of a file that is being copied.
pub const BESIDE: &str = ".new";

/// Ends the name of a download that can be taken up again.
pub const PART: &str = ".part";

/// Why a source did not give a file.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// Nobody answers there, so there is no use in asking again in this run.
    #[error("it cannot be reached ({0})")]
    Unreachable(String),
    /// It answered with something else.
    #[error("it answered {0}")]
    Refused(String),
    /// It stopped in the middle.
    #[error("the download stopped after {at} bytes ({why})")]
    Cut {
        /// How much is there.
        at: u64,
        /// What was seen.
        why: String,
    },
    /// It gave other bytes.
    #[error("refused, what it gave {0}")]
    Wrong(FileState),
    /// It has no such file.
    #[error("{0}")]
    Absent(String),
    /// pip did not do it.
    #[error("{0}")]
    Pip(String),
    /// This machine's disk.
    #[error("{0}")]
    Disk(#[from] io::Error),
}

/// Renames a finished download into place, if it is the right file; else removes it.
pub fn accept(candidate: &Path, file: &ModelFile, target: &Path) -> Result<(), FetchError> {
    let state = digest::check(candidate, file);
    if state != FileState::Good {
        fs::remove_file(candidate)?;
        return Err(FetchError::Wrong(state));
    }
    // So that a power cut cannot leave the name without the bytes.
    File::open(candidate)?.sync_all()?;
    Ok(fs::rename(candidate, target.join(&file.name))?)
}

/// Copies from a reader, never more than the file's size, and accepts the result.
pub fn install(
    from: impl Read,
    file: &ModelFile,
    target: &Path,
    progress: &Progress,
) -> Result<(), FetchError> {
    let beside = target.join(format!("{}{BESIDE}", file.name));
    let mut meter = progress.meter(file.name.clone(), Some(file.size));
    let copied = copy(from, file.size, &beside, &mut meter);
    drop(meter);
    match copied {
        Ok(()) => accept(&beside, file, target),
        Err(error) => {
            fs::remove_file(&beside).unwrap_or_default();
            Err(error.into())
        }
    }
}

fn copy(from: impl Read, size: u64, to: &Path, meter: &mut Meter<'_>) -> io::Result<()> {
    let mut to = BufWriter::with_capacity(256 * 1024, File::create(to)?);
    // One byte more than allowed is enough to see that it is too long.
    let mut from = from.take(size.saturating_add(1));
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let count = match from.read(&mut buffer) {
            Ok(0) => return to.flush(),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        to.write_all(&buffer[..count])?;
        meter.add(count as u64);
    }
}
