//! What is found, by what words, and what cannot break it.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::knowledge::{folder, passages};

fn english() -> Locale {
    Locale::new("en-IE").expect("known")
}

fn minimal() -> Vec<Passage> {
    let dir = PathBuf::from("tests/fixtures/shops/minimal");
    passages::passages(&folder::load(&dir).unwrap_or_else(|e| panic!("{e}")).catalogue)
}

fn built(passages: &[Passage]) -> Index {
    Index::build(passages, &english(), None).unwrap_or_else(|e| panic!("{e}"))
}

/// The heading of the best hit.
fn first(question: &str, kinds: &[Kind]) -> String {
    let passages = minimal();
    let hits = built(&passages).search(question, None, 3, kinds);
    hits.first().map(|hit| passages[hit.passage].heading.clone()).unwrap_or_default()
}

#[test]
fn questions_find_the_passage_that_speaks_of_them() {
    for (question, heading) in [
        ("How much is shipping to the United Kingdom? delivery costs", "Delivery > Costs"),
        ("can I return something", "Returns"),
        ("when do I get my refund", "Returns > Refunds"),
        ("do you have gift cards?", "Do you sell gift cards?"),
        ("a tent for 4 people", "Fjord 4 Tent, Norrvik, Camping > Tents"),
        ("two tents", "Fjord 2 Tent, Norrvik, Camping > Tents"),
        ("NV-FJ2", "Fjord 2 Tent, Norrvik, Camping > Tents"),
        ("repairing poles", "Do you repair tents?"),
    ] {
        assert_eq!(first(question, &[]), heading, "{question}");
    }
}

#[test]
fn typing_mistakes_and_joined_words_still_find() {
    for question in [
        "sleping bag",
        "slepeing bag",
        "sleepingbag",
        "SLEEPING-BAG",
        "sleeping bgas",
        "sléeping bag",
    ] {
        assert!(first(question, &[]).starts_with("Ember Sleeping Bag"), "{question}");
    }
    assert!(first("water proof jakcet", &[]).starts_with("Scout Rain Jacket"));
}

#[test]
fn hits_are_of_the_kinds_asked_for() {
    assert_eq!(first("tent", &[Kind::Faq]), "Do you repair tents?");
    let passages = minimal();
    let hits = built(&passages).search("tent delivery", None, 50, &[Kind::Page]);
    assert!(!hits.is_empty() && hits.iter().all(|hit| passages[hit.passage].kind == Kind::Page));
}

#[test]
fn a_question_of_signs_is_harmless() {
    let index = built(&minimal());
    for question in
        ["+-\"():^~*", "", "   ", "tent AND (", "title:tent^9", "\"tent", "[a TO b]", "\0", "tent*"]
    {
        let hits = index.search(question, None, 5, &[]);
        assert!(hits.len() <= 5 && hits.iter().all(|hit| hit.score.is_finite()), "{question}");
        assert_eq!(hits.is_empty(), !question.contains("tent"), "{question}");
    }
    assert!(index.search("tent", None, 0, &[]).is_empty());
}

#[test]
fn a_question_of_stop_words_still_finds_something() {
    assert!(!built(&minimal()).search("who is it for", None, 5, &[]).is_empty());
    assert!(built(&minimal()).terms("who is it for").is_empty());
}

#[test]
fn words_tell_how_they_were_read() {
    let passages = minimal();
    let index = built(&passages);
    let words = index.words("Are the jakcets waterproof or unobtainable?");
    let written: Vec<&str> = words.iter().map(|word| word.written.as_str()).collect();
    assert_eq!(written, ["jakcets", "waterproof", "unobtainable"]);
    assert!(words[0].guessed && words[0].readings.contains(&vec!["jacket".to_string()]));
    assert!(!words[1].guessed);
    assert_eq!(words[2].readings.len(), 1);
    assert!(words[2].idf > words[1].idf && index.idf("tent") < index.idf("poncho"));
    let rain = index.terms(&format!("{} {}", passages[3].heading, passages[3].text));
    assert_eq!(words.iter().map(|word| word.is_in(&rain)).collect::<Vec<_>>(), [true, true, false]);
}

#[test]
fn the_lexical_part_is_a_share_of_what_the_words_could_give() {
    let index = built(&minimal());
    let share = |question: &str| index.search(question, None, 1, &[])[0].lexical.expect("a word");
    assert!(share("gift cards") > 0.7, "{}", share("gift cards"));
    assert!(share("gift umbrella kayak paddle") < 0.4);
}

#[test]
fn meaning_finds_what_words_do_not_and_both_count() {
    let passages = minimal();
    let vectors: Vec<Vec<f32>> = (0..passages.len())
        .map(|row| (0..passages.len()).map(|at| f32::from(u8::from(at == row))).collect())
        .collect();
    let index = Index::build(&passages, &english(), Some(vectors.clone())).expect("one a passage");
    let hits = index.search("xyzzy", Some(&vectors[4]), 3, &[]);
    assert_eq!((hits[0].passage, hits[0].lexical, hits[0].cosine), (4, None, Some(1.0)));
    let hits = index.search("gift cards", Some(&vectors[4]), 20, &[]);
    assert!(hits.iter().all(|hit| hit.cosine.is_some()));
    let gift = hits.iter().find(|hit| passages[hit.passage].heading.contains("gift"));
    assert!(gift.is_some_and(|hit| hit.lexical.is_some() && hit.cosine == Some(0.0)));
    let without = index.search("gift cards", Some(&[1.0]), 1, &[]);
    assert_eq!(without[0].cosine, None, "a vector of another length");
    assert!(Index::build(&passages, &english(), Some(Vec::new())).is_err());
}

#[test]
fn an_index_is_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&built(&minimal()));
}

#[test]
fn an_index_of_nothing_finds_nothing() {
    let index = built(&[]);
    assert!(index.is_empty() && index.search("tent", None, 5, &[]).is_empty());
    let dir = tempfile::tempdir().expect("temporary folder");
    let kept = Index::open_or_build(dir.path(), &[], &english(), None).expect("built");
    assert!(kept.search("tent", None, 5, &[]).is_empty() && index.idf("tent") > 0.0);
}

/// What is in the folder's index, to see whether it was built again.
fn seal(dir: &Path) -> String {
    let modified = |path: &Path| fs::metadata(path).and_then(|m| m.modified()).expect("there");
    format!("{:?}", modified(&dir.join("lexical/seal")))
}

#[test]
fn an_index_on_disk_is_opened_again_and_finds_the_same() {
    let (passages, dir) = (minimal(), tempfile::tempdir().expect("temporary folder"));
    let open = || Index::open_or_build(dir.path(), &passages, &english(), None).expect("opened");
    let hits = open().search("sleping bag", None, 5, &[]);
    let built_at = seal(dir.path());
    assert_eq!(open().search("sleping bag", None, 5, &[]), hits);
    assert_eq!(built(&passages).search("sleping bag", None, 5, &[]), hits);
    assert_eq!(seal(dir.path()), built_at);
    let fewer = &passages[1..];
    let other = Index::open_or_build(dir.path(), fewer, &english(), None).expect("built again");
    assert_eq!(other.len(), fewer.len());
    assert_ne!(seal(dir.path()), built_at);
}

#[test]
fn a_damaged_index_is_built_again() {
    let (passages, dir) = (minimal(), tempfile::tempdir().expect("temporary folder"));
    fs::write(dir.path().join("mine.txt"), "not the index's").expect("written");
    let open = || Index::open_or_build(dir.path(), &passages, &english(), None).expect("opened");
    let hits = open().search("tent", None, 5, &[]);
    let home = dir.path().join("lexical");
    let damages: [fn(&mut Vec<u8>); 3] = [
        |bytes| bytes.truncate(bytes.len() / 2),
        |bytes| bytes.iter_mut().rev().take(1).for_each(|byte| *byte ^= 0xff),
        Vec::clear,
    ];
    let files = names(&home).into_iter().filter(|name| !name.ends_with(".lock"));
    for ending in files.map(|name| name.rsplit('.').next().unwrap_or_default().to_string()) {
        for damage in damages {
            // The names of a new build's files differ, but not how they end.
            let name = names(&home).into_iter().find(|name| name.ends_with(&ending));
            let path = home.join(name.expect("a file of the same kind"));
            let mut bytes = fs::read(&path).expect("read");
            damage(&mut bytes);
            fs::remove_file(&path).expect("removed");
            fs::write(&path, bytes).expect("damaged");
            assert_eq!(open().search("tent", None, 5, &[]), hits, "{}", path.display());
        }
    }
    fs::remove_dir_all(&home).expect("removed");
    fs::write(&home, "a file in its place").expect("written");
    fs::create_dir(dir.path().join("building-left-by-a-crash")).expect("created");
    assert_eq!(open().search("tent", None, 5, &[]), hits);
    assert_eq!(names(dir.path()), ["lexical", "mine.txt"]);
}

fn names(dir: &Path) -> Vec<String> {
    let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("entry").file_name();
    let entries = fs::read_dir(dir).expect("listed").map(name);
    let mut names: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 200, failure_persistence: None, ..Default::default() })]
    #[test]
    fn no_question_breaks_the_search(question in "([\\PC]|tent |-|'|[0-9]|sleping ){0,60}") {
        thread_local! { static INDEX: Index = built(&minimal()); }
        INDEX.with(|index| {
            for hit in index.search(&question, None, 5, &[]) {
                assert!(hit.score > 0.0 && hit.score.is_finite());
            }
        });
    }
}
