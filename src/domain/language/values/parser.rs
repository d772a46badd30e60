//! From tokens to values: at each token the longest reading that fits, then ranges.

use super::amount::{Amount, amount_at, below_hundred};
use super::calendar::date_at;
use super::cash::{money_at, sign};
use super::clock::clock_at;
use super::code::{code_at, name_at};
use super::lexer::{Token, TokenKind, tokens};
use super::unit::{Unit, unit_at};
use super::{Decimal, Dimension, Kind, Quantity, Reading, Value};

/// A value over tokens `from..next`.
struct Found {
    kind: Kind,
    unit: Option<Unit>,
    from: usize,
    next: usize,
}

struct Parser<'t> {
    tokens: Vec<Token<'t>>,
    reading: &'t Reading,
}

pub(super) fn parse(text: &str, reading: &Reading) -> Vec<Value> {
    let parser = Parser { tokens: tokens(text, &reading.locale), reading };
    let mut found: Vec<Found> = Vec::new();
    let mut at = 0;
    while at < parser.tokens.len() {
        if let Some(next) = parser.name_at(at) {
            at = next;
        } else if let Some(value) = parser.value_at(at, found.last()) {
            at = value.next;
            parser.push(value, &mut found);
        } else {
            at += 1;
        }
    }
    let span = |value: &Found| {
        parser.tokens[value.from].span.start..parser.tokens[value.next - 1].span.end
    };
    found.iter().map(|value| Value { span: span(value), kind: value.kind.clone() }).collect()
}

impl Parser<'_> {
    fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| &token.word)
    }

    fn name_at(&self, at: usize) -> Option<usize> {
        let glued_to_sign =
            |t: &Token| t.glued && matches!(self.tokens[at - 1].kind, TokenKind::Word);
        if at > 0 && glued_to_sign(&self.tokens[at]) {
            return None;
        }
        if code_at(&self.tokens, at).is_some() {
            return None;
        }
        name_at(&self.tokens, at, |token| sign(token, self.reading).is_some())
    }

    fn value_at(&self, at: usize, last: Option<&Found>) -> Option<Found> {
        let plain = |kind, next| Found { kind, unit: None, from: at, next };
        if let Some((kind, next)) = date_at(&self.tokens, at, &self.reading.locale) {
            return Some(plain(kind, next));
        }
        if let Some((minutes, next)) = clock_at(&self.tokens, at) {
            return Some(plain(Kind::Clock(minutes), next));
        }
        if let Some((digits, next)) = code_at(&self.tokens, at) {
            return Some(plain(Kind::Code(digits), next));
        }
        if let Some((money, next)) = money_at(&self.tokens, at, self.reading) {
            return Some(plain(Kind::Money(money), next));
        }
        if let Some((sides, next)) = self.size_at(at) {
            return Some(plain(Kind::Size(sides), next));
        }
        self.ordinal_at(at)
            .map(|(ordinal, next)| plain(Kind::Ordinal(ordinal), next))
            .or_else(|| self.with_article(at, last))
            .or_else(|| self.counted(at))
    }

    /// A number with its unit, or on its own.
    fn counted(&self, at: usize) -> Option<Found> {
        let (sign, at_number) = self.minus(at);
        let amount = amount_at(&self.tokens, at_number, &self.reading.locale)?;
        let number = if sign { amount.number.negated() } else { amount.number };
        if let Some((unit, next)) = self.unit_after(&amount)
            && let Some(quantity) = unit.of(number)
        {
            return Some(Found {
                kind: Kind::Quantity(quantity),
                unit: Some(unit),
                from: at,
                next,
            });
        }
        if amount.is_half || (amount.is_one && !self.one_counts(at_number)) {
            return None;
        }
        Some(Found { kind: Kind::Number(number), unit: None, from: at, next: amount.next })
    }

    /// Whether a minus stands here, and where the number then starts.
    fn minus(&self, at: usize) -> (bool, usize) {
        let is_number =
            |at: usize| self.tokens.get(at).is_some_and(|t| t.kind == TokenKind::Number);
        let token = &self.tokens[at];
        let free = !token.glued || self.tokens[at - 1].is('(');
        let dash = token.is('-') && free && self.tokens.get(at + 1).is_some_and(|t| t.glued);
        let said = token.word == "minus";
        if (dash || said) && is_number(at + 1) { (true, at + 1) } else { (false, at) }
    }

    /// The unit after an amount, with or without a hyphen between.
    fn unit_after(&self, amount: &Amount) -> Option<(Unit, usize)> {
        let hyphen = self.tokens.get(amount.next).is_some_and(|t| t.is('-') && t.glued)
            && self.tokens.get(amount.next + 1).is_some_and(|t| t.glued && !t.word.is_empty());
        let at = amount.next + usize::from(hyphen);
        if self.tokens.get(at)?.is('"') && self.quote_is_open(at) {
            return None;
        }
        let pounds = self.reading.currency.is_some_and(|own| own.code() == "GBP");
        unit_at(&self.tokens, at, pounds)
    }

    /// Whether a quotation began before this mark: then it closes, and is no inch.
    fn quote_is_open(&self, at: usize) -> bool {
        let opens =
            |i: usize| self.tokens[i].is('"') && !(self.tokens[i].glued && self.ends_number(i));
        (0..at).filter(|i| opens(*i)).count() % 2 == 1
    }

    fn ends_number(&self, at: usize) -> bool {
        at > 0 && matches!(self.tokens[at - 1].kind, TokenKind::Number | TokenKind::Fraction(_))
    }

    /// `one` counts before the name of a thing, not where it stands for one: `this one`, `one of`.
    fn one_counts(&self, at: usize) -> bool {
        const POINTING: [&str; 12] = [
            "this", "that", "the", "which", "each", "every", "any", "another", "no", "other",
            "new", "only",
        ];
        const VERBS: [&str; 14] = [
            "another", "costs", "cost", "comes", "takes", "weighs", "holds", "fits", "works",
            "sleeps", "includes", "needs", "lasts", "closes",
        ];
        let before = at.checked_sub(1).map_or("", |before| self.word(before));
        let next = self.word(at + 1);
        let names_thing = !next.is_empty()
            && next != "of"
            && !VERBS.contains(&next)
            && !crate::domain::language::is_stop_word(next);
        !POINTING.contains(&before) && names_thing
    }

    /// `a week` counts one week, `€5 a week` and `once a week` do not.
    fn with_article(&self, at: usize, last: Option<&Found>) -> Option<Found> {
        if !matches!(self.word(at), "a" | "an") || self.word(at + 1) == "second" {
            return None;
        }
        let half = usize::from(self.word(at + 1) == "half");
        let (unit, next) = unit_at(&self.tokens, at + 1 + half, false)?;
        let before = at.checked_sub(1).map_or("", |before| self.word(before));
        let is_rate = matches!(before, "once" | "twice" | "times")
            || last.is_some_and(|last| last.next == at);
        if is_rate || !unit.counts_with_article() || self.word(next) == "of" {
            return None;
        }
        let number = Decimal::ratio(1, if half == 1 { 2 } else { 1 })?;
        let kind = Kind::Quantity(unit.of(number)?);
        Some(Found { kind, unit: Some(unit), from: at, next })
    }

    /// `42 x 16 cm`, `42 cm by 16 cm`, `1920×1080`: sides with units of length, or with none.
    fn size_at(&self, at: usize) -> Option<(Vec<Quantity>, usize)> {
        let mut sides: Vec<(Decimal, Option<Unit>)> = Vec::new();
        let mut next = at;
        loop {
            let amount = amount_at(&self.tokens, next, &self.reading.locale)
                .filter(|_| self.tokens[next].kind == TokenKind::Number)?;
            let unit = self.unit_after(&amount).filter(|(unit, _)| {
                matches!(unit.dimension, Dimension::Length | Dimension::Pixels)
            });
            next = unit.map_or(amount.next, |(_, next)| next);
            sides.push((amount.number, unit.map(|(unit, _)| unit)));
            let is_by = self
                .tokens
                .get(next)
                .is_some_and(|t| t.is('×') || matches!(t.word.as_str(), "x" | "by"));
            let number_follows =
                self.tokens.get(next + 1).is_some_and(|t| t.kind == TokenKind::Number);
            if !(is_by && number_follows) {
                break;
            }
            next += 1;
        }
        let last = sides.last()?.1;
        // `2 x 5 kg` is two of something, not a size.
        let other_unit = self.tokens[next - 1].kind == TokenKind::Number
            && self
                .unit_after(&Amount {
                    number: Decimal::default(),
                    next,
                    is_one: false,
                    is_half: false,
                })
                .is_some();
        if sides.len() < 2 || other_unit {
            return None;
        }
        let side = |(number, unit): (Decimal, Option<Unit>)| match unit.or(last) {
            Some(unit) => unit.of(number),
            None => Some(Quantity { amount: number, dimension: Dimension::Count }),
        };
        Some((sides.into_iter().map(side).collect::<Option<_>>()?, next))
    }

    /// `2nd`, `second`; a second after a number is a time.
    fn ordinal_at(&self, at: usize) -> Option<(u32, usize)> {
        const ORDINALS: [&str; 12] = [
            "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
            "tenth", "eleventh", "twelfth",
        ];
        let token = &self.tokens[at];
        if let Some(digits) = token.digits() {
            let suffix = self.tokens.get(at + 1).filter(|t| t.glued)?;
            let is_ordinal = matches!(suffix.word.as_str(), "st" | "nd" | "rd" | "th");
            return is_ordinal.then_some((digits.parse().ok()?, at + 2));
        }
        let hyphen_follows = self.tokens.get(at + 1).is_some_and(|t| t.is('-') && t.glued);
        let place = ORDINALS.iter().position(|known| *known == token.word)?;
        let before = at.checked_sub(1).map_or("", |before| self.word(before));
        let is_time = token.word == "second"
            && (matches!(before, "a" | "per") || below_hundred(before).is_some());
        (!hyphen_follows && !is_time).then_some((u32::try_from(place + 1).ok()?, at + 1))
    }

    /// Adds a value, as the upper end of a range where it is one.
    fn push(&self, value: Found, found: &mut Vec<Found>) {
        let range = found.last().and_then(|lower| self.range(lower, &value));
        match range {
            Some(range) => {
                found.pop();
                found.push(range);
            }
            None => found.push(value),
        }
    }

    fn range(&self, lower: &Found, upper: &Found) -> Option<Found> {
        let [between] = &self.tokens[lower.next..upper.from.max(lower.next)] else { return None };
        let after_between = lower.from > 0 && self.word(lower.from - 1) == "between";
        let joins =
            between.is('-') || between.word == "to" || (between.word == "and" && after_between);
        let (from, to) = same_kind(lower, upper)?;
        let ascending = match (&from, &to) {
            (Kind::Money(a), Kind::Money(b)) => a.currency == b.currency && a.minor < b.minor,
            (Kind::Quantity(a), Kind::Quantity(b)) => a < b,
            (Kind::Number(a), Kind::Number(b)) => a < b,
            _ => false,
        };
        (joins && ascending).then(|| Found {
            kind: Kind::Range(Box::new(from), Box::new(to)),
            unit: upper.unit,
            from: lower.from - usize::from(after_between),
            next: upper.next,
        })
    }
}

/// Both ends as one kind: in `2-3 days` and `€10-20` one end lends its unit to the other.
fn same_kind(lower: &Found, upper: &Found) -> Option<(Kind, Kind)> {
    let money = |number: Decimal, like: &crate::domain::money::Money| {
        let unit = Decimal::whole(10_i64.pow(like.currency.minor_digits()))?;
        let minor = number.times(unit)?.as_whole()?;
        Some(Kind::Money(crate::domain::money::Money { minor, currency: like.currency }))
    };
    match (&lower.kind, &upper.kind) {
        (Kind::Number(number), Kind::Quantity(_)) => {
            Some((Kind::Quantity(upper.unit?.of(*number)?), upper.kind.clone()))
        }
        (Kind::Number(number), Kind::Money(like)) => {
            Some((money(*number, like)?, upper.kind.clone()))
        }
        (Kind::Money(like), Kind::Number(number)) => {
            Some((lower.kind.clone(), money(*number, like)?))
        }
        (Kind::Money(_), Kind::Money(_))
        | (Kind::Quantity(_), Kind::Quantity(_))
        | (Kind::Number(_), Kind::Number(_)) => Some((lower.kind.clone(), upper.kind.clone())),
        _ => None,
    }
}
