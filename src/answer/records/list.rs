//! Some products that fit, and which ones fit at all.

use super::{Found, LISTED, Query};
use crate::answer::attributes::spoken;
use crate::answer::plan::Filter;
use crate::answer::understand::Bound;
use crate::answer::wording;
use crate::domain::reply::Fact;
use crate::knowledge::catalogue::{Availability, Product};

/// More than these are too many to choose from.
const MANY: usize = 8;

impl Query<'_> {
    pub(super) fn list(&self, filter: &Filter) -> Found {
        // What cannot be had now is named as such, if nothing else fits.
        let whatever = Filter { in_stock: false, ..filter.clone() };
        let found = self.candidates(filter).or_else(|| self.candidates(&whatever));
        let Some(mut fitting) = found else { return Found::Nothing };
        fitting.sort_by(|a, b| {
            self.is_out(*a).cmp(&self.is_out(*b)).then(self.near(*b).total_cmp(&self.near(*a)))
        });
        let mut named = self.by_name(&fitting);
        let names = &self.knowledge.names;
        let kinds_only = filter.terms.iter().all(|term| names.is_kind(term));
        let limits = filter.at_most.or(filter.at_least).is_some() || !filter.bounds.is_empty();
        if filter.broad && kinds_only && !limits && named.len() > MANY {
            return Found::Many(named.len(), spread(&named, LISTED));
        }
        let more = if named.len() > LISTED { ", among others" } else { "" };
        named.truncate(LISTED);
        let said: Vec<String> = named.iter().map(|p| self.offer(*p)).collect();
        let fact = Fact {
            polarity: self.question.cues.yes_no.then_some(true),
            sources: named.iter().map(|p| self.source(*p)).collect(),
            ..self.fact(format!("We have {}{more}.", wording::list(&said, "and")))
        };
        Found::Facts(vec![fact], named)
    }

    /// Can it not be had now?
    pub fn is_out(&self, product: usize) -> bool {
        self.product(product).availability == Some(Availability::OutOfStock)
    }

    /// How near a product's description is to the question, where that was looked up.
    fn near(&self, product: usize) -> f32 {
        self.near.iter().find(|(p, _)| *p == product).map_or(0.0, |(_, score)| *score)
    }

    fn offer(&self, at: usize) -> String {
        let name = self.the(at);
        let note = if self.is_out(at) { " (out of stock)" } else { "" };
        match self.value(at, "price") {
            Some(price) => format!("{name} at {price}{note}"),
            None => format!("{name}{note}"),
        }
    }

    /// The products that carry every word of a filter and keep to its limits. `None` if a word is
    /// not the shop's at all, or nothing fits.
    pub fn candidates(&self, filter: &Filter) -> Option<Vec<usize>> {
        let names = &self.knowledge.names;
        let all = || (0..self.knowledge.catalogue.products.len()).collect();
        let of_a_kind = filter.terms.iter().any(|term| names.is_kind(term));
        let mut fitting: Vec<usize> = match &filter.among {
            Some(among) => among.clone(),
            // "Lava lamps" are no lamps of this shop's; in "a lamp for my granny" the lamp is.
            None if self.is_of_another_sort(filter) => return None,
            None if filter.unknown.is_empty() || of_a_kind => all(),
            None => return None,
        };
        fitting.retain(|p| self.within(*p, filter));
        let switches = self.switches(&fitting);
        for column in &switches {
            fitting.retain(|p| self.is_so(*p, column));
        }
        let files = |term: &&String| names.is_kind(term) || names.is_variant(term);
        let (mut filed, described): (Vec<&String>, Vec<&String>) =
            filter.terms.iter().partition(files);
        filed.sort_by_key(|term| !names.is_kind(term));
        let (kinds, filed): (Vec<&String>, Vec<&String>) =
            filed.into_iter().partition(|term| names.is_kind(term));
        let (kinds, later) = self.first_run(&kinds);
        self.of_kinds(&kinds, &mut fitting);
        for kind in later {
            let under = |p: &usize| names.is_filed_under(*p, kind);
            if !self.attributes.is_word(kind) && fitting.iter().any(under) {
                fitting.retain(under);
            }
        }
        for term in filed {
            let under = |p: &usize| names.is_filed_under(*p, term);
            if fitting.iter().any(under) {
                fitting.retain(under);
            } else if !["man", "woman", "kid", "child", "girl", "boy"].contains(&term.as_str()) {
                // "Red light" is no colour of the lamp's; a "two-man tent" is for whom it may be.
                fitting.retain(|p| names.carries(*p, term));
            }
        }
        // "Dishwasher" names a column that says yes or no, which was looked at.
        let of_switch = |term: &&&String| {
            switches
                .iter()
                .any(|column| crate::knowledge::names::terms(&spoken(column)).contains(term))
        };
        for term in described.iter().filter(|term| !of_switch(term)) {
            let carrying = |p: &usize| names.carries(*p, term);
            // Of a kind that is sold, a word that none carries is about the visitor, not the thing.
            if !of_a_kind || fitting.iter().any(carrying) {
                fitting.retain(carrying);
            }
        }
        (!fitting.is_empty()).then_some(fitting)
    }

    /// The kinds that are named first and together, and those that come later: in "a tent that sleeps
    /// two" no sleeping bag is meant.
    fn first_run<'k>(&self, kinds: &[&'k String]) -> (Vec<&'k String>, Vec<&'k String>) {
        let stems = &self.question.stems;
        let first = stems.iter().position(|stem| kinds.contains(&stem));
        let Some(first) = first else { return (kinds.to_vec(), Vec::new()) };
        let run: Vec<&String> = stems[first..]
            .iter()
            .take_while(|stem| !crate::domain::language::is_stop_word(stem))
            .collect();
        kinds.iter().copied().partition(|kind| run.contains(kind))
    }

    /// Keeps what is of these kinds: filed under all of them, in a category that is called so, or else
    /// called so itself. "Tents" are no tent accessories.
    fn of_kinds(&self, kinds: &[&String], fitting: &mut Vec<usize>) {
        let names = &self.knowledge.names;
        let Some(last) = kinds.last() else { return };
        let under = |p: &usize| kinds.iter().all(|kind| names.is_filed_under(*p, kind));
        if fitting.iter().any(under) {
            fitting.retain(under);
        } else {
            let one = |p: &usize| names.is_filed_under(*p, last);
            if fitting.iter().any(one) {
                fitting.retain(one);
            }
        }
        let category = |p: &usize| is_called(&self.product(*p).product_type, last);
        let called = |p: &usize| names.title(*p).contains(last);
        if fitting.iter().any(category) {
            fitting.retain(|p| {
                category(p) || called(p) && !category_is_beside(&self.product(*p).product_type)
            });
        } else if fitting.iter().any(called) {
            fitting.retain(called);
        }
    }

    /// The columns a question names that say yes or no of these products.
    fn switches(&self, products: &[usize]) -> Vec<String> {
        let asked = self.attributes.asked_all(self.question, &self.knowledge.names);
        let says = |column: &String| {
            let cells = products.iter().filter_map(|p| self.product(*p).attribute(column));
            let cells: Vec<&str> = cells.collect();
            let plain = |cell: &&&str| {
                let cell = cell.to_lowercase();
                cell.starts_with("yes")
                    || cell.starts_with("no")
                    || cell == "true"
                    || cell == "false"
            };
            !cells.is_empty() && cells.iter().filter(plain).count() * 2 > cells.len()
        };
        asked.into_iter().filter(says).collect()
    }

    fn is_so(&self, product: usize, column: &str) -> bool {
        let cell = self.product(product).attribute(column).unwrap_or("no").to_lowercase();
        !cell.starts_with("no") && cell != "false"
    }

    /// Does a word that the shop never uses stand before the kind?
    fn is_of_another_sort(&self, filter: &Filter) -> bool {
        let names = &self.knowledge.names;
        self.question.stems.windows(2).any(|pair| {
            filter.unknown.contains(&pair[0])
                && filter.terms.contains(&pair[1])
                && names.is_kind(&pair[1])
        })
    }

    /// Does a product keep to the limits of price and stock?
    pub fn within(&self, at: usize, filter: &Filter) -> bool {
        let product = self.product(at);
        let digits = self.knowledge.catalogue.shop.currency.minor_digits();
        let price = self.number(at, "price").map(|minor| minor / f64::from(10_u32.pow(digits)));
        filter.at_most.is_none_or(|most| price.is_some_and(|price| price <= most))
            && filter.at_least.is_none_or(|least| price.is_some_and(|price| price >= least))
            && (!filter.in_stock || product.availability == Some(Availability::InStock))
            && (!filter.on_sale || self.is_on_sale(product))
            && filter.bounds.iter().all(|bound| self.keeps_to(product, bound))
    }

    fn is_on_sale(&self, product: &Product) -> bool {
        product.price_at(self.question.at).is_some_and(|price| Some(price) != product.price)
    }

    /// Does a column or the title hold a quantity within a limit?
    fn keeps_to(&self, product: &Product, bound: &Bound) -> bool {
        let cells = product.attributes.iter().map(|a| a.value.as_str());
        cells
            .chain([product.title.as_str()])
            .flat_map(|cell| self.attributes.quantities(cell))
            .any(|quantity| bound.allows(&quantity) == Some(true))
    }
}

/// Some of many, evenly apart.
fn spread(products: &[usize], count: usize) -> Vec<usize> {
    let step = (products.len() / count).max(1);
    products.iter().step_by(step).take(count).copied().collect()
}

/// Does a segment of a category end in this word: "Camping > Tents > Family tents" in "tent"?
fn is_called(category: &str, kind: &str) -> bool {
    let heads = |segment: &str| {
        crate::knowledge::names::terms(segment).last().is_some_and(|head| head == kind)
    };
    !category_is_beside(category) && category.split('>').any(heads)
}

/// Is it a category of things that go with others?
fn category_is_beside(category: &str) -> bool {
    const BESIDE: &[&str] = &[
        "accessori",
        "accessory",
        "spare",
        "part",
        "care",
        "storage",
        "sharpen",
        "refill",
        "filter",
        "replacement",
        "clean",
        "repair",
    ];
    let leaf = category.rsplit('>').next().unwrap_or_default();
    crate::knowledge::names::terms(leaf).iter().any(|word| BESIDE.contains(&word.as_str()))
}
