//! What a salesperson would like to know of a customer, and what a customer's words tell of it. Pure.

use serde::{Deserialize, Serialize};

use super::language::values::{Kind, Reading, values};
use super::language::{Locale, words};

/// One thing to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// What it is for, or how many.
    Need,
    /// How much it may cost.
    Budget,
    /// By when.
    Timing,
    /// Who decides.
    Decider,
    /// How to reach them.
    Contact,
}

/// What a message tells without having been asked, or in answer to a question.
pub fn told(text: &str) -> Vec<Topic> {
    let all: Vec<String> = words(text).into_iter().map(|word| word.text).collect();
    let any = |list: &[&str]| all.iter().any(|word| list.contains(&word.as_str()));
    let pair = |list: &[[&str; 2]]| {
        all.windows(2).any(|two| list.iter().any(|pair| two[0] == pair[0] && two[1] == pair[1]))
    };
    let locale = Locale::new("en-IE").expect("a locale that is known");
    let values = values(text, &Reading { currency: None, locale });
    let mut told = Vec::new();
    if pair(&[["use", "it"], ["used", "for"], ["looking", "for"], ["trip", "to"], ["gift", "for"]])
        || any(&["hiking", "commuting", "present", "pieces", "business", "school", "wedding"])
    {
        told.push(Topic::Need);
    }
    if any(&["budget", "euro", "euros", "dollars", "pounds"])
        || values.iter().any(|value| !value.kind.money().is_empty())
    {
        told.push(Topic::Budget);
    }
    let dated = values.iter().any(|value| matches!(value.kind, Kind::Date { .. }));
    let soon = [
        "today",
        "tomorrow",
        "tonight",
        "asap",
        "urgent",
        "urgently",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "weekend",
        "christmas",
    ];
    if dated
        || any(&soon)
        || pair(&[["next", "week"], ["next", "month"], ["this", "week"], ["no", "hurry"]])
    {
        told.push(Topic::Timing);
    }
    if pair(&[["my", "boss"], ["my", "wife"], ["my", "husband"], ["my", "partner"], ["my", "team"]])
        || pair(&[["i", "decide"], ["we", "decide"], ["our", "board"]])
    {
        told.push(Topic::Decider);
    }
    if text.split_whitespace().any(|word| {
        word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
    }) {
        told.push(Topic::Contact);
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_tells_what_it_tells() {
        assert_eq!(told("do you have tents?"), []);
        assert_eq!(told("about 100 euros, by Friday"), [Topic::Budget, Topic::Timing]);
        assert_eq!(told("it is a gift for my wife"), [Topic::Need, Topic::Decider]);
        assert_eq!(told("write to ana@example.org"), [Topic::Contact]);
        assert_eq!(told("is the Ridge 2 in stock @ the shop?"), []);
    }
}
