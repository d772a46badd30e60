//! What a visitor fills in: checked, cut to size, and turned into what the log keeps. Pure.

use crate::domain::event::{Contact, MAX_TEXT};
use crate::mail::Address;
use crate::protocol::ErrorCode;

/// Why a form is refused, and the words for it.
pub type Refusal = (ErrorCode, &'static str);

/// Longest name, in characters.
const NAME: usize = 100;
/// Longest phone number as people write it, in characters.
const PHONE: usize = 40;

/// The message of a visitor, without space around it.
pub fn message(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    match text.len() {
        0 => Err((ErrorCode::Empty, "There is nothing in this message.")),
        1..=MAX_TEXT => Ok(text.to_string()),
        _ => Err((ErrorCode::TooLong, "This message is too long; please shorten it.")),
    }
}

/// The contact form: who they are, and what it is about.
pub fn contact(
    name: &str,
    email: &str,
    phone: &str,
    about: &str,
) -> Result<(Contact, String), Refusal> {
    let name = one_line(name, NAME, "The name is too long.")?;
    let phone = one_line(phone, PHONE, "The phone number is too long.")?;
    let email = address(email)?.as_str().to_string();
    let about = about.trim();
    if about.len() > MAX_TEXT {
        return Err((ErrorCode::TooLong, "This message is too long; please shorten it."));
    }
    Ok((Contact { name, email, phone }, about.to_string()))
}

/// An address that can be written to from anywhere: a domain without a dot is a slip of the finger.
pub fn address(email: &str) -> Result<Address, Refusal> {
    let address: Option<Address> = email.trim().parse().ok();
    address
        .filter(|address| address.domain().contains('.'))
        .ok_or((ErrorCode::BadForm, "This e-mail address does not look right; please check it."))
}

fn one_line(text: &str, most: usize, too_long: &'static str) -> Result<String, Refusal> {
    let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    if text.chars().count() > most { Err((ErrorCode::BadForm, too_long)) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_cleaned_and_its_address_must_be_one() {
        let (contact, about) =
            contact(" Ana\r\nBcc: x ", " ana@example.org ", "+353 1 234", " a tent ")
                .expect("good");
        assert_eq!(contact.name, "Ana Bcc: x");
        assert_eq!((contact.email.as_str(), about.as_str()), ("ana@example.org", "a tent"));
        for bad in [
            "",
            "ana",
            "ana@",
            "ana@example",
            "a@b\r\nBcc: c@d.example",
            "ana@example.org, b@c.example",
        ] {
            assert_eq!(address(bad).expect_err(bad).0, ErrorCode::BadForm, "{bad}");
        }
        let long = "x".repeat(101);
        assert!(super::contact(&long, "ana@example.org", "", "").is_err());
    }

    #[test]
    fn a_message_has_something_in_it_and_an_end() {
        assert_eq!(message(" hi ").expect("good"), "hi");
        assert_eq!(message("  ").expect_err("empty").0, ErrorCode::Empty);
        assert_eq!(message(&"x".repeat(MAX_TEXT + 1)).expect_err("long").0, ErrorCode::TooLong);
    }
}
