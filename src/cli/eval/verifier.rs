//! `floorwalker eval verifier`: how many small lies the verifier lets through, and how many good
//! wordings it refuses. Needs no model and no shop.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant as Clock;

use anyhow::Context as _;
use clap::Args;
use serde_json::{Value, json};

use crate::answer::verify::corpus::{self, Entry};
use crate::answer::verify::{mutation, verify};

use super::share;

/// Change true sentences into small lies and see whether they are caught
#[derive(Debug, Args)]
#[command(
    after_help = "A lie changes one thing of a true sentence: a digit, a unit, a day, a limit, a denial, a name, a promise. \
Good wordings were written by hand; the built-in ones are src/answer/verify/*.txt, which also show how to write more.\n\n\
Example:\n  floorwalker eval verifier --misses"
)]
pub struct Verifier {
    /// A file of facts and sentences, instead of the built-in ones (repeat for more)
    #[arg(long, value_name = "FILE")]
    corpus: Vec<PathBuf>,
    /// How many lies to tell
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    lies: usize,
    /// Which of them: the same number draws the same ones
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Also print every lie that passed and every good wording that was refused
    #[arg(long)]
    misses: bool,
    /// Print the summary as one line of JSON only
    #[arg(long)]
    json: bool,
}

impl Verifier {
    /// Runs it.
    pub fn run(self) -> anyhow::Result<()> {
        let began = Clock::now();
        let texts = self.texts()?;
        let reading = corpus::reading();
        let mut by_text = BTreeMap::new();
        let (mut pairs, mut passed) = (0, 0);
        let (mut written, mut written_caught) = (0, 0);
        for (name, entries) in &texts {
            let mut of_text = (0, 0);
            for (good, entry) in sentences(entries, |entry| &entry.good) {
                of_text.0 += 1;
                match verify(good, &entry.fact, &reading) {
                    Ok(()) => of_text.1 += 1,
                    Err(doubts) if self.misses => {
                        println!("refused: {good}\n    for  {}\n    {doubts:?}", entry.fact.text);
                    }
                    Err(_) => {}
                }
            }
            for (bad, entry) in sentences(entries, |entry| &entry.bad) {
                written += 1;
                let caught = verify(bad, &entry.fact, &reading).is_err();
                written_caught += usize::from(caught);
                if !caught && self.misses {
                    println!("passed:  {bad}\n    for  {}", entry.fact.text);
                }
            }
            (pairs, passed) = (pairs + of_text.0, passed + of_text.1);
            by_text.insert(name.clone(), of_pairs(of_text.0, of_text.1));
        }
        let entries: Vec<Entry> = texts.into_iter().flat_map(|(_, entries)| entries).collect();
        let all = mutation::lies(&entries, &reading);
        let possible = all.len();
        let lies = mutation::sample(all, self.lies, self.seed);
        let mut kinds: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for lie in &lies {
            let caught = verify(&lie.mutant.text, &lie.entry.fact, &reading).is_err();
            let of_kind = kinds.entry(lie.mutant.kind).or_default();
            of_kind.0 += 1;
            of_kind.1 += usize::from(caught);
            if !caught && self.misses {
                println!(
                    "passed ({}): {}\n    for  {}",
                    lie.mutant.kind, lie.mutant.text, lie.entry.fact.text
                );
            }
        }
        let caught: usize = kinds.values().map(|(_, caught)| caught).sum();
        let by_kind: BTreeMap<&str, Value> = kinds
            .iter()
            .map(|(kind, (of, caught))| (*kind, json!({ "lies": of, "caught": caught })))
            .collect();
        let mut good = of_pairs(pairs, passed);
        good["by_text"] = json!(by_text);
        let summary = json!({
            "lies": {
                "told": lies.len(),
                "possible": possible,
                "seed": self.seed,
                "caught": caught,
                "caught_share": share(caught, lies.len()),
                "by_kind": by_kind,
            },
            "written_lies": { "told": written, "caught": written_caught },
            "good_wordings": good,
            "seconds": (began.elapsed().as_secs_f64() * 100.0).round() / 100.0,
        });
        match self.json {
            true => println!("{summary}"),
            false => println!("{summary:#}"),
        }
        Ok(())
    }

    fn texts(&self) -> anyhow::Result<Vec<(String, Vec<Entry>)>> {
        if self.corpus.is_empty() {
            let named = corpus::builtin().into_iter();
            return Ok(named.map(|(name, entries)| (name.to_string(), entries)).collect());
        }
        let read = |path: &PathBuf| {
            let shown = path.display().to_string();
            let text = std::fs::read_to_string(path)
                .with_context(|| format!("cannot read the sentences in {shown}"))?;
            let entries = corpus::parse(&text).with_context(|| shown.clone())?;
            Ok((shown, entries))
        };
        self.corpus.iter().map(read).collect()
    }
}

/// Sentences of one sort, each with what it is about.
fn sentences<'e>(
    entries: &'e [Entry],
    of: impl Fn(&'e Entry) -> &'e Vec<String> + Copy,
) -> impl Iterator<Item = (&'e String, &'e Entry)> {
    entries.iter().flat_map(move |entry| of(entry).iter().map(move |sentence| (sentence, entry)))
}

fn of_pairs(pairs: usize, passed: usize) -> Value {
    json!({
        "pairs": pairs,
        "passed": passed,
        "passed_share": share(passed, pairs),
        "false_alarm_share": share(pairs - passed, pairs),
    })
}
