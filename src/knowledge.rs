//! The shop's own knowledge: its records and texts, read from a folder, indexed, and searched.
//!
//! Data flows one way: `folder` (files) -> `catalogue` (records) -> `versions` (kept in the database)
//! -> `passages` (what can be quoted) -> `names` and `search` (what finds it). Nothing here decides
//! what to say.

pub mod builtin;
pub mod catalogue;
pub mod edit;
pub mod folder;
pub mod history;
pub mod names;
pub mod passages;
pub mod rows;
pub mod search;
pub mod sentences;
pub mod versions;

use std::collections::{HashMap, HashSet};

use catalogue::{Catalogue, Product};
use names::Names;
use passages::{Kind, Passage};
use search::{Index, SearchError};

/// One version of a shop's knowledge, ready to be asked. Never changes.
pub struct Knowledge {
    /// Which version.
    pub version: u64,
    /// The records, as the shop wrote them.
    pub catalogue: Catalogue,
    /// The products with their columns as answers name them.
    products: Vec<Product>,
    /// Product names.
    pub names: Names,
    /// What can be quoted.
    pub passages: Vec<Passage>,
    /// For each passage of a page or the FAQ, the meaning of each sentence as a unit vector; empty
    /// for products and where there was no encoder.
    pub sentence_vectors: Vec<Vec<Vec<f32>>>,
    index: Index,
    titles: HashMap<String, u32>,
    by_id: HashMap<String, usize>,
    product_passages: Vec<Option<usize>>,
    /// How many passages hold each stem.
    holding: HashMap<String, u32>,
}

/// Unit vectors, one a text.
type Vectors = Vec<Vec<f32>>;

/// The texts of a version whose meaning is needed, and where each belongs.
pub struct Texts {
    /// One per passage, then one per sentence of pages and FAQ.
    pub texts: Vec<String>,
    sentences: Vec<usize>,
}

impl Texts {
    /// What has to be embedded for these passages.
    pub fn of(passages: &[Passage]) -> Self {
        let mut texts: Vec<String> =
            passages.iter().map(|p| format!("{}. {}", p.heading, p.text)).collect();
        let mut sentences = Vec::with_capacity(passages.len());
        for passage in passages {
            let count = if passage.kind == Kind::Product { 0 } else { passage.sentences.len() };
            sentences.push(count);
            for (at, sentence) in passage.sentences.iter().take(count).enumerate() {
                texts.push(match passage.kind {
                    // A question meets the question that was foreseen; what is said besides is met
                    // with its own words, too.
                    Kind::Faq if at == 0 => passage.heading.clone(),
                    Kind::Faq => format!("{} {sentence}", passage.heading),
                    _ => format!("{}: {}", leaf(&passage.heading), rows::plain(sentence)),
                });
            }
        }
        Self { texts, sentences }
    }

    /// Parts the vectors of [`Texts::texts`] into those of passages and those of sentences.
    fn part(&self, vectors: Option<Vectors>) -> (Option<Vectors>, Vec<Vectors>) {
        let Some(mut passages) = vectors else {
            return (None, self.sentences.iter().map(|_| Vec::new()).collect());
        };
        let mut rest = passages.split_off(self.sentences.len()).into_iter();
        let sentences = self.sentences.iter().map(|n| rest.by_ref().take(*n).collect()).collect();
        (Some(passages), sentences)
    }
}

/// The innermost of nested headings.
fn leaf(heading: &str) -> &str {
    heading.rsplit(" > ").next().unwrap_or(heading)
}

impl Knowledge {
    /// Indexes a version. `vectors` belong to [`Texts::of`] its passages, in that order.
    pub fn build(
        version: u64,
        catalogue: Catalogue,
        vectors: Option<Vec<Vec<f32>>>,
    ) -> Result<Self, SearchError> {
        let passages = passages::passages(&catalogue);
        let (passage_vectors, sentence_vectors) = Texts::of(&passages).part(vectors);
        let index = Index::build(&passages, &catalogue.shop.locale, passage_vectors)?;
        let products: Vec<Product> =
            catalogue.products.iter().map(catalogue::columns::in_english).collect();
        let names = Names::build(&catalogue, &products);
        let mut titles = HashMap::new();
        let mut by_id = HashMap::new();
        for (at, product) in catalogue.products.iter().enumerate() {
            *titles.entry(product.title.clone()).or_default() += 1;
            by_id.insert(product.id.clone(), at);
        }
        let mut holding = HashMap::new();
        for passage in &passages {
            let text = format!("{} {}", passage.heading, passage.text);
            for term in names::terms(&text).into_iter().collect::<HashSet<_>>() {
                *holding.entry(term).or_default() += 1;
            }
        }
        let mut product_passages = vec![None; catalogue.products.len()];
        for (at, passage) in passages.iter().enumerate().filter(|(_, p)| p.kind == Kind::Product) {
            if let Some(product) = by_id.get(&passage.source.id) {
                product_passages[*product] = Some(at);
            }
        }
        Ok(Self {
            version,
            catalogue,
            products,
            names,
            passages,
            sentence_vectors,
            index,
            titles,
            by_id,
            product_passages,
            holding,
        })
    }

    /// A product by its place in the catalogue.
    pub fn product(&self, at: usize) -> &Product {
        &self.products[at]
    }

    /// All products, in catalogue order.
    pub fn products(&self) -> &[Product] {
        &self.products
    }

    /// Where a product stands in the catalogue.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// The passage of a product.
    pub fn passage_of(&self, at: usize) -> Option<usize> {
        self.product_passages.get(at).copied().flatten()
    }

    /// A product's title, with colour and size where others share the title.
    pub fn name(&self, at: usize) -> String {
        let product = self.product(at);
        if self.titles.get(&product.title).is_none_or(|count| *count < 2) {
            return product.title.clone();
        }
        let variant: Vec<&str> =
            ["color", "size"].iter().filter_map(|name| product.attribute(name)).collect();
        if variant.is_empty() {
            product.title.clone()
        } else {
            format!("{} ({})", product.title, variant.join(", "))
        }
    }

    /// How telling a word is in what the shop wrote: more the fewer passages hold it, most where
    /// none does.
    pub fn weight(&self, term: &str) -> f32 {
        let holding = self.holding.get(term).copied().unwrap_or(0) as f32;
        ((self.passages.len() as f32 + 1.0) / (holding + 0.5)).ln().max(0.1)
    }

    /// Passages of pages and the FAQ, or of products, that fit a question best.
    pub fn search(
        &self,
        text: &str,
        vector: Option<&[f32]>,
        products: bool,
        limit: usize,
    ) -> Vec<search::Hit> {
        let kinds: &[Kind] = if products { &[Kind::Product] } else { &[Kind::Page, Kind::Faq] };
        self.index.search(text, vector, limit, kinds)
    }
}
