//! What went wrong in a conversation with a mail server, in words that may be stored.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use lettre::transport::smtp::Error;

use super::SendError;
use crate::mail::characters::one_line;

/// Longest that is kept of a server's words, in characters.
const WORDS: usize = 200;

/// What went wrong.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The server answered, and the answer was no.
    Reply {
        /// The three digits.
        code: u16,
        /// The digits and the server's words: one line, short, without addresses.
        words: String,
    },
    /// There was no answer that could be understood; the connection is of no more use.
    Broken(String),
}

impl Trouble {
    /// It happened before this message was spoken of, so it says nothing about it.
    pub(super) fn before_message(self) -> SendError {
        let (Self::Reply { words, .. } | Self::Broken(words)) = self;
        SendError::Later(words)
    }

    /// It happened while this message was handed over.
    pub(super) fn about_message(self) -> SendError {
        match self {
            Self::Reply { code, words } if code >= 500 && !is_about_account(code) => {
                SendError::Never(words)
            }
            Self::Reply { words, .. } | Self::Broken(words) => SendError::Later(words),
        }
    }
}

/// Whether an answer is about our login and not about a message (RFC 4954, section 6).
fn is_about_account(code: u16) -> bool {
    matches!(code, 530 | 534 | 535 | 538)
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        let Some(code) = error.status() else {
            return Self::Broken(without_addresses(&error.to_string()));
        };
        let said = error.source().map(ToString::to_string).unwrap_or_default();
        let words = without_addresses(&format!("{code} {said}"));
        Self::Reply { code: code.into(), words }
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Broken(without_addresses(&error.to_string()))
    }
}

/// What a step brings, if it brings it in time.
pub(super) async fn within<T, E: Into<Trouble>>(
    step: &str,
    limit: Duration,
    future: impl Future<Output = Result<T, E>>,
) -> Result<T, Trouble> {
    let broken = |why: String| Trouble::Broken(format!("{step}: {why}"));
    match tokio::time::timeout(limit, future).await {
        Ok(outcome) => outcome.map_err(|error| match error.into() {
            Trouble::Broken(why) => broken(why),
            reply @ Trouble::Reply { .. } => reply,
        }),
        Err(_) => Err(broken(format!("no answer within {limit:?}"))),
    }
}

/// One short line in which whatever might be an address is left out.
fn without_addresses(text: &str) -> String {
    let hide = |word: &str| if word.contains('@') { "(address)".into() } else { word.to_string() };
    let words: Vec<String> = text.split_whitespace().map(hide).collect();
    one_line(&words.join(" "), WORDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_servers_words_are_one_short_line_without_addresses() {
        let said = format!("550 <a@b.example>: unknown\r\nfor=c@d.example {}", "x ".repeat(300));
        let kept = without_addresses(&said);
        assert!(kept.starts_with("550 (address) unknown (address) x x"), "{kept}");
        assert!(kept.chars().count() <= WORDS && !kept.contains(['\r', '\n', '@']));
    }

    #[test]
    fn only_a_refusal_of_the_message_is_for_good() {
        let reply = |code| Trouble::Reply { code, words: String::new() };
        assert!(matches!(reply(550).about_message(), SendError::Never(_)));
        assert!(matches!(reply(554).about_message(), SendError::Never(_)));
        assert!(matches!(reply(451).about_message(), SendError::Later(_)));
        assert!(matches!(reply(530).about_message(), SendError::Later(_)));
        assert!(matches!(reply(535).before_message(), SendError::Later(_)));
        assert!(matches!(reply(554).before_message(), SendError::Later(_)));
    }
}
