//! From an understood question to what has to be looked up. Pure: the shop's vocabulary and the
//! chat's context come in as arguments.

mod ask;
mod compare;
mod hours;
mod known;
mod lookup;
mod parcel;
mod subject;
mod sum;
mod wish;

use super::understand::cues::Rank;
use super::understand::{self, Question};
use crate::domain::event::HandoffReason;

use ask::asks;
use compare::compare;
use parcel::parcel;
use subject::{named_products, names_another_measure, names_another_model, refers};
use wish::{filter, goes_on_otherwise, lists, names_nothing_sold, refers_to_several};

pub use known::Known;
pub use lookup::{Ask, Filter, Lookup, Smalltalk};
pub use parcel::Parcel;
pub use subject::is_elliptical;
pub use sum::Sum;

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
    if wish::limited(question, known, about_text) {
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

fn is_number(term: &str) -> bool {
    term.chars().all(|c| c.is_ascii_digit())
}
