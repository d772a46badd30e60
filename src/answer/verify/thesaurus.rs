//! Words that may stand for each other, and words that must never be added.

use crate::domain::language::stem;

/// One form for the forms of a word and its plain synonyms. Words that a shop must not mix up
/// (warranty and guarantee, delivery and dispatch) stay apart.
pub(super) fn canonical(word: &str) -> String {
    if word.bytes().any(|b| b.is_ascii_digit()) {
        return word.replace('-', "");
    }
    let stem = stem(word);
    let one = match stem.as_str() {
        "deliveri" => "deliver",
        "weight" => "weigh",
        "height" | "tall" => "high",
        "width" => "wid",
        "dry" => "dri",
        "kg" | "kilo" => "kilogram",
        "length" => "long",
        "depth" => "deep",
        "thicknes" => "thick",
        "cost" => "pric",
        "color" => "colour",
        "purchas" => "buy",
        "stor" => "shop",
        "telephon" => "phon",
        "shipment" => "ship",
        "assist" => "help",
        "requir" => "need",
        "contain" => "includ",
        "suitabl" => "suit",
        "shut" => "clos",
        "contact" => "reach",
        "wooden" => "wood",
        "woolen" | "wollen" | "woollen" => "wool",
        "material" => "mak",
        "answer" | "respond" => "repli",
        "accommodat" => "sleep",
        "every" | "everi" => "each",
        "payment" => "pay",
        "rental" => "rent",
        "entri" => "enter",
        "assembli" => "assembl",
        "vaccination" => "vaccinat",
        "cancellation" => "cancel",
        "begin" => "start",
        "ahead" => "advanc",
        _ => return stem,
    };
    one.to_string()
}

/// Adjectives that say what can be done; `returnable` is `can be returned`.
pub(super) fn doable(word: &str) -> Option<&'static str> {
    Some(match word {
        "returnable" => "return",
        "dimmable" => "dim",
        "washable" => "wash",
        "refundable" => "refund",
        "rechargeable" => "recharg",
        "adjustable" => "adjust",
        "removable" => "remov",
        "foldable" => "fold",
        "replaceable" => "replac",
        "exchangeable" => "exchang",
        "cancellable" => "cancel",
        "stackable" => "stack",
        "recyclable" => "recycl",
        "reusable" => "reus",
        "detachable" => "detach",
        "resizable" => "resiz",
        _ => return None,
    })
}

/// What a denying prefix stands before: `unavailable` is `not available`.
pub(super) fn denied(word: &str) -> Option<&'static str> {
    Some(match word {
        "unavailable" => "available",
        "unsuitable" => "suitable",
        "incompatible" => "compatible",
        "impossible" => "possible",
        "unlimited" => "limited",
        "nonreturnable" | "non-returnable" => "returnable",
        "nonrefundable" | "non-refundable" => "refundable",
        "unable" => "able",
        _ => return None,
    })
}

/// How a word of the fact may also be said: by any of these words or lemmas of a sentence.
/// One way only: what is in stock is available, what is available need not be in stock.
pub(super) fn renderings(of: &str) -> &'static [&'static str] {
    match of {
        "includ" => &["have", "come", "with", "get"],
        "have" => &["includ", "with", "featur", "come"],
        "come" => &["includ", "availabl", "with"],
        "with" => &["have", "includ", "by"],
        "by" => &["with"],
        "stock" => &["availabl"],
        "availabl" => &["get", "offer", "come", "have"],
        "get" => &["availabl", "buy"],
        "sell" => &["have", "offer", "availabl"],
        "customer" => &["you"],
        "you" => &["customer"],
        "shop" => &["we"],
        "we" => &["shop", "team"],
        "sleep" => &["fit", "for"],
        "fit" => &["for"],
        "sal" => &["now", "reduc"],
        "all" => &["any", "each"],
        "any" => &["all", "each"],
        "each" => &["all"],
        "possibl" => &["can"],
        "featur" => &["have", "with"],
        "switch" => &["turn"],
        "run" => &["last"],
        "last" => &["run"],
        "hold" => &["carri"],
        "carri" => &["hold"],
        "accept" => &["tak"],
        "arriv" => &["com", "come"],
        "mor" => &["extra"],
        "extra" => &["additional"],
        "reserv" => &["keep"],
        _ => &[],
    }
}

/// Words that make a promise or sound like one; never said unless the fact says them.
pub(super) fn is_promise(canonical: &str) -> bool {
    PROMISES.contains(&canonical)
}

const PROMISES: &[&str] = &[
    "free",
    "fre",
    "guarante",
    "warranti",
    "refund",
    "discount",
    "sal",
    "promis",
    "promise",
    "ensur",
    "assur",
    "alway",
    "always",
    "tomorrow",
    "today",
    "tonight",
    "overnight",
    "immediat",
    "instant",
    "asap",
    "express",
    "bonu",
    "bonus",
    "gift",
    "voucher",
    "coupon",
    "cashback",
    "compensat",
    "replac",
    "exchang",
    "reserv",
    "deal",
    "offer",
    "bargain",
    "sav",
    "risk",
    "best",
    "cheapest",
    "lowest",
    "money",
    "back",
    "deliver",
    "ship",
    "dispatch",
    "arriv",
    "complimentari",
    "lifetime",
    "lifetim",
    "sure",
    "secur",
    "saf",
    "certifi",
    "approv",
];

/// Words that compare.
pub(super) fn is_comparative(word: &str) -> bool {
    COMPARATIVES.contains(&word)
}

const COMPARATIVES: &[&str] = &[
    "more",
    "less",
    "most",
    "least",
    "fewer",
    "better",
    "best",
    "worse",
    "worst",
    "than",
    "compared",
    "cheaper",
    "cheapest",
    "lighter",
    "lightest",
    "heavier",
    "heaviest",
    "bigger",
    "biggest",
    "larger",
    "largest",
    "smaller",
    "smallest",
    "longer",
    "longest",
    "shorter",
    "shortest",
    "wider",
    "widest",
    "higher",
    "highest",
    "lower",
    "lowest",
    "taller",
    "stronger",
    "strongest",
    "faster",
    "fastest",
    "slower",
    "brighter",
    "brightest",
    "warmer",
    "warmest",
    "cooler",
    "older",
    "newer",
    "newest",
    "softer",
    "thicker",
    "thinner",
    "quieter",
    "louder",
    "deeper",
    "same",
    "equal",
    "equally",
];

/// Days of the week, which order and bind as values do.
pub(super) fn is_weekday(canonical: &str) -> bool {
    matches!(
        canonical,
        "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday"
    )
}

/// Months that are no other word as well.
pub(super) fn is_month(word: &str) -> bool {
    matches!(
        word,
        "january"
            | "february"
            | "april"
            | "june"
            | "july"
            | "august"
            | "september"
            | "october"
            | "november"
            | "december"
    )
}
