//! Divides text into sentences that can each be quoted alone.
//!
//! A cut in the wrong place makes a false quotation ("We deliver from No."), a missed one only a
//! longer sentence; so where a full stop could be either, nothing is cut. Shops' texts are full of
//! such stops: `3.5 kg`, `€4.95`, `e.g.`, `No. 5`, `9.30 a.m.`

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

/// The sentences of a text, trimmed, in order. Line breaks and bullets always divide.
pub fn split(text: &str) -> Vec<&str> {
    let lines = text.split(['\n', '\r', '•', '●', '▪', '‣']).flat_map(|line| line.split(" · "));
    lines
        .flat_map(|line| in_line(line).into_iter().map(|range| line[range].trim()))
        .filter(|sentence| sentence.contains(char::is_alphanumeric))
        .collect()
}

fn in_line(line: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, mark) in line.char_indices().filter(|(_, c)| is_mark(*c)) {
        let after_mark = at + mark.len_utf8();
        if let Some(end) = end_at(line, start, at, after_mark) {
            found.push(start..end);
            start = end;
        }
    }
    found.push(start..line.len());
    found
}

fn is_mark(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？')
}

/// Where the sentence ends whose last mark is at `at`, if it ends there.
fn end_at(line: &str, start: usize, at: usize, after_mark: usize) -> Option<usize> {
    let rest = &line[after_mark..];
    let closing = rest.find(|c| !matches!(c, '"' | '\'' | '”' | '’' | '»' | ')' | ']'));
    let (closers, next) = rest.split_at(closing.unwrap_or(rest.len()));
    let end = after_mark + closers.len();
    let mark = &line[at..after_mark];
    if matches!(mark, "。" | "！" | "？") {
        return Some(end);
    }
    if !next.starts_with(char::is_whitespace) {
        return None;
    }
    let next = next.trim_start();
    let ends = match mark {
        "." => stop_ends(&line[start..at], next),
        _ => closers.is_empty() || !next.starts_with(char::is_lowercase),
    };
    ends.then_some(end)
}

/// Whether a full stop between these ends a sentence.
fn stop_ends(before: &str, next: &str) -> bool {
    let word =
        before.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | '"' | '/')).next();
    let word = word.unwrap_or_default();
    let starts_new = starts_sentence(next);
    match Stop::after(word, before) {
        Stop::Never => false,
        Stop::BeforeNumber => starts_new && !next.starts_with(|c: char| c.is_ascii_digit()),
        Stop::Maybe => starts_new && next.starts_with(char::is_uppercase),
        Stop::Usual => starts_new,
    }
}

/// A lower-case word goes on with its sentence, unless it is a name like `iPhone`.
fn starts_sentence(next: &str) -> bool {
    let word = next.unicode_words().next().unwrap_or_default();
    let is_name = word.chars().skip(1).any(char::is_uppercase);
    !next.starts_with(char::is_lowercase) || is_name
}

/// What a full stop after a word can mean.
enum Stop {
    /// Part of the word: `e.g.`, `Dr.`
    Never,
    /// Part of the word when a number follows: `No. 5`, `max. 20 kg`.
    BeforeNumber,
    /// Part of the word, and perhaps the sentence's end too: `a.m.`, `etc.`
    Maybe,
    /// The sentence's end.
    Usual,
}

impl Stop {
    fn after(word: &str, before: &str) -> Self {
        let lower = word.to_lowercase();
        if ALWAYS_ABBREVIATED.contains(&lower.as_str()) {
            return Self::Never;
        }
        if NUMBERED.contains(&lower.as_str()) {
            return Self::BeforeNumber;
        }
        if MAY_END.contains(&lower.as_str()) || is_dotted(&lower) {
            return Self::Maybe;
        }
        if is_initial(word, before) || is_ordinal(word, before) {
            return Self::Never;
        }
        Self::Usual
    }
}

/// `U.S`, `p.m`: letters between stops.
fn is_dotted(word: &str) -> bool {
    word.contains('.')
        && word.split('.').all(|part| {
            part.len() == 1 && part.is_ascii() && part.as_bytes()[0].is_ascii_alphabetic()
        })
}

/// The `J` of "J. Smith" or "Mary J. Smith", but not the `M` of "in size M."
fn is_initial(word: &str, before: &str) -> bool {
    let mut chars = word.chars();
    let single = chars.next().is_some_and(char::is_uppercase) && chars.next().is_none();
    let earlier = before[..before.len() - word.len()].split_whitespace().next_back();
    single && earlier.is_none_or(|earlier| earlier.starts_with(char::is_uppercase))
}

/// The `1` of "1. Lay out the groundsheet."
fn is_ordinal(word: &str, before: &str) -> bool {
    word.len() <= 3 && word.bytes().all(|b| b.is_ascii_digit()) && before.trim() == word
}

const ALWAYS_ABBREVIATED: [&str; 30] = [
    "e.g", "eg", "i.e", "ie", "mr", "mrs", "ms", "dr", "prof", "st", "mt", "vs", "cf", "approx",
    "ca", "incl", "excl", "resp", "z.b", "d.h", "u.a", "bzw", "inkl", "exkl", "zzgl", "ggf",
    "evtl", "str", "p.o", "c.a",
];
const NUMBERED: [&str; 24] = [
    "no", "nos", "nr", "max", "min", "tel", "fig", "art", "vol", "p", "pp", "ref", "ext", "jan",
    "feb", "mar", "apr", "jun", "jul", "aug", "sept", "oct", "nov", "dec",
];
const MAY_END: [&str; 13] =
    ["etc", "ltd", "inc", "co", "corp", "plc", "gmbh", "usw", "dept", "est", "sat", "hr", "hrs"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stops_inside_numbers_and_abbreviations_do_not_divide() {
        for whole in [
            "It weighs 3.5 kg and costs €4.95 to send.",
            "Some tents, e.g. the Fjord 2, are freestanding.",
            "We are at No. 5 Quay Street.",
            "Open from 9.30 a.m. on weekdays.",
            "Call Dr. Murphy at St. Patrick's.",
            "It carries max. 20 kg.",
            "J. R. Smith runs the shop.",
            "1. Lay out the groundsheet.",
            "See shop.example for more.",
            "\"Really?\" she asked.",
            "Sold in the U.S. and in Ireland.",
        ] {
            assert_eq!(split(whole), [whole]);
        }
    }

    #[test]
    fn sentences_end_where_a_reader_stops() {
        for (text, expected) in [
            ("Is it light? Yes! It weighs 2 kg.", vec!["Is it light?", "Yes!", "It weighs 2 kg."]),
            ("Sold in size M. Ships tomorrow.", vec!["Sold in size M.", "Ships tomorrow."]),
            ("We close at 5 p.m. Orders wait.", vec!["We close at 5 p.m.", "Orders wait."]),
            (
                "Returns are free (within 30 days.) Ask us.",
                vec!["Returns are free (within 30 days.)", "Ask us."],
            ),
            (
                "Is it returnable? No. We are sorry.",
                vec!["Is it returnable?", "No.", "We are sorry."],
            ),
            ("It holds 20. 30 fit the large one.", vec!["It holds 20.", "30 fit the large one."]),
            ("• Warm\n• Dry · Light", vec!["Warm", "Dry", "Light"]),
            ("It costs €5. iPhone cases too.", vec!["It costs €5.", "iPhone cases too."]),
            ("返品できます。三十日以内です。", vec!["返品できます。", "三十日以内です。"]),
        ] {
            assert_eq!(split(text), expected);
        }
    }

    #[test]
    fn nothing_to_say_is_no_sentence() {
        assert!(split(" \n . \n--- ").is_empty());
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config { failure_persistence: None, ..Default::default() })]
        #[test]
        fn no_word_is_lost(text in "[ a-zA-Z0-9.,!?€()\"'\n•…]{0,80}") {
            let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
            proptest::prop_assert_eq!(letters(&split(&text).concat()), letters(&text));
        }
    }
}
