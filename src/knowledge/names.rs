//! Which products does a text name? An inverted index over titles, brands, model numbers, colours
//! and sizes, with spelling repair against the shop's own vocabulary.
//!
//! A word counts by how few products carry it (inverse document frequency). Words that name a kind
//! of thing ("tent") or a variant ("red", "L") narrow a mention down but never make one alone.

use std::collections::{HashMap, HashSet};

use super::catalogue::{Catalogue, Product};
use crate::domain::language::{is_stop_word, stem, words};

/// What a title's missing word costs, as a share of that word's weight: of two products that match
/// the same words, the one whose name has fewer others is meant.
const MISSING: f32 = 0.12;
/// Words of descriptions count a little, so that "the down jacket" prefers the one filled with down.
const DESCRIBED: f32 = 0.08;

/// The names of a shop's products.
pub struct Names {
    products: Vec<Entry>,
    postings: HashMap<String, Vec<(usize, f32)>>,
    kinds: HashSet<String>,
    variants: HashSet<String>,
    vocabulary: HashMap<String, u32>,
    common: HashSet<String>,
}

struct Entry {
    title: Vec<String>,
    group: Option<String>,
}

/// Products that a text names about equally well.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// Their places in the catalogue, best first.
    pub products: Vec<usize>,
    /// The best one's score.
    pub score: f32,
    /// The words that matched, as stems.
    pub matched: Vec<String>,
    /// A word that names products, and not only a kind or a variant, was among them.
    pub by_name: bool,
}

impl Names {
    /// Indexes a catalogue.
    pub fn build(catalogue: &Catalogue) -> Self {
        let products = &catalogue.products;
        let (kinds, variants) = (kinds(products), variants(products));
        let mut postings: HashMap<String, Vec<(usize, f32)>> = HashMap::new();
        let mut entries = Vec::with_capacity(products.len());
        for (at, product) in products.iter().enumerate() {
            for (term, weight) in weighted_terms(product) {
                postings.entry(term).or_default().push((at, weight));
            }
            let group = product.item_group_id.clone();
            entries.push(Entry { title: terms(&product.title), group });
        }
        let vocabulary = vocabulary(catalogue);
        let common = common(catalogue);
        Self { products: entries, postings, kinds, variants, vocabulary, common }
    }

    /// The products these stems name best, or `None` if no word of theirs belongs to any product.
    /// `among` restricts the search.
    pub fn find(&self, stems: &[String], among: Option<&[usize]>) -> Option<Mention> {
        let mut found: HashMap<usize, f32> = HashMap::new();
        let mut matched = Vec::new();
        let mut by_name = false;
        for term in unique(stems) {
            let Some(postings) = self.postings.get(term) else { continue };
            let idf = self.idf(term);
            let mut strong = false;
            for (product, weight) in postings {
                if among.is_none_or(|among| among.contains(product)) {
                    *found.entry(*product).or_default() += idf * weight;
                    strong |= *weight > DESCRIBED;
                }
            }
            if strong {
                matched.push(term.clone());
                by_name |= self.is_name(term) && !self.common.contains(term);
            }
        }
        let missing = |product: usize| -> f32 {
            let title = &self.products[product].title;
            title.iter().filter(|t| !stems.contains(t)).map(|t| self.idf(t) * MISSING).sum()
        };
        let mut ranked: Vec<(usize, f32)> =
            found.into_iter().map(|(product, score)| (product, score - missing(product))).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let best = ranked.first()?.1;
        if matched.is_empty() {
            return None;
        }
        // "Gas 450", "the arc lamp": words that stand in one title name a product together, if one
        // of them is more than its kind.
        let top = &self.products[ranked[0].0].title;
        let in_top: Vec<&String> = matched.iter().filter(|term| top.contains(term)).collect();
        let tells =
            |term: &&&String| self.is_name(term) || term.chars().all(|c| c.is_ascii_digit());
        by_name |= in_top.len() > 1 && in_top.iter().any(|term| tells(&term));
        // Variants of one model differ in words of their descriptions, other models hardly may.
        let first = ranked[0].0;
        let group = self.products[first].group.as_deref();
        let close = |(product, score): &&(usize, f32)| {
            let same = group.is_some() && self.products[*product].group.as_deref() == group;
            *score >= best - if same { 0.05 * best.abs() } else { 0.01 }
        };
        let products = ranked.iter().filter(close).map(|(p, _)| *p).collect();
        Some(Mention { products, score: best, matched, by_name })
    }

    /// How telling a word is: the logarithm of how few products carry it.
    pub fn idf(&self, term: &str) -> f32 {
        let carriers = self.postings.get(term).map_or(0, Vec::len) as f32;
        ((self.products.len() as f32 + 1.0) / (carriers + 0.5)).ln().max(0.1)
    }

    /// Does this stem name products, not merely a kind of thing or a variant?
    pub fn is_name(&self, term: &str) -> bool {
        self.postings.get(term).is_some_and(|p| p.iter().any(|(_, weight)| *weight >= 0.9))
            && !self.kinds.contains(term)
            && !self.variants.contains(term)
            && !term.chars().all(|c| c.is_ascii_digit())
    }

    /// The other products whose titles share a product's own name.
    pub fn family(&self, product: usize) -> Vec<usize> {
        let title = &self.products[product].title;
        let own = |term: &&String| self.is_name(term) && !self.common.contains(*term);
        let Some(name) = title.iter().find(own).or_else(|| title.iter().find(|t| self.is_name(t)))
        else {
            return Vec::new();
        };
        (0..self.products.len())
            .filter(|other| *other != product && self.products[*other].title.contains(name))
            .collect()
    }

    /// Is this stem a kind of thing the shop sells?
    pub fn is_kind(&self, term: &str) -> bool {
        self.kinds.contains(term)
    }

    /// Is this stem a colour or size of something the shop sells?
    pub fn is_variant(&self, term: &str) -> bool {
        self.variants.contains(term)
    }

    /// Does this stem stand anywhere in what the shop wrote?
    pub fn knows(&self, term: &str) -> bool {
        self.vocabulary.contains_key(term)
    }

    /// Does this product carry the word anywhere, its description included?
    pub fn carries(&self, product: usize, term: &str) -> bool {
        self.postings.get(term).is_some_and(|postings| postings.iter().any(|(p, _)| *p == product))
    }

    /// Does this product carry the word in its name, brand, variant, kind or a short attribute?
    pub fn is_filed_under(&self, product: usize, term: &str) -> bool {
        let filed = |(p, weight): &(usize, f32)| *p == product && *weight > DESCRIBED;
        self.postings.get(term).is_some_and(|postings| postings.iter().any(filed))
    }

    /// The titles that hold a word.
    pub fn titled<'a>(&'a self, term: &'a str) -> impl Iterator<Item = &'a [String]> {
        let titles = self.products.iter().map(|entry| entry.title.as_slice());
        titles.filter(move |title| title.iter().any(|t| t == term))
    }

    /// How many products there are.
    pub fn len(&self) -> usize {
        self.products.len()
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.products.is_empty()
    }

    /// The stems of a product's title.
    pub fn title(&self, product: usize) -> &[String] {
        &self.products[product].title
    }

    /// Products of a kind, in catalogue order.
    pub fn of_kind(&self, term: &str) -> Vec<usize> {
        let postings = self.postings.get(term).map(Vec::as_slice).unwrap_or_default();
        postings.iter().filter(|(_, weight)| *weight > DESCRIBED).map(|(p, _)| *p).collect()
    }

    /// Are all of these variants of one model?
    pub fn one_group(&self, products: &[usize]) -> bool {
        let mut groups = products.iter().map(|p| self.products[*p].group.as_deref());
        match groups.next() {
            Some(Some(first)) => groups.all(|group| group == Some(first)),
            _ => products.len() == 1,
        }
    }

    /// The word of the shop's that a mistyped one most likely means. Words the shop uses, short
    /// words and words with digits are left alone.
    pub fn repair(&self, word: &str) -> Option<String> {
        let length = word.chars().count();
        if length < 4 || self.vocabulary.contains_key(word) || word.chars().any(|c| c.is_numeric())
        {
            return None;
        }
        let allowed = if length < 7 { 1 } else { 2 };
        let first = word.chars().next()?;
        self.vocabulary
            .iter()
            .filter(|(known, _)| known.starts_with(first))
            .filter(|(known, _)| known.chars().count().abs_diff(length) <= allowed)
            .map(|(known, count)| {
                (strsim::osa_distance(word, known), std::cmp::Reverse(*count), known)
            })
            .filter(|(distance, _, _)| *distance <= allowed)
            .min()
            .map(|(_, _, known)| known.clone())
    }
}

/// The stems of a text without its stop words.
pub fn terms(text: &str) -> Vec<String> {
    let mut terms = stems(text);
    terms.retain(|term| !is_stop_word(term));
    terms
}

/// The stems of a text in order. A hyphenated word gives itself without the hyphen (`RT-210` is
/// `rt210`) and what it joins (`3-person` holds `person`).
pub fn stems(text: &str) -> Vec<String> {
    let mut stems = Vec::new();
    for word in words(text) {
        if word.text.contains('-') {
            stems.push(stem(&word.joined()));
            stems.extend(word.parts().map(stem));
        } else {
            stems.push(counted(stem(&word.text)));
        }
    }
    stems
}

/// Small numbers in digits, so that "for two people" finds "2 persons".
fn counted(stem: String) -> String {
    const WORDS: [&str; 10] =
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    // "one" is mostly a pronoun.
    match WORDS.iter().position(|word| *word == stem) {
        Some(at) if at > 0 => (at + 1).to_string(),
        _ => stem,
    }
}

fn unique(stems: &[String]) -> impl Iterator<Item = &String> {
    let mut seen = HashSet::new();
    stems.iter().filter(move |stem| seen.insert(stem.as_str()))
}

/// Every word that points to a product, with how much it says.
fn weighted_terms(product: &Product) -> HashMap<String, f32> {
    let mut weights: HashMap<String, f32> = HashMap::new();
    let mut add = |text: &str, weight: f32| {
        for term in terms(text) {
            let known = weights.entry(term).or_insert(0.0);
            *known = known.max(weight);
        }
    };
    add(&product.title, 1.0);
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
fn kinds(products: &[Product]) -> HashSet<String> {
    let mut kinds: HashSet<String> = products.iter().flat_map(|p| terms(&p.product_type)).collect();
    let mut heads: HashMap<String, HashSet<&str>> = HashMap::new();
    for product in products {
        if let Some(head) = terms(&product.title).pop() {
            let model = product.item_group_id.as_deref().unwrap_or(&product.id);
            heads.entry(head).or_default().insert(model);
        }
    }
    kinds.extend(heads.into_iter().filter(|(_, models)| models.len() > 1).map(|(head, _)| head));
    kinds
}

/// Words that the shop also uses in running text without a capital: "light", "down", "amount". One
/// alone is no name.
fn common(catalogue: &Catalogue) -> HashSet<String> {
    const OFTEN: u32 = 2;
    let products = catalogue.products.iter().map(|product| product.description.as_str());
    let pages = catalogue.pages.iter().flat_map(|page| &page.sections);
    let pages = pages.flat_map(|section| section.blocks.iter().map(String::as_str));
    let faq = catalogue.faq.iter().flat_map(|faq| [faq.question.as_str(), faq.answer.as_str()]);
    let intents = catalogue.intents.iter().flat_map(|i| i.utterances.iter().map(String::as_str));
    let mut counts: HashMap<String, u32> = HashMap::new();
    for text in products.chain(pages).chain(faq).chain(intents) {
        for word in words(text) {
            if text[word.span.clone()].starts_with(char::is_lowercase) {
                *counts.entry(stem(&word.text)).or_default() += 1;
            }
        }
    }
    counts.into_iter().filter(|(_, count)| *count >= OFTEN).map(|(word, _)| word).collect()
}

fn variants(products: &[Product]) -> HashSet<String> {
    let names = ["color", "size", "gender", "material"];
    let of = |p: &Product| {
        names.iter().filter_map(|n| p.attribute(n)).flat_map(terms).collect::<Vec<_>>()
    };
    products.iter().flat_map(of).collect()
}

fn vocabulary(catalogue: &Catalogue) -> HashMap<String, u32> {
    let mut counts: HashMap<String, u32> = HashMap::new();
    let mut add = |text: &str| {
        for word in words(text) {
            *counts.entry(stem(&word.text)).or_default() += 1;
        }
    };
    for product in &catalogue.products {
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
