//! Every small lie made from a true sentence is caught.

use proptest::prelude::*;

use super::*;
use crate::domain::language::values::values;

/// Every sentence that passes, with its fact; the fact's own words among them.
fn true_sentences() -> Vec<(String, Fact)> {
    let mut found = Vec::new();
    for entry in corpus() {
        let own = entry.fact.text.clone();
        let all = entry.good.iter().cloned().chain([own]);
        let passing = all.filter(|text| verify(text, &entry.fact, &reading()).is_ok());
        found.extend(passing.map(|text| (text, entry.fact.clone())));
    }
    found
}

/// Asserts that none of the mutants of any true sentence passes.
fn all_caught(mutants: impl Fn(&str, &Fact) -> Vec<String>) {
    let mut tried = 0;
    let mut missed = Vec::new();
    for (sentence, fact) in true_sentences() {
        for mutant in mutants(&sentence, &fact) {
            tried += 1;
            if mutant != sentence && verify(&mutant, &fact, &reading()).is_ok() {
                missed.push(format!("{mutant}\n    for {}", fact.text));
            }
        }
    }
    println!("{tried} mutants, {} missed", missed.len());
    assert!(tried > 50, "only {tried} mutants");
    assert!(missed.is_empty(), "missed:\n{}", missed.join("\n"));
}

/// The text with a part replaced, once for each place it stands in as a word.
fn replaced(text: &str, from: &str, to: &str) -> Vec<String> {
    let is_edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    text.match_indices(from)
        .filter(|(at, _)| {
            is_edge(text[..*at].chars().next_back())
                && is_edge(text[at + from.len()..].chars().next())
        })
        .map(|(at, _)| format!("{}{to}{}", &text[..at], &text[at + from.len()..]))
        .collect()
}

/// The text with words put before each of its words but the first.
fn with_inserted(text: &str, words: &str) -> Vec<String> {
    text.match_indices(' ')
        .map(|(at, _)| format!("{} {words}{}", &text[..at], &text[at..]))
        .collect()
}

#[test]
fn another_digit_is_caught() {
    all_caught(|sentence, _| {
        let digits = sentence.char_indices().filter(|(_, c)| c.is_ascii_digit());
        digits
            .flat_map(|(at, c)| {
                (0..10)
                    .filter(move |digit| char::from(b'0' + digit) != c)
                    .map(move |digit| (at, digit))
            })
            .map(|(at, digit)| format!("{}{digit}{}", &sentence[..at], &sentence[at + 1..]))
            .collect()
    });
}

#[test]
fn a_digit_more_or_less_is_caught() {
    all_caught(|sentence, _| {
        let value = |at: usize| &sentence[at..];
        let digits = sentence.char_indices().filter(|(_, c)| c.is_ascii_digit());
        digits
            .flat_map(|(at, _)| {
                [
                    format!("{}1{}", &sentence[..at], value(at)),
                    format!("{}{}", &sentence[..at], value(at + 1)),
                ]
            })
            // A nought at the end of a fraction, or `049.90`, is the same number.
            .filter(|mutant| values(mutant, &reading()) != values(sentence, &reading()))
            .collect()
    });
}

#[test]
fn another_unit_is_caught() {
    const UNITS: &[(&str, &[&str])] = &[
        ("€", &["$", "£"]),
        ("kg", &["g", "lbs", "km"]),
        ("cm", &["mm", "m", "kg"]),
        ("m", &["cm", "km"]),
        ("W", &["V", "kW"]),
        ("mAh", &["Ah", "Wh"]),
        ("GB", &["MB", "TB"]),
        ("lumens", &["lux", "watts"]),
        ("days", &["weeks", "hours", "months"]),
        ("working days", &["days"]),
        ("business days", &["days"]),
        ("hours", &["minutes", "days"]),
        ("minutes", &["hours", "seconds"]),
        ("years", &["months", "days"]),
        ("2-year", &["2-month", "2-week"]),
        ("people", &["nights", "pieces"]),
        ("euros", &["dollars", "cents"]),
        ("am", &["pm"]),
        ("pm", &["am"]),
        ("C", &["F"]),
        ("%", &["€"]),
        ("litre", &["metre"]),
    ];
    all_caught(|sentence, _| {
        UNITS
            .iter()
            .flat_map(|(unit, others)| {
                others.iter().flat_map(|other| replaced_unit(sentence, unit, other))
            })
            .collect()
    });
}

/// As [`replaced`], for units that may be glued to their number.
fn replaced_unit(text: &str, from: &str, to: &str) -> Vec<String> {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    text.match_indices(from)
        .filter(|(at, _)| {
            let (before, after) = (&text[..*at], &text[at + from.len()..]);
            let of_number =
                before.trim_end_matches([' ', '°']).ends_with(|c: char| c.is_ascii_digit());
            let sign = !from.chars().all(char::is_alphanumeric) && from.chars().count() == 1;
            (of_number || sign) && !is_letter(after.chars().next().filter(|_| !sign))
        })
        .map(|(at, _)| format!("{}{to}{}", &text[..at], &text[at + from.len()..]))
        .collect()
}

#[test]
fn a_denial_more_or_less_is_caught() {
    const VERBS: [&str; 12] =
        ["is", "are", "was", "can", "must", "does", "do", "may", "costs", "takes", "has", "comes"];
    all_caught(|sentence, _| {
        let added = VERBS.iter().flat_map(|verb| replaced(sentence, verb, &format!("{verb} not")));
        let dropped =
            ["not", "never", "no"].iter().flat_map(|denial| replaced(sentence, denial, ""));
        let contracted = sentence
            .match_indices("n't")
            .map(|(at, _)| format!("{}{}", &sentence[..at], &sentence[at + 3..]));
        added
            .chain(dropped)
            .chain(contracted)
            .filter(|mutant| !mutant.contains("not not"))
            .collect()
    });
}

#[test]
fn another_name_is_caught() {
    all_caught(|sentence, _| {
        let names = sentence.split(|c: char| !c.is_alphanumeric()).skip(1);
        let names = names.filter(|word| word.len() > 2 && word.starts_with(char::is_uppercase));
        names.flat_map(|name| replaced(sentence, name, "Zorba")).collect()
    });
}

#[test]
fn an_added_promise_is_caught() {
    const PROMISES: [&str; 5] = ["free", "guaranteed", "tomorrow", "discounted", "always"];
    all_caught(|sentence, fact| {
        let knows = |promise: &str| fact.text.contains(&promise[..4]);
        PROMISES
            .iter()
            .filter(|promise| !knows(promise))
            .flat_map(|promise| with_inserted(sentence, promise))
            .collect()
    });
}

#[test]
fn an_added_limit_on_a_value_is_caught() {
    const LIMITS: [&str; 9] =
        ["up to", "at least", "about", "over", "only", "under", "from", "nearly", "per"];
    // These say the same already.
    const SAME: [&str; 7] = ["within", "or more", "between", "from", "to", "a maximum", "Within"];
    all_caught(|sentence, _| {
        let spans = values(sentence, &reading()).into_iter().map(|value| value.span.start);
        let same = sentence.contains('–')
            || SAME.iter().any(|same| !replaced(sentence, same, "").is_empty());
        spans
            .flat_map(|at| LIMITS.iter().map(move |limit| (at, limit)))
            .filter(|(_, limit)| !same && !sentence.to_lowercase().contains(*limit))
            .map(|(at, limit)| format!("{}{limit} {}", &sentence[..at], &sentence[at..]))
            .collect()
    });
}

#[test]
fn a_dropped_limit_is_caught() {
    const LIMITS: [&str; 16] = [
        "up to", "at least", "about", "around", "over", "under", "only", "usually", "normally",
        "within", "except", "without", "unless", "at most", "must", "should",
    ];
    all_caught(|sentence, _| {
        LIMITS.iter().flat_map(|limit| replaced(sentence, limit, "")).collect()
    });
}

#[test]
fn exchanged_values_are_caught() {
    all_caught(|sentence, _| {
        let found = values(sentence, &reading());
        let mut mutants = Vec::new();
        for (i, one) in found.iter().enumerate() {
            for other in &found[i + 1..] {
                let (a, b) = (&sentence[one.span.clone()], &sentence[other.span.clone()]);
                let (start, between, end) = (
                    &sentence[..one.span.start],
                    &sentence[one.span.end..other.span.start],
                    &sentence[other.span.end..],
                );
                if one != other {
                    mutants.push(format!("{start}{b}{between}{a}{end}"));
                }
            }
        }
        mutants
    });
}

#[test]
fn a_longer_sentence_is_caught() {
    const TAILS: [&str; 6] = [
        "Delivery is free.",
        "You will love it.",
        "Ask us about our offers.",
        "It is the best one we have.",
        "Only 3 are left.",
        "See https://evil.example for more.",
    ];
    all_caught(|sentence, _| TAILS.iter().map(|tail| format!("{sentence} {tail}")).collect());
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(sentence in "\\PC{0,80}", fact_text in "\\PC{0,80}") {
        let _ = verify(&sentence, &fact(&fact_text), &reading());
        let _ = unsupported(&sentence, &[&fact_text], &reading());
        let _ = spelled(&sentence, &fact_text);
    }

    #[test]
    fn words_of_the_trade_in_any_order_never_panic(
        words in proptest::collection::vec(prop::sample::select(vec![
            "The", "Aura", "is", "not", "only", "from", "to", "€5", "2", "days", ",", ".", "and", "but", "if", "without",
            "was", "up to", "more than", "it", "Yes", "No", "in stock", "except", "Monday", "9:00", "with", "includes",
            "included", "can", "must", "each", "or", "before", "a", "per", "month", "-", "(", ")",
        ]), 0..20),
        more in proptest::collection::vec(prop::sample::select(vec!["The", "Aura", "is", "not", "if", "it", ".", "€5"]), 0..8),
    ) {
        let _ = verify(&words.join(" "), &fact(&more.join(" ")), &reading());
        let _ = verify(&more.join(" "), &fact(&words.join(" ")), &reading());
    }
}
