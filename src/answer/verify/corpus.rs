//! Facts with sentences that were written about them: wordings that must pass, lies that must not.
//!
//! ```text
//! # a remark
//! fact The Aura desk lamp costs €49.90.
//! keep Aura | €49.90        what any wording keeps
//! yes                       the fact's polarity; or `no`
//! + The Aura desk lamp is €49.90.
//! - The Aura desk lamp costs €59.90.
//! ```

use crate::domain::language::Locale;
use crate::domain::language::values::Reading;
use crate::domain::reply::Fact;

/// A fact and what was written about it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The fact.
    pub fact: Fact,
    /// Wordings that say the same.
    pub good: Vec<String>,
    /// Sentences that do not.
    pub bad: Vec<String>,
}

/// A line that is none of the above.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: `{text}` is no fact, keep, yes, no, + or -; a fact comes first")]
pub struct BadLine {
    /// From 1.
    pub line: usize,
    /// As it stands.
    pub text: String,
}

/// Lies and wordings that belong to the verifier's own tests.
const CORPUS: &str = include_str!("corpus.txt");
/// What a careful salesperson says.
const PARAPHRASES: &str = include_str!("paraphrases.txt");

/// The built-in texts, by name.
pub fn builtin() -> Vec<(&'static str, Vec<Entry>)> {
    [("corpus", CORPUS), ("paraphrases", PARAPHRASES)]
        .map(|(name, text)| (name, parse(text).expect("a test reads both")))
        .to_vec()
}

/// How the built-in texts' values are read.
pub fn reading() -> Reading {
    let locale = Locale::new("en-IE").expect("a locale that is known");
    Reading { currency: "EUR".parse().ok(), locale }
}

/// Reads a text of facts and sentences.
///
/// # Errors
/// The first line that makes no sense.
pub fn parse(text: &str) -> Result<Vec<Entry>, BadLine> {
    let mut entries: Vec<Entry> = Vec::new();
    let lines = text.lines().enumerate();
    for (at, line) in lines.filter(|(_, l)| !l.trim().is_empty() && !l.starts_with('#')) {
        let (mark, rest) = line.split_once(' ').unwrap_or((line, ""));
        if mark == "fact" {
            entries.push(Entry { fact: fact(rest), good: Vec::new(), bad: Vec::new() });
            continue;
        }
        let bad = || BadLine { line: at + 1, text: line.to_string() };
        let entry = entries.last_mut().ok_or_else(bad)?;
        match mark {
            "keep" => entry.fact.keep = rest.split(" | ").map(str::to_string).collect(),
            "yes" => entry.fact.polarity = Some(true),
            "no" => entry.fact.polarity = Some(false),
            "+" => entry.good.push(rest.to_string()),
            "-" => entry.bad.push(rest.to_string()),
            _ => return Err(bad()),
        }
    }
    Ok(entries)
}

fn fact(text: &str) -> Fact {
    Fact {
        text: text.into(),
        question: String::new(),
        polarity: None,
        keep: Vec::new(),
        sources: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_texts_are_read_whole() {
        let all = builtin();
        let goods = |at: usize| all[at].1.iter().map(|entry| entry.good.len()).sum::<usize>();
        assert!(goods(0) >= 150 && goods(1) >= 300, "{} and {}", goods(0), goods(1));
    }

    #[test]
    fn a_line_that_makes_no_sense_is_named() {
        let error = parse("fact A.\n+ A.\n? B.").expect_err("a strange mark");
        assert_eq!((error.line, error.text.as_str()), (3, "? B."));
        assert_eq!(parse("+ A.").expect_err("no fact").line, 1);
    }
}
