//! What changed between two settings: the paths whose values differ. Pure, and for any JSON.

use serde::Serialize;
use serde_json::Value;

/// A value that is not what it was. `null` stands for "not set".
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// Its path, as `texts.greeting`.
    pub field: String,
    /// As it was.
    pub before: Value,
    /// As it is.
    pub after: Value,
}

/// Every difference, in the order of paths. Lists are compared as a whole.
pub fn differences(before: &Value, after: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare("", before, after, &mut found);
    found
}

fn compare(field: &str, before: &Value, after: &Value, found: &mut Vec<Difference>) {
    if before == after {
        return;
    }
    let empty = serde_json::Map::new();
    let object = |value: &Value| match value {
        Value::Object(object) => Some(object.clone()),
        Value::Null => Some(empty.clone()),
        _ => None,
    };
    match (object(before), object(after)) {
        (Some(was), Some(is)) if !(was.is_empty() && is.is_empty()) => {
            let names: std::collections::BTreeSet<&String> = was.keys().chain(is.keys()).collect();
            let known = found.len();
            for name in names {
                let path = if field.is_empty() { name.clone() } else { format!("{field}.{name}") };
                let value = |of: &serde_json::Map<_, _>| of.get(name).cloned().unwrap_or_default();
                compare(&path, &value(&was), &value(&is), found);
            }
            // A table in which nothing is set is told from none.
            if found.len() == known {
                found.push(difference(field, before, after));
            }
        }
        _ => found.push(difference(field, before, after)),
    }
}

fn difference(field: &str, before: &Value, after: &Value) -> Difference {
    Difference { field: field.to_string(), before: before.clone(), after: after.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_differs_is_named_down_to_the_value() {
        let before = json!({"a": 1, "texts": {"x": "old", "y": 2}, "list": [1]});
        let after = json!({"a": 1, "texts": {"x": "new", "y": 2}, "list": [1, 2], "b": true});
        let found: Vec<(String, Value, Value)> = differences(&before, &after)
            .into_iter()
            .map(|d| (d.field, d.before, d.after))
            .collect();
        let wanted = [
            ("b".to_string(), Value::Null, json!(true)),
            ("list".to_string(), json!([1]), json!([1, 2])),
            ("texts.x".to_string(), json!("old"), json!("new")),
        ];
        assert_eq!(found, wanted);
    }

    #[test]
    fn a_table_that_comes_or_goes_is_named_by_its_values() {
        let found = differences(&json!({"paused": null}), &json!({"paused": {"until": 5}}));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].field.as_str(), &found[0].after), ("paused.until", &json!(5)));
        // Nothing within tells that it is there: then it is named itself.
        for empty in [json!({}), json!({"until": null})] {
            let found = differences(&json!({"paused": null}), &json!({ "paused": empty }));
            assert_eq!((found.len(), found[0].field.as_str()), (1, "paused"));
        }
    }
}
