//! "And on Saturday?", "and for boots?": the question before, with the one thing changed that the new
//! one names. Where nothing of the same kind can be exchanged, both are read as one.

use crate::domain::language::{stem, words};
use crate::knowledge::names::Names;

const DAYS: &[&str] =
    &["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The question that is meant by `now` after `before`.
pub fn meant(before: &str, now: &str, names: &Names) -> String {
    weekday(before, now)
        .or_else(|| kind(before, now, names))
        .unwrap_or_else(|| format!("{} {now}", before.trim_end_matches(['?', '.', '!', ' '])))
}

/// Exchanges the day of the week, or moves it: "the day after".
fn weekday(before: &str, now: &str) -> Option<String> {
    let day = |text: &str| {
        words(text).into_iter().find_map(|word| {
            let name = word.text.trim_end_matches('s');
            Some((DAYS.iter().position(|day| *day == name)?, word.span))
        })
    };
    let (old, span) = day(before)?;
    let lower = now.to_lowercase();
    let new = match day(now) {
        Some((new, _)) => new,
        None if lower.contains("day after") || lower.contains("next day") => (old + 1) % 7,
        None if lower.contains("day before") => (old + 6) % 7,
        None => return None,
    };
    let mut meant = before.to_string();
    meant.replace_range(span, &capitalised(DAYS[new]));
    Some(meant)
}

fn capitalised(day: &str) -> String {
    let (first, rest) = day.split_at(1);
    format!("{}{rest}", first.to_uppercase())
}

/// Exchanges the kind of thing: "the warranty on sleeping bags", "and for boots?"
fn kind(before: &str, now: &str, names: &Names) -> Option<String> {
    let kinds = |text: &str| {
        let of_kind = |word: &crate::domain::language::Word| names.is_kind(&stem(&word.text));
        words(text).into_iter().filter(of_kind).collect::<Vec<_>>()
    };
    let new = kinds(now);
    let old = kinds(before);
    let (first, last) = (old.first()?, old.last()?);
    // One run of words names the old kind: "sleeping bags".
    let between = &before[first.span.start..last.span.end];
    if new.is_empty() || between.split_whitespace().count() > old.len() {
        return None;
    }
    let named: Vec<&str> = new.iter().map(|word| &now[word.span.clone()]).collect();
    let mut meant = before.to_string();
    meant.replace_range(first.span.start..last.span.end, &named.join(" "));
    Some(meant)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::catalogue::Product;

    fn names() -> Names {
        let product = |title: &str, kind: &str| Product {
            title: title.into(),
            product_type: kind.into(),
            ..Product::default()
        };
        Names::of_products(&[product("Alder", "Shoes > Clogs"), product("Birch", "Boots")])
    }

    #[test]
    fn a_day_is_exchanged_for_another() {
        let names = names();
        assert_eq!(meant("Open on Friday?", "and saturday?", &names), "Open on Saturday?");
        assert_eq!(meant("Open on Sunday?", "and the day after", &names), "Open on Monday?");
    }

    #[test]
    fn a_kind_is_exchanged_for_another_and_else_both_are_read() {
        let names = names();
        let before = "how long is the warranty on clogs?";
        assert_eq!(meant(before, "and for boots?", &names), "how long is the warranty on boots?");
        assert_eq!(
            meant("do you engrave?", "how much is that", &names),
            "do you engrave how much is that"
        );
    }
}
