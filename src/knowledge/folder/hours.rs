//! Opening hours, as `09:00-12:30`.

use crate::knowledge::catalogue::Opening;

/// Days as they are written, from Monday.
pub(super) const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// The day's place in the week, for `mon` and for `Monday`.
pub(super) fn day(name: &str) -> Option<usize> {
    const LONG: [&str; 7] =
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let name = name.to_lowercase();
    DAYS.iter().position(|day| *day == name).or_else(|| LONG.iter().position(|day| *day == name))
}

/// One block of hours; `closed` and nothing are none.
pub(super) fn parse(text: &str) -> Result<Option<Opening>, String> {
    let trimmed = text.trim();
    if trimmed.is_empty() || trimmed.eq_ignore_ascii_case("closed") {
        return Ok(None);
    }
    let parts = trimmed.split_once(['-', '–']);
    match parts.and_then(|(from, to)| Some((minutes(from)?, minutes(to)?))) {
        Some((from, to)) if from < to => Ok(Some(Opening { from, to })),
        Some(_) => Err(format!("`{text}` ends before it starts; split hours at midnight")),
        None => Err(format!("`{text}` are not opening hours; write them like 09:00-12:30")),
    }
}

/// Sorts a day's blocks; two that overlap are a mistake.
pub(super) fn sorted(mut day: Vec<Opening>) -> Result<Vec<Opening>, String> {
    day.sort_by_key(|opening| opening.from);
    match day.windows(2).any(|pair| pair[1].from < pair[0].to) {
        true => Err("two blocks of hours overlap; write each hour once".to_string()),
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
            assert!(parse(text).is_err_and(|message| message.contains(text)), "{text}");
        }
        let overlap = vec![Opening { from: 600, to: 700 }, Opening { from: 540, to: 601 }];
        assert!(sorted(overlap).is_err());
    }
}
