//! From text to the terms of the index, in the shop's language: lower case, without accents,
//! stemmed.
//!
//! Stop words stay in the index and are left out of questions instead, so that a question made
//! of nothing else still finds something.

use std::collections::HashSet;

use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RawTokenizer, RemoveLongFilter, Stemmer,
    StopWordFilter, TextAnalyzer, TokenizerManager,
};

use super::tokenizer::Words;
use crate::domain::language::Locale;

/// Longer words are keys and addresses.
const MAX_WORD_BYTES: usize = 64;

/// English words that ask or point, and say nothing about a shop; tantivy's own list has only
/// the articles, conjunctions and prepositions.
const ASKING: &str = "about am any anything been can could did do does doing dont done from get \
    got had has have hello hi how i id if ill im is isnt it its ive just let lets me more \
    much must my of our ours please shall should so some something than thank thanks that \
    them theres those too us very was we were what whats when where which while who whom whose \
    why will would yes you your yours";

/// Analyses text in one language.
#[derive(Clone)]
pub(super) struct Analysis {
    stems: TextAnalyzer,
    surface: TextAnalyzer,
    stemmer: TextAnalyzer,
    stop: Option<TextAnalyzer>,
    asking: HashSet<&'static str>,
    language: String,
}

/// A word as it stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// In lower case, without accents.
    pub surface: String,
    /// As the index has it.
    pub stem: String,
    /// Its place among the words of the text.
    pub position: usize,
    /// How many words it joins; 1 for one that stands alone.
    pub joins: usize,
}

impl Analysis {
    /// The name under which fields of stemmed text are analysed.
    pub const STEMS: &str = "stems";
    /// The same without stemming.
    pub const SURFACE: &str = "surface";

    /// For the locale's language; one that tantivy does not know is not stemmed.
    pub fn new(locale: &Locale) -> Self {
        let language = language(locale.language());
        let english = language == Some(Language::English);
        let base = || {
            TextAnalyzer::builder(Words::new(english))
                .filter(RemoveLongFilter::limit(MAX_WORD_BYTES))
                .filter(LowerCaser)
                .filter(AsciiFoldingFilter)
                .dynamic()
        };
        let raw = || TextAnalyzer::builder(RawTokenizer::default()).dynamic();
        let (stems, stemmer) = match language {
            Some(language) => (
                base().filter_dynamic(Stemmer::new(language)).build(),
                raw().filter_dynamic(Stemmer::new(language)).build(),
            ),
            None => (base().build(), raw().build()),
        };
        let stop = language.and_then(StopWordFilter::new);
        Self {
            stems,
            surface: base().build(),
            stemmer,
            stop: stop.map(|filter| raw().filter_dynamic(filter).build()),
            asking: if english { ASKING.split_whitespace().collect() } else { HashSet::new() },
            language: locale.language().to_ascii_lowercase(),
        }
    }

    /// The language's code.
    pub fn language(&self) -> &str {
        &self.language
    }

    /// The analysers by name, for the index.
    pub fn manager(&self) -> TokenizerManager {
        let manager = TokenizerManager::new();
        manager.register(Self::STEMS, self.stems.clone());
        manager.register(Self::SURFACE, self.surface.clone());
        manager
    }

    /// The words of a text, stop words and joined ones too.
    pub fn words(&self, text: &str) -> Vec<Word> {
        let mut words = Vec::new();
        let mut surface = self.surface.clone();
        let mut stemmer = self.stemmer.clone();
        surface.token_stream(text).process(&mut |token| {
            words.push(Word {
                surface: token.text.clone(),
                stem: first(&mut stemmer, &token.text).unwrap_or_else(|| token.text.clone()),
                position: token.position,
                joins: token.position_length,
            });
        });
        words
    }

    /// The term of a word that stands in a text.
    pub fn stem(&self, surface: &str) -> String {
        first(&mut self.stemmer.clone(), surface).unwrap_or_else(|| surface.to_string())
    }

    /// Whether the word is too common in the language to say anything.
    pub fn is_stop(&self, surface: &str) -> bool {
        self.asking.contains(surface)
            || self.stop.as_ref().is_some_and(|stop| first(&mut stop.clone(), surface).is_none())
    }
}

fn first(analyzer: &mut TextAnalyzer, text: &str) -> Option<String> {
    let mut stream = analyzer.token_stream(text);
    stream.advance().then(|| stream.token().text.clone())
}

fn language(code: &str) -> Option<Language> {
    Some(match code.to_ascii_lowercase().as_str() {
        "ar" => Language::Arabic,
        "da" => Language::Danish,
        "de" => Language::German,
        "el" => Language::Greek,
        "en" => Language::English,
        "es" => Language::Spanish,
        "fi" => Language::Finnish,
        "fr" => Language::French,
        "hu" => Language::Hungarian,
        "it" => Language::Italian,
        "nb" | "nn" | "no" => Language::Norwegian,
        "nl" => Language::Dutch,
        "pt" => Language::Portuguese,
        "ro" => Language::Romanian,
        "ru" => Language::Russian,
        "sv" => Language::Swedish,
        "tr" => Language::Turkish,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems(tag: &str, text: &str) -> Vec<String> {
        let analysis = Analysis::new(&Locale::new(tag).expect("known"));
        analysis.words(text).into_iter().map(|word| word.stem).collect()
    }

    #[test]
    fn words_become_terms_of_their_language() {
        assert_eq!(
            stems("en-IE", "Sleeping bags at the Café"),
            ["sleep", "bag", "at", "the", "cafe"]
        );
        assert_eq!(stems("de-DE", "Größe der Zelte"), stems("de-DE", "grosse der zelt"));
        assert_eq!(stems("ja-JP", "Tents"), ["tents"]);
    }

    #[test]
    fn asking_words_are_stop_words() {
        let analysis = Analysis::new(&Locale::new("en").expect("known"));
        assert!(["the", "do", "you", "whats"].iter().all(|word| analysis.is_stop(word)));
        assert!(!analysis.is_stop("tent"));
        assert!(Analysis::new(&Locale::new("de").expect("known")).is_stop("und"));
    }
}
