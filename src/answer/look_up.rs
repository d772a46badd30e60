//! From a plan to an answer: records first, then the shop's own sentences. The only place of the
//! pipeline, besides phrasing, that waits for the engine.

use super::decide::{self, Answer};
use super::evidence::{self, Evidence};
use super::plan::{self, Lookup};
use super::understand::intents::Intents;
use super::understand::{self, Question};
use super::{Answerer, Ready, contact, delivery, hours, records, trace};
use crate::domain::reply::{Decision, Fact, Intent};
use crate::knowledge::Knowledge;

/// Passages whose sentences are weighed.
const PASSAGES: usize = 6;
/// Short replies offered at most.
const CHOICES: usize = 6;
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
        let Ready { knowledge, .. } = ready;
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
        // "What does resoling the boots cost" asks for no boots.
        if let Lookup::Product { products, asks } = lookup
            && asks.as_slice() == [plan::Ask::Price]
            && self.asks_else(ready, question, products)
            && let Some(answer) = self.plainly(ready, question).await
        {
            return answer;
        }
        if of_a_kind && let Some(answer) = self.plainly(ready, question).await {
            return answer;
        }
        if let Lookup::Delivery(parcel) = lookup {
            let facts = self.delivered(ready, question, parcel);
            if !facts.is_empty() {
                let products = parcel.product.into_iter().collect();
                return Answer::of(facts, products, false);
            }
        }
        if let Lookup::Hours(day) = lookup
            && let Some(fact) = hours::fact(knowledge, *day, question)
        {
            return Answer::of(vec![fact], Vec::new(), false);
        }
        if let Some(answer) = self.described(ready, lookup, question).await {
            return answer;
        }
        let mut query = ready.query(question);
        if let Lookup::List(filter) = lookup {
            query.near = ready.near(question);
            if wants_advice(question, filter)
                && let Some(answer) = self.recommended(ready, question, filter).await
            {
                return answer;
            }
        }
        let found = query.run(lookup);
        if let Some(mut answer) = decide::from_records(found, question, knowledge) {
            if answer.decision == Decision::Clarify && !answer.products.is_empty() {
                answer.choices = query.labels(&answer.products);
                answer.choices.truncate(CHOICES);
            }
            return answer;
        }
        let products = match lookup {
            Lookup::Product { products, .. } | Lookup::Compare { products, .. } => products.clone(),
            // A kind that one is of: what it says may answer as well.
            Lookup::Text | Lookup::List(_) => few(question, knowledge),
            _ => Vec::new(),
        };
        let mut ranked = self.evidence(ready, question, &products, PASSAGES).await;
        // A column was asked for that is empty here: only a sentence about the same will do.
        if let Lookup::Product { asks, .. } = lookup
            && let Some(plan::Ask::Attribute(column)) = asks.first()
        {
            let needed = ready.attributes.words_for(column);
            ranked.retain(|(evidence, score)| {
                let said = crate::knowledge::names::terms(&evidence.text);
                evidence.bonus == 0.0
                    || score.cosine >= 0.6
                    || needed.iter().any(|word| said.contains(word))
            });
        }
        // Of what is not named for certain, its description may speak and not its columns.
        if !matches!(lookup, Lookup::Product { .. }) {
            ranked.retain(|(evidence, _)| {
                evidence.bonus == 0.0 || !decide::is_column(&evidence.text)
            });
        }
        // Of a product that is named, a page must say something in the question's words.
        let of_product = matches!(lookup, Lookup::Product { .. });
        if of_product && plan::names_something(question) && !plan::is_about_text(question) {
            ranked.retain(|(evidence, score)| evidence.bonus > 0.0 || score.coverage >= 0.3);
        }
        // Where products were asked for, a text must be clearly about the same thing.
        let products_wanted = matches!(lookup, Lookup::List(_) | Lookup::Best { .. });
        let covered =
            ranked.first().is_some_and(|(_, score)| score.coverage >= 0.5 || score.cosine >= 0.6);
        let said = decide::from_evidence(&ranked, question, &products, knowledge)
            .filter(|_| covered || !products_wanted);
        match (said, lookup) {
            (Some(answer), _) => answer,
            // "Do you sell kayaks?" is no wish for something like them.
            (None, Lookup::List(filter))
                if !question.cues.has
                    && (question.cues.wants || question.likely("recommend") > 0.25) =>
            {
                let advised = self.recommended(ready, question, filter).await;
                advised.unwrap_or_else(|| Answer::unknown(question))
            }
            (None, _) => match contact::fact(&knowledge.catalogue.shop, question) {
                Some(fact) => Answer::of(vec![fact], Vec::new(), false),
                None => Answer::unknown(question),
            },
        }
    }

    /// "What weight of dog fits": a column is named and something else is meant, which a sentence of
    /// the product's own says.
    async fn described(
        &self,
        ready: &Ready,
        lookup: &Lookup,
        question: &Question,
    ) -> Option<Answer> {
        let Lookup::Product { products, asks } = lookup else { return None };
        let [plan::Ask::Attribute(_)] = asks.as_slice() else { return None };
        let knowledge = &ready.knowledge;
        if understand::wanted::asks_limit(&question.text) {
            // "How heavy can my cat be" wants a limit and not what the thing weighs itself.
            let mut ranked = self.evidence(ready, question, products, 0).await;
            ranked.retain(|(e, s)| !s.wrong_kind && understand::wanted::is_limit(&e.text));
            let (best, _) = ranked.first()?;
            return Some(decide::quoted(best, question, products));
        }
        if !self.asks_else(ready, question, products) {
            return None;
        }
        let ranked = self.evidence(ready, question, products, 0).await;
        let (best, score) = ranked.first()?;
        let tells = !decide::is_column(&best.text)
            && score.coverage >= 0.3
            && score.cosine >= 0.35
            && !score.wrong_kind;
        if !tells {
            return None;
        }
        decide::from_evidence(&ranked, question, products, knowledge)
    }

    /// Does a question speak of something besides these products and their columns?
    fn asks_else(&self, ready: &Ready, question: &Question, products: &[usize]) -> bool {
        let Ready { knowledge, attributes, .. } = ready;
        let names = &knowledge.names;
        question.content.iter().any(|term| {
            let of_name = products.iter().any(|p| names.is_filed_under(*p, term));
            let matched = question.mention.as_ref().is_some_and(|m| m.matched.contains(term));
            !of_name && !matched && !attributes.is_word(term) && !names.is_kind(term)
        })
    }

    /// What the shop's rules of delivery say.
    pub(super) fn delivered(
        &self,
        ready: &Ready,
        question: &Question,
        parcel: &plan::Parcel,
    ) -> Vec<Fact> {
        let knowledge = &ready.knowledge;
        let product = parcel.product.map(|at| {
            let product = knowledge.product(at);
            format!("{} {} {}", product.title, product.description, product.product_type)
        });
        let asked = delivery::Asked {
            parcel,
            question,
            now: self.wall(question.at),
            locale: &knowledge.catalogue.shop.locale,
            product: product.as_deref().unwrap_or_default(),
        };
        ready.delivery.facts(&asked)
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
        let reading = self.reading();
        let texts = evidence::of_texts(knowledge, question, passages, topic);
        let subject = evidence::subject(question, knowledge, given);
        let mut ranked = evidence::scored(texts, question, &subject, &reading);
        // How a thing is cared for stands with the thing; how it is sent back does not.
        let of_rules = plan::is_about_text(question) && question.likely("care") < 0.5;
        let bonus = if of_rules { 0.01 } else { OWN_PRODUCT };
        for product in products.iter().take(3) {
            // Without its own name on either side, what is asked about it decides; the name of
            // another is what is asked.
            let title = knowledge.names.title(*product);
            let mut own = evidence::of_products(knowledge, &[*product], PRODUCT_SENTENCES, bonus);
            if question.vector.is_some() && !own.is_empty() {
                let bare = question.bare(title);
                let said = own.iter().map(|e| e.text.clone());
                let texts = std::iter::once(bare).chain(said).collect();
                if let Ok(vectors) = self.engine.embed(texts).await {
                    let mut vectors = vectors.into_iter();
                    let asked = vectors.next().unwrap_or_default();
                    own.iter_mut().zip(vectors).for_each(|(e, vector)| {
                        e.cosine = evidence::cosine(&asked, &vector);
                    });
                }
            }
            let subject = evidence::subject(question, knowledge, title);
            ranked.extend(evidence::scored(own, question, &subject, &reading));
        }
        evidence::sort(&mut ranked);
        trace::sentences(&ranked);
        if let Some((best, score)) = ranked.first() {
            tracing::debug!(?score, own = best.bonus > 0.0, "best evidence");
        }
        ranked
    }
}

/// The products that a question's words fit, if they are few or variants of one model.
fn few(question: &Question, knowledge: &Knowledge) -> Vec<usize> {
    const FEW: usize = 1;
    let Some(mention) = &question.mention else { return Vec::new() };
    if mention.matched.iter().all(|term| term.chars().all(|c| c.is_ascii_digit())) {
        return Vec::new();
    }
    let found = mention.products.clone();
    let one = found.len() <= FEW || knowledge.names.one_group(&found);
    if one { found } else { Vec::new() }
}

/// Is something for a purpose wanted, and not a list of what there is?
fn wants_advice(question: &Question, filter: &plan::Filter) -> bool {
    let limits = filter.at_most.or(filter.at_least).is_some()
        || filter.in_stock
        || filter.on_sale
        || !filter.bounds.is_empty();
    let purpose = filter.terms.len() + filter.unknown.len() > 1;
    purpose && !limits && !question.cues.has && question.likely("recommend") > 0.4
}

impl Ready {
    /// How near products' descriptions are to a question.
    fn near(&self, question: &Question) -> Vec<(usize, f32)> {
        const LOOKED_AT: usize = 60;
        let knowledge = &self.knowledge;
        let hits = knowledge.search(&question.text, question.vector.as_deref(), true, LOOKED_AT);
        let product = |hit: &crate::knowledge::search::Hit| {
            let id = &knowledge.passages[hit.passage].source.id;
            Some((knowledge.find(id)?, hit.score))
        };
        hits.iter().filter_map(product).collect()
    }

    /// A question put to the records.
    pub(super) fn query<'a>(&'a self, question: &'a Question) -> records::Query<'a> {
        let Self { knowledge, attributes, delivery, .. } = self;
        records::Query { knowledge, attributes, delivery, question, near: Vec::new() }
    }

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
