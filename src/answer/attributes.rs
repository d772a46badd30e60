//! The columns a shop keeps about its products: which one a question asks for, and what each holds as
//! a number.

use std::collections::HashMap;

use super::understand::Question;
use super::understand::cues::Rank;
use crate::domain::language::values::{Kind, Quantity, Reading, values};
use crate::domain::time::Instant;
use crate::knowledge::catalogue::{Catalogue, Product};
use crate::knowledge::names::{Names, stems, terms};

/// Words by which visitors ask for columns that feeds name otherwise.
const SYNONYMS: &[(&str, &[&str])] = &[
    ("weight", &["heavy", "weigh", "weighs", "weight", "kilo", "kilos", "grams", "kg"]),
    ("size", &["size", "dimension", "dimensions", "measure", "measures", "measurements"]),
    ("dimensions", &["size", "dimension", "measure", "tall", "wide", "big", "large"]),
    ("height", &["tall", "high"]),
    ("width", &["wide"]),
    ("depth", &["deep"]),
    ("material", &["material", "fabric", "made of", "made from"]),
    ("color", &["colour", "color", "colors", "colours", "shade"]),
    ("brand", &["brand", "manufacturer", "maker", "who makes", "who made"]),
    ("warranty", &["warranty", "guarantee", "guaranteed"]),
    ("gtin", &["ean", "barcode", "gtin"]),
    ("mpn", &["model number", "part number", "article number", "mpn"]),
    ("power", &["watt", "watts", "wattage", "power", "powerful"]),
    ("wattage", &["watt", "watts", "power"]),
    ("persons", &["sleeps", "berth", "how many people", "how many persons"]),
    ("capacity", &["litre", "litres", "liter", "liters", "capacity", "volume", "hold"]),
    ("volume", &["litre", "litres", "capacity", "hold"]),
    ("brightness", &["bright", "lumen", "lumens", "brightness"]),
    ("lumen", &["bright", "brightness", "lumens", "light output"]),
    ("lumens", &["bright", "brightness", "lumen", "light output"]),
    ("luminous_flux", &["bright", "brightness", "lumen", "lumens"]),
    ("temperature", &["cold", "warm", "degrees"]),
    ("temperature_rating", &["cold", "warm", "degrees", "temperature", "comfort"]),
    ("color_temperature", &["kelvin", "warm white", "light colour"]),
    ("waterproof_rating", &["waterproof", "hydrostatic", "water column"]),
    ("burn_time", &["burn", "battery last", "runtime", "hours"]),
    ("battery_life", &["battery last", "runtime"]),
    ("runtime", &["battery last", "how long does it last", "battery life"]),
    ("socket", &["fitting", "base", "socket", "cap"]),
    ("gender", &["men", "women", "unisex"]),
];

/// Columns that hold no answer to a visitor's question about a property.
const SILENT: &[&str] = &["condition", "google_product_category", "shipping_weight"];

/// The columns of a shop.
#[derive(Clone, Debug, Default)]
pub struct Attributes {
    /// Column name to the ways of asking for it, each a run of stems.
    asked_by: HashMap<String, Vec<Vec<String>>>,
    /// How cells are read.
    reading: Option<Reading>,
}

impl Attributes {
    /// Collects the columns of a catalogue.
    pub fn build(catalogue: &Catalogue) -> Self {
        let mut asked_by: HashMap<String, Vec<Vec<String>>> = HashMap::new();
        for attribute in catalogue.products.iter().flat_map(|p| &p.attributes) {
            if asked_by.contains_key(&attribute.name) || SILENT.contains(&attribute.name.as_str()) {
                continue;
            }
            let own = stems(&attribute.name.replace('_', " "));
            let listed = SYNONYMS.iter().find(|(name, _)| {
                *name == attribute.name || attribute.name.starts_with(&format!("{name}_"))
            });
            let listed = listed.iter().flat_map(|(_, phrases)| phrases.iter().map(|p| stems(p)));
            let ways = std::iter::once(own).chain(listed).filter(|way| !way.is_empty()).collect();
            asked_by.insert(attribute.name.clone(), ways);
        }
        let shop = &catalogue.shop;
        let reading = Reading { currency: Some(shop.currency), locale: shop.locale.clone() };
        Self { asked_by, reading: Some(reading) }
    }

    /// The column a question asks for in so many words. The longest way of asking wins.
    pub fn asked(&self, question: &Question, names: &Names) -> Option<String> {
        let matched = question.mention.as_ref().map(|m| m.matched.as_slice()).unwrap_or_default();
        let mut best: Option<(usize, &String)> = None;
        for (column, ways) in &self.asked_by {
            for way in ways {
                let of_name = way.iter().all(|w| matched.contains(w) && names.is_name(w));
                // "for 2 people" counts and does not ask; nothing is counted in "the HL-401 weighs".
                let counted = |at: usize| {
                    at > 0
                        && question.stems[at - 1].chars().all(|c| c.is_ascii_digit())
                        && column != "weight"
                };
                // "half a litre" measures, "how many litres" asks.
                let measures = |at: usize| {
                    const UNITS: &[&str] =
                        &["litr", "liter", "hour", "watt", "kg", "gram", "degre"];
                    UNITS.contains(&way[0].as_str())
                        && way.len() == 1
                        && !question.stems[..at].iter().any(|word| word == "many" || word == "what")
                };
                let mut runs = question.stems.windows(way.len()).enumerate();
                let found =
                    runs.any(|(at, run)| run == way.as_slice() && !counted(at) && !measures(at));
                let better = best.is_none_or(|(length, name)| (way.len(), name) > (length, column));
                if found && !of_name && better {
                    best = Some((way.len(), column));
                }
            }
        }
        best.map(|(_, column)| column.clone())
    }

    /// Is this stem a way of asking for a column?
    pub fn is_word(&self, term: &str) -> bool {
        self.asked_by.values().flatten().any(|way| way.iter().any(|w| w == term))
    }

    /// Does the shop keep a column that this can be ranked by?
    pub fn can_rank(&self, rank: &Rank) -> bool {
        rank.by.iter().any(|by| by == "price" || self.columns(by).next().is_some())
    }

    /// A product's value in a column, as a number in base units (prices in minor units); the first
    /// where a cell holds several. `None` where it holds none.
    pub fn number(&self, product: &Product, column: &str, at: Instant) -> Option<f64> {
        if column == "price" {
            return product.price_at(at).map(|price| price.minor as f64);
        }
        let found = values(product.attribute(column)?, self.reading.as_ref()?);
        let amount = match &found.first()?.kind {
            Kind::Number(amount) => *amount,
            kind => kind.quantities().first()?.amount,
        };
        Some(amount.millionths() as f64)
    }

    /// The quantities in a cell, the ends of ranges included.
    pub fn quantities(&self, cell: &str) -> Vec<Quantity> {
        let found = self.reading.as_ref().map(|reading| values(cell, reading));
        found.unwrap_or_default().iter().flat_map(|value| value.kind.quantities()).collect()
    }

    /// The columns whose names hold this word, shortest first.
    pub fn columns<'a>(&'a self, by: &'a str) -> impl Iterator<Item = &'a String> {
        let wanted = terms(&by.replace('_', " "));
        let mut columns: Vec<&String> = self
            .asked_by
            .keys()
            .filter(|column| {
                let own = terms(&column.replace('_', " "));
                wanted.iter().all(|w| own.contains(w)) && !wanted.is_empty()
            })
            .collect();
        columns.sort_by_key(|column| (column.len(), column.as_str()));
        columns.into_iter()
    }
}

/// How a column is called in a sentence.
pub fn spoken(column: &str) -> String {
    match column {
        "color" => "colour".into(),
        "mpn" => "model number".into(),
        "gtin" => "GTIN".into(),
        other => other.replace('_', " "),
    }
}
