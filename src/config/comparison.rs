//! The operator's settings beside the example: what is set and where, what could be, and what nothing
//! understands. Secrets are not shown.

use serde::Serialize;
use toml::Value;

use super::layers::Flat;

/// Names of values that are nobody's to read.
const SECRETS: [&str; 3] = ["password", "token", "secret"];

/// Where a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// In the file.
    File,
    /// In the environment, over the file.
    Environment,
    /// In the example only; the value is the example's.
    NotSet,
    /// Set, and no setting of this version.
    Unknown,
}

/// One setting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Its path, as `mail.host`.
    pub field: String,
    /// Where it stands.
    pub standing: Standing,
    /// Its value as TOML.
    pub value: String,
}

/// Every setting that is set or could be, by path.
pub fn compare(file: &Flat, env: &Flat, example: &Flat) -> Vec<Line> {
    let fields: std::collections::BTreeSet<&String> =
        file.keys().chain(env.keys()).chain(example.keys()).collect();
    let line = |field: &String| {
        let (standing, value) = match (env.get(field), file.get(field), example.get(field)) {
            (Some(value), _, None) | (None, Some(value), None) => (Standing::Unknown, value),
            (Some(value), _, Some(_)) => (Standing::Environment, value),
            (None, Some(value), Some(_)) => (Standing::File, value),
            (None, None, Some(value)) => (Standing::NotSet, value),
            (None, None, None) => return None,
        };
        let value = if is_secret(field) { "(not shown)".into() } else { shown(value) };
        Some(Line { field: field.clone(), standing, value })
    };
    fields.into_iter().filter_map(line).collect()
}

fn is_secret(field: &str) -> bool {
    let name = field.rsplit('.').next().unwrap_or(field);
    SECRETS.iter().any(|secret| name.contains(secret))
}

fn shown(value: &Value) -> String {
    value.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::layers::flat;

    #[test]
    fn each_setting_stands_where_it_was_said_last_and_secrets_stay_unseen() {
        let of = |text: &str| flat(&text.parse().expect("TOML"));
        let file = of("[mail]\nhost = \"a\"\npassword = \"hunter2\"\nfrmo = \"x\"");
        let env = of("[mail]\nhost = \"b\"");
        let example = of("[mail]\nhost = \"h\"\npassword = \"p\"\nport = 465");
        let lines = compare(&file, &env, &example);
        let told: Vec<_> = lines
            .iter()
            .map(|line| (line.field.as_str(), line.standing, line.value.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                ("mail.frmo", Standing::Unknown, "\"x\""),
                ("mail.host", Standing::Environment, "\"b\""),
                ("mail.password", Standing::File, "(not shown)"),
                ("mail.port", Standing::NotSet, "465"),
            ]
        );
    }
}
