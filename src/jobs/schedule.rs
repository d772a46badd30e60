//! Work that comes back every day at a time of the shop's clock.

use jiff::civil::Time;
use jiff::tz::TimeZone;

use serde_json::Value;

use super::NewJob;
use crate::domain::time::Instant;

/// Every day at a time in a time zone.
#[derive(Clone, Debug)]
pub struct Daily {
    /// Which handler does it.
    pub kind: &'static str,
    /// By the wall clock.
    pub at: Time,
    /// Whose wall clock.
    pub zone: TimeZone,
}

impl Daily {
    /// The next time it is due after `now`, as a job that can be enqueued any number of times. Where
    /// the clocks skip the time it is due when they have skipped; where they repeat it, the first time.
    pub fn next(&self, now: Instant) -> Option<NewJob> {
        let now_there = jiff::Timestamp::from_millisecond(now.0).ok()?.to_zoned(self.zone.clone());
        let on =
            |date: jiff::civil::Date| date.to_datetime(self.at).to_zoned(self.zone.clone()).ok();
        let today = on(now_there.date())?;
        let due = if today > now_there { today } else { on(now_there.date().tomorrow().ok()?)? };
        Some(NewJob {
            kind: self.kind,
            key: Some(format!("daily {}", due.date())),
            payload: Value::Null,
            run_at: Instant(due.timestamp().as_millisecond()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn daily(at: &str) -> Daily {
        let zone = TimeZone::get("Europe/Dublin").expect("a known zone");
        Daily { kind: "backup", at: at.parse().expect("a time"), zone }
    }

    fn at(text: &str) -> Instant {
        let stamp: jiff::Timestamp = text.parse().expect("a timestamp");
        Instant(stamp.as_millisecond())
    }

    #[test]
    fn it_is_today_if_the_time_lies_ahead_and_tomorrow_if_not() {
        let next = |now| daily("03:30").next(at(now)).expect("due").run_at;
        assert_eq!(next("2026-01-10T01:00:00Z"), at("2026-01-10T03:30:00Z"));
        assert_eq!(next("2026-01-10T03:30:00Z"), at("2026-01-11T03:30:00Z"));
    }

    #[test]
    fn it_follows_the_clock_on_the_wall_through_summer_time() {
        let next = |now| daily("01:30").next(at(now)).expect("due").run_at;
        // Clocks go from 01:00 to 02:00 on 29 March: 01:30 does not exist and 02:30 stands for it.
        assert_eq!(next("2026-03-28T12:00:00Z"), at("2026-03-29T01:30:00Z"));
        // And back on 25 October: 01:30 comes twice, the first one counts, and only once.
        assert_eq!(next("2026-10-24T12:00:00Z"), at("2026-10-25T00:30:00Z"));
        let key = |now| daily("01:30").next(at(now)).expect("due").key;
        assert_eq!(key("2026-10-25T00:45:00Z"), Some("daily 2026-10-26".to_string()));
    }
}
