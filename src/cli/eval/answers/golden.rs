//! Golden questions: what is asked, and what makes a reply right.

use std::path::Path;

use anyhow::Context;
use serde::Deserialize;

use crate::answer::verify::spelled;
use crate::domain::reply::Decision;

/// One line of `golden.jsonl`.
#[derive(Clone, Debug, Deserialize)]
pub struct Golden {
    /// Its name.
    pub id: String,
    /// What the visitor wrote before.
    #[serde(default)]
    pub turns: Vec<String>,
    /// What they ask.
    pub question: String,
    /// Each of these in one of its spellings.
    #[serde(default)]
    pub must: Vec<Vec<String>>,
    /// None of these.
    #[serde(default)]
    pub must_not: Vec<String>,
    /// One of these cited.
    #[serde(default)]
    pub source: Vec<String>,
    /// What should be decided.
    pub expect: Decision,
}

impl Golden {
    /// Is this reply right?
    pub fn is_right(&self, decision: Decision, text: &str, sources: &[String]) -> bool {
        decision == self.expect
            && (decision != Decision::Answer
                || self.must.iter().all(|ways| ways.iter().any(|way| spelled(way, text)))
                    && !self.must_not.iter().any(|wrong| spelled(wrong, text))
                    && (self.source.is_empty() || self.source.iter().any(|s| sources.contains(s))))
    }
}

/// Reads a file of golden questions; errors name the line.
pub fn read(file: &Path) -> anyhow::Result<Vec<Golden>> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("cannot read the golden questions in {}", file.display()))?;
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(at, line)| {
            serde_json::from_str(line)
                .with_context(|| format!("{} line {}", file.display(), at + 1))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_questions_that_come_with_the_shops_say_what_is_right() {
        for shop in ["knowledge/demo", "knowledge/practice"] {
            let all = read(&Path::new(shop).join("golden.jsonl")).expect("it can be read");
            let ids: std::collections::HashSet<&str> = all.iter().map(|g| g.id.as_str()).collect();
            assert_eq!(ids.len(), all.len(), "{shop}: ids differ");
            for golden in &all {
                let says =
                    !golden.must.is_empty() && golden.must.iter().all(|ways| !ways.is_empty());
                let (id, answered) = (&golden.id, golden.expect == Decision::Answer);
                assert_eq!(says, answered, "{shop} {id}: an answer, and only that, has words");
                assert!(
                    !golden.must.iter().flatten().any(|way| golden.must_not.contains(way)),
                    "{id}"
                );
            }
        }
    }

    #[test]
    fn right_needs_decision_words_and_source() {
        let golden: Golden = serde_json::from_str(
            r#"{"id":"a","question":"?","must":[["49.90","49,90"]],"must_not":["59.90"],"source":["p1"],"expect":"answer"}"#,
        )
        .expect("valid");
        let p1 = ["p1".to_string()];
        assert!(golden.is_right(Decision::Answer, "It costs 49,90 €.", &p1));
        assert!(!golden.is_right(Decision::Answer, "It costs 149.90.", &p1));
        assert!(!golden.is_right(Decision::Answer, "49.90, not 59.90", &p1));
        assert!(!golden.is_right(Decision::Answer, "49.90", &["p2".to_string()]));
        assert!(!golden.is_right(Decision::Abstain, "49.90", &p1));
    }
}
