//! Newtype ids. Time-ordered UUIDs, written as 32 hex digits wherever people or browsers see them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(into = "String", try_from = "String")]
        pub struct $name(Uuid);

        impl $name {
            /// A new id, later than every one made before it on this machine.
            #[expect(clippy::new_without_default, reason = "a fresh id is not a default value")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }

            /// The sixteen bytes the database keeps.
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// Back from the database's sixteen bytes.
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.simple().fmt(f)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::try_parse(text).map(Self).map_err(|_| InvalidId)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }
    };
}

id!(
    /// One conversation between a visitor and the shop; also the name of its stream in the log.
    ChatId
);
id!(
    /// One reply of the bot: planned once, said sentence by sentence.
    ReplyId
);
id!(
    /// A person who works here.
    UserId
);
id!(
    /// A colleague's session; not its secret.
    SessionId
);
id!(
    /// A program that is told what happens.
    EndpointId
);
id!(
    /// Something that such programs are told.
    MessageId
);

/// Position of an event within its stream, from 1. Zero is "before the first".
pub type Seq = u64;

/// The text is not an id of this system.
#[derive(Debug, thiserror::Error)]
#[error("not an id: expected 32 hexadecimal digits")]
pub struct InvalidId;

/// The name a client gives to something it sends, so that sending it again changes nothing.
///
/// 1 to 64 characters of `A-Z a-z 0-9 _ -`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct ClientId(String);

impl ClientId {
    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<ClientId> for String {
    fn from(id: ClientId) -> Self {
        id.0
    }
}

impl TryFrom<String> for ClientId {
    type Error = InvalidClientId;
    fn try_from(text: String) -> Result<Self, InvalidClientId> {
        let fits = (1..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        if fits { Ok(Self(text)) } else { Err(InvalidClientId) }
    }
}

/// The text cannot name a client's message.
#[derive(Debug, thiserror::Error)]
#[error("a client id is 1 to 64 letters, digits, '-' or '_'")]
pub struct InvalidClientId;

/// The key of a site that embeds the widget: lower-case letters, digits and `-`, at most 32.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct SiteKey(String);

impl SiteKey {
    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<SiteKey> for String {
    fn from(key: SiteKey) -> Self {
        key.0
    }
}

impl TryFrom<String> for SiteKey {
    type Error = InvalidSiteKey;
    fn try_from(text: String) -> Result<Self, InvalidSiteKey> {
        let fits = (1..=32).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if fits { Ok(Self(text)) } else { Err(InvalidSiteKey) }
    }
}

impl FromStr for SiteKey {
    type Err = InvalidSiteKey;
    fn from_str(text: &str) -> Result<Self, InvalidSiteKey> {
        text.to_string().try_into()
    }
}

/// The text cannot be a site's key.
#[derive(Debug, thiserror::Error)]
#[error("a site key is 1 to 32 lower-case letters, digits or '-'")]
pub struct InvalidSiteKey;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_being_written_and_read() {
        let id = ChatId::new();
        assert_eq!(id.to_string().len(), 32);
        assert_eq!(id.to_string().parse::<ChatId>().expect("own text"), id);
        assert_eq!(ChatId::from_bytes(*id.as_bytes()), id);
        assert!("../../etc".parse::<ChatId>().is_err());
    }

    #[test]
    fn a_client_id_is_short_and_plain() {
        assert!(ClientId::try_from("m-1_A".to_string()).is_ok());
        assert!(ClientId::try_from(String::new()).is_err());
        assert!(ClientId::try_from("a".repeat(65)).is_err());
        assert!(ClientId::try_from("a b".to_string()).is_err());
    }
}
