//! To the shop: somebody worth its time waits, and nobody is there.

use serde::{Deserialize, Serialize};

use super::sent_by;
use crate::domain::language::Language;
use crate::mail::characters::one_line;
use crate::mail::{Letter, Link};

/// Longest reason, in characters. A visitor's words belong in the console, not in an inbox.
const REASON: usize = 120;

/// What varies in the alert. It never holds more of a chat than the short reason.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadWaiting {
    /// The shop's name.
    pub shop: String,
    /// Why this chat matters, in a few words; written as one line and cut at 120 characters.
    pub reason: String,
    /// The chat in the console.
    pub link: Link,
}

impl LeadWaiting {
    pub(super) fn letter(&self, language: Language) -> Letter {
        let Self { shop, link, .. } = self;
        let reason = one_line(&self.reason, REASON);
        match language {
            Language::English => Letter::new(language, format!("A visitor is waiting at {shop}"))
                .paragraph("A visitor is waiting in the chat, and nobody is at the console.")
                .paragraph(format!("Why it matters: {reason}"))
                .link("Open the chat", link),
            Language::German => Letter::new(language, format!("Im Chat von {shop} wartet jemand"))
                .paragraph("Im Chat wartet ein Besucher, und niemand ist an der Konsole.")
                .paragraph(format!("Warum es wichtig ist: {reason}"))
                .link("Chat öffnen", link),
        }
        .closing(sent_by(shop, language))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_reason_is_cut_and_stays_one_line() {
        let waiting = LeadWaiting {
            shop: "Northstar".into(),
            reason: format!("wants\r\n\r\nten tents {}", "very ".repeat(100)),
            link: "https://shop.example/console".parse().expect("a link"),
        };
        let text = waiting.letter(Language::English).text();
        let line = text.lines().find(|l| l.starts_with("Why it matters: ")).expect("the reason");
        assert!(line.starts_with("Why it matters: wants ten tents very"));
        assert!(line.ends_with('…') && line.chars().count() <= "Why it matters: ".len() + REASON);
    }
}
