//! What is wrong with an installation, and what to do about it. Looks and changes nothing.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use serde::Serialize;

use crate::answer::language_note;
use crate::config::Settings;
use crate::knowledge::catalogue::Catalogue;
use crate::models::{Choice, Puller, Purpose};
use crate::seal::Sealer;
use crate::store;

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// As it should be.
    Well,
    /// It works, and could be better.
    Note,
    /// It does not work.
    Wrong,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What.
    pub what: &'static str,
    /// How it is.
    pub state: State,
    /// What was found, and what to do if it is not well.
    pub found: String,
}

fn finding(what: &'static str, state: State, found: impl Into<String>) -> Finding {
    Finding { what, state, found: found.into() }
}

/// Looks at a data folder, the settings and the models.
pub fn examine(data: &Path, config: Option<&Path>) -> Vec<Finding> {
    vec![
        folder(data),
        database(data),
        events(data),
        jobs(data),
        key(data),
        settings(config, data),
        language(data),
        models(config, data),
    ]
}

fn folder(data: &Path) -> Finding {
    const WHAT: &str = "data folder";
    let shown = data.display();
    match fs::metadata(data) {
        Err(error) => finding(
            WHAT,
            State::Wrong,
            format!("{shown}: {error}; name it with --data, or begin with `floorwalker serve`"),
        ),
        Ok(found) if found.permissions().mode() & 0o077 != 0 => {
            let advice = "others on this machine can look into it";
            finding(WHAT, State::Note, format!("{shown}: {advice}; run `chmod 700 {shown}`"))
        }
        Ok(_) => finding(WHAT, State::Well, shown.to_string()),
    }
}

fn database(data: &Path) -> Finding {
    const WHAT: &str = "database";
    match store::verify(&data.join(store::FILE)) {
        Ok(found) => {
            let counts = format!("{} events, {} bytes, read in full", found.events, found.bytes);
            finding(WHAT, State::Well, counts)
        }
        Err(error) => {
            let advice = "bring a backup back with `floorwalker restore`";
            finding(WHAT, State::Wrong, format!("{error}; {advice}"))
        }
    }
}

fn count(data: &Path, sql: &str) -> Option<i64> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let db = Connection::open_with_flags(data.join(store::FILE), flags).ok()?;
    db.query_row(sql, [], |row| row.get(0)).ok()
}

fn events(data: &Path) -> Finding {
    const WHAT: &str = "events";
    let damaged =
        "SELECT COUNT(*) FROM events WHERE payload IS NOT NULL AND NOT json_valid(payload)";
    match count(data, damaged) {
        Some(0) => finding(WHAT, State::Well, "every one can be read"),
        Some(damaged) => {
            let advice = "they count as erased; an older backup may have them";
            finding(WHAT, State::Wrong, format!("{damaged} are damaged; {advice}"))
        }
        None => finding(WHAT, State::Wrong, "they cannot be read; see the database"),
    }
}

fn jobs(data: &Path) -> Finding {
    const WHAT: &str = "jobs";
    match count(data, "SELECT COUNT(*) FROM jobs WHERE state = 'dead'") {
        Some(0) => finding(WHAT, State::Well, "none failed for good"),
        Some(dead) => {
            let advice = "see `floorwalker jobs list`, mend the cause, and retry them";
            finding(WHAT, State::Note, format!("{dead} failed for good; {advice}"))
        }
        None => finding(WHAT, State::Note, "the database is of an older version; serve once"),
    }
}

fn key(data: &Path) -> Finding {
    const WHAT: &str = "seal key";
    let file = data.join("seal.key");
    let sealed = count(data, "SELECT COUNT(*) FROM users WHERE totp IS NOT NULL").unwrap_or(0);
    match (file.exists(), sealed) {
        (false, 0) => finding(WHAT, State::Well, "not needed yet"),
        (false, _) => finding(
            WHAT,
            State::Wrong,
            format!(
                "{} is gone and {sealed} secrets were sealed with it; bring it back, or end those second factors with `floorwalker user end-codes`",
                file.display()
            ),
        ),
        (true, _) => match Sealer::open_or_create(&file) {
            Ok(_) => finding(WHAT, State::Well, "keep a copy of it apart from the backups"),
            Err(error) => finding(WHAT, State::Wrong, error.to_string()),
        },
    }
}

fn settings(config: Option<&Path>, data: &Path) -> Finding {
    const WHAT: &str = "settings";
    let settings = match Settings::read(config, data) {
        Ok(settings) => settings,
        Err(error) => return finding(WHAT, State::Wrong, error.to_string()),
    };
    match settings.mail.map(|mail| mail.validate()) {
        Some(Ok(())) => finding(WHAT, State::Well, "mail can leave"),
        Some(Err(error)) => finding(WHAT, State::Wrong, error.to_string()),
        None => {
            let advice = "no mail leaves: see `floorwalker config example`";
            finding(WHAT, State::Note, advice)
        }
    }
}

fn language(data: &Path) -> Finding {
    const WHAT: &str = "language";
    let newest = "SELECT catalogue FROM knowledge ORDER BY version DESC LIMIT 1";
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let catalogue = Connection::open_with_flags(data.join(store::FILE), flags)
        .ok()
        .and_then(|db| db.query_row(newest, [], |row| row.get::<_, String>(0)).ok())
        .and_then(|json| serde_json::from_str::<Catalogue>(&json).ok());
    match catalogue.map(|catalogue| catalogue.shop) {
        None => finding(WHAT, State::Well, "there is no shop yet"),
        Some(shop) => match language_note(&shop) {
            Some(note) => finding(WHAT, State::Note, note),
            None => finding(WHAT, State::Well, "the models read the shop's language"),
        },
    }
}

fn models(config: Option<&Path>, data: &Path) -> Finding {
    const WHAT: &str = "models";
    // What is wrong with the settings is found where they are looked at.
    let chosen = Settings::read(config, data).unwrap_or_default().engine.writer;
    let mut puller = match Puller::offline() {
        Ok(puller) => puller,
        Err(error) => return finding(WHAT, State::Wrong, error.to_string()),
    };
    let encoder = puller.ensure(Purpose::Encoder).err().map(|error| error.to_string());
    let writer = match &chosen {
        None => puller.ensure(Purpose::Writer).err().map(|error| error.to_string()),
        Some(Choice::File(path)) => {
            floorwalker_engine::inspect(path).err().map(|why| format!("{}: {why}", path.display()))
        }
        Some(choice) => puller.writer(choice).err().map(|error| error.to_string()),
    };
    let faults: Vec<String> = encoder.into_iter().chain(writer).collect();
    if faults.is_empty() {
        return finding(WHAT, State::Well, "all there, every byte read");
    }
    let advice = "without them the server answers by words alone";
    finding(WHAT, State::Wrong, format!("{}; {advice}", faults.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    fn state(findings: &[Finding], what: &str) -> State {
        findings.iter().find(|finding| finding.what == what).expect("it was looked at").state
    }

    #[test]
    fn a_fresh_folder_is_well_and_an_absent_one_is_not() {
        let outside = tempfile::tempdir().expect("temp dir");
        let data = outside.path().join("data");
        drop(Store::open(&data).expect("opens"));
        let findings = examine(&data, None);
        for what in ["data folder", "database", "jobs", "seal key"] {
            assert_eq!(state(&findings, what), State::Well, "{what}");
        }
        assert_eq!(state(&findings, "settings"), State::Note);
        let findings = examine(Path::new("/nowhere/at/all"), None);
        assert_eq!(state(&findings, "data folder"), State::Wrong);
        assert_eq!(state(&findings, "database"), State::Wrong);
    }

    #[test]
    fn what_is_broken_is_found_with_advice() {
        let data = tempfile::tempdir().expect("temp dir");
        drop(Store::open(data.path()).expect("opens"));
        let db = Connection::open(data.path().join(store::FILE)).expect("opens");
        db.execute_batch(
            "INSERT INTO users (id, name, role, password, totp) VALUES (x'01', 'a', 'admin', '', x'02');
             INSERT INTO jobs (kind, payload, state, run_at, made_at) VALUES ('mail', '', 'dead', 0, 0);",
        )
        .expect("stored");
        drop(db);
        fs::write(data.path().join("floorwalker.toml"), "[mial]\n").expect("written");
        let findings = examine(data.path(), None);
        assert_eq!(state(&findings, "seal key"), State::Wrong);
        assert_eq!(state(&findings, "jobs"), State::Note);
        assert_eq!(state(&findings, "settings"), State::Wrong);
        let said: String = findings.iter().map(|finding| finding.found.as_str()).collect();
        assert!(said.contains("end-codes") && said.contains("jobs list") && said.contains("mial"));
    }
}
