//! Times of day.

use super::lexer::Token;

/// The time that starts at a token, in minutes after midnight, and the token after it.
pub(super) fn clock_at(tokens: &[Token], at: usize) -> Option<(u16, usize)> {
    let token = tokens.get(at)?;
    match token.word.as_str() {
        "noon" | "midday" => return Some((720, at + 1)),
        "midnight" => return Some((0, at + 1)),
        _ => {}
    }
    let (hour, minute, next) = with_colon(tokens, at)
        .or_else(|| with_h(tokens, at))
        .or_else(|| before_meridiem(tokens, at))?;
    match meridiem(tokens, next) {
        Some((_, next)) if hour > 12 => Some((minutes(hour, minute)?, next)),
        Some((after_noon, next)) => {
            let hour = hour % 12 + if after_noon { 12 } else { 0 };
            Some((minutes(hour, minute)?, next))
        }
        None => Some((minutes(hour, minute)?, next)),
    }
}

fn minutes(hour: u16, minute: u16) -> Option<u16> {
    (hour < 24 && minute < 60 || hour == 24 && minute == 0).then_some(hour % 24 * 60 + minute)
}

/// `9:30`, `09:30:00`.
fn with_colon(tokens: &[Token], at: usize) -> Option<(u16, u16, usize)> {
    let [hour, colon, minute] = tokens.get(at..at + 3)? else { return None };
    let (hour, minute) = (hour.digits()?, minute.digits().filter(|digits| digits.len() == 2)?);
    let fits = colon.is(':') && colon.glued && tokens[at + 2].glued && hour.len() <= 2;
    let seconds = tokens.get(at + 3..at + 5).is_some_and(|rest| {
        rest[0].is(':') && rest[0].glued && rest[1].digits().is_some_and(|d| d == "00")
    });
    let next = at + if seconds { 5 } else { 3 };
    fits.then_some((hour.parse().ok()?, minute.parse().ok()?, next))
}

/// `17h30`, `17 Uhr`, `9 o'clock`.
fn with_h(tokens: &[Token], at: usize) -> Option<(u16, u16, usize)> {
    let [hour, word] = tokens.get(at..at + 2)? else { return None };
    let hour = hour.digits().filter(|digits| digits.len() <= 2)?.parse().ok()?;
    let minute = tokens.get(at + 2).filter(|t| t.glued).and_then(Token::digits);
    match (word.word.as_str(), minute) {
        ("h", Some(minute)) if word.glued => Some((hour, minute.parse().ok()?, at + 3)),
        ("uhr" | "o'clock", _) => Some((hour, 0, at + 2)),
        _ => None,
    }
}

/// `9 am`, `9.30 am`: only with the meridiem after it.
fn before_meridiem(tokens: &[Token], at: usize) -> Option<(u16, u16, usize)> {
    meridiem(tokens, at + 1)?;
    let raw = tokens[at].raw;
    let (hour, minute) = match raw.split_once(['.', ',']) {
        Some((hour, minute)) if minute.len() == 2 => (hour, minute),
        Some(_) => return None,
        None => (raw, "0"),
    };
    let hour = hour.parse().ok().filter(|hour| (1..=12).contains(hour))?;
    Some((hour, minute.parse().ok()?, at + 1))
}

/// Whether `pm` follows, and the token after it.
fn meridiem(tokens: &[Token], at: usize) -> Option<(bool, usize)> {
    let token = tokens.get(at)?;
    match token.word.as_str() {
        "am" => return Some((false, at + 1)),
        "pm" => return Some((true, at + 1)),
        "a" | "p" => {}
        _ => return None,
    }
    let [dot, m] = tokens.get(at + 1..at + 3)? else { return None };
    if !(dot.is('.') && dot.glued && m.glued && m.word == "m") {
        return None;
    }
    // The last dot belongs to it unless it ends the text.
    let dotted = tokens.get(at + 3).is_some_and(|t| t.is('.') && t.glued) && at + 4 < tokens.len();
    Some((token.word == "p", at + 3 + usize::from(dotted)))
}
