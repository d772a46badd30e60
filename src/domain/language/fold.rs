//! One spelling for everything that readers take for the same letters.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The text in its folded spelling: compatibility forms resolved (NFKD), lower case, no
/// diacritics, straight quotes, plain hyphens and spaces. `Café ½ l “To‑go”` and
/// `cafe 1/2 l "to-go"` fold to the same string.
///
/// Runs of white space stay as they are, one plain space for each of their characters.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let c = match c {
            // Compatibility would make a space and an accent of it, and two primes of the other.
            '´' => '\'',
            '″' => '"',
            c => c,
        };
        if matches!(c, '¼'..='¾' | '⅐'..='⅞') {
            // `2½` is not `21/2`.
            out.push(' ');
        }
        let letters = std::iter::once(c).nfkd().flat_map(char::to_lowercase);
        letters.filter(|c| !is_combining_mark(*c)).for_each(|c| push(c, &mut out));
    }
    out
}

fn push(c: char, out: &mut String) {
    match c {
        'ß' => out.push_str("ss"),
        'æ' => out.push_str("ae"),
        'œ' => out.push_str("oe"),
        'ø' => out.push('o'),
        'ł' => out.push('l'),
        'đ' => out.push('d'),
        'ı' => out.push('i'),
        '‘' | '’' | '‚' | '‛' | '′' | 'ʼ' | '`' => out.push('\''),
        '“' | '”' | '„' | '‟' | '«' | '»' => out.push('"'),
        '\u{2010}'..='\u{2015}' | '−' => out.push('-'),
        '\u{2044}' => out.push('/'),
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => {}
        c if c.is_whitespace() => out.push(' '),
        c => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_that_readers_take_for_the_same_fold_to_the_same() {
        for (text, folded) in [
            ("Café “To‑go”", "cafe \"to-go\""),
            ("STRAẞE Straße", "strasse strasse"),
            ("don’t", "don't"),
            ("2½ l", "2 1/2 l"),
            ("5\u{a0}m²", "5 m2"),
            ("naïve ŁÓDŹ smørrebrød", "naive lodz smorrebrod"),
            ("ﬁne…", "fine..."),
            ("a\u{200b}b – c", "ab - c"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn folding_twice_changes_nothing_more() {
        for text in ["Ǆ İstanbul ™ ㎏ Ⅳ", "¾ cup", "″ ‟ ´"] {
            assert_eq!(fold(&fold(text)), fold(text), "{text}");
        }
    }
}
