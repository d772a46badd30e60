//! Which sentence of the shop's own words answers a question, and is it really about it?
//!
//! A sentence is scored by meaning (cosine of embeddings) and by coverage: how much of what the
//! question is about, weighed by how telling each word is, stands in the sentence or in the heading it
//! stands under. Meaning finds "postage" under "shipping"; coverage notices that "kayak" is nowhere.

use std::collections::HashSet;

use super::trace;
use super::understand::Question;
use super::understand::wanted::is_limit;
use crate::domain::language::values::{Kind, Quantity, Reading, values};
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
    /// How near its meaning is to the question's: the cosine of their embeddings, 0 without an encoder.
    pub cosine: f32,
    /// What it adds to the score besides its words, e.g. that its product was named.
    pub bonus: f32,
    /// How far its passage belongs to the question's intent, 0 to 1.
    pub topic: f32,
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
    /// 1 where a range holds a quantity of the question's, -1 where none does, else 0.
    pub fit: i8,
    /// How far question and passage belong to the same intent, 0 to 1.
    pub topic: f32,
    /// It holds no answer of the kind that is wanted.
    pub wrong_kind: bool,
    /// How many words the question's subject has.
    pub words: usize,
}

/// What a sentence loses that holds no answer of the kind that is wanted.
const WRONG_KIND: f32 = 0.12;

/// How much meaning counts against coverage.
const MEANING: f32 = 0.62;

/// How much it counts that the passage is about what the question is taken for.
const TOPIC: f32 = 0.05;
/// What a range that holds the question's quantity adds, and one that does not takes.
const FIT: f32 = 0.15;

/// Scores a sentence. `subject` are the question's content words with their weights.
pub fn score(
    evidence: &Evidence,
    question: &Question,
    subject: &[(String, f32)],
    reading: &Reading,
) -> Score {
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
    let fit = fit(&question.quantities, &evidence.text, reading);
    let wrong_kind = question.wanted.is_some_and(|wanted| !wanted.is_in(&evidence.text, reading));
    let Evidence { topic, bonus, cosine, .. } = *evidence;
    let meaning = if question.vector.is_some() { MEANING } else { 0.0 };
    let total =
        meaning * cosine + (1.0 - meaning) * coverage + TOPIC * topic + FIT * f32::from(fit)
            - if wrong_kind { WRONG_KIND } else { 0.0 }
            + bonus;
    Score { total, cosine, coverage, fit, topic, wrong_kind, words: subject.len() }
}

/// "fits a chest of 102 to 108 cm" fits 104 cm and does not fit 99 cm.
fn fit(asked: &[Quantity], text: &str, reading: &Reading) -> i8 {
    if asked.is_empty() {
        return 0;
    }
    let mut fit = 0;
    // "Up to 1.40 m" is about somebody of 1.35 m.
    let same = |q: &Quantity| asked.iter().any(|a| a.dimension == q.dimension);
    if is_limit(text)
        && values(text, reading).iter().flat_map(|value| value.kind.quantities()).any(|q| same(&q))
    {
        return 1;
    }
    // A row of a table is about what its first cell says.
    if let Some((first, _)) = text.split_once("; ")
        && first.contains(": ")
    {
        let cell: Vec<Quantity> =
            values(first, reading).iter().flat_map(|value| value.kind.quantities()).collect();
        let comparable = |q: &&Quantity| asked.iter().any(|a| a.dimension == q.dimension);
        if cell.len() == 1 && cell.iter().any(|q| comparable(&q)) {
            return if cell.iter().any(|q| asked.contains(q)) { 1 } else { -1 };
        }
    }
    for value in values(text, reading) {
        let Kind::Range(from, to) = &value.kind else { continue };
        let (Kind::Quantity(from), Kind::Quantity(to)) = (from.as_ref(), to.as_ref()) else {
            continue;
        };
        for quantity in asked.iter().filter(|q| q.dimension == from.dimension) {
            if quantity >= from && quantity <= to {
                return 1;
            }
            fit = -1;
        }
    }
    fit
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
/// Meaning and coverage make up for each other, and for a page its belonging to what the question is
/// taken for counts as well. The limits are where right answers and near misses part on the golden
/// questions of three shops; a product's own sentences are compared without its name and so need less.
/// Most is needed where the very thing that is asked for is a word the shop never uses
/// (`asks_unknown`) or the sentence holds no value of the kind that is `wanted`.
pub fn suffices(score: Score, own: bool, wanted: bool, asks_unknown: bool) -> bool {
    let Score { cosine, coverage, topic, wrong_kind, words, .. } = score;
    if own && asks_unknown {
        return cosine >= 0.6 || coverage >= 0.5;
    }
    if wrong_kind {
        return cosine >= 0.65 && coverage >= 0.5;
    }
    if own {
        return cosine >= 0.45
            || cosine >= 0.33 && coverage >= 0.2
            || cosine >= 0.28 && coverage >= 0.6
            || cosine >= 0.27 && wanted && words <= 1
            || cosine >= 0.36 && wanted;
    }
    cosine >= 0.62
        || cosine >= 0.55 && coverage >= 0.3 && topic >= 0.1
        || cosine >= 0.5 && topic >= 0.9
        || cosine >= 0.42 && (coverage >= 0.55 || coverage >= 0.35 && topic >= 0.35)
        || coverage >= 0.9 && (cosine == 0.0 || words > 1 && cosine >= 0.4)
}

/// Do a page's words answer it so well that no product has to be looked for?
pub fn is_plain(score: Score) -> bool {
    score.cosine >= 0.6 && score.coverage >= 0.55 || score.cosine >= 0.75 && score.coverage >= 0.35
}

/// "How many mAh": is what follows a word that asks unknown to the shop?
pub fn asks_unknown(question: &Question, knowledge: &Knowledge) -> bool {
    const ASKING: &[&str] = &["many", "much", "what", "which"];
    question.stems.windows(2).any(|pair| {
        ASKING.contains(&pair[0].as_str())
            && question.content.contains(&pair[1])
            && !knowledge.names.knows(&pair[1])
    })
}

/// Sentences of the pages and FAQ passages that fit a question best. `topic` tells how far a passage
/// belongs to the question's intent.
pub fn of_texts(
    knowledge: &Knowledge,
    question: &Question,
    passages: usize,
    topic: impl Fn(usize) -> f32,
) -> Vec<Evidence> {
    let hits = knowledge.search(&question.text, question.vector.as_deref(), false, passages);
    trace::passages(&hits, knowledge);
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
                cosine: question
                    .vector
                    .as_ref()
                    .zip(vectors.get(at))
                    .map_or(0.0, |(asked, vector)| cosine(asked, vector)),
                bonus: 0.0,
                topic: topic(hit.passage),
            });
        }
    }
    found
}

/// Cosine of two unit vectors, negative ones as 0.
pub fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>().max(0.0)
}

/// Columns that answer nothing but a question for themselves.
const UNSAID: &[&str] = &["Mpn:", "Gtin:", "Shipping weight:", "Shipping_weight:"];

/// Sentences of products' descriptions and columns. Their cosines are still to be found.
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
            sentences.filter(|(_, s)| !UNSAID.iter().any(|column| s.starts_with(column)))
        {
            found.push(Evidence {
                text: sentence.clone(),
                heading: knowledge.name(*product),
                source: knowledge.passages[passage].source.clone(),
                place: (passage, at),
                cosine: 0.0,
                bonus,
                topic: 0.0,
            });
        }
    }
    found.truncate(limit);
    found
}

/// Sentences with their scores.
pub fn scored(
    found: Vec<Evidence>,
    question: &Question,
    subject: &[(String, f32)],
    reading: &Reading,
) -> Vec<(Evidence, Score)> {
    let rate = |evidence: Evidence| {
        let score = score(&evidence, question, subject, reading);
        (evidence, score)
    };
    found.into_iter().map(rate).collect()
}

/// The best first.
pub fn sort(ranked: &mut [(Evidence, Score)]) {
    ranked.sort_by(|a, b| b.1.total.total_cmp(&a.1.total));
}
