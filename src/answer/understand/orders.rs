//! Orders that were placed: where they are, what became of them, changes to them. Only somebody who
//! knows who is asking may say; so these go to a person. What holds for every order ("can I cancel an
//! order?") is the shop's rules.

use std::sync::LazyLock;

use regex::Regex;

pattern!(
    NUMBERED,
    r"\b(?:order|invoice|tracking|parcel|purchase)\b(?: (?:no|nr|num|number|id|code|ref(?:erence)?|is|was|with))*[ .:#]*(?:[a-z]{1,4}[- ]?)?\d{4,}"
);
pattern!(
    WHERE,
    r"\bwhere(?:'s| is| are| has|s)\b.{0,20}\b(?:my|our)\b.{0,20}\b(?:orders?|parcels?|packages?|deliver\w*|refund|stuff|things|money)\b|\b(?:track|trace|locate)\b.{0,15}\b(?:my|our)\b"
);
pattern!(
    STATE,
    r"\b(?:has|have|is|was|did)\b.{0,10}\b(?:my|our)\b.{0,25}\b(?:orders?|parcels?|packages?|deliver\w*|refunds?|return)\b.{0,40}\b(?:sent|shipped|left|arrived|dispatched|paid|processed|yet|lost|on its way|come|go|gone|confirmed|received)\b|\b(?:my|our)\b.{0,25}\b(?:orders?|parcels?|packages?|deliver\w*|refund)\b.{0,20}\b(?:has ?n[o']?t|hasn't|have not|did ?n[o']?t|didn't|is not|isn't|never|still|not arrived|late|missing|lost)\b"
);
pattern!(
    CHANGE,
    r"\b(?:can|could|would|will|please|i(?:'d| would) like you to|i want you to)\b.{0,12}\b(?:you )?\b(?:check|cancel|change|update|amend|add|take|remove|stop|look up|correct)\b.{0,40}\b(?:my|our|this|the|from the|in the) (?:last |latest |recent )?orders?\b"
);
pattern!(
    PLACED,
    r"\bi(?: have|'ve)? (?:ordered|bought)\b.{0,60}\b(?:still|not (?:here|arrived|come|received)|nothing|no tracking|where is|has ?n.t (?:arrived|come)|when will (?:it|they))\b"
);
// "Can I …" asks whether it is possible at all.
pattern!(
    POSSIBLE,
    r"^(?:\W|hi|hello|hey|and|so)*(?:can|could|may|how (?:can|do|could|would)) (?:i|we|one)\b"
);

/// Is a certain order asked about?
pub fn is_about_one(folded: &str) -> bool {
    NUMBERED.is_match(folded)
        || (WHERE.is_match(folded)
            || STATE.is_match(folded)
            || CHANGE.is_match(folded)
            || PLACED.is_match(folded))
            && !POSSIBLE.is_match(folded)
}

#[cfg(test)]
mod tests {
    use super::is_about_one;

    #[test]
    fn certain_orders_are_told_from_the_rules_for_all_orders() {
        for text in [
            "where is my parcel",
            "order 880121 - when will it arrive?",
            "has my refund been sent yet",
            "could you take the mixer out of my order please",
            "i ordered a lamp last tuesday and still have no tracking link",
            "my order wx100294 hasn't turned up",
            "please change the address on my order",
        ] {
            assert!(is_about_one(text), "{text}");
        }
        for text in [
            "can i cancel my order",
            "how can i track my parcel",
            "until what time must i order",
            "how do i order 12 pieces",
            "i sent a jacket back, how long until the money is on my account",
            "is delivery free for an order of 100 euro",
        ] {
            assert!(!is_about_one(text), "{text}");
        }
    }
}
