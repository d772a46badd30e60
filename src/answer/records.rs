//! Questions that are answered by querying records: prices, stock, columns, comparisons, the best of
//! many, some that fit. No text is searched and nothing is left to the model.

mod best;
mod compare;
mod list;
mod sibling;

use super::attributes::Attributes;
use super::plan::{Ask, Lookup};
use super::understand::Question;
use super::wording;
use crate::domain::language::Locale;
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
    /// The question.
    pub question: &'a Question,
}

impl Query<'_> {
    /// What the records say.
    pub fn run(&self, lookup: &Lookup) -> Found {
        match lookup {
            Lookup::Product { products, ask } => self.about(products, ask),
            Lookup::Compare { products, rank, attribute, .. } => {
                self.compare(products, rank.as_ref(), attribute.as_deref())
            }
            Lookup::Best { filter, rank } => self.best(filter, rank),
            Lookup::List(filter) => self.list(filter),
            Lookup::Smalltalk(_)
            | Lookup::Handoff(_)
            | Lookup::Decline
            | Lookup::Text
            | Lookup::Which
            | Lookup::Unknown => Found::Nothing,
        }
    }

    /// One thing about one product, or about several that a name fits.
    fn about(&self, products: &[usize], ask: &Ask) -> Found {
        let said = products.iter().filter_map(|p| Some((*p, self.one(*p, ask)?)));
        let known: Vec<(usize, Fact)> = said.collect();
        let names = &self.knowledge.names;
        match known.as_slice() {
            [] => Found::Nothing,
            [(product, fact)] if products.len() == 1 => {
                Found::Facts(vec![fact.clone()], vec![*product])
            }
            _ if known.len() == products.len() && self.same_answer(products, ask) => {
                let sources = products.iter().map(|p| self.source(*p)).collect();
                let fact = Fact { sources, ..known[0].1.clone() };
                Found::Facts(vec![fact], products.to_vec())
            }
            // Variants of one model: each with its own answer.
            _ if names.one_group(products) => {
                let facts = known.iter().take(OPTIONS).map(|(_, fact)| fact.clone()).collect();
                Found::Facts(facts, known.iter().map(|(p, _)| *p).collect())
            }
            _ => Found::Which(products.iter().take(OPTIONS).copied().collect()),
        }
    }

    /// Do all variants of one model have the same answer? Then it need not be asked which. Answers
    /// that agree by chance about different things are still different answers.
    fn same_answer(&self, products: &[usize], ask: &Ask) -> bool {
        let key = |p: &usize| {
            let product = self.product(*p);
            match ask {
                Ask::Price => format!("{:?}{:?}", product.price, product.sale_price),
                Ask::Stock => format!("{:?}", product.availability),
                Ask::Attribute(column) => {
                    product.attribute(column).unwrap_or_default().to_lowercase()
                }
                Ask::Overview | Ask::Evidence => product.description.clone(),
            }
        };
        let (first, title) = (key(&products[0]), &self.product(products[0]).title);
        products.iter().all(|p| key(p) == first)
            && (self.knowledge.names.one_group(products)
                || products.iter().all(|p| self.product(*p).title == *title))
    }

    /// One thing about one product.
    fn one(&self, at: usize, ask: &Ask) -> Option<Fact> {
        let name = self.knowledge.name(at);
        let product = self.product(at);
        let text = match ask {
            Ask::Price => wording::price(product, &name, self.question.at, self.locale())?,
            Ask::Stock => wording::stock(product, &name)?,
            Ask::Attribute(column) => wording::attribute(&name, column, product.attribute(column)?),
            Ask::Overview => self.overview(product, &name)?,
            Ask::Evidence => return None,
        };
        let polarity = match (ask, product.availability) {
            (Ask::Stock, Some(availability)) if self.question.cues.yes_no => {
                Some(availability == Availability::InStock)
            }
            _ => None,
        };
        Some(Fact { polarity, sources: vec![self.source(at)], ..self.fact(text) })
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
