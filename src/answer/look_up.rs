//! From a plan to an answer: records first, then the shop's own sentences. The only place of the
//! pipeline, besides phrasing, that waits for the engine.

use super::decide::{self, Answer};
use super::evidence::{self, Evidence};
use super::plan::{self, Lookup};
use super::understand::Question;
use super::understand::intents::Intents;
use super::{Answerer, Ready, records, trace};
use crate::domain::reply::Intent;
use crate::knowledge::Knowledge;

/// Passages whose sentences are weighed.
const PASSAGES: usize = 6;
/// Sentences of products that are embedded for one question.
const PRODUCT_SENTENCES: usize = 24;
/// What being about the product that was named adds to a sentence's score.
const OWN_PRODUCT: f32 = 0.2;

impl Answerer {
    /// Queries records first where the plan says so, then the shop's own sentences.
    pub(super) async fn look_up(
        &self,
        ready: &Ready,
        lookup: &Lookup,
        question: &Question,
    ) -> Answer {
        let Ready { knowledge, attributes, .. } = ready;
        if let Lookup::Compare { products, topic: true, .. } = lookup
            && let Some(answer) = self.compared(ready, question, products).await
        {
            return answer;
        }
        // "What does mounting every further lamp cost?" names a kind and is about the shop's rules.
        let of_a_kind = match lookup {
            Lookup::List(_) => true,
            Lookup::Product { products, .. } => {
                products.len() > 1 && !plan::names_something(question)
            }
            _ => false,
        };
        if of_a_kind && let Some(answer) = self.plainly(ready, question).await {
            return answer;
        }
        let found = records::Query { knowledge, attributes, question }.run(lookup);
        if let Some(answer) = decide::from_records(found, question, knowledge) {
            return answer;
        }
        let products = match lookup {
            Lookup::Product { products, .. } | Lookup::Compare { products, .. } => products.clone(),
            _ => Vec::new(),
        };
        let ranked = self.evidence(ready, question, &products, PASSAGES).await;
        // Where products were asked for, a text must be clearly about the same thing.
        let products_wanted = matches!(lookup, Lookup::List(_) | Lookup::Best { .. });
        let covered =
            ranked.first().is_some_and(|(_, score)| score.coverage >= 0.5 || score.cosine >= 0.6);
        decide::from_evidence(&ranked, question, &products, knowledge)
            .filter(|_| covered || !products_wanted)
            .unwrap_or_else(|| Answer::unknown(question))
    }

    /// What the pages say, where they leave no doubt.
    async fn plainly(&self, ready: &Ready, question: &Question) -> Option<Answer> {
        let names = &ready.knowledge.names;
        let kinds: Vec<String> =
            question.content.iter().filter(|term| names.is_kind(term)).cloned().collect();
        let ranked = self.evidence_without(ready, question, &[], PASSAGES, &kinds).await;
        ranked.first().filter(|(_, score)| evidence::is_plain(*score))?;
        decide::from_evidence(&ranked, question, &[], &ready.knowledge)
    }

    /// The best sentence of each of several products, if each has one that is about the question.
    async fn compared(
        &self,
        ready: &Ready,
        question: &Question,
        products: &[usize],
    ) -> Option<Answer> {
        let mut whole: Option<Answer> = None;
        for product in products {
            let ranked = self.evidence(ready, question, &[*product], 0).await;
            let answer = decide::from_evidence(&ranked, question, &[*product], &ready.knowledge)?;
            match &mut whole {
                Some(whole) => {
                    whole.facts.extend(answer.facts);
                    whole.products.push(*product);
                }
                None => whole = Some(answer),
            }
        }
        whole
    }

    /// Sentences of the named products, of pages and of the FAQ, best first.
    async fn evidence(
        &self,
        ready: &Ready,
        question: &Question,
        products: &[usize],
        passages: usize,
    ) -> Vec<(Evidence, evidence::Score)> {
        let names = &ready.knowledge.names;
        let of_name: Vec<String> =
            products.iter().take(3).flat_map(|p| names.title(*p).to_vec()).collect();
        self.evidence_without(ready, question, products, passages, &of_name).await
    }

    /// The same, with words that need not be covered.
    async fn evidence_without(
        &self,
        ready: &Ready,
        question: &Question,
        products: &[usize],
        passages: usize,
        given: &[String],
    ) -> Vec<(Evidence, evidence::Score)> {
        let knowledge = &ready.knowledge;
        let topic = |passage: usize| ready.topic(passage, question);
        let mut found = evidence::of_texts(knowledge, question, passages, topic);
        let bonus = if plan::is_about_text(question) { 0.01 } else { OWN_PRODUCT };
        let mut own = evidence::of_products(knowledge, products, PRODUCT_SENTENCES, bonus);
        if question.vector.is_some() && !own.is_empty() {
            // Without the product's name on either side, what is asked about it decides.
            let bare = question.bare();
            let texts = std::iter::once(bare).chain(own.iter().map(|e| e.text.clone())).collect();
            if let Ok(vectors) = self.engine.embed(texts).await {
                let mut vectors = vectors.into_iter();
                let asked = vectors.next().unwrap_or_default();
                own.iter_mut().zip(vectors).for_each(|(e, vector)| {
                    e.cosine = evidence::cosine(&asked, &vector);
                });
            }
        }
        found.extend(own);
        let subject = evidence::subject(question, knowledge, given);
        let ranked = evidence::ranked(found, question, &subject, &self.reading());
        trace::sentences(&ranked);
        if let Some((best, score)) = ranked.first() {
            tracing::debug!(?score, text = best.text, own = best.bonus > 0.0, "best evidence");
        }
        ranked
    }
}

impl Ready {
    /// How far a passage and a question belong to the same rules of the shop, 0 to 1.
    fn topic(&self, passage: usize, question: &Question) -> f32 {
        let Some(topics) = self.topics.get(passage) else { return 0.0 };
        let of_rules =
            topics.iter().filter(|intent| plan::TEXT_INTENTS.contains(&intent.name.as_str()));
        of_rules.map(|intent| intent.confidence.min(question.likely(&intent.name))).sum()
    }
}

/// What each passage's sentences would be taken for, on average.
pub(super) fn topics(knowledge: &Knowledge, intents: Option<&Intents>) -> Vec<Vec<Intent>> {
    let Some(intents) = intents else { return Vec::new() };
    let of_passage = |vectors: &Vec<Vec<f32>>| {
        let mut sums: Vec<Intent> = Vec::new();
        for intent in vectors.iter().flat_map(|vector| intents.rank(vector)) {
            match sums.iter_mut().find(|sum| sum.name == intent.name) {
                Some(sum) => sum.confidence += intent.confidence,
                None => sums.push(intent),
            }
        }
        sums.iter_mut().for_each(|sum| sum.confidence /= vectors.len() as f32);
        sums
    };
    knowledge.sentence_vectors.iter().map(of_passage).collect()
}
