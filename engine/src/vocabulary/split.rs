//! How a text is cut before bytes are merged: each byte-level vocabulary was made with its own cuts,
//! and other cuts give tokens the model has hardly seen.
//!
//! `tokenizer.ggml.pre` names them. The expressions are those of the models' own `tokenizer.json`;
//! the names, and which of them share an expression, are llama.cpp's (`llama-vocab.cpp`). Names
//! that are not here are refused: a guess would cost quality and nobody would see why.

use tokenizers::normalizers::NormalizerWrapper;
use tokenizers::normalizers::unicode::NFC;
use tokenizers::pre_tokenizers::PreTokenizerWrapper;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::digits::Digits;
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
use tokenizers::tokenizer::SplitDelimiterBehavior::Isolated;

/// What a name stands for.
#[derive(Clone, Copy)]
pub(super) struct Cuts {
    /// One after the other, each on what the last one left.
    steps: &'static [Step],
    /// Whether letters with marks are put together first (NFC).
    composed: bool,
    /// Whether a piece that is a token is that token, whatever its merges say.
    pub whole: bool,
    /// Whether texts begin with the first token where the file does not say.
    pub begins: bool,
}

#[derive(Clone, Copy)]
enum Step {
    /// Around each digit.
    Digits,
    /// Around each match.
    Around(&'static str),
    /// As GPT-2 does; bytes become letters.
    Gpt2,
    /// No cut; bytes become letters. The last step, but for [`Step::Gpt2`].
    Bytes,
}

use Step::{Around, Bytes, Digits as EachDigit, Gpt2};

impl Cuts {
    /// By the name in a file.
    pub fn named(name: &str) -> Result<Self, String> {
        let plain = |steps| Self { steps, composed: false, whole: false, begins: false };
        Ok(match name {
            "gpt-2" | "phi-2" | "jais" | "trillion" | "granite-docling" => plain(&[Gpt2]),
            "mpt" | "olmo" => Self { composed: true, ..plain(&[Gpt2]) },
            "smollm" | "starcoder" | "refact" | "command-r" | "codeshell" | "exaone" => {
                plain(&[EachDigit, Gpt2])
            }
            "default" => plain(&[
                Around(r"[\p{P}\$\+<=>\^~\|]+"),
                Around(GPT2),
                Around(r"\p{N}+"),
                Around("[0-9][0-9][0-9]"),
                Bytes,
            ]),
            "falcon" => plain(&[
                Around(r"[\p{P}\$\+<=>\^~\|`]+"),
                Around(GPT2),
                Around("[0-9][0-9][0-9]"),
                Bytes,
            ]),
            "qwen2" => Self { composed: true, ..plain(&[Around(ONE_DIGIT), Bytes]) },
            "deepseek-r1-qwen" | "megrez" | "stablelm2" | "hunyuan" | "solar-open" | "grok-2" => {
                plain(&[Around(ONE_DIGIT), Bytes])
            }
            "qwen35" => Self { composed: true, ..plain(&[Around(QWEN35), Bytes]) },
            "llama3" | "llama-v3" | "llama-bpe" | "falcon3" | "falcon-h1" | "lfm2" => {
                Self { whole: true, begins: true, ..plain(&[Around(THREE_DIGITS), Bytes]) }
            }
            "dbrx" | "smaug-bpe" | "glm4" | "chatglm-bpe" => plain(&[Around(THREE_DIGITS), Bytes]),
            "tekken" | "pixtral" => {
                Self { whole: true, begins: true, ..plain(&[Around(TEKKEN), Bytes]) }
            }
            "gpt-4o" | "llama4" | "kanana2" => plain(&[Around(GPT4O), Bytes]),
            "deepseek-coder" => plain(&[
                Around("[\r\n]"),
                Around(r"\s?\p{L}+"),
                Around(r"\s?\p{P}+"),
                Around("[一-龥ࠀ-一가-퟿]+"),
                EachDigit,
                Bytes,
            ]),
            "deepseek-v3" | "hunyuan-dense" => plain(&[
                Around(r"\p{N}{1,3}"),
                Around("[一-龥\u{3040}-ゟ゠-ヿ]+"),
                Around(DEEPSEEK3),
                Bytes,
            ]),
            "seed-coder" => plain(&[Around(SEED_CODER), Bytes]),
            other => return Err(format!("its text is cut by the unknown rule {other}")),
        })
    }

    /// What puts letters together.
    pub fn normalizer(self) -> Option<NormalizerWrapper> {
        self.composed.then(|| NFC.into())
    }

    /// What cuts and makes letters of bytes.
    pub fn pre_tokenizer(self) -> Result<Sequence, String> {
        let step = |step: &Step| -> Result<PreTokenizerWrapper, String> {
            Ok(match step {
                EachDigit => Digits::new(true).into(),
                Gpt2 => ByteLevel::new(false, false, true).into(),
                Bytes => ByteLevel::new(false, false, false).into(),
                Around(pattern) => {
                    let pattern = SplitPattern::Regex((*pattern).to_owned());
                    Split::new(pattern, Isolated, false).map_err(|e| e.to_string())?.into()
                }
            })
        };
        Ok(Sequence::new(self.steps.iter().map(step).collect::<Result<_, _>>()?))
    }
}

const GPT2: &str = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

const ONE_DIGIT: &str = concat!(
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}",
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
);

const THREE_DIGITS: &str = concat!(
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}",
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
);

const QWEN35: &str = concat!(
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}",
    r"| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
);

const TEKKEN: &str = concat!(
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+",
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*",
    r"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
);

const GPT4O: &str = concat!(
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+",
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*",
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
);

const DEEPSEEK3: &str = concat!(
    r##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+"##,
    r"|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*",
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
);

const SEED_CODER: &str = concat!(
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1}",
    r"| ?[^\s\p{L}\p{N}\r\n]+|\s*[\r\n]+|\s+(?!\S)|\s+"
);

#[cfg(test)]
mod tests {
    use super::*;
    use tokenizers::{OffsetReferential, OffsetType, PreTokenizedString, PreTokenizer};

    fn pieces(name: &str, text: &'static str) -> Vec<&'static str> {
        let mut cut = PreTokenizedString::from(text);
        Cuts::named(name).unwrap().pre_tokenizer().unwrap().pre_tokenize(&mut cut).unwrap();
        let splits = cut.get_splits(OffsetReferential::Original, OffsetType::Byte);
        splits.into_iter().map(|(_, (begin, end), _)| &text[begin..end]).collect()
    }

    const TEXT: &str = "It's 12345 g\u{e4}rten,\n\n  NOW'LL go!\n";

    #[test]
    fn gpt2_keeps_numbers_whole_and_words_with_their_space() {
        assert_eq!(
            pieces("gpt-2", TEXT),
            ["It", "'s", " 12345", " gärten", ",", "\n\n ", " NOW", "'", "LL", " go", "!", "\n"]
        );
    }

    #[test]
    fn smollm_puts_each_digit_apart() {
        assert_eq!(pieces("smollm", "It's 123 g"), ["It", "'s", " ", "1", "2", "3", " g"]);
    }

    #[test]
    fn qwen_cuts_single_digits_and_any_apostrophe_and_ends_lines_with_their_signs() {
        assert_eq!(
            pieces("qwen2", TEXT),
            [
                "It", "'s", " ", "1", "2", "3", "4", "5", " gärten", ",\n\n", " ", " NOW", "'LL",
                " go", "!\n"
            ]
        );
    }

    #[test]
    fn llama3_cuts_numbers_by_three() {
        assert_eq!(
            pieces("llama-bpe", TEXT),
            ["It", "'s", " ", "123", "45", " gärten", ",\n\n", " ", " NOW", "'LL", " go", "!\n"]
        );
    }

    #[test]
    fn tekken_and_gpt4o_cut_where_capitals_begin() {
        assert_eq!(pieces("tekken", "getUserName 12"), ["get", "User", "Name", " ", "1", "2"]);
        assert_eq!(pieces("gpt-4o", "getUser's 1234"), ["get", "User's", " ", "123", "4"]);
    }

    #[test]
    fn deepseek_puts_signs_before_words() {
        assert_eq!(
            pieces("deepseek-v3", "a.word .b 1234"),
            ["a", ".word", " .", "b", " ", "123", "4"]
        );
        assert_eq!(pieces("deepseek-coder", "a b\n12."), ["a", " b", "\n", "1", "2", "."]);
    }

    #[test]
    fn the_default_of_old_files_cuts_signs_and_three_digits() {
        assert_eq!(pieces("default", "a+b 12345"), ["a", "+", "b", " ", "123", "45"]);
    }

    #[test]
    fn every_name_can_be_built_and_others_are_refused_by_name() {
        for name in [
            "gpt-2",
            "phi-2",
            "mpt",
            "olmo",
            "smollm",
            "starcoder",
            "default",
            "falcon",
            "qwen2",
            "qwen35",
            "stablelm2",
            "llama3",
            "dbrx",
            "tekken",
            "gpt-4o",
            "deepseek-coder",
            "deepseek-v3",
            "seed-coder",
        ] {
            let all: String = pieces(name, TEXT).concat();
            assert_eq!(all, TEXT, "{name}");
        }
        assert!(Cuts::named("klingon").err().unwrap().contains("klingon"));
    }
}
