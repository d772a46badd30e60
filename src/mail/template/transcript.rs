//! To a visitor: the chat, word for word. The bot is named as what it is.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::sent_by;
use crate::domain::language::Language;
use crate::domain::time::Instant;
use crate::mail::Letter;

/// Who said a line.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    /// The visitor, who receives the letter.
    Visitor,
    /// The bot.
    Bot,
    /// Somebody who works at the shop, by name.
    Colleague(String),
}

/// One thing that was said.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TranscriptLine {
    /// When.
    pub at: Instant,
    /// By whom.
    pub who: Speaker,
    /// The words.
    pub text: String,
}

/// What varies in a transcript.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transcript {
    /// The shop's name.
    pub shop: String,
    /// The shop's time zone, as in `Europe/Berlin`; an unknown one is read as UTC.
    pub time_zone: String,
    /// What was said, in order.
    pub lines: Vec<TranscriptLine>,
}

impl Transcript {
    pub(super) fn letter(&self, language: Language) -> Letter {
        let shop = &self.shop;
        let zone = TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC);
        let zone_name = zone.iana_name().unwrap_or("UTC");
        let letter = match language {
            Language::English => {
                Letter::new(language, format!("Your chat with {shop}")).paragraph(format!(
                    "Here is your chat with {shop}, as you asked. Times are those of {zone_name}."
                ))
            }
            Language::German => {
                Letter::new(language, format!("Ihr Chat mit {shop}")).paragraph(format!(
                    "Hier ist Ihr Chat mit {shop}, wie gewünscht. Die Zeiten sind die von \
                     {zone_name}."
                ))
            }
        };
        let letter = self.lines.iter().fold(letter, |letter, line| {
            letter.said(named(&line.who, language), &when(line.at, &zone, language), &line.text)
        });
        letter.closing(sent_by(shop, language))
    }
}

fn named(who: &Speaker, language: Language) -> &str {
    match (who, language) {
        (Speaker::Colleague(name), _) => name,
        (Speaker::Visitor, Language::English) => "You",
        (Speaker::Visitor, Language::German) => "Sie",
        (Speaker::Bot, Language::English) => "AI assistant",
        (Speaker::Bot, Language::German) => "KI-Assistent",
    }
}

fn when(at: Instant, zone: &TimeZone, language: Language) -> String {
    let at = Timestamp::from_millisecond(at.0).unwrap_or_default().to_zoned(zone.clone());
    let format = match language {
        Language::English => "%-d %b %Y %H:%M",
        Language::German => "%d.%m.%Y %H:%M",
    };
    at.strftime(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_says_who_and_when_and_the_bot_is_named_as_ai() {
        let line = |who, text: &str| TranscriptLine {
            at: Instant(1_795_000_000_000),
            who,
            text: text.into(),
        };
        let transcript = Transcript {
            shop: "Northstar".into(),
            time_zone: "Europe/Berlin".into(),
            lines: vec![
                line(Speaker::Visitor, "How much?"),
                line(Speaker::Bot, "€249.00"),
                line(Speaker::Colleague("Ann".into()), "Hello!"),
            ],
        };
        let english = transcript.letter(Language::English).text();
        assert!(english.contains("Times are those of Europe/Berlin."));
        assert!(english.contains("You, 18 Nov 2026 12:06:\n  How much?"), "{english}");
        assert!(english.contains("AI assistant, 18 Nov 2026 12:06:\n  €249.00"));
        assert!(english.contains("Ann, 18 Nov 2026 12:06:\n  Hello!"));
        let german = transcript.letter(Language::German).text();
        assert!(german.contains("KI-Assistent, 18.11.2026 12:06:\n  €249.00"), "{german}");
    }
}
