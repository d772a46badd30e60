//! Questions that are answered by querying records: prices, stock, columns, comparisons, the best of
//! many, some that fit. No text is searched and nothing is left to the model.

mod about;
mod best;
mod beyond;
mod compare;
mod list;
mod sibling;
mod sum;

use super::attributes::Attributes;
use super::delivery::Delivery;
use super::plan::Lookup;
use super::understand::Question;
use super::wording;
use crate::domain::language::Locale;
use crate::domain::reply::Fact;
use crate::knowledge::Knowledge;
use crate::knowledge::catalogue::Product;

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
    /// The answer depends on which variant of one model is meant: what it is for each.
    Variants(Vec<Fact>, Vec<usize>),
    /// So many fit that some more has to be known: how many, and a few of them.
    Many(usize, Vec<usize>),
    /// The records do not hold it.
    Nothing,
}

/// A question put to the records of one version.
pub struct Query<'a> {
    /// The records.
    pub knowledge: &'a Knowledge,
    /// Their columns.
    pub attributes: &'a Attributes,
    /// What its pages say about delivery.
    pub delivery: &'a Delivery,
    /// The question.
    pub question: &'a Question,
    /// How near products' descriptions are to it, where that matters.
    pub near: Vec<(usize, f32)>,
}

impl Query<'_> {
    /// What the records say.
    pub fn run(&self, lookup: &Lookup) -> Found {
        match lookup {
            Lookup::Product { products, asks } => self.about(products, asks),
            Lookup::Sum(sum) => self.sum(sum),
            Lookup::Beyond { product, rank } => self.beyond(*product, rank),
            Lookup::Compare { products, rank, attribute, .. } => {
                self.compare(products, rank.as_ref(), attribute.as_deref())
            }
            Lookup::Best { filter, rank } => self.best(filter, rank),
            Lookup::List(filter) => self.list(filter),
            Lookup::Smalltalk(_)
            | Lookup::Handoff(_)
            | Lookup::Decline
            | Lookup::Text
            | Lookup::Delivery(_)
            | Lookup::Hours(_)
            | Lookup::Which
            | Lookup::Unknown => Found::Nothing,
        }
    }

    /// What a product is and what it costs, in two sentences.
    fn overview(&self, product: &Product, name: &str) -> Option<String> {
        let price = wording::price(product, name, self.question.at, self.locale());
        let first = crate::knowledge::sentences::split(&product.description).into_iter().next();
        match (first, price) {
            (Some(first), Some(price)) => Some(format!("{} {price}", wording::about(name, first))),
            (Some(first), None) => Some(wording::about(name, first)),
            (None, price) => price,
        }
    }

    /// A column's value as it is said.
    fn value(&self, product: usize, column: &str) -> Option<String> {
        let product = self.product(product);
        match column {
            "price" => product.price_at(self.question.at).map(|price| price.format(self.locale())),
            column => product.attribute(column).map(str::to_string),
        }
    }

    /// A column's value as a number in base units.
    fn number(&self, product: usize, column: &str) -> Option<f64> {
        self.attributes.number(self.product(product), column, self.question.at)
    }

    /// A fact that answers the question, without sources yet.
    fn fact(&self, text: String) -> Fact {
        let question = self.question.text.clone();
        Fact { text, question, polarity: None, keep: Vec::new(), sources: Vec::new() }
    }

    fn product(&self, at: usize) -> &Product {
        self.knowledge.product(at)
    }

    fn source(&self, at: usize) -> crate::domain::reply::Source {
        wording::source(self.product(at))
    }

    /// The product's name within a sentence.
    fn the(&self, at: usize) -> String {
        wording::the_inner(&self.knowledge.name(at))
    }

    fn locale(&self) -> &Locale {
        &self.knowledge.catalogue.shop.locale
    }

    /// Products by name, each name once.
    fn by_name(&self, products: &[usize]) -> Vec<usize> {
        let mut named: Vec<usize> = Vec::new();
        for product in products {
            let name = self.knowledge.name(*product);
            if named.iter().all(|other| self.knowledge.name(*other) != name) {
                named.push(*product);
            }
        }
        named
    }
}
