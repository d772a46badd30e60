//! The delivery log: what was sent to an endpoint, what came of it, and sending it again.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;
use serde_json::json;

use super::message::{Message, named};
use super::{Attempt, KIND, Kind, WebhookError, Webhooks, endpoints, lane};
use crate::audit;
use crate::domain::ids::{EndpointId, MessageId};
use crate::domain::time::Instant;
use crate::jobs::{self, NewJob};
use crate::store::StoreError;

/// Deliveries listed at once.
const PAGE: u32 = 50;

/// How far a delivery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is sent as soon as may be, or again after a pause.
    Waiting,
    /// It arrived.
    Delivered,
    /// It was tried often enough.
    Failed,
    /// It was not sent, because the endpoint is paused.
    Held,
    /// What it said was erased before it arrived.
    Erased,
}

impl State {
    /// In the database.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Held => "held",
            Self::Erased => "erased",
        }
    }

    pub(super) fn stored(name: &str) -> Self {
        let all = [Self::Waiting, Self::Delivered, Self::Held, Self::Erased];
        all.into_iter().find(|state| state.name() == name).unwrap_or(Self::Failed)
    }
}

/// A message on its way to one endpoint.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Delivery {
    /// Its number.
    pub id: i64,
    /// The message's name, as the receiver sees it: `msg_...`.
    pub message: String,
    /// What it tells.
    pub kind: String,
    /// When that happened.
    pub at: Instant,
    /// How far it is.
    pub state: State,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried next.
    pub next_at: Option<Instant>,
    /// The last try, without its answer.
    pub last: Option<Attempt>,
}

/// A delivery with all that was tried.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Detail {
    /// The delivery.
    #[serde(flatten)]
    pub delivery: Delivery,
    /// Every attempt, the newest first.
    pub tried: Vec<Attempt>,
}

impl Webhooks {
    /// Up to fifty deliveries to an endpoint, the newest first, before the one of that number.
    pub async fn log(
        &self,
        endpoint: EndpointId,
        before: Option<i64>,
    ) -> Result<Vec<Delivery>, WebhookError> {
        self.store
            .read(move |db| {
                known(db, endpoint)?;
                let sql = format!(
                    "{DELIVERY} WHERE d.endpoint = ?1 AND d.id < ?2 ORDER BY d.id DESC LIMIT {PAGE}"
                );
                let mut query = db.prepare_cached(&sql)?;
                let before = before.unwrap_or(i64::MAX);
                let rows = query.query_map(params![endpoint.as_bytes(), before], delivery_row)?;
                Ok(rows.collect::<Result<_, _>>()?)
            })
            .await
    }

    /// One delivery with all that was tried.
    pub async fn delivery(&self, endpoint: EndpointId, id: i64) -> Result<Detail, WebhookError> {
        self.store
            .read(move |db| {
                known(db, endpoint)?;
                let sql = format!("{DELIVERY} WHERE d.endpoint = ?1 AND d.id = ?2");
                let delivery = db
                    .prepare_cached(&sql)?
                    .query_row(params![endpoint.as_bytes(), id], delivery_row)
                    .optional()?
                    .ok_or(WebhookError::NoSuchDelivery(id))?;
                let mut query = db.prepare_cached(
                    "SELECT at, ms, status, error, answer FROM webhook_attempts
                     WHERE delivery = ?1 ORDER BY id DESC LIMIT 100",
                )?;
                let rows = query.query_map([id], |row| attempt(row, 0, row.get(4)?))?;
                Ok(Detail { delivery, tried: rows.collect::<Result<_, _>>()? })
            })
            .await
    }

    /// Sends a ping, also while the endpoint is paused. Returns its delivery's number.
    pub async fn test(&self, endpoint: EndpointId, by: &str) -> Result<i64, WebhookError> {
        let (by, now, wake) = (by.to_string(), self.jobs.now(), self.wake());
        let send = move |db: &Connection| {
            known(db, endpoint)?;
            let ping = Message::test(endpoint, now);
            ping.store(db)?;
            audit::note(db, now, &by, "webhook.test", &endpoint.to_string())?;
            Ok(add(db, ping.id, endpoint, false, now)?)
        };
        self.store.write(send, |_| wake()).await
    }

    /// Sends one message again now, whatever came of it before, with the same name.
    pub async fn replay(
        &self,
        endpoint: EndpointId,
        id: i64,
        by: &str,
    ) -> Result<(), WebhookError> {
        let (by, now, wake) = (by.to_string(), self.jobs.now(), self.wake());
        let again = move |db: &Connection| {
            if known(db, endpoint)?.paused_at.is_some() {
                return Err(WebhookError::Paused);
            }
            let sql = "SELECT state FROM webhook_deliveries WHERE id = ?1 AND endpoint = ?2";
            let state: Option<String> =
                db.query_row(sql, params![id, endpoint.as_bytes()], |row| row.get(0)).optional()?;
            let state = State::stored(&state.ok_or(WebhookError::NoSuchDelivery(id))?);
            if state == State::Erased || erased(db, id)? {
                return Err(WebhookError::Erased);
            }
            if !send_again(db, id, endpoint, now)? {
                return Err(WebhookError::UnderWay);
            }
            Ok(audit::note(db, now, &by, "webhook.replay", &format!("{endpoint} {id}"))?)
        };
        self.store.write(again, |()| wake()).await
    }

    /// Sends again whatever happened since then and did not arrive. Returns how much that is.
    pub async fn recover(
        &self,
        endpoint: EndpointId,
        since: Instant,
        by: &str,
    ) -> Result<u32, WebhookError> {
        let (by, now, wake) = (by.to_string(), self.jobs.now(), self.wake());
        let again = move |db: &Connection| {
            if known(db, endpoint)?.paused_at.is_some() {
                return Err(WebhookError::Paused);
            }
            let mut query = db.prepare_cached(
                "SELECT d.id FROM webhook_deliveries d JOIN webhook_messages m ON m.id = d.message
                 WHERE d.endpoint = ?1 AND d.state IN ('failed', 'held') AND m.at >= ?2
                   AND m.data IS NOT NULL AND m.kind != ?3
                 ORDER BY d.id",
            )?;
            let wanted = params![endpoint.as_bytes(), since.0, Kind::Test.name()];
            let missed: Vec<i64> =
                query.query_map(wanted, |row| row.get(0))?.collect::<Result<_, _>>()?;
            let mut count = 0;
            for id in missed {
                count += u32::from(send_again(db, id, endpoint, now)?);
            }
            audit::note(db, now, &by, "webhook.recover", &endpoint.to_string())?;
            Ok(count)
        };
        self.store.write(again, |_| wake()).await
    }
}

/// A new delivery and its job, within the write of its message.
pub(super) fn add(
    db: &Connection,
    message: MessageId,
    endpoint: EndpointId,
    held: bool,
    now: Instant,
) -> Result<i64, StoreError> {
    let state = if held { State::Held } else { State::Waiting };
    db.prepare_cached(
        "INSERT INTO webhook_deliveries (message, endpoint, state) VALUES (?1, ?2, ?3)",
    )?
    .execute(params![message.as_bytes(), endpoint.as_bytes(), state.name()])?;
    let id = db.last_insert_rowid();
    if !held {
        enqueue(db, id, endpoint, now)?;
    }
    Ok(id)
}

/// Begins a delivery anew. `false` if it is being sent just now.
fn send_again(
    db: &Connection,
    id: i64,
    endpoint: EndpointId,
    now: Instant,
) -> Result<bool, StoreError> {
    if !jobs::withdraw(db, KIND, &id.to_string())? {
        return Ok(false);
    }
    db.execute("UPDATE webhook_deliveries SET state = 'waiting' WHERE id = ?1", [id])?;
    enqueue(db, id, endpoint, now)?;
    Ok(true)
}

fn enqueue(db: &Connection, id: i64, endpoint: EndpointId, now: Instant) -> Result<(), StoreError> {
    let (key, payload) = (Some(id.to_string()), json!({ "delivery": id }));
    let job = NewJob { kind: KIND, key, payload, run_at: now };
    jobs::enqueue_in(db, &lane(endpoint), &job, now)
}

fn known(db: &Connection, id: EndpointId) -> Result<endpoints::Endpoint, WebhookError> {
    endpoints::find(db, id)?.ok_or(WebhookError::NoSuchEndpoint(id))
}

fn erased(db: &Connection, delivery: i64) -> Result<bool, StoreError> {
    let sql = "SELECT data IS NULL FROM webhook_messages
               WHERE id = (SELECT message FROM webhook_deliveries WHERE id = ?1)";
    Ok(db.query_row(sql, [delivery], |row| row.get(0))?)
}

const DELIVERY: &str = "SELECT d.id, m.id, m.kind, m.at, d.state,
         (SELECT COUNT(*) FROM webhook_attempts WHERE delivery = d.id),
         j.run_at, l.at, l.ms, l.status, l.error
     FROM webhook_deliveries d
     JOIN webhook_messages m ON m.id = d.message
     LEFT JOIN webhook_attempts l
         ON l.id = (SELECT MAX(id) FROM webhook_attempts WHERE delivery = d.id)
     LEFT JOIN jobs j
         ON j.kind = 'webhook' AND j.key = CAST(d.id AS TEXT) AND j.state = 'waiting'";

fn delivery_row(row: &Row<'_>) -> rusqlite::Result<Delivery> {
    let tried = row.get::<_, Option<i64>>(7)?.is_some();
    Ok(Delivery {
        id: row.get(0)?,
        message: named(MessageId::from_bytes(row.get(1)?)),
        kind: row.get(2)?,
        at: Instant(row.get(3)?),
        state: State::stored(&row.get::<_, String>(4)?),
        attempts: row.get(5)?,
        next_at: row.get::<_, Option<i64>>(6)?.map(Instant),
        last: tried.then(|| attempt(row, 7, None)).transpose()?,
    })
}

/// An attempt whose columns begin at `first`.
fn attempt(row: &Row<'_>, first: usize, answer: Option<String>) -> rusqlite::Result<Attempt> {
    Ok(Attempt {
        at: Instant(row.get(first)?),
        ms: row.get(first + 1)?,
        status: row.get(first + 2)?,
        error: row.get(first + 3)?,
        answer,
    })
}
