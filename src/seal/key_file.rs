//! The file with the sealing key: 32 random bytes that only its owner can read.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use zeroize::Zeroizing;

use super::SealError;

/// Bytes in a key.
pub(super) const KEY: usize = 32;

/// Reads the key, or makes one where there is no file.
pub(super) fn read_or_create(path: &Path) -> Result<Zeroizing<[u8; KEY]>, SealError> {
    match read(path) {
        Err(SealError::KeyFile { why, .. }) if why.kind() == io::ErrorKind::NotFound => {
            create(path).map_err(|why| SealError::KeyFile { path: path.into(), why })?;
            read(path)
        }
        result => result,
    }
}

fn read(path: &Path) -> Result<Zeroizing<[u8; KEY]>, SealError> {
    let trouble = |why| SealError::KeyFile { path: path.into(), why };
    let file = File::open(path).map_err(trouble)?;
    // Asked of the open file, so that it is the one that is read.
    let mode = file.metadata().map_err(trouble)?.mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(SealError::KeyIsOpen { path: path.into(), mode });
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(KEY + 1));
    file.take(KEY as u64 + 1).read_to_end(&mut bytes).map_err(trouble)?;
    match <[u8; KEY]>::try_from(&bytes[..]) {
        Ok(key) => Ok(Zeroizing::new(key)),
        Err(_) => Err(SealError::NotAKey { path: path.into() }),
    }
}

/// Makes the file in one step, whole and on disk, and leaves one that somebody else made meanwhile.
fn create(path: &Path) -> io::Result<()> {
    let folder = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let mut key = Zeroizing::new([0_u8; KEY]);
    rand::fill(&mut key[..]);
    // Made with mode 0600.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(&key[..])?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Err(error) if error.error.kind() != io::ErrorKind::AlreadyExists => Err(error.error),
        _ => File::open(folder)?.sync_all(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::super::Sealer;
    use super::*;

    #[test]
    fn the_key_is_made_once_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("seal.key");
        let envelope = Sealer::open_or_create(&path).unwrap().seal("p", b"hush");
        let made = fs::metadata(&path).unwrap();
        assert_eq!((made.len(), made.mode() & 0o777), (32, 0o600));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert_eq!(
            &Sealer::open_or_create(&path).unwrap().open("p", &envelope).unwrap()[..],
            b"hush"
        );
        assert!(create(&path).is_ok());
        assert!(Sealer::open_or_create(&path).unwrap().open("p", &envelope).is_ok());
    }

    #[test]
    fn a_key_that_others_can_read_or_that_is_none_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("seal.key");
        Sealer::open_or_create(&path).unwrap();
        for mode in [0o640, 0o604, 0o660, 0o644, 0o620] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let error = Sealer::open_or_create(&path).err().unwrap();
            assert!(matches!(error, SealError::KeyIsOpen { .. }));
            assert!(error.to_string().contains("chmod 600"), "{error}");
        }
        for length in [0, 31, 33] {
            fs::write(&path, vec![1; length]).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
            let error = Sealer::open_or_create(&path).err().unwrap();
            assert!(matches!(error, SealError::NotAKey { .. }), "{error}");
            fs::remove_file(&path).unwrap();
        }
        let nowhere = folder.path().join("missing/seal.key");
        assert!(matches!(Sealer::open_or_create(&nowhere), Err(SealError::KeyFile { .. })));
    }
}
