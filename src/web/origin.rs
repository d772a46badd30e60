//! Which pages may open a socket: exact origins, by site. A browser cannot lie about its origin; what
//! is no browser can, and gains nothing that a browser's visitor would not have.

use axum::http::{HeaderMap, header};

use crate::domain::ids::SiteKey;

/// A site that may embed the widget.
#[derive(Clone, Debug)]
pub struct Site {
    /// Its key.
    pub key: SiteKey,
    /// The origins of its pages.
    pub origins: Vec<Origin>,
}

/// `scheme://host[:port]`, lower case, without the scheme's own port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

/// The sites, and where this server itself is reached.
#[derive(Clone, Debug)]
pub struct Origins {
    /// The console's own.
    pub own: Vec<Origin>,
    /// Those that embed the widget.
    pub sites: Vec<Site>,
}

impl Origins {
    /// Does any site know this origin?
    pub fn any_site(&self, origin: &Origin) -> bool {
        self.sites.iter().any(|site| site.origins.contains(origin))
    }

    /// Is this origin one of the site's?
    pub fn allows(&self, site: &SiteKey, origin: &Origin) -> bool {
        self.sites.iter().any(|s| s.key == *site && s.origins.contains(origin))
    }
}

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

    /// The one `Origin` header of a request, if it names an origin and nothing more.
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        let mut values = headers.get_all(header::ORIGIN).iter();
        let text = values.next()?.to_str().ok()?;
        let bare = text.matches('/').count() == 2;
        if values.next().is_some() || !bare { None } else { Self::parse(text) }
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_origin_is_the_site() {
        let key: SiteKey = "demo".to_string().try_into().expect("valid");
        let origin = |text| Origin::parse(text).expect(text);
        let site = Site { key: key.clone(), origins: vec![origin("https://shop.example")] };
        let origins = Origins { own: vec![], sites: vec![site] };
        for good in ["https://shop.example", "HTTPS://Shop.Example:443"] {
            assert!(origins.allows(&key, &origin(good)), "{good}");
        }
        for bad in [
            "http://shop.example",
            "https://shop.example:8443",
            "https://shop.example.evil.example",
            "https://evil-shop.example",
            "https://www.shop.example",
        ] {
            assert!(!origins.allows(&key, &origin(bad)), "{bad}");
        }
        for no_origin in ["null", "", "https://", "file:///x", "https://shop.example@evil.example"]
        {
            assert_eq!(Origin::parse(no_origin), None, "{no_origin}");
        }
    }

    #[test]
    fn a_header_must_be_one_bare_origin() {
        let headers = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::ORIGIN, value.parse().expect("header"));
            }
            Origin::of(&headers).is_some()
        };
        assert!(headers(&["https://shop.example"]));
        assert!(!headers(&["https://shop.example/"]));
        assert!(!headers(&["https://shop.example", "https://evil.example"]));
        assert!(!headers(&[]));
    }
}
