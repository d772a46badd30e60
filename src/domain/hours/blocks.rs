//! Blocks of hours as people write them: `09:00-12:30`, by weekday.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Days as they are written, from Monday.
pub const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// One block of hours, minutes after midnight, local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// Opens.
    pub from: u16,
    /// Closes; later than `from`.
    pub to: u16,
}

/// The blocks of one day, in order. In JSON a list of texts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Vec<String>", try_from = "Vec<String>")]
pub struct Blocks(pub Vec<Opening>);

/// The blocks of a week by day, from Monday; an empty day is closed. In JSON an object by day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "BTreeMap<String, Blocks>", try_from = "BTreeMap<String, Blocks>")]
pub struct Week(pub [Vec<Opening>; 7]);

/// The text is not hours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidHours(pub String);

/// The day's place in the week, for `mon` and for `Monday`.
pub fn day(name: &str) -> Option<usize> {
    const LONG: [&str; 7] =
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let name = name.to_lowercase();
    DAYS.iter().position(|day| *day == name).or_else(|| LONG.iter().position(|day| *day == name))
}

/// One block of hours; `closed` and nothing are none.
pub fn parse(text: &str) -> Result<Option<Opening>, InvalidHours> {
    let trimmed = text.trim();
    if trimmed.is_empty() || trimmed.eq_ignore_ascii_case("closed") {
        return Ok(None);
    }
    let parts = trimmed.split_once(['-', '–']);
    match parts.and_then(|(from, to)| Some((minutes(from)?, minutes(to)?))) {
        Some((from, to)) if from < to => Ok(Some(Opening { from, to })),
        Some(_) => {
            Err(InvalidHours(format!("`{text}` ends before it starts; split hours at midnight")))
        }
        None => Err(InvalidHours(format!(
            "`{text}` are not opening hours; write them like 09:00-12:30"
        ))),
    }
}

/// Sorts a day's blocks; two that overlap are a mistake.
pub fn sorted(mut day: Vec<Opening>) -> Result<Vec<Opening>, InvalidHours> {
    day.sort_by_key(|opening| opening.from);
    match day.windows(2).any(|pair| pair[1].from < pair[0].to) {
        true => Err(InvalidHours("two blocks of hours overlap; write each hour once".into())),
        false => Ok(day),
    }
}

fn minutes(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once([':', '.'])?;
    let two_digits = |text: &str| text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit());
    if !two_digits(hour) || minute.len() != 2 || !two_digits(minute) {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let minutes = hour * 60 + minute;
    (minute < 60 && minutes <= 24 * 60).then_some(minutes)
}

impl fmt::Display for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, to } = self;
        write!(f, "{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)
    }
}

impl From<Blocks> for Vec<String> {
    fn from(blocks: Blocks) -> Self {
        blocks.0.iter().map(ToString::to_string).collect()
    }
}

impl TryFrom<Vec<String>> for Blocks {
    type Error = InvalidHours;

    fn try_from(texts: Vec<String>) -> Result<Self, InvalidHours> {
        let parsed: Result<Vec<_>, _> = texts.iter().map(|text| parse(text)).collect();
        sorted(parsed?.into_iter().flatten().collect()).map(Self)
    }
}

impl From<Week> for BTreeMap<String, Blocks> {
    fn from(week: Week) -> Self {
        DAYS.iter().map(ToString::to_string).zip(week.0.map(Blocks)).collect()
    }
}

impl TryFrom<BTreeMap<String, Blocks>> for Week {
    type Error = InvalidHours;

    fn try_from(days: BTreeMap<String, Blocks>) -> Result<Self, InvalidHours> {
        let mut week = Self::default();
        for (name, blocks) in days {
            let place = day(&name).ok_or_else(|| {
                InvalidHours(format!("`{name}` is not a day; write {}", DAYS.join(", ")))
            })?;
            week.0[place] = blocks.0;
        }
        Ok(week)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_minutes_after_midnight() {
        assert_eq!(parse("09:00-12:30"), Ok(Some(Opening { from: 540, to: 750 })));
        assert_eq!(parse(" 9:00 – 24:00 "), Ok(Some(Opening { from: 540, to: 1440 })));
        assert_eq!(parse("closed"), Ok(None));
        assert_eq!((day("mon"), day("Sunday"), day("email")), (Some(0), Some(6), None));
    }

    #[test]
    fn hours_that_cannot_be_are_refused() {
        for text in
            ["nine to five", "09:00", "25:00-26:00", "12:00-09:00", "09:75-10:00", "+9:00-10:00"]
        {
            assert!(parse(text).is_err_and(|error| error.to_string().contains(text)), "{text}");
        }
        let overlap = vec![Opening { from: 600, to: 700 }, Opening { from: 540, to: 601 }];
        assert!(sorted(overlap).is_err());
    }

    #[test]
    fn a_week_is_written_by_day_and_comes_back() {
        let week: Week =
            serde_json::from_str(r#"{"mon": ["13:00-17:00", "09:00-12:30"]}"#).expect("a week");
        let text = serde_json::to_string(&week).expect("JSON");
        assert!(text.contains(r#""mon":["09:00-12:30","13:00-17:00"]"#), "{text}");
        assert!(text.contains(r#""sun":[]"#), "{text}");
        assert_eq!(serde_json::from_str::<Week>(&text).expect("the same"), week);
        let error = serde_json::from_str::<Week>(r#"{"mo": []}"#).expect_err("no day").to_string();
        assert!(error.contains("`mo` is not a day"), "{error}");
    }
}
