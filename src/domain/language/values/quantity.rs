//! Numbers with units, comparable within what they measure.

use std::cmp::Ordering;

use super::{Decimal, Kind, Reading, values};

/// What a quantity measures. Each has one base unit, in which amounts are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// Grams.
    Mass,
    /// Millimetres.
    Length,
    /// Square centimetres.
    Area,
    /// Millilitres.
    Volume,
    /// Months and years, in months.
    Months,
    /// Days and weeks, in days. Not comparable with months, whose length differs.
    Days,
    /// Days on which the shop works.
    WorkingDays,
    /// Hours, minutes and seconds, in seconds. `24 hours` is not said to be `1 day`.
    Time,
    /// Nights, as a stay is counted.
    Nights,
    /// Watts.
    Power,
    /// Volt-amperes.
    ApparentPower,
    /// Watt-hours.
    Energy,
    /// Kilocalories.
    Nutrition,
    /// Volts.
    Voltage,
    /// Amperes.
    Current,
    /// Milliampere-hours.
    Charge,
    /// Lumens.
    LightFlux,
    /// Lux.
    Illuminance,
    /// Kelvin, as the colour of light.
    ColourTemperature,
    /// Degrees Celsius.
    Celsius,
    /// Degrees Fahrenheit.
    Fahrenheit,
    /// Degrees of an angle.
    Angle,
    /// Hundredths.
    Percent,
    /// Hertz.
    Frequency,
    /// Kilobytes.
    Data,
    /// Kilobits a second.
    DataRate,
    /// Pascals.
    Pressure,
    /// Decibels.
    Sound,
    /// Metres an hour.
    Speed,
    /// Turns a minute.
    Rotation,
    /// Newton-metres.
    Torque,
    /// Pixels.
    Pixels,
    /// Dots an inch.
    Resolution,
    /// Grams a square metre.
    Grammage,
    /// Persons.
    People,
    /// Pieces, and numbers without a unit.
    Count,
}

/// An amount in the base unit of its dimension: `1.9 kg` equals `1900 g`.
///
/// Ordered within one dimension; quantities of two dimensions have no order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Quantity {
    /// How many base units.
    pub amount: Decimal,
    /// Of what.
    pub dimension: Dimension,
}

impl Quantity {
    /// Reads a cell that holds one quantity and no more, such as `1.9 kg`, `ca. 60 W` or, as a
    /// count, `4`. `None` for everything else, sizes and ranges too.
    pub fn parse(cell: &str, reading: &Reading) -> Option<Self> {
        let found = values(cell, reading);
        let [value] = found.as_slice() else { return None };
        let around = [&cell[..value.span.start], &cell[value.span.end..]];
        let hedges = ["", "~", "ca", "approx", "about", "around", "circa", "up to", "max", "min"];
        let bare = |text: &&str| {
            let text = text.trim().trim_end_matches('.').to_lowercase();
            hedges.contains(&text.as_str())
        };
        if !around.iter().all(bare) {
            return None;
        }
        match value.kind {
            Kind::Quantity(quantity) => Some(quantity),
            Kind::Number(amount) => Some(Self { amount, dimension: Dimension::Count }),
            _ => None,
        }
    }
}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (self.dimension == other.dimension).then(|| self.amount.cmp(&other.amount))
    }
}
