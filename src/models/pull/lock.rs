//! One process at a time fetches into a folder.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;

use super::super::progress::Progress;

/// The beginning of the name of every folder that pip downloads into.
pub const SCRATCH: &str = ".pip-";

/// Held until it is dropped or the process ends, however it ends.
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Waits until no other process holds it, and clears away what a killed one left.
    pub fn take(folder: &Path, progress: &Progress) -> io::Result<Self> {
        let file =
            File::options().create(true).truncate(false).write(true).open(folder.join(".lock"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                progress.say("waiting: another process is fetching models");
                file.lock()?;
            }
            // Some network file systems have no locks; fetching twice is then only wasteful.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => return Err(error),
        }
        sweep(folder)?;
        Ok(Self { _file: file })
    }
}

fn sweep(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(SCRATCH) {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}
