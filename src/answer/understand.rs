//! What a message says: its questions, and for each its intent, the products and values it names, and
//! the cues that a plan is made from. Pure; embeddings come in as arguments.

pub mod cues;
pub mod intents;
pub mod questions;

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::language::{is_stop_word, stem};
use crate::domain::reply::Intent;
use crate::domain::time::Instant;
use crate::knowledge::names::{Mention, Names, stems};

pub use cues::Cues;

/// One question of a message, understood.
#[derive(Clone, Debug)]
pub struct Question {
    /// In the visitor's words.
    pub text: String,
    /// When it was asked.
    pub at: Instant,
    /// Its words as stems, stop words included, in order.
    pub stems: Vec<String>,
    /// Its content words as stems: what an answer has to be about.
    pub content: Vec<String>,
    /// Its meaning as a unit vector, if an encoder was there.
    pub vector: Option<Vec<f32>>,
    /// What it is taken for, likeliest first; empty without an encoder.
    pub intents: Vec<Intent>,
    /// Products it names.
    pub mention: Option<Mention>,
    /// Everything else that words alone tell.
    pub cues: Cues,
}

impl Question {
    /// The likeliest intent, if it is likely enough to act on.
    pub fn intent(&self) -> &str {
        match self.intents.first() {
            Some(intent) if intent.confidence >= ACT_ON => &intent.name,
            _ => intents::OUT_OF_SCOPE,
        }
    }

    /// How likely one intent is, 0 to 1.
    pub fn likely(&self, name: &str) -> f32 {
        self.intents.iter().find(|i| i.name == name).map_or(0.0, |i| i.confidence)
    }
}

/// Probability below which an intent is not acted on.
pub const ACT_ON: f32 = 0.35;

/// Words that carry a question but not its subject.
const CARRIERS: &[&str] = &[
    "hi",
    "hello",
    "hey",
    "please",
    "thanks",
    "thank",
    "tell",
    "know",
    "want",
    "need",
    "like",
    "look",
    "question",
    "wonder",
    "ask",
    "help",
    "say",
    "info",
    "information",
    "detail",
    "anything",
    "something",
    "thing",
    "one",
    "ones",
    "kind",
    "sort",
    "type",
    "much",
    "many",
    "cost",
    "price",
    "pay",
    "buy",
    "get",
    "sell",
    "stock",
    "have",
    "got",
    "available",
    "give",
    "show",
    "find",
    "exactly",
    "actually",
    "really",
    "just",
    "also",
    "right",
    "now",
    "moment",
    "today",
    "currently",
    "still",
    "come",
    "go",
    "use",
    "work",
    "make",
    "take",
    "guy",
    "people",
    "shop",
    "store",
    "product",
    "item",
    "model",
    "version",
    "possible",
    "ok",
    "okay",
    "yes",
    "no",
    "maybe",
    "bit",
    "lot",
    "let",
    "see",
    "think",
    "mean",
    "long",
    "big",
    "good",
    "nice",
    "whats",
    "hows",
    "im",
    "ive",
    "id",
    "u",
    "ur",
    "pls",
    "plz",
    "oh",
    "well",
    "sure",
    "way",
    "extra",
    "charge",
    "would",
    "could",
    "should",
    "euro",
    "euros",
    "pound",
    "pounds",
    "dollar",
    "dollars",
    "eur",
    "gbp",
    "usd",
    "quid",
    "bucks",
];

/// Is this stem about the asking and not about the asked?
pub fn is_carrier(term: &str) -> bool {
    use std::collections::HashSet;
    static STEMS: LazyLock<HashSet<String>> =
        LazyLock::new(|| CARRIERS.iter().map(|word| stem(word)).collect());
    STEMS.contains(term) || term.chars().count() < 2 && !term.chars().all(|c| c.is_ascii_digit())
}

static RULED_OUT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:not|instead of|rather than) (?:the|a|an) [\w-]+(?: [\w-]+)?(?: one)?\s*\W*$",
    )
    .expect("a constant pattern")
});

/// Reads one question. `embedded` is its vector and the intents ranked from it.
pub fn understand(
    text: &str,
    at: Instant,
    names: &Names,
    embedded: Option<(Vec<f32>, Vec<Intent>)>,
) -> Question {
    let all: Vec<String> = stems(text).iter().map(|stem| spelled(stem, names)).collect();
    let telling = |stem: &&String| !is_stop_word(stem) && !is_carrier(stem);
    let content: Vec<String> = all.iter().filter(telling).cloned().collect();
    // "the normal one, not the Light": what is ruled out names nothing.
    let meant = RULED_OUT.replace_all(text, " ");
    let named: Vec<String> = stems(&meant)
        .iter()
        .filter(|stem| !is_stop_word(stem))
        .map(|stem| spelled(stem, names))
        .collect();
    let (vector, intents) = match embedded {
        Some((vector, intents)) => (Some(vector), intents),
        None => (None, Vec::new()),
    };
    Question {
        text: text.trim().to_string(),
        at,
        mention: names.find(&named, None).filter(|m| !m.matched.is_empty()),
        cues: cues::read(text),
        stems: all,
        content,
        vector,
        intents,
    }
}

fn spelled(stem: &str, names: &Names) -> String {
    if is_stop_word(stem) || is_carrier(stem) {
        return stem.to_string();
    }
    names.repair(stem).unwrap_or_else(|| stem.to_string())
}
