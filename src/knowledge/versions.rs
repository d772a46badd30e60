//! The versions of a shop's knowledge in the database: imported once from a folder, then the truth.
//! Embeddings are kept by the text they stand for, so that only new texts are embedded.

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use super::catalogue::Catalogue;
use crate::domain::time::Instant;
use crate::store::{Store, StoreError};

/// Texts embedded between two reports of progress.
const BATCH: usize = 64;

/// The version that is served, if there is one.
pub async fn current(store: &Store) -> Result<Option<(u64, Catalogue)>, StoreError> {
    store
        .read(|db| {
            let mut query = db.prepare_cached(
                "SELECT version, catalogue FROM knowledge ORDER BY version DESC LIMIT 1",
            )?;
            let row = query
                .query_row([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))
                .optional()?;
            row.map(|(version, json)| {
                Ok((u64::try_from(version).unwrap_or(0), serde_json::from_str(&json)?))
            })
            .transpose()
        })
        .await
}

/// Keeps a catalogue as the next version and returns its number.
pub async fn add(store: &Store, catalogue: &Catalogue) -> Result<u64, StoreError> {
    let json = serde_json::to_string(catalogue)?;
    store
        .write(
            move |db| {
                db.execute(
                    "INSERT INTO knowledge (at, catalogue) VALUES (?1, ?2)",
                    params![Instant::now().0, json],
                )?;
                Ok(u64::try_from(db.last_insert_rowid()).unwrap_or(0))
            },
            |_| {},
        )
        .await
}

/// The vectors of texts, from the database where they are known, else from `embed`. `None` if the
/// encoder is not there and not all are known. `progress` hears how many of how many are done.
pub async fn vectors<F, E>(
    store: &Store,
    model: &str,
    texts: &[String],
    embed: impl Fn(Vec<String>) -> F,
    mut progress: impl FnMut(usize, usize),
) -> Result<Option<Vec<Vec<f32>>>, StoreError>
where
    F: Future<Output = Result<Vec<Vec<f32>>, E>>,
    E: std::fmt::Display,
{
    let keys: Vec<[u8; 32]> = texts.iter().map(|text| Sha256::digest(text).into()).collect();
    let mut found = known(store, model, keys.clone()).await?;
    let missing: Vec<usize> = (0..texts.len()).filter(|i| found[*i].is_none()).collect();
    for (done, batch) in missing.chunks(BATCH).enumerate() {
        progress(done * BATCH, missing.len());
        let vectors = match embed(batch.iter().map(|i| texts[*i].clone()).collect()).await {
            Ok(vectors) => vectors,
            Err(error) => {
                tracing::warn!(%error, "the knowledge is searched by words only");
                return Ok(None);
            }
        };
        let rows =
            batch.iter().zip(&vectors).map(|(i, vector)| (keys[*i], bytes(vector))).collect();
        keep(store, model, rows).await?;
        for (i, vector) in batch.iter().zip(vectors) {
            found[*i] = Some(vector);
        }
    }
    progress(missing.len(), missing.len());
    Ok(found.into_iter().collect())
}

/// A head trained on these texts before, else a newly trained one, which is kept.
pub async fn head<T>(
    store: &Store,
    trained_on: &str,
    train: impl FnOnce() -> T,
) -> Result<T, StoreError>
where
    T: serde::Serialize + serde::de::DeserializeOwned,
{
    let key: [u8; 32] = Sha256::digest(trained_on).into();
    let find = move |db: &Connection| {
        let mut query = db.prepare_cached("SELECT head FROM heads WHERE key = ?1")?;
        Ok::<_, StoreError>(query.query_row([key], |row| row.get::<_, String>(0)).optional()?)
    };
    if let Some(json) = store.read(find).await? {
        return Ok(serde_json::from_str(&json)?);
    }
    let head = train();
    let json = serde_json::to_string(&head)?;
    let insert = move |db: &Connection| {
        db.execute("INSERT OR REPLACE INTO heads (key, head) VALUES (?1, ?2)", params![key, json])?;
        Ok::<_, StoreError>(())
    };
    store.write(insert, |()| {}).await?;
    Ok(head)
}

async fn known(
    store: &Store,
    model: &str,
    keys: Vec<[u8; 32]>,
) -> Result<Vec<Option<Vec<f32>>>, StoreError> {
    let model = model.to_string();
    store
        .read(move |db| {
            let mut query =
                db.prepare_cached("SELECT vector FROM vectors WHERE model = ?1 AND text = ?2")?;
            keys.iter()
                .map(|key| {
                    let row = query.query_row(params![model, key], |row| row.get::<_, Vec<u8>>(0));
                    Ok(row.optional()?.map(|bytes| floats(&bytes)))
                })
                .collect()
        })
        .await
}

async fn keep(
    store: &Store,
    model: &str,
    rows: Vec<([u8; 32], Vec<u8>)>,
) -> Result<(), StoreError> {
    let model = model.to_string();
    let insert = move |db: &Connection| {
        let mut query = db.prepare_cached(
            "INSERT OR REPLACE INTO vectors (model, text, vector) VALUES (?1, ?2, ?3)",
        )?;
        for (key, vector) in &rows {
            query.execute(params![model, key, vector])?;
        }
        Ok(())
    };
    store.write(insert, |()| {}).await
}

fn bytes(vector: &[f32]) -> Vec<u8> {
    vector.iter().flat_map(|x| x.to_le_bytes()).collect()
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks().0.iter().map(|four| f32::from_le_bytes(*four)).collect()
}
