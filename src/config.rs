//! What the operator writes down: one TOML file and the environment over it, read once at start. What
//! is wrong is named with the file, the line and the field.

mod comparison;
mod layers;

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::backups::daily::DailyBackup;
use crate::mail::{Address, MailConfig};
use crate::models::Choice;
use crate::outbound::NamedOrigin;
use crate::retention::Retention;
use crate::web::client::Network;
use crate::web::limits::Limits;

pub use comparison::{Line, Standing};

/// The name of the file in a data folder.
pub const FILE: &str = "floorwalker.toml";

/// An example with every setting, to be copied and changed.
pub const EXAMPLE: &str = include_str!("config/example.toml");

/// The file's content. An empty file is a whole one.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Proxies whose word about a client's address is taken.
    pub trusted_proxies: Vec<Network>,
    /// How mail leaves. Without it, none does.
    pub mail: Option<MailConfig>,
    /// Who is told when a visitor waits and nobody is there.
    pub alerts: Alerts,
    /// How long what is kept.
    pub retention: Retention,
    /// A backup every day. Without it none is made.
    pub backup: Option<DailyBackup>,
    /// Who may read the figures.
    pub metrics: Metrics,
    /// What may be called besides public addresses.
    pub outbound: Outgoing,
    /// The models, and who may use them.
    pub engine: EngineSettings,
    /// What one client may do.
    pub limits: Limits,
}

/// Who may read `/metrics`.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Metrics {
    /// Whoever brings this as a bearer token. Without it: programs on this machine, unless the server
    /// stands behind a proxy, through which everybody seems to be on this machine.
    pub token: Option<String>,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics(***)")
    }
}

/// Who is told what.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Alerts {
    /// Addresses that hear of a waiting visitor.
    pub lead_waiting: Vec<Address>,
}

/// What may be called.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Outgoing {
    /// Origins in this network that webhooks may go to.
    pub allow: Vec<NamedOrigin>,
}

/// Which models there are, and who may use them besides the shop.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EngineSettings {
    /// Programs with a key for it, in the shape of OpenAI's interface.
    pub openai: bool,
    /// The model that writes, if not the usual one.
    pub writer: Option<Choice>,
}

/// Why the file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// It cannot be read.
    #[error("cannot read {}: {}", .0.display(), .1)]
    Unreadable(PathBuf, #[source] std::io::Error),
    /// It says something that is not understood.
    #[error("{}: {}", .0.display(), .1)]
    Wrong(PathBuf, String),
    /// It does so with what the environment says over it.
    #[error("{} with {} from the environment: {}", .0.display(), .1, .2)]
    WithEnvironment(PathBuf, String, String),
}

impl Settings {
    /// Reads `named`, which must be there, or the data folder's own file, which need not; then what
    /// the environment says over it.
    pub fn read(named: Option<&Path>, data: &Path) -> Result<Self, SettingsError> {
        let (file, text) = find(named, data)?;
        let env = layers::from_env(std::env::vars());
        if env.is_empty() {
            return toml::from_str(&text).map_err(|error| wrong(&file, &error));
        }
        let table = text.parse().map_err(|error| wrong(&file, &error))?;
        layers::over(table, &env).try_into().map_err(|error: toml::de::Error| {
            let names: Vec<&str> = env.keys().map(String::as_str).collect();
            SettingsError::WithEnvironment(file, names.join(", "), error.to_string())
        })
    }
}

/// The operator's settings beside the example.
pub fn diff(named: Option<&Path>, data: &Path) -> Result<Vec<Line>, SettingsError> {
    let (file, text) = find(named, data)?;
    let table = text.parse().map_err(|error| wrong(&file, &error))?;
    let env = layers::from_env(std::env::vars());
    Ok(comparison::compare(&layers::flat(&table), &env, &layers::flat(&example())))
}

/// The example with every setting in use.
fn example() -> toml::Table {
    let plain: Vec<&str> =
        EXAMPLE.lines().map(|line| line.strip_prefix("#= ").unwrap_or(line)).collect();
    plain.join("\n").parse().expect("the example is TOML")
}

/// The settings file and its text; an own file that is not there is empty.
fn find(named: Option<&Path>, data: &Path) -> Result<(PathBuf, String), SettingsError> {
    let file = named.map_or_else(|| data.join(FILE), Path::to_path_buf);
    match std::fs::read_to_string(&file) {
        Ok(text) => Ok((file, text)),
        Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
            Ok((file, String::new()))
        }
        Err(error) => Err(SettingsError::Unreadable(file, error)),
    }
}

fn wrong(file: &Path, error: &toml::de::Error) -> SettingsError {
    SettingsError::Wrong(file.into(), error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::{Catalogue, Purpose};

    fn read(text: &str) -> Result<Settings, SettingsError> {
        let folder = tempfile::tempdir().expect("temp dir");
        std::fs::write(folder.path().join(FILE), text).expect("written");
        Settings::read(None, folder.path())
    }

    #[test]
    fn the_example_is_a_whole_file_with_every_setting_in_it() {
        let plain: String = EXAMPLE
            .lines()
            .map(|line| line.strip_prefix("#= ").unwrap_or(line))
            .collect::<Vec<_>>()
            .join("\n");
        let settings = read(&plain).expect("every setting is understood");
        settings.mail.expect("mail is in it").validate().expect("and it is right");
        assert_eq!(settings.alerts.lead_waiting.len(), 1);
        assert_eq!(settings.retention, Retention::default(), "what it shows are the defaults");
        assert_eq!(settings.backup.expect("backups are in it").keep.get(), 7);
        assert!(settings.metrics.token.is_some());
        assert_eq!(settings.outbound.allow.len(), 1);
        assert!(settings.engine.openai, "the example opens it, and nothing else does");
        let writer = settings.engine.writer.expect("a writer is in it");
        let listed = Catalogue::embedded().expect("a list").named(&writer.to_string()).cloned();
        assert_eq!(listed.expect("it is listed").purpose, Purpose::Writer);
        assert_eq!(settings.trusted_proxies.len(), 2);
        let (named, usual) = (format!("{:?}", settings.limits), format!("{:?}", Limits::default()));
        assert_eq!(named, usual, "the example names every limit as it is without a file");
        let as_it_is = read(EXAMPLE).expect("as it is, it says nothing");
        assert!(as_it_is.mail.is_none() && !as_it_is.engine.openai);
    }

    #[test]
    fn what_is_wrong_is_named_with_file_line_and_field() {
        let error = read("[mail]\nfrmo = \"x\"\n").expect_err("misspelled").to_string();
        assert!(
            error.contains(FILE) && error.contains("line 2") && error.contains("frmo"),
            "{error}"
        );
        let never = read("[retention]\nchats_days = 0\n").expect_err("nothing is kept 0 days");
        assert!(never.to_string().contains("line 2"), "{never}");
        let path = read("[outbound]\nallow = [\"http://n8n.lan:5678/webhook\"]\n");
        let error = path.expect_err("more than an origin").to_string();
        assert!(error.contains("line 2") && error.contains("host and port only"), "{error}");
        for (text, field) in [
            ("[limits]\nsockets = -1\n", "sockets"),
            ("[limits]\naddress_connects = 0\n", "address_connects"),
            ("[limits]\nheader_time = \"0s\"\n", "header_time"),
            ("[limits]\nheader_time = \"a while\"\n", "header_time"),
            ("[limits]\nping_every = \"1s\"\n", "ping_every"),
            ("[engine]\nwriter = \"a model\"\n", "writer"),
            ("trusted_proxies = [\"localhost\"]\n", "trusted_proxies"),
        ] {
            let error = read(text).expect_err(text).to_string();
            assert!(error.contains(field) && error.contains("line"), "{error}");
        }
        let missing = Settings::read(Some(Path::new("/nowhere/at/all.toml")), Path::new("."));
        assert!(
            matches!(missing, Err(SettingsError::Unreadable(..))),
            "a named file must be there"
        );
        let none = Settings::read(None, Path::new("/nowhere")).expect("the own file need not");
        assert!(none.mail.is_none());
    }
}
