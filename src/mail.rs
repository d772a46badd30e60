//! The outgoing mail room: composes messages and hands them to a mail server.
//!
//! ```text
//! Template -> Letter { subject, blocks } -> Mail { headers, text, HTML } -> Transport -> sent | Later | Never
//! ```
//!
//! It knows no database and decides no retries: whoever calls it keeps what is to be sent and asks
//! again after [`SendError::Later`]. The same key gives the same Message-ID, so a message that was
//! sent twice can be recognised. Nothing here logs, and no error carries an address or a body.

mod address;
mod characters;
mod config;
mod html;
mod letter;
mod link;
mod message;
mod template;
mod transport;

pub use address::{Address, Sender};
pub use config::{ConfigError, ConfigFault, MailConfig, Secret, Security, TransportKind};
pub use letter::{Block, Letter};
pub use link::Link;
pub use message::Mail;
pub use template::{
    Invitation, LeadWaiting, PasswordReset, Speaker, Template, Transcript, TranscriptLine,
};
pub use transport::{SendError, Timeouts, Transport};

/// What was given cannot become a message. Says which part, never what stood in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// Not an address that can be written to.
    #[error("not an e-mail address; write it as name@domain.example")]
    Address,
    /// A header value that could break out of its header, or hide what it says.
    #[error("{0}: line breaks, control characters and `=?` are not allowed there")]
    Header(&'static str),
    /// A header value that no mail program would show.
    #[error("{0}: too long, at most {MAX_HEADER} characters")]
    TooLong(&'static str),
    /// Not a link that a person can follow.
    #[error("not a link; it begins with https:// or http:// and has no spaces")]
    Link,
}

/// Longest header value, in characters. Far beyond what an inbox shows, far below the 998 bytes a
/// line may have (RFC 5322, section 2.1.1).
pub const MAX_HEADER: usize = 200;
