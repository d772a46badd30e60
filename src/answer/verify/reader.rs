//! From pieces to items: phrases first, then words by their neighbours, then words by themselves.

use super::claim::Item;
use super::lexicon::{Class, Marker, class, glue};
use super::phrase::{Meaning, PHRASES, Place};
use super::piece::{Part, Piece};
use super::thesaurus::{canonical, denied, doable, is_month, is_weekday};
use crate::domain::language::values::Kind;

/// The items of a text, each with the piece it came from.
pub(super) fn items(pieces: &[Piece]) -> Vec<(usize, Item)> {
    let mut reader = Reader { pieces, at: 0, items: Vec::new() };
    while reader.at < pieces.len() {
        reader.step();
    }
    reader.items
}

pub(super) struct Reader<'p> {
    pub pieces: &'p [Piece],
    pub at: usize,
    /// With the piece each came from.
    items: Vec<(usize, Item)>,
}

impl Reader<'_> {
    pub fn push(&mut self, item: Item, len: usize) {
        self.items.push((self.at, item));
        self.at += len;
    }

    pub fn word(&self, at: usize) -> &str {
        match self.pieces.get(at).map(|piece| &piece.part) {
            Some(Part::Word(word)) => word,
            _ => "",
        }
    }

    pub fn value(&self, at: usize) -> Option<&Kind> {
        match self.pieces.get(at).map(|piece| &piece.part) {
            Some(Part::Value(kind)) => Some(kind),
            _ => None,
        }
    }

    /// Clock times, dates, weekdays and months: what a span of time runs between.
    pub fn is_moment(&self, at: usize) -> bool {
        matches!(self.value(at), Some(Kind::Clock(_) | Kind::Date { .. }))
            || is_weekday(&canonical(self.word(at)))
            || is_month(self.word(at))
    }

    /// Whether a capital letter inside a sentence makes the word a name.
    fn is_name(&self) -> bool {
        let starts = self.at == 0
            || matches!(self.pieces[self.at - 1].part, Part::Stop | Part::Comma | Part::Dash);
        self.pieces[self.at].capital && !starts
    }

    fn starts_sentence(&self) -> bool {
        self.at == 0 || matches!(self.pieces[self.at - 1].part, Part::Stop)
    }

    fn step(&mut self) {
        match self.pieces[self.at].part.clone() {
            Part::Value(kind) => self.push(Item::Value(kind), 1),
            Part::Link => self.push(Item::Link(self.pieces[self.at].text.clone()), 1),
            // A name may contain any word: "Juno Max", "Only Curls", "No 5".
            Part::Word(word) if self.is_name() && glue(&word).is_none() => {
                self.push(Item::Content(canonical(&word)), 1);
            }
            Part::Word(word) => {
                let done = self.answer(&word) || self.phrase() || self.in_context(&word);
                if !done {
                    self.single(&word);
                }
            }
            Part::Dash if self.joins_moments() => self.push(Item::Marker(Marker::Until, false), 1),
            Part::Slash if self.at > 0 && self.value(self.at - 1).is_some() => {
                self.push(Item::Marker(Marker::Per, false), 1);
            }
            part => self.push(Item::Break(part), 1),
        }
    }

    pub fn joins_moments(&self) -> bool {
        self.at > 0 && self.is_moment(self.at - 1) && self.is_moment(self.at + 1)
    }

    /// A yes, a no, or regret where a sentence begins.
    fn answer(&mut self, word: &str) -> bool {
        let regret = matches!(word, "unfortunately" | "sadly" | "sorry" | "regrettably");
        if regret {
            self.push(Item::Regret, 1);
            return true;
        }
        if word == "indeed" {
            self.push(Item::Yes, 1);
            return true;
        }
        if !self.starts_sentence() {
            return false;
        }
        let next = self.word(self.at + 1);
        let yes = matches!(
            word,
            "yes"
                | "yeah"
                | "yep"
                | "sure"
                | "certainly"
                | "absolutely"
                | "definitely"
                | "correct"
                | "right"
        );
        let stands_alone = next.is_empty() && self.value(self.at + 1).is_none();
        let begins_clause = matches!(
            next,
            "the"
                | "it"
                | "this"
                | "that"
                | "these"
                | "they"
                | "we"
                | "you"
                | "our"
                | "there"
                | "unfortunately"
                | "sorry"
        );
        if yes {
            self.push(Item::Yes, 1);
        } else if matches!(word, "no" | "nope") && (stands_alone || begins_clause) {
            self.push(Item::No, 1);
        } else {
            return false;
        }
        true
    }

    fn phrase(&mut self) -> bool {
        let fits = |words: &[&str]| {
            words.iter().enumerate().all(|(i, word)| self.word(self.at + i) == *word)
        };
        let in_place = |place: Place, len: usize| {
            // "over a year", "up to the 2 kg": an article may stand before the value.
            let article =
                usize::from(matches!(self.word(self.at + len), "a" | "an" | "the" | "only"));
            let next = self.value(self.at + len + article);
            match place {
                Place::Anywhere => true,
                Place::BeforeWord => next.is_none(),
                Place::BeforeValue => next.is_some(),
                Place::BeforeMoney => next.is_some_and(|kind| !kind.money().is_empty()),
                // "50 kg or more", and "five lessons or more".
                Place::AfterValue => {
                    let number = |at: usize| matches!(self.value(at), Some(Kind::Number(_)));
                    self.at > 0 && self.value(self.at - 1).is_some()
                        || self.at > 1 && number(self.at - 2) && !self.word(self.at - 1).is_empty()
                }
            }
        };
        let found =
            PHRASES.iter().find(|(words, place, _)| fits(words) && in_place(*place, words.len()));
        let Some((words, _, meaning)) = found else { return false };
        let len = words.len();
        let at = self.at;
        match *meaning {
            Meaning::Marker(marker) => self.push(Item::Marker(marker, false), len),
            Meaning::Postfix(marker) => self.push(Item::Marker(marker, true), len),
            Meaning::Content(word) => self.push(Item::Content(word.into()), len),
            Meaning::Glue(lemma) => self.push(Item::Glue(lemma), len),
            Meaning::Yes => self.push(Item::Yes, len),
            Meaning::Regret => self.push(Item::Regret, len),
            Meaning::Denied(word) => {
                self.items.push((at, Item::Not));
                self.push(Item::Content(word.into()), len);
            }
            Meaning::NotAnd(marker) => {
                self.items.push((at, Item::Not));
                self.push(Item::Marker(marker, false), len);
            }
            Meaning::ContentThen(word, marker) => {
                self.items.push((at, Item::Content(word.into())));
                self.push(Item::Marker(marker, false), len);
            }
        }
        true
    }

    fn single(&mut self, word: &str) {
        if let Some(base) = denied(word) {
            self.items.push((self.at, Item::Not));
            return self.positive(base);
        }
        self.positive(word);
    }

    fn positive(&mut self, word: &str) {
        if let Some(stem) = doable(word) {
            self.items.push((self.at, Item::Marker(Marker::Can, false)));
            return self.push(Item::Content(stem.into()), 1);
        }
        let item = match class(word) {
            Class::Content(word) => Item::Content(word),
            Class::Glue(lemma) => Item::Glue(lemma),
            Class::Marker(marker) => Item::Marker(marker, false),
            Class::Not => Item::Not,
        };
        self.push(item, 1);
    }
}
