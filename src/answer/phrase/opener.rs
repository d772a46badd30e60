//! What a sentence begins with, as a listener hears it.

use crate::domain::language::words;

/// The first word where it is one that answers or regrets, else the first two; folded, empty for no
/// words. Two sentences with the same opener in a row sound like a machine.
pub fn opener(sentence: &str) -> String {
    let mut words = words(sentence).into_iter().map(|word| word.text);
    let Some(first) = words.next() else { return String::new() };
    if ANSWERS.contains(&first.as_str()) {
        return first;
    }
    words.next().map_or_else(|| first.clone(), |second| format!("{first} {second}"))
}

/// Words that stand before the sentence proper.
const ANSWERS: &[&str] = &[
    "yes",
    "no",
    "sorry",
    "unfortunately",
    "sure",
    "certainly",
    "absolutely",
    "indeed",
    "hello",
    "hi",
    "of",
    "goodbye",
    "bye",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_an_opener_by_itself_and_other_words_are_two() {
        assert_eq!(opener("Yes, the tent is in stock."), "yes");
        assert_eq!(opener("Of course. I'm asking a colleague."), "of");
        assert_eq!(opener("The Ridge 2 costs €5."), "the ridge");
        assert_eq!(opener("We have four."), "we have");
        assert_eq!(opener("Thanks!"), "thanks");
        assert_eq!(opener(" … "), "");
    }
}
