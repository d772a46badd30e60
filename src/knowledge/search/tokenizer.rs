//! Cuts text into words as shops and visitors write them.
//!
//! Beyond runs of letters and digits: `3.5` is one number, `1,299` is 1299, `shop's` is shop, and
//! what may be written as one word or two is given as both, so that `T-shirt` finds `tshirt`,
//! `20l` finds `20 l` and `DSC-W120` finds `DSCW120`. In English, `two-person` is `2-person`.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// Longest word made by joining; a chain of hyphens beyond is a phrase.
const MAX_JOINED_BYTES: usize = 32;

/// The tokenizer. A joined word has `position_length` of what it joins.
#[derive(Clone)]
pub(super) struct Words {
    english: bool,
    tokens: Vec<Token>,
}

/// Numbers that shops write as words or in digits. Not `one`, which mostly is no number.
const NUMBERS: [(&str, &str); 11] = [
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("ten", "10"),
    ("eleven", "11"),
    ("twelve", "12"),
];

impl Words {
    /// For English, small numbers may be written as words.
    pub fn new(english: bool) -> Self {
        Self { english, tokens: Vec::new() }
    }
}

impl Tokenizer for Words {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream<'a> {
        self.tokens.clear();
        let mut position = 0;
        for (offset, cluster) in clusters(text) {
            let mut push = |text: String, position_length| {
                self.tokens.push(Token {
                    offset_from: offset,
                    offset_to: offset + cluster.len(),
                    position,
                    text,
                    position_length,
                });
                position += usize::from(position_length == 1);
            };
            let number = |word: &str| match self.english {
                true => digits_of(word),
                false => None,
            };
            if cluster.bytes().all(|byte| byte.is_ascii_alphabetic()) {
                push(number(cluster).unwrap_or(cluster).to_string(), 1);
                continue;
            }
            let mut parts = parts(cluster);
            for part in &mut parts {
                if let Some(digits) = number(part) {
                    *part = digits.to_string();
                }
            }
            let joined = parts.concat();
            if parts.len() > 1 && joined.len() <= MAX_JOINED_BYTES {
                push(joined, parts.len());
            }
            parts.into_iter().for_each(|part| push(part, 1));
        }
        Stream { tokens: &mut self.tokens, next: 0 }
    }
}

fn digits_of(word: &str) -> Option<&'static str> {
    NUMBERS.iter().find(|(name, _)| word.eq_ignore_ascii_case(name)).map(|(_, digits)| *digits)
}

/// Runs of letters and digits, with a single connecting sign allowed between two of them.
fn clusters(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let start = rest + text[rest..].find(char::is_alphanumeric)?;
        let mut end = start;
        let mut chars = text[start..].char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let joins = connects(c) && chars.peek().is_some_and(|(_, next)| next.is_alphanumeric());
            if !(c.is_alphanumeric() || joins) {
                break;
            }
            end = start + at + c.len_utf8();
        }
        rest = end;
        Some((start, &text[start..end]))
    })
}

fn connects(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}' | '.' | ',' | '\'' | '’' | '_' | '&')
}

/// The words of a cluster.
fn parts(cluster: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut rest = cluster;
    while let Some(at) = rest.find(connects) {
        let (before, sign) = rest.split_at(at);
        let sign_length = sign.chars().next().map_or(0, char::len_utf8);
        let (sign, after) = sign.split_at(sign_length);
        push(&mut parts, before);
        rest = after;
        match Sign::between(before, sign, after) {
            Sign::Decimal => push(&mut parts, "."),
            Sign::Nothing => {}
            Sign::Possessive => rest = &after[1..],
            Sign::Divides => parts.push(String::new()),
        }
    }
    push(&mut parts, rest);
    parts.into_iter().filter(|part| !part.is_empty()).flat_map(number_and_unit).collect()
}

fn push(parts: &mut [String], text: &str) {
    if let Some(last) = parts.last_mut() {
        last.push_str(text);
    }
}

/// What a sign between letters or digits does.
enum Sign {
    Decimal,
    Nothing,
    Possessive,
    Divides,
}

impl Sign {
    fn between(before: &str, sign: &str, after: &str) -> Self {
        let digits_before = before.ends_with(|c: char| c.is_ascii_digit());
        let digits_after = after.bytes().take_while(u8::is_ascii_digit).count();
        let word_after = after.find(|c: char| !c.is_alphanumeric()).unwrap_or(after.len());
        match sign {
            "." | "," if digits_before && digits_after == 3 && word_after == 3 => Self::Nothing,
            "." | "," if digits_before && digits_after > 0 => Self::Decimal,
            "'" | "’" if matches!(&after[..word_after], "s" | "S") => Self::Possessive,
            // `l'eau` is two words, `don't` and `o'clock` are one.
            "'" | "’" if before.len() <= 2 && word_after >= 3 && before != "o" => Self::Divides,
            "'" | "’" => Self::Nothing,
            _ => Self::Divides,
        }
    }
}

/// `20l` and `3.5kg` are a number and a unit; `2xl4` and `w120` are names.
fn number_and_unit(part: String) -> Vec<String> {
    let digits = part.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(part.len());
    let unit = &part[digits..];
    let is_unit = digits > 0
        && (1..=3).contains(&unit.chars().count())
        && unit.chars().all(char::is_alphabetic);
    match is_unit {
        true => vec![part[..digits].to_string(), unit.to_string()],
        false => vec![part],
    }
}

/// The words of one text.
pub(super) struct Stream<'a> {
    tokens: &'a mut [Token],
    next: usize,
}

impl TokenStream for Stream<'_> {
    fn advance(&mut self) -> bool {
        self.next += 1;
        self.next <= self.tokens.len()
    }

    fn token(&self) -> &Token {
        &self.tokens[self.next - 1]
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.tokens[self.next - 1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let mut tokenizer = Words::new(true);
        let mut stream = tokenizer.token_stream(text);
        let mut words = Vec::new();
        stream.process(&mut |token| words.push(token.text.clone()));
        words
    }

    #[test]
    fn words_are_cut_as_shops_write_them() {
        for (text, expected) in [
            ("The shop's tents: 2.", vec!["The", "shop", "tents", "2"]),
            ("3.5 or 3,5", vec!["3.5", "or", "3.5"]),
            ("€1,299.00!", vec!["1299.00"]),
            ("T-shirt", vec!["Tshirt", "T", "shirt"]),
            ("DSC-W120/B", vec!["DSCW120", "DSC", "W120", "B"]),
            ("20l 3.5kg", vec!["20l", "20", "l", "3.5kg", "3.5", "kg"]),
            ("don't l'eau", vec!["dont", "leau", "l", "eau"]),
            ("R&D +-\"():^~*", vec!["RD", "R", "D"]),
            ("a two-person tent", vec!["a", "2person", "2", "person", "tent"]),
            ("end. -start", vec!["end", "start"]),
            ("日本語", vec!["日本語"]),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config { failure_persistence: None, ..Default::default() })]
        #[test]
        fn no_text_breaks_the_tokenizer(text in "([\\PC]|[0-9.,'’s&_ -]){0,40}") {
            for word in words(&text) {
                proptest::prop_assert!(!word.is_empty());
            }
        }
    }
}
