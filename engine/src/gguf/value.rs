//! Metadata values: what types there are, how to walk over one, how to read one.
//!
//! A value is a place in the header's bytes. It is checked as it is walked over, so that reading
//! it later needs no memory but for the answer.

use super::walk::Walk;
use std::ops::Range;

/// Lists in lists in lists: no file has them, and each level is a call on the stack.
const MOST_NESTED: usize = 4;

/// The type of a value, by its number in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Unsigned(u8),
    Signed(u8),
    Float(u8),
    Flag,
    Text,
    List,
}

/// A value of the header.
#[derive(Debug, Clone, Copy)]
pub(super) struct Value {
    of: Type,
    /// For a list, the type of its entries and how many there are.
    list: Option<(Type, u32)>,
    /// Of a text without its length, of a list without its type and length.
    begin: u32,
    end: u32,
}

impl Type {
    fn new(number: u32) -> Result<Self, String> {
        Ok(match number {
            0 => Self::Unsigned(1),
            1 => Self::Signed(1),
            2 => Self::Unsigned(2),
            3 => Self::Signed(2),
            4 => Self::Unsigned(4),
            5 => Self::Signed(4),
            6 => Self::Float(4),
            7 => Self::Flag,
            8 => Self::Text,
            9 => Self::List,
            10 => Self::Unsigned(8),
            11 => Self::Signed(8),
            12 => Self::Float(8),
            other => return Err(format!("its header has a value of the unknown type {other}")),
        })
    }

    /// Bytes of a value; for texts and lists the fewest.
    fn size(self) -> u64 {
        match self {
            Self::Unsigned(size) | Self::Signed(size) | Self::Float(size) => u64::from(size),
            Self::Flag => 1,
            Self::Text => 8,
            Self::List => 12,
        }
    }

    fn what(self) -> &'static str {
        match self {
            Self::Unsigned(_) | Self::Signed(_) => "a whole number",
            Self::Float(_) => "a number",
            Self::Flag => "a yes or no",
            Self::Text => "a text",
            Self::List => "a list",
        }
    }

    fn whole(self, bytes: &[u8]) -> Option<i128> {
        let mut wide = [0; 16];
        match self {
            Self::Signed(_) if bytes.last()? & 0x80 != 0 => wide = [0xff; 16],
            Self::Signed(_) | Self::Unsigned(_) => {}
            _ => return None,
        }
        wide.get_mut(..bytes.len())?.copy_from_slice(bytes);
        Some(i128::from_le_bytes(wide))
    }

    fn real(self, bytes: &[u8]) -> Option<f64> {
        match self {
            Self::Float(4) => Some(f64::from(f32::from_le_bytes(bytes.try_into().ok()?))),
            Self::Float(_) => Some(f64::from_le_bytes(bytes.try_into().ok()?)),
            _ => self.whole(bytes).map(|number| number as f64),
        }
    }
}

impl Value {
    /// Walks over a type and a value of it.
    pub fn walk(walk: &mut Walk<'_>) -> Result<Self, String> {
        let of = Type::new(walk.u32()?)?;
        let (list, place) = match of {
            Type::Text => (None, walk.text()?),
            Type::List => walk_list(walk, 1).map(|(list, place)| (Some(list), place))?,
            _ => (None, walk.take(of.size())?),
        };
        let narrow = |at: usize| u32::try_from(at).map_err(|e| e.to_string());
        Ok(Self { of, list, begin: narrow(place.start)?, end: narrow(place.end)? })
    }

    /// What it is, in words.
    pub fn what(self) -> &'static str {
        self.of.what()
    }

    /// If it is a whole number.
    pub fn whole(self, header: &[u8]) -> Option<i128> {
        self.of.whole(self.bytes(header)?)
    }

    /// If it is any number.
    pub fn real(self, header: &[u8]) -> Option<f64> {
        self.of.real(self.bytes(header)?)
    }

    /// If it is a yes or no.
    pub fn flag(self, header: &[u8]) -> Option<bool> {
        let byte = (self.of == Type::Flag).then(|| self.bytes(header))??;
        Some(byte != [0])
    }

    /// If it is a text. Zeros at its end, which some files have, are no part of it.
    pub fn text(self, header: &[u8]) -> Option<&str> {
        (self.of == Type::Text).then(|| text(self.bytes(header)?)).flatten()
    }

    /// If it is a list of texts.
    pub fn texts(self, header: &[u8]) -> Option<Vec<&str>> {
        let (Type::Text, count) = self.list? else { return None };
        let mut rest = self.bytes(header)?;
        let mut texts = Vec::with_capacity(count as usize);
        for _ in 0..count {
            let (length, after) = rest.split_first_chunk::<8>()?;
            let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
            let (entry, after) = after.split_at_checked(length)?;
            texts.push(text(entry)?);
            rest = after;
        }
        Some(texts)
    }

    /// If it is a list of whole numbers.
    pub fn wholes(self, header: &[u8]) -> Option<Vec<i64>> {
        let (of, _) = self.list?;
        self.entries(header)?.map(|entry| i64::try_from(of.whole(entry)?).ok()).collect()
    }

    /// If it is a list of numbers.
    pub fn reals(self, header: &[u8]) -> Option<Vec<f32>> {
        let (of, _) = self.list?;
        self.entries(header)?.map(|entry| of.real(entry).map(|number| number as f32)).collect()
    }

    /// How many entries, if it is a list.
    pub fn len(self) -> Option<usize> {
        self.list.map(|(_, count)| count as usize)
    }

    /// The entries of a list that are all of one size.
    fn entries(self, header: &[u8]) -> Option<impl Iterator<Item = &[u8]>> {
        let (of, _) = self.list.filter(|(of, _)| !matches!(of, Type::Text | Type::List))?;
        Some(self.bytes(header)?.chunks_exact(of.size() as usize))
    }

    fn bytes(self, header: &[u8]) -> Option<&[u8]> {
        header.get(self.begin as usize..self.end as usize)
    }
}

/// Walks over a list behind its type, all entries included.
fn walk_list(walk: &mut Walk<'_>, depth: usize) -> Result<((Type, u32), Range<usize>), String> {
    if depth > MOST_NESTED {
        return Err("its header has lists in lists beyond measure".into());
    }
    let of = Type::new(walk.u32()?)?;
    let count = walk.u64()?;
    let fewest = count.checked_mul(of.size()).filter(|bytes| *bytes <= walk.left());
    let (Some(fewest), Ok(entries)) = (fewest, u32::try_from(count)) else {
        return Err(format!("its header claims a list of {count}, more than it has bytes for"));
    };
    let begin = walk.take(0)?.start;
    let end = match of {
        Type::Text => (0..count).try_fold(begin, |_, _| walk.text().map(|place| place.end))?,
        Type::List => (0..count)
            .try_fold(begin, |_, _| walk_list(walk, depth + 1).map(|(_, place)| place.end))?,
        _ => walk.take(fewest)?.end,
    };
    Ok(((of, entries), begin..end))
}

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok().map(|text| text.trim_end_matches('\0'))
}
