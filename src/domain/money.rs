//! Money in minor units with a currency, read from what shops write and said as their customers
//! read it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::language::Locale;

/// A currency's ISO 4217 code, one of those in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Currency([u8; 3]);

impl Currency {
    /// The three letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }

    /// How people write it beside an amount; the code where no sign is common.
    pub fn sign(&self) -> &str {
        match &self.0 {
            b"EUR" => "€",
            b"GBP" => "£",
            b"USD" | b"AUD" | b"CAD" | b"NZD" => "$",
            b"JPY" | b"CNY" => "¥",
            b"INR" => "₹",
            _ => self.code(),
        }
    }

    /// Digits after the decimal sign.
    pub fn minor_digits(&self) -> u32 {
        match &self.0 {
            b"JPY" | b"KRW" | b"CLP" | b"ISK" | b"VND" => 0,
            _ => 2,
        }
    }

    /// The currency a sign or code stands for; `fallback` decides what `$` and `¥` mean.
    pub fn from_sign(sign: &str, fallback: Option<Self>) -> Option<Self> {
        match sign {
            "€" => Some(Self(*b"EUR")),
            "£" => Some(Self(*b"GBP")),
            "₹" => Some(Self(*b"INR")),
            "$" | "¥" => match fallback {
                Some(currency) if currency.sign() == sign => Some(currency),
                _ if sign == "$" => Some(Self(*b"USD")),
                _ => Some(Self(*b"JPY")),
            },
            code => code.parse().ok(),
        }
    }
}

impl FromStr for Currency {
    type Err = InvalidMoney;
    fn from_str(code: &str) -> Result<Self, InvalidMoney> {
        match <[u8; 3]>::try_from(code.as_bytes()) {
            Ok(letters) if is_current(&letters.map(|b| b.to_ascii_uppercase())) => {
                Ok(Self(letters.map(|b| b.to_ascii_uppercase())))
            }
            _ => Err(InvalidMoney(code.to_string())),
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = InvalidMoney;
    fn try_from(code: String) -> Result<Self, InvalidMoney> {
        code.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_string()
    }
}

/// ISO 4217, list one, without funds, metals and tests.
const CURRENT: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD \
    BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP \
    GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR \
    KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN \
    MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR \
    SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD \
    UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG";

fn is_current(code: &[u8; 3]) -> bool {
    CURRENT.as_bytes().split(|b| !b.is_ascii_uppercase()).any(|known| known == code)
}

/// An amount. Ordered by amount; comparing two currencies is a mistake of the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Money {
    /// Cents, pence, yen.
    pub minor: i64,
    /// Of what.
    pub currency: Currency,
}

impl Money {
    /// Reads what a feed or a person writes: `129.00 EUR`, `EUR 49.90`, `49,90 €`, `€1,299`, and,
    /// where a shop has one currency, a bare `399`.
    pub fn parse(text: &str, fallback: Option<Currency>) -> Result<Self, InvalidMoney> {
        let invalid = || InvalidMoney(text.trim().to_string());
        let is_amount = |c: char| c.is_ascii_digit() || is_separator(c);
        let start = text.find(|c: char| c.is_ascii_digit()).ok_or_else(invalid)?;
        let rest = &text[start..];
        let end = rest.find(|c| !is_amount(c)).unwrap_or(rest.len());
        let amount = rest[..end].trim_end_matches(is_separator);
        let after =
            rest[amount.len()..].trim_matches(|c: char| c.is_whitespace() || c == '.' || c == ',');
        let sign =
            format!("{}{}", text[..start].trim(), after.trim_start_matches('-').trim_start());
        let currency = match sign.as_str() {
            "" => fallback.ok_or_else(invalid)?,
            sign => Currency::from_sign(sign, fallback).ok_or_else(invalid)?,
        };
        Self::of(amount, currency).ok_or_else(invalid)
    }

    /// So much of a currency, from digits with the grouping and decimal signs of any locale.
    pub fn of(amount: &str, currency: Currency) -> Option<Self> {
        let minor = parse_amount(amount, currency.minor_digits())?;
        Some(Self { minor, currency })
    }

    /// As the locale's readers expect it: `€49.90` in `en-IE`, `49,90 €` in `de-DE`.
    pub fn format(&self, locale: &Locale) -> String {
        locale.format_money(self)
    }

    /// The same amount taken several times.
    pub fn times(self, count: u32) -> Self {
        Self { minor: self.minor.saturating_mul(i64::from(count)), ..self }
    }
}

/// As feeds write it: `129.00 EUR`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.currency.minor_digits();
        let unit = 10_i64.pow(digits);
        match digits {
            0 => write!(f, "{} {}", self.minor, self.currency.code()),
            _ => {
                write!(f, "{}.{:02} {}", self.minor / unit, self.minor % unit, self.currency.code())
            }
        }
    }
}

/// What may stand inside an amount: decimal signs, grouping signs, spaces.
fn is_separator(c: char) -> bool {
    matches!(c, '.' | ',' | '\'' | '’' | ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}')
}

/// Digits with grouping and decimal signs of any locale, to minor units. The last sign followed by
/// exactly one or two digits is the decimal sign; every other one groups, with three digits after
/// the last (and two or three between, as lakhs are written).
fn parse_amount(amount: &str, minor_digits: u32) -> Option<i64> {
    let decimal_at = amount.rfind(is_separator).filter(|at| {
        amount[*at..].starts_with(['.', ',']) && (2..=3).contains(&(amount.len() - at))
    });
    let (whole, fraction) = match decimal_at {
        Some(at) => (&amount[..at], &amount[at + 1..]),
        None => (amount, ""),
    };
    let groups: Vec<&str> = whole.split(is_separator).collect();
    let fits = match groups.as_slice() {
        [_] => true,
        [first, between @ .., last] => {
            last.len() == 3
                && !first.is_empty()
                && between.iter().all(|g| (2..=3).contains(&g.len()))
        }
        [] => false,
    };
    let whole: i64 = groups.concat().parse().ok().filter(|_| fits)?;
    let unit = 10_i64.pow(minor_digits);
    let fraction: i64 = match (fraction.len(), minor_digits) {
        (0, _) | (_, 0) => 0,
        (1, _) => fraction.parse::<i64>().ok()? * 10,
        _ => fraction.parse().ok()?,
    };
    whole.checked_mul(unit)?.checked_add(fraction)
}

/// The text is not an amount of money.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not an amount of money; write it like `129.00 EUR`")]
pub struct InvalidMoney(String);

#[cfg(test)]
mod tests {
    use super::*;

    fn eur() -> Option<Currency> {
        "EUR".parse().ok()
    }

    #[test]
    fn money_is_read_as_shops_and_people_write_it() {
        for text in ["49.90 EUR", "EUR 49.90", "49,90 €", "€49.90", "€ 49,90", "49.9 eur", "49.90"]
        {
            let money = Money::parse(text, eur()).unwrap_or_else(|e| panic!("{text}: {e}"));
            assert_eq!((money.minor, money.currency.code()), (4990, "EUR"), "{text}");
        }
        for text in
            ["1,299.00 EUR", "1.299,00 €", "1299", "1'299.00 EUR", "€1,299", "1\u{a0}299,00 €"]
        {
            assert_eq!(Money::parse(text, eur()).expect(text).minor, 129_900, "{text}");
        }
    }

    #[test]
    fn what_is_not_money_is_refused_with_its_text() {
        for text in ["", "free", "12 apples", "EUR", "12 pcs", "1,2,3,4 EUR", "-5 EUR"] {
            assert!(Money::parse(text, eur()).is_err(), "{text}");
        }
        assert!(Money::parse("399", None).is_err());
        let error = Money::parse("12 apples", eur()).expect_err("no currency").to_string();
        assert!(error.contains("12 apples"));
    }

    #[test]
    fn money_is_said_in_the_locale_of_its_readers() {
        let money = Money::parse("1299.90 EUR", None).expect("valid");
        assert_eq!(money.format(&Locale::new("en-IE").expect("known")), "€1,299.90");
        assert_eq!(money.format(&Locale::new("de-DE").expect("known")), "1.299,90 €");
        assert_eq!(money.to_string(), "1299.90 EUR");
    }
}
