//! Are its addresses the fact's, letter for letter?

use super::claim::{Claim, Item};
use super::{Doubt, Pair};

pub(super) fn doubts(pair: &Pair) -> Vec<Doubt> {
    let links = |claim: &Claim| -> Vec<String> {
        let link = |item: &Item| match item {
            Item::Link(link) => Some(link.clone()),
            _ => None,
        };
        claim.tokens.iter().filter_map(|token| link(&token.item)).collect()
    };
    let (said, meant) = (links(&pair.said), links(&pair.meant));
    let added = said.iter().filter(|link| !meant.contains(link));
    let dropped = meant.iter().filter(|link| !said.contains(link));
    added.chain(dropped).cloned().map(Doubt::Link).collect()
}
