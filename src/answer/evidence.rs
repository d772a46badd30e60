//! Which sentence of the shop's own words answers a question, and is it really about it?
//!
//! A sentence is scored by meaning (cosine of embeddings) and by coverage: how much of what the
//! question is about, weighed by how telling each word is, stands in the sentence or in the heading it
//! stands under. Meaning finds "postage" under "shipping"; coverage notices that "kayak" is nowhere.

use std::collections::HashSet;

use super::understand::Question;
use crate::domain::reply::Source;
use crate::knowledge::Knowledge;
use crate::knowledge::names::terms;

/// A sentence that may answer a question.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The sentence as the shop wrote it.
    pub text: String,
    /// What it stands under: a heading, an asked question, a product's title.
    pub heading: String,
    /// Where it stands.
    pub source: Source,
    /// The passage it belongs to and its place therein.
    pub place: (usize, usize),
    /// Its meaning as a unit vector, if an encoder was there.
    pub vector: Option<Vec<f32>>,
    /// What it adds to the score besides its words, e.g. that its product was named.
    pub bonus: f32,
}

/// How well a sentence answers a question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// What sentences are ranked by.
    pub total: f32,
    /// Cosine of the embeddings, 0 without an encoder.
    pub cosine: f32,
    /// Share of the question's subject that is covered, 0 to 1.
    pub coverage: f32,
}

/// How much meaning counts against coverage.
const MEANING: f32 = 0.62;

/// Scores a sentence. `subject` are the question's content words with their weights.
pub fn score(evidence: &Evidence, question: &Question, subject: &[(String, f32)]) -> Score {
    let cosine = match (&question.vector, &evidence.vector) {
        (Some(a), Some(b)) => a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>().max(0.0),
        _ => 0.0,
    };
    let here: HashSet<String> = terms(&evidence.text).into_iter().collect();
    let above: HashSet<String> = terms(&evidence.heading).into_iter().collect();
    let whole: f32 = subject.iter().map(|(_, weight)| weight).sum();
    let covered: f32 = subject
        .iter()
        .map(|(term, weight)| match (here.contains(term), above.contains(term)) {
            (true, _) => *weight,
            (false, true) => 0.8 * weight,
            _ => 0.0,
        })
        .sum();
    let coverage = if whole > 0.0 { covered / whole } else { 0.0 };
    let meaning = if question.vector.is_some() { MEANING } else { 0.0 };
    let total = meaning * cosine + (1.0 - meaning) * coverage + evidence.bonus;
    Score { total, cosine, coverage }
}

/// The question's content words, each with how telling it is. Words the shop never uses weigh most.
pub fn subject(
    question: &Question,
    knowledge: &Knowledge,
    without: &[String],
) -> Vec<(String, f32)> {
    let mut seen = HashSet::new();
    question
        .content
        .iter()
        .filter(|term| !without.contains(term) && seen.insert(term.as_str()))
        .map(|term| (term.clone(), knowledge.weight(term)))
        .collect()
}

/// Is the best sentence good enough to be said?
///
/// A product's own sentences share its name with the question, so they need more than that.
pub fn suffices(score: Score, own: bool) -> bool {
    let Score { cosine, coverage, .. } = score;
    if own {
        return cosine >= 0.66 || cosine >= 0.42 && coverage >= 0.18 || coverage >= 0.5;
    }
    cosine >= 0.5
        || cosine >= 0.42 && coverage >= 0.25
        || cosine >= 0.33 && coverage >= 0.55
        || coverage >= 0.9
}

/// Sentences of the pages and FAQ passages that fit a question best.
pub fn of_texts(knowledge: &Knowledge, question: &Question, passages: usize) -> Vec<Evidence> {
    let hits = knowledge.search(&question.text, question.vector.as_deref(), false, passages);
    let mut found = Vec::new();
    for hit in hits {
        let passage = &knowledge.passages[hit.passage];
        let vectors = &knowledge.sentence_vectors[hit.passage];
        for (at, sentence) in passage.sentences.iter().enumerate() {
            found.push(Evidence {
                text: sentence.clone(),
                heading: passage.heading.clone(),
                source: passage.source.clone(),
                place: (hit.passage, at),
                vector: vectors.get(at).cloned(),
                bonus: 0.0,
            });
        }
    }
    found
}

/// Sentences of products' descriptions and columns. Their vectors are still to be found.
pub fn of_products(
    knowledge: &Knowledge,
    products: &[usize],
    limit: usize,
    bonus: f32,
) -> Vec<Evidence> {
    let mut found = Vec::new();
    for product in products.iter().take(3) {
        let Some(passage) = knowledge.passage_of(*product) else { continue };
        let sentences = knowledge.passages[passage].sentences.iter().enumerate();
        // Numbers that identify answer nothing but a question for them, which records answer.
        for (at, sentence) in
            sentences.filter(|(_, s)| !s.starts_with("Mpn:") && !s.starts_with("Gtin:"))
        {
            found.push(Evidence {
                text: sentence.clone(),
                heading: knowledge.name(*product),
                source: knowledge.passages[passage].source.clone(),
                place: (passage, at),
                vector: None,
                bonus,
            });
        }
    }
    found.truncate(limit);
    found
}

/// Sentences with their scores, best first.
pub fn ranked(
    found: Vec<Evidence>,
    question: &Question,
    subject: &[(String, f32)],
) -> Vec<(Evidence, Score)> {
    let mut ranked: Vec<(Evidence, Score)> = found
        .into_iter()
        .map(|evidence| {
            let score = score(&evidence, question, subject);
            (evidence, score)
        })
        .collect();
    ranked.sort_by(|a, b| b.1.total.total_cmp(&a.1.total));
    ranked
}
