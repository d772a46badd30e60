//! One process owns a data folder: an advisory lock on a file in it, released when the process ends
//! however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use super::StoreError;

/// Holds the folder for as long as it lives.
#[derive(Debug)]
pub struct FolderLock(#[expect(dead_code, reason = "held, not read")] File);

impl FolderLock {
    /// Takes the folder, or says that somebody else has it.
    pub fn take(folder: &Path) -> Result<Self, StoreError> {
        let failed = |e| StoreError::Folder(folder.into(), e);
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(folder.join("lock"))
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse(folder.into())),
            Err(TryLockError::Error(e)) => Err(failed(e)),
        }
    }
}
