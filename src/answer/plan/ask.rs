//! What is asked about the products a question names.

use super::subject::is_elliptical;
use super::{Ask, Known};
use crate::answer::understand::Question;
use crate::answer::understand::cues::is_ranking_word;

/// What is asked about these products.
pub fn ask(
    question: &Question,
    known: &Known<'_>,
    attribute: Option<String>,
    about_text: bool,
    products: &[usize],
) -> Ask {
    let names_part = |term: &&String| {
        let of_name = |p: &usize| known.names.title(*p).contains(term);
        products.iter().take(3).any(of_name)
            || question.mention.as_ref().is_some_and(|m| m.matched.contains(term))
    };
    // "Bigger" says which one is meant and asks for nothing.
    let chooses_one = |term: &&String| known.sibling.is_some() && is_ranking_word(term);
    let leftover: Vec<&String> =
        question.content.iter().filter(|t| !names_part(t) && !chooses_one(t)).collect();
    let before = known.attribute.filter(|_| is_elliptical(question) && attribute.is_none());
    match before {
        Some("price") => return Ask::Price,
        Some("availability") => return Ask::Stock,
        Some(column) => return Ask::Attribute(column.to_string()),
        None => {}
    }
    const VARIANTS: &[&str] = &["size", "color", "gender", "material", "mpn"];
    let chooses = attribute.as_deref().is_none_or(|name| VARIANTS.contains(&name));
    if question.cues.stock && chooses {
        return Ask::Stock;
    }
    let of_price = !about_text && question.likely("ask_price") > 0.3;
    if question.cues.price && chooses && (leftover.len() <= 2 || of_price) {
        return Ask::Price;
    }
    // "in size M" chooses a variant and does not ask for the size.
    let gives = question.content.iter().any(|term| known.names.is_variant(term));
    let attribute = attribute.filter(|name| !(gives && VARIANTS.contains(&name.as_str())));
    let elsewhere = about_text && !leftover.is_empty();
    if let Some(attribute) = attribute.filter(|name| !elsewhere || name == "warranty") {
        return Ask::Attribute(attribute);
    }
    if elsewhere {
        return Ask::Evidence;
    }
    if question.cues.price && leftover.len() <= 1 && !question.cues.stock
        || question.cues.how_much && leftover.is_empty()
    {
        return Ask::Price;
    }
    if question.cues.has && leftover.len() <= 3 {
        return Ask::Stock;
    }
    if !leftover.is_empty() {
        return Ask::Evidence;
    }
    let asks_something = question.cues.asks && !question.cues.overview;
    match known.attribute {
        _ if question.cues.overview => Ask::Overview,
        Some("price") => Ask::Price,
        Some("availability") => Ask::Stock,
        Some(column) if question.cues.refers || question.content.len() <= 3 => {
            Ask::Attribute(column.to_string())
        }
        _ if question.likely("ask_price") > 0.4 => Ask::Price,
        _ if question.likely("ask_stock") > 0.4 => Ask::Stock,
        _ if asks_something || is_elliptical(question) => Ask::Evidence,
        _ => Ask::Overview,
    }
}
