//! Products set against each other: which, and by what.

use std::sync::LazyLock;

use regex::Regex;

use super::{Known, Lookup, is_number};
use crate::answer::understand::{Question, without_ruled_out};
use crate::domain::language::is_stop_word;
use crate::knowledge::names::{Mention, stems};

/// Products set against each other, if two or more are named.
pub fn compare(question: &Question, known: &Known<'_>, attribute: Option<&str>) -> Option<Lookup> {
    let rank = question.cues.rank.clone().filter(|rank| known.attributes.can_rank(rank));
    let mut products = several_named(question, known);
    let comparing = question.cues.compares
        || question.likely("compare") > 0.4
        // "The price of the Comet and of the Spark": of each.
        || products.len() > 1
            && question.stems.iter().any(|w| matches!(w.as_str(), "and" | "or" | "vs" | "versu"))
            && (question.cues.price
                || question.cues.how_much
                || attribute.is_some()
                || rank.is_some()
                || !question.cues.yes_no);
    if !comparing || known.sibling.is_some() {
        return None;
    }
    if products.len() < 2 && question.cues.refers && known.spoken_of.len() >= 2 {
        products = known.spoken_of.to_vec();
    }
    if products.len() == 1
        && let Some(other) = known.spoken_of.iter().find(|p| **p != products[0])
        && (question.cues.refers || rank.is_some())
    {
        products.push(*other);
    }
    // "The two duffels", "the three sizes of it".
    let counted = question.stems.iter().any(|word| {
        matches!(word.as_str(), "2" | "3" | "both" | "size" | "siz" | "differenc" | "differ")
    });
    if products.len() < 2
        && counted
        && let Some(mention) = &question.mention
        && (2..=3).contains(&mention.products.len())
    {
        products.clone_from(&mention.products);
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
    // "The three sizes by price".
    let attribute = attribute
        .filter(|name| !question.cues.price || !matches!(*name, "size" | "color"))
        .map(str::to_string);
    (products.len() >= 2).then_some(Lookup::Compare { products, rank, attribute, topic })
}

/// Stems of words that compare and say nothing about what.
const COMPARING: &[&str] =
    &["differ", "differenc", "compar", "comparison", "between", "better", "versu", "vs", "main"];

/// What parts the things that are set against each other.
static JOINT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\s*(?:,|;|:|&|/|\+|\s-\s|\b(?:or|and|vs|versus|than|as|over|to|with|from|between|against)\b)\s*",
    )
    .expect("a constant pattern")
});

/// The products that the parts of a question name, in order: "the Ridge 2 or the 3".
fn several_named(question: &Question, known: &Known<'_>) -> Vec<usize> {
    parted(&JOINT, question, known)
}

/// The products that stand on both sides of "on", "under", "with": does this go with that?
pub fn together(question: &Question, known: &Known<'_>) -> Vec<usize> {
    static BETWEEN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?i)\s*(?:,|\b(?:and|or|with|on|onto|under|in|inside|into|to|through|of|your|my)\b)\s*",
        )
        .expect("a constant pattern")
    });
    parted(&BETWEEN, question, known)
}

fn parted(joint: &Regex, question: &Question, known: &Known<'_>) -> Vec<usize> {
    let names = known.names;
    let repaired = |stem: String| names.repair(&stem).unwrap_or(stem);
    let parts: Vec<Vec<String>> = joint
        .split(&without_ruled_out(&question.text))
        .map(|part| stems(part).into_iter().map(repaired).collect())
        .collect();
    // "Pressure cooker 4.5": a kind and a number, which one product has.
    let one = |mention: &Mention| {
        // "Sea green" names nothing by itself.
        mention.matched.iter().any(|term| !names.is_variant(term) && !is_number(term))
            && (mention.by_name || mention.matched.len() > 1 && mention.products.len() == 1)
    };
    let mut found: Vec<Option<usize>> = Vec::new();
    for part in &parts {
        let mention = names.find(part, None).filter(one);
        let new = |p: &&usize| !found.contains(&Some(**p));
        let next = mention.and_then(|m| m.products.iter().find(new).copied());
        found.push(next);
    }
    // "The 3", "the red one", "large": what differs, on top of another's name.
    let Some(base) = found.iter().flatten().next().copied() else { return Vec::new() };
    for at in 0..parts.len() {
        if found[at].is_none()
            && let Some(product) = differing(&parts[at], base, known)
            && !found.contains(&Some(product))
        {
            found[at] = Some(product);
        }
    }
    found.into_iter().flatten().collect()
}

/// The product like another one that carries the words which that one does not.
fn differing(part: &[String], base: usize, known: &Known<'_>) -> Option<usize> {
    let names = known.names;
    let title = names.title(base);
    let chooses = |word: &&String| {
        (names.is_variant(word) || is_number(word) || names.titled(word).next().is_some())
            && !is_stop_word(word)
            && !title.contains(word)
            && !names.is_kind(word)
    };
    let new: Vec<&String> = part.iter().filter(chooses).collect();
    let mut pool = names.variants_of(base);
    pool.extend(names.family(base));
    if new.is_empty() {
        // "The Comet" beside "the Comet Pro": the one that is called so and no more.
        let said: Vec<&String> =
            part.iter().filter(|w| title.contains(w) && !is_stop_word(w)).collect();
        let called = |p: &usize| *p != base && said.iter().all(|w| names.title(*p).contains(w));
        let plain = pool.into_iter().filter(called).min_by_key(|p| names.title(*p).len());
        return plain.filter(|_| !said.is_empty() && part.len() <= 4);
    }
    if part.len() > 8 {
        return None;
    }
    let filed = |p: &usize| new.iter().all(|term| names.is_filed_under(*p, term));
    let titled = |p: &usize| new.iter().filter(|term| names.title(*p).contains(term)).count();
    let shared = |p: &usize| names.title(*p).iter().filter(|term| title.contains(term)).count();
    let fitting = pool.into_iter().filter(|p| *p != base && filed(p));
    fitting.max_by_key(|p| (titled(p), shared(p), std::cmp::Reverse(*p)))
}
