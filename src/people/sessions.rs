//! Sessions: begun with a password, listed, ended one by one or all at once.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;

use super::{People, PeopleError, User, secret, token_hash, user_row, verify};
use crate::audit;
use crate::domain::ids::SessionId;
use crate::domain::ids::UserId;
use crate::domain::time::Instant;
use crate::store::StoreError;

/// How long a session lives.
pub const SESSION: Duration = Duration::from_secs(12 * 60 * 60);
/// Longest description of a browser that is kept, in bytes.
const AGENT: usize = 200;

/// How an attempt to sign in ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entered {
    /// With a session.
    In {
        /// Its secret.
        token: String,
        /// Whose it is.
        user: User,
    },
    /// The password is right; a code belongs to it.
    CodeWanted,
    /// Name, password or code are wrong.
    Wrong,
}

/// An open session as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Session {
    /// To end it by.
    pub id: SessionId,
    /// Since when.
    pub began_at: Instant,
    /// When it ends by itself.
    pub expires_at: Instant,
    /// What the browser calls itself.
    pub agent: String,
    /// It is the one that asks.
    pub current: bool,
}

impl People {
    /// Lets in whoever has the right name, password and, where the account wants one, code. Nobody is
    /// told whether there is such an account: not by the answer and not by the time it takes.
    pub async fn sign_in(
        &self,
        name: &str,
        password: String,
        code: Option<&str>,
        agent: &str,
        now: Instant,
    ) -> Result<Entered, PeopleError> {
        let name = name.to_string();
        let found = self.store.read(move |db| find(db, &name)).await?;
        let permit = self.checks.acquire().await.map_err(|_| StoreError::Closing)?;
        let (user, stored) = found.unzip();
        let check = move || verify(&password, stored.as_deref());
        let right = tokio::task::spawn_blocking(check).await.map_err(|_| StoreError::Closing)?;
        drop(permit);
        let Some(user) = user.filter(|_| right) else { return Ok(Entered::Wrong) };
        if self.wants_code(user.id).await? {
            let Some(code) = code else { return Ok(Entered::CodeWanted) };
            if !self.use_code(user.id, code, now).await? {
                return Ok(Entered::Wrong);
            }
        }
        let token = secret(32);
        let (digest, owner, until) = (token_hash(&token), user.id, now.plus(SESSION));
        let agent: String = agent.chars().filter(|c| !c.is_control()).take(AGENT).collect();
        let by = user.name.clone();
        let begin = move |db: &Connection| {
            audit::note(db, now, &by, "session.begin", &by)?;
            db.execute("DELETE FROM sessions WHERE expires_at <= ?1", [now.0])?;
            db.execute(
                "INSERT INTO sessions (token, id, user, began_at, expires_at, agent)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    digest,
                    SessionId::new().as_bytes(),
                    owner.as_bytes(),
                    now.0,
                    until.0,
                    agent
                ],
            )?;
            Ok::<_, StoreError>(())
        };
        self.store.write(begin, |()| {}).await?;
        Ok(Entered::In { token, user })
    }

    /// Whose session this is, if it is one, still lives, and its account is open. One that would live
    /// far longer than sessions do was begun by a clock that ran ahead, and is over.
    pub async fn session(&self, token: &str, now: Instant) -> Result<Option<User>, StoreError> {
        let digest = token_hash(token);
        self.store
            .read(move |db| {
                let mut query = db.prepare_cached(
                    "SELECT users.id, users.name, users.role FROM sessions
                     JOIN users ON users.id = sessions.user
                     WHERE sessions.token = ?1
                       AND sessions.expires_at > ?2 AND sessions.expires_at <= ?3
                       AND users.disabled_at IS NULL",
                )?;
                Ok(query
                    .query_row(params![digest, now.0, now.plus(SESSION * 2).0], user_row)
                    .optional()?)
            })
            .await
    }

    /// Ends the session of this token.
    pub async fn sign_out(&self, token: &str) -> Result<(), StoreError> {
        let digest = token_hash(token);
        let delete = move |db: &Connection| end(db, "token = ?1", params![digest]).map(|_| ());
        self.store.write(delete, |()| {}).await
    }

    /// Somebody's open sessions, the newest first.
    pub async fn sessions(
        &self,
        owner: UserId,
        token: &str,
        now: Instant,
    ) -> Result<Vec<Session>, StoreError> {
        let asking = token_hash(token);
        self.store
            .read(move |db| {
                let mut query = db.prepare_cached(
                    "SELECT id, began_at, expires_at, agent, token = ?3 FROM sessions
                     WHERE user = ?1 AND expires_at > ?2 AND id IS NOT NULL
                     ORDER BY began_at DESC",
                )?;
                let rows = query.query_map(params![owner.as_bytes(), now.0, asking], |row| {
                    Ok(Session {
                        id: SessionId::from_bytes(row.get(0)?),
                        began_at: Instant(row.get(1)?),
                        expires_at: Instant(row.get(2)?),
                        agent: row.get(3)?,
                        current: row.get(4)?,
                    })
                })?;
                Ok(rows.collect::<Result<_, _>>()?)
            })
            .await
    }

    /// Ends one of somebody's sessions. `false` if it is not theirs or not there.
    pub async fn end_session(&self, owner: UserId, id: SessionId) -> Result<bool, StoreError> {
        let delete = move |db: &Connection| {
            let which = params![id.as_bytes(), owner.as_bytes()];
            Ok::<_, StoreError>(end(db, "id = ?1 AND user = ?2", which)? > 0)
        };
        self.store.write(delete, |_| {}).await
    }
}

/// Ends sessions by their owner's own hand, and notes it. Returns how many.
fn end(db: &Connection, which: &str, values: &[&dyn rusqlite::ToSql]) -> Result<usize, StoreError> {
    let sql = format!(
        "DELETE FROM sessions WHERE {which}
         RETURNING (SELECT name FROM users WHERE users.id = sessions.user)"
    );
    let mut query = db.prepare_cached(&sql)?;
    let names = query.query_map(values, |row| row.get(0))?;
    let names: Vec<String> = names.collect::<Result<_, _>>()?;
    for name in &names {
        audit::note(db, Instant::now(), name, "session.end", name)?;
    }
    Ok(names.len())
}

fn find(db: &Connection, name: &str) -> Result<Option<(User, String)>, StoreError> {
    let mut query = db.prepare_cached(
        "SELECT id, name, role, password FROM users WHERE name = ?1 AND disabled_at IS NULL",
    )?;
    Ok(query.query_row([name], |row| Ok((user_row(row)?, row.get(3)?))).optional()?)
}
