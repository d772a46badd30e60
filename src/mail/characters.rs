//! Which characters may stand where: in a header, in one line, in a body.

use super::{MAX_HEADER, MailError};

/// Whether a reader or a mail server could take this for the end of a line, or whether it steers
/// instead of being seen: controls, separators, and marks that turn the direction of reading.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn ends_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Refuses what must not stand in a header. `=?` begins an encoded word (RFC 2047), which a mail
/// program would decode into something that was never checked.
pub(super) fn check_header(field: &'static str, value: &str) -> Result<(), MailError> {
    if value.chars().any(steers) || value.contains("=?") {
        return Err(MailError::Header(field));
    }
    if value.chars().count() > MAX_HEADER {
        return Err(MailError::TooLong(field));
    }
    Ok(())
}

/// The text in one line of at most so many characters; an ellipsis stands for what was cut.
pub(super) fn one_line(text: &str, most: usize) -> String {
    let visible: String = text.chars().map(|c| if steers(c) { ' ' } else { c }).collect();
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most {
        return line;
    }
    let kept: String = line.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// The text with every kind of line break as `\n`, tabs as spaces, and nothing else that steers.
pub(super) fn body(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\t' => out.push(' '),
            _ if ends_line(c) => out.push('\n'),
            _ if steers(c) => {}
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_has_no_breaks_and_keeps_its_limit() {
        assert_eq!(one_line("  a\r\n b\u{2028}c\u{7} ", 20), "a b c");
        assert_eq!(one_line("abcdef", 6), "abcdef");
        assert_eq!(one_line("abc defg", 5), "abc…");
    }

    #[test]
    fn a_body_keeps_lines_and_loses_what_steers() {
        assert_eq!(body("a\r\nb\rc\u{2028}d\te\0\u{202e}f"), "a\nb\nc\nd ef");
    }

    #[test]
    fn a_header_is_refused_rather_than_repaired() {
        for bad in ["a\nb", "a\rb", "a\0b", "a\u{85}b", "a\u{2028}b", "a\u{202e}b", "=?utf-8?q?a?="]
        {
            assert_eq!(check_header("subject", bad), Err(MailError::Header("subject")), "{bad:?}");
        }
        assert_eq!(check_header("subject", &"a".repeat(201)), Err(MailError::TooLong("subject")));
        assert_eq!(check_header("subject", "Grüße aus München 👋"), Ok(()));
    }
}
