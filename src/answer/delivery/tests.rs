//! Delivery as a shop's pages tell it: by place, by order and by day.

use super::*;
use crate::domain::language::Locale;
use crate::domain::reply::Source;
use crate::knowledge::passages::{Kind, Passage};
use crate::knowledge::sentences;

fn shop(texts: &[(&str, &str)]) -> Delivery {
    let passages: Vec<Passage> = texts
        .iter()
        .map(|(heading, text)| Passage {
            source: Source { id: "pages/delivery.md".into(), title: "Delivery".into(), link: None },
            kind: Kind::Page,
            heading: (*heading).to_string(),
            text: (*text).to_string(),
            sentences: sentences::split(text).into_iter().map(str::to_string).collect(),
        })
        .collect();
    let reading = Reading {
        currency: "EUR".parse().ok(),
        locale: Locale::new("en-IE").expect("a known locale"),
    };
    let home = places::home("IE");
    Delivery { rules: terms::read(&passages, home, &reading), home }
}

fn prose() -> Delivery {
    shop(&[
        (
            "Delivery > Ireland",
            "Delivery within Ireland costs €5.50. It is free for orders over €60. Parcels arrive \
             within two working days.",
        ),
        (
            "Delivery > Abroad",
            "Delivery to France and Spain costs €11.00 and takes four to six working days. To all \
             other countries of the European Union delivery costs €16.00. We do not deliver to \
             Scotland or to countries outside Europe.",
        ),
        (
            "Delivery > Express",
            "Express delivery costs €14.00 and is available within Ireland only.",
        ),
        ("Delivery > When", "Orders placed before 14:00 are dispatched the same day."),
        ("Returns", "A return parcel from Ireland costs €3.00."),
    ])
}

fn costs(delivery: &Delivery, place: Place) -> Vec<i64> {
    let told = delivery.to(Some(place), Aspect::Cost, Service::Standard);
    told.rules.iter().filter_map(|rule| rule.cost).map(|cost| cost.minor).collect()
}

#[test]
fn the_nearest_rule_decides_what_delivery_costs() {
    let delivery = prose();
    assert_eq!(costs(&delivery, "ireland"), [550]);
    assert_eq!(costs(&delivery, "spain"), [1100]);
    assert_eq!(costs(&delivery, "austria"), [1600]);
}

#[test]
fn places_that_are_not_served_are_refused() {
    let delivery = prose();
    for place in ["scotland", "canada"] {
        let told = delivery.to(Some(place), Aspect::Cost, Service::Standard);
        assert!(told.refused && told.rules.len() == 1, "{place}: {told:?}");
    }
    let express = delivery.to(Some("france"), Aspect::Cost, Service::Express);
    assert!(express.refused && express.rules[0].sentence.contains("only"), "{express:?}");
}

#[test]
fn a_threshold_belongs_to_its_own_region() {
    let delivery = prose();
    let eur = |minor| Money { minor, currency: "EUR".parse().expect("a currency") };
    let home = delivery.to(Some("ireland"), Aspect::Cost, Service::Standard);
    assert_eq!(home.charge(eur(5900)), Some(eur(550)));
    assert_eq!(home.charge(eur(6000)), Some(eur(0)));
    let spain = delivery.to(Some("spain"), Aspect::Cost, Service::Standard);
    assert_eq!(spain.charge(eur(50_000)), Some(eur(1100)));
}

#[test]
fn times_and_the_hour_of_leaving_are_read() {
    let delivery = prose();
    let days = |place| {
        let told = delivery.to(Some(place), Aspect::Time, Service::Standard);
        told.rules.first().and_then(|rule| rule.days)
    };
    assert_eq!(days("ireland"), Some((1, 2)));
    assert_eq!(days("france"), Some((4, 6)));
    assert_eq!(delivery.leaving(Service::Standard).0.and_then(|rule| rule.cut_off), Some(840));
}

#[test]
fn tables_and_sentences_of_several_prices_are_read_too() {
    let table = shop(&[(
        "Shipping > Costs",
        "Country: Ireland; Standard: €4.95; Express: €9.95; Free from: €75\nCountry: Germany; \
         Standard: €12.95; Express: €24.95; Free from: €150",
    )]);
    assert_eq!(costs(&table, "germany"), [1295]);
    let told = table.to(Some("ireland"), Aspect::Cost, Service::Express);
    assert_eq!(told.rules[0].cost.map(|cost| cost.minor), Some(995));
    let both = shop(&[("Shipping", "We ship within Ireland for €4.00 and to Germany for €9.00.")]);
    assert_eq!(costs(&both, "germany"), [900]);
    assert_eq!(costs(&both, "ireland"), [400]);
}

#[test]
fn what_a_return_costs_is_no_delivery() {
    let delivery = shop(&[("Returns", "Sending a parcel back from Ireland costs €3.00.")]);
    assert!(delivery.to(Some("ireland"), Aspect::Cost, Service::Standard).rules.is_empty());
}
