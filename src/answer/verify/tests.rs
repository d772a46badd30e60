//! The corpus: what was written about facts of many trades, to pass and to be caught.

mod checks;
mod mutations;

use super::corpus::{Entry, reading};
use super::*;

fn fact(text: &str) -> Fact {
    Fact {
        text: text.into(),
        question: String::new(),
        polarity: None,
        keep: Vec::new(),
        sources: Vec::new(),
    }
}

/// What was written for these tests.
fn corpus() -> Vec<Entry> {
    corpus::builtin().remove(0).1
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

#[test]
fn what_a_salesperson_says_passes_and_ten_thousand_lies_do_not() {
    let all: Vec<Entry> = corpus::builtin().into_iter().flat_map(|(_, all)| all).collect();
    let lies = mutation::sample(mutation::lies(&all, &reading()), 10_000, 1);
    assert_eq!(lies.len(), 10_000);
    let passed: Vec<String> = lies
        .iter()
        .filter(|lie| verify(&lie.mutant.text, &lie.entry.fact, &reading()).is_ok())
        .map(|lie| {
            format!("{}: {}\n    for {}", lie.mutant.kind, lie.mutant.text, lie.entry.fact.text)
        })
        .collect();
    assert!(passed.is_empty(), "{} passed:\n{}", passed.len(), passed.join("\n"));
    let pairs = || all.iter().flat_map(|entry| entry.good.iter().map(move |good| (good, entry)));
    let refused: Vec<&String> = pairs()
        .filter(|(good, entry)| verify(good, &entry.fact, &reading()).is_err())
        .map(|(good, _)| good)
        .collect();
    // What is refused costs style only; fewer than now must not pass.
    assert!(refused.len() * 4 <= pairs().count(), "{} refused: {refused:#?}", refused.len());
}
