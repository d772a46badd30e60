//! Who works here: accounts, passwords, sessions. Knows no HTTP.
//!
//! Passwords are kept as Argon2id, session tokens as SHA-256 of 32 random bytes: what is stolen from
//! the database opens nothing.

use std::sync::Arc;
use std::time::Duration;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::domain::ids::UserId;
use crate::domain::time::Instant;
use crate::store::{Store, StoreError};

/// How long a session lives.
pub const SESSION: Duration = Duration::from_secs(12 * 60 * 60);
/// Passwords checked at once: each takes 19 MiB and tens of milliseconds.
const CHECKS_AT_ONCE: usize = 2;

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything.
    Admin,
    /// Talks to visitors.
    Agent,
}

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
}

impl People {
    /// The accounts in this store.
    pub fn new(store: Store) -> Self {
        Self { store, checks: Arc::new(Semaphore::new(CHECKS_AT_ONCE)) }
    }

    /// Makes the first administrator where nobody has an account, and returns the password. It is
    /// shown once and kept nowhere.
    pub async fn first_admin(&self) -> Result<Option<String>, StoreError> {
        let exists = |db: &rusqlite::Connection| {
            Ok::<bool, StoreError>(db.query_row(
                "SELECT EXISTS (SELECT 1 FROM users)",
                [],
                |r| r.get(0),
            )?)
        };
        if self.store.read(exists).await? {
            return Ok(None);
        }
        let password = secret(15);
        self.add("admin", Role::Admin, &password).await?;
        Ok(Some(password))
    }

    /// Makes an account. The name must be free.
    pub async fn add(&self, name: &str, role: Role, password: &str) -> Result<User, StoreError> {
        let hash = hash(password);
        let user = User { id: UserId::new(), name: name.into(), role };
        let row = user.clone();
        self.store
            .write(
                move |db| {
                    let role = if row.role == Role::Admin { "admin" } else { "agent" };
                    db.execute(
                        "INSERT INTO users (id, name, role, password) VALUES (?1, ?2, ?3, ?4)",
                        params![row.id.as_bytes(), row.name, role, hash],
                    )?;
                    Ok(row)
                },
                |_| {},
            )
            .await
    }

    /// A session's token for the right name and password; `None` for anything else, after the same
    /// time, whether or not the name exists.
    pub async fn sign_in(
        &self,
        name: &str,
        password: String,
        now: Instant,
    ) -> Result<Option<(String, User)>, StoreError> {
        let name = name.to_string();
        let found = self.store.read(move |db| find_by_name(db, &name)).await?;
        let _permit = self.checks.acquire().await.map_err(|_| StoreError::Closing)?;
        let (user, stored) = match found {
            Some((user, stored)) => (Some(user), Some(stored)),
            None => (None, None),
        };
        let check = move || verify(&password, stored.as_deref());
        let right = tokio::task::spawn_blocking(check).await.map_err(|_| StoreError::Closing)?;
        let Some(user) = user.filter(|_| right) else { return Ok(None) };
        let token = secret(32);
        let (digest, id, until) = (token_hash(&token), user.id, now.plus(SESSION));
        self.store
            .write(
                move |db| {
                    db.execute("DELETE FROM sessions WHERE expires_at <= ?1", [now.0])?;
                    db.execute(
                        "INSERT INTO sessions (token, user, expires_at) VALUES (?1, ?2, ?3)",
                        params![digest, id.as_bytes(), until.0],
                    )?;
                    Ok::<_, StoreError>(())
                },
                |()| {},
            )
            .await?;
        Ok(Some((token, user)))
    }

    /// Whose session this is, if it is one and still lives.
    pub async fn session(&self, token: &str, now: Instant) -> Result<Option<User>, StoreError> {
        let digest = token_hash(token);
        self.store
            .read(move |db| {
                let mut query = db.prepare_cached(
                    "SELECT users.id, users.name, users.role FROM sessions
                     JOIN users ON users.id = sessions.user
                     WHERE sessions.token = ?1 AND sessions.expires_at > ?2",
                )?;
                Ok(query.query_row(params![digest, now.0], user_row).optional()?)
            })
            .await
    }

    /// Ends a session.
    pub async fn sign_out(&self, token: &str) -> Result<(), StoreError> {
        let digest = token_hash(token);
        let delete = move |db: &rusqlite::Connection| {
            db.execute("DELETE FROM sessions WHERE token = ?1", [digest])?;
            Ok::<_, StoreError>(())
        };
        self.store.write(delete, |()| {}).await
    }

    /// The name of a colleague.
    pub async fn name(&self, id: UserId) -> Result<Option<String>, StoreError> {
        self.store
            .read(move |db| {
                let mut query = db.prepare_cached("SELECT name FROM users WHERE id = ?1")?;
                Ok(query.query_row([id.as_bytes()], |row| row.get(0)).optional()?)
            })
            .await
    }
}

/// A random secret of so many bytes, as text.
pub fn secret(bytes: usize) -> String {
    let mut random = vec![0_u8; bytes];
    rand::fill(&mut random[..]);
    URL_SAFE_NO_PAD.encode(random)
}

fn find_by_name(
    db: &rusqlite::Connection,
    name: &str,
) -> Result<Option<(User, String)>, StoreError> {
    let mut query =
        db.prepare_cached("SELECT id, name, role, password FROM users WHERE name = ?1")?;
    Ok(query.query_row([name], |row| Ok((user_row(row)?, row.get(3)?))).optional()?)
}

fn user_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<User> {
    let role: String = row.get(2)?;
    Ok(User {
        id: UserId::from_bytes(row.get(0)?),
        name: row.get(1)?,
        role: if role == "admin" { Role::Admin } else { Role::Agent },
    })
}

fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

fn hash(password: &str) -> String {
    Argon2::default()
        .hash_password(password.as_bytes())
        .expect("default parameters and a generated salt are valid")
        .to_string()
}

/// Compares with the stored hash, or, where there is none, with one that nothing matches.
fn verify(password: &str, stored: Option<&str>) -> bool {
    use std::sync::LazyLock;
    static NOBODY: LazyLock<String> = LazyLock::new(|| hash(&secret(32)));
    let Ok(parsed) = PasswordHash::new(stored.unwrap_or(&NOBODY)) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && stored.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_first_admin_is_made_once_with_a_password_of_its_own() {
        let folder = tempfile::tempdir().expect("temp dir");
        let people = People::new(Store::open(folder.path()).expect("opens"));
        let password = people.first_admin().await.expect("stored").expect("first");
        assert!(password.len() >= 20);
        assert_eq!(people.first_admin().await.expect("reads"), None);

        let now = Instant(0);
        let wrong = people.sign_in("admin", "admin".into(), now).await.expect("reads");
        assert_eq!(wrong, None);
        assert_eq!(people.sign_in("nobody", password.clone(), now).await.expect("reads"), None);
        let (token, user) =
            people.sign_in("admin", password, now).await.expect("reads").expect("right");
        assert_eq!(people.session(&token, now).await.expect("reads"), Some(user));
        assert_eq!(people.session(&token, now.plus(SESSION)).await.expect("reads"), None);
        people.sign_out(&token).await.expect("stored");
        assert_eq!(people.session(&token, now).await.expect("reads"), None);
    }
}
