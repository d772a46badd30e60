//! The few things about a locale that a shop's answers need: decimal sign, grouping, and where the
//! currency stands.

use serde::{Deserialize, Serialize};

use crate::domain::money::Money;

/// A language and region, such as `en-IE`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Locale {
    tag: String,
    decimal: char,
    group: char,
    sign_first: bool,
}

impl Locale {
    /// Reads a tag of two-letter language and optional two-letter region.
    pub fn new(tag: &str) -> Result<Self, InvalidLocale> {
        let tag = tag.trim().replace('_', "-");
        let (language, region) = tag.split_once('-').unwrap_or((&tag, ""));
        let is_code = |text: &str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic());
        if !is_code(language) || !(region.is_empty() || is_code(region)) {
            return Err(InvalidLocale(tag));
        }
        let (decimal, group, sign_first) = match (language.to_ascii_lowercase().as_str(), region) {
            (_, "CH") => ('.', '’', true),
            ("en" | "zh" | "ja" | "ko" | "he" | "th", _) => ('.', ',', true),
            ("fr" | "cs" | "pl" | "sv" | "nb" | "fi" | "uk" | "ru", _) => (',', '\u{a0}', false),
            ("nl", _) => (',', '.', true),
            _ => (',', '.', false),
        };
        Ok(Self { tag, decimal, group, sign_first })
    }

    /// The tag, as `en-IE`.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// The two-letter language.
    pub fn language(&self) -> &str {
        &self.tag[..2]
    }

    /// What stands before the fraction of a number.
    pub fn decimal(&self) -> char {
        self.decimal
    }

    /// What stands between the thousands of a number.
    pub fn group(&self) -> char {
        self.group
    }

    /// The amount as this locale's readers expect it.
    pub fn format_money(&self, money: &Money) -> String {
        let digits = money.currency.minor_digits();
        let unit = 10_i64.pow(digits);
        let whole = self.grouped(money.minor / unit);
        let amount = match digits {
            0 => whole,
            _ => format!("{whole}{}{:02}", self.decimal, money.minor % unit),
        };
        let sign = money.currency.sign();
        match (self.sign_first, sign.len() == 3 && sign.is_ascii()) {
            (true, false) => format!("{sign}{amount}"),
            (true, true) => format!("{sign} {amount}"),
            (false, _) => format!("{amount} {sign}"),
        }
    }

    fn grouped(&self, whole: i64) -> String {
        let digits = whole.to_string();
        let mut out = String::with_capacity(digits.len() + 4);
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                out.push(self.group);
            }
            out.push(digit);
        }
        out
    }
}

impl From<Locale> for String {
    fn from(locale: Locale) -> Self {
        locale.tag
    }
}

impl TryFrom<String> for Locale {
    type Error = InvalidLocale;
    fn try_from(tag: String) -> Result<Self, InvalidLocale> {
        Self::new(&tag)
    }
}

/// The text is not a locale.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a locale; write it like `en-IE`")]
pub struct InvalidLocale(String);
