//! The words of a shop: which point to products and how strongly, which name kinds and variants, and
//! which are common in its running text.

use std::collections::{HashMap, HashSet};

use super::{DESCRIBED, terms};
use crate::domain::language::{stem, words};
use crate::knowledge::catalogue::{Catalogue, Product};

/// What a word of a title counts that names what the product goes with.
const GOES_WITH: f32 = 0.5;

/// Every word that points to a product, with how much it says.
pub(super) fn weighted_terms(product: &Product) -> HashMap<String, f32> {
    let mut weights: HashMap<String, f32> = HashMap::new();
    let mut add = |text: &str, weight: f32| {
        for term in terms(text) {
            let known = weights.entry(term).or_insert(0.0);
            *known = known.max(weight);
        }
    };
    // What a title says after "for" is what it goes with and not what it is called.
    let (called, goes_with) = product.title.split_once(" for ").unwrap_or((&product.title, ""));
    add(called, 1.0);
    add(goes_with, GOES_WITH);
    add(&product.id, 1.0);
    for attribute in &product.attributes {
        let weight = match attribute.name.as_str() {
            "mpn" | "gtin" => 1.0,
            "color" | "size" | "brand" | "gender" => 0.6,
            // Long cells are prose; short ones are words that people filter by.
            _ if attribute.value.len() <= 40 => 0.3,
            _ => DESCRIBED,
        };
        add(&attribute.value, weight);
    }
    add(&product.product_type, 0.5);
    add(&product.description, DESCRIBED);
    weights
}

/// Words for kinds of things: from category paths, and last words that several titles share.
pub(super) fn kinds(products: &[Product]) -> HashSet<String> {
    let mut kinds: HashSet<String> = products.iter().flat_map(|p| terms(&p.product_type)).collect();
    let mut heads: HashMap<String, HashSet<&str>> = HashMap::new();
    for product in products {
        let own: HashSet<String> = super::VARIANT_COLUMNS
            .iter()
            .filter_map(|column| product.attribute(column))
            .flat_map(terms)
            .collect();
        let called = product.title.split_once(" for ").map_or(&*product.title, |(c, _)| c);
        let mut title = terms(called);
        let general: HashSet<String> = GENERAL.iter().map(|word| stem(word)).collect();
        title.retain(|term| !own.contains(term) && !measures(term) && !general.contains(term));
        if let Some(head) = title.pop() {
            let model = product.item_group_id.as_deref().unwrap_or(&product.id);
            heads.entry(head).or_default().insert(model);
        }
    }
    kinds.extend(heads.into_iter().filter(|(_, models)| models.len() > 1).map(|(head, _)| head));
    kinds
}

/// Who it is for and how large it is chooses among variants, whatever column says so.
const GENERAL: &[&str] = &[
    "men", "women", "ladies", "kids", "children", "girls", "boys", "unisex", "small", "medium",
    "large", "regular", "xl", "xxl", "xs",
];

/// Does a word only measure: a number, a unit?
pub(super) fn measures(term: &str) -> bool {
    const UNITS: &[&str] = &[
        "cm", "mm", "m", "l", "ml", "g", "kg", "w", "v", "set", "piec", "pc", "litr", "cup", "pack",
    ];
    UNITS.contains(&term) || term.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',')
}

/// Words that the shop also uses in running text without a capital: "light", "down", "amount". One
/// alone is no name.
pub(super) fn common(catalogue: &Catalogue) -> HashSet<String> {
    const OFTEN: u32 = 2;
    let products = catalogue.products.iter().map(|product| product.description.as_str());
    let pages = catalogue.pages.iter().flat_map(|page| &page.sections);
    let pages = pages.flat_map(|section| section.blocks.iter().map(String::as_str));
    let faq = catalogue.faq.iter().flat_map(|faq| [faq.question.as_str(), faq.answer.as_str()]);
    let intents = catalogue.intents.iter().flat_map(|i| i.utterances.iter().map(String::as_str));
    // Whole words: a "Storr" is not common because a "store" is.
    let titled: HashSet<String> = catalogue
        .products
        .iter()
        .flat_map(|product| words(&product.title))
        .map(|word| word.text)
        .collect();
    let mut counts: HashMap<String, u32> = HashMap::new();
    for text in products.chain(pages).chain(faq).chain(intents) {
        for word in words(text) {
            let lower = text[word.span.clone()].starts_with(char::is_lowercase);
            if lower && titled.contains(&word.text) {
                *counts.entry(stem(&word.text)).or_default() += 1;
            }
        }
    }
    counts.into_iter().filter(|(_, count)| *count >= OFTEN).map(|(word, _)| word).collect()
}

/// Words for colours, sizes and the like.
pub(super) fn variants(products: &[Product]) -> HashSet<String> {
    let names = ["color", "size", "gender", "material"];
    let of = |p: &Product| {
        names.iter().filter_map(|n| p.attribute(n)).flat_map(terms).collect::<Vec<_>>()
    };
    let general = GENERAL.iter().map(|word| stem(word));
    products.iter().flat_map(of).chain(general).collect()
}

/// Every word the shop wrote, with how often.
pub(super) fn vocabulary(catalogue: &Catalogue, products: &[Product]) -> HashMap<String, u32> {
    let mut counts: HashMap<String, u32> = HashMap::new();
    let mut add = |text: &str| {
        for word in words(text) {
            *counts.entry(stem(&word.text)).or_default() += 1;
        }
    };
    for product in products {
        add(&product.title);
        add(&product.description);
        add(&product.product_type);
        for attribute in &product.attributes {
            add(&attribute.name.replace('_', " "));
            add(&attribute.value);
        }
    }
    for page in &catalogue.pages {
        add(&page.title);
        for section in &page.sections {
            add(&section.heading);
            section.blocks.iter().for_each(|block| add(block));
        }
    }
    for faq in &catalogue.faq {
        add(&faq.question);
        add(&faq.answer);
    }
    for intent in &catalogue.intents {
        intent.utterances.iter().for_each(|utterance| add(utterance));
    }
    counts
}
