//! What is asked about the products a question names.

use super::subject::is_elliptical;
use super::{Ask, Known, is_number};
use crate::answer::understand::Question;
use crate::answer::understand::cues::is_ranking_word;

/// What is asked about these products, in order: "price and weight of the Comet" asks for two things.
pub fn asks(
    question: &Question,
    known: &Known<'_>,
    columns: &[String],
    about_text: bool,
    products: &[usize],
) -> Vec<Ask> {
    if let Some(column) = choices(question, known, products) {
        return vec![Ask::Choices(column)];
    }
    let first = ask(question, known, columns.first().cloned(), about_text, products);
    let mut asks = vec![first];
    let joined = question.stems.iter().any(|word| word == "and" || word == "plus")
        || question.text.contains(['&', '+', ',']);
    if joined && !matches!(asks[0], Ask::Evidence | Ask::Overview) {
        let mut more: Vec<Ask> = Vec::new();
        if question.cues.price || question.cues.how_much && asks[0] == Ask::Stock {
            more.push(Ask::Price);
        }
        // "In size M" chooses and does not ask.
        let gives = question.content.iter().any(|term| known.names.is_variant(term));
        let asked = columns.iter().filter(|column| !gives || !VARIANTS.contains(&column.as_str()));
        more.extend(asked.map(|column| Ask::Attribute(column.clone())));
        for ask in more {
            if !asks.contains(&ask) {
                asks.push(ask);
            }
        }
    }
    asks
}

/// Columns whose values choose a variant as often as they are asked for.
const VARIANTS: &[&str] = &["size", "color", "gender", "material", "mpn"];

/// "Which colours does it come in?": the column in which the variants of one model are asked for.
fn choices(question: &Question, known: &Known<'_>, products: &[usize]) -> Option<String> {
    // "What size of laptop fits" asks for no choice.
    const AFTER: &[&str] = &[
        "do",
        "doe",
        "does",
        "is",
        "are",
        "have",
        "has",
        "can",
        "com",
        "come",
        "of",
        "there",
        "in",
        "you",
        "available",
        "did",
        "the",
    ];
    let which = question.stems.iter().enumerate().find_map(|(at, stem)| {
        let before = at.checked_sub(1).and_then(|at| question.stems.get(at))?;
        let asks = ["which", "what", "many"].contains(&before.as_str());
        let after = question.stems.get(at + 1);
        let goes_on = after.is_none_or(|word| AFTER.contains(&word.as_str()));
        let column = super::understand::variant_column(stem)?;
        (asks && goes_on).then_some(column)
    });
    let other = || {
        let any = ["other", "different", "more"];
        question.stems.windows(2).find_map(|pair| {
            any.contains(&pair[0].as_str()).then(|| super::understand::variant_column(&pair[1]))?
        })
    };
    let column = which.or_else(other)?;
    let several = known.names.variants_of(*products.first()?).len() > 1;
    several.then(|| column.to_string())
}

/// What is asked about these products first.
fn ask(
    question: &Question,
    known: &Known<'_>,
    attribute: Option<String>,
    about_text: bool,
    products: &[usize],
) -> Ask {
    let names_part = |term: &&String| {
        let of_name = |p: &usize| known.names.title(*p).contains(term);
        products.iter().take(3).any(of_name)
            || question.mention.as_ref().is_some_and(|m| {
                let filed = |p: &usize| known.names.is_filed_under(*p, term);
                m.matched.contains(term) && products.iter().take(3).any(filed)
            })
    };
    // "Bigger" says which one is meant and asks for nothing.
    let chooses_one = |term: &&String| known.sibling.is_some() && is_ranking_word(term);
    // "In size M" says which one, too.
    let given = question.content.iter().any(|term| known.names.is_variant(term));
    let of_size = |term: &&String| given && super::understand::variant_column(term).is_some();
    let leftover: Vec<&String> = question
        .content
        .iter()
        .filter(|t| !names_part(t) && !chooses_one(t) && !of_size(t))
        .collect();
    let bare = leftover.is_empty() && attribute.is_none();
    let before = known.attribute.filter(|_| is_elliptical(question) && bare);
    match before {
        Some("price") => return Ask::Price,
        Some("availability") => return Ask::Stock,
        Some(column) => return Ask::Attribute(column.to_string()),
        None => {}
    }
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
    // "What size of laptop goes in": the size of something else.
    let of_else = |term: &&&String| !known.attributes.is_word(term) && !is_number(term);
    let attribute = attribute.filter(|name| {
        !((VARIANTS.contains(&name.as_str()) || name == "brand")
            && leftover.iter().any(|term| of_else(&term)))
    });
    let elsewhere = about_text && !leftover.is_empty();
    if let Some(attribute) = attribute.filter(|name| !elsewhere || name == "warranty") {
        return Ask::Attribute(attribute);
    }
    if elsewhere {
        return Ask::Evidence;
    }
    if question.cues.price && leftover.len() <= 1 && !question.cues.stock
        || question.cues.how_much && !about_text && leftover.len() <= 1
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
        Some("price") if !asks_something => Ask::Price,
        Some("availability") if !asks_something => Ask::Stock,
        Some(column)
            if !asks_something && (question.cues.refers || question.content.len() <= 3) =>
        {
            Ask::Attribute(column.to_string())
        }
        _ if question.likely("ask_price") > 0.4 => Ask::Price,
        _ if question.likely("ask_stock") > 0.4 => Ask::Stock,
        _ if asks_something || is_elliptical(question) => Ask::Evidence,
        _ => Ask::Overview,
    }
}
