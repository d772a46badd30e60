//! Which products does a text name? An inverted index over titles, brands, model numbers, colours
//! and sizes, with spelling repair against the shop's own vocabulary.
//!
//! A word counts by how few products carry it (inverse document frequency). Words that name a kind
//! of thing ("tent") or a variant ("red", "L") narrow a mention down but never make one alone.

use std::collections::{HashMap, HashSet};

mod groups;
mod vocabulary;

pub use groups::VARIANT_COLUMNS;

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
    /// Indexes a catalogue, its products with the columns as answers name them.
    pub fn build(catalogue: &Catalogue, products: &[Product]) -> Self {
        let (kinds, variants) = (vocabulary::kinds(products), vocabulary::variants(products));
        let groups = groups::of(products);
        let mut postings: HashMap<String, Vec<(usize, f32)>> = HashMap::new();
        let mut entries = Vec::with_capacity(products.len());
        for ((at, product), group) in products.iter().enumerate().zip(groups) {
            for (term, weight) in vocabulary::weighted_terms(product) {
                postings.entry(term).or_default().push((at, weight));
            }
            entries.push(Entry { title: terms(&product.title), group });
        }
        let vocabulary = vocabulary::vocabulary(catalogue, products);
        let common = vocabulary::common(catalogue);
        Self { products: entries, postings, kinds, variants, vocabulary, common }
    }

    /// Indexes products alone.
    #[cfg(test)]
    pub fn of_products(products: &[Product]) -> Self {
        let shop = r#"{"name":"x","currency":"EUR","locale":"en-IE","time_zone":"UTC","hours":[[],[],[],[],[],[],[]]}"#;
        let shop = serde_json::from_str(shop).expect("a shop");
        let (pages, faq, intents) = (Vec::new(), Vec::new(), Vec::new());
        let catalogue = Catalogue { shop, products: products.to_vec(), pages, faq, intents };
        Self::build(&catalogue, products)
    }

    /// The products these stems name best, or `None` if no word of theirs belongs to any product.
    /// `among` restricts the search.
    pub fn find(&self, stems: &[String], among: Option<&[usize]>) -> Option<Mention> {
        let mut found: HashMap<usize, f32> = HashMap::new();
        let mut matched = Vec::new();
        let mut by_name = false;
        for term in unique(stems) {
            let Some(postings) = self.postings.get(term) else { continue };
            // A number alone names nothing: a name beside it decides.
            let digits = term.chars().all(|c| c.is_ascii_digit());
            let idf = self.idf(term) * if digits { 0.6 } else { 1.0 };
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
        let unit =
            |term: &str| vocabulary::measures(term) && !term.chars().all(|c| c.is_ascii_digit());
        let in_top: Vec<&String> =
            matched.iter().filter(|term| top.contains(term) && !unit(term)).collect();
        let tells =
            |term: &&&String| self.is_name(term) || term.chars().all(|c| c.is_ascii_digit());
        by_name |= in_top.len() > 1 && in_top.iter().any(|term| tells(&term));
        // "The magnet rail": no other model has both words in its title.
        let all = |title: &[String]| in_top.iter().all(|term| title.contains(term));
        let others = || {
            let group = self.products[ranked[0].0].group.as_deref();
            self.products.iter().enumerate().any(|(at, entry)| {
                at != ranked[0].0
                    && all(&entry.title)
                    && (group.is_none() || entry.group.as_deref() != group)
            })
        };
        by_name |= in_top.len() > 1 && !others();
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
            && term.chars().count() > 1
            && !vocabulary::measures(term)
    }

    /// The other products whose titles share a product's own name.
    pub fn family(&self, product: usize) -> Vec<usize> {
        let title = &self.products[product].title;
        let own = |term: &&String| self.is_name(term) && !self.common.contains(*term);
        let word = |term: &&String| term.chars().any(char::is_alphabetic);
        let name = title.iter().find(own).or_else(|| title.iter().find(|t| self.is_name(t)));
        let Some(name) = name.or_else(|| title.iter().find(word)) else {
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

    /// The variants of a product's model, itself among them, in catalogue order.
    pub fn variants_of(&self, product: usize) -> Vec<usize> {
        match self.products[product].group.as_deref() {
            None => vec![product],
            group => (0..self.products.len())
                .filter(|other| self.products[*other].group.as_deref() == group)
                .collect(),
        }
    }

    /// The word of the shop's that a mistyped one most likely means. Words the shop uses, short
    /// words and words with digits are left alone.
    pub fn repair(&self, word: &str) -> Option<String> {
        let length = word.chars().count();
        // Of short words too many are like each other: a tank is no task.
        if length < 5 || self.vocabulary.contains_key(word) || word.chars().any(|c| c.is_numeric())
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
        } else if let Some((number, unit)) = measured(&word.text) {
            stems.push(number.to_string());
            stems.push(unit.to_string());
        } else {
            stems.push(counted(stem(&word.text)));
        }
    }
    stems
}

/// "5kg" as its number and its unit, as shops write them apart.
fn measured(word: &str) -> Option<(&str, &str)> {
    const UNITS: &[&str] = &["kg", "g", "mg", "l", "ml", "cl", "cm", "mm", "m", "w", "inch"];
    let at = word.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')?;
    let (number, unit) = word.split_at(at);
    (!number.is_empty() && UNITS.contains(&unit)).then_some((number, unit))
}

/// Small numbers in digits, so that "for two people" finds "2 persons".
fn counted(word: String) -> String {
    const WORDS: [&str; 10] =
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    // "one" is mostly a pronoun.
    match WORDS.iter().position(|number| stem(number) == word) {
        Some(at) if at > 0 => (at + 1).to_string(),
        _ => word,
    }
}

fn unique(stems: &[String]) -> impl Iterator<Item = &String> {
    let mut seen = HashSet::new();
    stems.iter().filter(move |stem| seen.insert(stem.as_str()))
}
