//! An origin: which site a page belongs to, exactly as a browser names it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// `scheme://host[:port]`, lower case, without the scheme's own port.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Origin(String);

/// The text names no origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an address like https://shop.example")]
pub struct InvalidOrigin(String);

impl Origin {
    /// Reads an address or a bare origin; the path, if any, is left out.
    pub fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let scheme = scheme.to_ascii_lowercase();
        let own_port = match scheme.as_str() {
            "http" => ":80",
            "https" => ":443",
            _ => return None,
        };
        let host = rest.split(['/', '?', '#']).next()?.to_ascii_lowercase();
        let host = host.strip_suffix(own_port).unwrap_or(&host);
        let plain = |b: u8| b.is_ascii_alphanumeric() || b".-:[]_".contains(&b);
        (!host.is_empty() && host.bytes().all(plain)).then(|| Self(format!("{scheme}://{host}")))
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.0
    }
}

impl TryFrom<String> for Origin {
    type Error = InvalidOrigin;

    fn try_from(text: String) -> Result<Self, InvalidOrigin> {
        Self::parse(&text).ok_or(InvalidOrigin(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_origin_is_the_same() {
        let shop = Origin::parse("https://shop.example").expect("an origin");
        for same in ["https://shop.example/tents?a#b", "HTTPS://Shop.Example:443"] {
            assert_eq!(Origin::parse(same).as_ref(), Some(&shop), "{same}");
        }
        for other in [
            "http://shop.example",
            "https://shop.example:8443",
            "https://shop.example.evil.example",
            "https://evil-shop.example",
            "https://www.shop.example",
        ] {
            assert_ne!(Origin::parse(other).expect("an origin"), shop, "{other}");
        }
    }

    #[test]
    fn what_is_no_origin_is_none() {
        for no_origin in ["null", "", "https://", "file:///x", "https://shop.example@evil.example"]
        {
            assert_eq!(Origin::parse(no_origin), None, "{no_origin}");
            assert!(Origin::try_from(no_origin.to_string()).is_err(), "{no_origin}");
        }
    }
}
