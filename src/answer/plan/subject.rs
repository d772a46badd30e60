//! Which products a question is about: named, referred to, or one of a kind.

use super::{Known, is_number, lists, names_something};
use crate::answer::understand::Question;

/// The products a question is about: those it names, those it refers to, or a mixture of both.
pub fn named_products(
    question: &Question,
    known: &Known<'_>,
    asks_column: bool,
) -> Option<Vec<usize>> {
    let spoken_of = (!known.spoken_of.is_empty()).then_some(known.spoken_of);
    let by_name = names_something(question);
    match (&question.mention, spoken_of) {
        _ if !by_name && known.sibling.is_some() => known.sibling.map(|product| vec![product]),
        (Some(mention), _) if mention.by_name => Some(mention.products.clone()),
        // "and in red?", "and the 3 person one?": its words, on top of what was spoken of.
        (Some(mention), Some(spoken_of)) if refers(question) => {
            let mut stems = mention.matched.clone();
            let new: Vec<String> = stems.clone();
            stems.extend(known.names.title(spoken_of[0]).iter().filter(|t| !is_number(t)).cloned());
            let combined = known.names.find(&stems, None)?;
            let fits = |p: &usize| new.iter().any(|term| known.names.is_filed_under(*p, term));
            let products: Vec<usize> = combined.products.into_iter().filter(fits).collect();
            Some(if products.is_empty() { spoken_of.to_vec() } else { products })
        }
        (_, Some(spoken_of)) if refers(question) || continues(question, known) => {
            Some(spoken_of.to_vec())
        }
        // "how much is the tent?": a kind, and the question is about one of them.
        (Some(mention), _) if definite(question, mention.matched.len(), asks_column) => {
            let called =
                |p: &usize| mention.matched.iter().all(|t| known.names.title(*p).contains(t));
            let of_kind: Vec<usize> = (0..known.names.len()).filter(called).collect();
            let products = if of_kind.is_empty() { mention.products.clone() } else { of_kind };
            (products.len() > 1 || !lists(question)).then_some(products)
        }
        _ => None,
    }
}

/// "The Ridge 5", where there are only a Ridge 2, 3 and 4.
pub fn names_another_model(question: &Question, known: &Known<'_>) -> bool {
    let Some(mention) = question.mention.as_ref().filter(|mention| mention.by_name) else {
        return false;
    };
    let other = |run: &[String]| {
        let named = known.names.is_name(&run[0]) && mention.matched.contains(&run[0]);
        let called = || known.names.titled(&run[0]);
        let numbered = |title: &[String]| title.iter().any(|term| is_number(term));
        named
            && is_number(&run[1])
            && called().any(numbered)
            && !called().any(|title| title.contains(&run[1]))
    };
    question.stems.windows(2).any(other)
}

/// "and in blue?", "what about the 3 person one?": asks what was asked before of something else.
pub fn is_elliptical(question: &Question) -> bool {
    let about = question.stems.iter().any(|w| w == "about");
    let asks = question.cues.asks || question.cues.overview;
    question.cues.refers && !question.cues.price && !question.cues.stock && (about || !asks)
}

/// Does it speak of what was spoken of?
pub fn refers(question: &Question) -> bool {
    question.cues.refers
}

/// A question that has no subject of its own goes on with the one before.
fn continues(question: &Question, known: &Known<'_>) -> bool {
    let subject = |term: &&String| !known.attributes.is_word(term) && !known.names.is_variant(term);
    question.content.iter().filter(subject).count() == 0
        && (known.attributes.asked(question, known.names).is_some()
            || question.cues.price
            || question.cues.how_much
            || question.cues.stock
            || question.content.iter().any(|term| known.names.is_variant(term)))
}

/// "the tent", "your jacket": one certain thing, though only its kind is named.
fn definite(question: &Question, matched: usize, asks_column: bool) -> bool {
    let the =
        question.stems.iter().any(|w| w == "the" || w == "your" || w == "this" || w == "that");
    matched > 0
        && the
        && (question.cues.price
            || question.cues.how_much
            || question.cues.stock
            || asks_column
            || question.content.len() <= matched + 1)
}
