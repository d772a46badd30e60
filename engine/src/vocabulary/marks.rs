//! Tokens that stand for themselves in a text: they are looked for before anything is cut.

use aho_corasick::{AhoCorasick, MatchKind};

/// Some tokens and how they are spelled.
pub(super) struct Marks {
    finder: AhoCorasick,
    ids: Vec<u32>,
}

/// A stretch of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stretch<'a> {
    /// A token by itself.
    Mark(u32),
    /// What lies between them; never empty.
    Words(&'a str),
}

impl Marks {
    /// Of tokens and their spelling. Those without any are left out.
    pub fn new<'a>(tokens: impl Iterator<Item = (u32, &'a str)>) -> Result<Self, String> {
        let (ids, texts): (Vec<u32>, Vec<&str>) =
            tokens.filter(|(_, text)| !text.is_empty()).unzip();
        let finder = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(texts)
            .map_err(|e| format!("its control tokens cannot be told apart: {e}"))?;
        Ok(Self { finder, ids })
    }

    /// The text as a row of stretches.
    pub fn split<'a>(&self, text: &'a str) -> Vec<Stretch<'a>> {
        let mut stretches = Vec::new();
        let mut at = 0;
        let words = |from: usize, to: usize, stretches: &mut Vec<_>| {
            if from < to {
                stretches.push(Stretch::Words(&text[from..to]));
            }
        };
        for found in self.finder.find_iter(text) {
            words(at, found.start(), &mut stretches);
            stretches.push(Stretch::Mark(self.ids[found.pattern().as_usize()]));
            at = found.end();
        }
        words(at, text.len(), &mut stretches);
        stretches
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Stretch::{Mark, Words};

    #[test]
    fn the_longest_mark_from_the_left_wins() {
        let marks = Marks::new([(7, "<s>"), (8, "<s>>"), (9, "")].into_iter()).unwrap();
        assert_eq!(marks.split("a<s>><s>b"), [Words("a"), Mark(8), Mark(7), Words("b")]);
        assert_eq!(marks.split("<s"), [Words("<s")]);
        assert_eq!(marks.split(""), []);
    }

    #[test]
    fn without_marks_a_text_is_words() {
        let none = Marks::new(std::iter::empty()).unwrap();
        assert_eq!(none.split("<s>"), [Words("<s>")]);
    }
}
