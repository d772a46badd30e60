//! Who works here: accounts and their rights, passwords, sessions, invitations. Knows no HTTP.
//!
//! Passwords are kept as Argon2id, every token as SHA-256 of 32 random bytes: what is stolen from the
//! database opens nothing.

mod accounts;
mod api_keys;
mod invitations;
pub mod keys;
pub mod passwords;
pub mod recovery;
mod role;
mod second;
mod sessions;
pub mod totp;

use std::sync::{Arc, OnceLock};

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::domain::ids::UserId;
use crate::seal::{SealError, Sealer};
use crate::store::{Store, StoreError};

pub use accounts::Account;
pub use api_keys::{Key, NewKey};
pub use invitations::{INVITED_FOR, Invitation};
pub use role::{ROLES, Role};
pub use second::Enrolment;
pub use sessions::{Entered, SESSION, Session};

/// Passwords checked at once: each takes 19 MiB and tens of milliseconds.
const CHECKS_AT_ONCE: usize = 2;

/// Somebody who works here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// As they sign in and as visitors see them.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

/// Handle on the accounts. Cheap to clone.
#[derive(Clone)]
pub struct People {
    store: Store,
    checks: Arc<Semaphore>,
    sealer: Arc<OnceLock<Sealer>>,
}

/// Why something about an account was not done.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// A name is taken.
    #[error("there is already an account named `{0}`; choose another name")]
    Taken(String),
    /// No such account.
    #[error("there is no account named `{0}`; `floorwalker user list` shows all")]
    NoSuchUser(String),
    /// It would lock everybody out.
    #[error("`{0}` is the last administrator; make another one first")]
    LastAdmin(String),
    /// The name cannot be one.
    #[error("a name has 1 to 60 characters and none of them is a control character")]
    BadName,
    /// The password is too easy.
    #[error("{0}")]
    BadPassword(#[from] passwords::WeakPassword),
    /// The code is wrong, used or late.
    #[error("that code is not right, or was used already; wait for the next one")]
    WrongCode,
    /// There is one already.
    #[error("this account has a second factor already; end that one first")]
    HasSecondFactor,
    /// A secret cannot be sealed or opened.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// A key that may do nothing.
    #[error("a key needs at least one scope")]
    NoScopes,
    /// A key that may do more than whoever makes it.
    #[error("you cannot give away what you may not do yourself: {0}")]
    NotYours(keys::Scopes),
    /// No such key, or it is revoked.
    #[error("there is no key `{0}` in use; `floorwalker key list` shows all")]
    NoSuchKey(String),
    /// The link was used, has run out, or never was one.
    #[error("this link is no longer valid; ask for a new one")]
    BadLink,
    /// It could not be stored.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for PeopleError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

impl People {
    /// The accounts in this store.
    pub fn new(store: Store) -> Self {
        Self { store, checks: Arc::new(Semaphore::new(CHECKS_AT_ONCE)), sealer: Arc::default() }
    }

    /// Seals secrets with the key beside the database, which is made when it is first needed.
    fn sealer(&self) -> Result<Sealer, PeopleError> {
        if let Some(sealer) = self.sealer.get() {
            return Ok(sealer.clone());
        }
        let sealer = Sealer::of_folder(self.store.folder())?;
        Ok(self.sealer.get_or_init(|| sealer).clone())
    }
}

/// A random secret of so many bytes, as text.
pub fn secret(bytes: usize) -> String {
    let mut random = vec![0_u8; bytes];
    rand::fill(&mut random[..]);
    URL_SAFE_NO_PAD.encode(random)
}

fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// Is this a name that can be shown beside a message?
fn check_name(name: &str) -> Result<(), PeopleError> {
    let fits = (1..=60).contains(&name.chars().count());
    let plain = !name.chars().any(char::is_control) && name.trim() == name;
    if fits && plain { Ok(()) } else { Err(PeopleError::BadName) }
}

async fn hashed(checks: &Semaphore, password: String) -> Result<String, StoreError> {
    let _permit = checks.acquire().await.map_err(|_| StoreError::Closing)?;
    tokio::task::spawn_blocking(move || hash(&password)).await.map_err(|_| StoreError::Closing)
}

fn hash(password: &str) -> String {
    Argon2::default()
        .hash_password(passwords::normal(password).as_bytes())
        .expect("default parameters and a generated salt are valid")
        .to_string()
}

/// Compares with the stored hash, or, where there is none, with one that nothing matches.
fn verify(password: &str, stored: Option<&str>) -> bool {
    use std::sync::LazyLock;
    static NOBODY: LazyLock<String> = LazyLock::new(|| hash(&secret(32)));
    let Ok(parsed) = PasswordHash::new(stored.unwrap_or(&NOBODY)) else { return false };
    let password = passwords::normal(password);
    Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && stored.is_some()
}

fn user_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<User> {
    Ok(User {
        id: UserId::from_bytes(row.get(0)?),
        name: row.get(1)?,
        role: Role::stored(&row.get::<_, String>(2)?),
    })
}

#[cfg(test)]
mod tests;
