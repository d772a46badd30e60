//! A word for another that says the opposite, more or less: denials, permissions, comparisons,
//! amounts, tenses, who does it.

use super::{Mutant, of, replaced, spliced};

pub(super) fn mutants(sentence: &str) -> Vec<Mutant> {
    let swapped = |pairs: &[(&str, &str)]| -> Vec<String> {
        let all = pairs.iter().flat_map(|(from, to)| in_both_cases(sentence, from, to));
        all.filter(|made| !is_as_true(made, sentence)).collect()
    };
    let mut made = of("denial added", denied(sentence));
    made.extend(of("denial dropped", affirmed(sentence)));
    made.extend(of("modality", swapped(MODALITY)));
    made.extend(of("comparison", swapped(COMPARISONS)));
    made.extend(of("amount", swapped(AMOUNTS)));
    made.extend(of("opposite", swapped(OPPOSITES)));
    made.extend(of("tense", swapped(TENSES)));
    made.extend(of("yes or no", answered(sentence)));
    made.extend(of("who", swapped(WHO)));
    made
}

/// Some changes change nothing: what must not be can not be, what is refunded will be, and what is
/// only so is not more so for saying it twice.
fn is_as_true(made: &str, sentence: &str) -> bool {
    const TO_COME: [&str; 7] = [
        "will be refunded",
        "will be shipped",
        "will be delivered",
        "will be dispatched",
        "will be repaired",
        "will be washed",
        "will be dried",
    ];
    let new = |words: &str| made.contains(words) && !sentence.contains(words);
    new("can not")
        || TO_COME.into_iter().any(new)
        || made.matches("only").count() > 1
            && made.matches("only").count() > sentence.matches("only").count()
}

/// In the middle of a sentence, and where it begins one.
fn in_both_cases(sentence: &str, from: &str, to: &str) -> Vec<String> {
    let capital = super::capitalised(from);
    let mut made = replaced(sentence, from, to);
    if capital != from && sentence.starts_with(&capital) {
        made.extend(
            replaced(sentence, &capital, &super::capitalised(to))
                .into_iter()
                .filter(|made| !made.starts_with(&capital)),
        );
    }
    made
}

fn denied(sentence: &str) -> Vec<String> {
    const VERBS: [&str; 14] = [
        "is", "are", "was", "can", "must", "does", "do", "may", "should", "has", "have", "will",
        "costs", "takes",
    ];
    VERBS
        .iter()
        .flat_map(|verb| replaced(sentence, verb, &format!("{verb} not")))
        .filter(|made| !made.contains("not not") && !made.contains("not no "))
        .collect()
}

fn affirmed(sentence: &str) -> Vec<String> {
    let dropped = ["not", "never", "no"].iter().flat_map(|denial| replaced(sentence, denial, ""));
    // "No, we have no lift" without its "No," is as true as before.
    let contracted = sentence.match_indices("n't").map(|(at, denial)| {
        let whole = if sentence[..at].ends_with("ca") { "n" } else { "" };
        spliced(sentence, at, at + denial.len(), whole)
    });
    let cannot = replaced(sentence, "cannot", "can");
    dropped.chain(contracted).chain(cannot).collect()
}

/// The other answer.
fn answered(sentence: &str) -> Vec<String> {
    let other =
        |own: &str, other: &str| sentence.strip_prefix(own).map(|rest| format!("{other}{rest}"));
    [
        other("Yes,", "No,"),
        other("No,", "Yes,"),
        other("Sorry,", "Yes,"),
        other("Unfortunately", "Yes, "),
    ]
    .into_iter()
    .flatten()
    .collect()
}

const MODALITY: &[(&str, &str)] = &[
    ("can", "must"),
    ("can", "should"),
    ("can only", "can"),
    ("may", "must"),
    ("must", "can"),
    ("must", "should"),
    ("must not", "need not"),
    ("should", "must"),
    ("should", "can"),
    ("has to", "can"),
    ("have to", "can"),
    ("need to", "can"),
    ("needs to", "can"),
    ("will", "might"),
    ("cannot", "need not"),
    ("usually", "always"),
    ("usually", ""),
    ("normally", ""),
    ("only", ""),
    ("only", "also"),
    ("is", "might be"),
    ("are", "might be"),
    ("costs", "usually costs"),
    ("is", "is usually"),
    ("is", "is only"),
    ("are", "are only"),
    ("costs", "costs only"),
    ("takes", "only takes"),
    ("possible", "necessary"),
    ("required", "possible"),
];

const COMPARISONS: &[(&str, &str)] = &[
    ("cheaper", "more expensive"),
    ("lighter", "heavier"),
    ("heavier", "lighter"),
    ("longer", "shorter"),
    ("shorter", "longer"),
    ("wider", "narrower"),
    ("higher", "lower"),
    ("larger", "smaller"),
    ("largest", "smallest"),
    ("cheapest", "most expensive"),
    ("most expensive", "cheapest"),
    ("most", "least"),
    ("lightest", "heaviest"),
    ("more", "less"),
    ("less", "more"),
    ("over", "under"),
    ("under", "over"),
    ("above", "below"),
    ("at least", "at most"),
    ("at most", "at least"),
    ("up to", "at least"),
    ("up to", "over"),
    ("up to", "exactly"),
    ("before", "after"),
    ("after", "before"),
    ("within", "after"),
    ("until", "after"),
    ("minimum", "maximum"),
    ("maximum", "minimum"),
    ("first", "last"),
    ("early", "late"),
    ("about", "over"),
];

const AMOUNTS: &[(&str, &str)] = &[
    ("all", "some"),
    ("all", "most"),
    ("every", "some"),
    ("each", "some"),
    ("any", "some"),
    ("most", "all"),
    ("both", "one"),
    ("once", "twice"),
    ("per day", "per week"),
    ("per week", "per month"),
    ("a day", "a week"),
    ("a week", "a month"),
    ("a month", "a year"),
    ("per person", "per group"),
    ("per night", "per week"),
    ("per minute", "per hour"),
    ("per month", "per year"),
    ("per litre", "per can"),
];

const OPPOSITES: &[(&str, &str)] = &[
    ("with", "without"),
    ("without", "with"),
    ("including", "excluding"),
    ("included", "excluded"),
    ("includes", "excludes"),
    ("include", "exclude"),
    ("contains", "lacks"),
    ("in stock", "out of stock"),
    ("out of stock", "in stock"),
    ("sold out", "in stock"),
    ("available", "unavailable"),
    ("unavailable", "available"),
    ("open", "closed"),
    ("closed", "open"),
    ("opens", "closes"),
    ("closes", "opens"),
    ("starts", "ends"),
    ("begins", "ends"),
    ("unused", "used"),
    ("undamaged", "damaged"),
    ("suitable", "unsuitable"),
    ("free", "available"),
    ("waterproof", "breathable"),
    ("allowed", "forbidden"),
    ("except", "including"),
    ("extra", "less"),
    ("insured", "uninsured"),
    ("new", "old"),
    ("old", "new"),
    ("long", "short"),
    ("wide", "high"),
    ("deep", "wide"),
    ("if", "unless"),
    ("unless", "if"),
    ("buy", "rent"),
    ("rent", "buy"),
    ("warranty", "guarantee"),
    ("deliver", "dispatch"),
    ("refunded", "exchanged"),
    ("exchanged", "refunded"),
    ("returned", "sold"),
];

const TENSES: &[(&str, &str)] = &[
    ("is", "was"),
    ("are", "were"),
    ("is", "will be"),
    ("has", "had"),
    ("can", "could once"),
    ("costs", "used to cost"),
];

const WHO: &[(&str, &str)] = &[
    ("you pay", "we pay"),
    ("we deliver", "you deliver"),
    ("we repair", "you repair"),
    ("we refund", "you refund"),
    ("you return", "we return"),
    ("we order", "you order"),
    ("we collect", "you collect"),
    ("you book", "we book"),
];
