//! Addresses: of one person, and of the shop with its name. What parses cannot break a header or an
//! SMTP command. Neither type shows itself in debug output.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::MailError;
use super::characters::check_header;

/// One address. International domains are kept in their ASCII form; the part before the `@` is
/// plain ASCII without quotes, as nearly every mail server requires.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Address(lettre::Address);

impl Address {
    /// The domain, in ASCII and lower case.
    pub fn domain(&self) -> &str {
        self.0.domain()
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        self.0.as_ref()
    }

    pub(super) fn envelope(&self) -> lettre::Address {
        self.0.clone()
    }

    pub(super) fn mailbox(&self) -> lettre::message::Mailbox {
        lettre::message::Mailbox::new(None, self.0.clone())
    }
}

impl FromStr for Address {
    type Err = MailError;

    fn from_str(text: &str) -> Result<Self, MailError> {
        let (user, domain) = text.trim_matches(' ').rsplit_once('@').ok_or(MailError::Address)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(c);
        if !user.chars().all(plain) || domain.starts_with('[') {
            return Err(MailError::Address);
        }
        let domain = idna::domain_to_ascii(domain).map_err(|_| MailError::Address)?;
        let in_host = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        if !domain.chars().all(in_host) {
            return Err(MailError::Address);
        }
        lettre::Address::new(user, domain).map(Self).map_err(|_| MailError::Address)
    }
}

impl TryFrom<String> for Address {
    type Error = MailError;

    fn try_from(text: String) -> Result<Self, MailError> {
        text.parse()
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.as_str().into()
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(***)")
    }
}

/// Who writes: an address, usually with a name, as in `Northstar <chat@northstar.example>`.
#[derive(Clone, PartialEq, Eq)]
pub struct Sender {
    name: Option<String>,
    address: Address,
}

impl Sender {
    /// The address alone.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// The name, if there is one.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    pub(super) fn mailbox(&self) -> lettre::message::Mailbox {
        lettre::message::Mailbox::new(self.name.clone(), self.address.envelope())
    }
}

impl FromStr for Sender {
    type Err = MailError;

    fn from_str(text: &str) -> Result<Self, MailError> {
        let text = text.trim_matches(' ');
        let Some(inner) = text.strip_suffix('>') else {
            return Ok(Self { name: None, address: text.parse()? });
        };
        let (name, address) = inner.rsplit_once('<').ok_or(MailError::Address)?;
        let name = name.trim_matches(' ');
        let unquoted = name.strip_prefix('"').and_then(|n| n.strip_suffix('"'));
        let name = unquoted.unwrap_or(name);
        check_header("from", name)?;
        if name.contains(['<', '>', '"', '\\']) {
            return Err(MailError::Header("from"));
        }
        let name = Some(name.to_string()).filter(|n| !n.is_empty());
        Ok(Self { name, address: address.parse()? })
    }
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sender(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_address_and_nothing_more() {
        for good in ["a@b.example", " anna.o'neil+chat@mail.shop.example "] {
            assert!(good.parse::<Address>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "a",
            "@b.example",
            "a@",
            "a@b.example, c@d.example",
            "a@b.example\r\nBcc: c@d.example",
            "a@b.example\nRCPT TO:<c@d.example>",
            "a@b.example>",
            "<a@b.example>",
            "a b@c.example",
            "\"a\r\nb\"@c.example",
            "a\0@b.example",
            "a@b.example\u{2028}",
            "a@b@c.example",
            "a@[127.0.0.1]",
            "ä@b.example",
            "a..b@c.example",
        ] {
            assert_eq!(bad.parse::<Address>(), Err(MailError::Address), "{bad:?}");
        }
    }

    #[test]
    fn an_international_domain_travels_in_ascii() {
        let address: Address = "info@Bücher.example".parse().expect("an address");
        assert_eq!(address.as_str(), "info@xn--bcher-kva.example");
    }

    #[test]
    fn a_sender_may_have_a_name() {
        let with: Sender = "Northstar <chat@northstar.example>".parse().expect("a sender");
        assert_eq!(with.name(), Some("Northstar"));
        assert_eq!(with.address().domain(), "northstar.example");
        let quoted: Sender = "\"Tea, Ltd\" <tea@shop.example>".parse().expect("a sender");
        assert_eq!(quoted.name(), Some("Tea, Ltd"));
        let bare: Sender = "tea@shop.example".parse().expect("a sender");
        assert_eq!(bare.name(), None);
        for bad in ["A\nB <a@b.example>", "A <a@b.example> <c@d.example>", "A <a@b.example", "A"] {
            assert!(bad.parse::<Sender>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn debug_output_shows_no_address() {
        let address: Address = "anna@shop.example".parse().expect("an address");
        let sender: Sender = "Anna <anna@shop.example>".parse().expect("a sender");
        assert!(!format!("{address:?} {sender:?}").to_lowercase().contains("anna"));
    }
}
