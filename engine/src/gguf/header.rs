//! The header of a file: metadata and the directory of tensors, read once and checked whole.

use super::source::Source;
use super::tensor::{self, TensorInfo, shown};
use super::value::Value;
use super::walk::Walk;

/// Far more tensors, or entries of metadata, than any model has.
const MOST_ENTRIES: u64 = 1 << 16;

/// Where tensors begin is a multiple of this unless the file says otherwise.
const USUAL_ALIGNMENT: u64 = 32;

/// See the module.
pub(super) struct Header {
    /// The header itself; values are places in it.
    pub bytes: Vec<u8>,
    /// Sorted by key.
    entries: Vec<(Box<str>, Value)>,
    /// Sorted by name.
    pub tensors: Vec<TensorInfo>,
    /// Where in the file tensors begin.
    pub data: u64,
}

impl Header {
    /// Reads it. The error says what is wrong with the file, without its name.
    pub fn read(source: &Source) -> Result<Self, String> {
        let mut walk = Walk::new(source);
        if source.len() < 4 || walk.u32()?.to_le_bytes() != *b"GGUF" {
            return Err("it is no GGUF file".into());
        }
        match walk.u32()? {
            2 | 3 => {}
            swapped if (1..=3).contains(&swapped.swap_bytes()) => {
                return Err("it is a big-endian GGUF file".into());
            }
            other => return Err(format!("it is a GGUF file of the unknown version {other}")),
        }
        let (tensor_count, entry_count) = (walk.u64()?, walk.u64()?);
        if tensor_count.max(entry_count) > MOST_ENTRIES
            || tensor_count * TensorInfo::FEWEST_BYTES + entry_count * FEWEST_BYTES > walk.left()
        {
            return Err(format!(
                "its header claims {tensor_count} tensors and {entry_count} entries: it is cut off"
            ));
        }
        let mut entries = Vec::new();
        for _ in 0..entry_count {
            let place = walk.text()?;
            let key =
                std::str::from_utf8(walk.bytes(place)).map_err(|_| "a key of it is no text")?;
            let key: Box<str> = Box::from(key.trim_end_matches('\0'));
            entries.push((key, Value::walk(&mut walk)?));
        }
        entries.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        if let Some(twice) = entries.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(format!("it has two entries {}", shown(&twice[0].0)));
        }
        let mut tensors = Vec::new();
        for _ in 0..tensor_count {
            tensors.push(TensorInfo::walk(&mut walk)?);
        }
        tensors.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        if let Some(twice) = tensors.windows(2).find(|pair| pair[0].name == pair[1].name) {
            return Err(format!("it has two tensors {}", shown(&twice[0].name)));
        }
        let mut header = Self { bytes: walk.finish(), entries, tensors, data: 0 };
        // The padding may be missing where nothing follows it.
        let end = header.bytes.len() as u64;
        header.data = end.next_multiple_of(header.alignment()?);
        tensor::check(&header.tensors, source.len().saturating_sub(header.data))?;
        Ok(header)
    }

    /// The value of a key.
    pub fn value(&self, key: &str) -> Option<Value> {
        let at = self.entries.binary_search_by(|(entry, _)| entry.as_ref().cmp(key)).ok()?;
        Some(self.entries[at].1)
    }

    /// A tensor by its name.
    pub fn tensor(&self, name: &str) -> Option<&TensorInfo> {
        let at = self.tensors.binary_search_by(|tensor| tensor.name.as_str().cmp(name)).ok()?;
        Some(&self.tensors[at])
    }

    fn alignment(&self) -> Result<u64, String> {
        let Some(value) = self.value("general.alignment") else { return Ok(USUAL_ALIGNMENT) };
        let number = value.whole(&self.bytes).and_then(|number| u64::try_from(number).ok());
        number
            .filter(|number| number.is_power_of_two() && *number <= 1 << 16)
            .ok_or_else(|| "its general.alignment is no small power of two".to_owned())
    }
}

/// Of an entry of metadata: an empty key, a type and a value of one byte.
const FEWEST_BYTES: u64 = 13;
