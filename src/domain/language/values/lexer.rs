//! Text cut into numbers, words and signs.

use std::ops::Range;

use super::Decimal;
use crate::domain::language::{Locale, fold};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// Digits with the signs inside them: `1.299,00`, `24.12.2026`.
    Number,
    /// `½`.
    Fraction(Decimal),
    /// Letters.
    Word,
    /// Any other character; dashes of every length are `-`, both inch marks are `"`.
    Sign(char),
}

/// A piece of the text.
#[derive(Clone, Debug)]
pub(super) struct Token<'t> {
    pub kind: TokenKind,
    /// As written.
    pub raw: &'t str,
    /// As folded, for words; empty for the rest.
    pub word: String,
    pub span: Range<usize>,
    /// Whether it follows the token before it without white space.
    pub glued: bool,
}

impl Token<'_> {
    /// Whether it is this sign.
    pub fn is(&self, sign: char) -> bool {
        self.kind == TokenKind::Sign(sign)
    }

    /// Its digits when it is a plain whole number without signs inside.
    pub fn digits(&self) -> Option<&str> {
        let plain = self.kind == TokenKind::Number && self.raw.bytes().all(|b| b.is_ascii_digit());
        plain.then_some(self.raw)
    }
}

/// The tokens of a text.
pub(super) fn tokens<'t>(text: &'t str, locale: &Locale) -> Vec<Token<'t>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    let mut glued = false;
    while let Some(c) = text[at..].chars().next() {
        if c.is_whitespace() {
            glued = false;
            at += c.len_utf8();
            continue;
        }
        let (kind, len) = next(&text[at..], c, locale);
        let raw = &text[at..at + len];
        let word = if kind == TokenKind::Word { fold(raw) } else { String::new() };
        tokens.push(Token { kind, raw, word, span: at..at + len, glued });
        glued = true;
        at += len;
    }
    tokens
}

fn next(rest: &str, c: char, locale: &Locale) -> (TokenKind, usize) {
    if c.is_ascii_digit() {
        return (TokenKind::Number, number_len(rest, locale));
    }
    if let Some(fraction) = vulgar(c) {
        return (TokenKind::Fraction(fraction), c.len_utf8());
    }
    if c.is_alphabetic() {
        return (TokenKind::Word, word_len(rest));
    }
    let sign = match c {
        '\u{2010}'..='\u{2015}' | '−' => '-',
        '″' | '”' | '“' => '"',
        '’' | '′' | '‘' => '\'',
        c => c,
    };
    (TokenKind::Sign(sign), c.len_utf8())
}

/// Digits, and `.`, `,`, `'` between digits; spaces that do not break, and in locales that group
/// with spaces plain ones too, before exactly three digits.
fn number_len(rest: &str, locale: &Locale) -> usize {
    let bytes = rest.as_bytes();
    let digits_at = |at: usize| bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut len = digits_at(0);
    while let Some(sign) = rest[len..].chars().next() {
        let after = len + sign.len_utf8();
        let run = digits_at(after.min(bytes.len()));
        let joins = match sign {
            '.' | ',' => run > 0,
            '\'' | '’' | '\u{a0}' | '\u{202f}' | '\u{2009}' => run == 3,
            ' ' => run == 3 && locale.group() == '\u{a0}' && !rest.starts_with('0'),
            _ => false,
        };
        if !joins {
            break;
        }
        len = after + run;
    }
    len
}

/// Letters with the marks, apostrophes and raised digits inside them.
fn word_len(rest: &str) -> usize {
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next_is_letter = chars.peek().is_some_and(|(_, next)| next.is_alphabetic());
        let inside = c.is_alphabetic()
            || unicode_normalization::char::is_combining_mark(c)
            || matches!(c, '²' | '³')
            || (matches!(c, '\'' | '’') && next_is_letter);
        if !inside {
            return at;
        }
    }
    rest.len()
}

fn vulgar(c: char) -> Option<Decimal> {
    let (numerator, denominator) = match c {
        '½' => (1, 2),
        '¼' => (1, 4),
        '¾' => (3, 4),
        '⅓' => (1, 3),
        '⅔' => (2, 3),
        '⅛' => (1, 8),
        '⅜' => (3, 8),
        '⅝' => (5, 8),
        '⅞' => (7, 8),
        _ => return None,
    };
    Decimal::ratio(numerator, denominator)
}
