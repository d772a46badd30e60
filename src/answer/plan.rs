//! From an understood question to what has to be looked up. Pure: the shop's vocabulary and the
//! chat's context come in as arguments.

mod ask;
mod compare;
mod hours;
mod parcel;
mod subject;
mod sum;

use super::attributes::Attributes;
use super::delivery::places::Place;
use super::understand::cues::Rank;
use super::understand::{self, Bound, Question};
use crate::domain::event::HandoffReason;
use crate::domain::language::values::Quantity;
use crate::knowledge::catalogue::Product;
use crate::knowledge::names::Names;

use ask::asks;
use compare::compare;
use parcel::parcel;
use subject::{named_products, names_another_measure, names_another_model, refers};

pub use subject::is_elliptical;

pub use parcel::Parcel;
pub use sum::Sum;

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
        /// What about them, in order; at least one thing.
        asks: Vec<Ask>,
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
    /// When the shop is open on a day of the week, from Monday as 0.
    Hours(usize),
    /// What the shop's pages and FAQ say.
    Text,
    /// How much several things come to.
    Sum(Sum),
    /// What the shop's rules of delivery say for a place, a service or a day.
    Delivery(Parcel),
    /// What goes beyond what was spoken of: "anything cheaper?"
    Beyond {
        /// What was spoken of.
        product: usize,
        /// By what.
        rank: Rank,
    },
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
    /// In which colours, sizes or the like it comes.
    Choices(String),
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
    /// Only what costs less than usual.
    pub on_sale: bool,
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
    /// What products' titles and cells measure.
    pub products: &'a [Product],
    /// The place that the question names.
    pub place: Option<Place>,
    /// The day of the week that it speaks of, from Monday as 0.
    pub day: Option<usize>,
    /// The question says by which day.
    pub deadline: bool,
    /// The rules of delivery are worth asking.
    pub may_deliver: bool,
    /// Delivery was spoken of last: how long it takes, or what it costs.
    pub delivery_time: Option<bool>,
}

impl Known<'_> {
    /// Is it a product's own size?
    pub fn is_size(&self, product: usize, term: &str) -> bool {
        let size = self.products[product].attribute("size").unwrap_or_default();
        crate::knowledge::names::terms(size).iter().any(|word| word == term)
    }

    /// The quantities that stand in a product's title and its own size.
    pub fn measures(&self, product: usize) -> Vec<Quantity> {
        let product = &self.products[product];
        let size = product.attribute("size").unwrap_or_default();
        let mut found = self.attributes.quantities(&product.title);
        found.extend(self.attributes.quantities(size));
        found
    }
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
    // "Ok and the P?", "and to Denmark?" go on with what was asked.
    let goes_on = question.cues.refers
        && !question.cues.orders
        && !question.cues.person
        && !question.cues.angry
        && !question.content.is_empty()
        && (!known.spoken_of.is_empty() || known.place.is_some() || known.of_rules);
    match courtesy(question) {
        Some(Lookup::Smalltalk(_) | Lookup::Decline) if goes_on => business(question, known),
        Some(lookup) => lookup,
        None => business(question, known),
    }
}

/// What needs no knowledge of the shop.
fn courtesy(question: &Question) -> Option<Lookup> {
    let cues = &question.cues;
    if cues.placed_order && !cues.angry {
        return Some(Lookup::Handoff(HandoffReason::NeedsPerson));
    }
    if cues.person || question.likely("ask_person") > 0.6 {
        return Some(Lookup::Handoff(HandoffReason::AskedInWords));
    }
    if cues.orders || question.likely("off_topic") > 0.6 && !names_something(question) {
        return Some(Lookup::Decline);
    }
    if cues.angry || question.likely("complaint") > 0.7 {
        return Some(Lookup::Handoff(HandoffReason::Complaint));
    }
    if cues.greeting {
        return Some(Lookup::Smalltalk(Smalltalk::Greeting));
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
    if names_another_model(question, known) || names_another_measure(question, known) {
        return Lookup::Unknown;
    }
    if let Some(sum) = sum::sum(question, known) {
        return Lookup::Sum(sum);
    }
    if known.may_deliver
        && let Some(parcel) = parcel(question, known)
    {
        return Lookup::Delivery(parcel);
    }
    if let Some(day) = known.day
        && hours::asked(question)
    {
        return Lookup::Hours(day);
    }
    let columns = known.attributes.asked_all(question, known.names);
    let attribute = columns.first().cloned();
    let named = named_products(question, known, attribute.is_some());
    let about_text = is_about_text(question);
    let asks_of_one = question.cues.price || question.cues.stock || attribute.is_some();
    // "From what amount is it free there?", "and how much?"
    let of_kind = question.content.iter().any(|term| known.names.is_kind(term));
    let bare = question.content.len() <= 2 && !of_kind;
    if known.of_rules
        && !names_something(question)
        && (question.cues.refers && (!asks_of_one || !of_kind) || bare)
    {
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
    if let Some(rank) = beyond(question, known)
        && let Some(product) = known.spoken_of.first()
    {
        return Lookup::Beyond { product: *product, rank };
    }
    if let Some(rank) = &question.cues.rank
        && (rank.of_all || named.is_none())
        && known.attributes.can_rank(rank)
    {
        let among = refers_to_several(question, known);
        let mut filter = Filter { among, ..filter(question, known) };
        let of_rank = known.attributes.words_of(rank);
        filter.terms.retain(|term| known.names.is_kind(term) || !of_rank.contains(term));
        return Lookup::Best { filter, rank: rank.clone() };
    }
    let any = ["any", "anyth", "anything", "which", "what", "someth", "something", "got"];
    let some = question.stems.iter().any(|word| any.contains(&word.as_str()));
    let the = question.stems.iter().any(|word| word == "the");
    let limited = question.cues.at_most.or(question.cues.at_least).is_some()
        || !question.bounds.is_empty()
        || question.cues.on_sale && !question.cues.refers
        || question.cues.stock && some && !by_whole_name(question, known)
        // "A medium harness in stock" is a wish, "is the harness in stock" a question.
        || question.cues.stock && !question.cues.asks && !question.cues.refers && !the;
    let wish = wishes(question, known);
    let limited = limited || wish;
    let which = question.stems.iter().any(|word| word == "which" || word == "what");
    let chooses = which && question.stems.iter().any(|w| understand::is_variant_column(w));
    let limited = limited && !chooses;
    let priced = question.cues.at_most.or(question.cues.at_least).is_some() && of_kind;
    if limited
        && (!about_text || wish || priced || question.cues.on_sale && some)
        && !(question.cues.refers && !known.spoken_of.is_empty())
    {
        return Lookup::List(filter(question, known));
    }
    // "Fish tanks", where only a food has fish in it.
    let alone = question.mention.as_ref().is_some_and(|mention| mention.matched.len() == 1);
    if question.cues.has
        && alone
        && question.content.iter().any(|term| {
            !known.names.knows(term) && !is_number(term) && !understand::cues::is_ranking_word(term)
        })
    {
        return Lookup::Text;
    }
    if question.cues.has && alone && goes_on_otherwise(question, known) {
        return Lookup::Text;
    }
    // Something for a purpose is wanted, and what is named is at most what kind.
    let words = question
        .mention
        .as_ref()
        .map_or(0, |mention| mention.matched.iter().filter(|term| !is_number(term)).count());
    if question.likely("recommend") > 0.5
        && words <= 1
        && !asks_of_one
        && !question.cues.refers
        && !question.cues.has
        && !about_text
    {
        return Lookup::List(filter(question, known));
    }
    // "How many dogs have you got" counts what is no merchandise.
    if question.cues.has
        && question.stems.windows(2).any(|w| w[0] == "how" && w[1] == "many")
        && !names_something(question)
    {
        return Lookup::Text;
    }
    // The warranty of tents is a rule of the shop, the weight of a tent is not.
    let has_column = attribute.as_ref().is_some_and(|name| name != "warranty");
    let by_name = names_something(question) || !known.spoken_of.is_empty() && refers(question);
    let of_kind_alone = (asks_of_one || question.cues.how_much)
        && question.content.iter().all(|t| known.names.is_kind(t) || known.names.is_variant(t));
    match named {
        Some(products) if !about_text || by_name || has_column || of_kind_alone => {
            let asks = asks(question, known, &columns, about_text, &products);
            let mut products = products;
            if asks == [Ask::Evidence] {
                beside(&mut products, question, known);
            }
            Lookup::Product { products, asks }
        }
        None if question.cues.price && names_nothing_sold(question, known) => Lookup::Text,
        _ if !about_text && (lists(question) || question.likely("ask_price") > 0.5) => {
            Lookup::List(filter(question, known))
        }
        _ => Lookup::Text,
    }
}

/// Does one go with another? What both say counts: those that are named together, and with "would
/// that fit the other" what was spoken of.
fn beside(products: &mut Vec<usize>, question: &Question, known: &Known<'_>) {
    const THAT: &[&str] = &["it", "that", "this", "they", "those", "them"];
    let mut others = compare::together(question, known);
    let that = question.stems.iter().any(|word| THAT.contains(&word.as_str()));
    if that && names_something(question) {
        others.splice(0..0, known.spoken_of.first().copied());
    }
    for other in others {
        if !products.contains(&other) && products.len() < 3 {
            products.push(other);
        }
    }
}

/// Does a word follow the one that named a product, of which that product says nothing?
fn goes_on_otherwise(question: &Question, known: &Known<'_>) -> bool {
    let Some(mention) = &question.mention else { return false };
    let Some(product) = mention.products.first() else { return false };
    question.stems.windows(2).any(|run| {
        mention.matched.contains(&run[0])
            && question.content.contains(&run[1])
            && !known.names.carries(*product, &run[1])
            && !known.names.is_kind(&run[1])
    })
}

/// "A pot set for an induction hob": names a kind, asks nothing, means none that was spoken of.
fn wishes(question: &Question, known: &Known<'_>) -> bool {
    let cues = &question.cues;
    let asks = cues.asks || cues.price || cues.how_much || cues.compares || cues.overview;
    let one = question.mention.as_ref().is_some_and(|m| m.by_name && m.products.len() == 1);
    let kind = question.stems.iter().position(|stem| known.names.is_kind(stem));
    let certain = |stems: &[String]| stems.iter().any(|s| s == "the" || s == "your" || s == "my");
    !asks
        && !one
        && known.spoken_of.is_empty()
        && kind.is_some_and(|at| !certain(&question.stems[..at]))
        && question.content.len() > 1
}

/// Is one certain product meant, though some of many are asked for in words?
fn by_whole_name(question: &Question, known: &Known<'_>) -> bool {
    question.mention.as_ref().is_some_and(|mention| {
        mention.by_name && (mention.products.len() == 1 || !lists_kind(question, known))
    })
}

fn lists_kind(question: &Question, known: &Known<'_>) -> bool {
    question.content.iter().any(|term| known.names.is_kind(term))
}

/// "Anything cheaper?", "is there a smaller one?" after one product was spoken of.
fn beyond(question: &Question, known: &Known<'_>) -> Option<Rank> {
    let rank = question.cues.rank.clone().filter(|rank| !rank.of_all)?;
    let own_subject = |term: &&String| {
        !understand::cues::is_ranking_word(term)
            && !known.names.is_kind(term)
            && !understand::is_variant_column(term)
    };
    let bare = question.content.iter().filter(own_subject).count() == 0
        && !question.stems.iter().any(|word| word == "which");
    (bare && known.sibling.is_none() && !names_something(question)).then_some(rank)
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
        || question.cues.on_sale
        || question.mention.is_some()
            && question.cues.yes_no
            && question.likely("ask_attribute") < 0.5
}

/// A price is asked of something the shop has never written of: "the krone chandelier".
fn names_nothing_sold(question: &Question, known: &Known<'_>) -> bool {
    let kind = |term: &String| known.names.is_kind(term);
    let known_word = |term: &String| known.names.knows(term);
    question.mention.is_none()
        && !question.content.iter().any(kind)
        && !question.content.iter().all(known_word)
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
    let of_sale = |term: &str| question.cues.on_sale && understand::cues::is_sale_word(term);
    let counts = |term: &&String| {
        !ranked.contains(term)
            && term.as_str() != "not"
            && !amount(term)
            && !of_sale(term)
            && !understand::cues::is_ranking_word(term)
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
        on_sale: question.cues.on_sale,
        bounds: question.bounds.clone(),
        broad: question.cues.wants && !question.cues.has,
    }
}

fn is_number(term: &str) -> bool {
    term.chars().all(|c| c.is_ascii_digit())
}
