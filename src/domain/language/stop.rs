//! Words too common to search by.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::stem;

/// Whether a folded English word, or its stem, says nothing about what a text is about.
pub fn is_stop_word(word: &str) -> bool {
    static STEMS: LazyLock<HashSet<String>> =
        LazyLock::new(|| STOP_WORDS.iter().map(|word| stem(word)).collect());
    STOP_WORDS.binary_search(&word).is_ok() || STEMS.contains(word)
}

/// Sorted. Words that ask (`how`, `what`), link and help; no word that names a thing, a quality or
/// a limit (`without`, `under`, `not` decide what a shopper wants).
const STOP_WORDS: &[&str] = &[
    "a", "about", "also", "am", "an", "and", "any", "are", "as", "at", "be", "been", "being",
    "but", "by", "can", "could", "did", "do", "does", "doing", "for", "from", "get", "give", "got",
    "had", "has", "have", "having", "he", "hello", "her", "here", "hers", "hey", "hi", "him",
    "his", "how", "i", "if", "in", "into", "is", "it", "its", "just", "know", "let", "like", "may",
    "me", "might", "mine", "my", "of", "oh", "ok", "okay", "on", "one", "or", "our", "ours",
    "please", "shall", "she", "should", "so", "some", "such", "tell", "than", "thank", "thanks",
    "that", "the", "their", "theirs", "them", "then", "there", "these", "they", "thing", "things",
    "this", "those", "to", "too", "us", "very", "want", "was", "we", "well", "were", "what",
    "when", "where", "which", "while", "who", "whom", "whose", "why", "will", "with", "would",
    "yes", "you", "your", "yours",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_so_that_it_can_be_searched() {
        assert!(STOP_WORDS.is_sorted());
        assert!(is_stop_word("the") && is_stop_word("yours") && is_stop_word("a"));
    }

    #[test]
    fn words_that_limit_or_name_are_kept() {
        for word in ["not", "no", "without", "under", "only", "lamp", "price", "return"] {
            assert!(!is_stop_word(word), "{word}");
        }
    }
}
