//! Amounts of money, in signs, codes and words.

use super::amount::amount_at;
use super::lexer::{Token, TokenKind};
use super::{Decimal, Reading};
use crate::domain::money::{Currency, Money};

/// The amount of money that starts at a token, and the token after it.
pub(super) fn money_at(tokens: &[Token], at: usize, reading: &Reading) -> Option<(Money, usize)> {
    let (money, next) =
        sign_first(tokens, at, reading).or_else(|| sign_last(tokens, at, reading))?;
    let (money, next) = with_cents(tokens, money, next, reading);
    Some((money, without_dash(tokens, next)))
}

/// `€49.90`, `EUR 49.90`.
fn sign_first(tokens: &[Token], at: usize, reading: &Reading) -> Option<(Money, usize)> {
    let currency = sign(tokens.get(at)?, reading)?;
    let number = tokens.get(at + 1).filter(|t| t.kind == TokenKind::Number)?;
    Some((Money::of(number.raw, currency)?, at + 2))
}

/// `49.90 €`, `49.90 EUR`, `49.90 euros`, `forty-nine euros`, `90 cents`.
fn sign_last(tokens: &[Token], at: usize, reading: &Reading) -> Option<(Money, usize)> {
    let amount = amount_at(tokens, at, &reading.locale)?;
    let in_digits = tokens[at].kind == TokenKind::Number && amount.next == at + 1;
    let after = without_dash(tokens, amount.next);
    let hyphen = tokens.get(after).is_some_and(|t| t.is('-') && t.glued);
    let unit_at = after + usize::from(hyphen);
    let unit = tokens.get(unit_at)?;
    if let Some(currency) = sign(unit, reading).filter(|_| !starts_next_amount(tokens, unit_at)) {
        let money = match in_digits {
            true => Money::of(tokens[at].raw, currency)?,
            false => Money { minor: minor(amount.number, currency)?, currency },
        };
        return Some((money, unit_at + 1));
    }
    let name = currency_name(tokens, unit_at, reading);
    if let Some((currency, next)) = name {
        let money = match in_digits {
            true => Money::of(tokens[at].raw, currency)?,
            false => Money { minor: minor(amount.number, currency)?, currency },
        };
        return Some((money, next));
    }
    let currency = minor_name(unit, reading)?;
    Some((Money { minor: amount.number.as_whole()?, currency }, unit_at + 1))
}

/// In `10 €20`, the sign belongs to the 20.
fn starts_next_amount(tokens: &[Token], sign_at: usize) -> bool {
    !tokens[sign_at].glued
        && tokens.get(sign_at + 1).is_some_and(|t| t.glued && t.kind == TokenKind::Number)
}

fn minor(number: Decimal, currency: Currency) -> Option<i64> {
    let unit = Decimal::whole(10_i64.pow(currency.minor_digits()))?;
    number.times(unit)?.as_whole()
}

/// A currency's sign or code. Codes in small letters only where they are no English words.
pub(super) fn sign(token: &Token, reading: &Reading) -> Option<Currency> {
    match token.kind {
        TokenKind::Sign('€' | '£' | '$' | '¥' | '₹') => {
            Currency::from_sign(token.raw, reading.currency)
        }
        TokenKind::Word => {
            let capital = token.raw.bytes().all(|b| b.is_ascii_uppercase());
            let known = matches!(token.word.as_str(), "eur" | "usd" | "gbp" | "chf");
            let own = reading.currency.filter(|own| own.sign().eq_ignore_ascii_case(token.raw));
            match token.word.as_str() {
                "kr" => reading.currency.filter(|own| matches!(own.code(), "SEK" | "NOK" | "DKK")),
                "zł" | "zl" => Currency::from_sign("PLN", None),
                _ if token.raw.len() != 3 => None,
                _ if own.is_some() => own,
                _ if capital || known => Currency::from_sign(token.raw, reading.currency),
                _ => None,
            }
        }
        _ => None,
    }
}

/// A currency's name, and the token after it.
fn currency_name(tokens: &[Token], at: usize, reading: &Reading) -> Option<(Currency, usize)> {
    let own = |codes: &[&str]| reading.currency.filter(|own| codes.contains(&own.code()));
    let iso = |code: &str| Currency::from_sign(code, None);
    let currency = match tokens.get(at)?.word.as_str() {
        "euro" | "euros" => iso("EUR"),
        "dollar" | "dollars" => own(&["USD", "AUD", "CAD", "NZD"]).or_else(|| iso("USD")),
        "pound" | "pounds" => {
            let sterling = tokens.get(at + 1).is_some_and(|t| t.word == "sterling");
            if sterling {
                return Some((iso("GBP")?, at + 2));
            }
            own(&["GBP"])
        }
        "franc" | "francs" => iso("CHF"),
        "yen" => iso("JPY"),
        "rupee" | "rupees" => iso("INR"),
        "kroner" | "kronor" | "krone" => own(&["SEK", "NOK", "DKK"]),
        "zloty" => iso("PLN"),
        _ => None,
    };
    Some((currency?, at + 1))
}

/// The currency whose hundredths a word counts.
fn minor_name(token: &Token, reading: &Reading) -> Option<Currency> {
    match token.word.as_str() {
        "cent" | "cents" => reading.currency.filter(|own| own.minor_digits() == 2),
        "c" if token.glued => reading.currency.filter(|own| own.minor_digits() == 2),
        "pence" | "penny" => Currency::from_sign("GBP", None),
        "p" if token.glued => reading.currency.filter(|own| own.code() == "GBP"),
        _ => None,
    }
}

/// `49 euros and 90 cents`, `49 euros 90`, `forty-nine euros ninety`.
fn with_cents(tokens: &[Token], money: Money, next: usize, reading: &Reading) -> (Money, usize) {
    let named = tokens[next - 1].kind == TokenKind::Word && tokens[next - 1].word.len() > 3;
    if !named || money.currency.minor_digits() != 2 || money.minor % 100 != 0 {
        return (money, next);
    }
    let and = usize::from(tokens.get(next).is_some_and(|t| t.word == "and"));
    let Some(amount) = amount_at(tokens, next + and, &reading.locale) else { return (money, next) };
    let Some(cents) = amount.number.as_whole().filter(|cents| (1..100).contains(cents)) else {
        return (money, next);
    };
    let after = tokens.get(amount.next);
    let said = after.is_some_and(|t| matches!(t.word.as_str(), "cent" | "cents" | "pence"));
    let ends = and == 0 && cents >= 10 && after.is_none_or(|t| t.word.is_empty() && t.raw != "%");
    match said || ends {
        true => {
            let money = Money { minor: money.minor.saturating_add(cents), ..money };
            (money, amount.next + usize::from(said))
        }
        false => (money, next),
    }
}

/// The dash of `€49,-` and `49.- CHF` says no cents.
fn without_dash(tokens: &[Token], next: usize) -> usize {
    let dash = tokens.get(next..next + 2).is_some_and(|rest| {
        (rest[0].is(',') || rest[0].is('.')) && rest[0].glued && rest[1].is('-') && rest[1].glued
    });
    if dash { next + 2 } else { next }
}
