//! Dates.

use super::Kind;
use super::lexer::Token;
use crate::domain::language::Locale;

/// The date that starts at a token, and the token after it.
pub(super) fn date_at(tokens: &[Token], at: usize, locale: &Locale) -> Option<(Kind, usize)> {
    iso(tokens, at)
        .or_else(|| dotted(tokens, at))
        .or_else(|| slashed(tokens, at, locale))
        .or_else(|| day_first(tokens, at))
        .or_else(|| month_first(tokens, at))
}

fn date(year: Option<u16>, month: u8, day: Option<u8>) -> Option<Kind> {
    let fits = (1..=12).contains(&month) && day.is_none_or(|day| (1..=31).contains(&day));
    fits.then_some(Kind::Date { year, month, day })
}

/// `2026-12-24`.
fn iso(tokens: &[Token], at: usize) -> Option<(Kind, usize)> {
    let [year, first, month, second, day] = tokens.get(at..at + 5)? else { return None };
    let glued = tokens[at + 1..at + 5].iter().all(|t| t.glued);
    if !(glued && first.is('-') && second.is('-')) {
        return None;
    }
    let year = year.digits().filter(|digits| digits.len() == 4)?.parse().ok()?;
    let kind = date(Some(year), month.digits()?.parse().ok()?, Some(day.digits()?.parse().ok()?))?;
    Some((kind, at + 5))
}

/// `24.12.2026`, one token with two dots.
fn dotted(tokens: &[Token], at: usize) -> Option<(Kind, usize)> {
    let mut parts = tokens.get(at)?.raw.split('.');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || day.len() > 2 || month.len() > 2 {
        return None;
    }
    let kind = date(Some(full_year(year)?), month.parse().ok()?, Some(day.parse().ok()?))?;
    Some((kind, at + 1))
}

/// `24/12/2026`; the month first where the locale's readers expect that.
fn slashed(tokens: &[Token], at: usize, locale: &Locale) -> Option<(Kind, usize)> {
    let [one, first, two, second, year] = tokens.get(at..at + 5)? else { return None };
    let glued = tokens[at + 1..at + 5].iter().all(|t| t.glued);
    if !(glued && first.is('/') && second.is('/')) {
        return None;
    }
    let (one, two) = (one.digits()?.parse().ok()?, two.digits()?.parse().ok()?);
    let (day, month) = if locale.tag() == "en-US" { (two, one) } else { (one, two) };
    Some((date(Some(full_year(year.digits()?)?), month, Some(day))?, at + 5))
}

fn full_year(digits: &str) -> Option<u16> {
    let year: u16 = digits.parse().ok()?;
    match digits.len() {
        4 => Some(year),
        2 => Some(2000 + year),
        _ => None,
    }
}

/// `24 December 2026`, `24th of December`, `24. December`.
fn day_first(tokens: &[Token], at: usize) -> Option<(Kind, usize)> {
    let (day, mut next) = day(tokens, at)?;
    if tokens.get(next).is_some_and(|t| t.word == "of" || (t.is('.') && t.glued)) {
        next += 1;
    }
    let month = month(tokens.get(next)?)?;
    let (year, next) = year(tokens, next + 1);
    Some((date(year, month, Some(day))?, next))
}

/// `December 24, 2026`, `December 24th`, `December 2026`.
fn month_first(tokens: &[Token], at: usize) -> Option<(Kind, usize)> {
    let month = month(tokens.get(at)?)?;
    if let Some((day, next)) = day(tokens, at + 1) {
        let (year, next) = year(tokens, next);
        return Some((date(year, month, Some(day))?, next));
    }
    match year(tokens, at + 1) {
        (Some(year), next) => Some((date(Some(year), month, None)?, next)),
        _ => None,
    }
}

fn day(tokens: &[Token], at: usize) -> Option<(u8, usize)> {
    let day = tokens.get(at)?.digits()?.parse().ok().filter(|day| (1..=31).contains(day))?;
    let ordinal = tokens
        .get(at + 1)
        .is_some_and(|t| t.glued && matches!(t.word.as_str(), "st" | "nd" | "rd" | "th"));
    Some((day, at + 1 + usize::from(ordinal)))
}

fn year(tokens: &[Token], at: usize) -> (Option<u16>, usize) {
    let comma = usize::from(tokens.get(at).is_some_and(|t| t.is(',')));
    let year = tokens
        .get(at + comma)
        .and_then(Token::digits)
        .filter(|digits| digits.len() == 4)
        .and_then(|digits| digits.parse().ok())
        .filter(|year| (1900..2200).contains(year));
    (year, if year.is_some() { at + comma + 1 } else { at })
}

/// The month a word names. Short forms and `May` count only with a capital: `5 may apply`.
fn month(token: &Token) -> Option<u8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = token.word.as_str();
    let capital = token.raw.starts_with(char::is_uppercase);
    let at = MONTHS.iter().position(|month| {
        let short = word == &month[..3] || (word == "sept" && *month == "september");
        if *month == word { word != "may" || capital } else { short && capital && word.len() >= 3 }
    })?;
    u8::try_from(at + 1).ok()
}
