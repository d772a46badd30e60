//! Which products a question is about: named, referred to, or one of a kind.

use super::{Known, is_number, names_something};
use crate::answer::understand::Question;
use crate::domain::language::values::Quantity;

/// The products a question is about: those it names, those it refers to, or a mixture of both.
pub fn named_products(
    question: &Question,
    known: &Known<'_>,
    asks_column: bool,
) -> Option<Vec<usize>> {
    let spoken_of = (!known.spoken_of.is_empty()).then_some(known.spoken_of);
    let by_name = names_something(question);
    match (&question.mention, spoken_of) {
        // "The second one" of those that were named.
        (_, Some(spoken_of)) if !by_name && question.cues.nth.is_some() && spoken_of.len() > 1 => {
            let at = question.cues.nth?.min(spoken_of.len() - 1);
            Some(vec![spoken_of[at]])
        }
        _ if !by_name && known.sibling.is_some() => known.sibling.map(|product| vec![product]),
        (Some(mention), _) if mention.by_name => {
            Some(belonging(&mention.products, question, known))
        }
        // "and in red?", "and the 3 person one?", "red, 38": its words, on top of what was spoken of.
        (Some(mention), Some(spoken_of)) if refers(question) || continues(question, known) => {
            let narrowed = narrowed(&mention.matched, known);
            let likest = || likest(&mention.matched, known);
            let found = narrowed.or_else(likest).unwrap_or_else(|| spoken_of.to_vec());
            Some(belonging(&found, question, known))
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
            Some(products)
        }
        _ => None,
    }
}

/// "How much is a lid for it": of several, those that measure what was spoken of does.
fn belonging(products: &[usize], question: &Question, known: &Known<'_>) -> Vec<usize> {
    let Some(current) = known.spoken_of.first().filter(|_| question.cues.refers) else {
        return products.to_vec();
    };
    let own = known.names.title(*current);
    let alike =
        |p: &usize| known.names.title(*p).iter().any(|term| is_number(term) && own.contains(term));
    let found: Vec<usize> = products.iter().copied().filter(alike).collect();
    if found.is_empty() || products.contains(current) { products.to_vec() } else { found }
}

/// Those that carry all the new words: of several that were spoken of, else of the variants and the
/// family of the first, where the one most like it is meant.
fn narrowed(new: &[String], known: &Known<'_>) -> Option<Vec<usize>> {
    let names = known.names;
    let current = *known.spoken_of.first()?;
    let fits = |p: &usize| new.iter().all(|term| names.is_filed_under(*p, term));
    let among: Vec<usize> = known.spoken_of.iter().copied().filter(fits).collect();
    if known.spoken_of.len() > 1 && !among.is_empty() {
        return Some(among);
    }
    let mut pool = names.variants_of(current);
    for other in names.family(current) {
        if !pool.contains(&other) {
            pool.push(other);
        }
    }
    let shared = |p: &usize| {
        names.title(*p).iter().filter(|term| names.title(current).contains(term)).count()
    };
    pool.retain(fits);
    // What was spoken of is meant again only where nothing else is.
    if pool.iter().any(|p| *p != current) {
        pool.retain(|p| *p != current);
    }
    let titled = |p: &usize| new.iter().filter(|term| names.title(*p).contains(term)).count();
    // "Large" is not "extra large".
    let more = |p: &usize| {
        let said = |term: &&String| names.title(current).contains(term) || new.contains(term);
        names.title(*p).iter().filter(|term| !said(term)).count()
    };
    let rated = |p: &usize| (titled(p), shared(p), std::cmp::Reverse(more(p)));
    let most = pool.iter().map(rated).max()?;
    pool.retain(|p| rated(p) == most);
    Some(pool)
}

/// Those that the new words and the old name describe best, whatever they are.
fn likest(new: &[String], known: &Known<'_>) -> Option<Vec<usize>> {
    let current = *known.spoken_of.first()?;
    let mut stems = new.to_vec();
    stems.extend(known.names.title(current).iter().filter(|t| !is_number(t)).cloned());
    let combined = known.names.find(&stems, None)?;
    let fits = |p: &usize| new.iter().any(|term| known.names.is_filed_under(*p, term));
    let products: Vec<usize> = combined.products.into_iter().filter(fits).collect();
    (!products.is_empty()).then_some(products)
}

/// "The Ridge 5", where there are only a Ridge 2, 3 and 4.
pub fn names_another_model(question: &Question, known: &Known<'_>) -> bool {
    let Some(mention) = &question.mention else { return false };
    let other = |run: &[String]| {
        let called: Vec<&[String]> = known.names.titled(&run[0]).collect();
        let sized = |number: &str| {
            (0..known.names.len())
                .any(|p| known.names.title(p).contains(&run[0]) && known.is_size(p, number))
        };
        mention.matched.contains(&run[0])
            && known.names.is_name(&run[0])
            && is_number(&run[1])
            && called.iter().any(|title| title.iter().any(|term| is_number(term)))
            && !called.iter().any(|title| title.contains(&run[1]))
            && !sized(&run[1])
    };
    question.stems.windows(2).any(other)
}

/// "The knife of 24 cm", where its titles say 16 and 20 cm: a variant that is not there.
pub fn names_another_measure(question: &Question, known: &Known<'_>) -> bool {
    let Some(mention) = question.mention.as_ref().filter(|mention| mention.by_name) else {
        return false;
    };
    let wants_one =
        question.cues.price || question.cues.how_much || question.cues.stock || question.cues.has;
    let limits = !question.bounds.is_empty() || !question.amounts.is_empty();
    if !wants_one || limits || question.quantities.len() != 1 {
        return false;
    }
    let asked = &question.quantities[0];
    let Some(first) = mention.products.first() else { return false };
    let mut like = known.names.variants_of(*first);
    like.extend(known.names.family(*first));
    let said: Vec<_> = like.iter().flat_map(|p| known.measures(*p)).collect();
    let comparable = |q: &&Quantity| q.dimension == asked.dimension;
    said.iter().any(|q| comparable(&q)) && !said.iter().filter(comparable).any(|q| q == asked)
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
