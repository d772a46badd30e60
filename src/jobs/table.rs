//! The table: enqueue, claim, settle. Each is one statement or two in the caller's transaction.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};

use super::pause;
use super::{Failure, Job, Listed, NewJob};
use crate::domain::time::Instant;
use crate::store::StoreError;

/// How long a claimed job belongs to whoever claimed it; after that it is taken for abandoned.
pub const LEASE: Duration = Duration::from_secs(10 * 60);

/// The lane of all jobs that have none of their own.
pub const COMMON: &str = "";

/// Adds a job within any write, so that it exists exactly if what it belongs to does.
pub fn enqueue(db: &Connection, job: &NewJob, now: Instant) -> Result<(), StoreError> {
    enqueue_in(db, COMMON, job, now)
}

/// Adds a job to a lane of its own, whose jobs are done one at a time beside all others: what may
/// hang for long keeps nobody waiting but those behind it in its lane.
pub fn enqueue_in(
    db: &Connection,
    lane: &str,
    job: &NewJob,
    now: Instant,
) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO jobs (kind, key, payload, state, run_at, made_at, lane)
         VALUES (?1, ?2, ?3, 'waiting', ?4, ?5, ?6) ON CONFLICT DO NOTHING",
    )?
    .execute(params![
        job.kind,
        job.key,
        job.payload.to_string(),
        job.run_at.0,
        now.0,
        lane
    ])?;
    Ok(())
}

/// Takes a job off the table within any write, so that its key is free again. `false` if it runs.
pub fn withdraw(db: &Connection, kind: &str, key: &str) -> Result<bool, StoreError> {
    let sql = "DELETE FROM jobs WHERE kind = ?1 AND key = ?2 AND state != 'running'";
    db.prepare_cached(sql)?.execute([kind, key])?;
    let sql = "SELECT NOT EXISTS (SELECT 1 FROM jobs WHERE kind = ?1 AND key = ?2)";
    Ok(db.prepare_cached(sql)?.query_row([kind, key], |row| row.get(0))?)
}

/// Takes all jobs of a lane off the table within any write, but for one that runs.
pub fn withdraw_lane(db: &Connection, lane: &str) -> Result<(), StoreError> {
    db.execute("DELETE FROM jobs WHERE lane = ?1 AND state != 'running'", [lane])?;
    Ok(())
}

/// What may not begin now.
#[derive(Clone, Debug, Default)]
pub struct Busy {
    /// Lanes that are full.
    pub lanes: Vec<String>,
    /// Jobs that are under way here: when the clock is set forth their leases seem to have run out,
    /// and they are still being done.
    pub jobs: Vec<i64>,
}

/// Takes due jobs for [`LEASE`]: up to `most` of the common lane and one of each other, none of
/// those that are busy.
pub fn claim(
    db: &Connection,
    most: usize,
    busy: &Busy,
    now: Instant,
) -> Result<Vec<Job>, StoreError> {
    let mut query = db.prepare_cached(
        "UPDATE jobs SET state = 'running', attempts = attempts + 1, leased_until = ?2
         WHERE id IN (
             SELECT id FROM (
                 SELECT id, lane,
                     ROW_NUMBER() OVER (PARTITION BY lane ORDER BY run_at, id) AS place
                 FROM jobs
                 WHERE state IN ('waiting', 'running') AND run_at <= ?1
                   AND (state = 'waiting' OR leased_until <= ?1)
                   AND lane NOT IN (SELECT value FROM json_each(?4))
                   AND id NOT IN (SELECT value FROM json_each(?5)))
             WHERE place <= CASE lane WHEN '' THEN ?3 ELSE 1 END)
         RETURNING id, kind, payload, attempts, lane",
    )?;
    let (lanes, jobs) = (serde_json::to_string(&busy.lanes)?, serde_json::to_string(&busy.jobs)?);
    let rows = query.query_map(params![now.0, now.plus(LEASE).0, most, lanes, jobs], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?, row.get(3)?, row.get(4)?))
    })?;
    rows.map(|row| {
        let (id, kind, payload, attempt, lane) = row?;
        Ok(Job { id, kind, payload: serde_json::from_str(&payload)?, attempt, lane })
    })
    .collect()
}

/// Notes how a try ended. A done job goes, unless its key must keep it from being done again. One that
/// failed waits for the pause `again`, if there is one.
pub fn settle(
    db: &Connection,
    job: &Job,
    outcome: &Result<(), Failure>,
    again: Option<Duration>,
    now: Instant,
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
        Err(Failure::Later(why)) if again.is_some() => {
            let then = again.map_or(now, |pause| now.plus(pause));
            db.execute(
                "UPDATE jobs SET state = 'waiting', run_at = ?2, error = ?3 WHERE id = ?1",
                params![job.id, then.0, why],
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

/// When something is to be done next that is not busy, if anything is.
pub fn next_due(db: &Connection, busy: &Busy) -> Result<Option<Instant>, StoreError> {
    let mut query = db.prepare_cached(
        "SELECT MIN(MAX(run_at, CASE state WHEN 'running' THEN leased_until ELSE run_at END))
         FROM jobs WHERE state IN ('waiting', 'running')
           AND lane NOT IN (SELECT value FROM json_each(?1))
           AND id NOT IN (SELECT value FROM json_each(?2))",
    )?;
    let (lanes, jobs) = (serde_json::to_string(&busy.lanes)?, serde_json::to_string(&busy.jobs)?);
    Ok(query.query_row([lanes, jobs], |row| row.get::<_, Option<i64>>(0))?.map(Instant))
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
