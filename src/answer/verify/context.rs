//! Words whose neighbours decide what they are: "from" a price or a place, "before" a day or a
//! sale.

use super::claim::Item;
use super::lexicon::Marker;
use super::piece::{Part, Piece};
use super::reader::Reader;
use crate::domain::language::values::Kind;

impl Reader<'_> {
    /// Words whose neighbours decide what they are.
    pub fn in_context(&mut self, word: &str) -> bool {
        let next_is_moment = self.is_moment(self.at + 1);
        let next_is_value = self.value(self.at + 1).is_some();
        match word {
            "to" if self.joins_moments() => self.push(Item::Marker(Marker::Until, false), 1),
            "and" if self.joins_moments() && self.at > 1 && self.word(self.at - 2) == "between" => {
                self.push(Item::Marker(Marker::Until, false), 1);
            }
            "between" if next_is_moment => self.push(Item::Glue("in"), 1),
            "by" if next_is_moment => self.push(Item::Marker(Marker::Before, false), 1),
            "before" if self.ends_clause() && self.is_near_money() => {
                self.push(Item::Marker(Marker::Old, true), 1);
            }
            "previously" | "formerly" | "originally" | "regularly" | "normally" | "usually"
            | "rrp"
                if self.is_near_money() =>
            {
                self.push(Item::Marker(Marker::Old, false), 1);
            }
            "regular" | "normal" | "usual" | "original" | "old" | "former" | "previous"
                if self.is_near_money() && (next_is_value || self.word(self.at + 1) == "price") =>
            {
                self.push(Item::Marker(Marker::Old, false), 1);
            }
            "before" | "prior" => self.push(Item::Marker(Marker::Before, false), 1),
            "from" => self.from(next_is_moment, next_is_value),
            "a" | "an" if self.is_rate() => self.push(Item::Marker(Marker::Per, false), 1),
            // "our offer" is a promise, "we offer" is not.
            "offer" | "offers"
                if self.at > 0
                    && matches!(
                        self.word(self.at - 1),
                        "a" | "an"
                            | "the"
                            | "our"
                            | "this"
                            | "special"
                            | "on"
                            | "current"
                            | "these"
                    ) =>
            {
                self.push(Item::Content("offer".into()), 1);
            }
            _ => return false,
        }
        true
    }

    fn from(&mut self, next_is_moment: bool, next_is_value: bool) {
        let span_follows = next_is_moment
            && (self.word(self.at + 2) == "to"
                || self.word(self.at + 2) == "until"
                || matches!(self.pieces.get(self.at + 2), Some(Piece { part: Part::Dash, .. })));
        let is_range = matches!(self.value(self.at + 1), Some(Kind::Range(..)));
        let is_ours = matches!(self.word(self.at + 1), "us" | "our" | "here" | "the")
            && self.word(self.at + 1) != "the";
        let item = if span_follows || is_range || is_ours {
            Item::Glue("in")
        } else if next_is_value && !next_is_moment {
            Item::Marker(Marker::AtLeast, false)
        } else {
            Item::Marker(Marker::From, false)
        };
        self.push(item, 1);
    }

    /// `€5 a month`: an article between a value and a word of time or measure.
    fn is_rate(&self) -> bool {
        let next = self.word(self.at + 1);
        self.at > 0
            && (self.value(self.at - 1).is_some()
                || matches!(self.word(self.at - 1), "once" | "twice" | "times"))
            && matches!(
                next,
                "day"
                    | "week"
                    | "month"
                    | "year"
                    | "hour"
                    | "minute"
                    | "night"
                    | "piece"
                    | "person"
                    | "kilo"
                    | "kg"
                    | "litre"
                    | "metre"
                    | "pair"
                    | "pack"
                    | "set"
            )
    }

    fn ends_clause(&self) -> bool {
        !matches!(
            self.pieces.get(self.at + 1).map(|piece| &piece.part),
            Some(Part::Word(_) | Part::Value(_))
        )
    }

    /// Whether a price is what a word such as "regular" is about: the next value is one, or
    /// none follows and the last is one, as far as marks and "and" show clauses.
    fn is_near_money(&self) -> bool {
        let inside = |piece: &&Piece| match &piece.part {
            Part::Stop | Part::Comma => false,
            Part::Word(word) => word != "and",
            _ => true,
        };
        let value = |piece: &Piece| match &piece.part {
            Part::Value(kind) => Some(!kind.money().is_empty()),
            _ => None,
        };
        let next = self.pieces[self.at..].iter().take_while(inside).find_map(value);
        let last = || self.pieces[..self.at].iter().rev().take_while(inside).find_map(value);
        next.or_else(last).unwrap_or(false)
    }
}
