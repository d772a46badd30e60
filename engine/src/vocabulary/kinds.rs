//! What each token is for: to be read, to steer, or to end a reply.

use crate::gguf::Gguf;

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Part of a text.
    Normal,
    /// Steers the model and is never shown: a turn begins, a turn ends.
    Control,
    /// Stands for its own spelling, in text and on the way out.
    OfItself,
    /// A byte that no other token holds.
    Byte,
    /// Of no use.
    Unused,
}

/// Spellings of tokens that end a turn, whatever else a file says of them.
const ENDS: [&str; 14] = [
    "<|im_end|>",
    "<|endoftext|>",
    "<|eot_id|>",
    "<|eom_id|>",
    "<|end_of_text|>",
    "<|end|>",
    "<|return|>",
    "<end_of_turn>",
    "<end_of_utterance>",
    "</s>",
    "<eos>",
    "<EOT>",
    "[EOT]",
    "<｜end▁of▁sentence｜>",
];

/// The tokens with a part in every conversation, and what each token is.
pub(super) struct Kinds {
    /// By token.
    pub of: Vec<Kind>,
    /// Tokens that end a reply, in ascending order.
    pub ends: Vec<u32>,
    /// The token that texts begin with, if there is one.
    pub bos: Option<u32>,
    /// The token after a text.
    pub eos: Option<u32>,
}

impl Kinds {
    /// Reads them. Files err on the side of calling a steering token a normal one; what looks like
    /// one, or is used as one, is taken for one, so that nobody can spell it.
    pub fn read(file: &Gguf, tokens: &[&str]) -> Result<Self, String> {
        let key = "tokenizer.ggml.token_type";
        let mut of = vec![Kind::Normal; tokens.len()];
        if file.knows(key) {
            // Asked first, so that a long list costs nothing.
            if file.length(key)? != tokens.len() {
                return Err("its tokens and their types differ in number".into());
            }
            of = file.counts(key)?.into_iter().map(Kind::new).collect();
        }
        let named = |name: &str| -> Result<Option<u32>, String> {
            let key = format!("tokenizer.ggml.{name}_token_id");
            if !file.knows(&key) {
                return Ok(None);
            }
            // Some files say -1, or 2^32 - 1, for none.
            let token = file.count(&key).ok().filter(|token| *token < tokens.len());
            Ok(token.and_then(|token| u32::try_from(token).ok()))
        };
        let (bos, eos) = (named("bos")?, named("eos")?);
        let mut ends: Vec<u32> =
            [eos, named("eot")?, named("eom")?].into_iter().flatten().collect();
        ends.extend((0u32..).zip(tokens).filter(|(_, t)| ENDS.contains(t)).map(|(id, _)| id));
        ends.sort_unstable();
        ends.dedup();
        for token in ends.iter().copied().chain(bos) {
            of[token as usize] = Kind::Control;
        }
        for (kind, token) in of.iter_mut().zip(tokens) {
            if matches!(kind, Kind::Normal | Kind::OfItself) && steers(token) {
                *kind = Kind::Control;
            }
        }
        Ok(Self { of, ends, bos, eos })
    }
}

impl Kind {
    fn new(number: i64) -> Self {
        match number {
            2 | 5 => Self::Unused,
            3 => Self::Control,
            4 => Self::OfItself,
            6 => Self::Byte,
            _ => Self::Normal,
        }
    }
}

/// Whether a token is spelled like `<|user|>`.
fn steers(token: &str) -> bool {
    let inner = token.strip_prefix("<|").and_then(|rest| rest.strip_suffix("|>"));
    inner.is_some_and(|inner| {
        !inner.is_empty() && inner.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_spelled_like_marks_steer() {
        assert!(steers("<|user|>") && steers("<|eot_id|>") && steers("<|reserved_12|>"));
        assert!(!steers("<||>") && !steers("<|") && !steers("<| |>") && !steers("user"));
    }
}
