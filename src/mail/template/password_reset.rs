//! To a colleague who asked for a new password.

use serde::{Deserialize, Serialize};

use super::sent_by;
use crate::domain::language::Language;
use crate::mail::{Letter, Link};

/// What varies in the letter about a new password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordReset {
    /// The shop's name.
    pub shop: String,
    /// Where to choose the new password.
    pub link: Link,
}

impl PasswordReset {
    pub(super) fn letter(&self, language: Language) -> Letter {
        let Self { shop, link } = self;
        match language {
            Language::English => Letter::new(language, format!("A new password for {shop}"))
                .paragraph("Hello,")
                .paragraph(format!("somebody asked for a new password for your account at {shop}."))
                .link("Choose a new password", link)
                .paragraph(
                    "The link works once and only for a short time. If it was not you, ignore this \
                     message: your password stays as it is.",
                ),
            Language::German => Letter::new(language, format!("Ein neues Passwort für {shop}"))
                .paragraph("Guten Tag,")
                .paragraph(format!("für Ihr Konto bei {shop} wurde ein neues Passwort angefordert."))
                .link("Neues Passwort wählen", link)
                .paragraph(
                    "Der Link funktioniert einmal und nur für kurze Zeit. Wenn Sie das nicht waren, \
                     ignorieren Sie diese Nachricht: Ihr Passwort bleibt, wie es ist.",
                ),
        }
        .closing(sent_by(shop, language))
    }
}
