//! What was refused or went wrong, in words for the operator.
//!
//! Messages name scheme, host and port and never the rest of a URL: the path of a webhook is often
//! its password.

use std::error::Error;
use std::net::IpAddr;
use std::time::Duration;

use super::policy::Policy;
use super::resolve::Blocked;
use super::target::Target;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    /// What was to be called has no meaning as a URL.
    #[error("this is not a URL: {0}")]
    NotAUrl(String),
    /// An exception must be a bare origin.
    #[error("{0:?} is not an origin: write scheme, host and port only, as in http://n8n.lan:5678")]
    NotAnOrigin(String),
    /// A header that cannot be sent as given.
    #[error("the header {0:?} cannot be sent: its name is reserved, or it is not plain text")]
    Header(String),
    /// The policy forbids it. Nothing was sent there.
    #[error("{at} was not called: {why}")]
    Refused {
        /// Scheme, host and port.
        at: String,
        /// The rule.
        why: Refusal,
    },
    /// The name has no address.
    #[error("{at} was not called: its name could not be looked up: {why}")]
    Unresolved {
        /// Scheme, host and port.
        at: String,
        /// What the resolver said.
        why: String,
    },
    /// It took too long.
    #[error("{at} did not {doing} within {after:?}")]
    TimedOut {
        /// Scheme, host and port.
        at: String,
        /// What we waited for.
        doing: &'static str,
        /// How long.
        after: Duration,
    },
    /// No connection, or no trust in it.
    #[error("{at} could not be connected to: {why}")]
    Unreachable {
        /// Scheme, host and port.
        at: String,
        /// The innermost cause.
        why: String,
    },
    /// The exchange broke off or made no sense.
    #[error("{at} did not answer properly: {why}")]
    Broken {
        /// Scheme, host and port.
        at: String,
        /// The innermost cause.
        why: String,
    },
    /// One redirect more than allowed.
    #[error("{at} redirects on to {to}, but at most {limit} redirects are followed here")]
    TooManyRedirects {
        /// Where the last redirect came from.
        at: String,
        /// Where it pointed.
        to: String,
        /// How many are followed.
        limit: usize,
    },
    /// The client could not be made.
    #[error("the client for outgoing calls could not be set up: {0}")]
    Setup(String),
}

impl OutboundError {
    /// Whether our own rules forbid it, so that trying again is futile until one or the other
    /// changes.
    pub fn refused(&self) -> bool {
        match self {
            Self::NotAUrl(_) | Self::NotAnOrigin(_) | Self::Header(_) => true,
            Self::Refused { .. } | Self::TooManyRedirects { .. } => true,
            Self::Unresolved { .. } | Self::TimedOut { .. } => false,
            Self::Unreachable { .. } | Self::Broken { .. } | Self::Setup(_) => false,
        }
    }
}

/// The rule that forbids a call.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Neither https nor a named origin.
    #[error("{0} is not allowed, only https is, unless the operator allows this origin")]
    Scheme(String),
    /// `https://name:password@host`.
    #[error("the URL carries a user name or password, which would end up in logs")]
    Credentials,
    /// Neither 80 nor 443.
    #[error("port {0} is not allowed, only 80 and 443 are, unless the operator allows this origin")]
    Port(u16),
    /// An address inside, which the operator could allow.
    #[error(
        "{address} is {kind}, inside this network, and the operator has not allowed this origin"
    )]
    Internal {
        /// Where the name led.
        address: IpAddr,
        /// What kind of address that is.
        kind: &'static str,
    },
    /// An address that nobody can allow.
    #[error("{address} is {kind}, which is never called")]
    Never {
        /// Where the name led.
        address: IpAddr,
        /// What kind of address that is.
        kind: &'static str,
    },
    /// A redirect from https to http.
    #[error("a redirect from https leads there, and https is not left for plain http")]
    Downgrade,
    /// A redirect from outside to an origin that the operator named.
    #[error(
        "a redirect leads there, and the operator's exceptions are not for what others point to"
    )]
    ByRedirect,
    /// A redirect that would carry what was sent to somebody else.
    #[error("a redirect would carry the request's body to another origin")]
    BodyElsewhere,
}

/// What a failed exchange with a target means.
pub(super) fn explain(error: reqwest::Error, target: &Target, policy: &Policy) -> OutboundError {
    let at = target.origin();
    let error = error.without_url();
    if let Some(blocked) = blocked(&error) {
        return match blocked.clone() {
            Blocked::Refused(why) => OutboundError::Refused { at, why },
            Blocked::Unresolved(why) => OutboundError::Unresolved { at, why },
        };
    }
    let why = innermost(&error);
    match (error.is_timeout(), error.is_connect()) {
        (true, true) => OutboundError::TimedOut { at, doing: "connect", after: policy.connect },
        (true, false) => OutboundError::TimedOut { at, doing: "say anything", after: policy.read },
        (false, true) => OutboundError::Unreachable { at, why },
        (false, false) => OutboundError::Broken { at, why },
    }
}

/// The innermost cause says what happened; the outer ones only that something did.
pub(super) fn innermost(error: &(dyn Error + 'static)) -> String {
    causes(error).last().map(ToString::to_string).unwrap_or_default()
}

fn blocked<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a Blocked> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| (*error).source())
}
