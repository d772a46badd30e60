//! What may be called, for how long, and how much is read. Limits and exceptions in one place.

use std::time::Duration;

use serde::Deserialize;

use super::error::OutboundError;
use super::target::{self, Target};

/// An origin of the operator's own, as in `http://n8n.lan:5678`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct NamedOrigin(String);

impl TryFrom<String> for NamedOrigin {
    type Error = OutboundError;
    fn try_from(text: String) -> Result<Self, OutboundError> {
        target::parse_origin(&text).map(Self)
    }
}

/// The rules of one use of the outside world.
///
/// Without exceptions that is https on ports 443 and 80 at public addresses. An operator who
/// wants to reach something of their own names its *origin*, as in `http://n8n.lan:5678`: scheme,
/// host and port are then allowed as written, at loopback, private and shared addresses too.
/// Nothing else on that host is, redirects from outside do not lead there, and link-local
/// addresses (where clouds keep their credentials) are never called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// For the whole exchange, redirects and body included.
    pub total: Duration,
    /// For the look-up, the connection and the TLS handshake of one hop.
    pub connect: Duration,
    /// Between two signs of life.
    pub read: Duration,
    /// Bytes of the answer's body that are kept. The rest is not read.
    pub body: usize,
    /// How many redirects are followed.
    pub redirects: usize,
    pub(super) origins: Vec<String>,
}

impl Policy {
    /// To deliver webhooks: a short answer soon, and no redirects, because the signed body belongs
    /// to the address that was registered.
    pub fn webhooks() -> Self {
        Self {
            total: Duration::from_secs(10),
            connect: Duration::from_secs(5),
            read: Duration::from_secs(10),
            body: 64 * 1024,
            redirects: 0,
            origins: Vec::new(),
        }
    }

    /// To read pages.
    pub fn pages() -> Self {
        Self {
            total: Duration::from_secs(30),
            connect: Duration::from_secs(5),
            read: Duration::from_secs(10),
            body: 4 * 1024 * 1024,
            redirects: 5,
            origins: Vec::new(),
        }
    }

    /// Allows an origin, as in `http://n8n.lan:5678`, that the general rules would refuse.
    pub fn allow(mut self, origin: &str) -> Result<Self, OutboundError> {
        self.origins.push(target::parse_origin(origin)?);
        Ok(self)
    }

    /// Allows origins that the operator wrote down.
    pub fn with(mut self, named: &[NamedOrigin]) -> Self {
        self.origins.extend(named.iter().map(|origin| origin.0.clone()));
        self
    }

    /// Whether an address may be called, as far as can be seen without looking its name up.
    pub fn admits(&self, url: &str) -> Result<(), OutboundError> {
        Target::parse(url, self).map(|_| ())
    }

    pub(super) fn names(&self, origin: &str) -> bool {
        self.origins.iter().any(|named| named == origin)
    }
}
