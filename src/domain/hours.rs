//! When somebody is there: blocks of hours by weekday, holidays that replace them, and what the clock
//! on the shop's wall makes of both. Pure; days are those of the time zone, summer time included.

mod blocks;
mod wall;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::time::Instant;

pub use blocks::{Blocks, DAYS, InvalidHours, Opening, Week, day, parse, sorted};
pub use wall::moment;

/// How far ahead an opening is looked for, in days.
const AHEAD: usize = 366;

/// A day that is not like its weekday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// The day, as `2026-12-25`.
    pub date: Date,
    /// What it is called, as `Christmas Day`.
    #[serde(default)]
    pub name: String,
    /// When somebody is there all the same; none is closed all day.
    #[serde(default)]
    pub hours: Blocks,
}

/// Hours that a moment can be held against.
#[derive(Clone, Debug)]
pub struct Hours {
    /// By weekday.
    pub week: Week,
    /// Days that differ.
    pub holidays: Vec<Holiday>,
    /// Whose wall the clock hangs on.
    pub zone: TimeZone,
}

/// A stretch of time in which somebody is there, its end not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    from: Instant,
    to: Instant,
}

impl Hours {
    /// Is somebody there at this moment?
    pub fn open_at(&self, now: Instant) -> bool {
        self.spans(now).next().is_some_and(|span| span.from <= now)
    }

    /// When somebody is there next: the moment itself while it is open. `None` if never within a year.
    pub fn next_opening(&self, now: Instant) -> Option<Instant> {
        self.spans(now).next().map(|span| span.from.max(now))
    }

    /// The moment by which it will have been open for so long.
    pub fn after_open(&self, now: Instant, mut long: std::time::Duration) -> Option<Instant> {
        for span in self.spans(now) {
            let from = span.from.max(now);
            let lasts = span.to.since(from);
            if lasts >= long {
                return Some(from.plus(long));
            }
            long -= lasts;
        }
        None
    }

    /// Stretches that end after this moment, in order. Those that touch are not joined.
    fn spans(&self, now: Instant) -> impl Iterator<Item = Span> {
        let today = jiff::Timestamp::from_millisecond(now.0)
            .ok()
            .map(|stamp| stamp.to_zoned(self.zone.clone()).date());
        // From yesterday, should a block of it end with the day.
        let first = today.and_then(|day| day.yesterday().ok());
        let days = first.into_iter().flat_map(|day| day.series(jiff::Span::new().days(1)));
        days.take(AHEAD)
            .flat_map(move |day| self.blocks(day).iter().filter_map(move |b| self.span(day, *b)))
            .filter(move |span| span.to > now)
    }

    fn blocks(&self, day: Date) -> &[Opening] {
        match self.holidays.iter().find(|holiday| holiday.date == day) {
            Some(holiday) => &holiday.hours.0,
            None => {
                let weekday = usize::try_from(day.weekday().to_monday_zero_offset());
                self.week.0.get(weekday.unwrap_or_default()).map_or(&[], Vec::as_slice)
            }
        }
    }

    fn span(&self, day: Date, block: Opening) -> Option<Span> {
        let at = |minutes: u16| {
            let midnight = day.to_datetime(jiff::civil::Time::midnight());
            let wall = midnight.checked_add(jiff::Span::new().minutes(minutes)).ok()?;
            let zoned = wall.to_zoned(self.zone.clone()).ok()?;
            Some(Instant(zoned.timestamp().as_millisecond()))
        };
        Some(Span { from: at(block.from)?, to: at(block.to)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn at(text: &str) -> Instant {
        let stamp: jiff::Timestamp = text.parse().expect("a timestamp");
        Instant(stamp.as_millisecond())
    }

    /// Weekdays nine to half past five with a break, in Dublin; Christmas Eve until noon, then closed.
    fn shop() -> Hours {
        let day = |blocks: &[&str]| {
            blocks.iter().map(|b| parse(b).expect("hours").expect("some")).collect::<Vec<_>>()
        };
        let mut week = Week::default();
        week.0[..5].fill(day(&["09:00-12:30", "13:30-17:30"]));
        let holiday = |date: &str, hours: &[&str]| Holiday {
            date: date.parse().expect("a date"),
            name: String::new(),
            hours: Blocks(day(hours)),
        };
        Hours {
            week,
            holidays: vec![holiday("2026-12-24", &["09:00-12:00"]), holiday("2026-12-25", &[])],
            zone: TimeZone::get("Europe/Dublin").expect("a known zone"),
        }
    }

    #[test]
    fn the_clock_on_the_wall_decides_and_not_that_of_greenwich() {
        // Summer: Dublin is an hour ahead.
        assert!(shop().open_at(at("2026-07-01T08:00:00Z")));
        assert!(!shop().open_at(at("2026-07-01T07:59:59Z")));
        assert!(!shop().open_at(at("2026-07-01T11:30:00Z")), "the break has begun");
        assert!(shop().open_at(at("2026-01-05T09:00:00Z")));
        assert!(!shop().open_at(at("2026-01-05T08:59:00Z")));
    }

    #[test]
    fn the_next_opening_skips_breaks_weekends_and_holidays() {
        let next = |now| shop().next_opening(at(now)).expect("within a year");
        assert_eq!(next("2026-01-05T12:45:00Z"), at("2026-01-05T13:30:00Z"));
        assert_eq!(
            next("2026-01-09T20:00:00Z"),
            at("2026-01-12T09:00:00Z"),
            "from Friday to Monday"
        );
        assert_eq!(next("2026-12-24T12:00:00Z"), at("2026-12-28T09:00:00Z"), "over Christmas");
        assert_eq!(next("2026-01-05T10:00:00Z"), at("2026-01-05T10:00:00Z"), "it is open now");
    }

    #[test]
    fn time_to_reply_runs_only_while_it_is_open() {
        let by = |now, hours: u64| shop().after_open(at(now), Duration::from_secs(hours * 3_600));
        assert_eq!(by("2026-01-05T09:00:00Z", 2), Some(at("2026-01-05T11:00:00Z")));
        assert_eq!(
            by("2026-01-05T12:00:00Z", 2),
            Some(at("2026-01-05T15:00:00Z")),
            "over the break"
        );
        assert_eq!(
            by("2026-01-09T17:00:00Z", 4),
            Some(at("2026-01-12T12:30:00Z")),
            "over a weekend"
        );
    }

    #[test]
    fn a_shop_that_never_opens_has_no_next_opening() {
        let never = Hours { week: Week::default(), ..shop() };
        let after = at("2027-01-01T00:00:00Z");
        assert_eq!((never.next_opening(after), never.open_at(after)), (None, false));
    }

    #[test]
    fn a_shop_that_never_closes_is_open_through_the_changes_of_the_clock() {
        let all_day = parse("00:00-24:00").expect("hours").expect("some");
        let always = Hours {
            week: Week(std::array::from_fn(|_| vec![all_day])),
            holidays: vec![],
            ..shop()
        };
        let from = at("2026-03-28T22:00:00Z");
        for quarter in 0..200 {
            let now = from.plus(Duration::from_secs(quarter * 900));
            assert!(always.open_at(now), "{now:?}");
        }
    }
}
