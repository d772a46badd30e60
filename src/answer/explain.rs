//! Why a question gets the answer it gets: the pipeline that serves visitors, with all that it
//! usually keeps to itself.

use std::time::Instant as Clock;

use serde::Serialize;

use super::phrase::{Drafts, Style};
use super::trace::{self, Step};
use super::{Answerer, millis};
use crate::domain::reply::{Context, Generated, Plan};
use crate::domain::time::Instant;

/// A reply and where it comes from.
#[derive(Clone, Debug, Serialize)]
pub struct Explained {
    /// What was asked before.
    pub turns: Vec<String>,
    /// What the chat was about then.
    pub context: Context,
    /// The message's questions, each from its words to what was found.
    pub steps: Vec<Step>,
    /// What was decided: decision, facts with sources, cards, what is spoken of now.
    pub plan: Plan,
    /// What the model reads before each fact.
    pub prompt: String,
    /// The facts in words.
    pub sentences: Vec<Worded>,
    /// How long it took.
    pub timings_ms: Timings,
}

/// A fact in words.
#[derive(Clone, Debug, Serialize)]
pub struct Worded {
    /// The fact.
    pub fact: String,
    /// Sentence by sentence, what was proposed.
    pub parts: Vec<PartDrafts>,
    /// What is said.
    pub text: String,
    /// Who found the words.
    pub generated: Generated,
    /// From the plan to the words.
    pub ms: f64,
}

/// What was proposed for one sentence of a fact.
#[derive(Clone, Debug, Serialize)]
pub struct PartDrafts {
    /// What the model was to say again.
    pub asked: String,
    /// What it said.
    pub drafts: Vec<Judged>,
}

/// A proposal and what the verifier said.
#[derive(Clone, Debug, Serialize)]
pub struct Judged {
    /// The words.
    pub text: String,
    /// 0 for the likeliest wording; others are drawn.
    pub seed: u64,
    /// Mean logarithm of its tokens' probabilities.
    pub likelihood: f32,
    /// Why it was refused; nothing, if it passed.
    pub doubts: Vec<String>,
    /// From the request to the last token.
    pub ms: f64,
}

/// Milliseconds.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Timings {
    /// Embedding and understanding.
    pub understand: f64,
    /// Searching and deciding.
    pub look_up: f64,
    /// To the first sentence.
    pub first_sentence: f64,
    /// To the last.
    pub total: f64,
}

impl Answerer {
    /// Answers a question after earlier ones, and says why.
    pub async fn explain(
        &self,
        turns: &[String],
        question: &str,
        style: &Style,
        now: Instant,
    ) -> Explained {
        let answerer = self.pinned();
        // Timings are those of a model that has read its instructions, as a server's has.
        answerer.warm(style.tone).await;
        let mut context = Context::default();
        for turn in turns {
            let planned = answerer.plan(std::slice::from_ref(turn), &context, now).await;
            context = planned.plan.context;
        }
        let before = context.clone();
        let began = Clock::now();
        let messages = [question.to_string()];
        let (planned, steps) = trace::listen(answerer.plan(&messages, &context, now)).await;
        let mut sentences: Vec<Worded> = Vec::new();
        let mut first_sentence = 0.0;
        for fact in &planned.plan.facts {
            let at = Clock::now();
            let last = sentences.last().map(|worded| worded.text.clone()).unwrap_or_default();
            let drafts = answerer.draft(fact, style).await;
            sentences.push(worded(&drafts, &last, millis(at)));
            if sentences.len() == 1 {
                first_sentence = millis(began);
            }
        }
        Explained {
            turns: turns.to_vec(),
            context: before,
            steps,
            plan: planned.plan,
            prompt: super::phrase::prompt(style.tone),
            sentences,
            timings_ms: Timings {
                understand: planned.understand_ms,
                look_up: planned.look_up_ms,
                first_sentence,
                total: millis(began),
            },
        }
    }
}

fn worded(drafts: &Drafts, last: &str, ms: f64) -> Worded {
    let said = drafts.sentence(last);
    let judged = |draft: &super::phrase::Draft| Judged {
        text: draft.text.clone(),
        seed: draft.seed,
        likelihood: draft.likelihood,
        doubts: draft.doubts.iter().map(|doubt| format!("{doubt:?}")).collect(),
        ms: draft.ms,
    };
    let part = |part: &super::phrase::Part| PartDrafts {
        asked: part.asked.clone(),
        drafts: part.drafts.iter().map(judged).collect(),
    };
    Worded {
        fact: drafts.fact.text.clone(),
        parts: drafts.parts.iter().map(part).collect(),
        text: said.text,
        generated: said.generated,
        ms,
    }
}
