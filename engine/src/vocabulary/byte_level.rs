//! Vocabularies in which every byte has a letter, and merges say which letters grow together
//! (`tokenizer.ggml.model` = `gpt2`).

use super::kinds::Kind;
use super::letters::byte_letters;
use super::split::Cuts;
use crate::gguf::Gguf;
use std::collections::HashSet;
use std::sync::LazyLock;
use tokenizers::Tokenizer;
use tokenizers::models::bpe::{BPE, Merges, Vocab};

/// What makes tokens of words. Only normal tokens can come out of it.
pub(super) fn tokenizer(
    file: &Gguf,
    cuts: Cuts,
    tokens: &[&str],
    kinds: &[Kind],
) -> Result<Tokenizer, String> {
    let (mut vocab, mut others) = (Vocab::default(), HashSet::new());
    for ((id, token), kind) in (0u32..).zip(tokens).zip(kinds) {
        if *kind == Kind::Normal {
            vocab.entry((*token).to_owned()).or_insert(id);
        } else {
            others.insert(*token);
        }
    }
    let mut merges: Merges = Vec::new();
    for pair in file.texts("tokenizer.ggml.merges")? {
        let (left, right) = pair.split_once(' ').ok_or("its merges are not pairs")?;
        let whole = [left, right].concat();
        if ![left, right, &whole].iter().any(|token| others.contains(token)) {
            merges.push((left.to_owned(), right.to_owned()));
        }
    }
    let bpe = BPE::builder().vocab_and_merges(vocab, merges).ignore_merges(cuts.whole);
    let mut tokenizer = Tokenizer::new(bpe.build().map_err(|e| format!("its merges: {e}"))?);
    tokenizer.with_normalizer(cuts.normalizer()).map_err(|e| e.to_string())?;
    tokenizer.with_pre_tokenizer(Some(cuts.pre_tokenizer()?));
    Ok(tokenizer)
}

/// What a normal token adds to a text. Letters outside the alphabet do not occur in a token.
pub(super) fn spelling(token: &str) -> Vec<u8> {
    /// The byte of each letter; all of them have small codes.
    static BYTES: LazyLock<[Option<u8>; 0x200]> = LazyLock::new(|| {
        let mut bytes = [None; 0x200];
        for (byte, letter) in (0u8..=255).zip(byte_letters()) {
            bytes[letter as usize] = Some(byte);
        }
        bytes
    });
    token.chars().filter_map(|letter| BYTES.get(letter as usize).copied().flatten()).collect()
}
