//! Erasing: out of the log, out of everything that was made of it, and out of every byte of the files.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::address::addresses;
use super::ledger::{self, Line};
use super::{Privacy, PrivacyError, Who};
use crate::domain::event::Event;
use crate::domain::ids::ChatId;
use crate::domain::time::Instant;
use crate::leads::gaps;
use crate::log::{Blanked, Erasure};
use crate::store::StoreError;
use crate::{audit, floor, jobs, post, webhooks};

/// How often the rewriting is tried while something reads the file.
const TRIES: u32 = 3;

/// What was erased.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    /// The chats.
    pub chats: Vec<ChatId>,
    /// Events that were blanked.
    pub events: usize,
    /// Questions without an answer that only they had asked.
    pub gaps: usize,
    /// Jobs about them, letters among them.
    pub jobs: usize,
    /// Folders with backups in which it could not be noted; it has to be done by hand.
    pub not_noted: Vec<PathBuf>,
}

/// Why it is erased.
enum Reason {
    /// Somebody wants it: noted in the ledger, so that no backup brings it back.
    Wanted {
        /// Who does it, for the audit log.
        by: String,
    },
    /// Its time is over, or it was erased before: what notices that will notice it again.
    Known,
}

impl Privacy {
    /// Erases all chats of somebody and every trace of their words. `by` is who does it.
    pub async fn erase(&self, who: &Who, by: &str, now: Instant) -> Result<Erased, PrivacyError> {
        let chats = self.find(who).await?.into_iter().map(|found| found.chat);
        let all = |chat| Erasure { chat, through: Instant(i64::MAX) };
        let to = match who {
            Who::Chat(_) => None,
            Who::Address(address) => Some(address.as_str().to_string()),
        };
        let reason = Reason::Wanted { by: by.into() };
        let mut erased = self.blank(chats.map(all).collect(), to, reason, now).await?;
        erased.not_noted = self.note_beside_backups().await?;
        // Also when nothing is left to erase: the first time may have stopped halfway.
        if !self.noted()?.is_empty() {
            self.remove_copies()?;
        }
        self.scrub().await?;
        Ok(erased)
    }

    /// Erases again what is noted as erased and has come back, as after a backup was brought back.
    pub async fn replay(&self, now: Instant) -> Result<Erased, PrivacyError> {
        let lines = self.noted()?;
        let again = lines.iter().map(|line| Erasure { chat: line.chat, through: line.at });
        let erased = self.blank(again.collect(), None, Reason::Known, now).await?;
        if !erased.chats.is_empty() {
            self.remove_copies()?;
        }
        self.scrub().await?;
        Ok(erased)
    }

    /// Erases what nobody asked to be erased, and whose time is over. The file is not rewritten.
    pub async fn expire(&self, over: Vec<Erasure>, now: Instant) -> Result<Erased, PrivacyError> {
        self.blank(over, None, Reason::Known, now).await
    }

    /// The write itself. A further letter to the address `to` goes with the chats.
    async fn blank(
        &self,
        erasures: Vec<Erasure>,
        to: Option<String>,
        reason: Reason,
        now: Instant,
    ) -> Result<Erased, PrivacyError> {
        let folder = self.log.store().folder().to_path_buf();
        let also = move |db: &Connection, blanked: &[Blanked]| {
            let mut erased = forget(db, blanked, to.as_deref())?;
            if let Reason::Wanted { by } = &reason {
                for chat in blanked {
                    audit::note(db, now, by, "chat.erase", &chat.chat.to_string())?;
                }
                // Last, so that what is noted will be done: if not now, then at the next start.
                note(&folder, blanked).map_err(|error| StoreError::Folder(folder, error))?;
            }
            if erased.events + erased.jobs > 0 {
                db.execute("INSERT INTO unscrubbed (since) VALUES (?1)", [now.0])?;
            }
            erased.chats = blanked.iter().map(|chat| chat.chat).collect();
            Ok(erased)
        };
        Ok(self.log.erase(erasures, now, also).await?)
    }

    /// Rewrites the file if something was blanked since that was done last.
    pub async fn scrub(&self) -> Result<(), PrivacyError> {
        let store = self.log.store();
        let owed = |db: &Connection| {
            let sql = "SELECT COALESCE(MAX(rowid), 0) FROM unscrubbed";
            Ok::<i64, StoreError>(db.query_row(sql, [], |row| row.get(0))?)
        };
        let upto = store.read(owed).await?;
        if upto == 0 {
            return Ok(());
        }
        let mut tries = 1;
        while let Err(error) = store.scrub().await {
            if tries == TRIES {
                return Err(PrivacyError::NotRewritten(error));
            }
            tries += 1;
        }
        let done = move |db: &Connection| {
            db.execute("DELETE FROM unscrubbed WHERE rowid <= ?1", [upto])?;
            Ok::<_, StoreError>(())
        };
        Ok(store.write(done, |()| {}).await?)
    }

    /// What is noted in the data folder.
    fn noted(&self) -> Result<BTreeSet<Line>, PrivacyError> {
        let folder = self.log.store().folder();
        ledger::read(folder).map_err(|error| PrivacyError::Ledger(folder.join(ledger::FILE), error))
    }

    /// Notes in every folder that holds backups what is noted here; returns where it could not.
    async fn note_beside_backups(&self) -> Result<Vec<PathBuf>, PrivacyError> {
        let store = self.log.store();
        let places = |db: &Connection| {
            let mut query = db.prepare_cached("SELECT folder FROM backup_places")?;
            let rows = query.query_map([], |row| row.get::<_, String>(0))?;
            Ok::<Vec<String>, StoreError>(rows.collect::<Result<_, _>>()?)
        };
        let places: Vec<PathBuf> =
            store.read(places).await?.into_iter().map(PathBuf::from).collect();
        let lines = self.noted()?;
        let fails = |place: &PathBuf| {
            ledger::note(place, &lines).inspect_err(|error| {
                tracing::warn!(%error, folder = %place.display(), "an erasure is not noted beside the backups");
            })
            .is_err()
        };
        Ok(places.into_iter().filter(fails).collect())
    }

    /// Removes what this server itself once copied in the data folder: copies from before an upgrade,
    /// and files that were never finished.
    fn remove_copies(&self) -> Result<(), PrivacyError> {
        let folder = self.log.store().folder();
        let failed = |path: &Path| {
            let path = path.to_path_buf();
            move |error| PrivacyError::Copy(path, error)
        };
        for entry in fs::read_dir(folder).map_err(failed(folder))? {
            let path = entry.map_err(failed(folder))?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let before = name.starts_with("before-schema-") && name.ends_with(".db");
            if before || name.ends_with(".unfinished") {
                match fs::remove_file(&path) {
                    Err(error) if error.kind() != ErrorKind::NotFound => {
                        return Err(failed(&path)(error));
                    }
                    _ => tracing::info!(file = %path.display(), "removed: it held what was erased"),
                }
            }
        }
        Ok(())
    }
}

fn note(folder: &Path, blanked: &[Blanked]) -> std::io::Result<()> {
    let line = |chat: &Blanked| Line { chat: chat.chat, at: chat.through };
    ledger::note(folder, &blanked.iter().map(line).collect())
}

/// Takes what was erased out of all that was made of it.
fn forget(db: &Connection, blanked: &[Blanked], to: Option<&str>) -> Result<Erased, StoreError> {
    let mut erased = Erased::default();
    let mut questions = BTreeSet::new();
    let mut written: BTreeSet<String> = to.map(str::to_string).into_iter().collect();
    for chat in blanked {
        erased.events += chat.events.len();
        floor::remove_from_queue(db, chat.chat)?;
        erased.jobs += jobs::remove_about(db, &chat.chat.to_string())?;
        webhooks::forget(db, chat.chat)?;
        for entry in &chat.events {
            match &entry.event {
                Event::GapFound { question, .. } => drop(questions.insert(gaps::key(question))),
                Event::StaffSaid { .. } => {}
                event => written.extend(event.writings().into_iter().flat_map(addresses)),
            }
        }
    }
    for address in written {
        erased.jobs += post::remove_to(db, &address)?;
    }
    erased.gaps = gaps::recount(db, &questions)?;
    Ok(erased)
}
