//! "Anything cheaper?", "is there a smaller one?": another variant of what was spoken of, or another
//! product of its kind, that is more so.

use super::{Found, LISTED, Query};
use crate::answer::understand::cues::Rank;
use crate::answer::wording;
use crate::domain::reply::Fact;

impl Query<'_> {
    pub(super) fn beyond(&self, product: usize, rank: &Rank) -> Found {
        let names = &self.knowledge.names;
        let wanted = self.product(product);
        let mut pool = names.variants_of(product);
        let family = names.family(product);
        let kind = &wanted.product_type;
        let of_kind =
            (0..names.len()).filter(|p| !kind.is_empty() && self.product(*p).product_type == *kind);
        // "A cheaper colour" stays with the model.
        let of_model = self
            .question
            .content
            .iter()
            .any(|term| crate::answer::understand::is_variant_column(term));
        if !of_model {
            pool.extend(family.iter().copied().chain(of_kind));
        }
        pool.dedup();
        let Some(column) = self.ranked_column(rank, &pool) else { return Found::Nothing };
        let Some(here) = self.number(product, &column) else { return Found::Nothing };
        let further = |n: f64| if rank.most { n > here } else { n < here };
        let mut found: Vec<(usize, f64)> = Vec::new();
        for p in pool {
            if let Some(n) = self.number(p, &column).filter(|n| further(*n))
                && found.iter().all(|(other, _)| *other != p)
            {
                found.push((p, n));
            }
        }
        let near = |p: usize| family.contains(&p) || names.variants_of(product).contains(&p);
        found.sort_by(|a, b| {
            near(b.0).cmp(&near(a.0)).then((a.1 - here).abs().total_cmp(&(b.1 - here).abs()))
        });
        if found.is_empty() {
            return self.furthest(product, &column, rank);
        }
        found.truncate(LISTED);
        let say = |p: usize| {
            let name = self.the(p);
            let price = self.value(p, "price");
            let value = self.value(p, &column).filter(|_| column != "price");
            match (price, value) {
                (Some(price), Some(value)) => format!("{name} ({value}) at {price}"),
                (Some(price), None) => format!("{name} at {price}"),
                (None, Some(value)) => format!("{name} ({value})"),
                (None, None) => name,
            }
        };
        let products: Vec<usize> = found.iter().map(|(p, _)| *p).collect();
        let said: Vec<String> = products.iter().map(|p| say(*p)).collect();
        let text = format!("We have {}.", wording::list(&said, "and"));
        let sources = products.iter().map(|p| self.source(*p)).collect();
        let polarity = self.question.cues.yes_no.then_some(true);
        Found::Facts(vec![Fact { polarity, sources, ..self.fact(text) }], products)
    }

    /// There is none: what was spoken of is the extreme.
    fn furthest(&self, product: usize, column: &str, rank: &Rank) -> Found {
        let Some(value) = self.value(product, column) else { return Found::Nothing };
        let name = wording::capitalised(&self.the(product));
        let degree = match (column, rank.most) {
            ("price", false) => "the cheapest of its kind that we have",
            ("price", true) => "the most expensive of its kind that we have",
            ("weight", false) => "the lightest of its kind that we have",
            ("weight", true) => "the heaviest of its kind that we have",
            _ => return Found::Nothing,
        };
        let fact = Fact {
            keep: vec![value.clone()],
            sources: vec![self.source(product)],
            ..self.fact(format!("{name} is {degree}, at {value}."))
        };
        Found::Facts(vec![fact], vec![product])
    }
}
