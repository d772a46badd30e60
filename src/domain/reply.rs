//! What a reply of the bot is made of: a decision, facts with their sources, cards, and the
//! context it leaves behind for the next question.

use serde::{Deserialize, Serialize};

/// What the bot decided to do with the visitor's messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// Say facts from the shop's records or pages.
    Answer,
    /// Say honestly that the shop's knowledge does not hold this.
    Abstain,
    /// Ask which of several things is meant.
    Clarify,
    /// Bring a person.
    Handoff,
    /// A greeting, thanks or goodbye.
    Smalltalk,
}

/// Where a fact was found, as a reader can check it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Source {
    /// A product's id, `pages/NAME.md` or `faq.csv`.
    pub id: String,
    /// What a person would call it.
    pub title: String,
    /// Where it can be read, if the shop said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// One thing to say, resolved over the records. It is complete and true as it stands, so it can be
/// said in its own words; the writer may only say the same in better ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// A full sentence, or two when a condition belongs to it.
    pub text: String,
    /// The question this answers, in the visitor's words: the writer answers it with `text`.
    /// Empty for what is said as it stands (greetings, offers, admissions of not knowing).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub question: String,
    /// What the fact means for a yes-or-no question, when code could decide that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub polarity: Option<bool>,
    /// Parts of `text` that any wording must keep: names, prices, values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keep: Vec<String>,
    /// The sources that hold it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Source>,
}

/// A product shown beside the words. Its texts are formatted for the shop's locale already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// The product's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it costs now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<String>,
    /// What it cost before the sale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was_price: Option<String>,
    /// "In stock", "Out of stock", "Pre-order".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub availability: Option<String>,
    /// The product's page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
}

/// The intent the classifier saw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Intent {
    /// Its name; `oos` for none of the known ones.
    pub name: String,
    /// Calibrated probability, 0 to 1.
    pub confidence: f32,
}

/// Who found the words of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Generated {
    /// The local model, verified against the fact.
    Model,
    /// The fact's own words.
    Facts,
}

/// What a chat is about so far, for "and in red?" and "how heavy is it?".
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Context {
    /// Ids of the products last spoken of, most relevant first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<String>,
    /// The attribute last asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
    /// The last question that was understood, in the visitor's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// Delivery was asked about last: how long it takes, or what it costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_time: Option<bool>,
    /// It was about the shop's rules and not about a product.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub of_rules: bool,
}

/// Everything decided about a reply before its first word is said. Kept in the log, so that a
/// restarted server goes on with the sentence that was next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// What to do.
    pub decision: Decision,
    /// What the message was taken for.
    pub intent: Intent,
    /// What to say, in order; one or two sentences each.
    pub facts: Vec<Fact>,
    /// Products to show.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cards: Vec<Card>,
    /// Short replies to offer, when the bot asks which of several is meant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    /// The context afterwards.
    #[serde(default)]
    pub context: Context,
    /// Why a person is wanted, if one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handoff: Option<super::event::HandoffReason>,
    /// Questions that the shop's knowledge did not answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<String>,
    /// The version of the shop's knowledge that was asked.
    pub knowledge: u64,
    /// What the bot asks of its own accord in the last of the facts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asks: Option<super::qualify::Topic>,
}

impl Plan {
    /// Every source cited, each once, in order.
    pub fn sources(&self) -> Vec<Source> {
        let mut seen = Vec::new();
        for source in self.facts.iter().flat_map(|fact| &fact.sources) {
            if !seen.contains(source) {
                seen.push(source.clone());
            }
        }
        seen
    }
}

/// How long the parts of a reply took, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Timings {
    /// Embedding and understanding.
    pub understand: f64,
    /// Searching and deciding.
    pub look_up: f64,
    /// From the start of the turn to the first verified sentence.
    pub first_sentence: f64,
    /// The whole turn.
    pub total: f64,
}
