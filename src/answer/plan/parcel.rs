//! Questions about delivery that the shop's rules answer better than any one sentence: to a place, by
//! a day, of an order worth so much.

use std::sync::LazyLock;

use regex::Regex;

use super::{Known, names_something};
use crate::answer::delivery::Aspect;
use crate::answer::delivery::places::Place;
use crate::answer::delivery::terms::Service;
use crate::answer::understand::Question;

/// What is asked of delivery.
#[derive(Clone, Debug, PartialEq)]
pub struct Parcel {
    /// Where to, if the question says.
    pub place: Option<Place>,
    /// What about it, in order.
    pub aspects: Vec<Aspect>,
    /// Which way.
    pub service: Service,
    /// By a certain day.
    pub by_day: bool,
    /// A product that is to be sent.
    pub product: Option<usize>,
    /// Only what is special about that product can be the answer.
    pub of_product_alone: bool,
}

pattern!(
    DELIVERY,
    r"(?i)\b(?:deliver\w*|ship(?:s|ping|ped|ment)?|postage|post(?:ed|al|ing)?|parcels?|dispatch\w*|send|sent|mail(?:ed|ing)?|courier|order\w*)\b"
);
pattern!(
    COST,
    r"(?i)\b(?:costs?|charge[ds]?|charges|price|prices|pay|fee|fees|free|how much|postage|expensive|rate|rates|amount|surcharge)\b|[€$£]"
);
pattern!(
    TIME,
    r"(?i)\b(?:how long|how many (?:working |business )?days|how fast|how quick\w*|how soon|when|time|days|take|takes|arrive\w*|by (?:mon|tues|wednes|thurs|fri|satur|sun)\w*)\b"
);
pattern!(
    DAYS_TO,
    r"(?i)\b(?:how (?:long|fast|soon|quick\w*|many (?:working |business )?days)) (?:to|for|until|till|does)\b"
);
pattern!(EXPRESS, r"(?i)\b(?:express|next[- ]day|overnight|courier|priority)\b");
pattern!(
    NOT_OUTBOUND,
    r"(?i)\b(?:returns?|returned|returning|send(?:ing)? (?:\w+ )?(?:it |them |this |that |something )?back|sent (?:it |them )?back|refund\w*|repair\w*|collect\w*|pick(?:ed)? (?:it |them )?up|invoice|newsletter|warranty|guarantee|vat|voucher\w*|job|hiring)\b"
);
pattern!(
    COLLECTED,
    r"(?i)\b(?:pick(?:ed|ing)? (?:it |them |my order |this |that |something |an order )?up|collect(?:ing)? (?:it|them|my order|an order|this|that|in|from)|click (?:and|&) collect)\b"
);
pattern!(
    BY_DAY,
    r"(?i)\b(?:(?:have|get|got|need|arrive|arrives|be|delivered|here|receive|make|reach)\b.{0,40}\b(?:by|before|until|till|on|in time for|for)\b|tomorrow|in time)"
);

/// Reads a question about delivery; `None` where the rules have nothing to add to the pages.
pub fn parcel(question: &Question, known: &Known<'_>) -> Option<Parcel> {
    let text = question.text.as_str();
    let likely = question.likely("shipping_cost") + question.likely("shipping_time");
    let spoken = DELIVERY.is_match(text);
    let days = known.place.is_some() && DAYS_TO.is_match(text);
    if COLLECTED.is_match(text) && !names_something(question) {
        let (place, aspects) = (None, vec![Aspect::Whether]);
        let service = Service::Collection;
        return Some(Parcel {
            place,
            aspects,
            service,
            by_day: false,
            product: None,
            of_product_alone: false,
        });
    }
    if NOT_OUTBOUND.is_match(text)
        || !(spoken || days || likely > 0.5 || known.delivery_time.is_some())
    {
        return None;
    }
    let place = known.place;
    let by_day = known.deadline && BY_DAY.is_match(text);
    let of_order = !question.amounts.is_empty() && likely > 0.3;
    let named = question
        .mention
        .as_ref()
        .filter(|mention| names_something(question) || mention.matched.len() > 1);
    let named = named.and_then(|mention| mention.products.first());
    let spoken_of = known.spoken_of.first().filter(|_| question.cues.refers && !known.of_rules);
    let product = named.or(spoken_of).copied();
    // Where nothing tells one rule from another, the page's own sentence is the best answer.
    let told_apart = place.is_some() || by_day || of_order || product.is_some();
    let by_the_way = !spoken && !days && likely < 0.3 && known.delivery_time.is_none();
    // What is special about a product is asked for in so many words.
    let asked = place.is_some() || by_day || of_order || spoken && COST.is_match(text);
    if !told_apart || by_the_way || !asked {
        return None;
    }
    let (cost, time) = (COST.is_match(text), TIME.is_match(text) || by_day);
    let mut aspects = Vec::new();
    if cost {
        aspects.push(Aspect::Cost);
    }
    if time {
        aspects.push(Aspect::Time);
    }
    if aspects.is_empty() {
        let longer = question.likely("shipping_time") > question.likely("shipping_cost");
        aspects.push(match known.delivery_time {
            Some(true) => Aspect::Time,
            Some(false) => Aspect::Cost,
            None if longer => Aspect::Time,
            None => Aspect::Whether,
        });
    }
    let service = if EXPRESS.is_match(text) { Service::Express } else { Service::Standard };
    let of_product_alone = place.is_none() && !by_day && !of_order;
    Some(Parcel { place, aspects, service, by_day, product, of_product_alone })
}
