//! To somebody who is to work here.

use serde::{Deserialize, Serialize};

use super::sent_by;
use crate::domain::language::Language;
use crate::mail::{Letter, Link};

/// What varies in an invitation.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// The shop's name.
    pub shop: String,
    /// The colleague who invites.
    pub inviter: String,
    /// Where to choose a password.
    pub link: Link,
    /// How long the link works.
    pub hours: u32,
}

impl Invitation {
    pub(super) fn letter(&self, language: Language) -> Letter {
        let Self { shop, inviter, link, hours } = self;
        match language {
            Language::English => {
                let hours = if *hours == 1 { "1 hour".into() } else { format!("{hours} hours") };
                Letter::new(language, format!("Your invitation to {shop}"))
                    .paragraph("Hello,")
                    .paragraph(format!("{inviter} invites you to answer chats at {shop}."))
                    .link("Choose a password and begin", link)
                    .paragraph(format!(
                        "The link works once, for {hours}. If you did not expect this invitation, \
                         ignore it and nothing will happen."
                    ))
            }
            Language::German => {
                let hours =
                    if *hours == 1 { "1 Stunde".into() } else { format!("{hours} Stunden") };
                Letter::new(language, format!("Ihre Einladung zu {shop}"))
                    .paragraph("Guten Tag,")
                    .paragraph(format!("{inviter} lädt Sie ein, bei {shop} Chats zu beantworten."))
                    .link("Passwort wählen und beginnen", link)
                    .paragraph(format!(
                        "Der Link funktioniert einmal und ist {hours} gültig. Wenn Sie diese \
                         Einladung nicht erwartet haben, ignorieren Sie sie einfach; dann geschieht \
                         nichts."
                    ))
            }
        }
        .closing(sent_by(shop, language))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_who_invites_where_and_for_how_long() {
        let link: Link = "https://shop.example/join/abc".parse().expect("a link");
        let mut invitation =
            Invitation { shop: "Northstar".into(), inviter: "Ann".into(), link, hours: 48 };
        let text = invitation.letter(Language::English).text();
        for part in ["Ann invites you", "at Northstar", "https://shop.example/join/abc", "48 hours"]
        {
            assert!(text.contains(part), "{part} in {text}");
        }
        invitation.hours = 1;
        assert!(invitation.letter(Language::English).text().contains("for 1 hour."));
        assert!(invitation.letter(Language::German).text().contains("1 Stunde gültig"));
    }
}
