//! `floorwalker bench agree`: whether replies of the likeliest tokens are the same with every set of
//! instructions, in company and alone, from a cache or not; and where not, how near a choice it was.

use std::path::Path;

use floorwalker_engine::Isa;
use floorwalker_engine::bench::{self, Manner};
use serde_json::{Value, json};

use super::{Figures, Setup, lines, wrong};

/// Two scores as near as this are a tie: either token is as good.
const TIE: f32 = 1e-3;
/// Questions, where no file of them is given.
const MADE_UP: usize = 40;

/// One set of instructions and one manner.
struct Way {
    name: String,
    isa: Isa,
    together: usize,
    warm: bool,
}

/// Compares every way with one chat at a time, from nothing, with the instructions of `setup`.
pub fn agree(
    file: &Path,
    setup: &Setup,
    prompts: Option<&Path>,
    tokens: usize,
) -> anyhow::Result<Figures> {
    let texts = match prompts {
        Some(file) => lines(file)?,
        None => (0..MADE_UP).map(question).collect(),
    };
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let prompts = bench::questions(file, &texts).map_err(|why| wrong(file, &why))?;
    let load =
        |isa| bench::Bench::load(file, setup.threads, isa, None).map_err(|why| wrong(file, &why));
    let manner = |way: &Way| Manner { tokens, together: way.together, warm: way.warm };
    let mut base = load(setup.isa)?;
    let alone = Manner { tokens, together: 1, warm: false };
    let want = base.greedy(&prompts, alone).map_err(anyhow::Error::msg)?;
    let mut found = Vec::new();
    for way in ways(setup.isa) {
        let got = if way.isa == setup.isa {
            base.greedy(&prompts, manner(&way))
        } else {
            load(way.isa)?.greedy(&prompts, manner(&way))
        };
        let got = got.map_err(anyhow::Error::msg)?;
        let mut gaps = Vec::new();
        for (prompt, (want, got)) in prompts.iter().zip(want.iter().zip(&got)) {
            let Some(at) = want.iter().zip(got).position(|(a, b)| a != b) else { continue };
            let before = [prompt, &want[..at]].concat();
            gaps.push(base.gap(&before, [want[at], got[at]]).map_err(anyhow::Error::msg)?);
        }
        found.push(told(&way.name, prompts.len(), &gaps));
    }
    let figures = json!({
        "model": file.display().to_string(),
        "prompts": prompts.len(),
        "tokens": tokens,
        "threads": setup.threads,
        "base": format!("{}, alone, nothing known", setup.isa),
        "tie": TIE,
        "ways": found,
    });
    Ok(figures.as_object().cloned().unwrap_or_default())
}

/// Companies and caches with one set of instructions, then each of the others this processor has.
fn ways(base: Isa) -> Vec<Way> {
    let way = |isa: Isa, together, warm| {
        let company = if together == 1 { "alone".into() } else { format!("{together} at once") };
        let known = if warm { "half known" } else { "nothing known" };
        Way { name: format!("{isa}, {company}, {known}"), isa, together, warm }
    };
    let manners = [(4, false), (8, false), (1, true), (8, true)];
    let mut ways: Vec<_> =
        manners.into_iter().map(|(together, warm)| way(base, together, warm)).collect();
    let others = Isa::ALL.into_iter().filter(|isa| *isa != base && isa.is_present());
    ways.extend(others.map(|isa| way(isa, 1, false)));
    ways
}

/// How many replies were the same, and of each other one how much likelier the base's token was where
/// the two first part.
fn told(way: &str, replies: usize, gaps: &[f32]) -> Value {
    let ties = gaps.iter().filter(|gap| gap.abs() <= TIE).count();
    json!({
        "way": way,
        "same": replies - gaps.len(),
        "ties": ties,
        "different": gaps.len() - ties,
        "gaps": gaps,
    })
}

/// No two alike.
fn question(index: usize) -> String {
    let things = ["a tent for two", "a brass lamp", "size 43 boots", "a gas stove", "a warm quilt"];
    let asked = [
        "What should I look at when I buy",
        "Tell me in two sentences how to clean",
        "Why would somebody send back",
        "Write a friendly line about",
        "What goes well with",
        "How do I repair",
        "Name three uses of",
        "Is it a good idea to give away",
    ];
    format!("{} {}?", asked[index / things.len() % asked.len()], things[index % things.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_no_tie_counts_as_different() {
        let found = told("a way", 10, &[0.0004, 0.2, -0.0009]);
        let count = |name: &str| found[name].as_u64();
        assert_eq!([count("same"), count("ties"), count("different")], [Some(7), Some(2), Some(1)]);
    }

    #[test]
    fn questions_are_not_repeated() {
        let all: std::collections::HashSet<_> = (0..MADE_UP).map(question).collect();
        assert_eq!(all.len(), MADE_UP);
    }
}
