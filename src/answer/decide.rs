//! From what was found to what is said: the decision, its facts and cards, and the context it leaves.

use super::evidence::{self, Evidence, Score};
use super::plan::{Lookup, Smalltalk};
use super::records::Found;
use super::understand::{Question, Wanted};
use super::wording;
use crate::domain::event::HandoffReason;
use crate::domain::language::fold;
use crate::domain::reply::{Card, Decision, Fact};
use crate::domain::time::Instant;
use crate::knowledge::Knowledge;
use crate::knowledge::names::stems;
use crate::knowledge::passages::Kind;

/// Sentences quoted for one question.
const QUOTED: usize = 3;
/// Longest fact made of several sentences, in bytes.
const LONGEST: usize = 360;
/// Cards shown for one question.
const CARDS: usize = 4;

/// What one question comes to.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What to do.
    pub decision: Decision,
    /// What to say.
    pub facts: Vec<Fact>,
    /// Products it is about, as places in the catalogue.
    pub products: Vec<usize>,
    /// Are they worth showing?
    pub show: bool,
    /// Why a person is wanted.
    pub handoff: Option<HandoffReason>,
    /// Short replies to offer.
    pub choices: Vec<String>,
}

impl Answer {
    fn fixed(decision: Decision, text: String) -> Self {
        let fact =
            Fact { text, question: String::new(), polarity: None, keep: vec![], sources: vec![] };
        Self {
            decision,
            facts: vec![fact],
            products: vec![],
            show: false,
            handoff: None,
            choices: vec![],
        }
    }

    /// These facts, about these products; shown if that is worth it.
    pub fn of(facts: Vec<Fact>, products: Vec<usize>, show: bool) -> Self {
        let decision = Decision::Answer;
        Self { decision, facts, products, show, handoff: None, choices: Vec::new() }
    }

    /// Nothing is known about this.
    pub fn unknown(question: &Question) -> Self {
        Self::fixed(Decision::Abstain, wording::one_of(wording::UNKNOWN, &question.text))
    }

    /// The products as cards.
    pub fn cards(&self, knowledge: &Knowledge, at: Instant) -> Vec<Card> {
        let locale = &knowledge.catalogue.shop.locale;
        let shown = if self.show { self.products.as_slice() } else { &[] };
        shown.iter().take(CARDS).map(|p| wording::card(knowledge.product(*p), at, locale)).collect()
    }
}

/// What needs no look-up. `None` for everything else.
pub fn courtesy(lookup: &Lookup, question: &Question, knowledge: &Knowledge) -> Option<Answer> {
    let say = |ways: &[&str]| wording::one_of(ways, &question.text);
    Some(match lookup {
        Lookup::Smalltalk(small) => {
            let text = match small {
                Smalltalk::Greeting => say(wording::GREETING),
                Smalltalk::Thanks => say(wording::THANKS),
                Smalltalk::Goodbye => say(wording::GOODBYE),
                Smalltalk::AboutBot => about_bot(&knowledge.catalogue.shop.name),
            };
            Answer::fixed(Decision::Smalltalk, text)
        }
        Lookup::Handoff(reason) => {
            let ways =
                if *reason == HandoffReason::Complaint { wording::SORRY } else { wording::HANDOFF };
            Answer { handoff: Some(*reason), ..Answer::fixed(Decision::Handoff, say(ways)) }
        }
        Lookup::Unknown => Answer::unknown(question),
        Lookup::Which => Answer::fixed(Decision::Clarify, say(wording::WHICH_PRODUCT)),
        Lookup::Decline => Answer::fixed(Decision::Abstain, say(wording::DECLINE)),
        _ => return None,
    })
}

/// That only English is understood: in English, and in the visitor's language if that is known.
pub fn only_english(in_theirs: &str) -> Vec<Fact> {
    let lines = [wording::ENGLISH_ONLY, in_theirs].into_iter().filter(|line| !line.is_empty());
    lines.flat_map(|line| Answer::fixed(Decision::Abstain, line.to_string()).facts).collect()
}

/// What the bot says about itself.
pub fn about_bot(shop: &str) -> String {
    format!(
        "I'm the AI assistant of {shop}. I answer from the shop's own information, and a person can take over whenever you like."
    )
}

/// What records say.
pub fn from_records(found: Found, question: &Question, knowledge: &Knowledge) -> Option<Answer> {
    match found {
        Found::Facts(facts, products) => Some(Answer::of(facts, products, true)),
        Found::Which(products) => Some(which(products, question, knowledge)),
        Found::Variants(facts, products) => Some(variants(&facts, products, question)),
        Found::Many(count, some) => Some(many(count, some, question, knowledge)),
        Found::Nothing => None,
    }
}

/// Asks which one is meant, naming the choices.
fn which(products: Vec<usize>, question: &Question, knowledge: &Knowledge) -> Answer {
    let mut names: Vec<String> =
        products.iter().map(|p| wording::the_inner(&knowledge.name(*p))).collect();
    names.dedup();
    let ask = wording::one_of(wording::WHICH, &question.text);
    let text = format!("We have {}. {ask}", wording::list(&names, "and"));
    let mut answer = Answer::fixed(Decision::Clarify, text);
    answer.facts[0].sources =
        products.iter().map(|p| wording::source(knowledge.product(*p))).collect();
    Answer { products, show: true, ..answer }
}

/// Asks which variant is meant, and says what the answer is for each.
fn variants(facts: &[Fact], products: Vec<usize>, question: &Question) -> Answer {
    const EACH: usize = 4;
    let ask = wording::one_of(wording::WHICH, &question.text);
    let said: Vec<&str> = facts.iter().take(EACH).map(|fact| fact.text.as_str()).collect();
    let mut answer = Answer::fixed(Decision::Clarify, format!("{} {ask}", said.join(" ")));
    answer.facts[0].sources =
        facts.iter().take(EACH).flat_map(|fact| fact.sources.clone()).collect();
    Answer { products, show: true, ..answer }
}

/// Asks what matters, where too many fit.
fn many(count: usize, some: Vec<usize>, question: &Question, knowledge: &Knowledge) -> Answer {
    let names: Vec<String> = some.iter().map(|p| wording::the_inner(&knowledge.name(*p))).collect();
    let ask = wording::one_of(wording::NARROW, &question.text);
    let text = format!("We have {count} that fit, such as {}. {ask}", wording::list(&names, "and"));
    let mut answer = Answer::fixed(Decision::Clarify, text);
    answer.facts[0].sources = some.iter().map(|p| wording::source(knowledge.product(*p))).collect();
    Answer { products: some, show: true, ..answer }
}

/// What the shop's own sentences say, best first; `None` if none is really about the question.
pub fn from_evidence(
    ranked: &[(Evidence, Score)],
    question: &Question,
    products: &[usize],
    knowledge: &Knowledge,
) -> Option<Answer> {
    let (best, score) = ranked.first()?;
    let own = best.bonus > 0.0;
    let certain = |wanted: Wanted| {
        !matches!(wanted, Wanted::Number | Wanted::Long | Wanted::Measure | Wanted::Tallness)
    };
    let told = |wanted: Wanted| certain(wanted) || !is_column(&best.text);
    let wanted = question.wanted.is_some_and(told) && !score.wrong_kind;
    // "Does it fit": a sentence of the thing's own that says what it fits answers.
    let fits = |text: &str| {
        const FIT: &[&str] = &["fit", "suit", "suitabl", "compatibl", "clip", "screw", "click"];
        stems(text).iter().any(|word| FIT.contains(&word.as_str()))
    };
    let matches =
        own && (score.fit > 0 || score.coverage >= 0.2 && fits(&question.text) && fits(&best.text));
    if !matches
        && !evidence::suffices(*score, own, wanted, evidence::asks_unknown(question, knowledge))
    {
        return None;
    }
    let passage = &knowledge.passages[best.place.0];
    // Other sentences of the same passage that fit nearly as well belong to the answer: thresholds
    // and exceptions stand beside the rule.
    let mut quoted: Vec<&(Evidence, Score)> = ranked
        .iter()
        .filter(|(e, s)| e.place.0 == best.place.0 && s.total >= 0.82 * score.total)
        .filter(|(e, s)| e.place == best.place || s.fit >= score.fit)
        .filter(|(e, _)| e.place == best.place || best.bonus == 0.0 || !is_column(&e.text))
        .take(QUOTED)
        .collect();
    quoted.sort_by_key(|(e, _)| e.place.1);
    let mut texts: Vec<String> = Vec::new();
    let mut length = 0;
    for (evidence, _) in quoted {
        let must = evidence.place == best.place;
        if must || length + evidence.text.len() <= LONGEST {
            length += evidence.text.len();
            texts.push(whole(evidence));
        }
    }
    if best.bonus == 0.0 {
        // What limits a rule travels with it.
        let last = best.place.1;
        for next in [last + 1, last + 2] {
            let Some(sentence) = passage.sentences.get(next) else { break };
            if !limits(sentence) {
                break;
            }
            let said = wording::rows::plain(sentence);
            if !texts.contains(&said) && length + sentence.len() <= LONGEST {
                length += sentence.len();
                texts.push(said);
            }
        }
    }
    let is_faq = passage.kind == Kind::Faq;
    if is_faq {
        texts = passage.sentences.iter().take(QUOTED).cloned().collect();
    }
    let joined = texts.join(" ");
    let text = match (best.bonus > 0.0, column(&best.text)) {
        (true, Some((column, value))) => wording::attribute(&best.heading, &column, value),
        (true, None) => wording::about(&best.heading, &joined),
        (false, _) => joined,
    };
    let fact = Fact {
        text,
        question: question.text.clone(),
        polarity: None,
        keep: Vec::new(),
        sources: vec![best.source.clone()],
    };
    let about_product = best.bonus > 0.0;
    Some(Answer::of(vec![fact], products.to_vec(), about_product))
}

/// One sentence as an answer.
pub fn quoted(evidence: &Evidence, question: &Question, products: &[usize]) -> Answer {
    let text = match column(&evidence.text) {
        Some((column, value)) => wording::attribute(&evidence.heading, &column, value),
        None => wording::about(&evidence.heading, &evidence.text),
    };
    let fact = Fact {
        text,
        question: question.text.clone(),
        polarity: None,
        keep: Vec::new(),
        sources: vec![evidence.source.clone()],
    };
    Answer::of(vec![fact], products.to_vec(), true)
}

/// A sentence as it is said: a fragment from a list with the heading it stands under.
fn whole(evidence: &Evidence) -> String {
    let said = wording::rows::plain(&evidence.text);
    let ends = said.ends_with(['.', '!', '?', ':', ')']);
    let heading = evidence.heading.rsplit(" > ").next().unwrap_or_default();
    if evidence.bonus > 0.0 || ends || heading.is_empty() || is_column(&said) {
        return said;
    }
    format!("{}: {said}.", heading.trim_end_matches(['?', ':']))
}

/// Does a sentence limit the one before it: an exception, a condition?
fn limits(sentence: &str) -> bool {
    const MARKS: &[&str] = &[
        "except",
        "but not",
        "unless",
        "however",
        "does not apply",
        "do not apply",
        "excluded",
        "excluding",
        "cannot be combined",
        "not included",
        "only if",
        "provided",
    ];
    let folded = fold(sentence);
    MARKS.iter().any(|mark| folded.contains(mark))
        || folded.starts_with("only ")
        || folded.starts_with("this does not")
        || folded.starts_with("not for ")
}

/// "Burn time: 40 h", as a column and its value.
fn column(line: &str) -> Option<(String, &str)> {
    let (name, value) = line.split_once(": ")?;
    let short = name.split_whitespace().count() <= 3 && !value.contains(". ");
    short.then(|| (name.to_lowercase().replace(' ', "_"), value.trim_end_matches('.')))
}

/// Is it a column and its value?
pub fn is_column(line: &str) -> bool {
    column(line).is_some()
}

/// One decision for a message of several questions: a person beats all, an answer beats not knowing.
pub fn overall(answers: &[Answer]) -> Decision {
    const ORDER: [Decision; 5] = [
        Decision::Handoff,
        Decision::Answer,
        Decision::Clarify,
        Decision::Abstain,
        Decision::Smalltalk,
    ];
    let made = |decision: &Decision| answers.iter().any(|answer| answer.decision == *decision);
    ORDER.into_iter().find(made).unwrap_or(Decision::Abstain)
}
