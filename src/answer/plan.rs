//! From an understood question to what has to be looked up. Pure: the shop's vocabulary and the
//! chat's context come in as arguments.

use super::attributes::Attributes;
use super::understand::cues::Rank;
use super::understand::{Bound, Question};
use crate::domain::event::HandoffReason;
use crate::knowledge::names::Names;

/// What one question needs.
#[derive(Clone, Debug, PartialEq)]
pub enum Lookup {
    /// Nothing: pleasantries.
    Smalltalk(Smalltalk),
    /// A person.
    Handoff(HandoffReason),
    /// Nothing: this is not the shop's business.
    Decline,
    /// Something about certain products.
    Product {
        /// The products, as places in the catalogue; several when the name fits several.
        products: Vec<usize>,
        /// What about them.
        ask: Ask,
    },
    /// Products against each other.
    Compare {
        /// The products.
        products: Vec<usize>,
        /// By what, if the question says.
        rank: Option<Rank>,
        /// By which column, if the question names one.
        attribute: Option<String>,
        /// The question says what about them in words of its own: "in rain protection".
        topic: bool,
    },
    /// The best of many by a number.
    Best {
        /// Which are considered.
        filter: Filter,
        /// What makes one best.
        rank: Rank,
    },
    /// Some that fit.
    List(Filter),
    /// What the shop's pages and FAQ say.
    Text,
    /// Something about a product, and nothing says which.
    Which,
    /// Nothing: a model is named that the shop does not have.
    Unknown,
}

/// Pleasantries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Smalltalk {
    /// "Hi."
    Greeting,
    /// "Thanks."
    Thanks,
    /// "Bye."
    Goodbye,
    /// "Are you a robot?"
    AboutBot,
}

/// What is asked about products.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// What it costs.
    Price,
    /// Whether it can be had.
    Stock,
    /// One column.
    Attribute(String),
    /// What it is.
    Overview,
    /// Whatever its record or the pages say that fits the question's words.
    Evidence,
}

/// Which products are considered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Words that each must carry.
    pub terms: Vec<String>,
    /// Words the shop does not know at all.
    pub unknown: Vec<String>,
    /// Only among these, when the chat spoke of some.
    pub among: Option<Vec<usize>>,
    /// In the shop's currency.
    pub at_most: Option<f64>,
    /// In the shop's currency.
    pub at_least: Option<f64>,
    /// Only what can be had now.
    pub in_stock: bool,
    /// On quantities: "50 litres or more".
    pub bounds: Vec<Bound>,
    /// Nothing but a kind is named, so many fit: "i need a lamp".
    pub broad: bool,
}

/// What the plan may know about the shop and the chat.
pub struct Known<'a> {
    /// Product names.
    pub names: &'a Names,
    /// Columns.
    pub attributes: &'a Attributes,
    /// Products last spoken of, as places in the catalogue.
    pub spoken_of: &'a [usize],
    /// The column last asked for.
    pub attribute: Option<&'a str>,
    /// The shop's rules were spoken of last, not a product.
    pub of_rules: bool,
    /// What "the bigger one" is of what was spoken of.
    pub sibling: Option<usize>,
}

/// Intents that the shop's pages answer.
pub const TEXT_INTENTS: &[&str] = &[
    "shipping_cost",
    "shipping_time",
    "returns",
    "warranty",
    "hours",
    "payment",
    "discount",
    "trade",
    "contact_location",
    "care",
    "order_status",
];

/// Is it the shop's rules that are asked for?
pub fn is_about_text(question: &Question) -> bool {
    TEXT_INTENTS.iter().map(|intent| question.likely(intent)).sum::<f32>() > 0.5
}

/// Decides what to look up.
pub fn plan(question: &Question, known: &Known<'_>) -> Lookup {
    courtesy(question).unwrap_or_else(|| business(question, known))
}

/// What needs no knowledge of the shop.
fn courtesy(question: &Question) -> Option<Lookup> {
    let cues = &question.cues;
    if cues.person || question.likely("ask_person") > 0.6 {
        return Some(Lookup::Handoff(HandoffReason::AskedInWords));
    }
    if cues.orders || question.likely("off_topic") > 0.6 && !names_something(question) {
        return Some(Lookup::Decline);
    }
    if question.likely("complaint") > 0.55 {
        return Some(Lookup::Handoff(HandoffReason::Complaint));
    }
    let small = match question.intent() {
        "greeting" => Smalltalk::Greeting,
        "thanks" => Smalltalk::Thanks,
        "goodbye" => Smalltalk::Goodbye,
        "about_bot" => Smalltalk::AboutBot,
        _ => return None,
    };
    (!names_something(question) && question.content.len() <= 4).then_some(Lookup::Smalltalk(small))
}

/// Is a product named, and not only its kind?
pub fn names_something(question: &Question) -> bool {
    question.mention.as_ref().is_some_and(|mention| mention.by_name)
}

/// What does.
fn business(question: &Question, known: &Known<'_>) -> Lookup {
    if names_another_model(question, known) {
        return Lookup::Unknown;
    }
    let attribute = known.attributes.asked(question, known.names);
    let named = named_products(question, known, attribute.is_some());
    let about_text = is_about_text(question);
    let asks_of_one = question.cues.price || question.cues.stock || attribute.is_some();
    // "from what amount is it free there?"
    if known.of_rules && question.cues.refers && !names_something(question) && !asks_of_one {
        return Lookup::Text;
    }
    if (asks_of_one || question.cues.how_much)
        && question.cues.refers
        && named.is_none()
        && question.content.is_empty()
    {
        return Lookup::Which;
    }
    if let Some(lookup) = compare(question, known, attribute.as_deref()) {
        return lookup;
    }
    if let Some(rank) = &question.cues.rank
        && (rank.of_all || named.is_none())
        && known.attributes.can_rank(rank)
    {
        let among = refers_to_several(question, known);
        let filter = Filter { among, ..filter(question, known) };
        return Lookup::Best { filter, rank: rank.clone() };
    }
    // The warranty of tents is a rule of the shop, the weight of a tent is not.
    let has_column = attribute.as_ref().is_some_and(|name| name != "warranty");
    let by_name = names_something(question) || !known.spoken_of.is_empty() && refers(question);
    match named {
        Some(products) if !about_text || by_name || has_column => {
            let ask = ask(question, known, attribute, about_text, &products);
            Lookup::Product { products, ask }
        }
        None if question.cues.price && names_nothing_sold(question, known) => Lookup::Text,
        _ if !about_text && (lists(question) || question.likely("ask_price") > 0.5) => {
            Lookup::List(filter(question, known))
        }
        _ => Lookup::Text,
    }
}

/// The products a question is about: those it names, those it refers to, or a mixture of both.
fn named_products(question: &Question, known: &Known<'_>, asks_column: bool) -> Option<Vec<usize>> {
    let spoken_of = (!known.spoken_of.is_empty()).then_some(known.spoken_of);
    let by_name = names_something(question);
    match (&question.mention, spoken_of) {
        _ if !by_name && known.sibling.is_some() => known.sibling.map(|product| vec![product]),
        (Some(mention), _) if mention.by_name => Some(mention.products.clone()),
        // "and in red?", "and the 3 person one?": its words, on top of what was spoken of.
        (Some(mention), Some(spoken_of)) if refers(question) => {
            let mut stems = mention.matched.clone();
            let new: Vec<String> = stems.clone();
            stems.extend(known.names.title(spoken_of[0]).iter().filter(|t| !is_number(t)).cloned());
            let combined = known.names.find(&stems, None)?;
            let fits = |p: &usize| new.iter().any(|term| known.names.is_filed_under(*p, term));
            let products: Vec<usize> = combined.products.into_iter().filter(fits).collect();
            Some(if products.is_empty() { spoken_of.to_vec() } else { products })
        }
        (_, Some(spoken_of)) if refers(question) || continues(question, known) => {
            Some(spoken_of.to_vec())
        }
        // "how much is the tent?": a kind, and the question is about one of them.
        (Some(mention), _) if definite(question, mention.matched.len(), asks_column) => {
            let called =
                |p: &usize| mention.matched.iter().all(|t| known.names.title(*p).contains(t));
            let of_kind: Vec<usize> = (0..known.names.len()).filter(called).collect();
            let products = if of_kind.is_empty() { mention.products.clone() } else { of_kind };
            (products.len() > 1 || !lists(question)).then_some(products)
        }
        _ => None,
    }
}

/// "The Ridge 5", where there are only a Ridge 2, 3 and 4.
fn names_another_model(question: &Question, known: &Known<'_>) -> bool {
    let Some(mention) = question.mention.as_ref().filter(|mention| mention.by_name) else {
        return false;
    };
    let other = |run: &[String]| {
        let named = known.names.is_name(&run[0]) && mention.matched.contains(&run[0]);
        let called = || known.names.titled(&run[0]);
        let numbered = |title: &[String]| title.iter().any(|term| is_number(term));
        named
            && is_number(&run[1])
            && called().any(numbered)
            && !called().any(|title| title.contains(&run[1]))
    };
    question.stems.windows(2).any(other)
}

/// "and in blue?", "what about the 3 person one?": asks what was asked before of something else.
fn is_elliptical(question: &Question) -> bool {
    let about = question.stems.iter().any(|w| w == "about");
    let asks = question.cues.asks || question.cues.overview;
    question.cues.refers && !question.cues.price && !question.cues.stock && (about || !asks)
}

fn refers(question: &Question) -> bool {
    question.cues.refers
}

/// A question that has no subject of its own goes on with the one before.
fn continues(question: &Question, known: &Known<'_>) -> bool {
    let subject = |term: &&String| !known.attributes.is_word(term) && !known.names.is_variant(term);
    question.content.iter().filter(subject).count() == 0
        && (known.attributes.asked(question, known.names).is_some()
            || question.cues.price
            || question.cues.how_much
            || question.cues.stock
            || question.content.iter().any(|term| known.names.is_variant(term)))
}

/// "the tent", "your jacket": one certain thing, though only its kind is named.
fn definite(question: &Question, matched: usize, asks_column: bool) -> bool {
    let the =
        question.stems.iter().any(|w| w == "the" || w == "your" || w == "this" || w == "that");
    matched > 0
        && the
        && (question.cues.price
            || question.cues.how_much
            || question.cues.stock
            || asks_column
            || question.content.len() <= matched + 1)
}

/// Does the question want some of many?
fn lists(question: &Question) -> bool {
    question.likely("recommend") > 0.3
        || question.cues.has
        || question.likely("ask_stock") > 0.3
        || question.likely("superlative") > 0.4
        || question.cues.at_most.is_some()
        || question.cues.at_least.is_some()
        || !question.bounds.is_empty()
        || question.cues.wants
        || question.mention.is_some()
            && question.cues.yes_no
            && question.likely("ask_attribute") < 0.5
}

fn ask(
    question: &Question,
    known: &Known<'_>,
    attribute: Option<String>,
    about_text: bool,
    products: &[usize],
) -> Ask {
    let names_part = |term: &&String| {
        let of_name = |p: &usize| known.names.title(*p).contains(term);
        products.iter().take(3).any(of_name)
            || question.mention.as_ref().is_some_and(|m| m.matched.contains(term))
    };
    // "Bigger" says which one is meant and asks for nothing.
    let chooses_one =
        |term: &&String| known.sibling.is_some() && super::understand::cues::is_ranking_word(term);
    let leftover: Vec<&String> =
        question.content.iter().filter(|t| !names_part(t) && !chooses_one(t)).collect();
    let before = known.attribute.filter(|_| is_elliptical(question) && attribute.is_none());
    match before {
        Some("price") => return Ask::Price,
        Some("availability") => return Ask::Stock,
        Some(column) => return Ask::Attribute(column.to_string()),
        None => {}
    }
    const VARIANTS: &[&str] = &["size", "color", "gender", "material", "mpn"];
    let chooses = attribute.as_deref().is_none_or(|name| VARIANTS.contains(&name));
    if question.cues.stock && chooses {
        return Ask::Stock;
    }
    let of_price = !about_text && question.likely("ask_price") > 0.3;
    if question.cues.price && chooses && (leftover.len() <= 2 || of_price) {
        return Ask::Price;
    }
    // "in size M" chooses a variant and does not ask for the size.
    let gives = question.content.iter().any(|term| known.names.is_variant(term));
    let attribute = attribute.filter(|name| !(gives && VARIANTS.contains(&name.as_str())));
    let elsewhere = about_text && !leftover.is_empty();
    if let Some(attribute) = attribute.filter(|name| !elsewhere || name == "warranty") {
        return Ask::Attribute(attribute);
    }
    if elsewhere {
        return Ask::Evidence;
    }
    if question.cues.price && leftover.len() <= 1 && !question.cues.stock
        || question.cues.how_much && leftover.is_empty()
    {
        return Ask::Price;
    }
    if question.cues.has && leftover.len() <= 3 {
        return Ask::Stock;
    }
    if !leftover.is_empty() {
        return Ask::Evidence;
    }
    let asks_something = question.cues.asks && !question.cues.overview;
    match known.attribute {
        _ if question.cues.overview => Ask::Overview,
        Some("price") => Ask::Price,
        Some("availability") => Ask::Stock,
        Some(column) if question.cues.refers || question.content.len() <= 3 => {
            Ask::Attribute(column.to_string())
        }
        _ if question.likely("ask_price") > 0.4 => Ask::Price,
        _ if question.likely("ask_stock") > 0.4 => Ask::Stock,
        _ if asks_something || is_elliptical(question) => Ask::Evidence,
        _ => Ask::Overview,
    }
}

/// Products set against each other, if two or more are named.
fn compare(question: &Question, known: &Known<'_>, attribute: Option<&str>) -> Option<Lookup> {
    let rank = question.cues.rank.clone().filter(|rank| known.attributes.can_rank(rank));
    let comparing = question.cues.compares || question.likely("compare") > 0.4;
    if !comparing || known.sibling.is_some() {
        return None;
    }
    let mut products = several_named(question, known);
    if products.len() < 2 && question.cues.refers && known.spoken_of.len() >= 2 {
        products = known.spoken_of.to_vec();
    }
    if products.len() == 1
        && let Some(other) = known.spoken_of.iter().find(|p| **p != products[0])
        && (question.cues.refers || rank.is_some())
    {
        products.push(*other);
    }
    products.truncate(3);
    let of_names =
        |term: &&String| products.iter().any(|p| known.names.is_filed_under(*p, term.as_str()));
    let topic = rank.is_none()
        && attribute.is_none()
        && !question.cues.price
        && question
            .content
            .iter()
            .any(|term| !of_names(&term) && !COMPARING.contains(&term.as_str()));
    let attribute = attribute.map(str::to_string);
    (products.len() >= 2).then_some(Lookup::Compare { products, rank, attribute, topic })
}

/// Stems of words that compare and say nothing about what.
const COMPARING: &[&str] =
    &["differ", "differenc", "compar", "comparison", "between", "better", "versu", "vs", "main"];

/// A price is asked of something the shop has never written of: "the krone chandelier".
fn names_nothing_sold(question: &Question, known: &Known<'_>) -> bool {
    let kind = |term: &String| known.names.is_kind(term);
    let known_word = |term: &String| known.names.knows(term);
    question.mention.is_none()
        && !question.content.iter().any(kind)
        && !question.content.iter().all(known_word)
}

/// The products that the parts of a question name, in order: "the Ridge 2 or the 3".
fn several_named(question: &Question, known: &Known<'_>) -> Vec<usize> {
    const JOINTS: &[&str] =
        &["or", "and", "vs", "versus", "than", "over", "to", "with", "from", "between", "against"];
    let mut products: Vec<usize> = Vec::new();
    for part in question.stems.split(|word| JOINTS.contains(&word.as_str())) {
        let first = products.first().copied();
        let mention = known.names.find(part, None).filter(|m| m.by_name).or_else(|| {
            // "the 3": what differs, on top of the name before.
            let title = known.names.title(first?);
            let new: Vec<String> = part
                .iter()
                .filter(|w| known.names.knows(w) && !title.contains(w))
                .cloned()
                .collect();
            let mut stems = new.clone();
            stems.extend(
                title
                    .iter()
                    .filter(|t| !is_number(t) || new.iter().all(|n| !is_number(n)))
                    .cloned(),
            );
            let filed = |p: &usize| new.iter().all(|term| known.names.is_filed_under(*p, term));
            let with_new: Vec<usize> = (0..known.names.len()).filter(filed).collect();
            let found = known.names.find(&stems, Some(&with_new))?;
            (!new.is_empty()).then_some(found)
        });
        let Some(mention) = mention else { continue };
        if let Some(product) = mention.products.iter().find(|p| !products.contains(p)) {
            products.push(*product);
        }
    }
    products
}

fn refers_to_several(question: &Question, known: &Known<'_>) -> Option<Vec<usize>> {
    let of_those = question.cues.refers && known.spoken_of.len() > 1;
    let own_kind = question.content.iter().any(|term| known.names.is_kind(term));
    (of_those && !own_kind).then(|| known.spoken_of.to_vec())
}

fn filter(question: &Question, known: &Known<'_>) -> Filter {
    let ranked: Vec<&String> = question.cues.rank.iter().flat_map(|rank| &rank.by).collect();
    let amount = |term: &str| {
        let limit = |limit: Option<f64>| limit.is_some_and(|l| term.parse() == Ok(l));
        limit(question.cues.at_most) || limit(question.cues.at_least)
    };
    let counts = |term: &&String| {
        !ranked.contains(term) && !amount(term) && !super::understand::cues::is_ranking_word(term)
    };
    let (terms, unknown) =
        question.content.iter().filter(counts).cloned().partition(|term| known.names.knows(term));
    Filter {
        terms,
        unknown,
        among: None,
        at_most: question.cues.at_most,
        at_least: question.cues.at_least,
        in_stock: question.cues.stock,
        bounds: question.bounds.clone(),
        broad: question.cues.wants && !question.cues.has,
    }
}

fn is_number(term: &str) -> bool {
    term.chars().all(|c| c.is_ascii_digit())
}
