//! What counts as a fact, in bytes: where words begin and end, and which of them are *runs*.
//!
//! 1. A **gap** is a control byte or blank (up to 0x20, and 0x7f), or one of `" ( ) * < > [ \ ] ` {
//!    | }`. All other bytes make **words**, those of 0x80 and above among them: letters beyond ASCII,
//!    currency signs, dashes and curly quotes belong to their word.
//! 2. **Soft** bytes, `. , : ; ? ! '`, belong to a word only if another byte of the word follows
//!    that is not soft: a full stop after a price is no part of it, the point within is. An
//!    apostrophe does not begin a word.
//! 3. A word is a **run** if one of these **clues** is in it (letters are ASCII letters of either
//!    case and bytes from 0x80):
//!    - an ASCII digit: `1,249.00`, `$5`, `24/7`, `2-year`, `10:00`, `A4`;
//!    - `@`: `help@shop.example`;
//!    - `http`, `www.` or `://`, in either case;
//!    - a dot after a letter, a digit or a hyphen and before two letters: `shop.example/returns`,
//!      but not `e.g.` nor `so...yes`.
//!
//! Clues are short and local, so a reader needs no memory of a word but the last three bytes. They
//! are found by Shift-And (Baeza-Yates and Gonnet 1992): one bit for each byte of each pattern, set
//! while the bytes read last match the pattern so far.

/// What a byte is to words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Gap,
    Soft,
    Word,
}

/// Rules 1 and 2.
#[inline]
pub(super) fn kind(byte: u8) -> Kind {
    match byte {
        0..=b' ' | 0x7f | b'"' | b'(' | b')' | b'*' | b'<' | b'>' => Kind::Gap,
        b'[' | b'\\' | b']' | b'`' | b'{' | b'|' | b'}' => Kind::Gap,
        b'.' | b',' | b':' | b';' | b'?' | b'!' | b'\'' => Kind::Soft,
        _ => Kind::Word,
    }
}

/// Whether a word can begin with this byte.
#[inline]
pub(super) fn begins(byte: u8) -> bool {
    kind(byte) != Kind::Gap && byte != b'\''
}

/// Rule 3: `0` is any digit, `A` any letter, `-` a letter, a digit or a hyphen.
const PATTERNS: [&[u8]; 6] = [b"0", b"@", b"http", b"www.", b"://", b"-.AA"];

const fn fits(pattern: u8, byte: u8) -> bool {
    let letter = byte.is_ascii_alphabetic() || byte >= 0x80;
    match pattern {
        b'0' => byte.is_ascii_digit(),
        b'A' => letter,
        b'-' => letter || byte.is_ascii_digit() || byte == b'-',
        other => other == byte.to_ascii_lowercase(),
    }
}

/// The bits of all patterns, and those of them that begin and that complete one.
struct Bits {
    fitting: [u32; 256],
    first: u32,
    last: u32,
}

const BITS: Bits = {
    let mut bits = Bits { fitting: [0; 256], first: 0, last: 0 };
    let (mut bit, mut pattern) = (1, 0);
    while pattern < PATTERNS.len() {
        bits.first |= bit;
        let mut place = 0;
        while place < PATTERNS[pattern].len() {
            let mut byte = 0;
            while byte < 256 {
                if fits(PATTERNS[pattern][place], byte as u8) {
                    bits.fitting[byte] |= bit;
                }
                byte += 1;
            }
            if place + 1 == PATTERNS[pattern].len() {
                bits.last |= bit;
            }
            bit <<= 1;
            place += 1;
        }
        pattern += 1;
    }
    bits
};

static FITTING: [u32; 256] = BITS.fitting;

/// The patterns that the last bytes of a word have begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clues(u32);

impl Clues {
    /// At the beginning of a word.
    pub const NONE: Self = Self(0);

    /// After another byte of the same word.
    #[inline]
    pub fn then(self, byte: u8) -> Self {
        Self((self.0 << 1 | BITS.first) & FITTING[usize::from(byte)])
    }

    /// Whether the last byte completed a clue.
    #[inline]
    pub fn found(self) -> bool {
        self.0 & BITS.last != 0
    }

    /// The patterns begun before a byte, each as a number below [`BEGUN`].
    pub fn begun(self) -> impl Iterator<Item = usize> {
        (0..BEGUN).filter(move |bit| self.0 & !BITS.last & (1 << bit) != 0)
    }

    /// A pattern begun as far as that number says.
    pub fn as_begun(number: usize) -> Self {
        Self((1 << number) & !BITS.last)
    }
}

/// How many ways there are to have begun a pattern.
pub(super) const BEGUN: usize = 32 - BITS.last.leading_zeros() as usize;

/// Whether a clue is found in these bytes; gaps between words are heeded.
pub(super) fn has_clue(bytes: &[u8]) -> bool {
    let mut clues = Clues::NONE;
    bytes.iter().any(|byte| {
        clues = if kind(*byte) == Kind::Gap { Clues::NONE } else { clues.then(*byte) };
        clues.found()
    })
}

/// The runs of a text, in their order.
pub(super) fn runs(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let words = text.split(|byte| kind(*byte) == Kind::Gap);
    let words = words.map(|word| {
        let begin = word.iter().position(|byte| begins(*byte)).unwrap_or(word.len());
        let end = word.iter().rposition(|byte| kind(*byte) == Kind::Word).map_or(0, |at| at + 1);
        word.get(begin..end).unwrap_or_default()
    });
    words.filter(|word| has_clue(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        runs(text.as_bytes()).map(|run| String::from_utf8_lossy(run).into_owned()).collect()
    }

    #[test]
    fn numbers_are_runs_with_all_that_clings_to_them() {
        assert_eq!(
            found("It's £1,249.00, a 2-year plan (24/7), 10:00–17:00; -5% off, 'A4' or 1'000.50!"),
            ["£1,249.00", "2-year", "24/7", "10:00–17:00", "-5%", "A4", "1'000.50"]
        );
        assert_eq!(found("**20%** of [7] \"3\" .5 5? 5..."), ["20%", "7", "3", ".5", "5", "5"]);
    }

    #[test]
    fn addresses_and_links_are_runs() {
        assert_eq!(
            found(
                "Mail help@shop.example or see shop.example/returns?x=a#b. HTTPS://Shop.Example/"
            ),
            ["help@shop.example", "shop.example/returns?x=a#b", "HTTPS://Shop.Example/"]
        );
        assert_eq!(
            found("[here](https://a.io/x_y) www.shop mailto:a@b ftp://x @joe"),
            ["https://a.io/x_y", "www.shop", "mailto:a@b", "ftp://x", "@joe"]
        );
    }

    #[test]
    fn plain_words_are_no_runs() {
        let plain = "Well-known, e.g. the U.S. one... and so...yes: it's fine, isn't it? 'Oui' and/or www. a.m.";
        assert_eq!(found(plain), Vec::<String>::new());
        assert_eq!(found("' '' ... !"), Vec::<String>::new());
    }

    #[test]
    fn what_was_begun_is_told_apart() {
        let begun = |text: &str| {
            let clues = text.bytes().fold(Clues::NONE, Clues::then);
            clues.begun().collect::<Vec<_>>()
        };
        assert!(begun("").is_empty() && begun("!").is_empty());
        for (text, rest) in [("ht", "tp"), ("shop.", "ex"), ("shop.e", "x"), (":", "//")] {
            let completes =
                |number: &usize| rest.bytes().fold(Clues::as_begun(*number), Clues::then).found();
            assert_eq!(begun(text).iter().filter(|number| completes(number)).count(), 1, "{text}");
        }
    }
}
