//! What visitors are told by the house itself, in each language. A site may replace some of it.

use crate::domain::language::Language;

/// The first line. Says that an AI answers and that there are people.
pub fn greeting(shop: &str, language: Language) -> String {
    match language {
        Language::English => format!(
            "Hi! I'm the AI assistant of {shop}. Ask me about our products, prices or delivery; you can talk to a person at any time."
        ),
        Language::German => format!(
            "Hallo! Ich bin der KI-Assistent von {shop}. Fragen Sie mich nach Produkten, Preisen oder Lieferung; Sie können jederzeit mit einem Menschen sprechen."
        ),
    }
}

/// Nobody is there. `opens` is the next opening in words, if there is one.
pub fn closed(opens: Option<&str>, language: Language) -> String {
    match (language, opens) {
        (Language::English, Some(opens)) => {
            format!("Nobody from our team is here right now. We are back {opens}.")
        }
        (Language::English, None) => "Nobody from our team is here right now.".into(),
        (Language::German, Some(opens)) => {
            format!("Gerade ist niemand aus unserem Team da. Wir sind {opens} wieder da.")
        }
        (Language::German, None) => "Gerade ist niemand aus unserem Team da.".into(),
    }
}

/// Somebody should be there, and nobody had time.
pub fn nobody_free(language: Language) -> String {
    match language {
        Language::English => {
            "Everybody is busy with other customers, and you have waited long enough.".into()
        }
        Language::German => {
            "Alle sind gerade im Gespräch, und Sie haben lange genug gewartet.".into()
        }
    }
}

/// What comes after an absence: the form.
pub fn leave_contact(language: Language) -> &'static str {
    match language {
        Language::English => "Leave your e-mail address and we will write to you.",
        Language::German => "Hinterlassen Sie Ihre E-Mail-Adresse, dann schreiben wir Ihnen.",
    }
}

/// The address is kept; `by` is in words.
pub fn contact_kept(email: &str, by: &str, language: Language) -> String {
    match language {
        Language::English => format!("Thank you. We will write to {email} at the latest {by}."),
        Language::German => format!("Danke. Wir schreiben spätestens {by} an {email}."),
    }
}
