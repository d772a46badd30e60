//! Every value in a text: prices, quantities, sizes, ranges, dates, times, numbers.
//!
//! Two values are equal when they mean the same, however they are written: `49,90 €` and
//! `EUR 49.90`, `1.9 kg` and `1900 g`, `two years`, `2-year` and `24 months`, `2–3 days` and
//! `2 to 3 days`, `9.30 am` and `09:30`. Model numbers such as `RT-210`, `E27` or `2XL` are names,
//! not values.

mod amount;
mod calendar;
mod cash;
mod clock;
mod code;
mod decimal;
mod lexer;
mod parser;
mod quantity;
mod unit;

use std::ops::Range;

pub use decimal::Decimal;
pub use quantity::{Dimension, Quantity};

use super::Locale;
use crate::domain::money::{Currency, Money};

/// How numbers are read where their spelling alone leaves it open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What `$`, `pounds` and `cents` stand for.
    pub currency: Option<Currency>,
    /// Whether `1.299` is more than a thousand, and whether `3/4/2026` is in March.
    pub locale: Locale,
}

/// A value and where it stands in the text. Equality is of meaning: places do not matter.
#[derive(Clone, Debug, Eq)]
pub struct Value {
    /// Bytes of the text.
    pub span: Range<usize>,
    /// What it means.
    pub kind: Kind,
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

/// What a value means, in canonical form.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An amount of a currency.
    Money(Money),
    /// A number with a unit.
    Quantity(Quantity),
    /// `42 x 16 cm`: lengths (or bare numbers) in the order said.
    Size(Vec<Quantity>),
    /// `2-3 days`, `€10 to €20`: from the lower to the higher end.
    Range(Box<Kind>, Box<Kind>),
    /// A day or month of the calendar.
    Date {
        /// If said.
        year: Option<u16>,
        /// 1 to 12.
        month: u8,
        /// 1 to 31; `None` for a month of a year.
        day: Option<u8>,
    },
    /// Minutes after midnight.
    Clock(u16),
    /// `2nd`, `second`.
    Ordinal(u32),
    /// Digits that identify and do not count: a phone number, a GTIN.
    Code(String),
    /// A number without a unit.
    Number(Decimal),
}

impl Kind {
    /// The quantities in it: one, the sides of a size, or the ends of a range.
    pub fn quantities(&self) -> Vec<Quantity> {
        match self {
            Kind::Quantity(quantity) => vec![*quantity],
            Kind::Size(sides) => sides.clone(),
            Kind::Range(from, to) => [from.quantities(), to.quantities()].concat(),
            _ => Vec::new(),
        }
    }

    /// The amounts of money in it: one, or the ends of a range.
    pub fn money(&self) -> Vec<Money> {
        match self {
            Kind::Money(money) => vec![*money],
            Kind::Range(from, to) => [from.money(), to.money()].concat(),
            _ => Vec::new(),
        }
    }
}

/// The values of a text, in order, none overlapping.
pub fn values(text: &str, reading: &Reading) -> Vec<Value> {
    parser::parse(text, reading)
}

#[cfg(test)]
mod tests;
