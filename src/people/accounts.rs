//! Accounts: made, listed, closed and opened again. Every change ends what the old rights began.

use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;

use super::{People, PeopleError, Role, User, check_name, hashed, secret, user_row};
use crate::audit;
use crate::domain::ids::UserId;
use crate::domain::time::Instant;
use crate::store::StoreError;

/// An account as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Account {
    /// Who.
    #[serde(flatten)]
    pub user: User,
    /// Where mail reaches them.
    pub email: Option<String>,
    /// Closed since; nobody can sign in with it.
    pub disabled_at: Option<Instant>,
    /// How many sessions they have open.
    pub sessions: u32,
}

impl People {
    /// Makes the first administrator where nobody has an account, and returns the password. It is
    /// shown once and kept nowhere.
    pub async fn first_admin(&self) -> Result<Option<String>, StoreError> {
        let any = |db: &Connection| {
            let exists = "SELECT EXISTS (SELECT 1 FROM users)";
            Ok::<bool, StoreError>(db.query_row(exists, [], |row| row.get(0))?)
        };
        if self.store.read(any).await? {
            return Ok(None);
        }
        let password = secret(15);
        match self.add("admin", Role::Admin, None, password.clone(), "operator").await {
            Ok(_) => Ok(Some(password)),
            Err(PeopleError::Store(error)) => Err(error),
            Err(error) => Err(StoreError::NotCommitted(error.to_string())),
        }
    }

    /// Makes an account. `by` is who does it, for the audit log.
    pub async fn add(
        &self,
        name: &str,
        role: Role,
        email: Option<String>,
        password: String,
        by: &str,
    ) -> Result<User, PeopleError> {
        check_name(name)?;
        let hash = hashed(&self.checks, password).await?;
        let user = User { id: UserId::new(), name: name.into(), role };
        let by = by.to_string();
        let add =
            move |db: &Connection| insert(db, &user, email.as_deref(), &hash, &by).map(|()| user);
        self.store.write(add, |_| {}).await
    }

    /// Everybody, in the order of their names.
    pub async fn list(&self) -> Result<Vec<Account>, StoreError> {
        let now = Instant::now();
        self.store
            .read(move |db| {
                let mut query = db.prepare_cached(
                    "SELECT id, name, role, email, disabled_at,
                        (SELECT COUNT(*) FROM sessions WHERE user = users.id AND expires_at > ?1)
                     FROM users ORDER BY name",
                )?;
                let rows = query.query_map([now.0], |row| {
                    Ok(Account {
                        user: user_row(row)?,
                        email: row.get(3)?,
                        disabled_at: row.get::<_, Option<i64>>(4)?.map(Instant),
                        sessions: row.get(5)?,
                    })
                })?;
                Ok(rows.collect::<Result<_, _>>()?)
            })
            .await
    }

    /// A new password. Every session of theirs ends.
    pub async fn set_password(
        &self,
        name: &str,
        password: String,
        by: &str,
    ) -> Result<User, PeopleError> {
        let hash = hashed(&self.checks, password).await?;
        let set = move |db: &Connection, user: &User| {
            db.execute(
                "UPDATE users SET password = ?2 WHERE id = ?1",
                params![user.id.as_bytes(), hash],
            )?;
            end_sessions(db, user.id)
        };
        self.change(name, "user.password", by, set).await
    }

    /// Other rights. Every session of theirs ends, so that none goes on with the old ones.
    pub async fn set_role(&self, name: &str, role: Role, by: &str) -> Result<User, PeopleError> {
        let set = move |db: &Connection, user: &User| {
            if role != Role::Admin {
                keep_an_admin(db, user)?;
            }
            db.execute(
                "UPDATE users SET role = ?2 WHERE id = ?1",
                params![user.id.as_bytes(), role.name()],
            )?;
            end_sessions(db, user.id)
        };
        let user = self.change(name, "user.role", by, set).await?;
        Ok(User { role, ..user })
    }

    /// Closes an account; what its owner did stays. Every session of theirs ends.
    pub async fn disable(&self, name: &str, by: &str) -> Result<User, PeopleError> {
        let now = Instant::now();
        let close = move |db: &Connection, user: &User| {
            keep_an_admin(db, user)?;
            db.execute(
                "UPDATE users SET disabled_at = ?2 WHERE id = ?1",
                params![user.id.as_bytes(), now.0],
            )?;
            end_sessions(db, user.id)
        };
        self.change(name, "user.disable", by, close).await
    }

    /// Opens a closed account again.
    pub async fn enable(&self, name: &str, by: &str) -> Result<User, PeopleError> {
        let open = |db: &Connection, user: &User| {
            let sql = "UPDATE users SET disabled_at = NULL WHERE id = ?1";
            db.execute(sql, [user.id.as_bytes()])?;
            Ok(())
        };
        self.change(name, "user.enable", by, open).await
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

    /// Changes the account of that name and notes who did.
    async fn change(
        &self,
        name: &str,
        action: &'static str,
        by: &str,
        change: impl FnOnce(&Connection, &User) -> Result<(), PeopleError> + Send + 'static,
    ) -> Result<User, PeopleError> {
        let (name, by) = (name.to_string(), by.to_string());
        self.store
            .write(
                move |db| {
                    let user = find(db, &name)?.ok_or(PeopleError::NoSuchUser(name))?;
                    change(db, &user)?;
                    audit::note(db, Instant::now(), &by, action, &user.name)?;
                    Ok(user)
                },
                |_| {},
            )
            .await
    }
}

/// Adds an account within a write.
pub(super) fn insert(
    db: &Connection,
    user: &User,
    email: Option<&str>,
    hash: &str,
    by: &str,
) -> Result<(), PeopleError> {
    if find(db, &user.name)?.is_some() {
        return Err(PeopleError::Taken(user.name.clone()));
    }
    let now = Instant::now();
    db.execute(
        "INSERT INTO users (id, name, role, email, password, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![user.id.as_bytes(), user.name, user.role.name(), email, hash, now.0],
    )?;
    Ok(audit::note(db, now, by, "user.add", &user.name)?)
}

pub(super) fn find(db: &Connection, name: &str) -> Result<Option<User>, StoreError> {
    let mut query = db.prepare_cached("SELECT id, name, role FROM users WHERE name = ?1")?;
    Ok(query.query_row([name], user_row).optional()?)
}

pub(super) fn end_sessions(db: &Connection, user: UserId) -> Result<(), PeopleError> {
    db.execute("DELETE FROM sessions WHERE user = ?1", [user.as_bytes()])?;
    Ok(())
}

/// Refuses to take away the last administrator.
fn keep_an_admin(db: &Connection, user: &User) -> Result<(), PeopleError> {
    let others: i64 = db.query_row(
        "SELECT COUNT(*) FROM users WHERE role = 'admin' AND disabled_at IS NULL AND id != ?1",
        [user.id.as_bytes()],
        |row| row.get(0),
    )?;
    let is_last = user.role == Role::Admin && others == 0;
    if is_last { Err(PeopleError::LastAdmin(user.name.clone())) } else { Ok(()) }
}
