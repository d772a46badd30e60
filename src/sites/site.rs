//! A site as visitors meet it: its settings over what the shop says of itself. Pure; the moment is an
//! argument.

use std::time::Duration;

use jiff::tz::TimeZone;

use super::settings::{BotHours, SiteSettings};
use super::words;
use crate::domain::event::Absence;
use crate::domain::hours::{Hours, Week, moment};
use crate::domain::language::Language;
use crate::domain::time::Instant;
use crate::knowledge::catalogue::Shop;

/// A site and its shop.
#[derive(Clone, Debug)]
pub struct Site {
    /// As they are set.
    pub settings: SiteSettings,
    shop: Shop,
}

impl Site {
    /// The settings over the shop's own facts.
    pub fn new(settings: SiteSettings, shop: Shop) -> Self {
        Self { settings, shop }
    }

    /// The brand.
    pub fn name(&self) -> &str {
        self.settings.name.as_ref().unwrap_or(&self.shop.name)
    }

    /// The tag of its language.
    pub fn language_tag(&self) -> &str {
        self.settings.language.as_ref().unwrap_or(&self.shop.locale).tag()
    }

    /// What the house itself speaks here.
    pub fn language(&self) -> Language {
        Language::of_tag(self.language_tag())
    }

    /// The name of the zone its clock shows.
    pub fn zone_name(&self) -> &str {
        self.settings.time_zone.as_ref().unwrap_or(&self.shop.time_zone)
    }

    /// When a person is there.
    pub fn hours(&self) -> Hours {
        Hours {
            week: self.settings.hours.clone().unwrap_or_else(|| Week(self.shop.hours.clone())),
            holidays: self.settings.holidays.clone(),
            zone: self.zone(),
        }
    }

    fn zone(&self) -> TimeZone {
        TimeZone::get(self.zone_name()).unwrap_or(TimeZone::UTC)
    }

    /// Does the bot answer at this moment?
    pub fn bot_speaks(&self, now: Instant) -> bool {
        let by_hours = match self.settings.bot {
            BotHours::Always => true,
            BotHours::OutsideHours => !self.hours().open_at(now),
        };
        by_hours && !self.settings.paused_at(now)
    }

    /// The first line.
    pub fn greeting(&self) -> String {
        let own = self.settings.texts.greeting.clone();
        own.unwrap_or_else(|| words::greeting(self.name(), self.language()))
    }

    /// For a colleague to take a chat.
    pub fn accept_within(&self) -> Duration {
        Duration::from_secs(60 * u64::from(self.settings.accept_within_minutes))
    }

    /// What a visitor hears when a person is wanted and none comes.
    pub fn nobody_there(&self, why: Absence, now: Instant) -> String {
        let (texts, language) = (&self.settings.texts, self.language());
        let opens = self.hours().next_opening(now);
        let opens = opens.map(|at| moment(at, now, &self.zone(), language));
        let own = match why {
            Absence::Closed => &texts.closed,
            Absence::NobodyFree => &texts.nobody_free,
        };
        let told = match (own, why) {
            (Some(own), _) => own.replace("{opens}", opens.as_deref().unwrap_or_default()),
            (None, Absence::Closed) => words::closed(opens.as_deref(), language),
            (None, Absence::NobodyFree) => words::nobody_free(language),
        };
        format!("{told} {}", words::leave_contact(language))
    }

    /// By when who leaves an address now hears from the shop.
    pub fn reply_by(&self, now: Instant) -> Instant {
        let within = Duration::from_secs(3_600 * u64::from(self.settings.reply_within_hours));
        self.hours().after_open(now, within).unwrap_or_else(|| now.plus(within))
    }

    /// What a visitor hears who left an address.
    pub fn contact_kept(&self, email: &str, reply_by: Instant, now: Instant) -> String {
        let by = moment(reply_by, now, &self.zone(), self.language());
        words::contact_kept(email, &by, self.language())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::hours::parse;
    use crate::sites::settings::{Pause, Texts};

    fn at(text: &str) -> Instant {
        let stamp: jiff::Timestamp = text.parse().expect("a timestamp");
        Instant(stamp.as_millisecond())
    }

    fn site(settings: SiteSettings) -> Site {
        let day = vec![parse("09:00-17:00").expect("hours").expect("some")];
        let closed = Vec::new();
        let mut hours: [Vec<_>; 7] = std::array::from_fn(|_| day.clone());
        (hours[5], hours[6]) = (closed.clone(), closed);
        let shop = Shop {
            name: "Tarn & Trail".into(),
            currency: "EUR".parse().expect("a currency"),
            locale: "en-IE".to_string().try_into().expect("a locale"),
            time_zone: "Europe/Dublin".into(),
            hours,
            contact: Vec::new(),
        };
        Site::new(settings, shop)
    }

    const FRIDAY_NIGHT: &str = "2026-01-09T23:00:00Z";
    const MONDAY_NOON: &str = "2026-01-12T12:00:00Z";

    #[test]
    fn outside_hours_the_next_opening_is_told() {
        let told = site(SiteSettings::default()).nobody_there(Absence::Closed, at(FRIDAY_NIGHT));
        assert!(told.contains("We are back on Monday at 09:00."), "{told}");
        let texts = Texts { closed: Some("Zzz until {opens}.".into()), ..Default::default() };
        let own = site(SiteSettings { texts, ..Default::default() });
        let told = own.nobody_there(Absence::Closed, at(FRIDAY_NIGHT));
        assert!(told.starts_with("Zzz until on Monday at 09:00. Leave your e-mail"), "{told}");
    }

    #[test]
    fn a_reply_is_promised_in_hours_of_being_open() {
        let site = site(SiteSettings::default());
        let by = site.reply_by(at(FRIDAY_NIGHT));
        assert_eq!(by, at("2026-01-12T13:00:00Z"));
        let told = site.contact_kept("ana@example.org", by, at(FRIDAY_NIGHT));
        assert_eq!(
            told,
            "Thank you. We will write to ana@example.org at the latest on Monday at 13:00."
        );
    }

    #[test]
    fn the_bot_is_silent_when_paused_and_where_people_are_if_set_so() {
        let speaks = |settings: SiteSettings, when| site(settings).bot_speaks(at(when));
        assert!(speaks(SiteSettings::default(), MONDAY_NOON));
        let people_first = SiteSettings { bot: BotHours::OutsideHours, ..SiteSettings::default() };
        assert!(!speaks(people_first.clone(), MONDAY_NOON));
        assert!(speaks(people_first, FRIDAY_NIGHT));
        let paused = Some(Pause { until: Some(at(MONDAY_NOON)) });
        let paused = SiteSettings { paused, ..SiteSettings::default() };
        assert!(!speaks(paused.clone(), FRIDAY_NIGHT));
        assert!(speaks(paused, MONDAY_NOON));
    }
}
