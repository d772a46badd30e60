//! The writer's vocabulary: text to token ids, and ids to the bytes they stand for.
//!
//! ```text
//! pieces ─> marks (control tokens, in the template's words only) ─> words ─> cuts ─> merges ─> ids
//! ```
//!
//! Built from the GGUF file itself, as the file says. Words never become control tokens: those are
//! looked for before words are cut, and only in what the template says, and they are not among the
//! tokens that words can become.

mod byte_level;
mod bytes;
mod kinds;
pub(crate) mod letters;
mod marks;
mod scored;
mod split;

use crate::chat::Piece;
use crate::gguf::Gguf;
use bytes::TokenBytes;
use kinds::{Kind, Kinds};
use marks::{Marks, Stretch};
use scored::Scored;
use split::Cuts;
use std::borrow::Cow;
use std::collections::BTreeSet;
use tokenizers::Tokenizer;

/// See the module.
pub(crate) struct Vocabulary {
    words: Words,
    /// What a template may say by token: control tokens, and those that stand for themselves.
    marks: Marks,
    /// What anybody may: white space that is one token.
    blanks: Marks,
    bytes: TokenBytes,
    control: Vec<bool>,
    /// The token that texts begin with, if they do.
    first: Option<u32>,
    /// The token that texts end with, if they do.
    last: Option<u32>,
}

/// What makes tokens of words.
enum Words {
    ByteLevel(Box<Tokenizer>),
    Scored(Box<Scored>),
}

impl Vocabulary {
    /// Reads it from the metadata of a model file. The error says what is not supported.
    pub fn read(file: &Gguf) -> Result<Self, String> {
        let tokens = file.texts("tokenizer.ggml.tokens")?;
        let Kinds { of: kinds, bos, eos, .. } = Kinds::read(file, &tokens)?;
        let says = |name: &str, unless: bool| {
            let key = format!("tokenizer.ggml.{name}");
            if file.knows(&key) { file.flag(&key) } else { Ok(unless) }
        };
        let (words, begins);
        let spelling: fn(&str) -> Vec<u8>;
        match Sort::of(file)? {
            Sort::ByteLevel(cuts) => {
                let tokenizer = byte_level::tokenizer(file, cuts, &tokens, &kinds)?;
                (words, begins) = (Words::ByteLevel(Box::new(tokenizer)), cuts.begins);
                spelling = byte_level::spelling;
            }
            Sort::Scored => {
                let spaced = says("add_space_prefix", true)?;
                let scored = Scored::read(file, &tokens, &kinds, spaced)?;
                (words, begins) = (Words::Scored(Box::new(scored)), true);
                spelling = scored::spelling;
            }
        }
        let bytes = tokens.iter().zip(&kinds).map(|(token, kind)| match kind {
            Kind::Normal => spelling(token),
            Kind::OfItself => token.as_bytes().to_vec(),
            Kind::Byte => scored::byte(token).into_iter().collect(),
            Kind::Control | Kind::Unused => Vec::new(),
        });
        let of_themselves = |wanted: fn(Kind, &str) -> bool| {
            let all = (0u32..).zip(&tokens).zip(&kinds);
            let wanted = all.filter(|((_, token), kind)| wanted(**kind, token));
            Marks::new(wanted.map(|((id, token), _)| (id, *token)))
        };
        Ok(Self {
            bytes: TokenBytes::new(bytes)?,
            words,
            marks: of_themselves(|kind, _| matches!(kind, Kind::Control | Kind::OfItself))?,
            blanks: of_themselves(|kind, t| kind == Kind::OfItself && t.trim().is_empty())?,
            first: if says("add_bos_token", begins)? { bos } else { None },
            last: if says("add_eos_token", false)? { eos } else { None },
            control: kinds.iter().map(|kind| *kind == Kind::Control).collect(),
        })
    }

    /// How many tokens there are: ids are below it.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// What a token adds to the text: any bytes, not always whole characters, and none for tokens
    /// that steer.
    pub fn bytes(&self, token: u32) -> &[u8] {
        self.bytes.get(token)
    }

    /// Whether writing this token means the reply is over: it ends a turn, or it steers in some
    /// other way, and nothing that follows would be meant for the reader.
    pub fn ends(&self, token: u32) -> bool {
        self.control.get(token as usize).copied().unwrap_or(true)
    }

    /// Token ids of what a template says: `<|im_start|>` and its like become the control tokens
    /// they name.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>, String> {
        self.ids([(true, text)])
    }

    /// Token ids of what anybody says: no text whatsoever becomes a control token.
    pub fn encode_plain(&self, text: &str) -> Result<Vec<u32>, String> {
        self.ids([(false, text)])
    }

    /// Token ids of a chat as its template lays it out, from the first token on. Where a template
    /// marks turns with mere text, as in `[INST]`, those marks are broken up in what people say.
    pub fn encode_pieces(&self, pieces: &[Piece]) -> Result<Vec<u32>, String> {
        let text_marks = self.text_marks(pieces);
        let texts: Vec<(bool, Cow<'_, str>)> = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Template(text) => (true, text.into()),
                Piece::Content(text) => (false, broken(text, &text_marks)),
            })
            .collect();
        let mut ids = self.ids(texts.iter().map(|(steers, text)| (*steers, text.as_ref())))?;
        // Many templates write the first token themselves.
        if let Some(first) = self.first.filter(|first| ids.first() != Some(first)) {
            ids.insert(0, first);
        }
        Ok(ids)
    }

    /// Token ids of a text that stands for itself, with the tokens the model wants around one.
    pub fn encode_whole(&self, text: &str) -> Result<Vec<u32>, String> {
        let plain = self.encode_plain(text)?;
        Ok(self.first.into_iter().chain(plain).chain(self.last).collect())
    }

    /// Words in brackets that a template says and no token stands for.
    fn text_marks<'a>(&self, pieces: &'a [Piece]) -> BTreeSet<&'a str> {
        let mut found = BTreeSet::new();
        for piece in pieces {
            let Piece::Template(text) = piece else { continue };
            for stretch in self.marks.split(text) {
                let Stretch::Words(words) = stretch else { continue };
                found.extend(words.split_whitespace().filter(|word| {
                    word.len() > 2 && word.starts_with(['[', '<']) && word.ends_with([']', '>'])
                }));
            }
        }
        found
    }

    /// Of texts one after the other, each with whether it may name control tokens. Between two
    /// control tokens words are cut together, whoever said them, as when the model was trained.
    fn ids<'a>(
        &self,
        texts: impl IntoIterator<Item = (bool, &'a str)>,
    ) -> Result<Vec<u32>, String> {
        let mut ids = Vec::new();
        let mut words = String::new();
        for (steers, text) in texts {
            let marks = if steers { &self.marks } else { &self.blanks };
            for stretch in marks.split(text) {
                match stretch {
                    Stretch::Words(more) => words.push_str(more),
                    Stretch::Mark(token) => {
                        self.put(&words, &mut ids)?;
                        words.clear();
                        ids.push(token);
                    }
                }
            }
        }
        self.put(&words, &mut ids)?;
        Ok(ids)
    }

    /// Adds words that follow `ids`.
    fn put(&self, words: &str, ids: &mut Vec<u32>) -> Result<(), String> {
        if words.is_empty() {
            return Ok(());
        }
        match &self.words {
            Words::ByteLevel(tokenizer) => {
                let encoding = tokenizer.encode_fast(words, false).map_err(|e| e.to_string())?;
                ids.extend(encoding.get_ids());
            }
            Words::Scored(scored) => {
                scored.encode(words, ids.last().is_none_or(|token| self.ends(*token)), ids);
            }
        }
        Ok(())
    }
}

/// Spellings of the tokens that end a reply, from the header alone.
pub(crate) fn stop_tokens(file: &Gguf) -> Result<Vec<String>, String> {
    let tokens = file.texts("tokenizer.ggml.tokens")?;
    let ends = Kinds::read(file, &tokens)?.ends;
    Ok(ends.into_iter().map(|token| tokens[token as usize].to_owned()).collect())
}

/// Whether [`Vocabulary::read`] knows this sort of vocabulary, from the header alone.
pub(crate) fn supported(file: &Gguf) -> Result<(), String> {
    Sort::of(file).map(drop)
}

/// How a vocabulary makes tokens of words.
enum Sort {
    ByteLevel(Cuts),
    Scored,
}

impl Sort {
    fn of(file: &Gguf) -> Result<Self, String> {
        let rule = "tokenizer.ggml.pre";
        match file.text("tokenizer.ggml.model")? {
            "gpt2" if file.knows(rule) => Cuts::named(file.text(rule)?).map(Self::ByteLevel),
            "gpt2" => Cuts::named("default").map(Self::ByteLevel),
            "llama" => Ok(Self::Scored),
            other => Err(format!("its tokenizer is {other}, only gpt2 and llama are read")),
        }
    }
}

/// A text in which each mark has a space behind its bracket.
fn broken<'a>(text: &'a str, marks: &BTreeSet<&str>) -> Cow<'a, str> {
    let mut text = Cow::Borrowed(text);
    for mark in marks {
        if text.contains(mark) {
            let (bracket, rest) = mark.split_at(1);
            text = text.replace(mark, &format!("{bracket} {rest}")).into();
        }
    }
    text
}

#[cfg(test)]
mod tests;
