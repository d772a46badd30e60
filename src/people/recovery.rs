//! Recovery codes: ten single uses for the day the phone is gone.
//!
//! A code has 60 random bits and is kept as SHA-256. That is enough for a code that only works
//! together with the password; the caller limits attempts.

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// How many codes are handed out at once.
pub const CODES: usize = 10;
/// What is kept of a code.
pub type Digest = [u8; 32];

const LENGTH: usize = 12;
const GROUP: usize = 4;
/// Digits and letters without i, l, o and u: 32 signs, five bits each.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// New codes: shown once, kept as digests.
pub struct Batch {
    /// For the person, as in `k7hw-93md-x2fp`.
    pub shown: Vec<Zeroizing<String>>,
    /// For the database, in the same order.
    pub kept: Vec<Digest>,
}

/// Ten new codes. They replace all earlier ones.
pub fn generate() -> Batch {
    let shown: Vec<_> = (0..CODES).map(|_| code()).collect();
    // Every code is in the normal form but for its dashes.
    let kept = shown.iter().map(|code| digest(&code.replace('-', ""))).collect();
    Batch { shown, kept }
}

/// Uses up the code that somebody typed. True if it was there, and then it no longer is.
pub fn redeem(kept: &mut Vec<Digest>, typed: &str) -> bool {
    let Some(code) = normal(typed) else { return false };
    let typed = digest(&code);
    let found = kept.iter().position(|one| one.ct_eq(&typed).into());
    found.map(|at| kept.remove(at)).is_some()
}

/// What is typed as it was meant: any case, any dashes and spaces, and o, i, l for 0, 1, 1. `None`
/// if it cannot be a code.
fn normal(typed: &str) -> Option<Zeroizing<String>> {
    let mut code = Zeroizing::new(String::with_capacity(LENGTH));
    for sign in typed.chars() {
        let sign = match sign.to_ascii_lowercase() {
            '-' | '\u{2010}'..='\u{2015}' | '_' | '.' => continue,
            space if space.is_whitespace() => continue,
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        };
        if code.len() == LENGTH || !sign.is_ascii() || !ALPHABET.contains(&(sign as u8)) {
            return None;
        }
        code.push(sign);
    }
    (code.len() == LENGTH).then_some(code)
}

fn code() -> Zeroizing<String> {
    let mut random = Zeroizing::new([0_u8; LENGTH]);
    rand::fill(&mut random[..]);
    let mut code = Zeroizing::new(String::with_capacity(LENGTH + 2));
    for (at, byte) in random.iter().enumerate() {
        if at > 0 && at % GROUP == 0 {
            code.push('-');
        }
        // 32 divides 256, so every sign is as likely.
        code.push(char::from(ALPHABET[usize::from(byte % 32)]));
    }
    code
}

fn digest(code: &str) -> Digest {
    Sha256::digest(code).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_different_codes_are_made_in_groups_of_four() {
        let batch = generate();
        assert_eq!((batch.shown.len(), batch.kept.len()), (CODES, CODES));
        for code in &batch.shown {
            let groups: Vec<_> = code.split('-').collect();
            assert!(groups.len() == 3 && groups.iter().all(|group| group.len() == 4), "{}", **code);
            assert!(code.bytes().all(|b| b == b'-' || ALPHABET.contains(&b)));
        }
        let distinct: std::collections::HashSet<_> = batch.kept.iter().collect();
        assert_eq!(distinct.len(), CODES);
    }

    #[test]
    fn a_code_is_used_once() {
        let mut batch = generate();
        let code = batch.shown[4].clone();
        assert!(redeem(&mut batch.kept, &code));
        assert!(!redeem(&mut batch.kept, &code));
        assert_eq!(batch.kept.len(), CODES - 1);
        assert!(redeem(&mut batch.kept, &batch.shown[5]));
    }

    #[test]
    fn a_code_is_understood_however_it_is_typed() {
        for typed in [
            "k0hw-93md-x1fp",
            "K0HW-93MD-X1FP",
            "k0hw93mdx1fp",
            " kohw 93md xlfp ",
            "KOHW–93MD–XIFP",
            "k0hw_93md.x1fp\n",
        ] {
            let mut kept = vec![digest("k0hw93mdx1fp")];
            assert!(redeem(&mut kept, typed), "{typed}");
        }
    }

    #[test]
    fn anything_else_is_none() {
        let mut kept = vec![digest("k0hw93mdx1fp"), digest("")];
        for typed in
            ["", "k0hw-93md", "k0hw-93md-x1fpp", "k0hw-93md-x1fu", "k0hw-93md-x1fé", "----"]
        {
            assert!(!redeem(&mut kept, typed), "{typed}");
        }
        assert_eq!(kept.len(), 2);
    }
}
