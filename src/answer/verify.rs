//! Does a sentence say exactly what its fact says?
//!
//! A fact is complete and true; a sentence is a model's wording of it. The wording may choose
//! other words, another order and another form of a value. It may not add, drop, swap or soften
//! anything a reader would rely on. A false accept is a lie to a customer, a false reject only
//! costs style: whatever is not understood is doubted.
//!
//! Both texts are read into claims (tokens in clauses, each limit bound to what it limits), and
//! the claims are compared check by check; each check knows one way to lie.

mod actor;
mod alike;
mod claim;
mod clause;
mod context;
pub mod corpus;
mod elision;
mod form;
mod inclusion;
mod keep;
mod lexicon;
mod limit;
mod link;
mod measure;
pub mod mutation;
mod negation;
mod omission;
mod order;
mod phrase;
mod piece;
mod polarity;
mod reader;
mod reply;
mod sense;
mod spelled;
mod thesaurus;
mod value;
mod wording;

pub use reply::unsupported;
pub use spelled::spelled;

use claim::Claim;

use crate::domain::language::values::Reading;
use crate::domain::reply::Fact;

/// Why a sentence may not stand for its fact, with the text that is in doubt: of the sentence
/// where something is added, of the fact where something is missing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Doubt {
    /// A price, quantity, date or number that the fact does not have.
    UnsupportedValue(String),
    /// A value, or a part that must be kept, that the sentence left out.
    MissingValue(String),
    /// A number of the fact with another unit, or counting something else.
    UnitMismatch(String),
    /// A word that claims something the fact does not.
    UnsupportedWord(String),
    /// A word of the fact that the sentence left out.
    MissingWord(String),
    /// Something denied that the fact affirms, or the other way.
    Negation(String),
    /// A limit, condition or permission added, dropped or moved: "up to", "only", "if", "must".
    Modality(String),
    /// A yes or no that the fact does not give.
    Polarity(String),
    /// A comparison the fact does not make, or makes the other way.
    Comparative(String),
    /// A word that promises something.
    Promise(String),
    /// An address the fact does not have, or has otherwise.
    Link(String),
    /// A name the fact does not have.
    Name(String),
    /// Values or words that changed places between things.
    Order(String),
    /// Not one plain, finished sentence or two.
    Form(String),
}

/// A fact and a wording of it, both read.
struct Pair<'t> {
    /// The sentence.
    said: Claim,
    /// The fact.
    meant: Claim,
    fact: &'t Fact,
    sentence: &'t str,
    reading: &'t Reading,
}

/// Compares a sentence with the one fact it puts into words. The visitor's question plays no part:
/// it licenses nothing.
///
/// # Errors
/// Every doubt that was found, each once.
pub fn verify(sentence: &str, fact: &Fact, reading: &Reading) -> Result<(), Vec<Doubt>> {
    let pair = Pair {
        said: Claim::read(sentence, reading),
        meant: Claim::read(&fact.text, reading),
        fact,
        sentence,
        reading,
    };
    const CHECKS: [fn(&Pair) -> Vec<Doubt>; 13] = [
        form::doubts,
        link::doubts,
        value::doubts,
        measure::doubts,
        keep::doubts,
        wording::doubts,
        limit::doubts,
        negation::doubts,
        polarity::doubts,
        order::doubts,
        inclusion::doubts,
        actor::doubts,
        sense::doubts,
    ];
    let mut doubts: Vec<Doubt> = Vec::new();
    for doubt in CHECKS.iter().flat_map(|check| check(&pair)) {
        if !doubts.contains(&doubt) {
            doubts.push(doubt);
        }
    }
    if doubts.is_empty() { Ok(()) } else { Err(doubts) }
}

#[cfg(test)]
mod tests;
