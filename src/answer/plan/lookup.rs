//! What a question may need, as values: nothing here decides.

use super::{Parcel, Sum};
use crate::answer::understand::Bound;
use crate::answer::understand::cues::Rank;
use crate::domain::event::HandoffReason;

/// What one question needs.
#[derive(Clone, Debug, PartialEq)]
pub enum Lookup {
    /// Nothing: pleasantries.
    Smalltalk(Smalltalk),
    /// A person.
    Handoff(HandoffReason),
    /// Nothing: this is not the shop's business.
    Decline,
    /// Something about certain products.
    Product {
        /// The products, as places in the catalogue; several when the name fits several.
        products: Vec<usize>,
        /// What about them, in order; at least one thing.
        asks: Vec<Ask>,
    },
    /// Products against each other.
    Compare {
        /// The products.
        products: Vec<usize>,
        /// By what, if the question says.
        rank: Option<Rank>,
        /// By which column, if the question names one.
        attribute: Option<String>,
        /// The question says what about them in words of its own: "in rain protection".
        topic: bool,
    },
    /// The best of many by a number.
    Best {
        /// Which are considered.
        filter: Filter,
        /// What makes one best.
        rank: Rank,
    },
    /// Some that fit.
    List(Filter),
    /// When the shop is open on a day of the week, from Monday as 0.
    Hours(usize),
    /// What the shop's pages and FAQ say.
    Text,
    /// How much several things come to.
    Sum(Sum),
    /// What the shop's rules of delivery say for a place, a service or a day.
    Delivery(Parcel),
    /// What goes beyond what was spoken of: "anything cheaper?"
    Beyond {
        /// What was spoken of.
        product: usize,
        /// By what.
        rank: Rank,
    },
    /// Something about a product, and nothing says which.
    Which,
    /// Nothing: a model is named that the shop does not have.
    Unknown,
}

/// Pleasantries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Smalltalk {
    /// "Hi."
    Greeting,
    /// "Thanks."
    Thanks,
    /// "Bye."
    Goodbye,
    /// "Are you a robot?"
    AboutBot,
}

/// What is asked about products.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// What it costs.
    Price,
    /// Whether it can be had.
    Stock,
    /// One column.
    Attribute(String),
    /// In which colours, sizes or the like it comes.
    Choices(String),
    /// What it is.
    Overview,
    /// Whatever its record or the pages say that fits the question's words.
    Evidence,
}

/// Which products are considered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Words that each must carry.
    pub terms: Vec<String>,
    /// Words the shop does not know at all.
    pub unknown: Vec<String>,
    /// Only among these, when the chat spoke of some.
    pub among: Option<Vec<usize>>,
    /// In the shop's currency.
    pub at_most: Option<f64>,
    /// In the shop's currency.
    pub at_least: Option<f64>,
    /// Only what can be had now.
    pub in_stock: bool,
    /// Only what costs less than usual.
    pub on_sale: bool,
    /// On quantities: "50 litres or more".
    pub bounds: Vec<Bound>,
    /// Nothing but a kind is named, so many fit: "i need a lamp".
    pub broad: bool,
}
