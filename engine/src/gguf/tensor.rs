//! The directory of tensors: what each is called, its shape and where its bytes lie.

use super::kind::Kind;
use super::walk::Walk;

/// More dimensions than this no format of ggml's has.
const MOST_DIMS: u32 = 4;

/// Longest name, in bytes; ggml itself allows 64.
const LONGEST_NAME: usize = 256;

/// A tensor as the file describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TensorInfo {
    /// Its name, as in `blk.0.attn_q.weight`.
    pub name: String,
    /// Rows first, as in `[rows, columns]`; a vector has one dimension.
    pub dims: Vec<usize>,
    /// How its numbers are stored.
    pub kind: Kind,
    /// From where tensors begin.
    pub(super) offset: u64,
    /// Bytes it takes in the file; zero if its kind is not known at all.
    pub bytes: u64,
}

impl TensorInfo {
    /// Fewest bytes of an entry: a name of one letter, no dimension, kind and offset.
    pub(super) const FEWEST_BYTES: u64 = 25;

    /// Walks over an entry.
    pub(super) fn walk(walk: &mut Walk<'_>) -> Result<Self, String> {
        let place = walk.text()?;
        let name = std::str::from_utf8(walk.bytes(place)).ok();
        let fit = |name: &&str| (1..=LONGEST_NAME).contains(&name.len()) && !name.contains('\0');
        let name = name.filter(fit);
        let name = name.ok_or("a tensor of it has a name that is none")?.to_owned();
        let count = walk.u32()?;
        if count > MOST_DIMS {
            return Err(format!("its {} has {count} dimensions", shown(&name)));
        }
        let mut dims = Vec::with_capacity(count as usize);
        for _ in 0..count {
            let dim = usize::try_from(walk.u64()?);
            dims.push(dim.map_err(|_| format!("its {} is too large", shown(&name)))?);
        }
        dims.reverse();
        let kind = Kind::new(walk.u32()?);
        let offset = walk.u64()?;
        let bytes = size(&dims, kind).map_err(|why| format!("its {} {why}", shown(&name)))?;
        Ok(Self { name, dims, kind, offset, bytes })
    }

    /// Why it cannot be computed with, where its kind is the reason.
    pub fn unreadable(&self) -> String {
        let (name, number, kind) = (shown(&self.name), self.kind.number(), self.kind.name());
        format!("its {name} is of type {number} ({kind}), which this engine cannot read")
    }

    /// How many numbers it holds.
    pub fn numbers(&self) -> u64 {
        self.dims.iter().map(|dim| *dim as u64).product()
    }
}

/// Checks that all tensors lie within `room` bytes and do not take more than those together, so
/// that a small file cannot stand for a large model.
pub(super) fn check(tensors: &[TensorInfo], room: u64) -> Result<(), String> {
    for tensor in tensors {
        if tensor.offset.checked_add(tensor.bytes).is_none_or(|end| end > room) {
            let name = shown(&tensor.name);
            return Err(format!("its tensor {name} lies outside the file: it is cut off"));
        }
    }
    // No overflow: each was just seen to take less than the file, and they are few.
    let together = tensors.iter().map(|tensor| u128::from(tensor.bytes)).sum::<u128>();
    if together > u128::from(room) {
        return Err("its tensors lie upon each other".into());
    }
    Ok(())
}

/// Bytes of a tensor of these dimensions.
fn size(dims: &[usize], kind: Kind) -> Result<u64, String> {
    let numbers = dims.iter().try_fold(1u64, |all, dim| all.checked_mul(*dim as u64));
    let numbers = numbers.filter(|all| isize::try_from(*all).is_ok());
    let numbers = numbers.ok_or_else(|| format!("claims the dimensions {dims:?}"))?;
    let Some((block, bytes)) = kind.block() else { return Ok(0) };
    if !(*dims.last().unwrap_or(&1) as u64).is_multiple_of(block) {
        return Err(format!("has rows of {:?}, not whole blocks of {}", dims.last(), kind.name()));
    }
    (numbers / block).checked_mul(bytes).ok_or_else(|| format!("claims the dimensions {dims:?}"))
}

/// A name out of an untrusted file, fit for a message.
pub(super) fn shown(name: &str) -> String {
    name.chars().take(64).flat_map(char::escape_debug).collect()
}
