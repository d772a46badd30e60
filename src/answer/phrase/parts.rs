//! A fact, sentence by sentence, and how a sentence is put to the model and taken from it. Pure.

use crate::domain::language::fold;
use crate::domain::reply::Fact;
use crate::knowledge::sentences;

/// The sentences of a fact as facts: each keeps what of the whole stands in it. What the fact means
/// for a yes or no belongs to the first.
pub fn of(fact: &Fact) -> Vec<Fact> {
    let texts: Vec<String> = sentences::split(&fact.text).into_iter().flat_map(concluded).collect();
    if texts.len() < 2 {
        return vec![fact.clone()];
    }
    let part = |(at, text): (usize, String)| Fact {
        polarity: fact.polarity.filter(|_| at == 0),
        keep: fact.keep.iter().filter(|keep| text.contains(keep.as_str())).cloned().collect(),
        text,
        ..fact.clone()
    };
    texts.into_iter().enumerate().map(part).collect()
}

/// "A costs €5 and B costs €9, so A is €4 cheaper." is two things to say.
fn concluded(sentence: &str) -> Vec<String> {
    let is_thing = |rest: &str| rest.starts_with("the ") && rest.ends_with('.');
    match sentence.split_once(", so ").filter(|(_, rest)| is_thing(rest)) {
        Some((grounds, conclusion)) => {
            vec![format!("{grounds}."), crate::answer::wording::capitalised(conclusion)]
        }
        None => vec![sentence.to_string()],
    }
}

/// What the model is to say again: with the yes or no that code has decided, where the question
/// asked for one.
pub fn asked(part: &Fact) -> String {
    let answered = answers(&part.text);
    match part.polarity {
        Some(true) if !answered => format!("Yes, {}", lowered(&part.text)),
        Some(false) if !answered => format!("Sorry, {}", lowered(&part.text)),
        _ => part.text.clone(),
    }
}

/// With a small first letter, where the first word is no name.
pub fn lowered(text: &str) -> String {
    let first = text.split_whitespace().next().unwrap_or_default();
    let plain = matches!(
        first,
        "The"
            | "We"
            | "You"
            | "It"
            | "Our"
            | "A"
            | "An"
            | "There"
            | "In"
            | "For"
            | "If"
            | "At"
            | "This"
            | "These"
            | "All"
            | "On"
            | "Within"
    );
    if plain { format!("{}{}", first.to_lowercase(), &text[first.len()..]) } else { text.into() }
}

/// A proposal with its last mark, if the fact ends without one, and with the answer that code has
/// decided, if the model left that out.
pub fn finished(text: &str, part: &Fact) -> String {
    let text = text.trim();
    let answer = asked(part).split_once(", ").map(|(answer, _)| answer.to_string());
    let answer =
        answer.filter(|_| part.polarity.is_some() && !answers(text) && !answers(&part.text));
    let text = match answer {
        Some(answer) => format!("{answer}, {}", lowered(text)),
        None => text.to_string(),
    };
    let own = part.text.trim_end().ends_with(['.', '!', '?']);
    match own || text.ends_with(['.', '!', '?']) {
        true => text,
        false => format!("{text}."),
    }
}

/// Does a text begin with a yes, a no or a regret?
fn answers(text: &str) -> bool {
    let said = fold(text);
    ["yes", "no,", "sorry", "unfortunately"].iter().any(|word| said.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(text: &str, polarity: Option<bool>) -> Fact {
        Fact {
            text: text.into(),
            question: "?".into(),
            polarity,
            keep: vec!["€5".into(), "two days".into()],
            sources: Vec::new(),
        }
    }

    #[test]
    fn a_condition_in_a_sentence_of_its_own_is_a_part_with_what_it_keeps() {
        let whole = fact("Delivery costs €5. It takes two days, e.g. from Monday.", Some(true));
        let parts = of(&whole);
        assert_eq!(parts.len(), 2);
        assert_eq!((&parts[0].keep[..], parts[0].polarity), (&["€5".to_string()][..], Some(true)));
        assert_eq!((&parts[1].keep[..], parts[1].polarity), (&["two days".to_string()][..], None));
        assert_eq!(of(&fact("One.", None)).len(), 1);
        let compared =
            of(&fact("The A costs €5 and the B costs €9, so the A is €4 cheaper.", None));
        assert_eq!(compared[0].text, "The A costs €5 and the B costs €9.");
        assert_eq!(compared[1].text, "The A is €4 cheaper.");
    }

    #[test]
    fn the_answer_that_code_decided_stands_before_the_fact() {
        assert_eq!(asked(&fact("The tent is in stock.", Some(true))), "Yes, the tent is in stock.");
        assert_eq!(asked(&fact("Ridge is sold out.", Some(false))), "Sorry, Ridge is sold out.");
        assert_eq!(asked(&fact("No, we do not.", Some(false))), "No, we do not.");
        assert_eq!(asked(&fact("The tent is red.", None)), "The tent is red.");
        let stocked = fact("The tent is in stock.", Some(true));
        assert_eq!(finished("The tent is in stock.", &stocked), "Yes, the tent is in stock.");
        assert_eq!(finished("Yes, it is in stock.", &stocked), "Yes, it is in stock.");
    }
}
