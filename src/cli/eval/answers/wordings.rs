//! Sentences as the model words them, beside the shop's own words for the same facts.

use crate::answer::Drafts;
use crate::domain::reply::Generated;

/// One fact in both wordings.
pub struct Pair {
    question: String,
    own: String,
    model: String,
}

/// A fact for which the model found words of its own.
pub fn pair(drafts: &Drafts) -> Option<Pair> {
    let model = drafts.sentence("");
    let own = drafts.without_model("").text;
    let found = model.generated == Generated::Model;
    found.then(|| Pair { question: drafts.fact.question.clone(), own, model: model.text })
}

/// Some of the pairs as Markdown, evenly over all questions; those first in which the words differ.
pub fn table(pairs: &[Pair], count: usize) -> String {
    let (mut rows, same): (Vec<&Pair>, Vec<&Pair>) =
        pairs.iter().partition(|pair| pair.own != pair.model);
    let (differ, alike) = (rows.len(), same.len());
    if rows.len() > count {
        rows = (0..count).map(|at| rows[at * rows.len() / count]).collect();
    } else {
        rows.extend(same.into_iter().take(count - rows.len()));
    }
    let cell = |text: &str| text.replace('|', "\\|");
    let row = |pair: &&Pair| {
        format!("| {} | {} | {} |", cell(&pair.question), cell(&pair.own), cell(&pair.model))
    };
    let lines: Vec<String> = rows.iter().map(row).collect();
    format!(
        "{} facts. The model worded {differ} of all otherwise than the shop's own words do, and {alike} alike.\n\n| question | own words | model |\n| --- | --- | --- |\n{}",
        rows.len(),
        lines.join("\n")
    )
}

/// What was proposed for each part of a fact, for a person who wants to know why.
pub fn print_drafts(drafts: &Drafts) {
    for part in &drafts.parts {
        println!("fact:  {}", part.fact.text);
        if part.drafts.is_empty() {
            println!("  nothing came in time");
        }
        for draft in &part.drafts {
            let verdict = match draft.doubts.as_slice() {
                [] => "passed".to_string(),
                doubts => format!("refused: {doubts:?}"),
            };
            println!(
                "  {} ({:.0} ms, {:.2}): {}\n     {verdict}",
                draft.seed, draft.ms, draft.likelihood, draft.text
            );
        }
    }
}
