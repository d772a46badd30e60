//! Invitations and forgotten passwords: links that work once and not for long.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;

use super::accounts::{self, end_sessions};
use super::{People, PeopleError, Role, User, check_name, hashed, passwords, secret, token_hash};
use crate::audit;
use crate::domain::ids::UserId;
use crate::domain::time::Instant;
use crate::store::StoreError;

/// How long an invitation is good for.
pub const INVITED_FOR: Duration = Duration::from_secs(72 * 60 * 60);
/// How long a link to a new password is good for.
const RESET_FOR: Duration = Duration::from_secs(60 * 60);

/// What a link invites to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Invitation {
    /// To whom it was sent.
    pub email: String,
    /// What the account may do.
    pub role: Role,
    /// The account it gives a new password to; none where it makes one.
    pub account: Option<String>,
}

impl People {
    /// A token for a link that makes an account.
    pub async fn invite(
        &self,
        email: &str,
        role: Role,
        by: &str,
        now: Instant,
    ) -> Result<String, StoreError> {
        let token = secret(32);
        let row = Row {
            user: None,
            email: email.into(),
            role,
            by: by.into(),
            until: now.plus(INVITED_FOR),
        };
        self.keep(&token, row, "user.invite", now).await?;
        Ok(token)
    }

    /// A token for a link to a new password, and where to send it; `None` if no open account has that
    /// address. Whoever asks must not be told which.
    pub async fn forgot(
        &self,
        email: &str,
        now: Instant,
    ) -> Result<Option<(String, String)>, StoreError> {
        let email = email.to_string();
        let found = self
            .store
            .read(move |db| {
                let mut query = db.prepare_cached(
                    "SELECT id, email, role FROM users
                     WHERE email = ?1 COLLATE NOCASE AND disabled_at IS NULL",
                )?;
                let row = query.query_row([email], |row| {
                    let id = UserId::from_bytes(row.get(0)?);
                    Ok((id, row.get::<_, String>(1)?, Role::stored(&row.get::<_, String>(2)?)))
                });
                Ok::<_, StoreError>(row.optional()?)
            })
            .await?;
        let Some((user, email, role)) = found else { return Ok(None) };
        let token = secret(32);
        let until = now.plus(RESET_FOR);
        let row =
            Row { user: Some(user), email: email.clone(), role, by: "themselves".into(), until };
        self.keep(&token, row, "user.forgot", now).await?;
        Ok(Some((token, email)))
    }

    /// What a link invites to, if it is still good.
    pub async fn invitation(
        &self,
        token: &str,
        now: Instant,
    ) -> Result<Option<Invitation>, StoreError> {
        let digest = token_hash(token);
        self.store
            .read(move |db| Ok(read(db, digest, now)?.map(|(invitation, _)| invitation)))
            .await
    }

    /// Uses a link: makes the account, or gives the one it belongs to a new password. `name` counts
    /// only for a new account.
    pub async fn accept(
        &self,
        token: &str,
        name: &str,
        password: String,
        now: Instant,
    ) -> Result<User, PeopleError> {
        let digest = token_hash(token);
        let name = name.to_string();
        let invitation = self.invitation(token, now).await?.ok_or(PeopleError::BadLink)?;
        let owner = invitation.account.as_deref().unwrap_or(&name);
        passwords::check(&password, &[owner, &invitation.email])?;
        let hash = hashed(&self.checks, password).await?;
        self.store
            .write(
                move |db| {
                    let (invitation, user) = read(db, digest, now)?.ok_or(PeopleError::BadLink)?;
                    let user = match user {
                        Some(id) => renew(db, id, &hash, now)?,
                        None => {
                            check_name(&name)?;
                            let user = User { id: UserId::new(), name, role: invitation.role };
                            let email = Some(invitation.email.as_str());
                            accounts::insert(db, &user, email, &hash, "invitation")?;
                            user
                        }
                    };
                    db.execute("DELETE FROM invitations WHERE token = ?1", [digest])?;
                    Ok(user)
                },
                |_| {},
            )
            .await
    }

    async fn keep(
        &self,
        token: &str,
        row: Row,
        action: &'static str,
        now: Instant,
    ) -> Result<(), StoreError> {
        let digest = token_hash(token);
        let keep = move |db: &Connection| {
            db.execute("DELETE FROM invitations WHERE expires_at <= ?1", [now.0])?;
            db.execute(
                "INSERT INTO invitations (token, user, email, role, invited_by, expires_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    digest,
                    row.user.map(|user| *user.as_bytes()),
                    row.email,
                    row.role.name(),
                    row.by,
                    row.until.0
                ],
            )?;
            audit::note(db, now, &row.by, action, row.role.name())
        };
        self.store.write(keep, |()| {}).await
    }
}

struct Row {
    user: Option<UserId>,
    email: String,
    role: Role,
    by: String,
    until: Instant,
}

fn read(
    db: &Connection,
    token: [u8; 32],
    now: Instant,
) -> Result<Option<(Invitation, Option<UserId>)>, StoreError> {
    let mut query = db.prepare_cached(
        "SELECT invitations.email, invitations.role, invitations.user, users.name
         FROM invitations LEFT JOIN users ON users.id = invitations.user
         WHERE token = ?1 AND expires_at > ?2",
    )?;
    let found = query.query_row(params![token, now.0], |row| {
        let role = Role::stored(&row.get::<_, String>(1)?);
        let invitation = Invitation { email: row.get(0)?, role, account: row.get(3)? };
        Ok((invitation, row.get::<_, Option<[u8; 16]>>(2)?.map(UserId::from_bytes)))
    });
    Ok(found.optional()?)
}

/// A new password for an open account; its sessions end.
fn renew(db: &Connection, id: UserId, hash: &str, now: Instant) -> Result<User, PeopleError> {
    let user = db
        .query_row(
            "UPDATE users SET password = ?2 WHERE id = ?1 AND disabled_at IS NULL
             RETURNING id, name, role",
            params![id.as_bytes(), hash],
            super::user_row,
        )
        .optional()?
        .ok_or(PeopleError::BadLink)?;
    end_sessions(db, id)?;
    audit::note(db, now, &user.name, "user.password", &user.name)?;
    Ok(user)
}
