//! Secrets that have to be read again (a webhook's secret, a mail password), sealed with a key that
//! is not in the database: who has only the database, or a backup of it, has none of them.
//!
//! ```text
//! envelope = version (1) | key id (4) | nonce (24) | XChaCha20-Poly1305 of the secret (+16)
//! ```
//!
//! The purpose is bound in, so that what was sealed as one thing cannot be opened as another. The
//! nonce is random; at 192 bits, chance never gives the same one twice.

mod key_file;

use std::io;
use std::path::{Path, PathBuf};

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use key_file::KEY;

const VERSION: u8 = 1;
const NONCE: usize = 24;
const HEAD: usize = 5;

/// Seals and opens with the key of one file.
#[derive(Clone)]
pub struct Sealer {
    cipher: XChaCha20Poly1305,
    key_id: [u8; 4],
}

impl Sealer {
    /// Reads the key file, or makes it, for its owner only, where there is none.
    pub fn open_or_create(path: &Path) -> Result<Self, SealError> {
        key_file::read_or_create(path).map(|key| Self::with_key(&key))
    }

    /// Opens the key of a data folder.
    pub fn of_folder(folder: &Path) -> Result<Self, SealError> {
        Self::open_or_create(&folder.join("seal.key"))
    }

    fn with_key(key: &[u8; KEY]) -> Self {
        let digest = Sha256::new().chain_update(b"floorwalker key id").chain_update(key).finalize();
        let key_id = [digest[0], digest[1], digest[2], digest[3]];
        Self { cipher: XChaCha20Poly1305::new(key.into()), key_id }
    }

    /// Seals a secret for a purpose, such as `webhook secret` and the id of the row it belongs to.
    pub fn seal(&self, purpose: &str, secret: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE];
        rand::fill(&mut nonce[..]);
        let mut envelope = self.head().to_vec();
        envelope.extend_from_slice(&nonce);
        let bound = bound(&self.head(), purpose);
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(nonce), Payload { msg: secret, aad: &bound })
            .expect("the cipher takes up to 256 GiB");
        envelope.extend_from_slice(&sealed);
        envelope
    }

    /// Opens what was sealed for the same purpose.
    pub fn open(&self, purpose: &str, envelope: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let altered = || SealError::Altered { purpose: purpose.to_string() };
        let (head, rest) = envelope.split_first_chunk::<HEAD>().ok_or_else(altered)?;
        if head[0] != VERSION {
            return Err(SealError::Version(head[0]));
        }
        if head[1..] != self.key_id {
            return Err(SealError::OtherKey { purpose: purpose.to_string() });
        }
        let (nonce, sealed) = rest.split_first_chunk::<NONCE>().ok_or_else(altered)?;
        let bound = bound(head, purpose);
        self.cipher
            .decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: &bound })
            .map(Zeroizing::new)
            .map_err(|_| altered())
    }

    fn head(&self) -> [u8; HEAD] {
        let [a, b, c, d] = self.key_id;
        [VERSION, a, b, c, d]
    }
}

/// What is authenticated besides the secret.
fn bound(head: &[u8; HEAD], purpose: &str) -> Vec<u8> {
    [head, purpose.as_bytes()].concat()
}

/// Why a key cannot be used or a secret not be read.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// Cannot be read or written.
    #[error("the key file {path}: {why}", path = path.display())]
    KeyFile {
        /// Where it should be.
        path: PathBuf,
        /// What the system said.
        why: io::Error,
    },
    /// Others on this machine can use it.
    #[error(
        "the key file {path} is open to others (mode {mode:03o}): run `chmod 600 {path}`, and \
         consider the secrets sealed with it as known to whoever could read it",
        path = path.display()
    )]
    KeyIsOpen {
        /// Which file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// Not 32 bytes.
    #[error(
        "the key file {path} is not a key, which has 32 bytes: restore it from a backup",
        path = path.display()
    )]
    NotAKey {
        /// Which file.
        path: PathBuf,
    },
    /// A form that this program does not know.
    #[error("sealed by a newer version of this program (form {0})")]
    Version(u8),
    /// The key file was exchanged or lost.
    #[error(
        "the {purpose} was sealed with another key: restore the key file that belongs to \
         this database, or enter the {purpose} again"
    )]
    OtherKey {
        /// What it was sealed as.
        purpose: String,
    },
    /// Damaged, tampered with, or sealed as something else.
    #[error(
        "the {purpose} cannot be opened: it was altered or sealed for another \
         purpose; enter it again"
    )]
    Altered {
        /// What it should have been.
        purpose: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer(byte: u8) -> Sealer {
        Sealer::with_key(&[byte; KEY])
    }

    #[test]
    fn what_is_sealed_opens_again_and_never_looks_the_same() {
        let sealer = sealer(7);
        let (one, two) =
            (sealer.seal("mail password", b"hush"), sealer.seal("mail password", b"hush"));
        assert_ne!(one, two);
        assert_eq!(one.len(), HEAD + NONCE + 4 + 16);
        assert_eq!(&sealer.open("mail password", &one).unwrap()[..], b"hush");
        assert_eq!(&sealer.open("empty", &sealer.seal("empty", b"")).unwrap()[..], b"");
    }

    #[test]
    fn another_purpose_or_another_key_opens_nothing() {
        let envelope = sealer(7).seal("mail password", b"hush");
        let purpose = sealer(7).open("webhook secret", &envelope);
        assert!(matches!(purpose, Err(SealError::Altered { .. })));
        let key = sealer(8).open("mail password", &envelope);
        assert!(matches!(key, Err(SealError::OtherKey { .. })));
        // Also where somebody has written the other key's id into it.
        let mut forged = envelope.clone();
        forged[1..HEAD].copy_from_slice(&sealer(8).key_id);
        assert!(matches!(sealer(8).open("mail password", &forged), Err(SealError::Altered { .. })));
    }

    #[test]
    fn one_changed_bit_or_a_missing_piece_is_noticed() {
        let sealer = sealer(7);
        let envelope = sealer.seal("p", b"hush");
        for bit in 0..envelope.len() * 8 {
            let mut changed = envelope.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(sealer.open("p", &changed).is_err(), "bit {bit}");
        }
        for length in 0..envelope.len() {
            assert!(sealer.open("p", &envelope[..length]).is_err(), "length {length}");
        }
        assert!(matches!(sealer.open("p", &[2, 0, 0, 0, 0]), Err(SealError::Version(2))));
    }
}
