//! Good words for a fact: the local model proposes, the verifier disposes, and what fails is said in
//! the shop's own words.
//!
//! ```text
//! fact -> parts (a sentence each) -> drafts* of each part, at once -> verify -> choose -> sentence
//! ```
//!
//! A part is a sentence of the fact with what of it must be kept: shorter texts are worded better,
//! and all parts are written in the same passes of the model, so a long fact takes hardly longer.
//! (* the only effect)

mod choose;
mod model;
mod opener;
mod parts;

use std::time::{Duration, Instant as Clock};

use floorwalker_engine::Engine;

use super::verify::{self, Doubt};
use super::wording;
use crate::domain::language::values::Reading;
use crate::domain::reply::{Fact, Generated};
use crate::domain::tone::Tone;

pub use opener::opener;
pub use parts::lowered;

/// How something is to be said.
#[derive(Clone, Debug, PartialEq)]
pub struct Style {
    /// How the shop sounds.
    pub tone: Tone,
    /// What the bot said last in this chat; its opener is not used again at once.
    pub last: String,
    /// How long a reader waits for good words at most.
    pub patience: Duration,
}

impl Style {
    /// While somebody waits for the first sentence.
    pub const FIRST: Duration = Duration::from_millis(600);
    /// While somebody reads the sentence before.
    pub const NEXT: Duration = Duration::from_millis(2_000);
}

impl Default for Style {
    fn default() -> Self {
        Self { tone: Tone::default(), last: String::new(), patience: Self::FIRST }
    }
}

/// A sentence to be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Sentence {
    /// Its words, verified.
    pub text: String,
    /// Who found them: the model, if it found those of at least half of the text.
    pub generated: Generated,
}

/// Words that were tried for a fact.
#[derive(Clone, Debug)]
pub struct Drafts {
    /// The fact.
    pub fact: Fact,
    /// Sentence by sentence. None, if it is said as it stands.
    pub parts: Vec<Part>,
    tone: Tone,
    reading: Reading,
}

/// One sentence of a fact, and what was proposed for it.
#[derive(Clone, Debug)]
pub struct Part {
    /// What it has to say.
    pub fact: Fact,
    /// What the model was given as the customer's next message.
    pub asked: String,
    /// What it proposed, as it came.
    pub drafts: Vec<Draft>,
}

/// A proposal.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Its words.
    pub text: String,
    /// Which try: 0 is the likeliest wording, others are drawn.
    pub seed: u64,
    /// Why the verifier refused it; nothing, if it passed.
    pub doubts: Vec<Doubt>,
    /// How likely the model finds it: the mean logarithm of its tokens' probabilities.
    pub likelihood: f32,
    /// From the request to the last token.
    pub ms: f64,
}

/// Asks the model for words.
pub async fn draft(engine: &Engine, fact: &Fact, reading: &Reading, style: &Style) -> Drafts {
    let mut drafts = Drafts {
        fact: fact.clone(),
        parts: Vec::new(),
        tone: style.tone,
        reading: reading.clone(),
    };
    if fact.question.is_empty() {
        return drafts;
    }
    let deadline = Clock::now() + style.patience;
    let parts = parts::of(fact);
    let alone = parts.len() == 1;
    let asked = parts.into_iter().map(|part| async move {
        let asked = parts::asked(&part);
        let proposed = model::propose(engine, &asked, style.tone, alone, deadline, |text| {
            let text = parts::finished(text, &part);
            let doubts = verify::verify(&text, &part, reading).err().unwrap_or_default();
            (text, doubts)
        });
        let drafts = proposed.await;
        Part { fact: part, asked, drafts }
    });
    drafts.parts = futures_util::future::join_all(asked).await;
    drafts
}

/// Has the model read what stands before every fact.
pub async fn warm(engine: &Engine, tone: Tone) {
    model::warm(engine, tone).await;
}

/// What the model reads before a fact, as a person can read it.
pub fn prompt(tone: Tone) -> String {
    model::prompt(tone)
}

impl Drafts {
    /// The best of what passed, or the shop's own words: another opener than `last` has, where there
    /// is one.
    pub fn sentence(&self, last: &str) -> Sentence {
        if self.parts.is_empty() {
            let text = wording::fixed::said(&self.fact.text, self.tone, &opener(last));
            return Sentence { text, generated: Generated::Facts };
        }
        let mut before = last.to_string();
        let mut texts: Vec<String> = Vec::new();
        let mut by_model = 0;
        for part in &self.parts {
            let text = match choose::best(part, self.tone, &opener(&before)) {
                Some(draft) => {
                    by_model += draft.text.len();
                    draft.text.clone()
                }
                None => self.own_words(&part.fact, &before),
            };
            before.clone_from(&text);
            texts.push(text);
        }
        let text = texts.join(" ");
        let generated =
            if by_model * 2 >= text.len() { Generated::Model } else { Generated::Facts };
        Sentence { text, generated }
    }

    fn own_words(&self, part: &Fact, before: &str) -> String {
        wording::ways::said(part, self.tone, &opener(before), &self.reading)
    }

    /// The whole fact without the model.
    pub fn without_model(&self, last: &str) -> Sentence {
        let parts = self.parts.iter().map(|part| Part { drafts: Vec::new(), ..part.clone() });
        Self { parts: parts.collect(), ..self.clone() }.sentence(last)
    }
}

/// The words of a fact without the model.
pub fn own_words(fact: &Fact, reading: &Reading, style: &Style) -> Sentence {
    let parts = match fact.question.is_empty() {
        true => Vec::new(),
        false => parts::of(fact),
    };
    let part = |fact: Fact| Part { fact, asked: String::new(), drafts: Vec::new() };
    let parts = parts.into_iter().map(part).collect();
    Drafts { fact: fact.clone(), parts, tone: style.tone, reading: reading.clone() }
        .sentence(&style.last)
}
