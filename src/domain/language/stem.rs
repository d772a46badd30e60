//! A light stemmer: the forms of one English word meet, nothing cleverer.

/// The stem of a folded word: plural, `-ing`, `-ed` and `-ly` removed, then the endings that those
/// would have hidden (a doubled consonant, a final `e`, `y` for `i`). Two forms of a word get one
/// stem; the stem itself need not be a word. Words with digits stay as they are.
///
/// Consistent rather than right: `price`, `prices`, `priced` and `pricing` all become `pric`.
pub fn stem(word: &str) -> String {
    if word.len() < 3 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return word.to_string();
    }
    if let Some(base) = irregular(word) {
        return ending(base);
    }
    let singular = singular(word);
    ending(without_suffix(&singular))
}

fn singular(word: &str) -> String {
    let sibilant = ["ses", "xes", "zes", "ches", "shes", "oes"];
    if let Some(base) = word.strip_suffix("ies").filter(|base| base.len() > 1) {
        return format!("{base}y");
    }
    if word.len() > 4 && sibilant.iter().any(|suffix| word.ends_with(suffix)) {
        return word[..word.len() - 2].to_string();
    }
    let keeps_s = ["ss", "us", "is"].iter().any(|suffix| word.ends_with(suffix));
    match word.strip_suffix('s') {
        Some(base) if word.len() > 3 && !keeps_s => base.to_string(),
        _ => word.to_string(),
    }
}

fn without_suffix(word: &str) -> &str {
    let has_vowel = |base: &str| base.bytes().any(|b| b"aeiouy".contains(&b));
    for suffix in ["ing", "ed", "ly"] {
        let Some(base) = word.strip_suffix(suffix) else { continue };
        let long_enough = base.len() >= 3 && has_vowel(base);
        // `speed` and `need` are no past tenses.
        let double_e = suffix == "ed" && base.ends_with('e');
        if long_enough && !double_e {
            return base;
        }
    }
    word
}

/// The one spelling of what is left: `shipp` and `ship`, `pric` and `price`, `easi` and `easy`.
fn ending(base: &str) -> String {
    let mut base = base.to_string();
    if base.len() > 3 && base.ends_with('e') {
        base.pop();
    }
    let bytes = base.as_bytes();
    if let [.., before, last] = bytes {
        let consonant = |b: u8| !b"aeiouy".contains(&b);
        if before == last && consonant(*last) && bytes.len() > 3 {
            base.pop();
        } else if *last == b'y' && consonant(*before) && bytes.len() > 3 {
            base.pop();
            base.push('i');
        }
    }
    base
}

/// Forms that no rule finds, and words that only look like forms.
fn irregular(word: &str) -> Option<&'static str> {
    Some(match word {
        "children" => "child",
        "men" => "man",
        "women" => "woman",
        "people" | "persons" => "person",
        "feet" => "foot",
        "knives" => "knife",
        "shelves" => "shelf",
        "leaves" => "leaf",
        "halves" => "half",
        "scarves" => "scarf",
        "loaves" => "loaf",
        "bought" => "buy",
        "sold" => "sell",
        "sent" => "send",
        "paid" => "pay",
        "kept" => "keep",
        "made" | "making" => "make",
        "held" => "hold",
        "took" | "taken" => "take",
        "came" => "come",
        "got" | "gotten" => "get",
        "gave" | "given" => "give",
        "went" | "gone" | "goes" => "go",
        "does" => "do",
        "shown" => "show",
        "worn" => "wear",
        "built" => "build",
        "broke" | "broken" => "break",
        "wrote" | "written" => "write",
        "chose" | "chosen" => "choose",
        "used" | "using" | "uses" => "use",
        "lens" | "lenses" => "lens",
        "gas" | "gases" => "gas",
        "canvas" | "canvases" => "canvas",
        "series" => "series",
        "news" => "news",
        "always" => "always",
        "sometimes" => "sometimes",
        "christmas" => "christmas",
        "during" => "during",
        "nothing" => "nothing",
        "anything" => "anything",
        "something" => "something",
        "everything" => "everything",
        "evening" | "evenings" => "evening",
        "morning" | "mornings" => "morning",
        "hundred" | "hundreds" => "hundred",
        "supply" | "supplies" | "supplied" => "supply",
        "apply" | "applies" | "applied" => "apply",
        "reply" | "replies" | "replied" => "reply",
        "family" | "families" => "family",
        "assembly" | "assemblies" => "assembly",
        "only" => "only",
        "early" => "early",
        "july" => "july",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_of_a_word_meet() {
        for forms in [
            &["battery", "batteries"][..],
            &["ship", "ships", "shipping", "shipped"],
            &["price", "prices", "priced", "pricing"],
            &["return", "returns", "returned", "returning"],
            &["weigh", "weighs", "weighed", "weighing"],
            &["box", "boxes"],
            &["glass", "glasses"],
            &["use", "used", "using", "uses"],
            &["easy", "easily"],
            &["knife", "knives"],
            &["lens", "lenses"],
            &["size", "sizes", "sized"],
            &["sell", "sells", "selling", "sold"],
            &["supply", "supplies", "supplied"],
            &["carry", "carries", "carried"],
            &["house", "houses"],
            &["order", "orders", "ordered"],
            &["include", "includes", "included", "including"],
            &["bus", "buses"],
            &["tie", "ties"],
        ] {
            for form in forms {
                assert_eq!(stem(form), stem(forms[0]), "{form}");
            }
        }
    }

    #[test]
    fn words_of_different_meaning_stay_apart() {
        for (one, other) in [
            ("light", "lighter"),
            ("need", "ne"),
            ("speed", "spe"),
            ("ring", "r"),
            ("rt-210", "rt-21"),
            ("free", "fr"),
            ("new", "news"),
            ("wash", "was"),
            ("pant", "paint"),
            ("charger", "charge"),
        ] {
            assert_ne!(stem(one), stem(other), "{one} {other}");
        }
    }
}
