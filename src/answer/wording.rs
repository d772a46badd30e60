//! The facts' own words: sentences that are complete and true as they stand, and the few fixed lines
//! of the bot. Every value is formatted for the shop's readers here and nowhere else.

pub mod fixed;
pub mod ways;

use super::attributes::spoken;
use crate::domain::language::Locale;
use crate::domain::reply::{Card, Source};
use crate::domain::time::Instant;
use crate::knowledge::catalogue::{Availability, Product};

pub use crate::knowledge::rows;

/// "The Ridge 2 Tent", unless the title brings an article of its own.
pub fn the(title: &str) -> String {
    let first = title.split_whitespace().next().unwrap_or_default().to_lowercase();
    if matches!(first.as_str(), "the" | "a" | "an" | "my" | "our") {
        title.to_string()
    } else {
        format!("The {title}")
    }
}

/// The same within a sentence.
pub fn the_inner(title: &str) -> String {
    match the(title).strip_prefix("The ") {
        Some(rest) if !title.starts_with("The ") => format!("the {rest}"),
        _ => title.to_string(),
    }
}

/// What it costs, and what it cost before a sale.
pub fn price(product: &Product, name: &str, at: Instant, locale: &Locale) -> Option<String> {
    let price = product.price_at(at)?;
    let now = price.format(locale);
    Some(match product.price {
        Some(was) if was != price => {
            format!("{} is on sale for {now}, reduced from {}.", the(name), was.format(locale))
        }
        _ => format!("{} costs {now}.", the(name)),
    })
}

/// Whether it can be had.
pub fn stock(product: &Product, name: &str) -> Option<String> {
    Some(match product.availability? {
        Availability::InStock => format!("{} is in stock.", the(name)),
        Availability::OutOfStock => format!("{} is out of stock at the moment.", the(name)),
        Availability::Preorder => {
            format!("{} is not in stock yet, but you can pre-order it.", the(name))
        }
        Availability::Backorder => {
            format!(
                "{} is not in stock, but you can order it and we send it when it is back.",
                the(name)
            )
        }
    })
}

/// One column of a product.
pub fn attribute(name: &str, column: &str, value: &str) -> String {
    let the = the(name);
    let yes = ["yes", "true", "y"].contains(&value.to_lowercase().as_str());
    let no = ["no", "false", "n", "none"].contains(&value.to_lowercase().as_str());
    let column_words = spoken(column);
    match column {
        _ if yes => format!("{the}: {column_words}, yes."),
        _ if no => format!("{the}: {column_words}, no."),
        "weight" => format!("{the} weighs {value}."),
        "material" => format!("{the} is made of {value}."),
        "brand" => format!("{the} is made by {value}."),
        "color" => format!("{the} comes in {value}."),
        "warranty" => format!("{the} has a warranty of {value}."),
        "gender" => format!("{the} is made for {value}."),
        "persons" => {
            format!("{the} is made for {value} {}.", if value == "1" { "person" } else { "people" })
        }
        _ => format!("The {column_words} of {} is {value}.", the_inner(name)),
    }
}

/// What a product's page says, as a sentence that names the product.
pub fn about(name: &str, sentence: &str) -> String {
    format!("{}: {sentence}", the(name))
}

/// A product as a source.
pub fn source(product: &Product) -> Source {
    Source { id: product.id.clone(), title: product.title.clone(), link: product.link.clone() }
}

/// A product as a card.
pub fn card(product: &Product, at: Instant, locale: &Locale) -> Card {
    let price = product.price_at(at);
    let availability = product.availability.map(|availability| match availability {
        Availability::InStock => "In stock".to_string(),
        Availability::OutOfStock => "Out of stock".to_string(),
        Availability::Preorder => "Pre-order".to_string(),
        Availability::Backorder => "On order".to_string(),
    });
    Card {
        id: product.id.clone(),
        title: product.title.clone(),
        price: price.map(|price| price.format(locale)),
        was_price: product.price.filter(|was| Some(*was) != price).map(|was| was.format(locale)),
        availability,
        link: product.link.clone(),
        image: product.image_link.clone(),
    }
}

/// With its first letter upper case.
pub fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// "A", "A and B", "A, B and C".
pub fn list(items: &[String], joint: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [init @ .., last] => format!("{} {joint} {last}", init.join(", ")),
    }
}

/// One of several ways to say a fixed thing, chosen by what was asked, so that the same question gets
/// the same words and two questions in a row seldom do.
pub fn one_of(ways: &[&str], asked: &str) -> String {
    let at = asked.bytes().fold(7_usize, |hash, b| hash.wrapping_mul(31).wrapping_add(b.into()));
    ways[at % ways.len()].to_string()
}

/// Not known.
pub const UNKNOWN: &[&str] = &[
    "I'm sorry, I don't know that: I could not find it in our shop's information. Would you like to talk to a person?",
    "I can't find that in what our shop has written down, and I'd rather not guess. Shall I get a person for you?",
    "I don't have an answer to that. A colleague may know more; just say if you would like to talk to one.",
];
/// A message in a language that is not read.
pub const ENGLISH_ONLY: &str =
    "I'm sorry, I only understand English. Would you like to talk to a person?";
/// Not the shop's business.
pub const DECLINE: &[&str] = &[
    "I can't help with that: I only answer questions about our shop and what it sells.",
    "That is not something I can do here. I'm glad to help with questions about our shop, though.",
];
/// A person is called.
pub const HANDOFF: &[&str] = &[
    "Of course. I'm asking a colleague to join this chat.",
    "Certainly, I'm getting a person for you.",
];
/// A person is called for somebody unhappy.
pub const SORRY: &[&str] = &[
    "I'm sorry about that. I'm asking a colleague to look into it with you.",
    "That is not how it should be. A colleague should take care of this, so I'm asking one to join.",
];
/// Hello.
pub const GREETING: &[&str] = &["Hello! What can I do for you?", "Hi there! How can I help?"];
/// You're welcome.
pub const THANKS: &[&str] = &["You're welcome!", "Glad I could help!"];
/// Goodbye.
pub const GOODBYE: &[&str] = &["Goodbye, and thank you for stopping by!", "Bye for now!"];
/// Which product?
pub const WHICH_PRODUCT: &[&str] =
    &["Which product do you mean?", "Which of our products is it about?"];
/// What matters?
pub const NARROW: &[&str] = &[
    "What matters most to you: the price, the size, what it is for?",
    "What should it be for, and about how much may it cost?",
];
/// Which one?
pub const WHICH: &[&str] = &["Which one do you mean?", "Which of them are you asking about?"];
