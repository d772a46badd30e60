//! Reading a GGUF file (versions 2 and 3) without trusting it.
//!
//! ```text
//! source (positioned reads) ─> walk (bounded) ─> header { values, tensors } ─> Gguf
//! ```
//!
//! The header is read and checked when a file is opened: every length against the bytes that are
//! left, before memory is asked for. Tensors stay in the file until somebody reads them. Errors say
//! what is wrong with the file and leave its name to the caller: "its llama.block_count is a text".
//!
//! The format: <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>.

mod candle;
mod header;
mod kind;
mod reader;
mod source;
mod tensor;
mod value;
mod walk;

pub(crate) use kind::Kind;
pub(crate) use tensor::TensorInfo;

use header::Header;
use source::Source;
use std::path::Path;
use value::Value;

/// An open file whose header makes sense and whose tensors lie inside it.
pub(crate) struct Gguf {
    source: Source,
    header: Header,
}

impl Gguf {
    /// Opens a file and reads its header.
    pub fn open(path: &Path) -> Result<Self, String> {
        Self::new(Source::open(path)?)
    }

    /// Reads the bytes of a file.
    #[cfg(test)]
    pub fn parse(bytes: Vec<u8>) -> Result<Self, String> {
        Self::new(Source::Bytes(bytes))
    }

    fn new(source: Source) -> Result<Self, String> {
        let header = Header::read(&source)?;
        Ok(Self { source, header })
    }

    /// Bytes of the whole file.
    pub fn len(&self) -> u64 {
        self.source.len()
    }

    /// A tensor that must be there.
    pub fn tensor(&self, name: &str) -> Result<&TensorInfo, String> {
        self.find(name).ok_or_else(|| format!("it has no tensor {name}"))
    }

    /// A tensor, if it is there.
    pub fn find(&self, name: &str) -> Option<&TensorInfo> {
        self.header.tensor(name)
    }

    /// All tensors, by name.
    pub fn tensors(&self) -> impl Iterator<Item = &TensorInfo> {
        self.header.tensors.iter()
    }

    /// Fills `into` with a tensor's bytes from `from` on. Several threads may read at once.
    pub fn read(&self, tensor: &TensorInfo, from: u64, into: &mut [u8]) -> Result<(), String> {
        let end = from.checked_add(into.len() as u64);
        if end.is_none_or(|end| end > tensor.bytes) {
            return Err(format!("its {} ends before byte {from} + {}", tensor.name, into.len()));
        }
        // No overflow: that the tensor lies inside the file was checked.
        self.source
            .read_exact_at(self.header.data + tensor.offset + from, into)
            .map_err(|why| format!("its {} cannot be read: {why}", tensor.name))
    }
}

/// Metadata. A key that is missing and a value of another type are errors that name the key;
/// [`Gguf::knows`] tells the two apart where a key may be missing.
impl Gguf {
    /// The key of a number that each architecture has under its own name: `block_count` is
    /// `llama.block_count` in a llama's file.
    pub fn arch(&self, name: &str) -> Result<String, String> {
        Ok(format!("{}.{name}", self.text("general.architecture")?))
    }

    /// Whether there is a value for this key.
    pub fn knows(&self, key: &str) -> bool {
        self.header.value(key).is_some()
    }

    /// A whole number from zero on.
    pub fn count(&self, key: &str) -> Result<usize, String> {
        let number = self.get(key, "a whole number", Value::whole)?;
        usize::try_from(number).map_err(|_| format!("its {key} is {number}"))
    }

    /// A finite number.
    pub fn number(&self, key: &str) -> Result<f32, String> {
        let number = self.get(key, "a number", Value::real)? as f32;
        number.is_finite().then_some(number).ok_or_else(|| format!("its {key} is {number}"))
    }

    /// A yes or no.
    pub fn flag(&self, key: &str) -> Result<bool, String> {
        self.get(key, "a yes or no", Value::flag)
    }

    /// A text.
    pub fn text(&self, key: &str) -> Result<&str, String> {
        self.get(key, "a text in UTF-8", Value::text)
    }

    /// A list of texts.
    pub fn texts(&self, key: &str) -> Result<Vec<&str>, String> {
        self.get(key, "a list of texts", Value::texts)
    }

    /// A list of whole numbers.
    pub fn counts(&self, key: &str) -> Result<Vec<i64>, String> {
        self.get(key, "a list of whole numbers", Value::wholes)
    }

    /// A list of numbers.
    pub fn numbers(&self, key: &str) -> Result<Vec<f32>, String> {
        self.get(key, "a list of numbers", Value::reals)
    }

    /// How many entries a list has.
    pub fn length(&self, key: &str) -> Result<usize, String> {
        self.get(key, "a list", |value, _| value.len())
    }

    fn get<'a, T>(
        &'a self,
        key: &str,
        what: &str,
        read: impl FnOnce(Value, &'a [u8]) -> Option<T>,
    ) -> Result<T, String> {
        let value = self.header.value(key).ok_or_else(|| format!("it has no {key}"))?;
        read(value, &self.header.bytes)
            .ok_or_else(|| format!("its {key} is {}, not {what}", value.what()))
    }
}

#[cfg(test)]
mod tests;
