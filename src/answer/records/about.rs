//! One product, or the variants of one model: what is asked of it, answered from its record.

use super::{Found, OPTIONS, Query};
use crate::answer::attributes::spoken;
use crate::answer::plan::Ask;
use crate::answer::wording;
use crate::domain::reply::Fact;
use crate::knowledge::catalogue::{Availability, Product};
use crate::knowledge::names::VARIANT_COLUMNS;

impl Query<'_> {
    /// What is asked about one product, or about several that a name fits.
    pub(super) fn about(&self, products: &[usize], asks: &[Ask]) -> Found {
        let mut facts: Vec<Fact> = Vec::new();
        let mut about: Vec<usize> = Vec::new();
        for ask in asks {
            match self.of(products, ask) {
                Found::Facts(more, of) => {
                    facts.extend(more);
                    about.extend(of.iter().filter(|p| !about.contains(p)).collect::<Vec<_>>());
                }
                Found::Nothing if asks.len() > 1 => {}
                other => return other,
            }
        }
        if facts.is_empty() { Found::Nothing } else { Found::Facts(facts, about) }
    }

    fn of(&self, products: &[usize], ask: &Ask) -> Found {
        if let Ask::Choices(column) = ask {
            return self.choices(products, column);
        }
        let said = products.iter().filter_map(|p| Some((*p, self.one(*p, ask)?)));
        let known: Vec<(usize, Fact)> = said.collect();
        let names = &self.knowledge.names;
        match known.as_slice() {
            [] => Found::Nothing,
            [(product, fact)] if products.len() == 1 => {
                let mut facts = vec![fact.clone()];
                let instead = (*ask == Ask::Stock).then(|| self.instead(*product)).flatten();
                let mut about = vec![*product];
                if let Some((other, fact)) = instead {
                    facts.push(fact);
                    about.push(other);
                }
                Found::Facts(facts, about)
            }
            _ if known.len() == products.len() && self.same_answer(products, ask) => {
                let sources = products.iter().map(|p| self.source(*p)).collect();
                let text = self.of_model(products, ask).unwrap_or_else(|| known[0].1.text.clone());
                let fact = Fact { text, sources, ..known[0].1.clone() };
                Found::Facts(vec![fact], products.to_vec())
            }
            _ if names.one_group(products) => {
                let (products, facts) = known.into_iter().unzip();
                Found::Variants(facts, products)
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
                Ask::Choices(_) | Ask::Overview | Ask::Evidence => product.description.clone(),
            }
        };
        let (first, title) = (key(&products[0]), &self.product(products[0]).title);
        products.iter().all(|p| key(p) == first)
            && (self.knowledge.names.one_group(products)
                || products.iter().all(|p| self.product(*p).title == *title))
    }

    /// The common answer, said of the model and not of one variant.
    fn of_model(&self, products: &[usize], ask: &Ask) -> Option<String> {
        let name = self.model(products);
        let product = self.product(products[0]);
        match ask {
            Ask::Price => wording::price(product, &name, self.question.at, self.locale()),
            Ask::Stock => wording::stock(product, &name),
            Ask::Attribute(column) => {
                Some(wording::attribute(&name, column, product.attribute(column)?))
            }
            _ => None,
        }
    }

    /// One thing about one product.
    fn one(&self, at: usize, ask: &Ask) -> Option<Fact> {
        let name = self.knowledge.name(at);
        let product = self.product(at);
        let text = match ask {
            Ask::Price => wording::price(product, &name, self.question.at, self.locale())?,
            Ask::Stock => self.stock(product, &name)?,
            Ask::Attribute(column) => {
                let (column, value) = cell(product, column)?;
                wording::attribute(&name, column, value)
            }
            Ask::Overview => self.overview(product, &name)?,
            Ask::Choices(_) | Ask::Evidence => return None,
        };
        let polarity = match (ask, product.availability) {
            (Ask::Stock, Some(availability)) if self.question.cues.yes_no => {
                Some(availability == Availability::InStock)
            }
            _ => None,
        };
        Some(Fact { polarity, sources: vec![self.source(at)], ..self.fact(text) })
    }

    /// Whether it can be had, and when, if its description says so.
    fn stock(&self, product: &Product, name: &str) -> Option<String> {
        let said = wording::stock(product, name)?;
        if product.availability == Some(Availability::InStock) {
            return Some(said);
        }
        const WHEN: &[&str] = &["expected", "available from", "delivery in", "arrive", "back in"];
        let sentences = crate::knowledge::sentences::split(&product.description);
        let tells = |sentence: &&str| {
            let folded = crate::domain::language::fold(sentence);
            WHEN.iter().any(|word| folded.contains(word))
        };
        Some(match sentences.into_iter().find(tells) {
            Some(when) => format!("{said} {when}"),
            None => said,
        })
    }

    /// What can be had where something cannot: another variant of it, else the same kind of thing
    /// nearest in price.
    fn instead(&self, product: usize) -> Option<(usize, Fact)> {
        let wanted = self.product(product);
        if wanted.availability != Some(Availability::OutOfStock) {
            return None;
        }
        let names = &self.knowledge.names;
        let can_be_had = |p: &usize| {
            *p != product && self.product(*p).availability == Some(Availability::InStock)
        };
        let shared = |p: &usize| {
            let of = |column: &&str| {
                let value = wanted.attribute(column);
                value.is_some() && value == self.product(*p).attribute(column)
            };
            VARIANT_COLUMNS.iter().filter(|column| of(column)).count()
        };
        let variants = names.variants_of(product).into_iter().filter(can_be_had);
        let variant = variants.max_by_key(|p| (shared(p), std::cmp::Reverse(*p)));
        let gap = |p: &usize| {
            let price = |p: usize| self.number(p, "price").unwrap_or(f64::INFINITY);
            (price(*p) - price(product)).abs()
        };
        let same_kind = |p: &usize| {
            !wanted.product_type.is_empty() && self.product(*p).product_type == wanted.product_type
        };
        let other = || {
            (0..names.len())
                .filter(|p| can_be_had(p) && same_kind(p))
                .min_by(|a, b| gap(a).total_cmp(&gap(b)))
        };
        let (at, why) = match variant {
            Some(at) => (at, "the same model"),
            None => (other()?, "the same kind of product, nearest in price"),
        };
        let price = self.value(at, "price")?;
        let text = format!(
            "{} at {price} would be ready to order now: {why}.",
            wording::the(&self.knowledge.name(at))
        );
        Some((at, Fact { sources: vec![self.source(at)], ..self.fact(text) }))
    }

    /// In which colours, sizes or the like one model comes.
    fn choices(&self, products: &[usize], column: &str) -> Found {
        let all = self.knowledge.names.variants_of(products[0]);
        // Of those that were named: "the men's in red" comes in sizes.
        let named: Vec<usize> = all.iter().filter(|p| products.contains(p)).copied().collect();
        let chosen = self.question.content.iter().any(|t| self.knowledge.names.is_variant(t));
        let pool = if chosen && named.len() > 1 { named } else { all };
        let column = self.varying(&pool, column);
        let mut seen: Vec<String> = Vec::new();
        for product in &pool {
            let value = match &column {
                Some(column) => self.value(*product, column),
                None => Some(self.knowledge.name(*product)),
            };
            let Some(value) = value else { continue };
            if !seen.contains(&value) {
                seen.push(value);
            }
        }
        if seen.len() < 2 && column.is_none() {
            return Found::Nothing;
        }
        let name = self.model(&pool);
        let said = wording::list(&seen, "and");
        let text = match column.as_deref() {
            Some("color") => format!("{} comes in {said}.", wording::the(&name)),
            Some("size") => format!("{} comes in the sizes {said}.", wording::the(&name)),
            Some(column) => format!(
                "{} comes in these {}: {said}.",
                wording::the(&name),
                plural(&spoken(column))
            ),
            None => format!("We have {said}."),
        };
        let sources = pool.iter().map(|p| self.source(*p)).collect();
        Found::Facts(vec![Fact { sources, keep: seen, ..self.fact(text) }], pool)
    }

    /// The column that is asked for if variants have it, else one in which they do differ.
    fn varying(&self, products: &[usize], asked: &str) -> Option<String> {
        let differ = |column: &str| {
            let first = self.value(products[0], column);
            first.is_some() && products.iter().any(|p| self.value(*p, column) != first)
        };
        if self.value(products[0], asked).is_some() && (differ(asked) || asked != "size") {
            return Some(asked.to_string());
        }
        if asked == "color" {
            return self.value(products[0], asked).map(|_| asked.to_string());
        }
        let columns = &self.product(products[0]).attributes;
        const SILENT: &[&str] = &["mpn", "gtin", "weight", "shipping_weight"];
        let telling = columns.iter().filter(|a| !SILENT.contains(&a.name.as_str()));
        telling.map(|a| a.name.clone()).find(|column| differ(column))
    }

    /// What the titles of variants have in common.
    pub(super) fn model(&self, products: &[usize]) -> String {
        let titles: Vec<&str> = products.iter().map(|p| self.product(*p).title.as_str()).collect();
        let first: Vec<&str> = titles[0].split_whitespace().collect();
        let shared = first.iter().take_while(|word| {
            titles.iter().all(|title| title.split_whitespace().any(|w| w == **word))
        });
        let name = shared.copied().collect::<Vec<_>>().join(" ");
        let name = name.trim_end_matches([',', '-', '–', '/', ' ', ':', '(']).to_string();
        if name.is_empty() { self.knowledge.name(products[0]) } else { name }
    }

    /// What tells each variant from the others, as a short reply.
    pub fn labels(&self, products: &[usize]) -> Vec<String> {
        let model = self.model(products);
        let rest = |p: &usize| {
            let title = self.knowledge.name(*p);
            let rest = title.strip_prefix(&model).unwrap_or(&title).to_string();
            rest.trim_matches([',', '-', '–', '/', ' ', ':', '(', ')']).to_string()
        };
        let short: Vec<String> = products.iter().map(rest).collect();
        let telling =
            |label: &String| !label.is_empty() && short.iter().filter(|l| *l == label).count() == 1;
        match self.knowledge.names.one_group(products) && short.iter().all(telling) {
            true => short,
            false => products.iter().map(|p| self.knowledge.name(*p)).collect(),
        }
    }
}

/// A column's value, or that of another column that answers the same question.
fn cell<'a>(product: &'a Product, column: &'a str) -> Option<(&'a str, &'a str)> {
    const SIZES: &[&str] = &["size", "dimensions", "measurements", "capacity", "length"];
    let others: &[&str] = if SIZES[..2].contains(&column) { SIZES } else { &[] };
    std::iter::once(column)
        .chain(others.iter().copied())
        .find_map(|column| Some((column, product.attribute(column)?)))
}

fn plural(word: &str) -> String {
    if word.ends_with('s') { word.to_string() } else { format!("{word}s") }
}
