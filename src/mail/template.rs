//! The letters this server writes. Each file holds one, with its sentences in every language.
//!
//! A template holds what varies and can be kept as JSON until it is sent. None shows itself in debug
//! output: they carry secrets and people's words.

mod invitation;
mod lead_waiting;
mod password_reset;
mod transcript;

use serde::{Deserialize, Serialize};

use super::Letter;
use crate::domain::language::Language;

pub use invitation::Invitation;
pub use lead_waiting::LeadWaiting;
pub use password_reset::PasswordReset;
pub use transcript::{Speaker, Transcript, TranscriptLine};

/// One of the letters.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "template", rename_all = "snake_case")]
pub enum Template {
    /// To a new colleague.
    Invitation(Invitation),
    /// To a colleague who forgot a password.
    PasswordReset(PasswordReset),
    /// To a visitor who asked for the chat.
    Transcript(Transcript),
    /// To the shop, when nobody is at the console.
    LeadWaiting(LeadWaiting),
}

impl Template {
    /// The letter in a language.
    pub fn letter(&self, language: Language) -> Letter {
        match self {
            Self::Invitation(template) => template.letter(language),
            Self::PasswordReset(template) => template.letter(language),
            Self::Transcript(template) => template.letter(language),
            Self::LeadWaiting(template) => template.letter(language),
        }
    }
}

/// The line every letter ends with.
fn sent_by(shop: &str, language: Language) -> String {
    match language {
        Language::English => format!("Sent automatically by {shop}."),
        Language::German => format!("Automatisch gesendet von {shop}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Instant;
    use crate::mail::html::tests::shown;

    fn all() -> Vec<Template> {
        let shop = || "Tom & Ann's <Tea>".to_string();
        let link = || "https://shop.example/x?a=1&b=2".parse().expect("a link");
        let said = |who, text: &str| TranscriptLine { at: Instant(0), who, text: text.into() };
        vec![
            Template::Invitation(Invitation {
                shop: shop(),
                inviter: "Ann <i>".into(),
                link: link(),
                hours: 48,
            }),
            Template::PasswordReset(PasswordReset { shop: shop(), link: link() }),
            Template::Transcript(Transcript {
                shop: shop(),
                time_zone: "Europe/Berlin".into(),
                lines: vec![
                    said(Speaker::Visitor, "Is <b>it</b> \"green\"?\nReally?"),
                    said(Speaker::Bot, "Yes & no."),
                    said(Speaker::Colleague("Ann".into()), "It's green."),
                ],
            }),
            Template::LeadWaiting(LeadWaiting {
                shop: shop(),
                reason: "asked for <a person>".into(),
                link: link(),
            }),
        ]
    }

    #[test]
    fn in_every_language_text_and_html_say_the_same_and_nothing_is_unescaped() {
        for template in all() {
            for language in [Language::English, Language::German] {
                let letter = template.letter(language);
                let (text, html) = (letter.text(), letter.html());
                let words: Vec<_> = text.split_whitespace().collect();
                let page = shown(&html);
                assert_eq!(words, page.split_whitespace().collect::<Vec<_>>());
                assert!(
                    text.contains("Tom & Ann's <Tea>") || letter.subject().contains("Tom & Ann")
                );
                for bad in ["<Tea>", "<i>", "<b>", "<a person>", "&b=2", "Ann's"] {
                    assert!(!html.contains(bad), "{bad} in {html}");
                }
                assert!(!letter.subject().is_empty());
            }
        }
    }

    #[test]
    fn a_template_can_be_kept_as_json_and_bad_links_do_not_come_back() {
        for template in all() {
            let kept = serde_json::to_string(&template).expect("JSON");
            let back: Template = serde_json::from_str(&kept).expect("the same");
            assert!(back == template, "{kept}");
            let bad = kept.replace("https://shop.example", "javascript:alert");
            assert_eq!(serde_json::from_str::<Template>(&bad).is_err(), bad != kept);
        }
    }

    #[test]
    fn the_languages_differ() {
        for template in all() {
            let (english, german) =
                (template.letter(Language::English), template.letter(Language::German));
            assert_ne!(english.subject(), german.subject());
            assert_ne!(english.text(), german.text());
        }
    }
}
