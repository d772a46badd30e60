//! Parts that are added, left out or exchanged: values, conditions, items of a list, promises,
//! addresses.

use super::{Mutant, of, spliced};
use crate::answer::verify::lexicon::is_verb;
use crate::domain::language::values::{Kind, Reading, values};
use crate::domain::reply::Fact;

pub(super) fn mutants(sentence: &str, fact: &Fact, reading: &Reading) -> Vec<Mutant> {
    let mut made = of("values exchanged", exchanged(sentence, reading));
    made.extend(of("limit added", limited(sentence, reading)));
    made.extend(of("condition dropped", unconditional(sentence)));
    made.extend(of("item dropped", shortened(sentence, fact)));
    made.extend(of("promise", promised(sentence)));
    made.extend(of("address", addressed(sentence)));
    made
}

/// Two values in each other's place, where they differ and the sentence would say something else:
/// values of one sort, or one that a verb measures. "€32 for 45 minutes" is "45 minutes for €32".
fn exchanged(sentence: &str, reading: &Reading) -> Vec<String> {
    let found = values(sentence, reading);
    let mut made = Vec::new();
    for (i, one) in found.iter().enumerate() {
        for other in &found[i + 1..] {
            // "€9.90 or €14.90", side by side: either order says the same.
            let between = sentence[one.span.end..other.span.start].trim();
            let told_apart = sort(&one.kind) == sort(&other.kind)
                || [one, other].iter().any(|value| is_measured(&sentence[..value.span.start]));
            if one.kind == other.kind || matches!(between, "or" | "and" | ",") || !told_apart {
                continue;
            }
            let (a, b) = (&sentence[one.span.clone()], &sentence[other.span.clone()]);
            made.push(format!(
                "{}{b}{}{a}{}",
                &sentence[..one.span.start],
                &sentence[one.span.end..other.span.start],
                &sentence[other.span.end..]
            ));
        }
    }
    made
}

/// What a value is of: money, a dimension, or the sort of number it is.
fn sort(kind: &Kind) -> String {
    match kind {
        Kind::Range(from, _) => sort(from),
        Kind::Quantity(quantity) => format!("{:?}", quantity.dimension),
        Kind::Money(_) => "money".into(),
        Kind::Size(_) => "size".into(),
        Kind::Date { .. } | Kind::Clock(_) => "moment".into(),
        Kind::Ordinal(_) => "ordinal".into(),
        Kind::Code(_) | Kind::Number(_) => "number".into(),
    }
}

/// Does what stands before a value end in a verb that measures it?
fn is_measured(before: &str) -> bool {
    let verb = before.trim_end().rsplit(' ').next().unwrap_or_default();
    matches!(
        verb,
        "costs" | "cost" | "takes" | "take" | "weighs" | "weigh" | "pay" | "measures" | "lasts"
    )
}

/// A limit before a value that has none in the whole sentence.
fn limited(sentence: &str, reading: &Reading) -> Vec<String> {
    const LIMITS: [&str; 7] = ["up to", "at least", "about", "over", "only", "under", "nearly"];
    // Any of these says some of the limits already.
    const SAID: [&str; 28] = [
        "up to", "at least", "at most", "about", "around", "over", "under", "above", "more",
        "less", "only", "just", "within", "between", "from", "to", "maximum", "minimum", "until",
        "by", "before", "after", "every", "per", "in", "advance", "start", "starts",
    ];
    let lower = sentence.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
    let said = SAID.iter().any(|limit| match limit.contains(' ') {
        true => lower.contains(limit),
        false => words.contains(limit),
    });
    if said || sentence.contains(['–', '-']) {
        return Vec::new();
    }
    let places = values(sentence, reading).into_iter().map(|value| value.span.start);
    places
        .filter(|at| *at > 0)
        .flat_map(|at| LIMITS.map(|limit| spliced(sentence, at, at, &format!("{limit} "))))
        .collect()
}

/// Without what begins with an "if" and its like, up to the next comma or stop.
fn unconditional(sentence: &str) -> Vec<String> {
    const OPENERS: [&str; 10] = [
        " if ",
        " when ",
        " unless ",
        " except ",
        " without ",
        " but ",
        " until ",
        " within ",
        " before ",
        " provided ",
    ];
    let mut made = Vec::new();
    for opener in OPENERS {
        for (at, _) in sentence.match_indices(opener) {
            let rest = &sentence[at + opener.len()..];
            let end = rest.find([',', ';']).or_else(|| rest.rfind('.'));
            let end = at + opener.len() + end.unwrap_or(rest.len());
            made.push(spliced(sentence, at, end, "").replace(",.", "."));
        }
    }
    // "If you order before 13:00, we deliver today."
    if ["If ", "When ", "Except "].iter().any(|opener| sentence.starts_with(opener))
        && let Some((_, rest)) = sentence.split_once(", ")
    {
        made.push(super::capitalised(rest));
    }
    made
}

/// Without the last item of a list. A clause of its own that nobody wants kept may be left out.
fn shortened(sentence: &str, fact: &Fact) -> Vec<String> {
    let keep = &fact.keep;
    let follows_verb = |item: &str| {
        let at = fact.text.find(item).filter(|_| !item.is_empty());
        at.and_then(|at| fact.text[..at].trim_end().rsplit(' ').next()).is_some_and(is_verb)
    };
    let mut made = Vec::new();
    for joint in [" and ", " or "] {
        for (at, _) in sentence.match_indices(joint) {
            let rest = &sentence[at + joint.len()..];
            let end = rest.find([',', ';']).or_else(|| rest.rfind('.')).unwrap_or(rest.len());
            let item = &rest[..end];
            let has_verb = item.split(' ').any(is_verb) || follows_verb(item);
            let is_clause = has_verb && !keep.is_empty();
            if is_clause && !keep.iter().any(|part| item.contains(part.as_str())) {
                continue;
            }
            made.push(spliced(sentence, at, at + joint.len() + end, ""));
        }
    }
    made
}

/// What binds a shop, added where nothing of the kind is said.
fn promised(sentence: &str) -> Vec<String> {
    const TAILS: [(&str, &str); 13] = [
        (" with free delivery", "free"),
        (" and delivery is free", "free"),
        (", and returns are free", "free"),
        (" with a 10 % discount", "%"),
        (", and you get a full refund", "refund"),
        (", guaranteed", "guarante"),
        (" and we will refund the difference", "refund"),
        (" and it arrives tomorrow", "tomorrow"),
        (", and we can give you a discount", "discount"),
        (" with a free gift", "free"),
        (", and we will keep one for you", "keep"),
        (" today", "day"),
        (" for ever", "ever"),
    ];
    const HEADS: [&str; 4] =
        ["We guarantee that ", "We promise that ", "As a special offer, ", "Only today, "];
    let lower = sentence.to_lowercase();
    let Some(body) = sentence.strip_suffix('.') else { return Vec::new() };
    let tails = TAILS
        .iter()
        .filter(|(_, word)| !lower.contains(word))
        .map(|(tail, _)| format!("{body}{tail}."));
    let mut chars = sentence.chars();
    let first = chars.next().unwrap_or_default();
    let is_word =
        matches!(sentence.split(' ').next(), Some("The" | "We" | "You" | "Our" | "A" | "It"));
    let inside = if is_word { first.to_lowercase().to_string() } else { first.to_string() };
    let heads = HEADS.iter().map(|head| format!("{head}{inside}{}", chars.as_str()));
    let whole = [" Delivery is free.", " You can have your money back at any time."];
    let whole = whole.iter().filter(|_| !lower.contains("free")).map(|s| format!("{sentence}{s}"));
    tails.chain(heads).chain(whole).collect()
}

/// Another address for one that is there; one where there is none.
fn addressed(sentence: &str) -> Vec<String> {
    let mut made: Vec<String> = crate::answer::verify::piece::links(sentence)
        .into_iter()
        .flat_map(|link| {
            let middle = link.start + link.len() / 2;
            let inside = sentence.is_char_boundary(middle);
            let other = inside.then(|| format!("{}x{}", &sentence[..middle], &sentence[middle..]));
            let longer = format!("{}s{}", &sentence[..link.end], &sentence[link.end..]);
            let gone = spliced(sentence, link.start, link.end, "our shop");
            [other, Some(longer), Some(gone)].into_iter().flatten()
        })
        .collect();
    made.push(format!("{sentence} See https://offers.example for more."));
    made.push(format!("{sentence} Write to us at deals@shop.example."));
    made
}
