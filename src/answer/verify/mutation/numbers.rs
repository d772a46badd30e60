//! Other digits, number words, units, currencies, days and hours.

use super::{Mutant, of, replaced, spliced};
use crate::domain::language::values::{Reading, values};

pub(super) fn mutants(sentence: &str, reading: &Reading) -> Vec<Mutant> {
    let mut made = of("digit", digits(sentence));
    made.extend(of("length of a number", lengths(sentence, reading)));
    made.extend(of("number word", others_of(sentence, NUMBERS)));
    made.extend(of("number word", others_of(sentence, ORDINALS)));
    made.extend(of("number in words", in_words(sentence)));
    let units = UNITS.iter().flat_map(|(unit, others)| {
        others.iter().flat_map(|other| with_unit(sentence, unit, other))
    });
    made.extend(of("unit", units));
    let currencies = CURRENCIES.iter().flat_map(|(sign, others)| {
        others.iter().flat_map(|other| with_sign(sentence, sign, other))
    });
    made.extend(of("currency", currencies));
    made.extend(of("day", others_of(sentence, MONTHS)));
    made.extend(of("day", others_of(sentence, WEEKDAYS)));
    made.extend(of("day", others_of(sentence, WEEKDAYS_OF_ALL)));
    made.extend(of("day", TIMES.iter().flat_map(|(from, to)| replaced(sentence, from, to))));
    made
}

/// Two digits for each digit that stands there.
fn digits(sentence: &str) -> Vec<String> {
    let digits = sentence.char_indices().filter(|(_, c)| c.is_ascii_digit());
    digits
        .flat_map(|(at, c)| {
            let digit = u8::try_from(c).unwrap_or(b'0') - b'0';
            [1, 4].map(|step| (at, (digit + step) % 10))
        })
        .map(|(at, digit)| format!("{}{digit}{}", &sentence[..at], &sentence[at + 1..]))
        .collect()
}

/// A digit more, or one less, where that is another number.
fn lengths(sentence: &str, reading: &Reading) -> Vec<String> {
    let known = values(sentence, reading);
    let digits = sentence.char_indices().filter(|(_, c)| c.is_ascii_digit());
    digits
        .flat_map(|(at, _)| {
            let (before, after) = (&sentence[..at], &sentence[at..]);
            [format!("{before}1{after}"), format!("{before}{}", &after[1..])]
        })
        .filter(|mutant| {
            let kinds = |text: &str| values(text, reading).into_iter().map(|v| v.kind).collect();
            let (own, others): (Vec<_>, Vec<_>) =
                (kinds(mutant), known.iter().map(|v| v.kind.clone()).collect());
            own != others
        })
        .collect()
}

/// Each word of a row replaced by the next and by the one two further.
fn others_of(sentence: &str, row: &[&str]) -> Vec<String> {
    let mut made = Vec::new();
    for (at, word) in row.iter().enumerate() {
        for step in [1, 2] {
            made.extend(replaced(sentence, word, row[(at + step) % row.len()]));
        }
    }
    made
}

/// A whole number in digits, said as another number in words.
fn in_words(sentence: &str) -> Vec<String> {
    let mut made = Vec::new();
    for (number, word) in (2..).zip(NUMBERS) {
        let other = NUMBERS[number % NUMBERS.len()];
        debug_assert_ne!(*word, other);
        made.extend(replaced(sentence, &format!(" {number} "), &format!(" {other} ")));
    }
    made.into_iter().filter(|made| !made.contains(':')).collect()
}

/// Another unit behind a number, glued to it or not.
fn with_unit(text: &str, from: &str, to: &str) -> Vec<String> {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    text.match_indices(from)
        .filter(|(at, _)| {
            let (before, after) = (&text[..*at], &text[at + from.len()..]);
            let number = before.trim_end_matches([' ', '°', '-']);
            let counted = number.ends_with(|c: char| c.is_ascii_digit())
                || NUMBERS.iter().any(|word| number.to_lowercase().ends_with(word));
            counted && number.len() + 3 > at.saturating_sub(1) && !is_letter(after.chars().next())
        })
        .map(|(at, _)| spliced(text, at, at + from.len(), to))
        .collect()
}

fn with_sign(text: &str, from: &str, to: &str) -> Vec<String> {
    match from.chars().all(char::is_alphanumeric) {
        true => replaced(text, from, to),
        false => {
            text.match_indices(from).map(|(at, _)| spliced(text, at, at + from.len(), to)).collect()
        }
    }
}

/// From two on, in order.
const NUMBERS: &[&str] = &[
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
    "twenty",
];

const ORDINALS: &[&str] = &["second", "third", "fourth", "fifth", "sixth"];

const MONTHS: &[&str] = &[
    "January",
    "February",
    "March",
    "April",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const WEEKDAYS: &[&str] =
    &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

const WEEKDAYS_OF_ALL: &[&str] =
    &["Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"];

const TIMES: &[(&str, &str)] = &[
    ("am", "pm"),
    ("pm", "am"),
    ("noon", "midnight"),
    ("weekdays", "weekends"),
    ("half an hour", "an hour"),
    ("the same day", "the next day"),
    ("same day", "next day"),
];

const CURRENCIES: &[(&str, &[&str])] = &[
    ("€", &["$", "£"]),
    ("euros", &["dollars", "pounds", "cents"]),
    ("EUR", &["USD", "GBP"]),
    ("%", &["€"]),
    ("percent", &["euros"]),
];

const UNITS: &[(&str, &[&str])] = &[
    ("kg", &["g", "lbs"]),
    ("kilograms", &["grams"]),
    ("g", &["kg", "mg"]),
    ("grams", &["kilograms"]),
    ("m", &["cm", "km"]),
    ("cm", &["mm", "m"]),
    ("mm", &["cm"]),
    ("metres", &["centimetres", "kilometres"]),
    ("km", &["m", "miles"]),
    ("kilometres", &["metres"]),
    ("km/h", &["mph"]),
    ("m²", &["m", "m³"]),
    ("square metres", &["metres"]),
    ("W", &["V", "kW"]),
    ("watts", &["volts"]),
    ("mAh", &["Ah", "Wh"]),
    ("kWh", &["Wh"]),
    ("Wh", &["kWh"]),
    ("GB", &["MB", "TB"]),
    ("lumens", &["lux", "watts"]),
    ("C", &["F"]),
    ("days", &["weeks", "hours", "months"]),
    ("working days", &["days", "weeks"]),
    ("business days", &["days"]),
    ("weeks", &["days", "months"]),
    ("hours", &["minutes", "days"]),
    ("hour", &["minute", "day"]),
    ("minutes", &["hours", "seconds"]),
    ("months", &["weeks", "years"]),
    ("years", &["months", "days"]),
    ("year", &["month", "week"]),
    ("nights", &["weeks"]),
    ("people", &["nights", "pieces"]),
    ("bottles", &["boxes"]),
];
