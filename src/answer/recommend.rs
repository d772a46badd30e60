//! Something for a purpose: the product whose own description comes nearest to what was asked, with
//! that sentence as the reason.

use super::attributes::spoken;
use super::decide::Answer;
use super::evidence;
use super::plan::Filter;
use super::understand::Question;
use super::{Answerer, Ready, wording};
use crate::domain::reply::Fact;

/// Products that are looked at.
const CONSIDERED: usize = 5;
/// Sentences of each.
const SENTENCES: usize = 4;
/// Nearness below which a sentence is no reason.
const NEAR: f32 = 0.34;
/// What a product's place in the search counts beside its sentence.
const PLACE: f32 = 0.5;
/// What covered words count beside meaning.
const COVERED: f32 = 0.35;

impl Answerer {
    /// The product that fits best, and why; none where no description is near.
    pub(super) async fn recommended(
        &self,
        ready: &Ready,
        question: &Question,
        filter: &Filter,
    ) -> Option<Answer> {
        let knowledge = &ready.knowledge;
        let query = ready.query(question);
        let candidates = query.candidates(filter);
        let hits = knowledge.search(&question.text, question.vector.as_deref(), true, 40);
        let found: Vec<(usize, f32)> = hits
            .iter()
            .filter_map(|hit| {
                let product = knowledge.find(&knowledge.passages[hit.passage].source.id)?;
                let fits = match &candidates {
                    Some(candidates) => candidates.contains(&product),
                    None => query.within(product, filter),
                };
                fits.then_some((product, hit.score))
            })
            .take(CONSIDERED)
            .collect();
        let mut texts: Vec<String> = vec![question.text.clone()];
        let mut of: Vec<(usize, f32, &String)> = Vec::new();
        for (product, score) in &found {
            let passage = &knowledge.passages[knowledge.passage_of(*product)?];
            let described = passage.sentences.iter().filter(|s| !is_cell(s)).take(SENTENCES);
            for sentence in described {
                texts.push(format!("{}: {sentence}", knowledge.product(*product).title));
                of.push((*product, *score, sentence));
            }
        }
        let vectors = self.engine.embed(texts).await.ok()?;
        let (asked, rest) = vectors.split_first()?;
        let subject = evidence::subject(question, knowledge, &[]);
        let whole: f32 = subject.iter().map(|(_, weight)| weight).sum();
        let rated = of.iter().zip(rest).map(|((product, place, sentence), vector)| {
            let cosine = evidence::cosine(asked, vector);
            let title = &knowledge.product(*product).title;
            let here = crate::knowledge::names::terms(&format!("{title} {sentence}"));
            let covered: f32 = subject
                .iter()
                .filter(|(term, _)| here.contains(term))
                .map(|(_, weight)| weight)
                .sum();
            let covered = if whole > 0.0 { covered / whole } else { 0.0 };
            let out = query.is_out(*product);
            let total = cosine + COVERED * covered + PLACE * place - if out { 0.02 } else { 0.0 };
            (*product, *sentence, cosine, covered, total)
        });
        let best = rated.max_by(|a, b| a.4.total_cmp(&b.4))?;
        let (product, sentence, cosine, covered, _) = best;
        tracing::debug!(cosine, covered, "recommended");
        if cosine < NEAR && covered < 0.4 {
            return None;
        }
        let name = knowledge.name(product);
        let locale = &knowledge.catalogue.shop.locale;
        let at = question.at;
        let item = knowledge.product(product);
        let price = wording::price(item, &name, at, locale);
        let mut text = wording::about(&name, sentence);
        if let Some(price) = price {
            text = format!("{text} {price}");
        }
        let fact = Fact {
            text,
            question: question.text.clone(),
            polarity: None,
            keep: Vec::new(),
            sources: vec![wording::source(item)],
        };
        Some(Answer::of(vec![fact], vec![product], true))
    }
}

/// "Burn time: 40 h" is a cell and no description.
fn is_cell(sentence: &str) -> bool {
    sentence.split_once(": ").is_some_and(|(name, _)| spoken(name).split_whitespace().count() <= 3)
}
