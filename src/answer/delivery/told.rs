//! What is said about delivery: the rules' own sentences, and what follows from them for this place,
//! this order or this day.

use jiff::civil::{Date, DateTime};

use super::terms::{Rule, Service};
use super::{Aspect, Delivery, dates, places};
use crate::answer::plan::Parcel;
use crate::answer::understand::Question;
use crate::answer::wording::{self, rows};
use crate::domain::language::Locale;
use crate::domain::money::Money;
use crate::domain::reply::{Fact, Source};

/// A question about delivery.
pub struct Asked<'a> {
    /// What is asked.
    pub parcel: &'a Parcel,
    /// In the visitor's words.
    pub question: &'a Question,
    /// The time on the shop's wall.
    pub now: DateTime,
    /// How the shop writes.
    pub locale: &'a Locale,
    /// What the shop says about the product that is to be sent.
    pub product: &'a str,
}

impl Delivery {
    /// The facts that answer; none where the rules do not tell.
    pub fn facts(&self, asked: &Asked<'_>) -> Vec<Fact> {
        let parcel = asked.parcel;
        if parcel.service == Service::Collection {
            return asked.quoting(&self.collecting()).into_iter().collect();
        }
        let mut rules: Vec<&Rule> = Vec::new();
        let mut refused = false;
        for aspect in &parcel.aspects {
            let told = self.to(parcel.place, *aspect, parcel.service);
            refused |= told.refused;
            for rule in told.rules {
                if rules.iter().all(|other| other.sentence != rule.sentence) {
                    rules.push(rule);
                }
            }
        }
        if let Some(rule) = self.forbids(asked.product, parcel) {
            return asked.refusing(&[rule]);
        }
        let mut special = self.special(asked.product);
        special.retain(|rule| rules.iter().all(|other| other.sentence != rule.sentence));
        if parcel.of_product_alone && special.is_empty() {
            return Vec::new();
        }
        if refused {
            return asked.refusing(&rules);
        }
        // What is sent in a way of its own is not sent in the usual one as well.
        if !special.is_empty() && !special.iter().any(|rule| rule.adds()) {
            return asked.quoting(&special).into_iter().collect();
        }
        if rules.is_empty() && special.is_empty() {
            return Vec::new();
        }
        let mut facts = Vec::new();
        facts.extend(self.serves(asked, &rules));
        let told = super::Told { rules: rules.clone(), refused: false };
        facts.extend(asked.quoting(&rules));
        facts.extend(asked.quoting(&special));
        if let [amount] = asked.question.amounts.as_slice() {
            facts.extend(asked.of_order(*amount, &told));
        }
        if parcel.by_day {
            facts.extend(self.arrival(asked, &rules));
        }
        facts
    }

    /// What the page that says most about collecting says.
    fn collecting(&self) -> Vec<&Rule> {
        const SAID: usize = 3;
        let rules = || self.rules.iter().filter(|rule| rule.service == Service::Collection);
        let beside = |rule: &&Rule| rules().filter(|other| other.source == rule.source).count();
        let Some(most) = rules().max_by_key(beside) else { return Vec::new() };
        rules().filter(|rule| rule.source == most.source).take(SAID).collect()
    }

    /// "We deliver to Austria.", where the rule does not name the place itself.
    fn serves(&self, asked: &Asked<'_>, rules: &[&Rule]) -> Option<Fact> {
        let place = asked.parcel.place?;
        let yes_no = asked.question.cues.yes_no && asked.parcel.aspects.contains(&Aspect::Whether);
        if !yes_no || Some(place) == self.home {
            return None;
        }
        let text = format!("Yes, we deliver to {}.", places::written(place));
        let mut fact = asked.fact(text, rules.iter().map(|rule| rule.source.clone()));
        fact.polarity = Some(true);
        Some(fact)
    }

    /// When a parcel ordered now would arrive.
    fn arrival(&self, asked: &Asked<'_>, rules: &[&Rule]) -> Option<Fact> {
        let (from, to) = rules.iter().find_map(|rule| rule.days)?;
        let (cut_off, packing) = self.leaving(asked.parcel.service);
        let packing_days = packing.and_then(|rule| rule.days).map_or(0, |(_, to)| to);
        let hour = cut_off.and_then(|rule| rule.cut_off);
        // Without any rule about leaving, a day would be a guess.
        cut_off.or(packing)?;
        let leaves = dates::leaves(asked.now, hour, packing_days)?;
        let first = dates::working_days_after(leaves, from)?;
        let last = dates::working_days_after(leaves, to)?;
        let window = match first == last {
            true => format!("on {}", dates::spoken(last)),
            false => format!("between {} and {}", dates::spoken(first), dates::spoken(last)),
        };
        let verdict = dates::deadline(&asked.question.text, asked.now)
            .map(|day| verdict(day, first, last))
            .unwrap_or_default();
        let text = format!(
            "Ordered now, a parcel would leave on {} and is expected to arrive {window}{verdict}.",
            dates::spoken(leaves)
        );
        let sources = rules.iter().copied().chain(cut_off).map(|rule| rule.source.clone());
        Some(asked.fact(text, sources))
    }

    /// Rules for things that are sent in another way, if what is said of a product shows that it is
    /// one of them, or they name it.
    pub fn special(&self, product: &str) -> Vec<&Rule> {
        let priced = |rule: &&Rule| rule.service == Service::Special && rule.cost.is_some();
        let found = self.rules.iter().filter(priced).find(|rule| rule.concerns(product));
        found.into_iter().collect()
    }

    /// A rule that such a thing is not sent there, or not in that way.
    fn forbids(&self, product: &str, parcel: &Parcel) -> Option<&Rule> {
        let held = |rule: &Rule, place| {
            rule.places.iter().any(|region| places::holds(region, place, self.home))
        };
        self.rules.iter().filter(|rule| rule.concerns(product)).find(|rule| {
            let way = rule.service == parcel.service || rule.service == Service::Special;
            let here = rule.places.is_empty() || parcel.place.is_some_and(|p| held(rule, p));
            let elsewhere = !rule.places.is_empty() && parcel.place.is_some_and(|p| !held(rule, p));
            rule.refuses && way && here || rule.only && !rule.refuses && elsewhere
        })
    }
}

impl Rule {
    /// Is it about such a thing, by its name or by what makes it special?
    fn concerns(&self, product: &str) -> bool {
        const TITLE: usize = 6;
        let own = crate::knowledge::names::terms(product);
        let said = crate::knowledge::names::terms(&self.sentence);
        let named = own.iter().take(TITLE).filter(|term| said.contains(term)).count();
        named > 1 || self.keywords().iter().any(|word| own.contains(word))
    }
}

/// ", so in time for Friday 4 December".
fn verdict(day: Date, first: Date, last: Date) -> String {
    let spoken = dates::spoken(day);
    if last <= day {
        format!(", so in time for {spoken}")
    } else if first > day {
        format!(", so not by {spoken}")
    } else {
        format!(", so perhaps by {spoken}, but not for certain")
    }
}

impl Asked<'_> {
    fn fact(&self, text: String, sources: impl Iterator<Item = Source>) -> Fact {
        let mut each: Vec<Source> = Vec::new();
        for source in sources {
            if !each.contains(&source) {
                each.push(source);
            }
        }
        let question = self.question.text.clone();
        Fact { text, question, polarity: None, keep: Vec::new(), sources: each }
    }

    /// The sentences of rules that say no.
    fn refusing(&self, rules: &[&Rule]) -> Vec<Fact> {
        let mut facts: Vec<Fact> = self.quoting(rules).into_iter().collect();
        facts.iter_mut().for_each(|fact| fact.polarity = Some(false));
        facts
    }

    /// The sentences of rules.
    fn quoting(&self, rules: &[&Rule]) -> Option<Fact> {
        let said: Vec<String> = rules.iter().map(|rule| rows::plain(&rule.sentence)).collect();
        let sources = rules.iter().map(|rule| rule.source.clone());
        (!said.is_empty()).then(|| self.fact(said.join(" "), sources))
    }

    /// What delivery costs for an order of so much.
    fn of_order(&self, amount: Money, told: &super::Told<'_>) -> Option<Fact> {
        let charge = told.charge(amount)?;
        let order = amount.format(self.locale);
        let text = match charge.minor {
            0 => format!("For an order of {order} delivery is free."),
            _ => {
                format!("For an order of {order} delivery costs {}.", charge.format(self.locale))
            }
        };
        Some(self.fact(wording::capitalised(&text), told.rules.iter().map(|r| r.source.clone())))
    }
}
