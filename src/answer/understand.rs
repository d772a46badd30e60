//! What a message says: its questions, and for each its intent, the products and values it names, and
//! the cues that a plan is made from. Pure; embeddings come in as arguments.

pub mod bounds;
pub mod cues;
pub mod intents;
pub mod orders;
pub mod questions;
pub mod ranks;
pub mod substitute;
pub mod wanted;

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::language::values::{Quantity, Reading, values};
use crate::domain::language::{is_stop_word, stem, words};
use crate::domain::money::Money;
use crate::domain::reply::Intent;
use crate::domain::time::Instant;
use crate::knowledge::names::{Mention, Names, stems};

pub use bounds::Bound;
pub use cues::Cues;
pub use wanted::Wanted;

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
    /// Quantities it gives: "my chest is 104 cm".
    pub quantities: Vec<Quantity>,
    /// Limits it sets on quantities.
    pub bounds: Vec<Bound>,
    /// The kind of answer it wants, if its words say so.
    pub wanted: Option<Wanted>,
    /// Amounts of money it gives.
    pub amounts: Vec<Money>,
}

impl Question {
    /// The likeliest intent, if it is likely enough to act on.
    pub fn intent(&self) -> &str {
        match self.intents.first() {
            Some(intent) if intent.confidence >= ACT_ON => &intent.name,
            _ => intents::OUT_OF_SCOPE,
        }
    }

    /// The question without the words that name a product. `named` are the words of its title.
    pub fn bare(&self, named: &[String]) -> String {
        let is_name = |word: &str| named.contains(&stem(word));
        let mut bare = String::with_capacity(self.text.len());
        let mut from = 0;
        for word in words(&self.text) {
            let of_name = is_name(&word.text) || word.parts().any(is_name);
            if of_name && !is_stop_word(&word.text) && word.span.start >= from {
                bare.push_str(&self.text[from..word.span.start]);
                from = word.span.end;
            }
        }
        bare.push_str(&self.text[from..]);
        bare
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
    "below",
    "left",
    "there",
    "above",
    "matter",
    "going",
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

/// The column that a word for colours, sizes and the like asks for.
pub fn variant_column(stem: &str) -> Option<&'static str> {
    Some(match stem {
        "colour" | "color" | "shad" => "color",
        "siz" | "size" => "size",
        "flavour" | "flavor" | "tast" | "taste" => "flavour",
        "pattern" | "design" => "pattern",
        "length" => "length",
        "version" | "variant" | "option" | "model" => "variant",
        _ => return None,
    })
}

/// Is it a word for colours, sizes and the like?
pub fn is_variant_column(stem: &str) -> bool {
    variant_column(stem).is_some()
}

static RULED_OUT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:not|instead of|rather than) (?:the|a|an) [\w-]+(?: [\w-]+)?(?: one)?\s*\W*$",
    )
    .expect("a constant pattern")
});

/// The text without what it rules out: "the normal one, not the light one".
pub fn without_ruled_out(text: &str) -> String {
    RULED_OUT.replace_all(text, " ").into_owned()
}

/// Reads one question. `embedded` is its vector and the intents ranked from it.
pub fn understand(
    text: &str,
    at: Instant,
    names: &Names,
    reading: &Reading,
    embedded: Option<(Vec<f32>, Vec<Intent>)>,
) -> Question {
    let all: Vec<String> = stems(text).iter().map(|stem| spelled(stem, names)).collect();
    let found = values(text, reading);
    let limits = bounds::read(text, &found);
    // A limit chooses among products and names none; nor does "the normal one, not the Light".
    let mut meant = text.to_string();
    for (span, _) in limits.iter().rev() {
        meant.replace_range(span.clone(), &" ".repeat(span.len()));
    }
    let meant = RULED_OUT.replace_all(&meant, " ");
    // "Storr" is no store, though they share a stem.
    let literal = |term: &String| {
        let same = |word: &crate::domain::language::Word| {
            stem(&word.text) == *term && CARRIERS.contains(&word.text.as_str())
        };
        words(text).iter().any(same)
    };
    let telling = |stem: &String| {
        !is_stop_word(stem) && (!is_carrier(stem) || names.is_name(stem) && !literal(stem))
            || (names.is_variant(stem) || names.titled(stem).next().is_some())
                && is_size(stem, text)
    };
    let content: Vec<String> =
        stems(&meant).iter().map(|stem| spelled(stem, names)).filter(telling).collect();
    let (vector, intents) = match embedded {
        Some((vector, intents)) => (Some(vector), intents),
        None => (None, Vec::new()),
    };
    Question {
        text: text.trim().to_string(),
        at,
        mention: names.find(&content, None).filter(|m| !m.matched.is_empty()),
        cues: cues::read(&corrected(text, names)),
        stems: all,
        content,
        vector,
        intents,
        quantities: found.iter().flat_map(|value| value.kind.quantities()).collect(),
        wanted: wanted::read(text),
        amounts: found.iter().flat_map(|value| value.kind.money()).collect(),
        bounds: limits.into_iter().map(|(_, bound)| bound).collect(),
    }
}

/// "In L", "size s": a letter that is a size and no slip of the pen.
fn is_size(letter: &str, text: &str) -> bool {
    if letter.len() != 1 {
        return false;
    }
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    words.iter().enumerate().any(|(at, word)| {
        let before = at.checked_sub(1).map_or("", |at| words[at]).to_lowercase();
        *word == letter.to_uppercase()
            || *word == letter && matches!(before.as_str(), "size" | "in" | "or" | "and" | "a")
    })
}

fn spelled(stem: &str, names: &Names) -> String {
    if is_stop_word(stem) || is_carrier(stem) || cues::is_ranking_word(stem) {
        return stem.to_string();
    }
    let repaired = names.repair(stem).filter(|word| !is_carrier(word) && !is_stop_word(word));
    repaired.unwrap_or_else(|| stem.to_string())
}

/// Words that tell what is asked, often enough mistyped.
const TELLING: &[&str] = &["stock", "price", "cost", "available", "much", "cheapest", "discount"];

/// The text with those words repaired that tell what is asked.
fn corrected(text: &str, names: &Names) -> String {
    let mut corrected = String::with_capacity(text.len());
    let mut from = 0;
    for word in words(text) {
        let mistyped = |telling: &&&str| {
            word.text != ***telling && strsim::osa_distance(&word.text, telling) == 1
        };
        let root = stem(&word.text);
        // "Most" is no mistyped "cost".
        let plain = is_stop_word(&root) || is_carrier(&root) || cues::is_ranking_word(&root);
        let unknown = word.text.len() > 3 && !plain && !names.knows(&root);
        // The words of a contraction share their place.
        if let Some(telling) = TELLING.iter().find(mistyped)
            && unknown
            && word.span.start >= from
        {
            corrected.push_str(&text[from..word.span.start]);
            corrected.push_str(telling);
            from = word.span.end;
        }
    }
    corrected.push_str(&text[from..]);
    corrected
}
