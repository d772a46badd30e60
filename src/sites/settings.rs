//! What can be set for a site: typed, with a default for everything, and checked as a whole.

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::domain::hours::{Holiday, Week};
use crate::domain::language::Locale;
use crate::domain::origin::Origin;
use crate::domain::time::Instant;
use crate::domain::tone::Tone;

/// The settings of one site. What is not set follows the shop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SiteSettings {
    /// The brand that visitors see; the shop's name, if not set.
    pub name: Option<String>,
    /// Origins of the pages that may embed the widget.
    pub origins: Vec<Origin>,
    /// The brand's colour, as `#1f6350`.
    pub accent: Option<Accent>,
    /// What visitors are addressed in, as `en-IE`; the shop's, if not set.
    pub language: Option<Locale>,
    /// Whose wall the clock hangs on, as `Europe/Dublin`; the shop's, if not set.
    pub time_zone: Option<String>,
    /// When a person is there; the shop's opening hours, if not set.
    pub hours: Option<Week>,
    /// Days that differ.
    pub holidays: Vec<Holiday>,
    /// How the bot sounds: `friendly`, `plain` or `formal`.
    pub tone: Tone,
    /// Does the bot ask visitors what a salesperson would like to know?
    pub qualify: bool,
    /// Sentences that replace the built-in ones.
    pub texts: Texts,
    /// Minutes for a colleague to take a chat, before the visitor is told that nobody is free.
    pub accept_within_minutes: u16,
    /// Hours of being open within which who left an address hears from the shop.
    pub reply_within_hours: u16,
    /// When the bot answers.
    pub bot: BotHours,
    /// The bot is silent, if set.
    pub paused: Option<Pause>,
    /// Days after its last message that a chat is kept; as long as elsewhere, if not set.
    pub keep_chats_days: Option<u16>,
}

/// Sentences that replace the built-in ones.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Texts {
    /// The first line. It has to say that an AI answers.
    pub greeting: Option<String>,
    /// Questions to offer; those asked often, if not set.
    pub suggestions: Option<Vec<String>>,
    /// When nobody is there. `{opens}` becomes the next opening, as `on Monday at 09:00`.
    pub closed: Option<String>,
    /// When nobody was free in time.
    pub nobody_free: Option<String>,
}

/// When the bot answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BotHours {
    /// At any time.
    #[default]
    Always,
    /// Only while no person is there.
    OutsideHours,
}

/// The bot is silent: new messages go to people, or to the contact form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// It speaks again from this moment, or when somebody says so.
    pub until: Option<Instant>,
}

/// A colour as six hexadecimal digits, `#1f6350`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Accent(String);

/// A setting that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {message}")]
pub struct Wrong {
    /// The setting's path, as `texts.greeting`.
    pub field: &'static str,
    /// What is wrong, and what to write.
    pub message: String,
}

impl Default for SiteSettings {
    fn default() -> Self {
        Self {
            name: None,
            origins: Vec::new(),
            accent: None,
            language: None,
            time_zone: None,
            hours: None,
            holidays: Vec::new(),
            tone: Tone::default(),
            qualify: true,
            texts: Texts::default(),
            accept_within_minutes: 3,
            reply_within_hours: 4,
            bot: BotHours::default(),
            paused: None,
            keep_chats_days: None,
        }
    }
}

impl SiteSettings {
    /// Checks what the types alone cannot.
    pub fn check(&self) -> Result<(), Wrong> {
        let texts = &self.texts;
        let suggestions = texts.suggestions.iter().flatten();
        most("origins", self.origins.len(), 50)?;
        most("holidays", self.holidays.len(), 400)?;
        most("texts.suggestions", suggestions.clone().count(), 6)?;
        short("name", self.name.iter(), 100)?;
        short("texts.greeting", texts.greeting.iter(), 600)?;
        short("texts.suggestions", suggestions, 120)?;
        short("texts.closed", texts.closed.iter(), 600)?;
        short("texts.nobody_free", texts.nobody_free.iter(), 600)?;
        within("accept_within_minutes", self.accept_within_minutes, 0..=240)?;
        within("reply_within_hours", self.reply_within_hours, 1..=200)?;
        within("keep_chats_days", self.keep_chats_days.unwrap_or(1), 1..=36_500)?;
        match &self.time_zone {
            Some(name) if TimeZone::get(name).is_err() => wrong(
                "time_zone",
                format!("`{name}` is not a known time zone; write it like Europe/Dublin"),
            ),
            _ => Ok(()),
        }
    }

    /// Is the bot silent at this moment, by order?
    pub fn paused_at(&self, now: Instant) -> bool {
        self.paused.is_some_and(|pause| pause.until.is_none_or(|until| now < until))
    }
}

fn wrong(field: &'static str, message: String) -> Result<(), Wrong> {
    Err(Wrong { field, message })
}

fn most(field: &'static str, count: usize, most: usize) -> Result<(), Wrong> {
    match count > most {
        true => wrong(field, format!("{count} are too many; at most {most}")),
        false => Ok(()),
    }
}

fn short<'a>(
    field: &'static str,
    mut texts: impl Iterator<Item = &'a String>,
    most: usize,
) -> Result<(), Wrong> {
    let bad = |text: &&String| {
        text.trim().is_empty() || text.chars().count() > most || text.contains(char::is_control)
    };
    match texts.find(bad) {
        Some(_) => wrong(field, format!("one line of 1 to {most} characters, or leave it out")),
        None => Ok(()),
    }
}

fn within(
    field: &'static str,
    number: u16,
    range: std::ops::RangeInclusive<u16>,
) -> Result<(), Wrong> {
    match range.contains(&number) {
        true => Ok(()),
        false => wrong(field, format!("{number} is not from {} to {}", range.start(), range.end())),
    }
}

impl Accent {
    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Accent> for String {
    fn from(accent: Accent) -> Self {
        accent.0
    }
}

impl TryFrom<String> for Accent {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let digits = text.strip_prefix('#').unwrap_or_default();
        match digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            true => Ok(Self(text)),
            false => Err(format!("`{text}` is not a colour; write it like #1f6350")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_set_is_a_whole_site() {
        let settings: SiteSettings = serde_json::from_str("{}").expect("all have a default");
        assert_eq!(settings, SiteSettings::default());
        settings.check().expect("which is right");
    }

    #[test]
    fn what_is_wrong_is_named_by_its_path() {
        let field = |json: &str| {
            let settings: SiteSettings = serde_json::from_str(json).expect("the types allow it");
            settings.check().expect_err(json).field
        };
        assert_eq!(field(r#"{"texts": {"greeting": ""}}"#), "texts.greeting");
        assert_eq!(field(r#"{"time_zone": "Dublin"}"#), "time_zone");
        assert_eq!(field(r#"{"reply_within_hours": 0}"#), "reply_within_hours");
        for (json, says) in [
            (r#"{"accent": "red"}"#, "#1f6350"),
            (r#"{"origins": ["shop.example"]}"#, "https://shop.example"),
            (r#"{"hours": {"mon": ["9-17"]}}"#, "09:00-12:30"),
            (r#"{"colour": "x"}"#, "unknown field `colour`"),
        ] {
            let error = serde_json::from_str::<SiteSettings>(json).expect_err(json).to_string();
            assert!(error.contains(says), "{error}");
        }
    }

    #[test]
    fn a_pause_ends_by_itself_if_it_was_told_to() {
        let paused = |until| SiteSettings { paused: Some(Pause { until }), ..Default::default() };
        assert!(paused(None).paused_at(Instant(i64::MAX - 1)));
        assert!(paused(Some(Instant(10))).paused_at(Instant(9)));
        assert!(!paused(Some(Instant(10))).paused_at(Instant(10)));
        assert!(!SiteSettings::default().paused_at(Instant(0)));
    }
}
