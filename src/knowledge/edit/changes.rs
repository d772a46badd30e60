//! What differs between two catalogues, in as few words as a list of versions has room for.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::knowledge::catalogue::Catalogue;

/// Names kept of each kind of change; the rest is counted.
const NAMED: usize = 8;

/// What differs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// What is sold.
    pub products: Changed,
    /// What is explained.
    pub pages: Changed,
    /// What is asked often.
    pub faq: Changed,
    /// The shop itself or its intents.
    pub shop: bool,
}

/// What differs between two lists of records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Only in the newer.
    pub added: Few,
    /// In both, and not the same.
    pub changed: Few,
    /// Only in the older.
    pub removed: Few,
}

/// Some names, and how many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Few {
    /// All of them.
    pub count: usize,
    /// The first.
    pub first: Vec<String>,
}

impl Few {
    fn add(&mut self, name: &str) {
        self.count += 1;
        if self.first.len() < NAMED {
            self.first.push(name.to_string());
        }
    }
}

impl Changes {
    /// From the older catalogue to the newer.
    pub fn between(old: &Catalogue, new: &Catalogue) -> Self {
        Self {
            products: changed(&old.products, &new.products, |p| &p.id, |p| &p.title),
            pages: changed(&old.pages, &new.pages, |p| &p.id, |p| &p.title),
            faq: changed(&old.faq, &new.faq, |f| &f.question, |f| &f.question),
            shop: old.shop != new.shop || old.intents != new.intents,
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn changed<T: PartialEq>(
    old: &[T],
    new: &[T],
    id: fn(&T) -> &String,
    name: fn(&T) -> &String,
) -> Changed {
    let mut before: HashMap<&String, &T> = old.iter().map(|record| (id(record), record)).collect();
    let mut found = Changed::default();
    for record in new {
        match before.remove(id(record)) {
            None => found.added.add(name(record)),
            Some(other) if other != record => found.changed.add(name(record)),
            Some(_) => {}
        }
    }
    for record in old.iter().filter(|record| before.contains_key(id(record))) {
        found.removed.add(name(record));
    }
    found
}
