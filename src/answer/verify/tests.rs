//! The corpus: what was written about facts of many trades, to pass and to be caught.

mod checks;
mod mutations;

use super::*;
use crate::domain::language::Locale;

/// A fact of the corpus with the sentences that were written about it.
struct Entry {
    fact: Fact,
    good: Vec<&'static str>,
    bad: Vec<&'static str>,
}

fn reading() -> Reading {
    Reading { currency: "EUR".parse().ok(), locale: Locale::new("en-IE").expect("known") }
}

fn fact(text: &str) -> Fact {
    Fact {
        text: text.into(),
        question: String::new(),
        polarity: None,
        keep: Vec::new(),
        sources: Vec::new(),
    }
}

fn corpus() -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for line in
        include_str!("corpus.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let (mark, rest) = line.split_once(' ').unwrap_or((line, ""));
        if mark == "fact" {
            entries.push(Entry { fact: fact(rest), good: Vec::new(), bad: Vec::new() });
            continue;
        }
        let entry = entries.last_mut().expect("a fact comes first");
        match mark {
            "keep" => entry.fact.keep = rest.split(" | ").map(str::to_string).collect(),
            "yes" => entry.fact.polarity = Some(true),
            "no" => entry.fact.polarity = Some(false),
            "+" => entry.good.push(rest),
            "-" => entry.bad.push(rest),
            _ => panic!("{line}"),
        }
    }
    entries
}

#[test]
fn good_wordings_pass_and_every_bad_one_is_caught() {
    let (mut good, mut passed, mut bad) = (0, 0, 0);
    let mut missed = Vec::new();
    for entry in corpus() {
        for sentence in &entry.good {
            good += 1;
            match verify(sentence, &entry.fact, &reading()) {
                Ok(()) => passed += 1,
                Err(doubts) => {
                    println!("rejected: {}\n    for {}\n    {doubts:?}", sentence, entry.fact.text)
                }
            }
        }
        for sentence in &entry.bad {
            bad += 1;
            if verify(sentence, &entry.fact, &reading()).is_ok() {
                missed.push(format!("{sentence}\n    for {}", entry.fact.text));
            }
        }
    }
    println!(
        "{passed} of {good} good wordings pass, {} of {bad} bad ones are caught",
        bad - missed.len()
    );
    assert!(missed.is_empty(), "missed:\n{}", missed.join("\n"));
    assert!(good >= 60 && bad >= 120);
    assert!(passed * 10 >= good * 9, "too strict: {passed} of {good}");
}

#[test]
fn a_fact_in_its_own_words_passes() {
    for entry in corpus() {
        assert_eq!(
            verify(&entry.fact.text, &entry.fact, &reading()),
            Ok(()),
            "{}",
            entry.fact.text
        );
    }
}
