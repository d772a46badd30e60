//! The columns a shop keeps about its products: which one a question asks for, and what each holds as
//! a number.

use std::collections::HashMap;

use super::understand::Question;
use super::understand::cues::Rank;
use crate::domain::language::values::{Kind, Quantity, Reading, values};
use crate::domain::time::Instant;
use crate::knowledge::catalogue::{Product, Shop};
use crate::knowledge::names::{Names, stems, terms};

/// Words by which visitors ask for columns that feeds name otherwise.
const SYNONYMS: &[(&str, &[&str])] = &[
    ("weight", &["heavy", "weigh", "weighs", "weight", "kilo", "kilos", "grams", "kg"]),
    ("shipping_weight", &["heavy", "weigh", "weighs", "weight"]),
    ("size", &["size", "dimension", "dimensions", "measure", "measures", "measurements"]),
    (
        "dimensions",
        &["size", "dimension", "measure", "how tall", "how wide", "how big", "how large"],
    ),
    ("height", &["how tall", "how high", "tallness"]),
    ("width", &["how wide"]),
    ("depth", &["how deep"]),
    ("material", &["material", "fabric", "made of", "made from"]),
    ("color", &["colour", "color", "colors", "colours", "shade"]),
    ("brand", &["brand", "manufacturer", "maker", "who makes", "who made"]),
    ("warranty", &["warranty", "guarantee", "guaranteed"]),
    ("gtin", &["ean", "barcode", "gtin"]),
    ("mpn", &["model number", "part number", "article number", "mpn"]),
    ("power", &["watt", "watts", "wattage", "power", "powerful"]),
    ("wattage", &["watt", "watts", "power"]),
    ("persons", &["sleeps", "berth", "how many people", "how many persons"]),
    ("dishwasher_safe", &["dishwasher", "dishwasher safe"]),
    ("oven_safe", &["oven", "oven proof", "ovenproof"]),
    ("induction", &["induction", "induction hob"]),
    ("country_of_origin", &["made in", "come from", "which country", "origin", "where made"]),
    ("age", &["how old", "what age", "age", "years old"]),
    ("diameter", &["diameter", "how wide", "across"]),
    ("length", &["how long", "length"]),
    ("blade_length", &["how long", "blade length", "length"]),
    ("cable_length", &["cable length", "long cable"]),
    ("thickness", &["how thick", "thick", "thickness"]),
    ("ingredients", &["ingredient", "ingredients", "what is in", "contain"]),
    ("flavour", &["flavour", "flavor", "taste"]),
    ("maximum_load", &["load", "carry", "how much weight", "hold"]),
    ("noise", &["loud", "noise", "noisy", "decibel"]),
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

/// Ways of asking that ask for a column only where nothing else is asked for: "how long is the
/// warranty" asks for no length.
const WEAK: &[&str] =
    &["how long", "how wide", "load", "carry", "hold", "age", "contain", "across"];

/// Columns that hold no answer to a visitor's question about a property.
const SILENT: &[&str] = &["condition", "google_product_category"];

/// The columns of a shop.
#[derive(Clone, Debug, Default)]
pub struct Attributes {
    /// Column name to the ways of asking for it, each a run of stems.
    asked_by: HashMap<String, Vec<Vec<String>>>,
    /// How cells are read.
    reading: Option<Reading>,
}

impl Attributes {
    /// Collects the columns of products.
    pub fn build(products: &[Product], shop: &Shop) -> Self {
        let mut asked_by: HashMap<String, Vec<Vec<String>>> = HashMap::new();
        for attribute in products.iter().flat_map(|p| &p.attributes) {
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
        // What a parcel weighs stands for what a thing weighs only where nothing else does.
        if asked_by.contains_key("weight") {
            asked_by.remove("shipping_weight");
        }
        let reading = Reading { currency: Some(shop.currency), locale: shop.locale.clone() };
        Self { asked_by, reading: Some(reading) }
    }

    /// The column a question asks for in so many words. The longest way of asking wins.
    pub fn asked(&self, question: &Question, names: &Names) -> Option<String> {
        self.asked_all(question, names).into_iter().next()
    }

    /// All columns that a question asks for, the longest way of asking first; of those that are asked
    /// for with the same words, the first.
    pub fn asked_all(&self, question: &Question, names: &Names) -> Vec<String> {
        let mut ways: Vec<(&String, usize, usize)> = Vec::new();
        for (column, phrases) in &self.asked_by {
            for way in phrases {
                if let Some(at) = asked_at(way, column, question, names) {
                    ways.push((column, at, way.len()));
                }
            }
        }
        let weak = |at: usize, length: usize| {
            let run = &question.stems[at..at + length];
            WEAK.iter().any(|phrase| stems(phrase) == run)
        };
        ways.sort_by(|a, b| {
            weak(a.1, a.2).cmp(&weak(b.1, b.2)).then(b.2.cmp(&a.2)).then(b.0.cmp(a.0))
        });
        let mut taken: Vec<(usize, usize)> = Vec::new();
        let mut found: Vec<String> = Vec::new();
        for (column, at, length) in ways {
            let overlaps = taken.iter().any(|(from, to)| at < *to && *from < at + length);
            let idle = !found.is_empty() && weak(at, length);
            if !overlaps && !idle && !found.contains(column) {
                taken.push((at, at + length));
                found.push(column.clone());
            }
        }
        found
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

    /// The columns whose names hold this word, shortest first; then those that it asks for.
    pub fn columns<'a>(&'a self, by: &'a str) -> impl Iterator<Item = &'a String> {
        let wanted = terms(&by.replace(['_', '-'], " "));
        let named = |column: &str| {
            let own = terms(&column.replace('_', " "));
            !wanted.is_empty() && wanted.iter().all(|w| own.contains(w))
        };
        let asks = |ways: &[Vec<String>]| ways.contains(&wanted);
        let mut columns: Vec<(bool, &String)> = self
            .asked_by
            .iter()
            .map(|(column, ways)| (named(column), asks(ways), column))
            .filter(|(named, asks, _)| *named || *asks)
            .map(|(named, _, column)| (!named, column))
            .collect();
        columns.sort_by_key(|(asked, column)| (*asked, column.len(), column.as_str()));
        columns.into_iter().map(|(_, column)| column)
    }

    /// The telling words of the ways in which a column is asked for.
    pub fn words_for(&self, column: &str) -> Vec<String> {
        const GENERAL: &[&str] = &["how", "long", "much", "many", "mani", "what", "does", "peopl"];
        let ways = self.asked_by.get(column).into_iter().flatten().flatten();
        ways.filter(|word| !GENERAL.contains(&word.as_str())).cloned().collect()
    }

    /// The words of the columns that a ranking may go by: they say by what, not of what.
    pub fn words_of(&self, rank: &Rank) -> Vec<String> {
        let columns = rank.by.iter().flat_map(|by| self.columns(by));
        columns.flat_map(|column| terms(&column.replace('_', " "))).collect()
    }
}

/// Where a question asks for a column in one way of asking.
fn asked_at(way: &[String], column: &str, question: &Question, names: &Names) -> Option<usize> {
    let matched = question.mention.as_ref().map(|m| m.matched.as_slice()).unwrap_or_default();
    if way.iter().all(|w| matched.contains(w) && (names.is_name(w) || names.is_kind(w))) {
        return None;
    }
    // "for 2 people" counts and does not ask; nothing is counted in "the HL-401 weighs".
    let counted = |at: usize| {
        at > 0 && question.stems[at - 1].chars().all(|c| c.is_ascii_digit()) && column != "weight"
    };
    // "half a litre" measures, "how many litres" asks.
    let measures = |at: usize| {
        const UNITS: &[&str] = &["litr", "liter", "hour", "watt", "kg", "gram", "degre"];
        UNITS.contains(&way[0].as_str())
            && way.len() == 1
            && !question.stems[..at].iter().any(|word| word == "many" || word == "what")
    };
    let mut runs = question.stems.windows(way.len()).enumerate();
    runs.find(|(at, run)| *run == way && !counted(*at) && !measures(*at)).map(|(at, _)| at)
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
