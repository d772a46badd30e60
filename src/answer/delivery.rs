//! Delivery: what it costs to a place, whether a place is served, when a parcel would be there. The
//! rules are read from the shop's own pages; what is said is their sentences, and beside them what
//! follows from them for this place, this order or this day.

pub mod dates;
pub mod places;
pub mod terms;
mod told;

use crate::domain::language::fold;
use crate::domain::language::values::Reading;
use crate::domain::money::Money;
use crate::knowledge::Knowledge;

pub use told::Asked;

use places::{Place, holds, is_wide};
use terms::{Rule, Service};

/// The rules of one shop.
#[derive(Clone, Debug, Default)]
pub struct Delivery {
    rules: Vec<Rule>,
    home: Option<Place>,
}

/// What is asked of delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aspect {
    /// Does it go there at all?
    Whether,
    /// What does it cost?
    Cost,
    /// How long does it take?
    Time,
}

/// What the rules say.
#[derive(Clone, Debug, Default)]
pub struct Told<'a> {
    /// The rules that answer, in order.
    pub rules: Vec<&'a Rule>,
    /// The place is not served.
    pub refused: bool,
}

/// How far a rule is from being about a place: 0 is exactly, higher is more general.
type Distance = u8;

impl Delivery {
    /// Reads the rules of a shop.
    pub fn read(knowledge: &Knowledge, reading: &Reading) -> Self {
        let tag = knowledge.catalogue.shop.locale.tag();
        let home = tag.split_once('-').and_then(|(_, region)| places::home(region));
        Self { rules: terms::read(&knowledge.passages, home, reading), home }
    }

    /// Where the shop is.
    pub fn home(&self) -> Option<Place> {
        self.home
    }

    /// The place a text names, if it names one.
    pub fn place(&self, text: &str) -> Option<Place> {
        let found = places::named(text, self.home);
        let single: Vec<Place> = found.iter().copied().filter(|place| !is_wide(place)).collect();
        single.first().copied().or_else(|| found.first().copied())
    }

    /// What is said about delivery to a place.
    pub fn to(&self, place: Option<Place>, aspect: Aspect, service: Service) -> Told<'_> {
        let of_service = |rule: &&Rule| rule.service == service;
        let near = |rule: &&Rule| self.distance(rule, place).is_some();
        let fitting: Vec<&Rule> = self.rules.iter().filter(of_service).filter(near).collect();
        let nearest = |with: &dyn Fn(&Rule) -> bool| {
            let rated = fitting.iter().filter(|rule| with(rule));
            rated.min_by_key(|rule| self.distance(rule, place)).copied()
        };
        let served = |rule: &Rule| !rule.refuses && (rule.has_cost() || rule.days.is_some());
        let refusing = nearest(&|rule| rule.refuses);
        let serving = nearest(&|rule| served(rule));
        let far = |rule: Option<&Rule>| rule.and_then(|rule| self.distance(rule, place));
        if let Some(rule) = refusing
            && far(serving).is_none_or(|served| far(refusing).is_some_and(|not| not <= served))
        {
            return Told { rules: vec![rule], refused: true };
        }
        if serving.is_none() {
            return self.nowhere_else(place, service);
        }
        let cost = nearest(&|rule| !rule.refuses && rule.cost.is_some())
            .or_else(|| nearest(&|rule| !rule.refuses && rule.free));
        let free = nearest(&|rule| !rule.refuses && rule.free_from.is_some());
        // A threshold of another region is none of this one's.
        let free = free.filter(|rule| cost.is_none() || far(Some(*rule)) == far(cost));
        let days = nearest(&|rule| !rule.refuses && rule.days.is_some() && !rule.leaving);
        let wanted = match aspect {
            Aspect::Cost => vec![cost, free],
            Aspect::Time => vec![days],
            Aspect::Whether => vec![cost, free, days],
        };
        let mut rules: Vec<&Rule> = Vec::new();
        for rule in wanted.into_iter().flatten() {
            if rules.iter().all(|other| other.sentence != rule.sentence) {
                rules.push(rule);
            }
        }
        Told { rules, refused: false }
    }

    /// "We deliver within Ireland only", and the place is not there.
    fn nowhere_else(&self, place: Option<Place>, service: Service) -> Told<'_> {
        let elsewhere = |rule: &&Rule| {
            let held = |place| rule.places.iter().any(|region| holds(region, place, self.home));
            rule.only
                && rule.service == service
                && !rule.places.is_empty()
                && place.is_some_and(|place| !held(place))
        };
        let rules: Vec<&Rule> = self.rules.iter().filter(elsewhere).take(1).collect();
        let refused = !rules.is_empty();
        Told { rules, refused }
    }

    /// The rules about when an order leaves: the one with the latest hour, and one with days.
    pub fn leaving(&self, service: Service) -> (Option<&Rule>, Option<&Rule>) {
        let of_service = || self.rules.iter().filter(move |rule| rule.service == service);
        let cut_off = of_service().find(|rule| rule.cut_off.is_some());
        (cut_off, of_service().find(|rule| rule.leaving && rule.days.is_some()))
    }

    fn distance(&self, rule: &Rule, place: Option<Place>) -> Option<Distance> {
        let Some(place) = place.or(self.home) else {
            return Some(if rule.places.is_empty() { 0 } else { 5 });
        };
        let held = |region: &&Place| holds(region, place, self.home);
        let wide = |region: &Place| match *region {
            region if region == place => 0,
            region if !is_wide(region) => 1,
            "european union" => 2,
            "europe" => 4,
            "abroad" => 5,
            _ => 6,
        };
        let others = u8::from(rule.others);
        let inside = rule.places.iter().filter(held).map(|region| wide(region) + others).min();
        let outside = rule.outside.iter().any(|region| !holds(region, place, self.home));
        inside.or(outside.then_some(4)).or_else(|| {
            let placed = |rule: &Rule| !rule.places.is_empty() && rule.has_cost();
            match rule.places.is_empty() && rule.outside.is_empty() {
                true if rule.others => (Some(place) != self.home).then_some(7),
                true if Some(place) == self.home => Some(3),
                true => (!self.rules.iter().any(placed)).then_some(8),
                false => None,
            }
        })
    }
}

impl Rule {
    /// Does its price come on top of another?
    pub fn adds(&self) -> bool {
        let said = fold(&self.sentence);
        ["adds", "extra", "surcharge", "on top", "additional"]
            .iter()
            .any(|word| said.contains(word))
    }

    fn has_cost(&self) -> bool {
        self.cost.is_some() || self.free || self.free_from.is_some()
    }
}

impl Told<'_> {
    /// What delivery of an order of so much costs, if the rules tell.
    pub fn charge(&self, order: Money) -> Option<Money> {
        if self.refused {
            return None;
        }
        let free = self.rules.iter().find_map(|rule| rule.free_from);
        let cost = self.rules.iter().find_map(|rule| rule.cost);
        let nothing = Money { minor: 0, ..order };
        match (cost, free) {
            (_, Some(from)) if order.minor >= from.minor => Some(nothing),
            (Some(cost), _) => Some(cost),
            (None, None) if self.rules.iter().any(|rule| rule.free) => Some(nothing),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
