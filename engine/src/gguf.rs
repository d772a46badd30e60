//! Reading a GGUF file without trusting it.
//!
//! Candle checks most lengths against the file; what it does not (sizes that overflow, an alignment
//! of zero) is checked here or caught, so that a cut-off download or a wrong file is a sentence in
//! the health page and never a crash.

use candle_core::Device;
use candle_core::quantized::gguf_file::{Content, Value};
use candle_core::quantized::{GgmlDType, QTensor};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Larger than any model this engine is for; keeps a wrong path from filling the memory.
const MOST_BYTES: u64 = 4 << 30;

/// A file in memory, with its header read and every tensor known to lie inside it.
pub(crate) struct Gguf {
    bytes: Vec<u8>,
    content: Content,
}

impl Gguf {
    /// Reads the file. The error says what is wrong with it, without its name.
    pub fn read(path: &Path) -> Result<Self, String> {
        let size = std::fs::metadata(path).map_err(|e| e.to_string())?.len();
        if size > MOST_BYTES {
            return Err(format!("it has {size} bytes, more than the {MOST_BYTES} allowed"));
        }
        Self::parse(std::fs::read(path).map_err(|e| e.to_string())?)
    }

    /// Reads the bytes of a file.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, String> {
        let content = guarded(|| Content::read(&mut Cursor::new(&bytes)))?;
        let data = (bytes.len() as u64).saturating_sub(content.tensor_data_offset);
        for (name, tensor) in &content.tensor_infos {
            let fits = byte_size(tensor.shape.dims(), tensor.ggml_dtype)
                .and_then(|size| tensor.offset.checked_add(size))
                .is_some_and(|end| end <= data);
            if !fits {
                return Err(format!("its tensor {name} lies outside the file: it is cut off"));
            }
        }
        Ok(Self { bytes, content })
    }

    /// A tensor as it is stored.
    pub fn tensor(&self, name: &str) -> Result<QTensor, String> {
        let mut reader = Cursor::new(&self.bytes);
        guarded(|| self.content.tensor(&mut reader, name, &Device::Cpu))
    }

    /// Whether there is a tensor of this name.
    pub fn has(&self, name: &str) -> bool {
        self.content.tensor_infos.contains_key(name)
    }

    /// A whole number.
    pub fn count(&self, key: &str) -> Result<usize, String> {
        let number = self.value(key)?.to_u64().map_err(|e| format!("its {key} is {e}"))?;
        usize::try_from(number).map_err(|_| format!("its {key} is {number}"))
    }

    /// A real number.
    pub fn number(&self, key: &str) -> Result<f32, String> {
        self.value(key)?.to_f32().map_err(|e| format!("its {key} is {e}"))
    }

    /// A text.
    pub fn text(&self, key: &str) -> Result<&str, String> {
        self.value(key)?.to_string().map(String::as_str).map_err(|e| format!("its {key} is {e}"))
    }

    /// A list of texts.
    pub fn texts(&self, key: &str) -> Result<Vec<&str>, String> {
        let list = self.value(key)?.to_vec().map_err(|e| format!("its {key} is {e}"))?;
        list.iter()
            .map(|value| value.to_string().map(String::as_str))
            .collect::<Result<_, _>>()
            .map_err(|e| format!("its {key} has an entry that is {e}"))
    }

    /// A list of small whole numbers.
    pub fn counts(&self, key: &str) -> Result<Vec<i64>, String> {
        let list = self.value(key)?.to_vec().map_err(|e| format!("its {key} is {e}"))?;
        list.iter()
            .map(|value| match value {
                Value::I32(n) => Ok(i64::from(*n)),
                Value::U32(n) => Ok(i64::from(*n)),
                _ => Err(format!("its {key} has an entry that is not a whole number")),
            })
            .collect()
    }

    fn value(&self, key: &str) -> Result<&Value, String> {
        self.content.metadata.get(key).ok_or_else(|| format!("it has no {key}"))
    }
}

/// Bytes a tensor takes, if that is a number at all.
fn byte_size(dims: &[usize], kind: GgmlDType) -> Option<u64> {
    let elements = dims.iter().try_fold(1usize, |all, dim| all.checked_mul(*dim))?;
    let blocks =
        elements.is_multiple_of(kind.block_size()).then(|| elements / kind.block_size())?;
    u64::try_from(blocks.checked_mul(kind.type_size())?).ok()
}

/// Turns candle's errors into text, and what it panics about into errors.
fn guarded<T>(read: impl FnOnce() -> candle_core::Result<T>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(value)) => Ok(value),
        // The first line: the rest can be a backtrace.
        Ok(Err(error)) => Err(error.to_string().lines().next().unwrap_or("unreadable").to_owned()),
        Err(_) => Err("its header makes no sense".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llama::tiny;

    #[test]
    fn every_way_of_cutting_a_file_off_is_an_error() {
        let bytes = tiny::file(1);
        assert!(Gguf::parse(bytes.clone()).is_ok());
        for length in (0..bytes.len()).step_by(251).chain([bytes.len() - 1]) {
            assert!(Gguf::parse(bytes[..length].to_vec()).is_err(), "cut at {length}");
        }
    }

    #[test]
    fn a_damaged_header_never_panics() {
        let bytes = tiny::file(1);
        for at in 0..600 {
            for value in [0x00, 0x7f, 0xff] {
                let mut damaged = bytes.clone();
                damaged[at] = value;
                if let Ok(file) = Gguf::parse(damaged) {
                    let _ = file.tensor("token_embd.weight");
                }
            }
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let file = Gguf::parse(tiny::file(1)).unwrap();
        assert_eq!(file.count("llama.nonsense").unwrap_err(), "it has no llama.nonsense");
        assert!(file.tensor("blk.99.attn_q.weight").unwrap_err().contains("blk.99"));
        assert!(Gguf::read(Path::new("/no/such.gguf")).err().unwrap().contains("No such"));
    }
}
