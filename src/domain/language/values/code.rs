//! Digits that identify: phone numbers, GTINs, and names made of letters and digits.

use super::lexer::{Token, TokenKind};
use super::unit::unit_at;

/// The code that starts at a token, as its digits (with `+`), and the token after it.
pub(super) fn code_at(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    let plus = usize::from(tokens.get(at)?.is('+'));
    let first = tokens.get(at + plus)?;
    let digits = first.digits()?;
    if plus == 1 && !first.glued {
        return None;
    }
    let (all, next, groups) = groups(tokens, at + plus);
    let is_phone = all.len() >= 7 && (plus == 1 || digits.starts_with('0') || groups >= 4);
    if is_phone {
        return Some((format!("{}{all}", if plus == 1 { "+" } else { "" }), next));
    }
    let leading_zero = digits.len() > 1 && digits.starts_with('0');
    let is_clock = tokens.get(at + 1).is_some_and(|t| t.is(':') && t.glued);
    if plus == 0 && (digits.len() >= 10 || leading_zero && !is_clock && digits.len() > 2) {
        return Some((digits.to_string(), at + 1));
    }
    None
}

/// Groups of digits that spaces, hyphens, slashes or brackets part; how many there are.
fn groups(tokens: &[Token], at: usize) -> (String, usize, usize) {
    let mut all = tokens[at].raw.to_string();
    let (mut next, mut groups) = (at + 1, 1);
    loop {
        let parting = tokens[next.min(tokens.len())..]
            .iter()
            .take(2)
            .take_while(|t| matches!(t.kind, TokenKind::Sign('-' | '/' | '(' | ')')))
            .count();
        match tokens.get(next + parting).and_then(Token::digits) {
            // `01 234 5678`, but not `01 and 2026`.
            Some(digits) => {
                all.push_str(digits);
                next += parting + 1;
                groups += 1;
            }
            None => return (all, next, groups),
        }
    }
}

/// The token after a name of letters and digits (`RT-210`, `E27`, `2XL`) that starts here. Numbers
/// in a name count nothing.
pub(super) fn name_at(
    tokens: &[Token],
    at: usize,
    is_money: impl Fn(&Token) -> bool,
) -> Option<usize> {
    let first = tokens.get(at)?;
    let in_name = |t: &Token| {
        matches!(t.kind, TokenKind::Word | TokenKind::Number | TokenKind::Sign('-' | '_' | '/'))
    };
    let len = 1 + tokens[at + 1..].iter().take_while(|t| t.glued && in_name(t)).count();
    let chunk = &tokens[at..at + len];
    let is_name = match first.kind {
        TokenKind::Word => starts_like_model(chunk, is_money),
        TokenKind::Number => chunk.get(1).is_some_and(|second| {
            second.kind == TokenKind::Word && !continues_number(tokens, at + 1)
        }),
        _ => false,
    };
    is_name.then(|| {
        // A hyphen or slash at the end belongs to what comes next.
        let tail = chunk.iter().rev().take_while(|t| matches!(t.kind, TokenKind::Sign(_))).count();
        at + len - tail
    })
}

/// `E27`, `IP65`, `RT-210`, `EOS-R6`: letters, then digits, with or without a hyphen between.
fn starts_like_model(chunk: &[Token], is_money: impl Fn(&Token) -> bool) -> bool {
    let number_at = chunk.iter().position(|t| t.kind == TokenKind::Number);
    let Some(number_at) = number_at else { return false };
    let last_word = chunk[..number_at].iter().rfind(|t| t.kind == TokenKind::Word);
    let is_range_word = |t: &Token| {
        super::amount::below_hundred(&t.word).is_some()
            || matches!(t.word.as_str(), "to" | "x" | "and")
    };
    last_word.is_some_and(|word| !is_money(word) && !is_range_word(word))
        && !chunk[..number_at].iter().any(|t| t.is('/'))
}

/// Letters glued to a number that leave it a number: a unit, `x`, an ordinal, a time, a currency.
fn continues_number(tokens: &[Token], at: usize) -> bool {
    let token = &tokens[at];
    let number = tokens[at - 1].raw;
    match token.word.as_str() {
        "st" | "nd" | "rd" | "th" | "x" | "am" | "pm" | "h" | "a" | "p" | "c" => {
            // `1080p` is a name, `50p` is money.
            !matches!(token.word.as_str(), "p" | "c") || number.len() <= 2
        }
        // Light is not as cold as 4K.
        "k" => number.len() >= 4,
        "s" => number.len() <= 2,
        "eur" | "usd" | "gbp" | "chf" | "kr" | "euro" | "euros" => true,
        _ => {
            token.raw.len() == 3
                && crate::domain::money::Currency::from_sign(token.raw, None).is_some()
                || unit_at(tokens, at, false).is_some()
        }
    }
}
