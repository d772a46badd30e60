//! The best of many by a number. Ties are all named.

use super::{Found, LISTED, Query};
use crate::answer::attributes::spoken;
use crate::answer::plan::Filter;
use crate::answer::understand::cues::Rank;
use crate::answer::wording;
use crate::domain::reply::Fact;

impl Query<'_> {
    pub(super) fn best(&self, filter: &Filter, rank: &Rank) -> Found {
        let names = &self.knowledge.names;
        let of_no_kind = !filter.terms.iter().any(|t| names.is_kind(t)) && filter.among.is_none();
        let any = || self.candidates(&Filter { terms: vec![], unknown: vec![], ..filter.clone() });
        let candidates = self.candidates(filter).or_else(|| of_no_kind.then(any).flatten());
        let Some(candidates) = candidates else { return Found::Nothing };
        let Some(column) = self.ranked_column(rank, &candidates) else { return Found::Nothing };
        let measured = candidates.iter().filter_map(|p| Some((*p, self.number(*p, &column)?)));
        let mut measured: Vec<(usize, f64)> = measured.collect();
        measured.sort_by(|a, b| if rank.most { b.1.total_cmp(&a.1) } else { a.1.total_cmp(&b.1) });
        let Some((_, top)) = measured.first().copied() else { return Found::Nothing };
        let winners: Vec<usize> =
            measured.iter().take_while(|(_, n)| *n == top).map(|(p, _)| *p).collect();
        let kind = self.kind(filter);
        let say = |p: &usize| self.winner(*p, &column, rank.most, kind.as_deref());
        let facts = self.by_name(&winners).iter().take(LISTED).filter_map(say).collect();
        Found::Facts(facts, winners)
    }

    fn winner(&self, product: usize, column: &str, most: bool, kind: Option<&str>) -> Option<Fact> {
        let value = self.value(product, column)?;
        let name = wording::capitalised(&self.the(product));
        let degree = match (column, most) {
            ("price", true) => "most expensive",
            ("price", false) => "cheapest",
            ("weight", true) => "heaviest",
            ("weight", false) => "lightest",
            (_, true) => "highest",
            (_, false) => "lowest",
        };
        let text = match (column, kind) {
            ("price" | "weight", Some(kind)) => {
                format!("{name} is the {degree} {kind} that fits, at {value}.")
            }
            ("price" | "weight", None) => format!("{name} is the {degree}, at {value}."),
            (column, _) => format!("{name} has the {degree} {}, {value}.", spoken(column)),
        };
        let keep = vec![value];
        Some(Fact { keep, sources: vec![self.source(product)], ..self.fact(text) })
    }

    /// The kind of thing that was asked for, in the question's own word.
    fn kind(&self, filter: &Filter) -> Option<String> {
        let names = &self.knowledge.names;
        let term = filter.terms.iter().rev().find(|term| names.is_kind(term))?;
        let words = crate::domain::language::words(&self.question.text);
        let word = words.iter().find(|w| crate::domain::language::stem(&w.text) == *term)?;
        (!word.text.ends_with('s')).then(|| word.text.clone())
    }
}
