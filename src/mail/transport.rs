//! How messages leave, and what it means when one does not.

mod directory;
mod smtp;

use std::time::Duration;

use directory::Directory;
use smtp::Smtp;

use super::{ConfigError, Mail, MailConfig, TransportKind};

/// A way out. Open one with [`Transport::open`] and keep it; each message gets a connection of its
/// own.
pub struct Transport(Way);

enum Way {
    Smtp(Box<Smtp>),
    Directory(Directory),
}

impl Transport {
    /// The way out that a configuration describes. Connects to nothing yet.
    pub fn open(config: &MailConfig) -> Result<Self, ConfigError> {
        Self::patient(config, Timeouts::default())
    }

    /// The same with other timeouts.
    pub fn patient(config: &MailConfig, timeouts: Timeouts) -> Result<Self, ConfigError> {
        config.validate()?;
        Ok(Self(match config.transport {
            TransportKind::Smtp => Way::Smtp(Box::new(Smtp::new(config, timeouts)?)),
            TransportKind::Directory => Way::Directory(Directory::new(config)),
        }))
    }

    /// Sends one message and returns when it is in other hands.
    ///
    /// A message may arrive twice if the server took it and its answer was lost; both then have the
    /// same Message-ID.
    pub async fn send(&self, mail: &Mail) -> Result<(), SendError> {
        match &self.0 {
            Way::Smtp(smtp) => smtp.send(mail).await,
            Way::Directory(directory) => directory.send(mail).await,
        }
    }
}

/// Why a message was not sent: one line, without addresses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Trying again may help: the server is away, busy, or does not take our connection or account.
    #[error("not sent yet: {0}")]
    Later(String),
    /// The server refused this message; trying again would change nothing.
    #[error("refused: {0}")]
    Never(String),
}

/// How long to wait for a mail server.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// Until the connection stands: TCP, TLS, greetings and login together.
    pub connect: Duration,
    /// For the answer to one command.
    pub command: Duration,
    /// For sending the content and the answer to it. Generous: servers look for viruses before they
    /// answer, and who gives up too early sends twice (RFC 5321, section 4.5.3.2.6, says ten minutes).
    pub content: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(30),
            command: Duration::from_secs(60),
            content: Duration::from_secs(10 * 60),
        }
    }
}
