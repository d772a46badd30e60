//! How a shop sounds.

use serde::{Deserialize, Serialize};

/// The shop's manner of speaking. It changes words and never facts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// As a good salesperson talks: "Sorry, the tent is sold out right now."
    #[default]
    Friendly,
    /// Nothing but what was asked: "The tent is out of stock."
    Plain,
    /// No contractions and no exclamation marks: "Unfortunately, the tent is out of stock."
    Formal,
}

impl Tone {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Friendly, Self::Plain, Self::Formal];
}
