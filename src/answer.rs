//! From a visitor's messages to verified sentences: understand, plan, look up, decide, phrase, verify.
//!
//! ```text
//! messages -> questions -> embed* -> understand -> plan -> look up* -> decide -> Plan
//! Plan's facts -> phrase* -> verify -> sentences                     (* the only effects)
//! ```
//!
//! Code decides, the model phrases, the verifier checks. Knows no log, no socket and no table; the
//! turn, the evaluator and the test bench all call the same [`Answerer`].

/// A regular expression, compiled when it is first used.
macro_rules! pattern {
    ($name:ident, $text:expr) => {
        static $name: LazyLock<Regex> =
            LazyLock::new(|| Regex::new($text).expect("a constant pattern"));
    };
}

mod attributes;
mod contact;
mod decide;
mod delivery;
mod evidence;
mod explain;
mod hours;
mod look_up;
mod phrase;
mod plan;
mod recommend;
mod records;
mod tongue;
mod trace;
pub mod understand;
pub mod verify;
mod wording;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant as Clock;

use floorwalker_engine::{EncoderFigures, Engine, Figures, Health};

use crate::domain::language::stem;
use crate::domain::language::values::Reading;
use crate::domain::reply::{Card, Context, Decision, Fact, Intent, Plan};
use crate::domain::time::Instant;
use crate::domain::tone::Tone;
use crate::knowledge::Knowledge;
use crate::knowledge::catalogue::{Availability, IntentExamples, Shop};

use attributes::Attributes;
use decide::Answer;
use delivery::{Aspect, Delivery, dates};
use plan::{Ask, Known, Lookup};
use understand::Question;
use understand::intents::{Example, Intents, OUT_OF_SCOPE};

pub use explain::{Explained, Worded};
pub use phrase::{Draft, Drafts, Part, Sentence, Style};

/// Finds answers in one shop's knowledge and words for them. Shared by all chats.
pub struct Answerer {
    engine: Engine,
    ready: RwLock<Arc<Ready>>,
}

/// A version of the knowledge with what is learned from it.
struct Ready {
    knowledge: Knowledge,
    attributes: Attributes,
    delivery: Delivery,
    intents: Option<Intents>,
    /// By passage: what questions its sentences would be taken for.
    topics: Vec<Vec<Intent>>,
}

/// A plan and what it took.
pub struct Planned {
    /// What to say.
    pub plan: Plan,
    /// Embedding and understanding, in milliseconds.
    pub understand_ms: f64,
    /// Searching and deciding, in milliseconds.
    pub look_up_ms: f64,
}

impl Answerer {
    /// Answers from a version of the knowledge. Without a head that tells intents apart, messages
    /// are understood by words alone.
    pub fn new(engine: Engine, knowledge: Knowledge, intents: Option<Intents>) -> Self {
        let attributes = Attributes::build(knowledge.products(), &knowledge.catalogue.shop);
        let topics = look_up::topics(&knowledge, intents.as_ref());
        let shop = &knowledge.catalogue.shop;
        let reading = Reading { currency: Some(shop.currency), locale: shop.locale.clone() };
        let delivery = Delivery::read(&knowledge, &reading);
        let ready = Arc::new(Ready { knowledge, attributes, delivery, intents, topics });
        Self { engine, ready: RwLock::new(ready) }
    }

    /// The same, held to the version in force now: whatever is published meanwhile, a reply is
    /// planned and worded from one version.
    pub fn pinned(&self) -> Self {
        Self { engine: self.engine.clone(), ready: RwLock::new(self.ready()) }
    }

    /// Answers from another's version from now on, unless that is older. Who is pinned is not
    /// disturbed, and nobody waits.
    pub fn switch(&self, next: &Self) {
        let next = next.ready();
        let mut ready = self.ready.write().unwrap_or_else(PoisonError::into_inner);
        if next.knowledge.version >= ready.knowledge.version {
            *ready = next;
        }
    }

    /// Looks at the knowledge in force.
    pub fn look<T>(&self, at: impl FnOnce(&Knowledge) -> T) -> T {
        at(&self.ready().knowledge)
    }

    /// The version in force.
    fn ready(&self) -> Arc<Ready> {
        self.ready.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Decides what to say to these messages, oldest first.
    pub async fn plan(&self, messages: &[String], context: &Context, now: Instant) -> Planned {
        let ready = self.ready();
        if let Some(plan) = foreign(&ready.knowledge, messages, context) {
            return Planned { plan, understand_ms: 0.0, look_up_ms: 0.0 };
        }
        let began = Clock::now();
        let questions = self.understand(&ready, messages, now).await;
        let understand_ms = millis(began);
        let began = Clock::now();
        let mut context = context.clone();
        let mut answers = Vec::new();
        for question in &questions {
            let answer = self.answer(&ready, question, &mut context).await;
            answers.push((question, answer));
        }
        let plan = merge(&ready.knowledge, answers, context, now);
        Planned { plan, understand_ms, look_up_ms: millis(began) }
    }

    /// Words for one fact of a plan.
    pub async fn phrase(&self, fact: &Fact, style: &Style) -> Sentence {
        self.draft(fact, style).await.sentence(&style.last)
    }

    /// Words to choose from: which of them are said depends on what was said before.
    pub async fn draft(&self, fact: &Fact, style: &Style) -> Drafts {
        phrase::draft(&self.engine, fact, &self.reading(), style).await
    }

    /// Has the model that writes read what stands before every fact.
    pub async fn warm(&self, tone: Tone) {
        phrase::warm(&self.engine, tone).await;
    }

    /// The words of a fact without the model that writes.
    pub fn own_words(&self, fact: &Fact, style: &Style) -> Sentence {
        phrase::own_words(fact, &self.reading(), style)
    }

    /// How this shop's values are read.
    pub fn reading(&self) -> Reading {
        let ready = self.ready();
        let shop = &ready.knowledge.catalogue.shop;
        Reading { currency: Some(shop.currency), locale: shop.locale.clone() }
    }

    /// The shop itself.
    pub fn shop(&self) -> Shop {
        self.ready().knowledge.catalogue.shop.clone()
    }

    /// Questions to offer to who has not asked anything.
    pub fn suggestions(&self) -> Vec<String> {
        let ready = self.ready();
        ready.knowledge.catalogue.faq.iter().take(3).map(|faq| faq.question.clone()).collect()
    }

    /// The shop's clock.
    pub fn time_zone(&self) -> jiff::tz::TimeZone {
        let name = &self.ready().knowledge.catalogue.shop.time_zone;
        // The import has checked it; a machine without the name's rules goes by UTC.
        jiff::tz::TimeZone::get(name).unwrap_or(jiff::tz::TimeZone::UTC)
    }

    /// The time on the shop's wall.
    fn wall(&self, at: Instant) -> jiff::civil::DateTime {
        let stamp = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
        stamp.to_zoned(self.time_zone()).datetime()
    }

    /// The day of the week on the shop's calendar, from Monday as 0.
    fn weekday(&self, at: Instant) -> usize {
        usize::try_from(self.wall(at).weekday().to_monday_zero_offset()).unwrap_or_default()
    }

    /// Some products in stock, spread over the catalogue.
    pub fn showcase(&self, count: usize) -> Vec<Card> {
        let ready = self.ready();
        let products = &ready.knowledge.catalogue.products;
        let shown: Vec<_> =
            products.iter().filter(|p| p.availability != Some(Availability::OutOfStock)).collect();
        let step = (shown.len() / count.max(1)).max(1);
        let locale = &ready.knowledge.catalogue.shop.locale;
        shown
            .iter()
            .step_by(step)
            .take(count)
            .map(|p| wording::card(p, Instant::now(), locale))
            .collect()
    }

    /// Every text the shop wrote, prices as they are said: what a claim may come from at all.
    pub fn everything_said(&self) -> Vec<String> {
        let ready = self.ready();
        let Ready { knowledge, .. } = &*ready;
        let locale = &knowledge.catalogue.shop.locale;
        let texts = knowledge.passages.iter().map(|p| format!("{}. {}", p.heading, p.text));
        let prices = knowledge.catalogue.products.iter().flat_map(|product| {
            product.price.iter().chain(&product.sale_price).map(|price| price.format(locale))
        });
        texts.chain(prices).collect()
    }

    /// What the models can do at the moment.
    pub fn health(&self) -> Health {
        self.engine.health()
    }

    /// What the models have done: the one that writes, and the one that understands.
    pub fn figures(&self) -> (Figures, EncoderFigures) {
        (self.engine.figures(), self.engine.encoder_figures())
    }

    async fn understand(&self, ready: &Ready, messages: &[String], now: Instant) -> Vec<Question> {
        let texts: Vec<String> =
            messages.iter().flat_map(|message| understand::questions::split(message)).collect();
        self.embedded(ready, &texts, now).await
    }

    /// Each text as a question of its own.
    async fn embedded(&self, ready: &Ready, texts: &[String], now: Instant) -> Vec<Question> {
        let vectors = self.engine.embed(texts.to_vec()).await.ok();
        let reading = self.reading();
        texts
            .iter()
            .enumerate()
            .map(|(i, text)| {
                let vector = vectors.as_ref().map(|vectors| vectors[i].clone());
                let embedded = vector.map(|vector| {
                    let ranked = ready.intents.as_ref().map(|intents| intents.rank(&vector));
                    (vector, ranked.unwrap_or_default())
                });
                understand::understand(text, now, &ready.knowledge.names, &reading, embedded)
            })
            .collect()
    }

    /// Plans, looks up and decides one question, and notes what the chat is about now.
    async fn answer(&self, ready: &Ready, question: &Question, context: &mut Context) -> Answer {
        let knowledge = &ready.knowledge;
        trace::question(question, knowledge);
        let spoken_of: Vec<usize> =
            context.products.iter().filter_map(|id| knowledge.find(id)).collect();
        let mut known = Known {
            names: &knowledge.names,
            attributes: &ready.attributes,
            products: knowledge.products(),
            spoken_of: &spoken_of,
            attribute: context.attribute.as_deref(),
            of_rules: context.of_rules,
            sibling: ready.query(question).sibling(&spoken_of),
            place: ready.delivery.place(&question.text),
            deadline: dates::deadline(&question.text, self.wall(question.at)).is_some(),
            day: hours::day(&question.text, self.weekday(question.at)),
            may_deliver: true,
            delivery_time: context.delivery_time,
        };
        let mut lookup = plan::plan(question, &known);
        if let Lookup::Delivery(parcel) = &lookup
            && self.delivered(ready, question, parcel).is_empty()
        {
            known.may_deliver = false;
            lookup = plan::plan(question, &known);
        }
        trace::lookup(&lookup);
        // "from which amount is that free?" goes on about what was asked before.
        let brief = question.content.len() <= 2 && !plan::names_something(question);
        let refers = question.cues.refers || known.of_rules && brief;
        let before = context.question.clone().filter(|_| refers);
        let goes_on = match &lookup {
            Lookup::Text => true,
            Lookup::Product { asks, .. } => {
                asks[0] == Ask::Evidence
                    && (known.sibling.is_some() || plan::is_elliptical(question))
            }
            _ => false,
        };
        let joined = match before {
            Some(before) if goes_on => {
                let names = &knowledge.names;
                let both = [understand::substitute::meant(&before, &question.text, names)];
                self.embedded(ready, &both, question.at).await.pop()
            }
            _ => None,
        };
        // What speaks of nothing before may still go on: it is asked alone first.
        let alone = if question.cues.refers { None } else { Some(question) };
        let question = joined.as_ref().unwrap_or(question);
        if joined.is_some() && lookup == Lookup::Text {
            // "And until when?" after a question for the hours is one itself.
            known.day = hours::day(&question.text, self.weekday(question.at));
            known.place = ready.delivery.place(&question.text);
            let again = plan::plan(question, &known);
            if matches!(again, Lookup::Hours(_)) {
                lookup = again;
            }
        }
        let answer = match decide::courtesy(&lookup, question, knowledge) {
            Some(answer) => return answer,
            None => match alone.filter(|_| joined.is_some() && lookup == Lookup::Text) {
                Some(alone) => {
                    let answer = self.look_up(ready, &lookup, alone).await;
                    match answer.decision {
                        Decision::Abstain => self.look_up(ready, &lookup, question).await,
                        _ => answer,
                    }
                }
                None => self.look_up(ready, &lookup, question).await,
            },
        };
        let mut answer = answer;
        // "How heavy can my cat be?" after a cat tree speaks of it without saying so.
        let aside = matches!(lookup, Lookup::Text | Lookup::List(_)) && !known.of_rules;
        if answer.decision == Decision::Abstain
            && aside
            && !plan::names_something(question)
            && let Some(product) = spoken_of.first()
        {
            lookup = Lookup::Product { products: vec![*product], asks: vec![Ask::Evidence] };
            let again = self.look_up(ready, &lookup, question).await;
            if again.decision == Decision::Answer {
                answer = again;
            }
        }
        if !answer.products.is_empty() {
            let id = |p: &usize| knowledge.product(*p).id.clone();
            context.products = answer.products.iter().take(8).map(id).collect();
        }
        if let Lookup::Product { asks, .. } = &lookup {
            context.attribute = match &asks[0] {
                Ask::Price => Some("price".into()),
                Ask::Stock => Some("availability".into()),
                Ask::Attribute(column) => Some(column.clone()),
                Ask::Choices(_) | Ask::Overview | Ask::Evidence => None,
            };
        }
        context.delivery_time = match &lookup {
            Lookup::Delivery(parcel) => Some(parcel.aspects.contains(&Aspect::Time)),
            _ if question.likely("shipping_cost") > 0.5 => Some(false),
            _ if question.likely("shipping_time") > 0.5 => Some(true),
            _ => None,
        };
        context.question = Some(question.text.clone());
        let of_shop = answer.decision == Decision::Answer && answer.products.is_empty();
        context.of_rules =
            of_shop || matches!(lookup, Lookup::Text | Lookup::Delivery(_) | Lookup::Hours(_));
        answer
    }
}

/// One plan for all the questions.
fn merge(
    knowledge: &Knowledge,
    answers: Vec<(&Question, Answer)>,
    context: Context,
    now: Instant,
) -> Plan {
    let each: Vec<Answer> = answers.iter().map(|(_, answer)| answer.clone()).collect();
    let decision = if each.is_empty() { Decision::Abstain } else { decide::overall(&each) };
    let intent = answers.first().and_then(|(question, _)| question.intents.first()).cloned();
    let several = each.len() > 1;
    let mut facts: Vec<Fact> = Vec::new();
    let mut cards: Vec<Card> = Vec::new();
    let mut gaps = Vec::new();
    for (question, answer) in &answers {
        let unknown = answer.decision == Decision::Abstain;
        if unknown && answer.facts.iter().all(|f| !wording::DECLINE.contains(&f.text.as_str())) {
            gaps.push(question.text.clone());
        }
        // Pleasantries are not worth a sentence beside an answer.
        if several && answer.decision == Decision::Smalltalk && decision != Decision::Smalltalk {
            continue;
        }
        facts.extend(
            answer.facts.iter().filter(|f| !facts.contains(f)).cloned().collect::<Vec<_>>(),
        );
        cards.extend(
            answer
                .cards(knowledge, now)
                .into_iter()
                .filter(|c| !cards.contains(c))
                .collect::<Vec<_>>(),
        );
    }
    Plan {
        decision,
        intent: intent.unwrap_or(Intent { name: OUT_OF_SCOPE.into(), confidence: 0.0 }),
        facts,
        cards,
        choices: each
            .iter()
            .find_map(|a| Some(a.choices.clone()).filter(|c| !c.is_empty()))
            .unwrap_or_default(),
        context,
        handoff: each.iter().find_map(|answer| answer.handoff),
        gaps,
        knowledge: knowledge.version,
        asks: None,
    }
}

/// What to say to messages in a language that is not read here, if all of them are in one.
fn foreign(knowledge: &Knowledge, messages: &[String], context: &Context) -> Option<Plan> {
    let shop = &knowledge.catalogue.shop;
    let known = |word: &str| knowledge.names.knows(&stem(word));
    let mut tongues =
        messages.iter().map(|text| tongue::foreign(text, shop.locale.language(), known));
    let tongue = tongues.next()??;
    tongues.all(|other| other.is_some()).then(|| Plan {
        decision: Decision::Abstain,
        intent: Intent { name: OUT_OF_SCOPE.into(), confidence: 0.0 },
        facts: decide::only_english(tongue.sorry()),
        cards: Vec::new(),
        choices: Vec::new(),
        context: context.clone(),
        handoff: None,
        gaps: Vec::new(),
        knowledge: knowledge.version,
        asks: None,
    })
}

/// What an operator should know of a shop whose language the models do not read.
pub fn language_note(shop: &Shop) -> Option<String> {
    let language = shop.locale.language();
    (!language.eq_ignore_ascii_case("en")).then(|| {
        format!(
            "this shop's language is `{language}`, and the models read English only: questions in other languages are \
answered by words and records alone, and what is unclear goes to a person; see docs/answers.md"
        )
    })
}

/// Trains the intent head. `vectors` are those of the intents' utterances, in order.
pub fn learn(intents: &[IntentExamples], vectors: &[Vec<f32>]) -> Intents {
    let classes = intents.iter().enumerate().flat_map(|(class, i)| vec![class; i.utterances.len()]);
    let examples: Vec<Example<'_>> =
        classes.zip(vectors).map(|(class, vector)| Example { class, vector }).collect();
    let names = intents.iter().map(|intent| intent.name.clone()).collect();
    Intents::train(names, &examples)
}

fn millis(since: Clock) -> f64 {
    since.elapsed().as_secs_f64() * 1_000.0
}

#[cfg(test)]
mod tests;
