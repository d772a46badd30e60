//! The file, and what the environment says over it: `FLOORWALKER__MAIL__PASSWORD` is `password` in
//! `[mail]`. Pure; the environment is an argument.

use std::collections::BTreeMap;

use toml::{Table, Value};

/// What a variable's name begins with. Two underscores stand for every step into a table.
const PREFIX: &str = "FLOORWALKER__";
const STEP: &str = "__";

/// Settings by their path, as `mail.host`.
pub type Flat = BTreeMap<String, Value>;

/// What these variables set, by path. A value is read as TOML and, where it is none, as text.
pub fn from_env(vars: impl Iterator<Item = (String, String)>) -> Flat {
    vars.filter_map(|(name, value)| {
        let path = name.strip_prefix(PREFIX)?.to_lowercase().replace(STEP, ".");
        Some((path, read(value)))
    })
    .collect()
}

fn read(text: String) -> Value {
    let parsed = format!("value = {text}").parse::<Table>();
    parsed.ok().and_then(|mut table| table.remove("value")).unwrap_or(Value::String(text))
}

/// The table with these values over what it says.
pub fn over(mut table: Table, values: &Flat) -> Table {
    for (path, value) in values {
        set(&mut table, path, value.clone());
    }
    table
}

fn set(table: &mut Table, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            table.insert(path.to_string(), value);
        }
        Some((first, rest)) => {
            let inner = table.entry(first).or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(inner) = inner {
                set(inner, rest, value);
            }
        }
    }
}

/// Every value of a table by its path. Lists are values.
pub fn flat(table: &Table) -> Flat {
    let mut found = Flat::new();
    collect("", table, &mut found);
    found
}

fn collect(above: &str, table: &Table, found: &mut Flat) {
    for (name, value) in table {
        let path = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
        match value {
            Value::Table(inner) => collect(&path, inner, found),
            value => {
                found.insert(path, value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vars(vars: &[(&str, &str)]) -> Flat {
        from_env(vars.iter().map(|(name, value)| (name.to_string(), value.to_string())))
    }

    #[test]
    fn the_environment_stands_over_the_file() {
        let file: Table = "[mail]\nhost = \"a\"\nport = 25".parse().expect("TOML");
        let env = vars(&[
            ("FLOORWALKER__MAIL__PORT", "465"),
            ("FLOORWALKER__MAIL__PASSWORD", "not = TOML"),
            ("FLOORWALKER__ALERTS__LEAD_WAITING", "[\"a@b.example\"]"),
            ("FLOORWALKER_DATA", "elsewhere"),
        ]);
        let all = flat(&over(file, &env));
        assert_eq!(all["mail.host"].as_str(), Some("a"));
        assert_eq!(all["mail.port"].as_integer(), Some(465));
        assert_eq!(all["mail.password"].as_str(), Some("not = TOML"));
        assert_eq!(all["alerts.lead_waiting"].as_array().map(Vec::len), Some(1));
        assert_eq!(all.len(), 4);
    }
}
