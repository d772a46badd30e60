//! API keys in use: made, listed, revoked, and asked for what they may do. Only the digest of a key is
//! kept; nobody gives one more than they may do themselves.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;
use zeroize::Zeroizing;

use super::keys::{ApiKey, Scopes};
use super::{People, PeopleError, check_name};
use crate::audit;
use crate::domain::time::Instant;
use crate::store::StoreError;

/// The last use is noted this often at most, so that a busy key costs no write each time.
const NOTED_EVERY: Duration = Duration::from_secs(60);

/// A key as people see it; never the key itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Key {
    /// Names it; the part between `fw_` and the second `_`.
    pub id: String,
    /// What it is for, as whoever made it said.
    pub name: String,
    /// What it may do.
    pub scopes: Scopes,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub made_at: Instant,
    /// When it was last used, to the minute.
    pub used_at: Option<Instant>,
    /// When it was ended.
    pub revoked_at: Option<Instant>,
}

/// A key that was made just now.
pub struct NewKey {
    /// As it is listed.
    pub key: Key,
    /// All of it, to be shown once.
    pub text: Zeroizing<String>,
}

const COLUMNS: &str = "id, name, scopes, made_by, made_at, used_at, revoked_at";

impl People {
    /// Makes a key. `may` is what whoever makes it may do.
    pub async fn add_key(
        &self,
        name: &str,
        scopes: Scopes,
        may: Scopes,
        by: &str,
        now: Instant,
    ) -> Result<NewKey, PeopleError> {
        check_name(name)?;
        if scopes.is_empty() {
            return Err(PeopleError::NoScopes);
        }
        if !may.covers(scopes) {
            return Err(PeopleError::NotYours(scopes.without(may)));
        }
        let new = ApiKey::generate();
        let key = Key {
            id: new.id().to_string(),
            name: name.to_string(),
            scopes,
            made_by: by.to_string(),
            made_at: now,
            used_at: None,
            revoked_at: None,
        };
        let (row, digest) = (key.clone(), new.digest());
        let add = move |db: &Connection| {
            db.execute(
                "INSERT INTO api_keys (id, secret, name, scopes, made_by, made_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![row.id, digest, row.name, row.scopes.to_string(), row.made_by, now.0],
            )?;
            audit::note(db, now, &row.made_by, "key.add", &row.id)
        };
        self.store.write(add, |()| {}).await?;
        Ok(NewKey { key, text: new.text() })
    }

    /// Every key, those in use first, the newest first.
    pub async fn keys(&self) -> Result<Vec<Key>, StoreError> {
        self.store
            .read(|db| {
                let mut query = db.prepare_cached(&format!(
                    "SELECT {COLUMNS} FROM api_keys ORDER BY revoked_at IS NOT NULL, made_at DESC, id"
                ))?;
                Ok(query.query_map([], key_row)?.collect::<Result<_, _>>()?)
            })
            .await
    }

    /// Ends a key at once.
    pub async fn revoke_key(&self, id: &str, by: &str, now: Instant) -> Result<(), PeopleError> {
        let (id, by) = (id.to_string(), by.to_string());
        let revoke = move |db: &Connection| {
            let sql = "UPDATE api_keys SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL";
            if db.execute(sql, params![id, now.0])? == 0 {
                return Err(PeopleError::NoSuchKey(id));
            }
            Ok(audit::note(db, now, &by, "key.revoke", &id)?)
        };
        self.store.write(revoke, |()| {}).await
    }

    /// The key that was presented, if it was issued and not revoked. Notes that it was used.
    pub async fn key(&self, presented: &str, now: Instant) -> Result<Option<Key>, StoreError> {
        let Ok(presented) = ApiKey::parse(presented) else { return Ok(None) };
        let found = self
            .store
            .read(move |db| {
                let mut query = db.prepare_cached(&format!(
                    "SELECT {COLUMNS}, secret FROM api_keys WHERE id = ?1 AND revoked_at IS NULL"
                ))?;
                let found = query
                    .query_row([presented.id()], |row| Ok((key_row(row)?, row.get(7)?)))
                    .optional()?;
                Ok::<_, StoreError>(
                    found.filter(|(_, kept)| presented.matches(kept)).map(|(key, _)| key),
                )
            })
            .await?;
        let Some(key) = found else { return Ok(None) };
        if key.used_at.is_none_or(|at| now.since(at) >= NOTED_EVERY) {
            let id = key.id.clone();
            let note = move |db: &Connection| {
                db.execute("UPDATE api_keys SET used_at = ?2 WHERE id = ?1", params![id, now.0])?;
                Ok::<_, StoreError>(())
            };
            self.store.write(note, |()| {}).await?;
        }
        Ok(Some(key))
    }
}

fn key_row(row: &Row<'_>) -> rusqlite::Result<Key> {
    Ok(Key {
        id: row.get(0)?,
        name: row.get(1)?,
        // What cannot be read may do nothing.
        scopes: row.get::<_, String>(2)?.parse().unwrap_or_default(),
        made_by: row.get(3)?,
        made_at: Instant(row.get(4)?),
        used_at: row.get::<_, Option<i64>>(5)?.map(Instant),
        revoked_at: row.get::<_, Option<i64>>(6)?.map(Instant),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::Role;
    use crate::people::keys::Scope;
    use crate::store::Store;

    fn people() -> (People, tempfile::TempDir) {
        let folder = tempfile::tempdir().expect("temp dir");
        (People::new(Store::open(folder.path()).expect("opens")), folder)
    }

    fn only(scope: Scope) -> Scopes {
        [scope].into_iter().collect()
    }

    #[tokio::test]
    async fn a_key_works_until_it_is_revoked_and_its_secret_is_kept_nowhere() {
        let (people, folder) = people();
        let (may, now) = (Role::Admin.scopes(), Instant(1_000_000));
        let scopes = only(Scope::ReadChats);
        let made = people.add_key("n8n", scopes, may, "ana", now).await.expect("made");
        let found = people.key(&made.text, now).await.expect("reads").expect("known");
        assert_eq!((found.id.as_str(), found.scopes), (made.key.id.as_str(), scopes));
        let other = ApiKey::generate();
        assert_eq!(people.key(&other.text(), now).await.expect("reads"), None);
        let later = now.plus(Duration::from_secs(30));
        people.key(&made.text, later).await.expect("reads");
        assert_eq!(people.keys().await.expect("reads")[0].used_at, Some(now), "to the minute");
        people.revoke_key(&made.key.id, "ana", later).await.expect("revoked");
        assert_eq!(people.key(&made.text, later).await.expect("reads"), None);
        let again = people.revoke_key(&made.key.id, "ana", later).await;
        assert!(matches!(again, Err(PeopleError::NoSuchKey(_))));
        let lines = audit::lines(&people.store, audit::Filter::default()).await.expect("reads");
        let lines: Vec<_> = lines.iter().map(|line| (&*line.action, &*line.object)).collect();
        assert_eq!(lines, [("key.revoke", &*made.key.id), ("key.add", &*made.key.id)]);
        drop(people);
        let secret = made.text.split('_').nth(2).expect("a secret");
        for file in std::fs::read_dir(folder.path()).expect("a folder") {
            let bytes = std::fs::read(file.expect("a file").path()).unwrap_or_default();
            assert!(!bytes.windows(40).any(|part| part == &secret.as_bytes()[..40]));
        }
    }

    #[tokio::test]
    async fn nobody_gives_away_what_they_may_not_do() {
        let (people, _folder) = people();
        let add = |scopes, role: Role| people.add_key("k", scopes, role.scopes(), "x", Instant(0));
        for role in crate::people::ROLES {
            for scope in Scope::ALL {
                let added = add(only(scope), role).await;
                match role.scopes().has(scope) {
                    true => assert!(added.is_ok(), "{role} {scope}"),
                    false => assert!(matches!(added, Err(PeopleError::NotYours(_)))),
                }
            }
        }
        assert!(matches!(add(Scopes::NONE, Role::Admin).await, Err(PeopleError::NoScopes)));
    }
}
