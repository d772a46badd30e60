//! Questions for the hours of one day, which the shop's own settings answer.

use std::sync::LazyLock;

use regex::Regex;

use crate::answer::understand::Question;

static OPEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:open(?:s|ing)?|clos(?:e|es|ed|ing)|shut|drop by|come by|come in|visit)\b")
        .expect("a constant pattern")
});
/// What other rules decide: holidays, events, the telephone.
static OTHERS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:holidays?|christmas|easter|new year|course|class|workshop|order|deliver\w*|ship\w*|return\w*|phone|call|collect\w*)\b",
    )
    .expect("a constant pattern")
});

/// Is it asked when the shop is open?
pub fn asked(question: &Question) -> bool {
    let text = question.text.as_str();
    (OPEN.is_match(text) || question.likely("hours") > 0.5) && !OTHERS.is_match(text)
}
