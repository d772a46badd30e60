//! The rights of the visitor: to be told what is kept about them, and to have it erased.
//!
//! ```text
//! find (a chat's id, or an address somebody wrote) -> export: all of it, in plain words
//!                                                 '-> erase:  blanked in the log, taken out of all that
//!                                                             was made of it, noted in the ledger, and
//!                                                             rewritten so that no byte is left
//! ```
//!
//! The ledger holds chat ids and times, outside the database and beside every backup: a backup that
//! is older than an erasure is erased again when it is brought back.

mod address;
mod erase;
mod export;
mod find;
pub mod ledger;
mod transcript;

use std::path::PathBuf;
use std::str::FromStr;

use crate::domain::ids::ChatId;
use crate::log::Log;
use crate::mail::Address;
use crate::store::StoreError;

pub use erase::Erased;
pub use export::{Export, Kept, Said};
pub use find::Found;
pub use transcript::transcript;

/// Handle on the visitors' rights. Cheap to clone.
#[derive(Clone)]
pub struct Privacy {
    log: Log,
}

/// Whose data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Whoever wrote in this chat.
    Chat(ChatId),
    /// Whoever wrote this address.
    Address(Address),
}

/// Why somebody's data was not found, told or erased.
#[derive(Debug, thiserror::Error)]
pub enum PrivacyError {
    /// Neither an id nor an address.
    #[error(
        "`--person` is a chat's id (32 hexadecimal digits, shown in the console's address bar) or an e-mail address"
    )]
    Who,
    /// The ledger cannot be read.
    #[error("cannot read what is noted as erased in {}: {}", .0.display(), .1)]
    Ledger(PathBuf, #[source] std::io::Error),
    /// What was erased may still stand in bytes of a file.
    #[error(
        "all was erased, but the database's file could not be rewritten yet ({0}); run the same command again, or wait for the daily clean-up"
    )]
    NotRewritten(#[source] StoreError),
    /// A copy in the data folder could not be removed.
    #[error("all was erased, but {} is still there ({}); remove it by hand", .0.display(), .1)]
    Copy(PathBuf, #[source] std::io::Error),
    /// The database says no.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Privacy {
    /// The rights over this log.
    pub fn new(log: Log) -> Self {
        Self { log }
    }
}

impl FromStr for Who {
    type Err = PrivacyError;

    fn from_str(text: &str) -> Result<Self, PrivacyError> {
        let text = text.trim();
        match (text.parse(), text.parse()) {
            (Ok(chat), _) => Ok(Self::Chat(chat)),
            (_, Ok(address)) => Ok(Self::Address(address)),
            _ => Err(PrivacyError::Who),
        }
    }
}

#[cfg(test)]
mod tests;
