//! Products set against each other: which, and by what.

use super::{Known, Lookup, is_number};
use crate::answer::understand::Question;
use crate::knowledge::names::Mention;

/// Products set against each other, if two or more are named.
pub fn compare(question: &Question, known: &Known<'_>, attribute: Option<&str>) -> Option<Lookup> {
    let rank = question.cues.rank.clone().filter(|rank| known.attributes.can_rank(rank));
    let mut products = several_named(question, known);
    let comparing = question.cues.compares
        || question.likely("compare") > 0.4
        // "The price of the Comet and of the Spark": of each.
        || products.len() > 1 && (question.cues.price || question.cues.how_much || attribute.is_some());
    if !comparing || known.sibling.is_some() {
        return None;
    }
    if products.len() < 2 && question.cues.refers && known.spoken_of.len() >= 2 {
        products = known.spoken_of.to_vec();
    }
    if products.len() == 1
        && let Some(other) = known.spoken_of.iter().find(|p| **p != products[0])
        && (question.cues.refers || rank.is_some())
    {
        products.push(*other);
    }
    products.truncate(3);
    let of_names =
        |term: &&String| products.iter().any(|p| known.names.is_filed_under(*p, term.as_str()));
    let topic = rank.is_none()
        && attribute.is_none()
        && !question.cues.price
        && question
            .content
            .iter()
            .any(|term| !of_names(&term) && !COMPARING.contains(&term.as_str()));
    let attribute = attribute.map(str::to_string);
    (products.len() >= 2).then_some(Lookup::Compare { products, rank, attribute, topic })
}

/// Stems of words that compare and say nothing about what.
const COMPARING: &[&str] =
    &["differ", "differenc", "compar", "comparison", "between", "better", "versu", "vs", "main"];

/// The products that the parts of a question name, in order: "the Ridge 2 or the 3".
fn several_named(question: &Question, known: &Known<'_>) -> Vec<usize> {
    const JOINTS: &[&str] =
        &["or", "and", "vs", "versus", "than", "over", "to", "with", "from", "between", "against"];
    let mut products: Vec<usize> = Vec::new();
    for part in question.stems.split(|word| JOINTS.contains(&word.as_str())) {
        let first = products.first().copied();
        // "Pressure cooker 4.5": a kind and a number, which one product has.
        let one = |mention: &Mention| {
            mention.by_name || mention.matched.len() > 1 && mention.products.len() == 1
        };
        let mention = known.names.find(part, None).filter(one).or_else(|| {
            // "the 3": what differs, on top of the name before.
            let title = known.names.title(first?);
            let new: Vec<String> = part
                .iter()
                .filter(|w| known.names.knows(w) && !title.contains(w))
                .cloned()
                .collect();
            let mut stems = new.clone();
            stems.extend(
                title
                    .iter()
                    .filter(|t| !is_number(t) || new.iter().all(|n| !is_number(n)))
                    .cloned(),
            );
            let filed = |p: &usize| new.iter().all(|term| known.names.is_filed_under(*p, term));
            let with_new: Vec<usize> = (0..known.names.len()).filter(filed).collect();
            let found = known.names.find(&stems, Some(&with_new))?;
            (!new.is_empty()).then_some(found)
        });
        let Some(mention) = mention else { continue };
        if let Some(product) = mention.products.iter().find(|p| !products.contains(p)) {
            products.push(*product);
        }
    }
    products
}
