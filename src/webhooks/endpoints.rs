//! Who is told what: endpoints, made, paused, resumed and removed.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::sign::Secret;
use super::{Kind, MOST, WebhookError, Webhooks, lane, purpose};
use crate::audit;
use crate::domain::ids::EndpointId;
use crate::domain::time::Instant;
use crate::jobs;
use crate::store::StoreError;

/// Longest address, in bytes.
const LONGEST: usize = 2_000;

/// A program that is told what happens.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Endpoint {
    /// Names it.
    pub id: EndpointId,
    /// Where it listens.
    pub url: String,
    /// What it is told.
    pub kinds: Vec<Kind>,
    /// Whether it is told what visitors write, too.
    pub include_text: bool,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub made_at: Instant,
    /// Nothing is sent since.
    pub paused_at: Option<Instant>,
    /// Why not.
    pub paused_why: Option<String>,
    /// Nothing has arrived since, if the last attempt failed.
    pub failing_since: Option<Instant>,
    /// Deliveries that were given up or held back: what `recover` would send.
    pub missed: u32,
}

impl Endpoint {
    /// With its address as those see it who may not change it: what follows the host is often a
    /// password.
    pub fn veiled(mut self) -> Self {
        let host = self.url.find("://").map_or(0, |at| at + 3);
        let end = self.url[host..].find(['/', '?', '#']).map(|at| host + at);
        if let Some(end) = end.filter(|end| end + 1 < self.url.len()) {
            self.url.truncate(end);
            self.url.push_str("/…");
        }
        self
    }
}

/// What a new endpoint is to be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    /// Where it listens.
    pub url: String,
    /// What it wants to be told.
    pub kinds: Vec<Kind>,
    /// Whether it wants to be told what visitors write, too.
    #[serde(default)]
    pub include_text: bool,
}

/// An endpoint that was made just now.
pub struct NewEndpoint {
    /// As it is listed.
    pub endpoint: Endpoint,
    /// To check signatures with; shown once.
    pub secret: Zeroizing<String>,
}

impl Webhooks {
    /// Makes an endpoint. `by` is who does it, for the audit log.
    pub async fn add(&self, wish: Wish, by: &str) -> Result<NewEndpoint, WebhookError> {
        let url = wish.url.trim().to_string();
        if url.len() > LONGEST {
            let why = format!("it is longer than {LONGEST} bytes");
            return Err(WebhookError::Url(crate::outbound::OutboundError::NotAUrl(why)));
        }
        self.policy.admits(&url)?;
        let kinds = wanted(&wish.kinds);
        if kinds.is_empty() {
            return Err(WebhookError::NoKinds);
        }
        let (id, now, secret) = (EndpointId::new(), self.jobs.now(), Secret::generate());
        let sealed = self.sealer()?.seal(&purpose(id), secret.text().as_bytes());
        let endpoint = Endpoint {
            id,
            url,
            kinds,
            include_text: wish.include_text,
            made_by: by.to_string(),
            made_at: now,
            paused_at: None,
            paused_why: None,
            failing_since: None,
            missed: 0,
        };
        let row = endpoint.clone();
        self.store.write(move |db| insert(db, &row, &sealed), |()| {}).await?;
        Ok(NewEndpoint { endpoint, secret: secret.text() })
    }

    /// Every endpoint, the oldest first.
    pub async fn list(&self) -> Result<Vec<Endpoint>, StoreError> {
        self.store.read(all).await
    }

    /// Sends it nothing until it is resumed. What happens meanwhile is held back.
    pub async fn pause(&self, id: EndpointId, by: &str) -> Result<(), WebhookError> {
        let (by, now) = (by.to_string(), self.jobs.now());
        let why = format!("paused by {by}");
        let pause = move |db: &Connection| {
            find(db, id)?.ok_or(WebhookError::NoSuchEndpoint(id))?;
            Ok(pause(db, id, &why, &by, now)?)
        };
        self.store.write(pause, |()| {}).await
    }

    /// Sends it what happens from now on.
    pub async fn resume(&self, id: EndpointId, by: &str) -> Result<(), WebhookError> {
        let (by, now) = (by.to_string(), self.jobs.now());
        let resume = move |db: &Connection| {
            let sql = "UPDATE webhook_endpoints
                       SET paused_at = NULL, paused_why = NULL, failing_since = NULL
                       WHERE id = ?1";
            if db.execute(sql, [id.as_bytes()])? == 0 {
                return Err(WebhookError::NoSuchEndpoint(id));
            }
            Ok(audit::note(db, now, &by, "webhook.resume", &id.to_string())?)
        };
        self.store.write(resume, |()| {}).await
    }

    /// Forgets it and its deliveries.
    pub async fn remove(&self, id: EndpointId, by: &str) -> Result<(), WebhookError> {
        let (by, now) = (by.to_string(), self.jobs.now());
        let remove = move |db: &Connection| {
            let sql = "DELETE FROM webhook_endpoints WHERE id = ?1";
            if db.execute(sql, [id.as_bytes()])? == 0 {
                return Err(WebhookError::NoSuchEndpoint(id));
            }
            jobs::withdraw_lane(db, &lane(id))?;
            // Messages that were for nobody else have nobody left.
            db.execute(
                "DELETE FROM webhook_messages WHERE NOT EXISTS (
                     SELECT 1 FROM webhook_deliveries WHERE message = webhook_messages.id)",
                [],
            )?;
            Ok(audit::note(db, now, &by, "webhook.remove", &id.to_string())?)
        };
        self.store.write(remove, |()| {}).await
    }
}

/// Each kind once, in a fixed order, without what nobody can ask for.
fn wanted(kinds: &[Kind]) -> Vec<Kind> {
    Kind::EVENTS.into_iter().filter(|kind| kinds.contains(kind)).collect()
}

fn insert(db: &Connection, row: &Endpoint, sealed: &[u8]) -> Result<(), WebhookError> {
    let count: usize =
        db.query_row("SELECT COUNT(*) FROM webhook_endpoints", [], |row| row.get(0))?;
    if count >= MOST {
        return Err(WebhookError::TooMany);
    }
    db.execute(
        "INSERT INTO webhook_endpoints (id, url, kinds, include_text, secret, made_by, made_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            row.id.as_bytes(),
            row.url,
            serde_json::to_string(&row.kinds).map_err(StoreError::from)?,
            row.include_text,
            sealed,
            row.made_by,
            row.made_at.0
        ],
    )?;
    Ok(audit::note(db, row.made_at, &row.made_by, "webhook.add", &row.id.to_string())?)
}

/// Pauses within any write.
pub(super) fn pause(
    db: &Connection,
    id: EndpointId,
    why: &str,
    by: &str,
    now: Instant,
) -> Result<(), StoreError> {
    let sql = "UPDATE webhook_endpoints SET paused_at = ?2, paused_why = ?3
               WHERE id = ?1 AND paused_at IS NULL";
    if db.execute(sql, params![id.as_bytes(), now.0, why])? > 0 {
        audit::note(db, now, by, "webhook.pause", &id.to_string())?;
    }
    Ok(())
}

const COLUMNS: &str = "id, url, kinds, include_text, made_by, made_at, paused_at, paused_why,
     failing_since, (SELECT COUNT(*) FROM webhook_deliveries
                     WHERE endpoint = webhook_endpoints.id AND state IN ('failed', 'held'))";

pub(super) fn all(db: &Connection) -> Result<Vec<Endpoint>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM webhook_endpoints ORDER BY id");
    let mut query = db.prepare_cached(&sql)?;
    Ok(query.query_map([], endpoint_row)?.collect::<Result<_, _>>()?)
}

pub(super) fn find(db: &Connection, id: EndpointId) -> Result<Option<Endpoint>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM webhook_endpoints WHERE id = ?1");
    let mut query = db.prepare_cached(&sql)?;
    Ok(query.query_row([id.as_bytes()], endpoint_row).optional()?)
}

fn endpoint_row(row: &Row<'_>) -> rusqlite::Result<Endpoint> {
    let kinds: String = row.get(2)?;
    Ok(Endpoint {
        id: EndpointId::from_bytes(row.get(0)?),
        url: row.get(1)?,
        // What cannot be read is told nothing.
        kinds: serde_json::from_str(&kinds).unwrap_or_default(),
        include_text: row.get(3)?,
        made_by: row.get(4)?,
        made_at: Instant(row.get(5)?),
        paused_at: row.get::<_, Option<i64>>(6)?.map(Instant),
        paused_why: row.get(7)?,
        failing_since: row.get::<_, Option<i64>>(8)?.map(Instant),
        missed: row.get(9)?,
    })
}
