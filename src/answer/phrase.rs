//! Good words for a fact: the local model proposes, the verifier disposes, and what fails twice is
//! said in the fact's own words.

use std::time::Duration;

use floorwalker_engine::{ChatPrompt, End, Engine, Turn, Write};

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

impl Sentence {
    /// The fact as it stands.
    pub fn own_words(fact: &Fact) -> Self {
        Self { text: fact.text.clone(), generated: Generated::Facts }
    }
}

/// Longest fact the model is asked to reword, in bytes: with more it drops conditions.
const REWORDED: usize = 240;
/// What a reader waits for good words at most.
const PATIENCE: Duration = Duration::from_millis(2_500);

/// Most tokens of a wording.
const TOKENS: usize = 96;

const SYSTEM: &str = "You are a friendly shop assistant. Answer the customer in one short sentence. \
Say exactly what the fact says. Copy every name, number and price from the fact.";

/// Teaches the form: a question and a fact in, the fact as an answer to the question out.
const EXAMPLES: &[(&str, &str)] = &[
    (
        "Fact: The Luma desk lamp costs €39.90.\nQuestion: what's the price of the luma",
        "The Luma desk lamp costs €39.90.",
    ),
    (
        "Fact: The Oslo sofa is out of stock at the moment.\nQuestion: can I get the Oslo right away?",
        "I'm sorry, the Oslo sofa is out of stock at the moment.",
    ),
    (
        "Fact: Returns are accepted within 14 days of delivery.\nQuestion: until when can I send it back",
        "You can return it within 14 days of delivery.",
    ),
    (
        "Fact: The Hiker sock is made of 70% wool.\nQuestion: what is it made of?",
        "The Hiker sock is made of 70% wool.",
    ),
];

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
    Sentence::own_words(fact)
}

async fn propose(engine: &Engine, fact: &Fact) -> Option<String> {
    let ask = format!("Fact: {}\nQuestion: {}", fact.text, fact.question);
    let chat = ChatPrompt::new(SYSTEM, EXAMPLES, &[Turn::User(&ask)]);
    let request = Write {
        max_tokens: TOKENS,
        stop: vec!["\n".into()],
        deadline: Some(PATIENCE),
        ..Write::new(chat.prefix, chat.prompt)
    };
    let (text, end) = engine.write(request).ok()?.collect().await;
    let whole = end.why == End::Stop;
    whole.then(|| text.trim().to_string())
}
