//! One-time codes from a phone: TOTP (RFC 6238) with SHA-1, 30 seconds and six digits, which is the
//! only form that every authenticator app knows. Pure: the time is an argument.
//!
//! A guess is right about three times in a million, so the caller must limit attempts.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Bytes in a secret: as long as the hash, as RFC 4226 (section 4) recommends.
pub const SECRET: usize = 20;
/// How long a code lasts, in seconds.
pub const STEP: u64 = 30;

const DIGITS: usize = 6;
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A new secret. To be sealed, not hashed: it is needed for every check.
pub fn secret() -> Zeroizing<[u8; SECRET]> {
    let mut bytes = Zeroizing::new([0; SECRET]);
    rand::fill(&mut bytes[..]);
    bytes
}

/// The step of a code that is right now, one step ago or one step ahead, and that is later than the
/// last step used. Store it as the last step used: a code serves once.
pub fn check(
    secret: &[u8],
    code: &str,
    at_unix_seconds: u64,
    last_used_step: Option<u64>,
) -> Option<u64> {
    let typed: Zeroizing<String> =
        Zeroizing::new(code.chars().filter(|c| !c.is_whitespace() && *c != '-').collect());
    if typed.len() != DIGITS || !typed.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let now = at_unix_seconds / STEP;
    let mut found = None;
    // All three are computed and compared, whichever is right.
    for step in now.saturating_sub(1)..=now.saturating_add(1) {
        let right = bool::from(self::code(secret, step).as_bytes().ct_eq(typed.as_bytes()));
        if right && found.is_none() && last_used_step.is_none_or(|last| step > last) {
            found = Some(step);
        }
    }
    found
}

/// The code of a step (RFC 4226, section 5.3).
fn code(secret: &[u8], step: u64) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let from = usize::from(digest[19] & 0x0f);
    let four = [digest[from], digest[from + 1], digest[from + 2], digest[from + 3]];
    let number = (u32::from_be_bytes(four) & 0x7fff_ffff) % 10_u32.pow(DIGITS as u32);
    format!("{number:0DIGITS$}")
}

/// The secret as text, for who types it instead of scanning it: base32 without padding.
pub fn base32(secret: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(secret.len().div_ceil(5) * 8));
    let (mut bits, mut count) = (0_u32, 0);
    for byte in secret {
        bits = (bits << 8) | u32::from(*byte);
        count += 8;
        while count >= 5 {
            count -= 5;
            text.push(char::from(BASE32[(bits >> count) as usize & 31]));
        }
        bits &= (1 << count) - 1;
    }
    if count > 0 {
        text.push(char::from(BASE32[(bits << (5 - count)) as usize & 31]));
    }
    text
}

/// What the QR code says: `otpauth://totp/Issuer:account?secret=...`. Colons separate the two
/// names, so those in them are left out.
pub fn uri(secret: &[u8], issuer: &str, account: &str) -> Zeroizing<String> {
    let (issuer, account) = (escape(issuer), escape(account));
    Zeroizing::new(format!(
        "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}\
         &algorithm=SHA1&digits={DIGITS}&period={STEP}",
        *base32(secret)
    ))
}

/// Everything but the unreserved characters of RFC 3986 as percent and two digits.
fn escape(name: &str) -> String {
    let mut out = String::new();
    for byte in name.bytes().filter(|byte| *byte != b':') {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const RFC: &[u8] = b"12345678901234567890";

    /// RFC 6238, appendix B, for SHA-1; the last six of its eight digits.
    const VECTORS: [(u64, &str); 6] = [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ];

    #[test]
    fn codes_are_those_of_the_standard() {
        for (at, code) in VECTORS {
            assert_eq!(check(RFC, code, at, None), Some(at / STEP), "{at}");
        }
        // RFC 4226, appendix D.
        let hotp = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583"];
        for (step, expected) in hotp.iter().enumerate() {
            assert_eq!(code(RFC, step as u64), *expected);
        }
    }

    #[test]
    fn one_step_either_way_is_accepted_and_two_are_not() {
        let (at, code) = VECTORS[2];
        let step = at / STEP;
        for (off, right) in [(-60, false), (-30, true), (0, true), (30, true), (60, false)] {
            let found = check(RFC, code, at.checked_add_signed(off).unwrap(), None);
            assert_eq!(found, right.then_some(step), "{off}");
        }
        assert_eq!(check(RFC, "755224", 0, None), Some(0));
        assert!(check(RFC, "755224", u64::MAX, None).is_none());
    }

    #[test]
    fn no_code_serves_twice_and_none_before_it() {
        let (at, code) = VECTORS[3];
        let step = at / STEP;
        assert_eq!(check(RFC, code, at, Some(step - 1)), Some(step));
        assert_eq!(check(RFC, code, at, Some(step)), None);
        assert_eq!(check(RFC, code, at, Some(step + 1)), None);
        assert_eq!(check(RFC, &super::code(RFC, step - 1), at, Some(step)), None);
    }

    #[test]
    fn spaces_are_forgiven_and_nothing_else() {
        let at = VECTORS[4].0;
        for good in ["279037", "279 037", " 279-037 "] {
            assert!(check(RFC, good, at, None).is_some(), "{good}");
        }
        for bad in ["", "27903", "2790370", "69279037", "27903a", "２７９０３７", "+79037"] {
            assert!(check(RFC, bad, at, None).is_none(), "{bad}");
        }
    }

    #[test]
    fn base32_is_that_of_rfc_4648() {
        for (bytes, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(*base32(bytes.as_bytes()), text);
        }
        assert_eq!(base32(&secret()[..]).len(), 32);
        assert_ne!(secret(), secret());
    }

    #[test]
    fn names_are_escaped_in_the_uri() {
        assert_eq!(
            *uri(RFC, "Café & Co: 100%", "jo+1@shop.example"),
            "otpauth://totp/Caf%C3%A9%20%26%20Co%20100%25:jo%2B1%40shop.example\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Caf%C3%A9%20%26%20Co%20100%25\
             &algorithm=SHA1&digits=6&period=30"
        );
    }
}
