//! Of several wordings that say what is true, the one that reads best. Pure.

use std::collections::HashSet;

use super::opener::opener;
use super::{Draft, Part};
use crate::domain::language::words;
use crate::domain::tone::Tone;

/// The best of the drafts that passed, if any did: one with another opener than `last`, where there
/// is one.
pub fn best<'p>(part: &'p Part, tone: Tone, last: &str) -> Option<&'p Draft> {
    let passed = part.drafts.iter().filter(|draft| draft.doubts.is_empty());
    passed.max_by(|a, b| {
        let score = |draft: &Draft| fluency(draft, part, tone, last);
        // Of equals, the first that came.
        score(a).total_cmp(&score(b)).then(std::cmp::Ordering::Greater)
    })
}

/// How well a draft reads; larger is better, the unit is a nat a token. The weights say which flaws
/// are worse than an unlikely word.
fn fluency(draft: &Draft, part: &Part, tone: Tone, last: &str) -> f32 {
    let (said, meant) = (draft.text.chars().count() as f32, part.fact.text.chars().count() as f32);
    let mut score = draft.likelihood.clamp(-4.0, 0.0);
    if !last.is_empty() && opener(&draft.text) == last {
        score -= 10.0;
    }
    // Longer than the fact is padding.
    score -= 2.0 * (said / meant.max(1.0) - 1.15).max(0.0);
    score -= 0.5 * repeated(&draft.text) as f32;
    if tone == Tone::Formal && (draft.text.contains(['!', '\'', '’'])) {
        score -= 3.0;
    }
    // The fact letter by letter was not worth asking for.
    if draft.text == part.fact.text {
        score -= 0.5;
    }
    score
}

/// Content words that are said again.
fn repeated(text: &str) -> usize {
    let mut seen = HashSet::new();
    words(text).iter().filter(|word| word.text.len() > 3 && !seen.insert(word.text.clone())).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::verify::Doubt;
    use crate::domain::reply::Fact;

    fn part(drafts: &[(&str, f32, bool)]) -> Part {
        let fact = Fact {
            text: "The tent is in stock.".into(),
            question: "?".into(),
            polarity: Some(true),
            keep: Vec::new(),
            sources: Vec::new(),
        };
        let draft = |(text, likelihood, passed): &(&str, f32, bool)| Draft {
            text: (*text).into(),
            seed: 0,
            doubts: if *passed { Vec::new() } else { vec![Doubt::Form("x".into())] },
            likelihood: *likelihood,
            ms: 0.0,
        };
        Part { fact, asked: String::new(), drafts: drafts.iter().map(draft).collect() }
    }

    fn chosen(part: &Part, tone: Tone, last: &str) -> String {
        best(part, tone, last).map(|draft| draft.text.clone()).unwrap_or_default()
    }

    #[test]
    fn what_the_verifier_refused_is_never_chosen() {
        assert!(best(&part(&[("A lie.", 0.0, false)]), Tone::Friendly, "").is_none());
    }

    #[test]
    fn the_likelier_wording_wins_unless_its_opener_was_said_last() {
        let two =
            part(&[("Yes, we have it.", -0.1, true), ("The tent is in stock now.", -0.6, true)]);
        assert_eq!(chosen(&two, Tone::Friendly, ""), "Yes, we have it.");
        assert_eq!(chosen(&two, Tone::Friendly, "yes"), "The tent is in stock now.");
    }

    #[test]
    fn an_only_wording_is_chosen_even_with_the_same_opener() {
        let one = part(&[("Yes, we have it.", -0.1, true)]);
        assert_eq!(chosen(&one, Tone::Friendly, "yes"), "Yes, we have it.");
    }

    #[test]
    fn a_formal_shop_does_not_contract() {
        let two =
            part(&[("Yes, it's in stock!", -0.1, true), ("Yes, it is in stock.", -0.6, true)]);
        assert_eq!(chosen(&two, Tone::Formal, ""), "Yes, it is in stock.");
    }
}
