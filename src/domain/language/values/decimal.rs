//! Exact decimal numbers.

use std::fmt;

use crate::domain::language::Locale;

/// A decimal number in millionths: exact where a shop's numbers are, and comparable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(i64);

const ONE: i64 = 1_000_000;

impl Decimal {
    /// From millionths.
    pub const fn from_millionths(millionths: i64) -> Self {
        Self(millionths)
    }

    /// In millionths.
    pub const fn millionths(self) -> i64 {
        self.0
    }

    /// `numerator / denominator`, rounded to millionths; `None` when that is no such number.
    pub fn ratio(numerator: i64, denominator: i64) -> Option<Self> {
        let scaled = i128::from(numerator) * i128::from(ONE);
        let quotient = scaled.checked_div(i128::from(denominator))?;
        i64::try_from(quotient).ok().map(Self)
    }

    /// A whole number.
    pub fn whole(number: i64) -> Option<Self> {
        number.checked_mul(ONE).map(Self)
    }

    /// The whole number it is, if it is one.
    pub fn as_whole(self) -> Option<i64> {
        (self.0 % ONE == 0).then_some(self.0 / ONE)
    }

    /// The sum, if it fits.
    pub fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The product to the nearest millionth, if it fits.
    pub fn times(self, other: Self) -> Option<Self> {
        let product = i128::from(self.0) * i128::from(other.0);
        let half = i128::from(ONE / 2) * product.signum();
        i64::try_from((product + half) / i128::from(ONE)).ok().map(Self)
    }

    /// The number with the other sign.
    pub fn negated(self) -> Self {
        Self(-self.0)
    }

    /// Reads digits with grouping and decimal signs. Where both `.` and `,` occur the last is the
    /// decimal sign, a sign that comes twice groups; a lone sign before exactly three digits is
    /// read as the locale has it, any other lone sign is decimal.
    pub fn read(digits: &str, locale: &Locale) -> Option<Self> {
        let signs: Vec<(usize, char)> =
            digits.char_indices().filter(|(_, c)| !c.is_ascii_digit()).collect();
        let decimal_at = match signs.as_slice() {
            [] => None,
            [(at, sign)] => {
                let grouped = digits.len() - at - sign.len_utf8() == 3
                    && !digits.starts_with('0')
                    && *sign != locale.decimal();
                (matches!(sign, '.' | ',') && !grouped).then_some(*at)
            }
            [.., (_, before), (at, last)] => {
                (matches!(last, '.' | ',') && before != last).then_some(*at)
            }
        };
        let (whole, fraction) = match decimal_at {
            Some(at) => (&digits[..at], &digits[at + 1..]),
            None => (digits, ""),
        };
        let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
        let whole = Self::whole(whole.parse().ok()?)?;
        let millionths: String = fraction.chars().chain("000000".chars()).take(6).collect();
        whole.plus(Self(millionths.parse().ok()?))
    }
}

/// As `1.9`, without trailing zeros.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (self.0.unsigned_abs() / 1_000_000, self.0.unsigned_abs() % 1_000_000);
        let fraction = format!("{rest:06}");
        match fraction.trim_end_matches('0') {
            "" => write!(f, "{sign}{whole}"),
            fraction => write!(f, "{sign}{whole}.{fraction}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(digits: &str, locale: &str) -> String {
        let locale = Locale::new(locale).expect("known");
        Decimal::read(digits, &locale).expect(digits).to_string()
    }

    #[test]
    fn a_lone_sign_before_three_digits_is_read_as_the_locale_has_it() {
        assert_eq!(read("1.299", "en-IE"), "1.299");
        assert_eq!(read("1.299", "de-DE"), "1299");
        assert_eq!(read("1,299", "en-IE"), "1299");
        assert_eq!(read("1,299", "de-DE"), "1.299");
        assert_eq!(read("0.125", "de-DE"), "0.125");
    }

    #[test]
    fn every_other_spelling_reads_the_same_everywhere() {
        for locale in ["en-IE", "de-DE", "fr-FR", "de-CH"] {
            assert_eq!(read("49.90", locale), "49.9");
            assert_eq!(read("49,90", locale), "49.9");
            assert_eq!(read("1,299.00", locale), "1299");
            assert_eq!(read("1.299,50", locale), "1299.5");
            assert_eq!(read("1'299.50", locale), "1299.5");
            assert_eq!(read("1\u{202f}299", locale), "1299");
            assert_eq!(read("1.299.000", locale), "1299000");
        }
    }

    #[test]
    fn products_are_exact_or_refused() {
        let decimal = |millionths| Decimal::from_millionths(millionths);
        assert_eq!(decimal(1_900_000).times(decimal(1_000_000_000)), Some(decimal(1_900_000_000)));
        assert_eq!(Decimal::whole(i64::MAX), None);
        assert_eq!(decimal(-500_000).to_string(), "-0.5");
    }
}
