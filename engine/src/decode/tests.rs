//! A whole reply, from the scores of a model made up for the purpose.

use super::words::tests::{real, small};
use super::*;
use crate::random::Random;
use proptest::prelude::*;

const PROMPT: &str = "It costs 1,249.00 and ships in 24/7, see shop.example/returns or 5 or 2.";

/// Scores that depend on the last two tokens, and now and then favour going on as before.
fn scores(words: &Words, tokens: &[u32], seed: u64) -> Vec<f32> {
    let last = tokens.iter().rev().take(2).fold(seed, |sum, token| sum * 31 + u64::from(*token));
    let mut random = Random::new(last);
    let mut scores: Vec<f32> = (0..words.len()).map(|_| random.unit() * 8.0).collect();
    scores[0] -= 3.0; // the end
    let pairs = tokens.windows(2).filter(|pair| pair.first() == tokens.last());
    pairs.for_each(|pair| scores[pair[1] as usize] += 4.0);
    scores
}

/// A text by the longest tokens that fit.
fn spell(words: &Words, text: &str) -> Vec<u32> {
    let mut rest = text.as_bytes();
    let mut tokens = Vec::new();
    while let Some(first) = rest.first() {
        let fits = words.beginning(*first).iter().filter(|t| rest.starts_with(words.bytes(**t)));
        let token = *fits.max_by_key(|token| words.bytes(**token).len()).unwrap();
        tokens.push(token);
        rest = &rest[words.bytes(token).len()..];
    }
    tokens
}

/// The reply, how it ended, and how many steps the model took.
fn reply(request: &Decoding, seed: u64, most: usize) -> (String, End, usize) {
    let words = small();
    let mut tokens = spell(&words, PROMPT);
    let mut decoder = Decoder::new(Arc::clone(&words), request.clone(), &tokens);
    let mut text = String::new();
    for steps in 1.. {
        let draft = decoder.draft(most).to_vec();
        assert!(draft.len() <= most);
        for row in 0..=draft.len() {
            let token = decoder.choose(&mut scores(&words, &tokens, seed));
            let step = decoder.accept(token);
            tokens.push(token);
            text.push_str(&step.text);
            if let Some(end) = step.over {
                return (text + &decoder.finish(), end, steps);
            }
            if draft.get(row) != Some(&token) {
                break;
            }
        }
    }
    unreachable!("a reply has an end")
}

fn requests() -> Vec<Decoding> {
    let copy = Constraint::Copy { spans: vec![PROMPT.into()] };
    let choice =
        Constraint::Choice { options: vec!["the shop".into(), "the shop costs 24".into()] };
    let random = Sampling { top_p: 0.9, repetition: 1.1, ..Sampling::random(0.7, 3) };
    let plain = Decoding { max_tokens: 40, ..Decoding::default() };
    let mut all = Vec::new();
    for sampling in [Sampling::likeliest(), random] {
        for constraint in [None, Some(copy.clone()), Some(choice.clone())] {
            all.push(Decoding { sampling, constraint, ..plain.clone() });
        }
        all.push(Decoding { sampling, stop: vec!["the".into(), " a".into()], ..plain.clone() });
    }
    all
}

#[test]
fn drafts_change_the_steps_and_not_the_reply() {
    let (mut alone, mut drafted) = (0, 0);
    for request in requests() {
        for seed in 0..40 {
            let (text, end, steps) = reply(&request, seed, 0);
            alone += steps;
            for most in [1, DRAFT, 9] {
                let (again, end_again, steps) = reply(&request, seed, most);
                assert_eq!((again, end_again), (text.clone(), end), "{request:?} {seed} {most}");
                drafted += usize::from(most == DRAFT) * steps;
            }
        }
    }
    assert!(drafted * 10 < alone * 9, "{drafted} steps with drafts, {alone} without");
}

#[test]
fn a_seed_is_a_reply() {
    let request = |seed| Decoding {
        sampling: Sampling::random(1.0, seed),
        max_tokens: 20,
        ..Decoding::default()
    };
    assert_eq!(reply(&request(1), 5, 0), reply(&request(1), 5, 0));
    assert_ne!(reply(&request(1), 5, 0).0, reply(&request(2), 5, 0).0);
}

/// A decoder that was given the tokens of a text, what it showed, and why it ended.
fn fed(request: Decoding, tokens: &[u32]) -> (Vec<String>, Option<End>) {
    let mut decoder = Decoder::new(small(), request, &[]);
    let mut shown = Vec::new();
    for token in tokens {
        let step = decoder.accept(*token);
        shown.push(step.text);
        if step.over.is_some() {
            shown.push(decoder.finish());
            return (shown, step.over);
        }
    }
    shown.push(decoder.finish());
    (shown, None)
}

#[test]
fn the_end_token_a_stop_text_or_the_length_ends_a_reply() {
    let words = small();
    let plain = Decoding { max_tokens: 4, ..Decoding::default() };
    let (shown, end) = fed(plain.clone(), &[spell(&words, "the"), vec![0]].concat());
    assert_eq!((shown.concat().as_str(), end), ("the", Some(End::Stop)));
    let stop = Decoding { stop: vec!["is".into()], ..plain.clone() };
    let (shown, end) = fed(stop, &spell(&words, "the is a"));
    assert_eq!((shown.concat().as_str(), end), ("the ", Some(End::Stop)));
    let (shown, end) = fed(plain, &spell(&words, "abcdef"));
    assert_eq!((shown.concat().as_str(), end), ("abcd", Some(End::Length)));
}

#[test]
fn an_unfinished_number_is_never_shown() {
    let words = small();
    let request = Decoding {
        max_tokens: 99,
        constraint: Some(Constraint::Copy { spans: vec![PROMPT.into()] }),
        ..Decoding::default()
    };
    let tokens = spell(&words, "a 1,249.00");
    let (shown, _) = fed(request.clone(), &tokens);
    assert_eq!(shown.concat(), "a 1,249.00");
    assert!(shown.iter().all(|piece| piece.is_empty() || !piece.ends_with('1')), "{shown:?}");
    let cut = Decoding { max_tokens: tokens.len() - 1, ..request };
    let (shown, end) = fed(cut, &tokens);
    assert_eq!((shown.concat().as_str(), end), ("a", Some(End::Length)));
}

#[test]
fn a_choice_that_can_only_be_one_ends_without_an_end_token() {
    let words = small();
    let options = vec!["the shop".into(), "shop".into(), "shops".into()];
    let request = Decoding {
        max_tokens: 99,
        constraint: Some(Constraint::Choice { options }),
        ..Decoding::default()
    };
    let (shown, end) = fed(request.clone(), &spell(&words, "the shop"));
    assert_eq!((shown.concat().as_str(), end), ("the shop", Some(End::Stop)));
    let (shown, end) = fed(request, &spell(&words, "shop"));
    assert_eq!((shown.concat().as_str(), end), ("shop", None)); // it may become "shops"
}

#[test]
fn a_row_without_scores_fails_the_reply() {
    let words = small();
    let request = Decoding { max_tokens: 9, ..Decoding::default() };
    for mut row in [vec![f32::NAN; words.len()], vec![1.0; words.len() - 1]] {
        let mut decoder = Decoder::new(Arc::clone(&words), request.clone(), &[]);
        let token = decoder.choose(&mut row);
        assert_eq!(decoder.accept(token).over, Some(End::Failed));
    }
    let mut padded = vec![0.0; words.len() + 7];
    padded[words.len() + 2] = 5.0;
    padded[20] = 1.0;
    assert_eq!(Decoder::new(words, request, &[]).choose(&mut padded), 20);
}

#[test]
fn a_draft_ends_where_the_reply_would() {
    let words = small();
    let again = spell(&words, "the shop is");
    let prompt = [&again[..], &[0, 30], &again].concat();
    let request = |max_tokens| Decoding { max_tokens, ..Decoding::default() };
    let draft = |max| Decoder::new(Arc::clone(&words), request(max), &prompt).draft(4).to_vec();
    assert_eq!(draft(99), [0]);
    assert!(draft(1).is_empty());
    let far = [&again[..], &[40, 41, 42, 43], &again].concat();
    let draft = |max| Decoder::new(Arc::clone(&words), request(max), &far).draft(4).to_vec();
    assert_eq!(draft(3), [40, 41]);
}

#[test]
fn a_draft_does_not_break_the_constraint() {
    let words = small();
    let prompt = spell(&words, "the shop is 12 or 5. the shop is");
    let draft = |spans: &[&str]| {
        let spans = spans.iter().map(|span| (*span).to_owned()).collect();
        let constraint = Some(Constraint::Copy { spans });
        let request = Decoding { max_tokens: 99, constraint, ..Decoding::default() };
        let decoder = Decoder::new(Arc::clone(&words), request, &prompt);
        let bytes: Vec<u8> =
            decoder.draft(9).iter().flat_map(|token| words.bytes(*token).to_vec()).collect();
        String::from_utf8(bytes).unwrap()
    };
    assert_eq!(draft(&["12, 5"]), " 12 or 5. the");
    assert_eq!(draft(&["12 or 57"]), " 12 or 5");
    assert_eq!(draft(&["12"]), " 12 or ");
    assert_eq!(draft(&[]), "");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn on_the_real_vocabulary_what_is_shown_never_breaks_off_in_a_run(
        seed in any::<u64>(), length in 1usize..30,
    ) {
        let words = real();
        let request = Decoding {
            sampling: Sampling::random(1.0, seed),
            max_tokens: length,
            constraint: Some(Constraint::Copy { spans: vec![PROMPT.into()] }),
            ..Decoding::default()
        };
        let mut decoder = Decoder::new(Arc::clone(&words), request, &[]);
        let mut text = String::new();
        let mut random = Random::new(seed);
        loop {
            let mut scores = random.normals(words.len());
            // Digits, dots and slashes are to come often.
            for byte in b"0123456789./," {
                words.beginning(*byte).iter().for_each(|token| scores[*token as usize] += 4.0);
            }
            let token = decoder.choose(&mut scores);
            let step = decoder.accept(token);
            text += &step.text;
            if step.over.is_some() {
                break;
            }
        }
        text += &decoder.finish();
        let allowed = constraint::tests::facts(PROMPT.as_bytes());
        for fact in constraint::tests::facts(text.as_bytes()) {
            prop_assert!(allowed.contains(&fact), "{text:?}");
        }
    }
}
