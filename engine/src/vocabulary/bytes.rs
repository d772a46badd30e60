//! What each token adds to a text, all in one piece of memory.

/// The bytes of all tokens.
pub(super) struct TokenBytes {
    bytes: Vec<u8>,
    /// Where each token ends; it begins where the one before ends.
    ends: Vec<u32>,
}

impl TokenBytes {
    /// Of each token in turn.
    pub fn new(tokens: impl Iterator<Item = Vec<u8>>) -> Result<Self, String> {
        let (mut bytes, mut ends) = (Vec::new(), Vec::new());
        for token in tokens {
            bytes.extend(token);
            ends.push(u32::try_from(bytes.len()).map_err(|_| "its vocabulary is too large")?);
        }
        bytes.shrink_to_fit();
        Ok(Self { bytes, ends })
    }

    /// How many tokens there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Of one token; nothing for one that is not there.
    pub fn get(&self, token: u32) -> &[u8] {
        let token = token as usize;
        let Some(end) = self.ends.get(token) else { return &[] };
        let begin = token.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[begin as usize..*end as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_token_has_its_own_bytes() {
        let tokens =
            TokenBytes::new([&b"ab"[..], b"", b"c"].map(<[u8]>::to_vec).into_iter()).unwrap();
        assert_eq!(tokens.len(), 3);
        assert_eq!(
            [0, 1, 2, 3, u32::MAX].map(|t| tokens.get(t)),
            [&b"ab"[..], b"", b"c", b"", b""]
        );
    }
}
