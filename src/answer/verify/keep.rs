//! Are the parts that any wording must keep in it?

use super::claim::{Claim, Item};
use super::{Doubt, Pair};
use crate::domain::language::fold;

pub(super) fn doubts(pair: &Pair) -> Vec<Doubt> {
    let said = items(&pair.said);
    let kept = |part: &&String| {
        let wanted = items(&Claim::read(part, pair.reading));
        let as_meant = !wanted.is_empty() && said.windows(wanted.len()).any(|run| run == wanted);
        as_meant || spaced(pair.sentence).contains(&spaced(part))
    };
    pair.fact.keep.iter().filter(|part| !kept(part)).cloned().map(Doubt::MissingValue).collect()
}

/// What the claim says, without glue.
fn items(claim: &Claim) -> Vec<Item> {
    let says = |item: &Item| !matches!(item, Item::Glue(_) | Item::Break(_));
    claim.tokens.iter().map(|token| token.item.clone()).filter(says).collect()
}

/// Folded, in single spaces, bounded, so that a part is not found inside a word.
fn spaced(text: &str) -> String {
    let folded = fold(text);
    let words: Vec<&str> = folded
        .split(|c: char| !(c.is_alphanumeric() || ".,'-€£$%°/@".contains(c)))
        .filter(|w| !w.is_empty())
        .collect();
    let bare: Vec<&str> =
        words.iter().map(|w| w.trim_matches(['.', ',', '\''])).filter(|w| !w.is_empty()).collect();
    format!(" {} ", bare.join(" "))
}
