//! How a locale writes numbers, and how text is folded so that two spellings of one word meet.

mod locale;

pub use locale::{InvalidLocale, Locale};
