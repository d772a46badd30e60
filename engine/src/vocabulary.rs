//! The writer's vocabulary: text to token ids, and ids to the bytes they stand for.
//!
//! Built from the GGUF file itself. Candle's own conversion treats an unknown `tokenizer.ggml.pre`
//! as GPT-2 with a leading space, which moves every number and every turn of a chat off the
//! tokens the model was trained on; SmolLM splits each digit off first.

use crate::gguf::Gguf;
use tokenizers::decoders::byte_level::ByteLevel;
use tokenizers::models::bpe::{BPE, Merges, Vocab};
use tokenizers::pre_tokenizers::PreTokenizerWrapper;
use tokenizers::pre_tokenizers::digits::Digits;
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::{AddedToken, Tokenizer};

/// GGUF's mark for tokens that steer and are never shown.
const CONTROL: i64 = 3;

/// See the module.
pub(crate) struct Vocabulary {
    tokenizer: Tokenizer,
    /// What each token adds to the text; nothing for control tokens.
    bytes: Vec<Box<[u8]>>,
    control: Vec<bool>,
}

impl Vocabulary {
    /// Reads it from the metadata of a model file. The error says what is not supported.
    pub fn read(file: &Gguf) -> Result<Self, String> {
        let (model, split) = (file.text("tokenizer.ggml.model")?, file.text("tokenizer.ggml.pre")?);
        if model != "gpt2" || split != "smollm" {
            return Err(format!("its tokenizer is {model}/{split}, only gpt2/smollm is supported"));
        }
        let tokens = file.texts("tokenizer.ggml.tokens")?;
        let kinds = file.counts("tokenizer.ggml.token_type")?;
        let control: Vec<bool> = kinds.iter().map(|kind| *kind == CONTROL).collect();
        if control.len() != tokens.len() {
            return Err("its tokens and their types differ in number".into());
        }
        let ids = (0u32..).zip(&tokens).map(|(id, token)| ((*token).to_owned(), id));
        let merges = file.texts("tokenizer.ggml.merges")?;
        let tokenizer = tokenizer(ids.collect(), &merges, special(&tokens, &control))?;
        let letters = byte_letters();
        let spell = |(token, control): (&&str, &bool)| -> Box<[u8]> {
            if *control {
                return Box::default();
            }
            // Letters outside the alphabet do not occur in a byte-level vocabulary.
            let byte = |c| letters.iter().position(|l| *l == c).and_then(|b| u8::try_from(b).ok());
            token.chars().filter_map(byte).collect()
        };
        let bytes = tokens.iter().zip(&control).map(spell).collect();
        Ok(Self { tokenizer, bytes, control })
    }

    /// Token ids of a text. `<|im_start|>` and its like become the control tokens they name.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>, String> {
        let encoding = self.tokenizer.encode_fast(text, false).map_err(|e| e.to_string())?;
        Ok(encoding.get_ids().to_vec())
    }

    /// What a token adds to the text: any bytes, not always whole characters.
    pub fn bytes(&self, token: u32) -> &[u8] {
        self.bytes.get(token as usize).map_or(&[], |bytes| bytes)
    }

    /// Whether writing this token means the reply is over.
    pub fn ends(&self, token: u32) -> bool {
        self.control.get(token as usize).copied().unwrap_or(true)
    }
}

/// Only the tokens that shape a chat are looked for in text; a shop that writes `<filename>`
/// means those letters.
fn special(tokens: &[&str], control: &[bool]) -> Vec<AddedToken> {
    let steering = tokens
        .iter()
        .zip(control)
        .filter(|(token, control)| **control && token.starts_with("<|") && token.ends_with("|>"));
    steering.map(|(token, _)| AddedToken::from(*token, true)).collect()
}

fn tokenizer(vocab: Vocab, merges: &[&str], special: Vec<AddedToken>) -> Result<Tokenizer, String> {
    let merges: Option<Merges> = merges
        .iter()
        .map(|pair| pair.split_once(' ').map(|(a, b)| (a.to_owned(), b.to_owned())))
        .collect();
    let merges = merges.ok_or("its merges are not pairs")?;
    let bpe = BPE::builder().vocab_and_merges(vocab, merges).build().map_err(|e| e.to_string())?;
    let mut tokenizer = Tokenizer::new(bpe);
    let splits: Vec<PreTokenizerWrapper> =
        vec![Digits::new(true).into(), ByteLevel::new(false, false, true).into()];
    tokenizer.with_pre_tokenizer(Some(Sequence::new(splits)));
    tokenizer.add_special_tokens(special).map_err(|e| e.to_string())?;
    Ok(tokenizer)
}

/// The letter that stands for each byte in a byte-level vocabulary (GPT-2's `bytes_to_unicode`):
/// printable Latin-1 stands for itself, the rest is moved above it.
pub(crate) fn byte_letters() -> [char; 256] {
    let printable = |byte: u32| matches!(byte, 0x21..=0x7e | 0xa1..=0xac | 0xae..=0xff);
    let mut moved = 0x100;
    let mut letter = |byte: u32| {
        let code = if printable(byte) {
            byte
        } else {
            moved += 1;
            moved - 1
        };
        char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
    };
    std::array::from_fn(|byte| letter(byte as u32))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llama::tiny;
    use crate::models::tests::writer_file;

    fn real() -> Vocabulary {
        Vocabulary::read(&Gguf::read(&writer_file().gguf).unwrap()).unwrap()
    }

    fn spelled(vocabulary: &Vocabulary, text: &str) -> Vec<String> {
        let ids = vocabulary.encode(text).unwrap();
        ids.iter().map(|id| String::from_utf8_lossy(vocabulary.bytes(*id)).into_owned()).collect()
    }

    fn decoded(vocabulary: &Vocabulary, text: &str) -> String {
        let ids = vocabulary.encode(text).unwrap();
        let bytes = ids.iter().flat_map(|id| vocabulary.bytes(*id).to_vec()).collect();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn merges_apply_and_bytes_come_back() {
        let tiny = Vocabulary::read(&Gguf::parse(tiny::file(1)).unwrap()).unwrap();
        assert_eq!(spelled(&tiny, "hello hell"), ["hello", " ", "hell"]);
        assert_eq!(decoded(&tiny, "Größe: 4 €"), "Größe: 4 €");
    }

    #[test]
    fn turns_of_a_chat_are_single_tokens() {
        let real = real();
        assert_eq!(real.encode("<|endoftext|><|im_start|><|im_end|>").unwrap(), [0, 1, 2]);
        // user=4093, newline=198, as in the model's published tokenizer.json
        assert_eq!(real.encode("<|im_start|>user\n").unwrap(), [1, 4093, 198]);
        assert_eq!(
            real.encode("<|im_end|>\n<|im_start|>assistant\n").unwrap(),
            [2, 198, 1, 520, 9531, 198]
        );
        assert!(real.ends(2) && real.ends(0) && !real.ends(198));
        assert!(real.bytes(2).is_empty());
    }

    #[test]
    fn digits_stand_alone() {
        let real = real();
        let price = ["The", " price", " is", " €", "1", "2", "4", "9", ".", "0", "0"];
        assert_eq!(spelled(&real, "The price is €1249.00"), price);
        // The digits are tokens 32 to 41, in order.
        assert_eq!(real.encode("0123456789").unwrap(), (32..42).collect::<Vec<_>>());
    }

    #[test]
    fn any_text_comes_back_as_it_was() {
        let real = real();
        for text in [
            " leading space, trailing ",
            "Don't  double   space\n\n\ttabs",
            "naïve café — “quotes” … 日本語 🏕️",
            "<filename> is no control token, 3×4=12",
        ] {
            assert_eq!(decoded(&real, text), text);
        }
    }

    #[test]
    fn a_prefix_and_a_prompt_meet_without_changing_tokens() {
        let real = real();
        let (prefix, prompt) =
            ("<|im_start|>system\nBe brief.<|im_end|>\n", "<|im_start|>user\nHi");
        let mut apart = real.encode(prefix).unwrap();
        apart.extend(real.encode(prompt).unwrap());
        assert_eq!(apart, real.encode(&format!("{prefix}{prompt}")).unwrap());
    }
}
