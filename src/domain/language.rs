//! How a locale writes numbers, how text is folded so that two spellings of one word meet, and
//! what values (prices, sizes, times) a text holds.

mod fold;
mod locale;
mod spoken;
mod stem;
mod stop;
pub mod values;
mod words;

pub use fold::fold;
pub use locale::{InvalidLocale, Locale};
pub use spoken::Language;
pub use stem::stem;
pub use stop::is_stop_word;
pub use words::{Word, words};
