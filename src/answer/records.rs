//! Questions that are answered by querying records: prices, stock, columns, comparisons, the best of
//! many, some that fit. No text is searched and nothing is left to the model.

use super::attributes::{Attributes, number, spoken};
use super::plan::{Ask, Filter};
use super::understand::Question;
use super::understand::cues::Rank;
use super::wording;
use crate::domain::reply::Fact;
use crate::knowledge::Knowledge;
use crate::knowledge::catalogue::{Availability, Product};

/// Options named when a question fits several products.
const OPTIONS: usize = 4;
/// Products named when some are asked for.
const LISTED: usize = 3;

/// What records say to a question.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// These facts, about these products.
    Facts(Vec<Fact>, Vec<usize>),
    /// The answer depends on which of these is meant.
    Which(Vec<usize>),
    /// The records do not hold it.
    Nothing,
}

/// One thing about one product, or about several that a name fits.
pub fn about(knowledge: &Knowledge, products: &[usize], ask: &Ask, question: &Question) -> Found {
    let said: Vec<(usize, Option<Fact>)> =
        products.iter().map(|p| (*p, one(knowledge, *p, ask, question))).collect();
    let known: Vec<(usize, Fact)> =
        said.into_iter().filter_map(|(p, fact)| Some((p, fact?))).collect();
    match known.as_slice() {
        [] => Found::Nothing,
        [(product, fact)] if products.len() == 1 => Found::Facts(vec![fact.clone()], vec![*product]),
        _ if known.len() == products.len() && same_answer(knowledge, products, ask) => {
            let mut fact = known[0].1.clone();
            fact.sources = products.iter().map(|p| wording::source(knowledge.product(*p))).collect();
            Found::Facts(vec![fact], products.to_vec())
        }
        _ if knowledge.names.one_group(products) => variants(knowledge, &known),
        _ => Found::Which(products.iter().take(OPTIONS).copied().collect()),
    }
}

/// Does everything that the name fits have the same answer? Then it need not be asked which.
fn same_answer(knowledge: &Knowledge, products: &[usize], ask: &Ask) -> bool {
    let key = |p: &usize| {
        let product = knowledge.product(*p);
        match ask {
            Ask::Price => format!("{:?}{:?}", product.price, product.sale_price),
            Ask::Stock => format!("{:?}", product.availability),
            Ask::Attribute(column) => product.attribute(column).unwrap_or_default().to_lowercase(),
            Ask::Overview | Ask::Evidence => product.description.clone(),
        }
    };
    let first = key(&products[0]);
    // Answers that agree by chance about unrelated things are still different things.
    products.iter().all(|p| key(p) == first)
        && (knowledge.names.one_group(products) || same_title(knowledge, products))
}

fn same_title(knowledge: &Knowledge, products: &[usize]) -> bool {
    products.iter().all(|p| knowledge.product(*p).title == knowledge.product(products[0]).title)
}

/// Variants of one model with different answers: each answer once, with the variants it holds for.
fn variants(knowledge: &Knowledge, known: &[(usize, Fact)]) -> Found {
    let facts = known.iter().take(OPTIONS).map(|(_, fact)| fact.clone()).collect();
    Found::Facts(facts, known.iter().map(|(p, _)| *p).collect())
}

/// One thing about one product.
fn one(knowledge: &Knowledge, product: usize, ask: &Ask, question: &Question) -> Option<Fact> {
    let name = knowledge.name(product);
    let product = knowledge.product(product);
    let locale = &knowledge.catalogue.shop.locale;
    let text = match ask {
        Ask::Price => wording::price(product, &name, locale)?,
        Ask::Stock => wording::stock(product, &name)?,
        Ask::Attribute(column) => wording::attribute(&name, column, product.attribute(column)?),
        Ask::Overview => overview(knowledge, product, &name)?,
        Ask::Evidence => return None,
    };
    let polarity = match (ask, product.availability) {
        (Ask::Stock, Some(availability)) if question.cues.yes_no => {
            Some(availability == Availability::InStock)
        }
        _ => None,
    };
    Some(Fact {
        text,
        question: question.text.clone(),
        polarity,
        keep: Vec::new(),
        sources: vec![wording::source(product)],
    })
}

/// What a product is and what it costs, in two sentences.
fn overview(knowledge: &Knowledge, product: &Product, name: &str) -> Option<String> {
    let price = wording::price(product, name, &knowledge.catalogue.shop.locale);
    let first = crate::knowledge::sentences::split(&product.description).into_iter().next();
    match (first, price) {
        (Some(first), Some(price)) => Some(format!("{} {price}", wording::about(name, &first))),
        (Some(first), None) => Some(wording::about(name, &first)),
        (None, price) => price,
    }
}

/// Products against each other: by what the question names, else by price and what else differs.
pub fn compare(
    knowledge: &Knowledge,
    attributes: &Attributes,
    products: &[usize],
    rank: Option<&Rank>,
    attribute: Option<&str>,
    question: &Question,
) -> Found {
    let column = rank
        .and_then(|rank| ranked_column(knowledge, attributes, rank, products))
        .or_else(|| attribute.map(str::to_string))
        .or_else(|| question.cues.price.then(|| "price".to_string()));
    let columns = match column {
        Some(column) => vec![column],
        None => differing(knowledge, products),
    };
    let facts: Vec<Fact> = columns
        .iter()
        .take(3)
        .filter_map(|column| side_by_side(knowledge, products, column, rank, question))
        .collect();
    if facts.is_empty() { Found::Nothing } else { Found::Facts(facts, products.to_vec()) }
}

/// The columns in which products differ, price first, at most four.
fn differing(knowledge: &Knowledge, products: &[usize]) -> Vec<String> {
    const SILENT: &[&str] = &["gtin", "mpn", "brand"];
    let mut columns = vec!["price".to_string(), "weight".to_string()];
    let first = knowledge.product(products[0]);
    columns.extend(first.attributes.iter().map(|a| a.name.clone()).filter(|n| n != "weight" && !SILENT.contains(&n.as_str())));
    columns.retain(|column| {
        let values: Vec<Option<String>> =
            products.iter().map(|p| value(knowledge, *p, column)).collect();
        values.iter().all(Option::is_some) && values.iter().any(|v| *v != values[0])
    });
    columns.truncate(4);
    columns
}

/// A column's value as it is said.
fn value(knowledge: &Knowledge, product: usize, column: &str) -> Option<String> {
    let product = knowledge.product(product);
    match column {
        "price" => product.price_now().map(|p| p.format(&knowledge.catalogue.shop.locale)),
        column => product.attribute(column).map(str::to_string),
    }
}

fn side_by_side(
    knowledge: &Knowledge,
    products: &[usize],
    column: &str,
    rank: Option<&Rank>,
    question: &Question,
) -> Option<Fact> {
    let mut said = Vec::new();
    let mut keep = Vec::new();
    for product in products {
        let value = value(knowledge, *product, column)?;
        let name = wording::the_inner(&knowledge.name(*product));
        keep.push(value.clone());
        said.push(match column {
            "price" => format!("{name} costs {value}"),
            "weight" => format!("{name} weighs {value}"),
            "material" => format!("{name} is made of {value}"),
            column => format!("the {} of {name} is {value}", spoken(column)),
        });
    }
    let mut text = capitalised(&wording::list(&said, "and"));
    if let Some(verdict) = verdict(knowledge, products, column, rank) {
        text = format!("{text}, {verdict}");
    }
    Some(Fact {
        text: format!("{text}."),
        question: question.text.clone(),
        polarity: None,
        keep,
        sources: products.iter().map(|p| wording::source(knowledge.product(*p))).collect(),
    })
}

/// "so the Ridge 2 is €50.00 cheaper", where two are compared by price or weight.
fn verdict(knowledge: &Knowledge, products: &[usize], column: &str, rank: Option<&Rank>) -> Option<String> {
    let numbers: Option<Vec<f64>> =
        products.iter().map(|p| number(knowledge.product(*p), column)).collect();
    let numbers = numbers?;
    if numbers.iter().all(|n| *n == numbers[0]) {
        return Some("so there is no difference".into());
    }
    let best = |most: bool| {
        let order = |a: &usize, b: &usize| numbers[*a].total_cmp(&numbers[*b]);
        if most { (0..numbers.len()).max_by(order) } else { (0..numbers.len()).min_by(order) }
    };
    let name = |at: usize| wording::the_inner(&knowledge.name(products[at]));
    let two = products.len() == 2;
    match column {
        "price" => {
            let cheapest = best(false)?;
            let gap = (numbers[0] - numbers[1]).abs() as i64;
            let price = knowledge.product(products[0]).price_now()?;
            let gap = crate::domain::money::Money { minor: gap, ..price };
            Some(if two {
                let gap = gap.format(&knowledge.catalogue.shop.locale);
                format!("so {} is {gap} cheaper", name(cheapest))
            } else {
                format!("so {} is the cheapest", name(cheapest))
            })
        }
        "weight" => {
            let heavy = rank.is_some_and(|rank| rank.most);
            let degree = match (heavy, two) {
                (true, true) => "heavier",
                (true, false) => "the heaviest",
                (false, true) => "lighter",
                (false, false) => "the lightest",
            };
            Some(format!("so {} is {degree}", name(best(heavy)?)))
        }
        _ => None,
    }
}

/// The best of many by a number. Ties are all named.
pub fn best(
    knowledge: &Knowledge,
    attributes: &Attributes,
    filter: &Filter,
    rank: &Rank,
    question: &Question,
) -> Found {
    let Some(candidates) = candidates(knowledge, filter) else { return Found::Nothing };
    let Some(column) = ranked_column(knowledge, attributes, rank, &candidates) else {
        return Found::Nothing;
    };
    let mut measured: Vec<(usize, f64)> = candidates
        .iter()
        .filter_map(|p| Some((*p, number(knowledge.product(*p), &column)?)))
        .collect();
    measured.sort_by(|a, b| if rank.most { b.1.total_cmp(&a.1) } else { a.1.total_cmp(&b.1) });
    let Some((_, top)) = measured.first().copied() else { return Found::Nothing };
    let winners: Vec<usize> = measured.iter().take_while(|(_, n)| *n == top).map(|(p, _)| *p).collect();
    let mut named: Vec<usize> = Vec::new();
    for winner in &winners {
        if named.iter().all(|n| knowledge.name(*n) != knowledge.name(*winner)) {
            named.push(*winner);
        }
    }
    named.truncate(LISTED);
    let facts = named
        .iter()
        .filter_map(|p| {
            let value = value(knowledge, *p, &column)?;
            let name = wording::the(&knowledge.name(*p));
            let degree = superlative(&column, rank.most);
            let what = kind(knowledge, filter);
            let text = match column.as_str() {
                "price" => format!("{name} is the {degree}{what}, at {value}."),
                "weight" => format!("{name} is the {degree}{what}, at {value}."),
                column => format!("{name} has the {degree} {}{}, at {value}.", spoken(column), of(&what)),
            };
            Some(Fact {
                text,
                question: question.text.clone(),
                polarity: None,
                keep: vec![value],
                sources: vec![wording::source(knowledge.product(*p))],
            })
        })
        .collect();
    Found::Facts(facts, winners)
}

fn superlative(column: &str, most: bool) -> &'static str {
    match (column, most) {
        ("price", true) => "most expensive",
        ("price", false) => "cheapest",
        ("weight", true) => "heaviest",
        ("weight", false) => "lightest",
        (_, true) => "highest",
        (_, false) => "lowest",
    }
}

/// The kind of thing that was asked for, in the words of the question.
fn kind(knowledge: &Knowledge, filter: &Filter) -> String {
    let word = filter.terms.iter().rev().find(|term| knowledge.names.is_kind(term));
    word.map(|word| format!(" {word}")).unwrap_or_else(|| " one".to_string())
}

fn of(what: &str) -> String {
    if what == " one" { String::new() } else { format!(" of our{what}s") }
}

/// The first column that a ranking names and that the candidates have numbers in.
fn ranked_column(
    knowledge: &Knowledge,
    attributes: &Attributes,
    rank: &Rank,
    products: &[usize],
) -> Option<String> {
    let columns = rank.by.iter().flat_map(|by| {
        let price = (by == "price").then(|| "price".to_string());
        price.into_iter().chain(attributes.columns(by).cloned()).collect::<Vec<_>>()
    });
    let filled = |column: &String| {
        let with = products.iter().filter(|p| number(knowledge.product(**p), column).is_some());
        with.count() * 2 > products.len().min(2)
    };
    columns.into_iter().find(filled)
}

/// Some products that fit, those in stock first.
pub fn list(knowledge: &Knowledge, filter: &Filter, question: &Question) -> Found {
    let Some(mut fitting) = candidates(knowledge, filter) else { return Found::Nothing };
    let out = |p: &usize| knowledge.product(*p).availability == Some(Availability::OutOfStock);
    fitting.sort_by_key(out);
    let mut named: Vec<usize> = Vec::new();
    for product in &fitting {
        if named.iter().all(|n| knowledge.name(*n) != knowledge.name(*product)) {
            named.push(*product);
        }
    }
    let count = named.len();
    named.truncate(LISTED);
    if named.is_empty() {
        return Found::Nothing;
    }
    let locale = &knowledge.catalogue.shop.locale;
    let said: Vec<String> = named
        .iter()
        .map(|p| {
            let product = knowledge.product(*p);
            let name = wording::the_inner(&knowledge.name(*p));
            let note = if out(p) { ", which is out of stock" } else { "" };
            match product.price_now() {
                Some(price) => format!("{name} at {}{note}", price.format(locale)),
                None => format!("{name}{note}"),
            }
        })
        .collect();
    let more = if count > LISTED { ", among others" } else { "" };
    let fact = Fact {
        text: format!("We have {}{more}.", wording::list(&said, "and")),
        question: question.text.clone(),
        polarity: question.cues.yes_no.then_some(true),
        keep: Vec::new(),
        sources: named.iter().map(|p| wording::source(knowledge.product(*p))).collect(),
    };
    Found::Facts(vec![fact], named)
}

/// The products that carry every word of a filter and keep to its limits. `None` if a word is not the
/// shop's at all, or nothing of that kind is sold.
fn candidates(knowledge: &Knowledge, filter: &Filter) -> Option<Vec<usize>> {
    if !filter.unknown.is_empty() && filter.among.is_none() {
        return None;
    }
    let all: Vec<usize> = match &filter.among {
        Some(among) => among.clone(),
        None => (0..knowledge.catalogue.products.len()).collect(),
    };
    let names = &knowledge.names;
    let within = |p: &usize| {
        let product = knowledge.product(*p);
        let unit = 10_f64.powi(knowledge.catalogue.shop.currency.minor_digits() as i32);
        let price = product.price_now().map(|price| price.minor as f64 / unit);
        filter.at_most.is_none_or(|most| price.is_some_and(|price| price <= most))
            && filter.at_least.is_none_or(|least| price.is_some_and(|price| price >= least))
            && (!filter.in_stock || product.availability == Some(Availability::InStock))
    };
    let mut fitting: Vec<usize> = all.into_iter().filter(within).collect();
    // Words that file products narrow first; words of descriptions only while something is left.
    let (mut filed, mut described): (Vec<&String>, Vec<&String>) =
        filter.terms.iter().partition(|term| names.is_kind(term) || names.is_variant(term));
    described.retain(|term| fitting.iter().any(|p| names.carries(*p, term)) || filed.is_empty());
    filed.sort_by_key(|term| !names.is_kind(term));
    for term in filed {
        fitting.retain(|p| names.is_filed_under(*p, term));
    }
    for term in described {
        let narrowed: Vec<usize> = fitting.iter().filter(|p| names.carries(**p, term)).copied().collect();
        fitting = narrowed;
    }
    Some(fitting).filter(|fitting| !fitting.is_empty())
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
