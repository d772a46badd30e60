//! Addresses that may be shown as links: web pages, and nothing that runs.

use super::findings::Findings;
use super::table::Row;
use crate::knowledge::catalogue::Shop;

/// The longest address that is kept; browsers and mail programs cut beyond.
const MAX_BYTES: usize = 2_048;

/// The address of a cell; what is not one is left out with a warning.
pub(super) fn of_row(
    row: &Row,
    column: &str,
    shop: Option<&Shop>,
    findings: &mut Findings,
) -> Option<String> {
    let text = row.get(column)?;
    parse(text, shop).map_err(|message| findings.warn(row.remark(column, message))).ok()
}

/// Where this server keeps the pictures that come with it.
const OWN_PICTURES: &str = "/demo/images/";

/// The address of a product's picture: one of our own stays as it is, any other is a link.
pub(super) fn picture_of_row(
    row: &Row,
    shop: Option<&Shop>,
    findings: &mut Findings,
) -> Option<String> {
    let own = row.get("image_link").map(str::trim).and_then(|text| text.strip_prefix(OWN_PICTURES));
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    match own.filter(|name| name.chars().all(plain)) {
        Some(name) => Some(format!("{OWN_PICTURES}{name}")),
        None => of_row(row, "image_link", shop, findings),
    }
}

/// An `http` or `https` address; one that starts with `/` is on the shop's own site, its `url`.
pub(super) fn parse(text: &str, shop: Option<&Shop>) -> Result<String, String> {
    let text = text.trim();
    let site = shop.and_then(|shop| shop.contact.iter().find(|(key, _)| key == "url"));
    let full = match (site, text.starts_with('/') && !text.starts_with("//")) {
        (Some((_, site)), true) => format!("{}{text}", site.trim_end_matches('/')),
        _ => text.to_string(),
    };
    let is_web = ["https://", "http://"].iter().any(|scheme| {
        let start = full.get(..scheme.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(scheme)) && full.len() > scheme.len()
    });
    let is_clean = !full.contains(|c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>' | '`' | '\\')
    });
    match is_web && is_clean && full.len() <= MAX_BYTES {
        true => Ok(full),
        false => Err(format!(
            "`{}` is not a web address and was left out; write it like https://shop.example/page",
            text.chars().take(80).collect::<String>()
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_become_links() {
        assert!(parse("https://shop.example/a?b=c", None).is_ok());
        for text in [
            "javascript:alert(1)",
            "data:text/html,x",
            "//evil.example",
            "/a",
            "https://",
            "https://a b",
            "https://a\"onclick=",
            "ftp://x",
        ] {
            assert!(parse(text, None).is_err(), "{text}");
        }
    }
}
