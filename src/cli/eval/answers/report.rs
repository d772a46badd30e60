//! Adds up judged replies.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::golden::Golden;
use crate::domain::reply::{Decision, Generated};

/// A reply and how good it is.
pub struct Judged {
    /// Is it right?
    pub right: bool,
    /// What was decided.
    pub decision: Decision,
    /// Who found the words.
    pub generated: Generated,
    /// Are they other words than the facts' own?
    pub reworded: bool,
    /// The words.
    pub text: String,
    /// Ids of the sources cited.
    pub sources: Vec<String>,
    /// Claims that are in no fact of the reply.
    pub unsupported: Vec<String>,
    /// Those of them that are nowhere in the shop.
    pub invented: Vec<String>,
    /// Milliseconds to the plan.
    pub understand_and_look_up: f64,
    /// Milliseconds to the first sentence.
    pub first_sentence: f64,
    /// Milliseconds to the end.
    pub total: f64,
}

impl Judged {
    /// For a person who wants to know why.
    pub fn print(&self, golden: &Golden) {
        println!("{} expected {:?}, decided {:?}", golden.id, golden.expect, self.decision);
        for turn in &golden.turns {
            println!("  before:   {turn}");
        }
        println!("  question: {}", golden.question);
        println!("  reply:    {}", self.text);
        println!("  sources:  {:?} of {:?}", self.sources, golden.source);
        println!("  must:     {:?} not {:?}", golden.must, golden.must_not);
        if !self.unsupported.is_empty() {
            println!("  UNSUPPORTED: {:?} invented {:?}", self.unsupported, self.invented);
        }
    }
}

/// What is counted.
#[derive(Default)]
pub struct Report {
    rows: Vec<(Decision, Judged)>,
    kinds: Vec<String>,
}

impl Report {
    /// Counts one reply in.
    pub fn add(&mut self, golden: &Golden, judged: Judged) {
        self.rows.push((golden.expect, judged));
        self.kinds.push(golden.kind().to_string());
    }

    /// The summary.
    pub fn json(&self) -> Value {
        let rows = &self.rows;
        let right = rows.iter().filter(|(_, j)| j.right).count();
        let abstained = |j: &Judged| j.decision == Decision::Abstain;
        let both = rows.iter().filter(|(e, j)| *e == Decision::Abstain && abstained(j)).count();
        let answered: Vec<&Judged> = rows
            .iter()
            .filter(|(expect, j)| *expect == Decision::Answer && j.right)
            .map(|(_, j)| j)
            .collect();
        let model = |j: &&&Judged| j.generated == Generated::Model;
        let by_model = answered.iter().filter(model).count();
        let reworded = answered.iter().filter(model).filter(|j| j.reworded).count();
        json!({
            "questions": rows.len(),
            "right": right,
            "wrong": rows.len() - right,
            "right_share": share(right, rows.len()),
            "unsupported": rows.iter().map(|(_, j)| j.unsupported.len()).sum::<usize>(),
            "invented": rows.iter().map(|(_, j)| j.invented.len()).sum::<usize>(),
            "by_expect": self.by_expect(),
            "by_kind": self.by_kind(),
            "abstain_precision": share(both, rows.iter().filter(|(_, j)| abstained(j)).count()),
            "abstain_recall": share(both, rows.iter().filter(|(e, _)| *e == Decision::Abstain).count()),
            "model_share": share(by_model, answered.len()),
            "reworded_share": share(reworded, answered.len()),
            "timings_ms": {
                "understand_and_look_up": spread(rows.iter().map(|(_, j)| j.understand_and_look_up)),
                "first_sentence": spread(rows.iter().map(|(_, j)| j.first_sentence)),
                "total": spread(rows.iter().map(|(_, j)| j.total)),
            },
        })
    }

    /// The summary for a document, with the machine it was measured on.
    pub fn table(&self) -> String {
        let summary = self.json();
        let percent =
            |name: &str| format!("{:.1} %", summary[name].as_f64().unwrap_or(0.0) * 100.0);
        let timing = |name: &str| {
            let spread = &summary["timings_ms"][name];
            format!("{} ms, {} ms", spread["p50"], spread["p95"])
        };
        let rows = [
            ("questions", summary["questions"].to_string()),
            ("right", percent("right_share")),
            ("claims without support in the reply's facts", summary["unsupported"].to_string()),
            ("right answers worded by the model", percent("model_share")),
            (
                "of all right answers, worded by it otherwise than the fact",
                percent("reworded_share"),
            ),
            ("abstained rightly, of all abstentions", percent("abstain_precision")),
            ("abstained, of all that should be", percent("abstain_recall")),
            ("understand and look up, p50 and p95", timing("understand_and_look_up")),
            ("first verified sentence, p50 and p95", timing("first_sentence")),
            ("whole reply, p50 and p95", timing("total")),
        ];
        let rows: Vec<String> =
            rows.iter().map(|(what, figure)| format!("| {what} | {figure} |")).collect();
        format!("On {}.\n\n| what | figure |\n| --- | --- |\n{}", machine(), rows.join("\n"))
    }

    /// Of each kind, how many are right of how many.
    fn by_kind(&self) -> BTreeMap<&str, Value> {
        let mut kinds: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for (kind, (_, judged)) in self.kinds.iter().zip(&self.rows) {
            let (of, right) = kinds.entry(kind).or_default();
            *of += 1;
            *right += usize::from(judged.right);
        }
        kinds
            .into_iter()
            .map(|(kind, (of, right))| (kind, json!({ "questions": of, "right": right })))
            .collect()
    }

    fn by_expect(&self) -> BTreeMap<String, Value> {
        let mut groups: BTreeMap<String, (usize, usize, usize, usize)> = BTreeMap::new();
        for (expect, judged) in &self.rows {
            let name = format!("{expect:?}").to_lowercase();
            let (of, right, unsupported, invented) = groups.entry(name).or_default();
            *of += 1;
            *right += usize::from(judged.right);
            *unsupported += judged.unsupported.len();
            *invented += judged.invented.len();
        }
        groups
            .into_iter()
            .map(|(name, (of, right, unsupported, invented))| {
                let counts = json!({
                    "questions": of,
                    "right": right,
                    "wrong": of - right,
                    "unsupported": unsupported,
                    "invented": invented,
                });
                (name, counts)
            })
            .collect()
    }
}

/// The processor and how many of its cores are ours.
fn machine() -> String {
    let described = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = described.lines().find_map(|line| line.strip_prefix("model name"));
    let name =
        line.map_or("an unknown processor", |line| line.trim_start_matches([':', ' ', '\t']));
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    format!("{name}, {cores} cores")
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { (part as f64 / whole as f64 * 1_000.0).round() / 1_000.0 }
}

fn spread(values: impl Iterator<Item = f64>) -> Value {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let last = values.len().saturating_sub(1);
        let index = ((last as f64) * share).round() as usize;
        values.get(index).map_or(0.0, |v| (v * 10.0).round() / 10.0)
    };
    json!({ "p50": at(0.5), "p95": at(0.95) })
}
