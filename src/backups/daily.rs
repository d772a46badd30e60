//! A backup every day, and the old ones removed once the new one was read back.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::domain::time::Instant;
use crate::jobs::{Clock, Failure};
use crate::store::{self, BackupError, Store};

/// The kind of job that makes a backup.
pub const KIND: &str = "backup";
/// When, by the shop's clock.
pub const AT: jiff::civil::Time = jiff::civil::time(3, 10, 0, 0);

/// Where backups go every day.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DailyBackup {
    /// A folder outside the data folder, best on another disk. It must be there: an empty mount point
    /// is better noticed than filled.
    pub to: PathBuf,
    /// How many are kept.
    #[serde(default = "seven")]
    pub keep: std::num::NonZeroU32,
}

fn seven() -> std::num::NonZeroU32 {
    std::num::NonZeroU32::new(7).expect("written as more than zero")
}

/// Who makes them.
#[derive(Clone)]
pub struct Copier {
    /// What is copied.
    pub store: Store,
    /// Where to. Without it nothing is done.
    pub daily: Option<DailyBackup>,
    /// What time it is.
    pub clock: Clock,
}

impl Copier {
    /// The daily job.
    pub async fn run(self) -> Result<(), Failure> {
        let Some(daily) = self.daily else { return Ok(()) };
        let file = daily.to.join(name(self.clock.now()));
        let later = |error: BackupError| Failure::Later(error.to_string());
        // Tried again after the file was there and the note of it was not.
        if file.exists() && store::verify(&file).is_ok() {
            return Ok(());
        }
        let made = super::take(&self.store, file).await.map_err(later)?;
        tracing::info!(events = made.events, bytes = made.bytes, "backed up and read back");
        let kept = tokio::task::spawn_blocking(move || remove_old(&daily));
        match kept.await {
            Ok(Ok(removed)) if removed > 0 => tracing::info!(removed, "old backups are gone"),
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::warn!(%error, "old backups could not be removed"),
            Err(error) => tracing::warn!(%error, "old backups could not be removed"),
        }
        Ok(())
    }
}

/// The name of a day's backup: names in order are days in order.
fn name(at: Instant) -> String {
    let stamp = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
    format!("floorwalker-{}.db", stamp.strftime("%Y%m%dT%H%M%SZ"))
}

/// Did this server give a file its name?
fn is_ours(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let stamp = name.strip_prefix("floorwalker-").and_then(|rest| rest.strip_suffix(".db"));
    stamp.is_some_and(|stamp| jiff::fmt::strtime::parse("%Y%m%dT%H%M%SZ", stamp).is_ok())
}

fn remove_old(daily: &DailyBackup) -> std::io::Result<usize> {
    let mut ours: Vec<PathBuf> = std::fs::read_dir(&daily.to)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    ours.retain(|path| is_ours(path));
    ours.sort();
    let old = ours.len().saturating_sub(daily.keep.get() as usize);
    for path in &ours[..old] {
        std::fs::remove_file(path)?;
    }
    Ok(old)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test]
    async fn so_many_are_kept_and_nothing_that_is_not_ours_is_touched() {
        let (data, to) = (tempfile::tempdir().expect("temp"), tempfile::tempdir().expect("temp"));
        let clock = Clock::by_hand(Instant(1_767_268_800_000));
        let daily =
            DailyBackup { to: to.path().into(), keep: 2.try_into().expect("more than zero") };
        let store = Store::open(data.path()).expect("opens");
        let copier = Copier { store, daily: Some(daily), clock: clock.clone() };
        for other in ["floorwalker-by-hand.db", "0-older.db"] {
            std::fs::write(to.path().join(other), "kept").expect("written");
        }
        for _ in 0..4 {
            copier.clone().run().await.expect("a backup");
            copier.clone().run().await.expect("the same again changes nothing");
            clock.advance(Duration::from_secs(24 * 60 * 60));
        }
        let mut left: Vec<String> = std::fs::read_dir(to.path())
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        left.sort();
        assert_eq!(
            left,
            [
                "0-older.db",
                "floorwalker-20260103T120000Z.db",
                "floorwalker-20260104T120000Z.db",
                "floorwalker-by-hand.db"
            ]
        );
    }

    #[tokio::test]
    async fn none_is_removed_when_the_new_one_failed() {
        let (data, to) = (tempfile::tempdir().expect("temp"), tempfile::tempdir().expect("temp"));
        let clock = Clock::by_hand(Instant(1_767_268_800_000));
        let daily =
            DailyBackup { to: to.path().into(), keep: 1.try_into().expect("more than zero") };
        let store = Store::open(data.path()).expect("opens");
        let copier = Copier { store, daily: Some(daily), clock: clock.clone() };
        copier.clone().run().await.expect("a backup");
        clock.advance(Duration::from_secs(24 * 60 * 60));
        // A folder stands where the new file would be written first.
        let unfinished = to.path().join(name(clock.now())).with_extension("unfinished");
        std::fs::create_dir(unfinished).expect("made");
        let failed = copier.run().await;
        assert!(matches!(failed, Err(Failure::Later(_))), "{failed:?}");
        assert!(to.path().join("floorwalker-20260101T120000Z.db").exists());
    }
}
