//! The units shops write, and what each is in base units.

use super::lexer::Token;
use super::{Decimal, Dimension, Quantity};
use Dimension::*;

/// A unit: so many base units of a dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    pub dimension: Dimension,
    /// Millionths of the base unit.
    scale: i64,
}

impl Unit {
    const fn new(dimension: Dimension, scale: i64) -> Self {
        Self { dimension, scale }
    }

    /// So many of this unit.
    pub fn of(self, amount: Decimal) -> Option<Quantity> {
        let amount = amount.times(Decimal::from_millionths(self.scale))?;
        Some(Quantity { amount, dimension: self.dimension })
    }

    /// Whether `a week`, `an hour`, `a kilo` counts one of it when nothing comes before.
    pub fn counts_with_article(self) -> bool {
        matches!(self.dimension, Months | Days | Time | WorkingDays | Nights)
    }
}

const fn whole(dimension: Dimension, scale: i64) -> Option<Unit> {
    Some(Unit::new(dimension, scale * 1_000_000))
}

const fn millionths(dimension: Dimension, scale: i64) -> Option<Unit> {
    Some(Unit::new(dimension, scale))
}

/// The unit that starts at a token, and the token after it. `pound_is_money` says what `5 pounds`
/// means here.
pub(super) fn unit_at(tokens: &[Token], at: usize, pound_is_money: bool) -> Option<(Unit, usize)> {
    let token = tokens.get(at)?;
    if token.is('°') {
        return Some(degrees(tokens, at + 1));
    }
    let unit = match token.raw {
        "%" => whole(Percent, 1),
        _ if token.is('"') && token.glued => millionths(Length, 25_400_000),
        _ if token.is('\'') && token.glued => millionths(Length, 304_800_000),
        _ => None,
    };
    if let Some(unit) = unit {
        let doubled = token.is('\'') && tokens.get(at + 1).is_some_and(|t| t.is('\'') && t.glued);
        return match doubled {
            true => Some((Unit::new(Length, 25_400_000), at + 2)),
            false => Some((unit, at + 1)),
        };
    }
    let word = token.word.as_str();
    if word == "in" && !is_inch(tokens, at) {
        return None;
    }
    if matches!(word, "pound" | "pounds") && pound_is_money {
        return None;
    }
    two_words(tokens, at)
        .map(|unit| (unit, at + 2))
        .or_else(|| rate(tokens, at).map(|unit| (unit, at + 3)))
        .or_else(|| one_word(token.raw, word).map(|unit| (unit, at + 1)))
}

/// After `°`: Celsius, Fahrenheit, or an angle.
fn degrees(tokens: &[Token], at: usize) -> (Unit, usize) {
    let dimension = match tokens.get(at).map(|token| token.word.as_str()) {
        Some("c" | "celsius") => Celsius,
        Some("f" | "fahrenheit") => Fahrenheit,
        _ => return (Unit::new(Angle, 1_000_000), at),
    };
    (Unit::new(dimension, 1_000_000), at + 1)
}

/// `in` is an inch when it is glued to its number, ends something, or a measured thing follows.
fn is_inch(tokens: &[Token], at: usize) -> bool {
    match tokens.get(at + 1) {
        _ if tokens[at].glued => true,
        None => true,
        Some(next) if next.word.is_empty() => !next.raw.bytes().all(|b| b.is_ascii_digit()),
        Some(next) => matches!(
            next.word.as_str(),
            "x" | "by"
                | "diameter"
                | "wide"
                | "high"
                | "long"
                | "deep"
                | "tall"
                | "thick"
                | "screen"
                | "display"
        ),
    }
}

fn two_words(tokens: &[Token], at: usize) -> Option<Unit> {
    let next = tokens.get(at + 1)?;
    match (tokens[at].word.as_str(), next.word.as_str()) {
        ("working" | "business", "day" | "days") => whole(WorkingDays, 1),
        ("per", "cent") => whole(Percent, 1),
        ("degree" | "degrees", "celsius" | "c") => whole(Celsius, 1),
        ("degree" | "degrees", "fahrenheit" | "f") => whole(Fahrenheit, 1),
        ("square" | "sq", "metre" | "metres" | "meter" | "meters" | "m") => whole(Area, 10_000),
        ("square" | "sq", "foot" | "feet" | "ft") => millionths(Area, 929_030_400),
        ("square" | "sq", "centimetres" | "centimeters" | "cm") => whole(Area, 1),
        ("cubic" | "cu", "metre" | "metres" | "meter" | "meters") => whole(Volume, 1_000_000),
        ("cubic" | "cu", "foot" | "feet" | "ft") => millionths(Volume, 28_316_846_592),
        ("fluid" | "fl", "ounce" | "ounces" | "oz") => millionths(Volume, 29_573_530),
        _ => None,
    }
}

/// `km/h`, `g/m²` and their like: word, slash, word, all glued.
fn rate(tokens: &[Token], at: usize) -> Option<Unit> {
    let [slash, below] = tokens.get(at + 1..at + 3)? else { return None };
    if !(slash.is('/') && slash.glued && below.glued) {
        return None;
    }
    match (tokens[at].word.as_str(), below.word.as_str()) {
        ("km", "h") => whole(Speed, 1000),
        ("m", "s") => whole(Speed, 3600),
        ("g", "m2") => whole(Grammage, 1),
        ("mbit" | "mb", "s") if tokens[at].raw != "MB" => whole(DataRate, 1000),
        ("gbit" | "gb", "s") if tokens[at].raw != "GB" => whole(DataRate, 1_000_000),
        _ => None,
    }
}

fn one_word(raw: &str, word: &str) -> Option<Unit> {
    by_case(raw).or_else(|| {
        // A single letter that `by_case` did not know is no unit, however it is written.
        if word.len() < 2 { None } else { everyday(word).or_else(|| technical(word)) }
    })
}

/// Units whose letters mean different things in capitals.
fn by_case(raw: &str) -> Option<Unit> {
    match raw {
        "m" => whole(Length, 1000),
        "g" => whole(Mass, 1),
        "t" => whole(Mass, 1_000_000),
        "l" | "L" => whole(Volume, 1000),
        "h" => whole(Time, 3600),
        "s" => whole(Time, 1),
        "W" | "w" => whole(Power, 1),
        "mW" => millionths(Power, 1000),
        "MW" => whole(Power, 1_000_000),
        "V" | "v" => whole(Voltage, 1),
        "A" => whole(Current, 1),
        "K" => whole(ColourTemperature, 1),
        _ => None,
    }
}

fn everyday(word: &str) -> Option<Unit> {
    match word {
        "mg" => millionths(Mass, 1000),
        "gram" | "grams" | "gramme" | "grammes" => whole(Mass, 1),
        "kg" | "kgs" | "kilo" | "kilos" | "kilogram" | "kilograms" | "kilogramme"
        | "kilogrammes" => whole(Mass, 1000),
        "tonne" | "tonnes" => whole(Mass, 1_000_000),
        "oz" | "ounce" | "ounces" => millionths(Mass, 28_349_523),
        "lb" | "lbs" | "pound" | "pounds" => millionths(Mass, 453_592_370),
        "mm" | "millimetre" | "millimetres" | "millimeter" | "millimeters" => whole(Length, 1),
        "cm" | "centimetre" | "centimetres" | "centimeter" | "centimeters" => whole(Length, 10),
        "metre" | "metres" | "meter" | "meters" => whole(Length, 1000),
        "km" | "kilometre" | "kilometres" | "kilometer" | "kilometers" => whole(Length, 1_000_000),
        "in" | "inch" | "inches" => millionths(Length, 25_400_000),
        "ft" | "foot" | "feet" => millionths(Length, 304_800_000),
        "yd" | "yard" | "yards" => millionths(Length, 914_400_000),
        "mile" | "miles" => whole(Length, 1_609_344),
        "cm2" => whole(Area, 1),
        "m2" | "sqm" => whole(Area, 10_000),
        "sqft" => millionths(Area, 929_030_400),
        "hectare" | "hectares" => whole(Area, 100_000_000),
        "ml" | "millilitre" | "millilitres" | "milliliter" | "milliliters" => whole(Volume, 1),
        "cl" | "centilitre" | "centilitres" => whole(Volume, 10),
        "dl" => whole(Volume, 100),
        "litre" | "litres" | "liter" | "liters" | "ltr" => whole(Volume, 1000),
        "m3" => whole(Volume, 1_000_000),
        "month" | "months" => whole(Months, 1),
        "year" | "years" | "yr" | "yrs" => whole(Months, 12),
        "day" | "days" => whole(Days, 1),
        "week" | "weeks" => whole(Days, 7),
        "fortnight" | "fortnights" => whole(Days, 14),
        "night" | "nights" => whole(Nights, 1),
        "hour" | "hours" | "hr" | "hrs" => whole(Time, 3600),
        "minute" | "minutes" | "min" | "mins" => whole(Time, 60),
        "second" | "seconds" | "sec" | "secs" => whole(Time, 1),
        "ms" | "millisecond" | "milliseconds" => millionths(Time, 1000),
        "percent" => whole(Percent, 1),
        "person" | "persons" | "people" => whole(People, 1),
        "piece" | "pieces" | "pcs" | "pc" => whole(Count, 1),
        _ => None,
    }
}

fn technical(word: &str) -> Option<Unit> {
    match word {
        "watt" | "watts" => whole(Power, 1),
        "kw" | "kilowatt" | "kilowatts" => whole(Power, 1000),
        "va" => whole(ApparentPower, 1),
        "wh" => whole(Energy, 1),
        "kwh" => whole(Energy, 1000),
        "kcal" => whole(Nutrition, 1),
        "volt" | "volts" => whole(Voltage, 1),
        "mv" => millionths(Voltage, 1000),
        "kv" => whole(Voltage, 1000),
        "amp" | "amps" | "ampere" | "amperes" => whole(Current, 1),
        "ma" => millionths(Current, 1000),
        "mah" => whole(Charge, 1),
        "ah" => whole(Charge, 1000),
        "lm" | "lumen" | "lumens" => whole(LightFlux, 1),
        "lx" | "lux" => whole(Illuminance, 1),
        "kelvin" => whole(ColourTemperature, 1),
        "celsius" => whole(Celsius, 1),
        "fahrenheit" => whole(Fahrenheit, 1),
        "degree" | "degrees" => whole(Angle, 1),
        "hz" | "hertz" => whole(Frequency, 1),
        "khz" => whole(Frequency, 1000),
        "mhz" => whole(Frequency, 1_000_000),
        "ghz" => whole(Frequency, 1_000_000_000),
        "kb" => whole(Data, 1),
        "mb" => whole(Data, 1000),
        "gb" | "gigabyte" | "gigabytes" => whole(Data, 1_000_000),
        "tb" | "terabyte" | "terabytes" => whole(Data, 1_000_000_000),
        "kbps" => whole(DataRate, 1),
        "mbps" => whole(DataRate, 1000),
        "gbps" => whole(DataRate, 1_000_000),
        "bar" => whole(Pressure, 100_000),
        "psi" => millionths(Pressure, 6_894_757_293),
        "hpa" | "mbar" => whole(Pressure, 100),
        "kpa" => whole(Pressure, 1000),
        "db" | "dba" | "decibel" | "decibels" => whole(Sound, 1),
        "mph" => millionths(Speed, 1_609_344_000),
        "kph" | "kmh" => whole(Speed, 1000),
        "rpm" => whole(Rotation, 1),
        "nm" => whole(Torque, 1),
        "px" | "pixel" | "pixels" => whole(Pixels, 1),
        "mp" | "megapixel" | "megapixels" => whole(Pixels, 1_000_000),
        "dpi" | "ppi" => whole(Resolution, 1),
        "gsm" => whole(Grammage, 1),
        _ => None,
    }
}
