//! Limits on quantities: "50 litres or more", "under 2 kg", "at least 800 lumens".

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::domain::language::values::{Dimension, Kind, Quantity, Value};

/// What a quantity may be. Both ends belong to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// So much or more.
    AtLeast(Quantity),
    /// So much or less.
    AtMost(Quantity),
    /// From, to.
    Within(Quantity, Quantity),
}

impl Bound {
    /// Does a quantity keep to it? `None` if it measures something else.
    pub fn allows(&self, quantity: &Quantity) -> Option<bool> {
        match self {
            Self::AtLeast(least) => quantity.partial_cmp(least).map(|order| order.is_ge()),
            Self::AtMost(most) => quantity.partial_cmp(most).map(|order| order.is_le()),
            Self::Within(from, to) => {
                Some(quantity.partial_cmp(from)?.is_ge() && quantity.partial_cmp(to)?.is_le())
            }
        }
    }
}

static LESS_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:under|below|less than|lighter than|up to|at most|max(?:imum)?\.?(?: of)?|(?:no|not) more than|smaller than|shorter than)\s*(?:about |around )?$")
        .expect("a constant pattern")
});
static MORE_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:over|above|more than|at least|min(?:imum)?\.?(?: of)?|bigger than|larger than|longer than|brighter than)\s*(?:about |around )?$")
        .expect("a constant pattern")
});
static LESS_AFTER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s*(?:or (?:less|under|below|lighter|smaller|shorter)|max(?:imum)?\b|at most|at the most)")
        .expect("a constant pattern")
});
static MORE_AFTER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s*(?:\+|plus\b|or (?:more|over|above|bigger|larger|longer|brighter)|and (?:more|over|up)\b|upwards|min(?:imum)?\b|at least)")
        .expect("a constant pattern")
});

/// The limits a text sets, and where they stand in it. `values` are those of the same text.
pub fn read(text: &str, values: &[Value]) -> Vec<(Range<usize>, Bound)> {
    values.iter().filter_map(|value| one(text, value)).collect()
}

fn one(text: &str, value: &Value) -> Option<(Range<usize>, Bound)> {
    // In ASCII lower case every byte keeps its place.
    let lower = text.to_ascii_lowercase();
    let (before, after) = (&lower[..value.span.start], &lower[value.span.end..]);
    let spoken = |quantity: Quantity| -> Option<(Range<usize>, Bound)> {
        if let Some(found) = LESS_AFTER.find(after) {
            return Some((
                value.span.start..end(text, value, found.len()),
                Bound::AtMost(quantity),
            ));
        }
        if let Some(found) = MORE_AFTER.find(after) {
            return Some((
                value.span.start..end(text, value, found.len()),
                Bound::AtLeast(quantity),
            ));
        }
        if let Some(found) = LESS_BEFORE.find(before) {
            return Some((start(value, found.len())..value.span.end, Bound::AtMost(quantity)));
        }
        let found = MORE_BEFORE.find(before)?;
        Some((start(value, found.len())..value.span.end, Bound::AtLeast(quantity)))
    };
    match &value.kind {
        Kind::Quantity(quantity) => spoken(*quantity),
        Kind::Range(from, to) => match (from.as_ref(), to.as_ref()) {
            // "For 6 to 8 people" says what for and is no limit of the thing's.
            (Kind::Quantity(from), _) if from.dimension == Dimension::People => None,
            (Kind::Quantity(from), Kind::Quantity(to)) => {
                Some((value.span.clone(), Bound::Within(*from, *to)))
            }
            _ => None,
        },
        _ => None,
    }
}

fn start(value: &Value, length: usize) -> usize {
    value.span.start.saturating_sub(length)
}

fn end(text: &str, value: &Value, length: usize) -> usize {
    (value.span.end + length).min(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Locale;
    use crate::domain::language::values::{Reading, values};

    fn bounds(text: &str) -> Vec<Bound> {
        let reading = Reading { currency: None, locale: Locale::new("en-IE").expect("known") };
        read(text, &values(text, &reading)).into_iter().map(|(_, bound)| bound).collect()
    }

    fn litres(text: &str, cell: &str) -> Option<bool> {
        let reading = Reading { currency: None, locale: Locale::new("en-IE").expect("known") };
        bounds(text).first()?.allows(&Quantity::parse(cell, &reading)?)
    }

    #[test]
    fn limits_are_read_before_and_after_a_quantity() {
        assert_eq!(litres("a rucksack, 50 litres or more", "55 l"), Some(true));
        assert_eq!(litres("a rucksack, 50 litres or more", "40 l"), Some(false));
        assert_eq!(litres("at least 30 l please", "30 l"), Some(true));
        assert_eq!(litres("under 20 litres", "25 l"), Some(false));
        assert_eq!(litres("between 30 and 40 l", "35 l"), Some(true));
    }

    #[test]
    fn a_quantity_alone_is_no_limit_and_what_measures_something_else_is_not_judged() {
        assert!(bounds("the 50 l rucksack").is_empty());
        assert_eq!(litres("at least 30 l please", "2 kg"), None);
    }
}
