//! Where a file's bytes come from: positioned reads, so that several threads may read at once and
//! a file cut short by somebody else is an error rather than a crash (as it would be if mapped).

use std::fs::File;
use std::io;
use std::path::Path;

/// Bytes that can be read at any place.
pub(super) enum Source {
    /// An open file, and its length when it was opened.
    File(File, u64),
    /// The bytes themselves.
    #[cfg(test)]
    Bytes(Vec<u8>),
}

impl Source {
    /// Opens an ordinary file. The error does not name it.
    pub fn open(path: &Path) -> Result<Self, String> {
        // Asked before opening: to open a pipe would wait for its other end.
        if !std::fs::metadata(path).map_err(|e| e.to_string())?.is_file() {
            return Err("it is not a file".into());
        }
        let file = File::open(path).map_err(|e| e.to_string())?;
        let length = file.metadata().map_err(|e| e.to_string())?.len();
        Ok(Self::File(file, length))
    }

    /// How many bytes there are.
    pub fn len(&self) -> u64 {
        match self {
            Self::File(_, length) => *length,
            #[cfg(test)]
            Self::Bytes(bytes) => bytes.len() as u64,
        }
    }

    /// Fills `into` with the bytes from `at` on.
    pub fn read_exact_at(&self, at: u64, into: &mut [u8]) -> Result<(), String> {
        match self {
            Self::File(file, _) => read_exact_at(file, at, into).map_err(|e| e.to_string()),
            #[cfg(test)]
            Self::Bytes(bytes) => {
                let at = usize::try_from(at).map_err(|e| e.to_string())?;
                let end = at.checked_add(into.len()).ok_or("no such place")?;
                into.copy_from_slice(bytes.get(at..end).ok_or("failed to fill whole buffer")?);
                Ok(())
            }
        }
    }
}

#[cfg(unix)]
fn read_exact_at(file: &File, at: u64, into: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, into, at)
}

#[cfg(windows)]
fn read_exact_at(file: &File, mut at: u64, mut into: &mut [u8]) -> io::Result<()> {
    while !into.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, into, at) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => {
                into = &mut into[read..];
                at += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
