//! "The cheapest", "which is lighter", "the smaller one": by what a question ranks, and which way.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::language::stem;

/// What to rank by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rank {
    /// Stems of the attribute, the likeliest first: `weight`, `price`, …; none where anything else
    /// will do.
    pub by: Vec<String>,
    /// More is wanted, not less.
    pub most: bool,
    /// "-est" and not "-er": one of many is wanted, not one of two.
    pub of_all: bool,
}

static VERB_RANK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(weighs?|costs?)\b (?:the )?(least|most)\b").expect("a constant pattern")
});
static SIBLING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"\b(?:the|an?|any) (\w+) (?:ones?|version|model|bag|pack|variant)\b|\bthe (\w+er)\W*$",
    )
    .expect("a constant pattern")
});

/// An adjective, the attributes it ranks by, and whether more of them is more of it.
const ADJECTIVES: &[(&str, &[&str], bool)] = &[
    ("cheap", &["price"], false),
    ("expensive", &["price"], true),
    ("dear", &["price"], true),
    ("pricey", &["price"], true),
    ("pricy", &["price"], true),
    ("prici", &["price"], true),
    ("affordable", &["price"], false),
    ("light", &["weight"], false),
    ("heavy", &["weight"], true),
    ("small", &["size", "capacity", "volume", "dimension", "diameter", "width", "length"], false),
    ("compact", &["size", "dimension", "volume", "length"], false),
    (
        "big",
        &["size", "capacity", "volume", "person", "dimension", "diameter", "width", "height"],
        true,
    ),
    (
        "large",
        &["size", "capacity", "volume", "person", "dimension", "diameter", "width", "height"],
        true,
    ),
    ("roomy", &["capacity", "volume", "person", "size"], true),
    ("long", &["length", "burn", "runtime", "battery", "duration", "scale", "cable", "size"], true),
    ("short", &["length", "scale", "cable", "duration", "size"], false),
    ("tall", &["height", "size"], true),
    ("high", &["height", "rating"], true),
    ("wide", &["width", "diameter"], true),
    ("narrow", &["width"], false),
    ("thick", &["thickness", "gauge", "height"], true),
    ("thin", &["thickness", "gauge", "height"], false),
    ("bright", &["brightness", "lumen", "lumens", "luminous", "power", "watt"], true),
    ("dim", &["brightness", "lumen", "lumens"], false),
    ("warm", &["temperature", "r_value", "fill", "insulation"], false),
    ("powerful", &["power", "watt", "wattage", "brightness"], true),
    ("strong", &["power", "watt", "load", "strength", "torque"], true),
    ("economical", &["power", "watt", "consumption"], false),
    ("efficient", &["power", "watt", "consumption"], false),
    ("fast", &["speed", "time"], true),
    ("quiet", &["noise", "db", "loudness", "volume"], false),
    ("loud", &["noise", "db", "loudness", "volume", "power"], true),
    ("waterproof", &["waterproof", "water"], true),
    ("deep", &["depth", "size"], true),
    ("old", &["age", "year"], true),
    ("new", &["year"], true),
];

/// Does this stem only say which way to rank ("cheapest", "most")?
pub fn is_ranking_word(term: &str) -> bool {
    const RANKING: &[&str] =
        &["most", "least", "highest", "lowest", "fewest", "greatest", "best", "more", "less"];
    let adjective = |(adjective, _, _): &(&str, &[&str], bool)| {
        degree(term, adjective).is_some() || stem(adjective) == term
    };
    RANKING.iter().any(|word| stem(word) == term) || ADJECTIVES.iter().any(adjective)
}

/// What a text ranks by: "the cheapest", "which is lighter".
pub fn rank(text: &str) -> Option<Rank> {
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|w| !w.is_empty()).collect();
    for (at, word) in words.iter().enumerate() {
        // "The highest R-value" ranks by what follows, "the highest tent" by its height.
        if matches!(*word, "highest" | "lowest")
            && let Some(next) = words.get(at + 1)
        {
            let by = [stem(next), "height".into(), "rating".into()].to_vec();
            return Some(Rank { by, most: *word == "highest", of_all: true });
        }
        for (adjective, by, most) in ADJECTIVES {
            let by: Vec<String> = by.iter().map(|name| (*name).to_string()).collect();
            let degree = degree(word, adjective).or_else(|| {
                let before = at.checked_sub(1).map(|i| words[i]);
                (word == adjective).then_some(())?;
                match before? {
                    "most" => Some((true, true)),
                    "least" => Some((true, false)),
                    "more" => Some((false, true)),
                    "less" => Some((false, false)),
                    _ => None,
                }
            });
            if let Some((of_all, more)) = degree {
                return Some(Rank { by, most: *most == more, of_all });
            }
        }
        // "the highest waterproof rating", "the longest burn time", "the most lumens".
        let verb = at
            .checked_sub(2)
            .is_some_and(|i| words[i].starts_with("weigh") || words[i].starts_with("cost"));
        let of_all = !verb
            && matches!(
                *word,
                "highest" | "lowest" | "most" | "least" | "fewest" | "greatest" | "best"
            );
        // "most expensive" is the adjective's own superlative, found at the next word.
        let adjective = |w: &&str| ADJECTIVES.iter().any(|(adjective, _, _)| adjective == w);
        if of_all && words.get(at + 1).is_some_and(|next| !adjective(next)) {
            let by: Vec<String> = words[at + 1..].iter().take(2).map(|w| stem(w)).collect();
            let most = !matches!(*word, "lowest" | "least" | "fewest");
            return Some(Rank { by, most, of_all: true });
        }
    }
    verb_rank(text)
}

/// "the smaller one" asks by size, "the other one" by nothing.
pub fn sibling(text: &str) -> Option<Rank> {
    const ANY: &[&str] = &["other", "normal", "plain", "regular", "standard", "basic", "simple"];
    let found = SIBLING.captures(text)?;
    let word = found.get(1).or(found.get(2))?.as_str();
    if ANY.contains(&word) {
        return Some(Rank { by: Vec::new(), most: false, of_all: false });
    }
    let (_, by, most) = ADJECTIVES
        .iter()
        .find(|(adjective, _, _)| word == *adjective || degree(word, adjective).is_some())?;
    let by = by.iter().map(|name| (*name).to_string()).collect();
    Some(Rank { by, most: *most, of_all: false })
}

/// "weighs the least", "costs most".
fn verb_rank(text: &str) -> Option<Rank> {
    let found = VERB_RANK.captures(text)?;
    let by = if found[1].starts_with("weigh") { "weight" } else { "price" };
    Some(Rank { by: vec![by.to_string()], most: &found[2] == "most", of_all: true })
}

/// Is `word` a comparative or superlative of `adjective`? The second half says "more of it".
fn degree(word: &str, adjective: &str) -> Option<(bool, bool)> {
    let root = adjective.strip_suffix(['e', 'y']).unwrap_or(adjective);
    let rest = word.strip_prefix(root)?;
    // "big" doubles its last letter, "heavy" turns y to i.
    let rest = rest.strip_prefix(root.chars().last()?).unwrap_or(rest);
    match rest.strip_prefix('i').unwrap_or(rest) {
        "est" | "st" => Some((true, true)),
        "er" | "r" => Some((false, true)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranks(text: &str) -> Option<(String, bool, bool)> {
        rank(text).map(|r| (r.by[0].clone(), r.most, r.of_all))
    }

    #[test]
    fn superlatives_and_comparatives_say_what_to_rank_by() {
        assert_eq!(ranks("what's your cheapest tent?"), Some(("price".into(), false, true)));
        assert_eq!(ranks("which is the least expensive"), Some(("price".into(), false, true)));
        assert_eq!(ranks("the most expensive lamp"), Some(("price".into(), true, true)));
        assert_eq!(ranks("which one is heavier?"), Some(("weight".into(), true, false)));
        assert_eq!(ranks("the lightest in stock"), Some(("weight".into(), false, true)));
        assert_eq!(ranks("biggest backpack"), Some(("size".into(), true, true)));
        assert_eq!(ranks("a light tent"), None);
        assert_eq!(ranks("is the order there"), None);
    }
}
