//! Addresses within words. Pure.

use std::sync::LazyLock;

use regex::Regex;

static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    // RFC 5322's atom without quotes, then what a domain may be made of in any script.
    Regex::new(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+").expect("a constant pattern")
});

/// Every address written in a text, as [`crate::mail::Address`] writes it, in lower case.
pub fn addresses(text: &str) -> Vec<String> {
    ADDRESS
        .find_iter(text)
        .filter_map(|found| {
            // "Write to 'ana@example.org'": a quote may begin an address, but hardly ever does.
            let bare = found.as_str().trim_start_matches(['\'', '`', '*', '/', '=', '{', '|']);
            bare.parse::<crate::mail::Address>().ok()
        })
        .map(|address| address.as_str().to_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_between_other_words_and_not_within_each_other() {
        assert_eq!(addresses("write to Ana@Example.org."), ["ana@example.org"]);
        assert_eq!(
            addresses("(diana@example.org), 'bo.b+x@a.example'!"),
            ["diana@example.org", "bo.b+x@a.example"]
        );
        assert_eq!(addresses("ana@müller.example"), ["ana@xn--mller-kva.example"]);
        assert!(addresses("5 @ 3 euros, @home, a@b").is_empty());
    }
}
