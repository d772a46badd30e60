//! One hop to be called, held against the rules that need no look-up: scheme, port, credentials,
//! addresses written as numbers.
//!
//! URLs are read the way browsers read them, so `https://0x7f.1` is 127.0.0.1 here too.

use std::net::IpAddr;

use reqwest::Url;

use super::address::check;
use super::error::{OutboundError, Refusal};
use super::policy::Policy;

/// Longer URLs are refused.
const LONGEST: usize = 4096;

/// A URL that may be called, as far as can be seen without a look-up.
#[derive(Clone)]
pub(super) struct Target {
    url: Url,
    named: bool,
}

impl Target {
    /// Reads what somebody typed or stored.
    pub fn parse(text: &str, policy: &Policy) -> Result<Self, OutboundError> {
        Self::admit(read(text)?, policy)
    }

    /// Where a redirect leads from here. What is outside cannot send us to what the operator named.
    pub fn follow(&self, location: &str, policy: &Policy) -> Result<Self, OutboundError> {
        if location.len() > LONGEST {
            return Err(too_long());
        }
        let url =
            self.url.join(location).map_err(|error| OutboundError::NotAUrl(error.to_string()))?;
        if self.url.scheme() == "https" && url.scheme() == "http" {
            return Err(OutboundError::Refused { at: origin(&url), why: Refusal::Downgrade });
        }
        if policy.names(&origin(&url)) && !self.named {
            return Err(OutboundError::Refused { at: origin(&url), why: Refusal::ByRedirect });
        }
        Self::admit(url, policy)
    }

    /// Whether the operator named this origin.
    pub fn named(&self) -> bool {
        self.named
    }

    /// What to call.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Scheme, host and port, which is all that a message should tell.
    pub fn origin(&self) -> String {
        origin(&self.url)
    }

    fn admit(url: Url, policy: &Policy) -> Result<Self, OutboundError> {
        let named = policy.names(&origin(&url));
        match refusal(&url, named) {
            Some(why) => Err(OutboundError::Refused { at: origin(&url), why }),
            None => Ok(Self { url, named }),
        }
    }
}

/// Reads an exception: scheme, host, port and nothing more.
pub(super) fn parse_origin(text: &str) -> Result<String, OutboundError> {
    let wrong = || OutboundError::NotAnOrigin(text.to_string());
    let url = read(text.trim()).map_err(|_| wrong())?;
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let web = matches!(url.scheme(), "http" | "https");
    if bare && web && !has_credentials(&url) { Ok(origin(&url)) } else { Err(wrong()) }
}

fn read(text: &str) -> Result<Url, OutboundError> {
    if text.len() > LONGEST {
        return Err(too_long());
    }
    Url::parse(text).map_err(|error| OutboundError::NotAUrl(error.to_string()))
}

fn refusal(url: &Url, named: bool) -> Option<Refusal> {
    if has_credentials(url) {
        return Some(Refusal::Credentials);
    }
    if url.scheme() != "https" && !named {
        return Some(Refusal::Scheme(url.scheme().to_string()));
    }
    match url.port_or_known_default() {
        Some(80 | 443) => {}
        Some(port) if !named => return Some(Refusal::Port(port)),
        _ => {}
    }
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let address: IpAddr = host.parse().ok()?;
    check(address, named).err()
}

fn has_credentials(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

fn origin(url: &Url) -> String {
    match url.scheme() {
        "http" | "https" => url.origin().ascii_serialization(),
        other => format!("{other}: URL"),
    }
}

fn too_long() -> OutboundError {
    OutboundError::NotAUrl(format!("it is longer than {LONGEST} bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(text: &str) -> Result<String, OutboundError> {
        let policy = Policy::pages().allow("http://n8n.lan:5678").unwrap();
        Target::parse(text, &policy).map(|target| target.url().to_string())
    }

    #[test]
    fn only_plain_https_urls_and_named_origins_are_admitted() {
        for good in
            ["https://shop.example/a?b=c", "https://shop.example:80/", "http://n8n.lan:5678/x"]
        {
            assert_eq!(outcome(good).as_deref(), Ok(good));
        }
        for bad in [
            "http://shop.example/",
            "ftp://shop.example/",
            "file:///etc/passwd",
            "gopher://shop.example/",
            "data:text/html,hi",
            "//shop.example/",
            "shop.example",
            "https://user@shop.example/",
            "https://user:word@shop.example/",
            "https://:word@shop.example/",
            "https://shop.example:22/",
            "https://shop.example:8443/",
            "https://shop.example:0/",
            "http://n8n.lan/",
            "https://n8n.lan:5678/",
            "http://n8n.lan:5679/",
            "http://x@n8n.lan:5678/",
            "http://n8n.lan.evil.example:5678/",
            "https://",
            "",
        ] {
            assert!(outcome(bad).is_err_and(|error| error.refused()), "{bad}");
        }
        assert!(outcome(&format!("https://shop.example/{}", "a".repeat(LONGEST))).is_err());
    }

    #[test]
    fn an_address_in_disguise_is_still_that_address() {
        for bad in [
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://017700000001/",
            "https://127.0.0.1./",
            "https://127。0。0。1/",
            "https://①②⑦.0.0.1/",
            "https://%31%32%37.0.0.1/",
            "https:\\\\127.0.0.1\\",
            "https:127.0.0.1",
            "https://\t127.0.0.1/",
            "https://0/",
            "https://[::1]/",
            "https://[::]/",
            "https://[0:0:0:0:0:0:0:1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:7f00:1]/",
            "https://[64:ff9b::a9fe:a9fe]/",
            "https://[2002:7f00:1::]/",
            "https://169.254.169.254/latest/meta-data/",
        ] {
            assert!(
                matches!(outcome(bad), Err(OutboundError::Refused { .. })),
                "{bad}: {:?}",
                outcome(bad)
            );
        }
        assert!(outcome("https://[fe80::1%25eth0]/").is_err());
        assert!(outcome("https://8.8.8.8/").is_ok());
        assert!(outcome("https://[2606:4700:4700::1111]/").is_ok());
    }

    #[test]
    fn a_redirect_is_held_against_the_same_rules() {
        let policy = Policy::pages().allow("http://n8n.lan:5678").unwrap();
        let from = Target::parse("https://shop.example/a/b", &policy).unwrap();
        assert_eq!(from.follow("../c", &policy).unwrap().url().as_str(), "https://shop.example/c");
        assert!(from.follow("//elsewhere.example/", &policy).is_ok());
        for bad in ["https://10.0.0.1/", "//127.1/", "ftp://x.example/", "https://a:b@x.example/"] {
            assert!(from.follow(bad, &policy).is_err(), "{bad}");
        }
        let inner = Policy::pages().allow("https://n8n.lan").unwrap();
        let by_redirect = from.follow("https://n8n.lan/", &inner).err().unwrap();
        let why = Refusal::ByRedirect;
        assert_eq!(by_redirect, OutboundError::Refused { at: "https://n8n.lan".into(), why });
        let within = Target::parse("https://n8n.lan/", &inner).unwrap();
        assert!(within.follow("/there", &inner).is_ok_and(|next| next.named()));

        let downgrade = from.follow("http://n8n.lan:5678/", &policy).err().unwrap();
        let why = Refusal::Downgrade;
        assert_eq!(downgrade, OutboundError::Refused { at: "http://n8n.lan:5678".into(), why });
    }

    #[test]
    fn an_exception_is_a_bare_origin() {
        assert_eq!(parse_origin(" HTTP://N8N.lan:80/ ").as_deref(), Ok("http://n8n.lan"));
        for bad in ["n8n.lan", "http://n8n.lan/path", "http://u@n8n.lan", "ftp://n8n.lan", "*"] {
            assert!(parse_origin(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_message_never_tells_the_path() {
        let text = outcome("https://shop.example:99/secret-path?token=x").unwrap_err().to_string();
        assert!(text.contains("https://shop.example:99") && !text.contains("secret"), "{text}");
    }
}
