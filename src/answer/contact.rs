//! How the shop is reached, from its settings, where its pages do not say.

use std::sync::LazyLock;

use regex::Regex;

use super::understand::Question;
use crate::domain::reply::{Fact, Source};
use crate::knowledge::catalogue::Shop;

pattern!(
    ADDRESS,
    r"(?i)\baddress\b|\bwhere(?: is| are|'s) (?:(?:your|the) (?:shop|store|showroom|place)|you)\b|\bwhere (?:can|do) (?:i|we) find you\b|\bwhere you are\b"
);
pattern!(PHONE, r"(?i)\b(?:phone|telephone|call you|ring you|your number)\b");
pattern!(MAIL, r"(?i)\be-?mail(?: address)?\b");

/// What the settings say; `None` where nothing of this is asked or known.
pub fn fact(shop: &Shop, question: &Question) -> Option<Fact> {
    let text = question.text.as_str();
    let of = |name: &str| shop.contact.iter().find(|(n, _)| n == name).map(|(_, value)| value);
    let said = if MAIL.is_match(text) {
        format!("You can reach us by email at {}.", of("email")?)
    } else if PHONE.is_match(text) {
        format!("You can reach us by phone at {}.", of("phone")?)
    } else if ADDRESS.is_match(text) {
        format!("Our address is {}.", of("address")?)
    } else {
        return None;
    };
    Some(Fact {
        text: said,
        question: text.to_string(),
        polarity: None,
        keep: Vec::new(),
        sources: vec![Source { id: "shop.toml".into(), title: "Contact".into(), link: None }],
    })
}
