//! Good words for a fact: the local model proposes, the verifier disposes, and what fails twice is
//! said in the fact's own words.

use std::time::Duration;

use floorwalker_engine::{Decoding, End, Engine, Message, Request};

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

const SYSTEM: &str = "Say the same thing to a customer. Keep every name and number.";

/// Teaches the form: the fact alone, said again. Given the question as well, a model this small
/// answers it from its own head.
const EXAMPLES: &[(&str, &str)] = &[
    ("The Luna vase costs €39.50.", "The Luna vase is €39.50."),
    ("The Brisk kettle is out of stock.", "Sorry, the Brisk kettle is out of stock right now."),
    (
        "Exchanges are possible within 14 days of purchase.",
        "You can exchange it within 14 days of purchase.",
    ),
    ("We do not sell bicycles.", "Sorry, we do not sell bicycles."),
    (
        "The Oak bench is 120 cm long and weighs 18 kg.",
        "The Oak bench is 120 cm long and weighs 18 kg.",
    ),
    ("The Moss rug comes in red, white and blue.", "The Moss rug comes in red, white and blue."),
    (
        "The workshop is open Saturday from 10:00 to 14:00.",
        "The workshop is open on Saturday from 10:00 to 14:00.",
    ),
    ("There are 6 Fern planters in stock.", "We have 6 Fern planters in stock."),
];

/// Words for one fact.
pub async fn phrase(engine: &Engine, fact: &Fact, reading: &Reading) -> Sentence {
    if !fact.question.is_empty()
        && fact.text.len() <= REWORDED
        && let Some(text) = propose(engine, fact).await
    {
        match verify::verify(&text, fact, reading) {
            Ok(()) => return Sentence { text, generated: Generated::Model },
            Err(doubts) => tracing::debug!(?doubts, "a wording was refused"),
        }
    }
    Sentence::own_words(fact)
}

async fn propose(engine: &Engine, fact: &Fact) -> Option<String> {
    let mut messages = vec![Message::system(SYSTEM)];
    for (said, well) in EXAMPLES {
        messages.extend([Message::user(*said), Message::assistant(*well)]);
    }
    messages.push(Message::user(&*fact.text));
    let decoding = Decoding { max_tokens: TOKENS, stop: vec!["\n".into()], ..Decoding::default() };
    let request = Request { decoding, deadline: Some(PATIENCE), ..Request::new(messages) };
    let (text, end) = engine.generate(request).ok()?.collect().await;
    let whole = end.why == End::Stop;
    whole.then(|| text.trim().to_string())
}
