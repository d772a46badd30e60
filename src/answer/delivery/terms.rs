//! What the shop's pages say about delivery, read into rules: for which places, what it costs, from
//! what amount it is free, how long it takes. A rule keeps the sentence it was read from, and that
//! sentence is what is said; the numbers only decide which one and make sums possible.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::places::{self, Place};
use crate::domain::language::values::{Dimension, Kind, Reading, Value, values};
use crate::domain::language::{fold, stem};
use crate::domain::money::Money;
use crate::domain::reply::Source;
use crate::knowledge::passages::{self, Passage};

/// A way of delivering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// What happens unless something else is asked for.
    Standard,
    /// Faster and dearer.
    Express,
    /// The visitor fetches it.
    Collection,
    /// For things that are too large or too dangerous for the others.
    Special,
}

/// One rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// As the shop wrote it.
    pub sentence: String,
    /// Where.
    pub source: Source,
    /// Where it goes; none means it is not said.
    pub places: BTreeSet<Place>,
    /// It holds for what lies outside of these.
    pub outside: BTreeSet<Place>,
    /// "all other countries": it holds where no other rule names the place.
    pub others: bool,
    /// It holds nowhere else.
    pub only: bool,
    /// Which way.
    pub service: Service,
    /// What it costs.
    pub cost: Option<Money>,
    /// From which amount it is free.
    pub free_from: Option<Money>,
    /// It is free without a threshold.
    pub free: bool,
    /// From and to, in days.
    pub days: Option<(u32, u32)>,
    /// It is not done.
    pub refuses: bool,
    /// It tells when a parcel leaves, not when it arrives.
    pub leaving: bool,
    /// Minutes after midnight before which an order leaves on the same day.
    pub cut_off: Option<u16>,
}

pattern!(
    DELIVERY,
    r"\b(?:deliver\w*|ship(?:s|ping|ped|ment|ments)?|postage|parcels?|dispatch\w*|despatch\w*|courier|mailed|posted?|sent|send)\b"
);
pattern!(
    ELSEWHERE,
    r"\b(?:return(?:s|ed|ing)?|refund\w*|repair\w*|exchange\w*|warranty|complain\w*|newsletter|invoice|voucher\w*|gift cards?|hire|rent(?:al|als|ing)?|service box|collection service)\b"
);
pattern!(
    EXPRESS,
    r"\b(?:express|next[- ](?:working[- ])?day|overnight|priority|same[- ]day delivery|courier|premium)\b"
);
pattern!(COLLECTION, r"\b(?:collect\w*|pick(?:ed|ing)?[- ]?up|click and)\b");
pattern!(
    SPECIAL,
    r"\b(?:bulky|oversized?|pallet\w*|freight|furniture|heavy|fragile|live|frozen|surcharge|adds|extra|gas|batteries|by appointment)\b"
);
pattern!(
    THRESHOLD_BEFORE,
    r"(?:over|from|above|of|than|least|exceeds?|exceeding|minimum|spend|spending|reach(?:es|ing)?|worth|value of|total of|under|below|up to)\s*$"
);
pattern!(THRESHOLD_AFTER, r"^\s*(?:or more|or over|and (?:over|above|more|up)|upwards|\+|plus\b)");
pattern!(FREE, r"\b(?:free|no charge|without charge|waived|nothing)\b");
pattern!(
    REFUSES,
    r"\b(?:do|does|can|will|is|are)(?: currently| at present)? not (?:currently |yet |be )?(?:deliver|ship|send|post|dispatch|offer|available|possible)|\bcannot (?:be )?(?:deliver|ship|send|sent|post)|\bno (?:delivery|shipping)\b|\bnot (?:delivered|shipped|sent)\b"
);
pattern!(OTHERS, r"\b(?:other|others|rest of|elsewhere|remaining|all of)\b");
pattern!(ONLY, r"\bonly\b");
pattern!(OUTSIDE, r"\b(?:outside(?: of)?|beyond|not in)(?: of)?(?: the)? ([a-z ]+)");
pattern!(
    LEAVES,
    r"\b(?:leaves?|leaving|dispatch\w*|despatch\w*|handed (?:over )?to|packed|processed|processing|ships?|shipped|sent (?:out|off)|goes? out|go out|sent the same)\b"
);
pattern!(
    ARRIVES,
    r"\b(?:arriv\w*|takes?|delivered|delivery time|delivery takes|reach\w*|there within|with you|in transit|transit)\b"
);
pattern!(WITHIN, r"(?:within|up to|at most|no more than|maximum of|max)\s*$");
pattern!(NEXT_DAY, r"\bnext (?:working |business )?day\b");
pattern!(BEFORE, r"(?:before|until|by|up to|till)\s*(?:about )?$");
pattern!(SAME_DAY, r"\bsame (?:working |business )?(?:day|afternoon|evening)\b|\btoday\b");

impl Rule {
    /// What it says is special about a thing: "bulky", "fragile", as stems.
    pub fn keywords(&self) -> Vec<String> {
        const ABOUT_PRICE: &[&str] = &["surcharge", "adds", "extra"];
        let folded = fold(&self.sentence);
        let found = SPECIAL.find_iter(&folded).map(|found| found.as_str());
        found.filter(|word| !ABOUT_PRICE.contains(word)).map(stem).collect()
    }
}

/// Every rule that the pages and the FAQ state.
pub fn read(passages: &[Passage], home: Option<Place>, reading: &Reading) -> Vec<Rule> {
    let texts = passages.iter().filter(|p| p.kind != passages::Kind::Product);
    texts.flat_map(|passage| of_passage(passage, home, reading)).collect()
}

fn of_passage(passage: &Passage, home: Option<Place>, reading: &Reading) -> Vec<Rule> {
    let heading = fold(&passage.heading);
    if ELSEWHERE.is_match(&heading) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for sentence in &passage.sentences {
        let folded = fold(sentence);
        let about = DELIVERY.is_match(&folded) || DELIVERY.is_match(&heading);
        if !about || ELSEWHERE.is_match(&folded) {
            continue;
        }
        let context = Context { passage, heading: &heading, sentence, home, reading };
        found.extend(match row(sentence) {
            Some(cells) => context.of_row(&cells),
            None => context.of_sentence(&folded),
        });
    }
    found
}

/// "Country: Ireland; Standard: €4.95" as columns and cells.
fn row(sentence: &str) -> Option<Vec<(&str, &str)>> {
    let cells: Option<Vec<_>> = sentence.split("; ").map(|cell| cell.split_once(": ")).collect();
    cells.filter(|cells| cells.len() > 1)
}

/// Where a sentence stands.
struct Context<'a> {
    passage: &'a Passage,
    heading: &'a str,
    sentence: &'a str,
    home: Option<Place>,
    reading: &'a Reading,
}

impl Context<'_> {
    /// A rule without content yet.
    fn blank(&self, text: &str) -> Rule {
        let folded = fold(text);
        let mut outside = BTreeSet::new();
        let mut inside = folded.clone();
        for found in OUTSIDE.captures_iter(&folded) {
            outside.extend(places::named(&found[1], self.home));
            inside = inside.replace(&found[0], " ");
        }
        // Capitals tell the country from the pronoun.
        let cased = if inside == folded { text } else { inside.as_str() };
        let mut places = places::named(cased, self.home);
        if places.is_empty() && outside.is_empty() {
            places = places::named(&self.passage.heading, self.home);
        }
        let others = OTHERS.is_match(&folded) || OTHERS.is_match(self.heading);
        Rule {
            sentence: self.sentence.to_string(),
            source: self.passage.source.clone(),
            places,
            outside,
            others,
            only: ONLY.is_match(&folded),
            service: self.service(&folded),
            cost: None,
            free_from: None,
            free: false,
            days: None,
            refuses: REFUSES.is_match(&folded),
            leaving: false,
            cut_off: None,
        }
    }

    fn service(&self, folded: &str) -> Service {
        for text in [folded, self.heading] {
            if EXPRESS.is_match(text) {
                return Service::Express;
            }
            if COLLECTION.is_match(text) {
                return Service::Collection;
            }
            if SPECIAL.is_match(text) {
                return Service::Special;
            }
        }
        Service::Standard
    }

    fn of_sentence(&self, folded: &str) -> Vec<Rule> {
        let found = values(self.sentence, self.reading);
        let prices = |text: &str| costs(text, &values(text, self.reading)).len();
        if prices(self.sentence) > 1 {
            // "€4.50 within Ireland and €9.90 to the rest of Europe": a rule for each part.
            let parts = clauses(self.sentence);
            let fit = |part: &&str| prices(part) == 1;
            if parts.len() < 2 || !parts.iter().all(fit) {
                return Vec::new();
            }
            return parts.iter().filter_map(|part| self.one(part)).collect();
        }
        let rule = self.filled(self.sentence, &found, folded);
        let says = rule.refuses
            || rule.cost.is_some()
            || rule.free
            || rule.free_from.is_some()
            || rule.days.is_some()
            || rule.cut_off.is_some()
            || rule.service == Service::Collection;
        if says || !rule.places.is_empty() { vec![rule] } else { Vec::new() }
    }

    fn one(&self, part: &str) -> Option<Rule> {
        let rule = self.filled(part, &values(part, self.reading), &fold(part));
        rule.cost.is_some().then_some(rule)
    }

    fn filled(&self, text: &str, found: &[Value], folded: &str) -> Rule {
        let mut rule = self.blank(text);
        rule.cost = costs(text, found).first().copied();
        let free = FREE.is_match(folded);
        rule.free_from = thresholds(text, found).first().copied().filter(|_| free);
        rule.free = free && rule.free_from.is_none() && rule.cost.is_none();
        rule.days = found.iter().find_map(|value| {
            let (from, to) = days(&value.kind)?;
            let at_most = from == to && precedes(text, value, &WITHIN);
            Some(if at_most { (1, to) } else { (from, to) })
        });
        rule.days = rule.days.or_else(|| NEXT_DAY.is_match(folded).then_some((1, 1)));
        rule.leaving = LEAVES.is_match(folded) && !ARRIVES.is_match(folded);
        let leaves = LEAVES.is_match(folded) && SAME_DAY.is_match(folded);
        rule.cut_off = found.iter().find_map(|value| match value.kind {
            Kind::Clock(minutes) if leaves && precedes(text, value, &BEFORE) => Some(minutes),
            _ => None,
        });
        rule
    }

    fn of_row(&self, cells: &[(&str, &str)]) -> Vec<Rule> {
        let mut standard = self.blank(cells[0].1);
        let mut express: Option<Rule> = None;
        for (column, cell) in &cells[1..] {
            let (name, found) = (fold(column), values(cell, self.reading));
            let is_express = EXPRESS.is_match(&name);
            let rule = match is_express {
                true => express.get_or_insert_with(|| Rule {
                    service: Service::Express,
                    ..self.blank(cells[0].1)
                }),
                false => &mut standard,
            };
            let money = found.iter().find_map(|v| v.kind.money().first().copied());
            if name.contains("free") {
                rule.free_from = rule.free_from.or(money);
            } else if let Some(days) =
                found.iter().find_map(|value| days(&value.kind)).or_else(|| {
                    let unit = if name.contains("day") { "days" } else { return None };
                    let with_unit = values(&format!("{cell} {unit}"), self.reading);
                    with_unit.iter().find_map(|value| days(&value.kind))
                })
            {
                rule.days = rule.days.or(Some(days));
            } else if money.is_some() {
                rule.cost = rule.cost.or(money);
            } else if FREE.is_match(&fold(cell)) {
                rule.free = true;
            }
        }
        let says = |rule: &Rule| rule.cost.is_some() || rule.free || rule.days.is_some();
        std::iter::once(standard).chain(express).filter(says).collect()
    }
}

/// Parts of a sentence that may each be a rule.
fn clauses(sentence: &str) -> Vec<&str> {
    pattern!(JOINT, r"; |, and |, but | and |, ");
    let mut parts: Vec<&str> = Vec::new();
    let mut from = 0;
    for joint in JOINT.find_iter(sentence) {
        // Only where what went before has its price: "France and Germany €9.90".
        if sentence[from..joint.start()].contains(|c: char| c.is_ascii_digit())
            && sentence[joint.end()..].contains(|c: char| c.is_ascii_digit())
        {
            parts.push(&sentence[from..joint.start()]);
            from = joint.end();
        }
    }
    parts.push(&sentence[from..]);
    parts
}

fn precedes(text: &str, value: &Value, pattern: &Regex) -> bool {
    pattern.is_match(&fold(&text[..value.span.start]))
}

fn is_threshold(text: &str, value: &Value) -> bool {
    precedes(text, value, &THRESHOLD_BEFORE)
        || THRESHOLD_AFTER.is_match(&fold(&text[value.span.end..]))
}

/// The amounts that are what delivery costs.
fn costs(text: &str, found: &[Value]) -> Vec<Money> {
    let cost = |value: &&Value| !is_threshold(text, value);
    found.iter().filter(cost).flat_map(|value| value.kind.money()).collect()
}

/// The amounts from which something holds.
fn thresholds(text: &str, found: &[Value]) -> Vec<Money> {
    let threshold = |value: &&Value| is_threshold(text, value);
    found.iter().filter(threshold).flat_map(|value| value.kind.money()).collect()
}

/// So many days, from and to.
fn days(kind: &Kind) -> Option<(u32, u32)> {
    let of = |kind: &Kind| match kind {
        Kind::Quantity(q) if matches!(q.dimension, Dimension::WorkingDays | Dimension::Days) => {
            q.amount.as_whole().and_then(|days| u32::try_from(days).ok())
        }
        _ => None,
    };
    match kind {
        Kind::Range(from, to) => Some((of(from)?, of(to)?)),
        kind => of(kind).map(|days| (days, days)),
    }
}
