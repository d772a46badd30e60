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

/// Takes up to `most` due jobs for [`LEASE`].
pub fn claim(db: &Connection, most: usize, now: Instant) -> Result<Vec<Job>, StoreError> {
    let mut query = db.prepare_cached(
        "UPDATE jobs SET state = 'running', attempts = attempts + 1, leased_until = ?2
         WHERE id IN (
             SELECT id FROM jobs
             WHERE state IN ('waiting', 'running') AND run_at <= ?1
               AND (state = 'waiting' OR leased_until <= ?1)
             ORDER BY run_at, id LIMIT ?3)
         RETURNING id, kind, payload, attempts",
    )?;
    let rows = query.query_map(params![now.0, now.plus(LEASE).0, most], |row| {
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

/// When something is to be done next, if anything is.
pub fn next_due(db: &Connection) -> Result<Option<Instant>, StoreError> {
    let mut query = db.prepare_cached(
        "SELECT MIN(MAX(run_at, CASE state WHEN 'running' THEN leased_until ELSE run_at END))
         FROM jobs WHERE state IN ('waiting', 'running')",
    )?;
    Ok(query.query_row([], |row| row.get::<_, Option<i64>>(0))?.map(Instant))
}

/// Jobs that wait, run or are dead, the dead ones first. Daily work that waits for its hour is no news.
pub fn list(db: &Connection) -> Result<Vec<Listed>, StoreError> {
    let mut query = db.prepare_cached(
        "SELECT id, kind, state, attempts, run_at, error FROM jobs
         WHERE state IN ('running', 'dead')
            OR (state = 'waiting' AND (attempts > 0 OR coalesce(key, '') NOT LIKE 'daily %'))
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

/// How many jobs wait or run, and how many are dead; counted as [`list`] lists them.
pub fn count(db: &Connection) -> Result<(u32, u32), StoreError> {
    let mut query = db.prepare_cached(
        "SELECT coalesce(SUM(state != 'dead'), 0), coalesce(SUM(state = 'dead'), 0) FROM jobs
         WHERE state IN ('running', 'dead')
            OR (state = 'waiting' AND (attempts > 0 OR coalesce(key, '') NOT LIKE 'daily %'))",
    )?;
    Ok(query.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?)
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

/// Removes every job, done or not, that names something: an id in what it needs, its key or why it
/// failed. One under way finishes and leaves nothing. Returns how many went.
pub fn remove_about(db: &Connection, id: &str) -> Result<usize, StoreError> {
    let sql = "DELETE FROM jobs WHERE instr(payload, ?1) OR instr(coalesce(key, ''), ?1)
                  OR instr(coalesce(error, ''), ?1)";
    Ok(db.execute(sql, [id])?)
}
