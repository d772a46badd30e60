//! A link in a letter. It may hold a secret, so it does not show itself in debug output.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::MailError;

/// An absolute `https` or `http` address in plain ASCII.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Link(String);

impl Link {
    /// The address itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Link {
    type Err = MailError;

    fn from_str(text: &str) -> Result<Self, MailError> {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let host = rest.ok_or(MailError::Link)?.split(['/', '?', '#']).next().unwrap_or_default();
        let fits = !host.is_empty() && text.bytes().all(|b| b.is_ascii_graphic());
        if fits { Ok(Self(text.into())) } else { Err(MailError::Link) }
    }
}

impl TryFrom<String> for Link {
    type Error = MailError;

    fn try_from(text: String) -> Result<Self, MailError> {
        text.parse()
    }
}

impl From<Link> for String {
    fn from(link: Link) -> Self {
        link.0
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Link(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_links_are_links() {
        assert!("https://shop.example/reset?token=a_b-c".parse::<Link>().is_ok());
        assert!("http://localhost:8080/console".parse::<Link>().is_ok());
        for bad in
            ["", "https://", "https:///a", "javascript:alert(1)", "https://a b", "//a.example"]
        {
            assert_eq!(bad.parse::<Link>(), Err(MailError::Link), "{bad:?}");
        }
        assert_eq!("https://a\r\n.example".parse::<Link>(), Err(MailError::Link));
    }
}
