//! Some of many: whether a question wants that, and which ones fit.

use super::{Filter, Known};
use crate::answer::understand::{self, Question};

/// Does a question set limits or name a kind, so that some of many are wanted?
pub fn limited(question: &Question, known: &Known<'_>, about_text: bool) -> bool {
    const ANY: &[&str] = &["any", "anything", "which", "what", "something", "got"];
    let cues = &question.cues;
    let has = |words: &[&str]| question.stems.iter().any(|stem| words.contains(&stem.as_str()));
    let some = has(ANY);
    let price = cues.at_most.or(cues.at_least).is_some();
    let wanted = price
        || !question.bounds.is_empty()
        || cues.on_sale && !cues.refers
        || cues.stock && some && !by_whole_name(question, known)
        // "A medium harness in stock" is a wish, "is the harness in stock" a question.
        || cues.stock && !cues.asks && !cues.refers && !has(&["the"])
        || wishes(question, known);
    // "Which sizes do you have" asks for choices.
    let chooses = has(&["which", "what"])
        && question.stems.iter().any(|stem| understand::is_variant_column(stem));
    let of_kind = question.content.iter().any(|term| known.names.is_kind(term));
    let of_rules = about_text && !(price && of_kind) && !(cues.on_sale && some);
    let goes_on = cues.refers && !known.spoken_of.is_empty();
    wanted && !chooses && !of_rules && !goes_on
}

/// Does a word follow the one that named a product, of which that product says nothing?
pub fn goes_on_otherwise(question: &Question, known: &Known<'_>) -> bool {
    let Some(mention) = &question.mention else { return false };
    let Some(product) = mention.products.first() else { return false };
    question.stems.windows(2).any(|run| {
        mention.matched.contains(&run[0])
            && question.content.contains(&run[1])
            && !known.names.carries(*product, &run[1])
            && !known.names.is_kind(&run[1])
    })
}

/// "A pot set for an induction hob": names a kind, asks nothing, means none that was spoken of.
fn wishes(question: &Question, known: &Known<'_>) -> bool {
    let cues = &question.cues;
    let asks = cues.asks || cues.price || cues.how_much || cues.compares || cues.overview;
    let one = question.mention.as_ref().is_some_and(|m| m.by_name && m.products.len() == 1);
    let kind = question.stems.iter().position(|stem| known.names.is_kind(stem));
    let certain = |stems: &[String]| stems.iter().any(|s| s == "the" || s == "your" || s == "my");
    !asks
        && !one
        && known.spoken_of.is_empty()
        && kind.is_some_and(|at| !certain(&question.stems[..at]))
        && question.content.len() > 1
}

/// Is one certain product meant, though some of many are asked for in words?
fn by_whole_name(question: &Question, known: &Known<'_>) -> bool {
    question.mention.as_ref().is_some_and(|mention| {
        mention.by_name && (mention.products.len() == 1 || !lists_kind(question, known))
    })
}

fn lists_kind(question: &Question, known: &Known<'_>) -> bool {
    question.content.iter().any(|term| known.names.is_kind(term))
}

/// Does the question want some of many?
pub fn lists(question: &Question) -> bool {
    question.likely("recommend") > 0.3
        || question.cues.has
        || question.likely("ask_stock") > 0.3
        || question.likely("superlative") > 0.4
        || question.cues.at_most.is_some()
        || question.cues.at_least.is_some()
        || !question.bounds.is_empty()
        || question.cues.wants
        || question.cues.on_sale
        || question.mention.is_some()
            && question.cues.yes_no
            && question.likely("ask_attribute") < 0.5
}

/// A price is asked of something the shop has never written of: "the krone chandelier".
pub fn names_nothing_sold(question: &Question, known: &Known<'_>) -> bool {
    let kind = |term: &String| known.names.is_kind(term);
    let known_word = |term: &String| known.names.knows(term);
    question.mention.is_none()
        && !question.content.iter().any(kind)
        && !question.content.iter().all(known_word)
}

pub fn refers_to_several(question: &Question, known: &Known<'_>) -> Option<Vec<usize>> {
    let of_those = question.cues.refers && known.spoken_of.len() > 1;
    let own_kind = question.content.iter().any(|term| known.names.is_kind(term));
    (of_those && !own_kind).then(|| known.spoken_of.to_vec())
}

pub fn filter(question: &Question, known: &Known<'_>) -> Filter {
    let ranked: Vec<&String> = question.cues.rank.iter().flat_map(|rank| &rank.by).collect();
    let amount = |term: &str| {
        let limit = |limit: Option<f64>| limit.is_some_and(|l| term.parse() == Ok(l));
        limit(question.cues.at_most) || limit(question.cues.at_least)
    };
    let of_sale = |term: &str| question.cues.on_sale && understand::cues::is_sale_word(term);
    let counts = |term: &&String| {
        !ranked.contains(term)
            && term.as_str() != "not"
            && !amount(term)
            && !of_sale(term)
            && !understand::cues::is_ranking_word(term)
    };
    let (terms, unknown) =
        question.content.iter().filter(counts).cloned().partition(|term| known.names.knows(term));
    Filter {
        terms,
        unknown,
        among: None,
        at_most: question.cues.at_most,
        at_least: question.cues.at_least,
        in_stock: question.cues.stock,
        on_sale: question.cues.on_sale,
        bounds: question.bounds.clone(),
        broad: question.cues.wants && !question.cues.has,
    }
}
