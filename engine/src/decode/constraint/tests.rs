//! The rules seen from outside: replies of random scores, checked by other means.

use super::super::words::tests::{real, small};
use super::*;
use crate::random::Random;
use proptest::prelude::*;
use regex::bytes::Regex;
use std::sync::LazyLock;

/// The runs of a text by regular expressions, without the lexer.
pub(crate) fn facts(text: &[u8]) -> Vec<Vec<u8>> {
    static WORDS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#"(?-u)[^\x00-\x20\x7f"()*<>\[\\\]`{|}]+"#).unwrap());
    static BARE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?s-u)^'*(.*?)[.,:;?!']*$").unwrap());
    static CLUE: LazyLock<Regex> = LazyLock::new(|| {
        let letters = r"a-zA-Z\x80-\xff";
        let domain = format!(r"[0-9{letters}-]\.[{letters}][{letters}]");
        Regex::new(&format!(r"(?-u)[0-9@]|(?i:http|www\.)|://|{domain}")).unwrap()
    });
    let bare = |word: regex::bytes::Match<'_>| BARE.captures(word.as_bytes()).unwrap()[1].to_vec();
    WORDS.find_iter(text).map(bare).filter(|word| CLUE.is_match(word)).collect()
}

fn copy(words: &Arc<Words>, spans: &[&str]) -> Guard {
    let spans = spans.iter().map(|span| (*span).to_owned()).collect();
    Guard::new(Arc::clone(words), &Constraint::Copy { spans })
}

fn choice(words: &Arc<Words>, options: &[&str]) -> Guard {
    let options = options.iter().map(|option| (*option).to_owned()).collect();
    Guard::new(Arc::clone(words), &Constraint::Choice { options })
}

/// The part of a text that is allowed, byte by byte, and whether the reply may end after it.
fn allowed<'a>(guard: &mut Guard, text: &'a str) -> (&'a [u8], bool) {
    let bytes = text.as_bytes();
    let refused = bytes.iter().position(|byte| {
        let token = 2 + u32::from(*byte); // as `small` has them
        let allows = guard.allows(token);
        if allows {
            guard.accept(token);
        }
        !allows
    });
    (&bytes[..refused.unwrap_or(bytes.len())], guard.allows(0))
}

#[test]
fn facts_can_be_copied_and_not_changed() {
    let words = small();
    let spans = ["Costs £1,249.00, 2-year plan.", "Mail help@shop.example, shop.example/returns"];
    for (good, bad, may_end) in [
        ("It costs £1,249.00.", "", true),
        ("It costs £1,249.00.", "5", true),
        ("It costs £1,249", "", false),
        ("It costs £1,249", " ", false),
        ("It costs £1,249.00", "5", true),
        ("It costs ", "1,249.00", true), // without its currency
        ("2", " years", false),
        ("A 2-year plan, (2-year)!", "", true),
        ("help@shop.example, or", "", true),
        ("help@shop.example.", "org", true),
        ("me", "@", true),
        ("htt", "ps", true),
        ("so shop.example", "", false), // only with its path
        ("so shop.example/returns?", "", true),
        ("e.g. well-known... and so...on", "", true),
        ("end.T", "hen", true),
        ("www", ".", true),
        ("a", "4", true),
    ] {
        let text = format!("{good}{bad}");
        let (part, ends) = allowed(&mut copy(&words, &spans), &text);
        assert_eq!((String::from_utf8_lossy(part).as_ref(), ends), (good, may_end), "{text}");
    }
}

#[test]
fn a_choice_is_one_of_its_options() {
    let words = small();
    let options = ["yes", "yes, please", "no", "日本"];
    for (good, bad, may_end) in [
        ("yes", "", true),
        ("yes, please", "", true),
        ("yes, p", "", false),
        ("yes", " ", true),
        ("n", "", false),
        ("no", "t", true),
        ("", "maybe", false),
        ("日本", "", true),
    ] {
        let text = format!("{good}{bad}");
        let part = allowed(&mut choice(&words, &options), &text);
        assert_eq!(part, (good.as_bytes(), may_end), "{text}");
    }
    let mut nothing = choice(&words, &[]);
    assert_eq!(allowed(&mut nothing, "a"), (&b""[..], true));
    assert!(nothing.done() && !choice(&words, &["a"]).done());
}

#[test]
fn what_cannot_be_written_is_left_out() {
    // A vocabulary of an end, a blank and the digits without 7.
    let digits: Vec<[u8; 1]> = b"01234568 9".iter().map(|byte| [*byte]).collect();
    let tokens = digits.iter().map(|digit| (&digit[..], false));
    let words = Arc::new(Words::new(std::iter::once((&b""[..], true)).chain(tokens)));
    let two = words.beginning(b'2')[0];
    assert!(!copy(&words, &["27"]).allows(two));
    assert!(copy(&words, &["27", "28"]).allows(two));
    assert!(choice(&words, &["7"]).done());
}

#[test]
fn a_token_that_writes_nothing_is_no_way_on() {
    let words = small();
    let mut scores = vec![0.0; words.len()];
    let guard = copy(&words, &["5"]);
    guard.mask(&mut scores);
    assert!(!guard.allows(1) && scores[1] == f32::NEG_INFINITY && scores[0] == 0.0);
}

#[test]
fn tokens_in_a_row_are_allowed_up_to_the_first_that_is_not() {
    let words = small();
    let token = |text: &str| words.tokens().find(|t| words.bytes(*t) == text.as_bytes()).unwrap();
    let guard = copy(&words, &["1,249.00"]);
    let tokens = [token(" "), token("1,2"), token("4"), token("9.00 "), token(" 24"), token(" ")];
    assert_eq!(guard.allowed(&tokens), 4);
    assert_eq!(guard.allowed(&[token(" "), 0, token(" ")]), 2);
    assert_eq!(guard.allowed(&[token("1,2"), 0]), 1);
    assert_eq!(guard.allowed(&[]), 0);
}

/// Texts such as a shop might copy from, and such as none would.
fn span() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ a-c]{0,4}[$€£]?[0-9]{1,3}([.,/:-][0-9]{1,2}){0,2}%?( [a-z]{1,4}[.,!]?){0,3}",
        "(https?://|www\\.)?[a-z]{1,5}\\.(co|shop|example)(/[a-z0-9]{1,3})?[.,]?",
        "[a-z.]{1,4}@[a-z]{1,4}\\.com",
        "[ '.,:/@0-9a-zé—(-]{0,12}",
    ]
}

/// Scores that lead into trouble: tokens with a clue, or going on with a word, come often.
fn tempting(words: &Words, random: &mut Random) -> Vec<f32> {
    let mut scores: Vec<f32> = (0..words.len()).map(|_| random.unit()).collect();
    for _ in 0..6 {
        let byte = b"0123456789@.:/,htwp'- "[(random.bits() % 22) as usize];
        let liked = words.beginning(byte);
        if !liked.is_empty() {
            let token = liked[(random.bits() % liked.len() as u64) as usize];
            scores[token as usize] += random.unit() * 2.0;
        }
    }
    scores
}

/// Writes by the largest score and checks each mask; returns the text up to where it may end.
fn write(words: &Words, guard: &mut Guard, seed: u64, most: usize, check: bool) -> Vec<u8> {
    let mut random = Random::new(seed);
    let mut text = Vec::new();
    for step in 0..most + 200 {
        let scores = tempting(words, &mut random);
        let mut masked = scores.clone();
        guard.mask(&mut masked);
        if check {
            for token in words.tokens() {
                let want =
                    if guard.allows(token) { scores[token as usize] } else { f32::NEG_INFINITY };
                assert_eq!(masked[token as usize], want, "{token} after {text:?}");
            }
        }
        let best =
            words.tokens().max_by(|a, b| masked[*a as usize].total_cmp(&masked[*b as usize]));
        let token = best.unwrap();
        assert!(masked[token as usize] > f32::NEG_INFINITY, "no way on after {text:?}");
        if words.ends(token) || (step >= most && !guard.midway()) {
            break;
        }
        guard.accept(token);
        text.extend_from_slice(words.bytes(token));
    }
    assert!(!guard.midway(), "no end to {text:?}");
    text
}

fn assert_copied(text: &[u8], spans: &[String]) {
    let allowed: Vec<Vec<u8>> = spans.iter().flat_map(|span| facts(span.as_bytes())).collect();
    for fact in facts(text) {
        let (fact, text) = (String::from_utf8_lossy(&fact), String::from_utf8_lossy(text));
        assert!(
            allowed.iter().any(|a| *a == fact.as_bytes()),
            "{fact:?} in {text:?} from {spans:?}"
        );
    }
}

proptest! {
    #[test]
    fn the_lexer_finds_what_regular_expressions_find(text in "[ '.,:/@0-3a-ehtpwWé—(-]{0,24}") {
        let found: Vec<&[u8]> = lexer::runs(text.as_bytes()).collect();
        prop_assert_eq!(found, facts(text.as_bytes()));
    }

    #[test]
    fn whatever_the_scores_only_copies_come_out(
        spans in prop::collection::vec(span(), 0..5), seed in any::<u64>(),
    ) {
        let words = small();
        let mut guard = Guard::new(Arc::clone(&words), &Constraint::Copy { spans: spans.clone() });
        assert_copied(&write(&words, &mut guard, seed, 60, true), &spans);
    }

    #[test]
    fn whatever_the_scores_a_choice_comes_out(
        options in prop::collection::vec("[a-c0-2 é€]{0,8}", 1..6), seed in any::<u64>(),
    ) {
        let words = small();
        let constraint = Constraint::Choice { options: options.clone() };
        let mut guard = Guard::new(Arc::clone(&words), &constraint);
        let text = write(&words, &mut guard, seed, 0, true);
        prop_assert!(options.contains(&String::from_utf8(text).unwrap()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn the_same_holds_with_the_real_vocabulary(
        spans in prop::collection::vec(span(), 1..5), seed in any::<u64>(),
    ) {
        let words = real();
        let mut guard = Guard::new(Arc::clone(&words), &Constraint::Copy { spans: spans.clone() });
        assert_copied(&write(&words, &mut guard, seed, 40, true), &spans);
        let constraint = Constraint::Choice { options: spans.clone() };
        let mut guard = Guard::new(Arc::clone(&words), &constraint);
        let text = write(&words, &mut guard, seed, 0, true);
        prop_assert!(spans.contains(&String::from_utf8(text).unwrap()));
    }
}
