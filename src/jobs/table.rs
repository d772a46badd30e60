//! The table: enqueue, claim, settle. Each is one statement or two in the caller's transaction.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};

use super::pause::{self, TRIES};
use super::{Failure, Job, Listed, NewJob};
use crate::domain::time::Instant;
use crate::store::StoreError;

/// How long a claimed job belongs to whoever claimed it; after that it is taken for abandoned.
pub const LEASE: Duration = Duration::from_secs(10 * 60);

/// Adds a job within any write, so that it exists exactly if what it belongs to does.
pub fn enqueue(db: &Connection, job: &NewJob, now: Instant) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO jobs (kind, key, payload, state, run_at, made_at)
         VALUES (?1, ?2, ?3, 'waiting', ?4, ?5) ON CONFLICT DO NOTHING",
    )?
    .execute(params![job.kind, job.key, job.payload.to_string(), job.run_at.0, now.0])?;
    Ok(())
}

/// Takes up to `most` due jobs for [`LEASE`], but none of those that are `under_way` here: when the
/// clock is set forth their leases seem to have run out, and they are still being done.
pub fn claim(
    db: &Connection,
    most: usize,
    under_way: &[i64],
    now: Instant,
) -> Result<Vec<Job>, StoreError> {
    let mut query = db.prepare_cached(
        "UPDATE jobs SET state = 'running', attempts = attempts + 1, leased_until = ?2
         WHERE id IN (
             SELECT id FROM jobs
             WHERE state IN ('waiting', 'running') AND run_at <= ?1
               AND (state = 'waiting' OR leased_until <= ?1)
               AND id NOT IN (SELECT value FROM json_each(?4))
             ORDER BY run_at, id LIMIT ?3)
         RETURNING id, kind, payload, attempts",
    )?;
    let under_way = serde_json::to_string(under_way)?;
    let rows = query.query_map(params![now.0, now.plus(LEASE).0, most, under_way], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?, row.get(3)?))
    })?;
    rows.map(|row| {
        let (id, kind, payload, attempt) = row?;
        Ok(Job { id, kind, payload: serde_json::from_str(&payload)?, attempt })
    })
    .collect()
}

/// Notes how a try ended. A done job goes, unless its key must keep it from being done again.
pub fn settle(
    db: &Connection,
    job: &Job,
    outcome: &Result<(), Failure>,
    now: Instant,
    chance: f64,
) -> Result<(), StoreError> {
    match outcome {
        Ok(()) => {
            db.execute("DELETE FROM jobs WHERE id = ?1 AND key IS NULL", [job.id])?;
            db.execute(
                "UPDATE jobs SET state = 'done', payload = 'null', error = NULL, ended_at = ?2
                 WHERE id = ?1",
                params![job.id, now.0],
            )?;
        }
        Err(Failure::Later(why)) if job.attempt < TRIES => {
            let again = now.plus(pause::after(job.attempt, chance));
            db.execute(
                "UPDATE jobs SET state = 'waiting', run_at = ?2, error = ?3 WHERE id = ?1",
                params![job.id, again.0, why],
            )?;
        }
        Err(Failure::Later(why) | Failure::Never(why)) => {
            db.execute(
                "UPDATE jobs SET state = 'dead', error = ?2, ended_at = ?3 WHERE id = ?1",
                params![job.id, why, now.0],
            )?;
        }
    }
    Ok(())
}

/// When something is to be done next that is not `under_way` here, if anything is.
pub fn next_due(db: &Connection, under_way: &[i64]) -> Result<Option<Instant>, StoreError> {
    let mut query = db.prepare_cached(
        "SELECT MIN(MAX(run_at, CASE state WHEN 'running' THEN leased_until ELSE run_at END))
         FROM jobs WHERE state IN ('waiting', 'running')
           AND id NOT IN (SELECT value FROM json_each(?1))",
    )?;
    let under_way = serde_json::to_string(under_way)?;
    Ok(query.query_row([under_way], |row| row.get::<_, Option<i64>>(0))?.map(Instant))
}

/// What no clock that only goes forth could have left: jobs made later than now, pauses and leases
/// longer than there are.
const AHEAD: &str = "state IN ('waiting', 'running')
    AND (made_at > ?1 OR (attempts > 0 AND run_at > ?2) OR leased_until > ?3)";

/// Was the clock set back since some job was written?
pub fn is_ahead(db: &Connection, now: Instant) -> Result<bool, StoreError> {
    let mut query =
        db.prepare_cached(&format!("SELECT EXISTS (SELECT 1 FROM jobs WHERE {AHEAD})"))?;
    Ok(query.query_row(bounds(now), |row| row.get(0))?)
}

/// Moves jobs that were written by a clock further on to where they would be by this one: otherwise
/// they would wait until it is there again.
pub fn set_back(db: &Connection, now: Instant) -> Result<(), StoreError> {
    db.prepare_cached(&format!(
        "UPDATE jobs SET
             run_at = CASE WHEN made_at > ?1 AND attempts = 0 THEN run_at - (made_at - ?1)
                           WHEN attempts > 0 THEN MIN(run_at, ?2) ELSE run_at END,
             leased_until = MIN(leased_until, ?3),
             made_at = MIN(made_at, ?1)
         WHERE {AHEAD}"
    ))?
    .execute(bounds(now))?;
    Ok(())
}

/// Now, the end of the longest pause, the end of the longest lease.
fn bounds(now: Instant) -> [i64; 3] {
    [now.0, now.plus(pause::LONGEST).0, now.plus(LEASE).0]
}

/// Jobs that wait, run or are dead, the dead ones first.
pub fn list(db: &Connection) -> Result<Vec<Listed>, StoreError> {
    let mut query = db.prepare_cached(
        "SELECT id, kind, state, attempts, run_at, error FROM jobs
         WHERE state IN ('waiting', 'running', 'dead')
         ORDER BY state != 'dead', run_at, id LIMIT 500",
    )?;
    let rows = query.query_map([], |row| {
        Ok(Listed {
            id: row.get(0)?,
            kind: row.get(1)?,
            state: row.get(2)?,
            attempts: row.get(3)?,
            run_at: Instant(row.get(4)?),
            error: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Lets a dead job be tried again. `false` if there is no such dead job.
pub fn retry(db: &Connection, id: i64, now: Instant) -> Result<bool, StoreError> {
    let found = db
        .query_row(
            "UPDATE jobs SET state = 'waiting', attempts = 0, run_at = ?2, ended_at = NULL
             WHERE id = ?1 AND state = 'dead' RETURNING id",
            params![id, now.0],
            |row| row.get::<_, i64>(0),
        )
        .optional()?;
    Ok(found.is_some())
}

/// Forgets done jobs whose keys have served their time.
pub fn forget_done(db: &Connection, before: Instant) -> Result<(), StoreError> {
    db.execute("DELETE FROM jobs WHERE state = 'done' AND ended_at < ?1", [before.0])?;
    Ok(())
}
