//! How many: digits, number words, and fractions of both.

use super::Decimal;
use super::lexer::{Token, TokenKind};
use crate::domain::language::Locale;

/// A number without its unit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Amount {
    pub number: Decimal,
    /// The token after it.
    pub next: usize,
    /// Whether it is the bare word `one`, which may stand for a thing.
    pub is_one: bool,
    /// Whether it is `half` or `half a`, which needs a unit to be a number.
    pub is_half: bool,
}

/// The amount that starts at a token.
pub(super) fn amount_at(tokens: &[Token], at: usize, locale: &Locale) -> Option<Amount> {
    let token = tokens.get(at)?;
    match token.kind {
        TokenKind::Number => from_digits(tokens, at, locale),
        TokenKind::Fraction(number) => Some(plain(number, at + 1)),
        TokenKind::Word => from_words(tokens, at),
        TokenKind::Sign(_) => None,
    }
}

fn plain(number: Decimal, next: usize) -> Amount {
    Amount { number, next, is_one: false, is_half: false }
}

fn from_digits(tokens: &[Token], at: usize, locale: &Locale) -> Option<Amount> {
    let number = Decimal::read(tokens[at].raw, locale)?;
    if let Some((fraction, next)) = slash_fraction(tokens, at) {
        return Some(plain(fraction, next));
    }
    let mut amount = plain(number, at + 1);
    if let Some((fraction, next)) = mixed_fraction(tokens, at + 1) {
        amount = plain(number.plus(fraction)?, next);
    } else if let Some(multiple) = tokens.get(at + 1).and_then(|t| multiple(&t.word)) {
        amount = plain(number.times(Decimal::whole(multiple)?)?, at + 2);
    }
    and_a_half(tokens, amount)
}

/// `1/2`, glued and less than one.
fn slash_fraction(tokens: &[Token], at: usize) -> Option<(Decimal, usize)> {
    let [above, slash, below] = tokens.get(at..at + 3)? else { return None };
    let glued = slash.is('/') && slash.glued && below.glued;
    let (above, below) = (above.digits()?.parse().ok()?, below.digits()?.parse().ok()?);
    (glued && 0 < above && above < below && below <= 64)
        .then(|| Decimal::ratio(above, below))?
        .map(|fraction| (fraction, at + 3))
}

/// What makes `2` into `2½`, `2 1/2` or `2-1/2`.
fn mixed_fraction(tokens: &[Token], at: usize) -> Option<(Decimal, usize)> {
    let token = tokens.get(at)?;
    match token.kind {
        TokenKind::Fraction(fraction) => Some((fraction, at + 1)),
        TokenKind::Sign('-') if token.glued => slash_fraction(tokens, at + 1),
        TokenKind::Number => slash_fraction(tokens, at),
        _ => None,
    }
}

/// `two and a half`.
fn and_a_half(tokens: &[Token], amount: Amount) -> Option<Amount> {
    let follows = |offset: usize, word: &str| {
        tokens.get(amount.next + offset).is_some_and(|t| t.word == word)
    };
    if follows(0, "and") && follows(1, "a") && follows(2, "half") {
        let number = amount.number.plus(Decimal::ratio(1, 2)?)?;
        return Some(plain(number, amount.next + 3));
    }
    Some(amount)
}

fn from_words(tokens: &[Token], at: usize) -> Option<Amount> {
    let follows = |offset: usize, words: &[&str]| {
        tokens.get(at + offset).is_some_and(|t| words.contains(&t.word.as_str()))
    };
    if tokens[at].word == "half" {
        let next = at + 1 + usize::from(follows(1, &["a", "an"]));
        let number = Decimal::ratio(1, 2)?;
        return Some(Amount { number, next, is_one: false, is_half: true });
    }
    if tokens[at].word == "a" && follows(1, &["hundred", "thousand", "dozen", "million"]) {
        return spelled(tokens, at + 1, 1);
    }
    let amount = spelled(tokens, at, 0)?;
    and_a_half(tokens, amount)
}

/// `two hundred and forty-nine`, read from `at` on top of `current`.
fn spelled(tokens: &[Token], at: usize, mut current: i64) -> Option<Amount> {
    let (mut total, mut next, mut seen) = (0_i64, at, current > 0);
    // What may still be added to `current`: anything below the last power said.
    let mut room = if seen { 1 } else { i64::MAX };
    while let Some(token) = tokens.get(next) {
        let hyphen = usize::from(seen && token.is('-') && token.glued);
        let Some(token) = tokens.get(next + hyphen) else { break };
        if let Some(value) = below_hundred(&token.word).filter(|value| *value < room) {
            current += value;
            room = if value >= 20 { 10 } else { 0 };
        } else if let Some(multiple) = multiple(&token.word).filter(|_| seen && current > 0) {
            current = current.checked_mul(multiple)?;
            room = if multiple == 12 { 0 } else { multiple };
            if multiple >= 1000 {
                (total, current) = (total.checked_add(current)?, 0);
            }
        } else if token.word == "and" && is_continued(tokens, next + 1, room) {
            next += 1;
            continue;
        } else {
            break;
        }
        seen = true;
        next += 1 + hyphen;
    }
    let number = Decimal::whole(total.checked_add(current)?)?;
    let is_one = next == at + 1 && tokens[at].word == "one";
    (seen && next > at).then_some(Amount { number, next, is_one, is_half: false })
}

/// `and` inside a number comes after hundreds only, before less than a hundred.
fn is_continued(tokens: &[Token], at: usize, room: i64) -> bool {
    (100..i64::MAX).contains(&room)
        && tokens.get(at).is_some_and(|t| below_hundred(&t.word).is_some_and(|value| value > 0))
}

fn multiple(word: &str) -> Option<i64> {
    match word {
        "dozen" => Some(12),
        "hundred" => Some(100),
        "thousand" => Some(1000),
        "million" => Some(1_000_000),
        _ => None,
    }
}

/// The value of a number word from zero to nineteen, or of a ten.
pub(super) fn below_hundred(word: &str) -> Option<i64> {
    const UNITS: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 8] =
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let position = |list: &[&str]| list.iter().position(|known| *known == word);
    position(&UNITS)
        .or_else(|| position(&TENS).map(|ten| 20 + 10 * ten))
        .and_then(|value| i64::try_from(value).ok())
}
