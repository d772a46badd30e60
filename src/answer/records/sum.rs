//! What several things come to, with delivery where it is asked for. All arithmetic is over records
//! and the rules read from the shop's pages.

use super::{Found, Query};
use crate::answer::delivery::terms::Service;
use crate::answer::delivery::{Aspect, places};
use crate::answer::plan::Sum;
use crate::answer::wording;
use crate::domain::money::Money;
use crate::domain::reply::Fact;

impl Query<'_> {
    pub(super) fn sum(&self, sum: &Sum) -> Found {
        let mut whole: Option<Money> = None;
        let mut said = Vec::new();
        let mut sources = Vec::new();
        for (product, count) in &sum.items {
            let Some(each) = self.product(*product).price_at(self.question.at) else {
                return Found::Nothing;
            };
            let all = each.times(*count);
            whole = Some(match whole {
                Some(so_far) => Money { minor: so_far.minor.saturating_add(all.minor), ..so_far },
                None => all,
            });
            let name = self.knowledge.name(*product);
            said.push(match count {
                1 => format!("{} costs {}", self.the(*product), each.format(self.locale())),
                count => format!(
                    "{count} x {name} at {} each cost {}",
                    each.format(self.locale()),
                    all.format(self.locale())
                ),
            });
            sources.push(self.source(*product));
        }
        let Some(whole) = whole else { return Found::Nothing };
        let total = whole.format(self.locale());
        let goods = wording::capitalised(&wording::list(&said, "and"));
        let text = match said.len() {
            1 => format!("{goods}."),
            _ => format!("{goods}, {total} in all."),
        };
        let products: Vec<usize> = sum.items.iter().map(|(p, _)| *p).collect();
        let mut facts = vec![Fact { keep: vec![total], sources, ..self.fact(text) }];
        if let Some(service) = sum.delivery {
            match self.with_delivery(whole, service, &products) {
                Some(more) => facts.extend(more),
                None => return Found::Facts(facts, products),
            }
        }
        Found::Facts(facts, products)
    }

    /// What delivery adds: the rule as the shop wrote it, and the sum.
    fn with_delivery(
        &self,
        goods: Money,
        service: Service,
        products: &[usize],
    ) -> Option<Vec<Fact>> {
        let place = self.delivery.place(&self.question.text);
        let told = self.delivery.to(place, Aspect::Cost, service);
        let rules = || told.rules.iter();
        let quoted: Vec<String> =
            rules().map(|rule| wording::rows::plain(&rule.sentence)).collect();
        let mut sources: Vec<_> = Vec::new();
        for source in rules().map(|rule| rule.source.clone()) {
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
        if told.refused {
            return Some(vec![Fact { sources, ..self.fact(quoted.join(" ")) }]);
        }
        let special = self.delivery.special(&self.descriptions(products));
        let mut charge = told.charge(goods);
        let mut quoted = quoted;
        for rule in &special {
            quoted.push(wording::rows::plain(&rule.sentence));
            if !sources.contains(&rule.source) {
                sources.push(rule.source.clone());
            }
            let adds = rule.adds();
            charge = match (charge, rule.cost) {
                (Some(so_far), Some(cost)) if adds => {
                    Some(Money { minor: so_far.minor.saturating_add(cost.minor), ..so_far })
                }
                (_, Some(cost)) => Some(cost),
                (charge, None) => charge,
            };
        }
        let charge = charge?;
        let whole = Money { minor: goods.minor.saturating_add(charge.minor), ..goods };
        let to = place.or(self.delivery.home()).map(places::written);
        let to = to.map(|place| format!(" to {place}")).unwrap_or_default();
        let delivery = match charge.minor {
            0 => format!("Delivery{to} is free for this order"),
            _ => format!("Delivery{to} costs {} for this order", charge.format(self.locale())),
        };
        let total = whole.format(self.locale());
        let text = format!("{delivery}, so it comes to {total} in all.");
        let sum = Fact { keep: vec![total], sources: sources.clone(), ..self.fact(text) };
        let rule = Fact { sources, ..self.fact(quoted.join(" ")) };
        Some(if quoted.is_empty() { vec![sum] } else { vec![sum, rule] })
    }

    fn descriptions(&self, products: &[usize]) -> String {
        let of = |p: &usize| {
            let product = self.product(*p);
            format!("{} {} {}", product.title, product.description, product.product_type)
        };
        products.iter().map(of).collect::<Vec<_>>().join(" ")
    }
}
