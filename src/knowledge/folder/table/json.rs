//! JSON lines: one object a line, its keys in the order they were written.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::{Row, normal_name};
use crate::knowledge::folder::findings::{Findings, Remark};

/// Reads every line.
pub(super) fn read(
    file: &str,
    text: &str,
    findings: &mut Findings,
    take: &mut dyn FnMut(&Row, &mut Findings),
) -> Result<(), Remark> {
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        match cells(line) {
            Ok(cells) => take(&Row { file, number, cells }, findings),
            Err((field, message)) => {
                let remark = Remark::new(file, message).at(number);
                findings.problem(match field {
                    Some(field) => remark.field(&field),
                    None => remark,
                });
            }
        }
    }
    Ok(())
}

type Cells<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

fn cells<'a>(line: &str) -> Result<Cells<'a>, (Option<String>, String)> {
    let Entries(entries) = serde_json::from_str(line).map_err(|error| {
        (None, format!("not one JSON object on one line ({error}); write {{\"id\": …}}"))
    })?;
    let mut cells: Cells = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        let name = normal_name(&key);
        if cells.iter().any(|(known, _)| *known == name) {
            return Err((Some(name), "this key is written twice; remove one".to_string()));
        }
        let Some(value) = plain(&value) else {
            let message = "an object within the object; write it as one text or number";
            return Err((Some(name), message.to_string()));
        };
        if !name.is_empty() && !value.trim().is_empty() {
            cells.push((name.into(), value.trim().to_string().into()));
        }
    }
    Ok(cells)
}

/// A value as a cell would hold it; a list is joined by commas.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(value) => Some(value.to_string()),
        Value::String(value) => Some(value.clone()),
        Value::Array(values) => {
            let values: Option<Vec<String>> = values.iter().map(plain).collect();
            values.map(|values| values.join(", "))
        }
        Value::Object(_) => None,
    }
}

/// An object's entries in their written order, which `serde_json::Map` does not keep.
struct Entries(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Entries;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}
