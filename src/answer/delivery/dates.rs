//! Days: which one a visitor means, and when a parcel ordered now would arrive. Pure functions of a
//! moment on the shop's wall. Working days are Monday to Friday; holidays are not known here, so what
//! is computed is said as an expectation and the rule it follows from is said beside it.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Weekday, date};

/// The day by which something is wanted, if a text says one.
pub fn deadline(text: &str, now: DateTime) -> Option<Date> {
    let today = now.date();
    let words: Vec<String> =
        crate::domain::language::words(text).into_iter().map(|word| word.text).collect();
    let has = |word: &str| words.iter().any(|w| w == word);
    let phrase = |first: &str, second: &str| {
        words.windows(2).any(|pair| pair[0] == first && pair[1] == second)
    };
    if phrase("day", "after") && has("tomorrow") {
        return today.checked_add(2.days()).ok();
    }
    if has("tomorrow") {
        return today.tomorrow().ok();
    }
    if has("today") || has("tonight") {
        return Some(today);
    }
    if has("christmas") || has("xmas") {
        let this = date(today.year(), 12, 24);
        return Some(if this < today { date(today.year() + 1, 12, 24) } else { this });
    }
    if let Some(weekday) = words.iter().find_map(|word| weekday(word)) {
        let next = today.nth_weekday(1, weekday).ok()?;
        return Some(next);
    }
    if phrase("next", "week") {
        let monday = today.nth_weekday(1, Weekday::Monday).ok()?;
        return monday.checked_add(4.days()).ok();
    }
    if has("weekend") {
        return today.nth_weekday(1, Weekday::Saturday).ok();
    }
    if phrase("this", "week") {
        return today.nth_weekday(1, Weekday::Friday).ok().filter(|day| *day > today);
    }
    None
}

fn weekday(word: &str) -> Option<Weekday> {
    Some(match word.trim_end_matches('s') {
        "monday" | "mon" => Weekday::Monday,
        "tuesday" | "tue" => Weekday::Tuesday,
        "wednesday" | "wedne" | "wed" => Weekday::Wednesday,
        "thursday" | "thu" => Weekday::Thursday,
        "friday" | "fri" => Weekday::Friday,
        "saturday" => Weekday::Saturday,
        "sunday" => Weekday::Sunday,
        _ => return None,
    })
}

/// When a parcel ordered at a moment leaves: the same day before the hour, else the next working
/// day; later by the days that packing takes.
pub fn leaves(now: DateTime, cut_off: Option<u16>, packing: u32) -> Option<Date> {
    let minutes = i32::from(now.hour()) * 60 + i32::from(now.minute());
    let in_time = cut_off.is_none_or(|hour| minutes < i32::from(hour));
    let first = match is_working(now.date()) && in_time {
        true => now.date(),
        false => working_days_after(now.date(), 1)?,
    };
    working_days_after(first, packing)
}

/// So many working days later. None is the day itself.
pub fn working_days_after(day: Date, count: u32) -> Option<Date> {
    let mut day = day;
    for _ in 0..count {
        day = day.tomorrow().ok()?;
        while !is_working(day) {
            day = day.tomorrow().ok()?;
        }
    }
    Some(day)
}

fn is_working(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// "Friday 4 December".
pub fn spoken(day: Date) -> String {
    day.strftime("%A %-d %B").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A Friday, two in the afternoon.
    fn friday() -> DateTime {
        date(2026, 11, 27).at(14, 0, 0, 0)
    }

    #[test]
    fn days_are_meant_as_visitors_say_them() {
        for (text, day) in [
            ("can I have it by Tuesday?", date(2026, 12, 1)),
            ("will it be here tomorrow", date(2026, 11, 28)),
            ("before Christmas?", date(2026, 12, 24)),
            ("before the weekend", date(2026, 11, 28)),
            ("by friday", date(2026, 12, 4)),
            ("next week", date(2026, 12, 4)),
        ] {
            assert_eq!(deadline(text, friday()), Some(day), "{text}");
        }
        assert_eq!(deadline("how long does it take?", friday()), None);
    }

    #[test]
    fn orders_after_the_hour_and_at_the_weekend_leave_on_the_next_working_day() {
        let three = Some(15 * 60);
        assert_eq!(leaves(friday(), three, 0), Some(date(2026, 11, 27)));
        let late = date(2026, 11, 27).at(15, 0, 0, 0);
        assert_eq!(leaves(late, three, 0), Some(date(2026, 11, 30)));
        let sunday = date(2026, 11, 29).at(9, 0, 0, 0);
        assert_eq!(leaves(sunday, three, 1), Some(date(2026, 12, 1)));
        assert_eq!(working_days_after(date(2026, 11, 27), 3), Some(date(2026, 12, 2)));
        assert_eq!(spoken(date(2026, 12, 4)), "Friday 4 December");
    }
}
