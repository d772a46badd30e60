//! Does a reply contain a certain spelling?

use crate::domain::language::fold;

/// Whether the reply contains this spelling, letters folded and white space made single. Digits
/// match only as whole numbers: `9.90` is not in `49.90`, `50` is neither in `50.5` nor in
/// `50,000`, and `65` is not in `IP65`.
pub fn spelled(needle: &str, reply: &str) -> bool {
    let (needle, reply) = (spaced(needle), spaced(reply));
    !needle.is_empty()
        && reply.match_indices(&needle).any(|(at, _)| {
            let (before, after) = (&reply[..at], &reply[at + needle.len()..]);
            let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
            let starts = digit(needle.chars().next());
            let ends = digit(needle.chars().next_back());
            !(starts && continues_back(before) || ends && continues(after))
        })
}

fn spaced(text: &str) -> String {
    fold(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a number that follows this text is the rest of a longer one, or of a name.
fn continues_back(before: &str) -> bool {
    let mut chars = before.chars().rev();
    match chars.next() {
        Some('.' | ',') => chars.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) => c.is_alphanumeric(),
        None => false,
    }
}

fn continues(after: &str) -> bool {
    let mut chars = after.chars();
    match chars.next() {
        Some('.' | ',') => chars.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) => c.is_ascii_digit(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_white_space_do_not_matter() {
        assert!(spelled("in stock", "It is In\u{a0} Stock."));
        assert!(spelled("Café", "the CAFE"));
        assert!(!spelled("", "anything"));
    }

    #[test]
    fn digits_match_only_as_whole_numbers() {
        for (needle, reply) in [
            ("9.90", "it costs 49.90 euros"),
            ("2 years", "12 years"),
            ("50", "50.5 W"),
            ("50", "50,000 pieces"),
            ("90", "€49.90"),
            ("65", "IP65"),
            ("3 days", "in 2.3 days"),
        ] {
            assert!(!spelled(needle, reply), "{needle} in {reply}");
        }
        for (needle, reply) in [
            ("9.90", "€9.90."),
            ("50", "It costs 50."),
            ("50", "50, or less"),
            ("2 years", "(2 years)"),
            ("210", "the RT-210"),
            ("49.90", "€49.90!"),
            ("50", "a 50W bulb"),
        ] {
            assert!(spelled(needle, reply), "{needle} in {reply}");
        }
    }

    #[test]
    fn a_later_whole_number_counts_even_if_an_earlier_one_does_not() {
        assert!(spelled("50", "150 or 50"));
    }
}
