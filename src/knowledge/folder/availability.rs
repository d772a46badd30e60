//! What shops write for "can it be had?".

use crate::knowledge::catalogue::Availability;

/// Reads the feed format's words in whatever spelling, schema.org's addresses, and yes or no.
pub(super) fn parse(text: &str) -> Result<Availability, String> {
    let word = text.rsplit('/').next().unwrap_or(text);
    let word: String =
        word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    match word.as_str() {
        "instock" | "available" | "yes" | "true" => Ok(Availability::InStock),
        "outofstock" | "soldout" | "unavailable" | "no" | "false" => Ok(Availability::OutOfStock),
        "preorder" => Ok(Availability::Preorder),
        "backorder" | "onbackorder" => Ok(Availability::Backorder),
        _ => Err(format!(
            "`{text}` is not an availability; write in_stock, out_of_stock, preorder or backorder"
        )),
    }
}

/// The feed format's word.
pub(super) fn write(availability: Availability) -> &'static str {
    match availability {
        Availability::InStock => "in_stock",
        Availability::OutOfStock => "out_of_stock",
        Availability::Preorder => "preorder",
        Availability::Backorder => "backorder",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn availability_is_read_in_the_spellings_of_feeds() {
        for text in ["in stock", "in_stock", "In Stock", "IN-STOCK", "https://schema.org/InStock"] {
            assert_eq!(parse(text), Ok(Availability::InStock), "{text}");
        }
        assert_eq!(parse("out of stock"), Ok(Availability::OutOfStock));
        assert_eq!(parse("Pre-order"), Ok(Availability::Preorder));
        assert_eq!(parse("backorder"), Ok(Availability::Backorder));
        assert!(parse("maybe").is_err_and(|message| message.contains("`maybe`")));
    }
}
