//! A question to the knowledge as it is and as it would be. Nothing of it is kept: no log, no
//! visitor; only embeddings of new texts, which publishing would need anyway.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Shelf, ShelfError, prepare};
use crate::answer::{Answerer, Sentence, Style};
use crate::domain::event::MAX_TEXT;
use crate::domain::reply::{Card, Context, Decision, Fact, Generated, Source};
use crate::domain::time::Instant;
use crate::knowledge::edit::Edit;
use crate::knowledge::folder::Remark;

/// What anybody waits for a trial at most.
const PATIENCE: Duration = Duration::from_secs(30);

/// What to try.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trial {
    /// The version that was looked at.
    pub base: u64,
    /// What would change.
    pub edits: Vec<Edit>,
    /// As a visitor would ask it.
    pub question: String,
}

/// What a visitor hears now, and would hear.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tried {
    /// From the version in force.
    pub before: Said,
    /// With the edits.
    pub after: Said,
    /// What looks odd in the edits.
    pub warnings: Vec<Remark>,
    /// How long it took to prepare the edits, in milliseconds.
    pub prepare_ms: u64,
}

/// One reply.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Said {
    /// What the bot decided to do.
    pub decision: Decision,
    /// Its sentences, verified.
    pub sentences: Vec<Line>,
    /// Where they come from.
    pub sources: Vec<Source>,
    /// Products shown beside them.
    pub cards: Vec<Card>,
}

/// One sentence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// Its words.
    pub text: String,
    /// Who found them.
    pub generated: Generated,
}

impl Shelf {
    /// Asks a question before and after some edits. One at a time; who comes meanwhile hears
    /// [`ShelfError::Busy`] at once.
    pub async fn try_out(&self, trial: Trial) -> Result<Tried, ShelfError> {
        let question = trial.question.trim();
        if question.is_empty() || question.len() > MAX_TEXT {
            let most =
                format!("a question has 1 to {MAX_TEXT} bytes; this one has {}", question.len());
            return Err(ShelfError::TooMuch(most));
        }
        let _only = self.trying.try_acquire().map_err(|_| ShelfError::Busy)?;
        match tokio::time::timeout(PATIENCE, self.compare(&trial, question)).await {
            Ok(tried) => tried,
            Err(_) => Err(ShelfError::TookTooLong(PATIENCE.as_secs())),
        }
    }

    async fn compare(&self, trial: &Trial, question: &str) -> Result<Tried, ShelfError> {
        let (_, edited) = self.edited(&trial.edits, trial.base).await?;
        let current = self.answerer.pinned();
        let began = std::time::Instant::now();
        let (engine, version) = (self.engine.clone(), trial.base + 1);
        let candidate = prepare(&self.store, engine, version, edited.catalogue, |_, _| {}).await?;
        let prepare_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let now = Instant::now();
        let mut worded = Vec::new();
        let before = ask(&current, question, now, &mut worded).await;
        let after = ask(&candidate, question, now, &mut worded).await;
        Ok(Tried { before, after, warnings: edited.warnings, prepare_ms })
    }
}

/// The reply to a question at the beginning of a chat. A fact that was worded already keeps its
/// words, so that what differs are the facts.
async fn ask(
    answerer: &Answerer,
    question: &str,
    now: Instant,
    worded: &mut Vec<(Fact, Sentence)>,
) -> Said {
    let plan = answerer.plan(&[question.to_string()], &Context::default(), now).await.plan;
    let mut sentences = Vec::new();
    for fact in &plan.facts {
        let known = worded.iter().find(|(other, _)| other == fact).map(|(_, words)| words.clone());
        let words = match known {
            Some(words) => words,
            None => {
                let style = Style { patience: Style::NEXT, ..Style::default() };
                let words = answerer.phrase(fact, &style).await;
                worded.push((fact.clone(), words.clone()));
                words
            }
        };
        sentences.push(Line { text: words.text, generated: words.generated });
    }
    let sources = plan.sources();
    Said { decision: plan.decision, sentences, sources, cards: plan.cards }
}
