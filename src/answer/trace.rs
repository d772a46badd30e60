//! What an answer was made from, told by those who make it and heard only where somebody listens.
//!
//! `listen` runs a piece of the pipeline and returns what was told meanwhile, question by question.
//! Everywhere else, telling costs a look at the task.

use std::cell::RefCell;
use std::fmt::Debug;

use serde::Serialize;

use super::evidence::{Evidence, Score};
use super::understand::Question;
use crate::domain::reply::Intent;
use crate::knowledge::Knowledge;
use crate::knowledge::search::Hit;

tokio::task_local! {
    static TOLD: RefCell<Vec<Step>>;
}

/// One question on its way to an answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Step {
    /// In the visitor's words.
    pub question: String,
    /// What it is taken for, likeliest first.
    pub intents: Vec<Intent>,
    /// Its content words as stems: what an answer has to be about.
    pub content: Vec<String>,
    /// Titles of the products that it names.
    pub products: Vec<String>,
    /// What else its words tell, as the code writes it.
    pub cues: String,
    /// What was looked up, as the code writes it.
    pub lookup: String,
    /// Passages that were found, best first.
    pub passages: Vec<Passage>,
    /// Sentences that were weighed, best first.
    pub sentences: Vec<Weighed>,
}

/// A passage that was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Passage {
    /// Where it stands.
    pub source: String,
    /// Its heading.
    pub heading: String,
    /// Place among all, by words and meaning together; from 1.
    pub rank: usize,
    /// Place by words alone, if it shares any.
    pub rank_lexical: Option<usize>,
    /// Place by meaning alone.
    pub rank_dense: Option<usize>,
    /// What is ranked by.
    pub score: f32,
    /// Share of what the question's words could give.
    pub lexical: Option<f32>,
    /// Nearness in meaning.
    pub cosine: Option<f32>,
}

/// A sentence that was weighed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Weighed {
    /// As the shop wrote it.
    pub text: String,
    /// Where it stands.
    pub source: String,
    /// What is ranked by.
    pub total: f32,
    /// Nearness in meaning.
    pub cosine: f32,
    /// Share of the question's subject that it covers.
    pub coverage: f32,
    /// 1 where a range holds the question's quantity, -1 where none does.
    pub fit: i8,
    /// How far it belongs to what the question is taken for.
    pub topic: f32,
}

/// Sentences that are kept of those weighed.
const WEIGHED: usize = 12;

/// What `work` returns, and what was told while it ran.
pub async fn listen<T>(work: impl Future<Output = T>) -> (T, Vec<Step>) {
    TOLD.scope(RefCell::default(), async {
        let done = work.await;
        (done, TOLD.with(RefCell::take))
    })
    .await
}

/// A question begins.
pub(super) fn question(question: &Question, knowledge: &Knowledge) {
    tell(|steps| {
        let named = question.mention.iter().flat_map(|mention| &mention.products);
        steps.push(Step {
            question: question.text.clone(),
            intents: question.intents.iter().take(3).cloned().collect(),
            content: question.content.clone(),
            products: named.take(8).map(|p| knowledge.product(*p).title.clone()).collect(),
            cues: format!("{:?}", question.cues),
            ..Step::default()
        });
    });
}

/// What is looked up for it.
pub(super) fn lookup(lookup: &impl Debug) {
    last(|step| step.lookup = format!("{lookup:?}"));
}

/// Passages that were found for it.
pub(super) fn passages(hits: &[Hit], knowledge: &Knowledge) {
    last(|step| {
        let place = |at: usize, part: fn(&Hit) -> Option<f32>| {
            let own = part(&hits[at])?;
            Some(1 + hits.iter().filter(|hit| part(hit).is_some_and(|p| p > own)).count())
        };
        let passage = |(at, hit): (usize, &Hit)| Passage {
            source: knowledge.passages[hit.passage].source.id.clone(),
            heading: knowledge.passages[hit.passage].heading.clone(),
            rank: at + 1,
            rank_lexical: place(at, |hit| hit.lexical),
            rank_dense: place(at, |hit| hit.cosine),
            score: hit.score,
            lexical: hit.lexical,
            cosine: hit.cosine,
        };
        step.passages = hits.iter().enumerate().map(passage).collect();
    });
}

/// Sentences that were weighed for it.
pub(super) fn sentences(ranked: &[(Evidence, Score)]) {
    last(|step| {
        let weighed = |(evidence, score): &(Evidence, Score)| Weighed {
            text: evidence.text.clone(),
            source: evidence.source.id.clone(),
            total: score.total,
            cosine: score.cosine,
            coverage: score.coverage,
            fit: score.fit,
            topic: score.topic,
        };
        step.sentences = ranked.iter().take(WEIGHED).map(weighed).collect();
    });
}

fn last(change: impl FnOnce(&mut Step)) {
    tell(|steps| {
        if let Some(step) = steps.last_mut() {
            change(step);
        }
    });
}

fn tell(change: impl FnOnce(&mut Vec<Step>)) {
    // Nobody listens, mostly.
    let _ = TOLD.try_with(|told| change(&mut told.borrow_mut()));
}
