//! A composed message: who to, what it says, and the headers it travels with.

use std::fmt;
use std::time::{Duration, UNIX_EPOCH};

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Message, MultiPart, SinglePart};
use sha2::{Digest, Sha256};

use super::characters::check_header;
use super::{Address, Letter, MailError, Sender};
use crate::domain::time::Instant;

/// A message ready to be sent. The same parts give the same bytes, however often it is composed.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    from: Sender,
    to: Address,
    reply_to: Option<Address>,
    subject: String,
    text: String,
    html: String,
    name: String,
    at: Instant,
}

impl Mail {
    /// Composes a message. `key` names it among all that this sender's domain will ever send: the
    /// same key gives the same Message-ID. `at` becomes its date.
    ///
    /// Fails if the letter's subject cannot stand in a header.
    pub fn new(
        key: &str,
        from: &Sender,
        to: &Address,
        letter: &Letter,
        at: Instant,
    ) -> Result<Self, MailError> {
        check_header("subject", letter.subject())?;
        Ok(Self {
            from: from.clone(),
            to: to.clone(),
            reply_to: None,
            subject: letter.subject().into(),
            text: letter.text(),
            html: letter.html(),
            name: digest(&[key]),
            at,
        })
    }

    /// The same message with answers going to another address than the sender's.
    pub fn reply_to(self, address: &Address) -> Self {
        Self { reply_to: Some(address.clone()), ..self }
    }

    /// `<name@domain>`: a digest of the key, and the sender's domain.
    pub fn message_id(&self) -> String {
        format!("<{}@{}>", self.name, self.from.address().domain())
    }

    /// Who it is from.
    pub fn from(&self) -> &Sender {
        &self.from
    }

    /// Who it is for.
    pub fn to(&self) -> &Address {
        &self.to
    }

    /// The subject.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The plain text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The HTML page.
    pub fn html(&self) -> &str {
        &self.html
    }

    /// The Message-ID's part before the `@`: letters and digits, fit for a file name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The message as it travels: ASCII, lines ended by CR LF, text first and HTML second.
    pub fn bytes(&self) -> Vec<u8> {
        // Made from the content as well, so that no content can hold it.
        let boundary = digest(&[&self.name, &self.text, &self.html]);
        let since = Duration::from_millis(u64::try_from(self.at.0).unwrap_or(0).min(LATEST));
        let id = self.message_id();
        let builder = Message::builder()
            .date(UNIX_EPOCH + since)
            .from(self.from.mailbox())
            .to(self.to.mailbox())
            .subject(self.subject.as_str())
            .raw_header(verbatim("Message-ID", id))
            .raw_header(verbatim("Auto-Submitted", "auto-generated".into()));
        let builder = match &self.reply_to {
            Some(address) => builder.reply_to(address.mailbox()),
            None => builder,
        };
        let parts = MultiPart::alternative()
            .boundary(boundary)
            .singlepart(SinglePart::plain(self.text.clone()))
            .singlepart(SinglePart::html(self.html.clone()));
        builder.multipart(parts).expect("sender and recipient are given").formatted()
    }
}

/// The last second a four-digit year can name, in milliseconds.
const LATEST: u64 = 253_402_300_799_000;

/// A header that is ASCII and short, and must not be folded or encoded.
fn verbatim(name: &'static str, value: String) -> HeaderValue {
    let name = HeaderName::new_from_ascii_str(name);
    HeaderValue::dangerous_new_pre_encoded(name, value.clone(), value)
}

/// 32 hexadecimal digits that stand for these parts in this order.
fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail").field("name", &self.name).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
