//! "Two of these and one of those, sent to Vienna: what does that come to?" What is to be added up; the
//! adding is done over records.

use std::sync::LazyLock;

use regex::Regex;

use super::Known;
use super::subject::refers;
use crate::answer::delivery::terms::Service;
use crate::answer::understand::{Question, is_carrier};
use crate::domain::language::{is_stop_word, stem};
use crate::knowledge::names::stems;

/// What is to be added up.
#[derive(Clone, Debug, PartialEq)]
pub struct Sum {
    /// Products with how many of each.
    pub items: Vec<(usize, u32)>,
    /// With delivery, and by which way.
    pub delivery: Option<Service>,
}

pattern!(
    TOTAL,
    r"(?i)\b(?:totals?|altogether|all together|in all|sum|comes? to|add up|all in|everything included|delivery and all|overall|(?:pay|cost)s?\b.{0,60}\bdelivered|(?:with|including|incl\.?|plus) (?:the )?(?:delivery|shipping|postage))\b"
);
pattern!(
    WITH_DELIVERY,
    r"(?i)\b(?:deliver\w*|shipping|shipped|postage|posted|sent|send|express|delivery)\b|\beverything included\b|\ball in\b"
);
pattern!(
    WITHOUT_DELIVERY,
    r"(?i)\b(?:without|excluding|excl\.?|not counting|before|no) (?:the )?(?:delivery|shipping|postage)\b"
);
pattern!(EXPRESS, r"(?i)\b(?:express|next[- ]day|overnight)\b");
pattern!(JOINT, r"(?i)\s*(?:,|;|\+|&|\band\b|\bplus\b|\bwith\b|\balong\b)\s*");

/// What a question wants added up, if it does.
pub fn sum(question: &Question, known: &Known<'_>) -> Option<Sum> {
    let text = question.text.as_str();
    let total = TOTAL.is_match(text);
    if question.cues.rank.is_some() || question.cues.compares && !total {
        return None;
    }
    let priced = question.cues.price || question.cues.how_much;
    let mut items: Vec<(usize, u32)> = Vec::new();
    for part in JOINT.split(text) {
        if let Some((product, count)) = item(part, known)
            && items.iter().all(|(other, _)| *other != product)
        {
            items.push((product, count));
        }
    }
    if items.is_empty() && refers(question) {
        let count = counted(&stems(text), &[]).unwrap_or(1);
        items.extend(known.spoken_of.first().map(|product| (*product, count)));
    }
    // "the Ridge 3 plus its footprint": what belongs to the first.
    if let [(first, _)] = items.as_slice()
        && total
        && let Some(other) = belonging(text, *first, known)
    {
        items.push((other, 1));
    }
    let several = items.iter().any(|(_, count)| *count > 1);
    let delivered = WITH_DELIVERY.is_match(text) && !WITHOUT_DELIVERY.is_match(text);
    let wanted = total && (items.len() > 1 || several || delivered) || several && priced;
    if items.is_empty() || !wanted {
        return None;
    }
    let service = if EXPRESS.is_match(text) { Service::Express } else { Service::Standard };
    Some(Sum { items, delivery: delivered.then_some(service) })
}

/// The product a part of a question names, and how many of it.
fn item(part: &str, known: &Known<'_>) -> Option<(usize, u32)> {
    let mut stems = stems(part);
    // "The small board", where the titles say S and L.
    for (word, letter) in [("small", "s"), ("medium", "m"), ("large", "l"), ("big", "l")] {
        let said = stems.contains(&stem(word));
        if said && known.names.titled(letter).next().is_some() {
            stems.push(letter.into());
        }
    }
    let mention = known
        .names
        .find(&stems, None)
        .filter(|mention| mention.by_name || mention.matched.len() > 1)?;
    let product = *mention.products.first()?;
    let named = stems.iter().position(|stem| mention.matched.contains(stem))?;
    // What counts stands in front: in "the Comet 2" nothing is counted.
    let count = counted(&stems[..=named], known.names.title(product)).unwrap_or(1);
    Some((product, count))
}

/// The number in front of a thing that is not part of its name: "two", "3 x".
fn counted(stems: &[String], title: &[String]) -> Option<u32> {
    const MOST: u32 = 99;
    let at = stems.iter().enumerate().position(|(at, stem)| {
        let number = stem.chars().all(|c| c.is_ascii_digit());
        // "Omega 3" is no three.
        let leads = at == 0 || is_stop_word(&stems[at - 1]) || is_carrier(&stems[at - 1]);
        number && leads && !title.contains(stem)
    })?;
    // "50 euro", "20 cm" count no things.
    let measured = stems.get(at + 1).is_some_and(|next| {
        const UNITS: &[&str] = &[
            "euro", "eur", "pound", "cm", "mm", "m", "l", "litr", "g", "kg", "day", "person", "ml",
            "liter", "percent", "year", "week", "w", "inch", "month", "hour", "minut",
        ];
        UNITS.contains(&next.as_str())
    });
    let count: u32 = stems[at].parse().ok()?;
    (!measured && (1..=MOST).contains(&count)).then_some(count)
}

/// "Its footprint", "a matching lid": another product that names this one, or is named after it.
fn belonging(text: &str, product: usize, known: &Known<'_>) -> Option<usize> {
    pattern!(
        ITS,
        r"(?i)\b(?:its|the matching|a matching|matching|a spare|the right|a suitable)\s+([\w-]+)"
    );
    let word = ITS.captures(text)?;
    let wanted = stems(&word[1]);
    let name = known.names.title(product);
    let fits = |other: &usize| {
        let title = known.names.title(*other);
        *other != product
            && wanted.iter().all(|stem| title.contains(stem))
            && title.iter().any(|term| name.contains(term))
    };
    let shared =
        |other: &usize| known.names.title(*other).iter().filter(|term| name.contains(term)).count();
    (0..known.names.len()).filter(fits).max_by_key(shared)
}
