//! The words of a text, with their places.

use std::ops::Range;

use super::fold;

/// A word and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Folded, with its hyphens: `rt-210`, `two-year`.
    pub text: String,
    /// Bytes of the original text. The words of a contraction share their span.
    pub span: Range<usize>,
}

impl Word {
    /// The word without hyphens: `rt210` for `RT-210`.
    pub fn joined(&self) -> String {
        self.text.replace('-', "")
    }

    /// What its hyphens join: `rt` and `210`.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.text.split('-').filter(|part| !part.is_empty())
    }
}

/// The words of a text in order. Hyphenated words, model numbers and decimal numbers stay whole;
/// contractions are written out, so that `don't` shows its `not`; a possessive `'s` is dropped.
pub fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some(&(start, c)) = chars.peek() {
        if !c.is_alphanumeric() {
            chars.next();
            continue;
        }
        let end = word_end(text, start);
        while chars.next_if(|&(at, _)| at < end).is_some() {}
        push(&text[start..end], start..end, &mut words);
    }
    words
}

/// Where the word that starts here ends: letters, digits, and what joins them inside a word.
fn word_end(text: &str, start: usize) -> usize {
    let mut end = start;
    let mut previous = ' ';
    let mut chars = text[start..].chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied().unwrap_or(' ');
        let inside = match c {
            '\'' | '’' => previous.is_alphabetic() && next.is_alphabetic(),
            '-' | '\u{2010}' | '\u{2011}' => previous.is_alphanumeric() && next.is_alphanumeric(),
            '.' | ',' => previous.is_ascii_digit() && next.is_ascii_digit(),
            '\u{ad}' => next.is_alphabetic(),
            c => c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c),
        };
        if !inside {
            break;
        }
        end += c.len_utf8();
        previous = c;
    }
    end
}

fn push(original: &str, span: Range<usize>, words: &mut Vec<Word>) {
    let text = fold(original);
    match written_out(&text) {
        Some(parts) => {
            words.extend(parts.into_iter().map(|text| Word { text, span: span.clone() }));
        }
        None => words.push(Word { text, span }),
    }
}

/// The words of a contraction; `None` for what is none.
fn written_out(word: &str) -> Option<Vec<String>> {
    let two = |a: &str, b: &str| Some(vec![a.to_string(), b.to_string()]);
    match word {
        "can't" | "cannot" | "cant" => return two("can", "not"),
        "won't" => return two("will", "not"),
        "shan't" => return two("shall", "not"),
        "ain't" => return two("is", "not"),
        "let's" => return two("let", "us"),
        "o'clock" => return None,
        "dont" | "doesnt" | "didnt" | "isnt" | "arent" | "wasnt" | "hasnt" | "havent" => {
            return two(&word[..word.len() - 2], "not");
        }
        _ => {}
    }
    let (base, tail) = word.rsplit_once('\'')?;
    match tail {
        "t" => two(base.strip_suffix('n')?, "not"),
        "ll" => two(base, "will"),
        "re" => two(base, "are"),
        "ve" => two(base, "have"),
        "m" => two(base, "am"),
        "d" => two(base, "would"),
        "s" if is_subject(base) => two(base, "is"),
        "s" => Some(vec![base.to_string()]),
        _ => None,
    }
}

/// What `'s` stands after as `is`, not as a possessive.
fn is_subject(base: &str) -> bool {
    matches!(
        base,
        "it" | "that"
            | "this"
            | "there"
            | "here"
            | "what"
            | "who"
            | "where"
            | "how"
            | "when"
            | "he"
            | "she"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn words_are_folded_and_know_their_place() {
        let text = "Die Größe: 1.9 kg";
        let found = words(text);
        assert_eq!(texts(text), ["die", "grosse", "1.9", "kg"]);
        assert_eq!(&text[found[1].span.clone()], "Größe");
    }

    #[test]
    fn model_numbers_stay_whole_and_can_be_read_without_their_hyphens() {
        let found = words("the RT-210, a two‑year plan");
        assert_eq!(found[1].text, "rt-210");
        assert_eq!(found[1].joined(), "rt210");
        assert_eq!(found[1].parts().collect::<Vec<_>>(), ["rt", "210"]);
        assert_eq!(found[3].text, "two-year");
    }

    #[test]
    fn a_contraction_shows_its_negation() {
        assert_eq!(
            texts("We don't, can’t and won't"),
            ["we", "do", "not", "can", "not", "and", "will", "not"]
        );
        assert_eq!(texts("it isn't, it's"), ["it", "is", "not", "it", "is"]);
        assert_eq!(texts("dont"), ["do", "not"]);
    }

    #[test]
    fn a_possessive_is_the_word_itself() {
        assert_eq!(texts("the shop's lamps' price"), ["the", "shop", "lamps", "price"]);
        assert_eq!(texts("9 o'clock"), ["9", "o'clock"]);
    }

    #[test]
    fn punctuation_is_no_word() {
        assert_eq!(texts("- 50%, \"so\"… (1,299)"), ["50", "so", "1,299"]);
        assert!(words("").is_empty() && words("–—!").is_empty());
    }
}
