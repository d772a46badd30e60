//! Signatures of webhooks, as the Standard Webhooks specification has them: `webhook-signature` is
//! `v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`. Pure: the time is an argument.
//!
//! A message is signed once with every secret that is valid, so that a receiver may change over
//! from an old secret to a new one whenever it suits.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// The header with the message's id, the same in every attempt to deliver it.
pub const ID: &str = "webhook-id";
/// The header with the time of the attempt, in seconds since 1970.
pub const TIMESTAMP: &str = "webhook-timestamp";
/// The header with the signatures, separated by spaces.
pub const SIGNATURE: &str = "webhook-signature";
/// How far a message's time may be from ours. The specification leaves it open; five minutes is
/// what its reference libraries use.
pub const TOLERANCE: Duration = Duration::from_secs(5 * 60);

const PREFIX: &str = "whsec_";
const VERSION: &str = "v1";

/// What is shared with one receiver.
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// A new one of 32 random bytes.
    pub fn generate() -> Self {
        let mut bytes = Zeroizing::new(vec![0; 32]);
        rand::fill(&mut bytes[..]);
        Self(bytes)
    }

    /// Reads `whsec_` and base64 of 24 to 64 bytes.
    pub fn parse(text: &str) -> Result<Self, SignError> {
        let encoded = text.trim().strip_prefix(PREFIX).ok_or(SignError::Secret)?;
        let bytes = Zeroizing::new(STANDARD.decode(encoded).map_err(|_| SignError::Secret)?);
        if (24..=64).contains(&bytes.len()) { Ok(Self(bytes)) } else { Err(SignError::Secret) }
    }

    /// As the receiver's libraries want it.
    pub fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{PREFIX}{}", STANDARD.encode(&*self.0)))
    }

    fn mac(&self, message: &Message<'_>) -> Hmac<Sha256> {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(format!("{}.{}.", message.id, message.timestamp).as_bytes());
        mac.update(message.body);
        mac
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

/// What is signed.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    id: &'a str,
    timestamp: i64,
    body: &'a [u8],
}

impl<'a> Message<'a> {
    /// A message to be delivered. The id has no full stop, because that separates it from the time.
    pub fn new(id: &'a str, timestamp: i64, body: &'a [u8]) -> Result<Self, SignError> {
        let clean = !id.is_empty() && id.bytes().all(|b| b.is_ascii_graphic() && b != b'.');
        if clean { Ok(Self { id, timestamp, body }) } else { Err(SignError::Id) }
    }

    /// A message that has arrived, with its headers as they were.
    pub fn received(id: &'a str, timestamp: &str, body: &'a [u8]) -> Result<Self, SignError> {
        // Nothing but digits, so that there is one way only to write a time.
        let plain = timestamp.bytes().all(|b| b.is_ascii_digit()) && !timestamp.starts_with('0');
        let seconds = timestamp.parse().ok().filter(|_| plain).ok_or(SignError::Timestamp)?;
        Self::new(id, seconds, body)
    }

    /// The value of the signature header: one signature for each secret.
    pub fn sign(&self, secrets: &[Secret]) -> String {
        let one = |secret: &Secret| {
            format!("{VERSION},{}", STANDARD.encode(secret.mac(self).finalize().into_bytes()))
        };
        secrets.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    /// Whether one of the signatures was made with one of the secrets, not too long ago.
    pub fn verify(
        &self,
        secrets: &[Secret],
        signatures: &str,
        now: i64,
        tolerance: Duration,
    ) -> Result<(), SignError> {
        let apart = now.abs_diff(self.timestamp);
        if apart > tolerance.as_secs() {
            return Err(SignError::OutOfTime { apart, tolerance: tolerance.as_secs() });
        }
        let given: Vec<Vec<u8>> = signatures
            .split(' ')
            .filter_map(|one| one.strip_prefix(VERSION)?.strip_prefix(','))
            .filter_map(|encoded| STANDARD.decode(encoded).ok())
            .collect();
        let right = secrets.iter().any(|secret| {
            let mac = secret.mac(self);
            // In constant time.
            given.iter().any(|signature| mac.clone().verify_slice(signature).is_ok())
        });
        if right { Ok(()) } else { Err(SignError::Signature) }
    }
}

/// Why something is not signed, or not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// Not `whsec_` and base64.
    #[error("a webhook secret is whsec_ and the base64 of 24 to 64 bytes")]
    Secret,
    /// Empty, or with characters that have another use.
    #[error("a message id is visible ASCII without a full stop")]
    Id,
    /// Not a number of seconds.
    #[error("webhook-timestamp is not a time in seconds since 1970")]
    Timestamp,
    /// Old, perhaps sent again by somebody who overheard it; or a clock is wrong.
    #[error("the message's time is {apart} s from ours, more than {tolerance} s: check the clocks")]
    OutOfTime {
        /// Seconds between the message's time and ours.
        apart: u64,
        /// Seconds allowed.
        tolerance: u64,
    },
    /// Another secret, or altered on the way.
    #[error("no signature in webhook-signature fits: another secret, or altered on the way")]
    Signature,
}

#[cfg(test)]
mod tests {
    use super::*;

    // Computed with Python's hmac and base64 modules over keys of the bytes 0..32 and 100..124.
    const ONE: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    const TWO: &str = "whsec_ZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7";
    const BODY: &[u8] = r#"{"type":"lead.created","name":"Jürgen"}"#.as_bytes();
    const ID_: &str = "msg_2yKq7bZ";
    const AT: i64 = 1_763_800_000;
    const BY_ONE: &str = "v1,qOs1Ji6zb7m/ESeaEQNfvMStN8JCv6h2mGd77oYcsEc=";
    const BY_TWO: &str = "v1,EL1zH//kWwFCZk86+a0GDQhaJWGgSv2CJviQHGQJOXA=";

    fn secrets(texts: &[&str]) -> Vec<Secret> {
        texts.iter().map(|text| Secret::parse(text).unwrap()).collect()
    }

    fn message() -> Message<'static> {
        Message::new(ID_, AT, BODY).unwrap()
    }

    #[test]
    fn signatures_are_those_that_python_computes() {
        assert_eq!(message().sign(&secrets(&[ONE])), BY_ONE);
        assert_eq!(message().sign(&secrets(&[ONE, TWO])), format!("{BY_ONE} {BY_TWO}"));
    }

    #[test]
    fn either_secret_will_do_while_they_are_being_changed() {
        let both = format!("{BY_ONE} {BY_TWO}");
        for keys in [&[ONE][..], &[TWO], &[TWO, ONE]] {
            assert_eq!(message().verify(&secrets(keys), &both, AT, TOLERANCE), Ok(()));
        }
        let wrong = Err(SignError::Signature);
        assert_eq!(message().verify(&secrets(&[TWO]), BY_ONE, AT, TOLERANCE), wrong);
        assert_eq!(message().verify(&[], &both, AT, TOLERANCE), wrong);
    }

    #[test]
    fn any_change_breaks_the_signature() {
        let keys = secrets(&[ONE]);
        let check = |m: Message<'_>, s: &str| m.verify(&keys, s, AT, TOLERANCE);
        for bit in 0..BODY.len() * 8 {
            let mut body = BODY.to_vec();
            body[bit / 8] ^= 1 << (bit % 8);
            assert!(check(Message::new(ID_, AT, &body).unwrap(), BY_ONE).is_err());
        }
        assert!(check(Message::new("msg_other", AT, BODY).unwrap(), BY_ONE).is_err());
        assert!(check(Message::new(ID_, AT + 1, BODY).unwrap(), BY_ONE).is_err());
        let bare = BY_ONE.trim_start_matches("v1,");
        for bad in ["", "v1", "v1,", "v1,AAAA", bare, &BY_ONE.replace("v1", "v1a"), &BY_ONE[..20]] {
            assert_eq!(check(message(), bad), Err(SignError::Signature), "{bad}");
        }
        assert_eq!(check(message(), &format!("v1a,xx v2,yy {BY_ONE}")), Ok(()));
    }

    #[test]
    fn a_message_is_believed_for_five_minutes_either_way() {
        let keys = secrets(&[ONE]);
        for (now, right) in
            [(AT + 300, true), (AT - 300, true), (AT + 301, false), (AT - 301, false)]
        {
            assert_eq!(message().verify(&keys, BY_ONE, now, TOLERANCE).is_ok(), right, "{now}");
        }
        assert!(message().verify(&keys, BY_ONE, i64::MIN, TOLERANCE).is_err());
    }

    #[test]
    fn what_was_received_is_read_strictly() {
        assert!(Message::received(ID_, "1763800000", BODY).is_ok());
        for bad in
            ["", "-1", "+1763800000", "01763800000", " 1763800000", "1e9", "99999999999999999999"]
        {
            assert_eq!(
                Message::received(ID_, bad, BODY).err(),
                Some(SignError::Timestamp),
                "{bad}"
            );
        }
        for bad in ["", "a.b", "a b", "ä", "a\n"] {
            assert_eq!(Message::new(bad, AT, BODY).err(), Some(SignError::Id), "{bad}");
        }
    }

    #[test]
    fn secrets_are_read_and_written_but_not_shown() {
        let new = Secret::generate();
        assert_eq!(Secret::parse(&new.text()).unwrap().text(), new.text());
        assert_ne!(Secret::generate().text(), new.text());
        assert_eq!(format!("{new:?}"), "Secret(***)");
        for bad in ["", "whsec_", "whsec_AAAA", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYX", "whsec_!!"] {
            assert_eq!(Secret::parse(bad).err(), Some(SignError::Secret), "{bad}");
        }
    }
}
