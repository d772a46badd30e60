//! A coming moment in words, by the clock on the shop's wall: `today at 14:00`, `on Monday at 09:00`.

use jiff::tz::TimeZone;

use crate::domain::language::Language;
use crate::domain::time::Instant;

const WEEKDAYS: [[&str; 7]; 2] = [
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
];
const MONTHS: [[&str; 12]; 2] = [
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
];

/// How one says when, from `now`. Beyond six days the date is named.
pub fn moment(at: Instant, now: Instant, zone: &TimeZone, language: Language) -> String {
    let there = |moment: Instant| {
        jiff::Timestamp::from_millisecond(moment.0).unwrap_or_default().to_zoned(zone.clone())
    };
    let (at, now) = (there(at), there(now));
    let days = now.date().until(at.date()).map_or(0, |span| span.get_days());
    let time = at.strftime("%H:%M");
    let place = |offset: i8| usize::try_from(offset).unwrap_or_default();
    let (table, english) = match language {
        Language::English => (0, true),
        Language::German => (1, false),
    };
    let weekday = WEEKDAYS[table][place(at.weekday().to_monday_zero_offset())];
    let month = MONTHS[table][place(at.month() - 1)];
    match (days, english) {
        (0, true) => format!("today at {time}"),
        (0, false) => format!("heute um {time} Uhr"),
        (1, true) => format!("tomorrow at {time}"),
        (1, false) => format!("morgen um {time} Uhr"),
        (2..=6, true) => format!("on {weekday} at {time}"),
        (2..=6, false) => format!("am {weekday} um {time} Uhr"),
        (_, true) => format!("on {weekday}, {} {month} at {time}", at.day()),
        (_, false) => format!("am {weekday}, {}. {month} um {time} Uhr", at.day()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearer_the_shorter() {
        let zone = TimeZone::get("Europe/Berlin").expect("a known zone");
        let at = |text: &str| Instant(text.parse::<jiff::Timestamp>().expect("t").as_millisecond());
        // A Thursday evening in Berlin, already Friday nowhere that matters.
        let now = at("2026-12-17T21:00:00Z");
        let say = |then: &str, language| moment(at(then), now, &zone, language);
        assert_eq!(say("2026-12-17T22:30:00Z", Language::English), "today at 23:30");
        assert_eq!(say("2026-12-17T23:30:00Z", Language::English), "tomorrow at 00:30");
        assert_eq!(say("2026-12-21T08:00:00Z", Language::English), "on Monday at 09:00");
        assert_eq!(
            say("2026-12-28T08:00:00Z", Language::English),
            "on Monday, 28 December at 09:00"
        );
        assert_eq!(say("2026-12-21T08:00:00Z", Language::German), "am Montag um 09:00 Uhr");
        assert_eq!(
            say("2027-03-01T08:00:00Z", Language::German),
            "am Montag, 1. März um 09:00 Uhr"
        );
    }
}
