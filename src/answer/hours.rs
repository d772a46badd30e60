//! When the shop is open on a day, from its settings.

use super::understand::Question;
use super::wording;
use crate::domain::hours::Opening;
use crate::domain::reply::{Fact, Source};
use crate::knowledge::Knowledge;
use crate::knowledge::passages::Kind;

const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// What is said of a day; `None` for a shop without any hours.
///
/// A page that speaks of the same hours is cited, too.
pub fn fact(knowledge: &Knowledge, day: usize, question: &Question) -> Option<Fact> {
    let shop = &knowledge.catalogue.shop;
    if shop.hours.iter().all(Vec::is_empty) {
        return None;
    }
    let blocks = shop.hours.get(day)?;
    let name = DAYS[day];
    let text = match blocks.is_empty() {
        true => format!("We are closed on {name}."),
        false => {
            let spans: Vec<String> = blocks.iter().map(span).collect();
            format!("On {name} we are open {}.", wording::list(&spans, "and"))
        }
    };
    let polarity = question.cues.yes_no.then_some(!blocks.is_empty());
    let spoken_of = knowledge.passages.iter().find(|passage| {
        let text = crate::domain::language::fold(&passage.text);
        let clock = |block: &Opening| text.contains(&format!("{}:", block.to / 60));
        passage.kind != Kind::Product
            && text.contains(&DAYS[day].to_lowercase())
            && (blocks.is_empty() || blocks.iter().any(clock))
    });
    let source = Source { id: "shop.toml".into(), title: "Opening hours".into(), link: None };
    Some(Fact {
        text,
        question: question.text.clone(),
        polarity,
        keep: Vec::new(),
        sources: std::iter::once(source).chain(spoken_of.map(|p| p.source.clone())).collect(),
    })
}

fn span(block: &Opening) -> String {
    let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    format!("from {} to {}", clock(block.from), clock(block.to))
}

/// The day of the week that a text speaks of, from Monday as 0.
pub fn day(text: &str, today: usize) -> Option<usize> {
    let words = crate::domain::language::words(text);
    let named = words.iter().find_map(|word| {
        let name = word.text.trim_end_matches('s');
        DAYS.iter().position(|day| day.to_lowercase() == name)
    });
    let is = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&word.text.as_str()));
    named
        .or_else(|| is(&["today", "tonight", "now"]).then_some(today))
        .or_else(|| is(&["tomorrow"]).then_some((today + 1) % 7))
}

#[cfg(test)]
mod tests {
    use super::day;

    #[test]
    fn days_are_named_or_counted_from_today() {
        assert_eq!(day("till when on Thursday evening", 0), Some(3));
        assert_eq!(day("are you open on sundays", 0), Some(6));
        assert_eq!(day("are you open tomorrow", 6), Some(0));
        assert_eq!(day("what are your hours", 2), None);
    }
}
