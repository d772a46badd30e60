//! Plain text out of what people type and paste: no control characters, no invisible ones, one
//! kind of space, composed letters.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The text on one line, trimmed.
pub(super) fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in composed(text).chars().filter(|c| !is_invisible(*c)) {
        if c.is_whitespace() || c.is_control() {
            gap = !out.is_empty();
            continue;
        }
        if gap {
            out.push(' ');
            gap = false;
        }
        out.push(c);
    }
    out
}

/// The text with its line breaks, every line trimmed, empty ones left out.
pub(super) fn lines(text: &str) -> String {
    let lines: Vec<String> =
        text.split(['\n', '\r']).map(one_line).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

/// Soft hyphens, empty spaces, byte order marks and direction overrides: unseen, they only hide
/// one text in another.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn composed(text: &str) -> Cow<'_, str> {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => Cow::Borrowed(text),
        _ => Cow::Owned(text.nfc().collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_controls_and_invisible_letters_leave_one_clean_line() {
        assert_eq!(one_line("  a\u{a0}\tb\r\nc\u{200b}\u{0}d \u{feff} "), "a b c d");
        assert_eq!(one_line("Cafe\u{301}"), "Café");
        assert_eq!(lines(" one \r\n\n  two\u{7}\n"), "one\ntwo");
    }
}
