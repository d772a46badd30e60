//! API keys: how they look, how they are kept, and what each may do ([`Scopes`]).
//!
//! ```text
//! fw_<8: id>_<43: secret><6: checksum>        all of it 0-9 A-Z a-z
//! ```
//!
//! The id finds the row and may be shown; of the secret, 256 random bits, only the SHA-256 is kept.
//! Prefix and checksum are for those who scan what was published by mistake: they can tell a key
//! from anything else without asking us. A double click selects the whole of it.

use std::fmt;

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

mod scopes;

pub use scopes::{Scope, Scopes, UnknownScope};

/// What is kept of a key's secret.
pub type Digest = [u8; 32];

const PREFIX: &str = "fw_";
const ID: usize = 8;
/// 43 signs out of 62 are 256.03 bits.
const SECRET: usize = 43;
const CHECKSUM: usize = 6;
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A key, new or as it was presented.
#[derive(Clone)]
pub struct ApiKey {
    id: String,
    secret: Zeroizing<String>,
}

impl ApiKey {
    /// A new key.
    pub fn generate() -> Self {
        Self { id: random(ID).to_string(), secret: random(SECRET) }
    }

    /// Reads what a caller presents. That it reads well does not mean that anybody issued it.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let rest = text.trim().strip_prefix(PREFIX).ok_or(KeyError::NotAKey)?;
        let (id, rest) = rest.split_once('_').ok_or(KeyError::NotAKey)?;
        let clean = id.bytes().chain(rest.bytes()).all(|sign| BASE62.contains(&sign));
        if !clean || id.len() != ID {
            return Err(KeyError::NotAKey);
        }
        let Some((secret, sum)) = rest.split_at_checked(SECRET) else {
            return Err(KeyError::Mistyped);
        };
        if sum != checksum(id, secret) {
            return Err(KeyError::Mistyped);
        }
        Ok(Self { id: id.into(), secret: Zeroizing::new(secret.into()) })
    }

    /// Names the key in lists, logs and the database.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The whole key, to be shown once.
    pub fn text(&self) -> Zeroizing<String> {
        let Self { id, secret } = self;
        Zeroizing::new(format!("{PREFIX}{id}_{}{}", **secret, checksum(id, secret)))
    }

    /// What to keep of it.
    pub fn digest(&self) -> Digest {
        Sha256::digest(self.secret.as_bytes()).into()
    }

    /// Whether this is the key of which that was kept; in constant time.
    pub fn matches(&self, kept: &Digest) -> bool {
        self.digest().ct_eq(kept).into()
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKey({PREFIX}{}_***)", self.id)
    }
}

/// Why a text is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Something else altogether.
    #[error(
        "an API key begins with fw_ and eight letters or digits: copy it from where it was shown"
    )]
    NotAKey,
    /// Looks like one, and the checksum is wrong.
    #[error("this API key is incomplete or mistyped: copy all of it")]
    Mistyped,
}

/// Six signs that depend on all others: the first eight bytes of a SHA-256, modulo 62 to the power
/// of six, highest sign first.
fn checksum(id: &str, secret: &str) -> String {
    let digest = Sha256::digest(format!("{PREFIX}{id}_{secret}"));
    let mut number = digest[..8].iter().fold(0_u64, |all, byte| (all << 8) | u64::from(*byte));
    let mut signs = ['0'; CHECKSUM];
    for sign in signs.iter_mut().rev() {
        *sign = char::from(BASE62[(number % 62) as usize]);
        number /= 62;
    }
    signs.iter().collect()
}

/// So many random signs, each as likely as any other.
fn random(length: usize) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(length));
    let mut bytes = Zeroizing::new([0_u8; 64]);
    while text.len() < length {
        rand::fill(&mut bytes[..]);
        // 248 is four times 62; what lies above would favour the first signs.
        let fair = bytes.iter().filter(|byte| **byte < 248).map(|byte| byte % 62);
        for sign in fair.take(length - text.len()) {
            text.push(char::from(BASE62[usize::from(sign)]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_shown() {
        let key = ApiKey::generate();
        let text = key.text();
        assert_eq!(text.len(), 3 + ID + 1 + SECRET + CHECKSUM);
        let read = ApiKey::parse(&format!(" {}\n", *text)).unwrap();
        assert_eq!((read.id(), read.text()), (key.id(), text));
        assert!(read.matches(&key.digest()));
        assert!(!ApiKey::generate().matches(&key.digest()));
    }

    #[test]
    fn the_form_of_keys_does_not_change() {
        // The checksum was computed with Python's hashlib.
        let text = format!("fw_k3yId001_{}a0xzkB", "s".repeat(SECRET));
        let key = ApiKey::parse(&text).unwrap();
        assert_eq!((key.id(), &*key.text()), ("k3yId001", &text));
    }

    #[test]
    fn one_wrong_sign_is_noticed() {
        let text = ApiKey::generate().text();
        for at in 0..text.len() {
            for with in ["x", "y", "_", "é"] {
                let mut changed = text.to_string();
                changed.replace_range(at..=at, with);
                assert!(changed == *text || ApiKey::parse(&changed).is_err(), "{changed}");
            }
            assert!(ApiKey::parse(&text[..at]).is_err(), "{at}");
        }
        assert_eq!(ApiKey::parse("Bearer abc").err(), Some(KeyError::NotAKey));
        assert_eq!(ApiKey::parse(&text[..40]).err(), Some(KeyError::Mistyped));
        assert_eq!(ApiKey::parse(&format!("{}0", *text)).err(), Some(KeyError::Mistyped));
    }

    #[test]
    fn a_key_does_not_show_its_secret_by_accident() {
        let key = ApiKey::generate();
        assert_eq!(format!("{key:?}"), format!("ApiKey(fw_{}_***)", key.id()));
    }

    #[test]
    fn every_sign_is_as_likely() {
        let mut counts = [0_u32; 128];
        random(62_000).bytes().for_each(|sign| counts[usize::from(sign)] += 1);
        // Six standard deviations around a thousand.
        assert!(BASE62.iter().all(|sign| counts[usize::from(*sign)].abs_diff(1000) < 190));
    }
}
