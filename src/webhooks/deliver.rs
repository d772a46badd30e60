//! The job that delivers: signs with the time of this attempt, sends, and notes what came of it.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};
use serde::Deserialize;
use tokio::time;

use super::attempt::{Attempt, Verdict};
use super::message::Message;
use super::sign::{self, Secret};
use super::{Kind, State, Webhooks, endpoints, purpose};
use crate::domain::ids::{ChatId, EndpointId, MessageId};
use crate::domain::time::Instant;
use crate::jobs::{Failure, Job, Pauses};
use crate::outbound::{Outbound, OutboundError, Request};
use crate::store::StoreError;

/// Who pauses an endpoint, in the audit log, if nobody does.
const SERVER: &str = "server";

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
/// When a delivery is tried again: the example of the Standard Webhooks specification, ten tries in
/// about three days.
pub const PAUSES: Pauses = Pauses::Listed(&[
    Duration::from_secs(5),
    Duration::from_secs(5 * MINUTE),
    Duration::from_secs(30 * MINUTE),
    Duration::from_secs(2 * HOUR),
    Duration::from_secs(5 * HOUR),
    Duration::from_secs(10 * HOUR),
    Duration::from_secs(14 * HOUR),
    Duration::from_secs(20 * HOUR),
    Duration::from_secs(24 * HOUR),
]);

#[derive(Deserialize)]
struct Task {
    delivery: i64,
}

/// What is needed to deliver.
struct Parcel {
    endpoint: EndpointId,
    url: String,
    include_text: bool,
    secret: Vec<u8>,
    message: Message,
}

/// What a delivery is about to be.
enum Found {
    /// There is nothing to do, or no longer.
    Nothing,
    /// Its endpoint is paused.
    Held,
    /// To be sent.
    Ready(Box<Parcel>),
}

impl Webhooks {
    /// Does the job of a delivery.
    pub async fn deliver(self, outbound: Outbound, job: Job) -> Result<(), Failure> {
        let never = |error: serde_json::Error| Failure::Never(error.to_string());
        let later = |error: StoreError| Failure::Later(error.to_string());
        let Task { delivery } = serde_json::from_value(job.payload).map_err(never)?;
        let parcel = match self.store.read(move |db| find(db, delivery)).await.map_err(later)? {
            Found::Nothing => return Ok(()),
            Found::Held => {
                let hold = move |db: &Connection| set_state(db, delivery, State::Held);
                self.store.write(hold, |_| {}).await.map_err(later)?;
                return Ok(());
            }
            Found::Ready(parcel) => parcel,
        };
        let (endpoint, kind) = (parcel.endpoint, parcel.message.kind);
        let attempt = self.send(&outbound, *parcel).await;
        let (problem, tries) = (attempt.problem(), job.attempt);
        let now = self.jobs.now();
        let note = move |db: &Connection| note(db, delivery, endpoint, kind, tries, &attempt, now);
        let state = self.store.write(note, |_| {}).await.map_err(later)?;
        match (state, problem) {
            (State::Waiting, Some(why)) => Err(Failure::Later(why)),
            (State::Failed, Some(why)) if kind != Kind::Test => Err(Failure::Never(why)),
            _ => Ok(()),
        }
    }

    async fn send(&self, outbound: &Outbound, parcel: Parcel) -> Attempt {
        let (at, began) = (self.jobs.now(), time::Instant::now());
        let took = || u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        match self.request(parcel, at) {
            Ok(request) => Attempt::from(outbound.fetch(request).await, at, took()),
            Err(why) => Attempt::failed(why, at, took()),
        }
    }

    /// The signed request. The error is for the delivery log.
    fn request(&self, parcel: Parcel, at: Instant) -> Result<Request, String> {
        let said = |error: &dyn std::fmt::Display| error.to_string();
        let sealer = self.sealer().map_err(|e| said(&e))?;
        let opened =
            sealer.open(&purpose(parcel.endpoint), &parcel.secret).map_err(|e| said(&e))?;
        let secret = Secret::parse(&String::from_utf8_lossy(&opened)).map_err(|e| said(&e))?;
        let (id, seconds) = (parcel.message.name(), at.0.div_euclid(1_000));
        let body = parcel.message.body(parcel.include_text);
        let signature = sign::Message::new(&id, seconds, &body)
            .map(|message| message.sign(&[secret]))
            .map_err(|e| said(&e))?;
        let headed = |request: Request| -> Result<Request, OutboundError> {
            request
                .header("content-type", "application/json")?
                .header(sign::ID, &id)?
                .header(sign::TIMESTAMP, &seconds.to_string())?
                .header(sign::SIGNATURE, &signature)
        };
        headed(Request::post(parcel.url, body.clone())).map_err(|e| said(&e))
    }
}

fn find(db: &Connection, delivery: i64) -> Result<Found, StoreError> {
    let mut query = db.prepare_cached(
        "SELECT d.state, e.id, e.url, e.include_text, e.secret, e.paused_at IS NOT NULL,
             m.id, m.kind, m.at, m.chat, m.data, m.words
         FROM webhook_deliveries d
         JOIN webhook_endpoints e ON e.id = d.endpoint
         JOIN webhook_messages m ON m.id = d.message
         WHERE d.id = ?1",
    )?;
    let found = query
        .query_row([delivery], |row| {
            Ok((
                (row.get::<_, String>(0)?, row.get::<_, bool>(5)?, row.get::<_, String>(7)?),
                (row.get::<_, Option<String>>(10)?, row.get::<_, Option<String>>(11)?),
                (EndpointId::from_bytes(row.get(1)?), row.get(2)?, row.get(3)?, row.get(4)?),
                MessageId::from_bytes(row.get(6)?),
                Instant(row.get(8)?),
                row.get::<_, Option<[u8; 16]>>(9)?.map(ChatId::from_bytes),
            ))
        })
        .optional()?;
    let Some(((state, paused, kind), (data, words), endpoint, id, at, chat)) = found else {
        return Ok(Found::Nothing);
    };
    let (Some(data), Ok(kind)) = (data, kind.parse::<Kind>()) else { return Ok(Found::Nothing) };
    if State::stored(&state) == State::Delivered {
        // It arrived, and the server died before the job was off the table.
        return Ok(Found::Nothing);
    }
    if paused && kind != Kind::Test {
        return Ok(Found::Held);
    }
    let words = words.map(|words| serde_json::from_str(&words)).transpose()?.unwrap_or_default();
    let message = Message { id, kind, at, chat, data: serde_json::from_str(&data)?, words };
    let (endpoint, url, include_text, secret) = endpoint;
    Ok(Found::Ready(Box::new(Parcel { endpoint, url, include_text, secret, message })))
}

/// Notes an attempt and all that follows from it. Returns how far the delivery is now.
fn note(
    db: &Connection,
    delivery: i64,
    endpoint: EndpointId,
    kind: Kind,
    tries: u32,
    attempt: &Attempt,
    now: Instant,
) -> Result<State, StoreError> {
    // It may have been removed while the attempt was under way.
    let Some(known) = endpoints::find(db, endpoint)? else { return Ok(State::Failed) };
    let Verdict { state, pause } = attempt.verdict(kind, tries, known.failing_since, now);
    attempt.store(db, delivery)?;
    set_state(db, delivery, state)?;
    let failing_since = match state {
        State::Delivered => None,
        _ if kind == Kind::Test => known.failing_since,
        _ => known.failing_since.or(Some(attempt.at)),
    };
    if failing_since != known.failing_since {
        let sql = "UPDATE webhook_endpoints SET failing_since = ?2 WHERE id = ?1";
        db.execute(sql, params![endpoint.as_bytes(), failing_since.map(|at| at.0)])?;
    }
    if let Some(why) = pause {
        endpoints::pause(db, endpoint, &why, SERVER, now)?;
    }
    Ok(state)
}

fn set_state(db: &Connection, delivery: i64, state: State) -> Result<(), StoreError> {
    // What was erased meanwhile stays so.
    db.prepare_cached(
        "UPDATE webhook_deliveries SET state = ?2 WHERE id = ?1 AND state != 'erased'",
    )?
    .execute(params![delivery, state.name()])?;
    Ok(())
}
