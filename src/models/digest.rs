//! A file's sha256, and whether a file is the one that is meant.
//!
//! The only place that decides about bytes: sources, `verify` and opening all ask [`check`].

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::catalogue::ModelFile;

/// The sha256 of a file, written as 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Sha256Sum([u8; 32]);

/// Not 64 hexadecimal digits.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is not a sha256: 64 hexadecimal digits are expected")]
pub struct InvalidSha256(String);

impl Sha256Sum {
    /// Of everything that can be read, and how many bytes that was.
    pub fn of(mut from: impl Read) -> io::Result<(u64, Self)> {
        let mut hasher = Sha256::new();
        let mut buffer = vec![0; 256 * 1024];
        let mut size = 0;
        loop {
            let count = match from.read(&mut buffer) {
                Ok(0) => return Ok((size, Self(hasher.finalize().into()))),
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            hasher.update(&buffer[..count]);
            size += count as u64;
        }
    }
}

impl fmt::Display for Sha256Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Sha256Sum {
    type Err = InvalidSha256;
    fn from_str(text: &str) -> Result<Self, InvalidSha256> {
        let invalid = || InvalidSha256(text.to_string());
        let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(16)).collect();
        let digits = digits.filter(|digits| digits.len() == 64).ok_or_else(invalid)?;
        let mut sum = [0; 32];
        for (byte, pair) in sum.iter_mut().zip(digits.chunks(2)) {
            *byte = pair.iter().fold(0, |value, digit| value << 4 | *digit as u8);
        }
        Ok(Self(sum))
    }
}

impl TryFrom<String> for Sha256Sum {
    type Error = InvalidSha256;
    fn try_from(text: String) -> Result<Self, InvalidSha256> {
        text.parse()
    }
}

impl From<Sha256Sum> for String {
    fn from(sum: Sha256Sum) -> Self {
        sum.to_string()
    }
}

/// What became of comparing a file with what `models.toml` says about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum FileState {
    /// Every byte is right.
    Good,
    /// There is no such file.
    Missing,
    /// It is too short or too long; its bytes were not looked at.
    WrongSize {
        /// Bytes it should have.
        expected: u64,
        /// Bytes it has.
        actual: u64,
    },
    /// It has the right length and other bytes.
    WrongSha256 {
        /// What `models.toml` says.
        expected: Sha256Sum,
        /// What was computed.
        actual: Sha256Sum,
    },
    /// It is there and cannot be read.
    Unreadable {
        /// The operating system's words.
        why: String,
    },
}

impl fmt::Display for FileState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Good => f.write_str("is good"),
            Self::Missing => f.write_str("is missing"),
            Self::WrongSize { expected, actual } => {
                write!(f, "has {actual} bytes, expected {expected}")
            }
            Self::WrongSha256 { expected, actual } => {
                write!(f, "has sha256 {actual}, expected {expected}")
            }
            Self::Unreadable { why } => write!(f, "cannot be read: {why}"),
        }
    }
}

/// Reads the whole file, unless its length already says that it is another one.
pub fn check(path: &Path, file: &ModelFile) -> FileState {
    let open = || -> io::Result<(File, u64)> {
        let open = File::open(path)?;
        let size = open.metadata()?.len();
        Ok((open, size))
    };
    let result = open().and_then(|(open, size)| match size == file.size {
        false => Ok(FileState::WrongSize { expected: file.size, actual: size }),
        true => Sha256Sum::of(open).map(|(size, actual)| judge(file, size, actual)),
    });
    result.unwrap_or_else(|error| match error.kind() {
        io::ErrorKind::NotFound => FileState::Missing,
        _ => FileState::Unreadable { why: error.to_string() },
    })
}

fn judge(file: &ModelFile, size: u64, actual: Sha256Sum) -> FileState {
    if size != file.size {
        return FileState::WrongSize { expected: file.size, actual: size };
    }
    match actual == file.sha256 {
        true => FileState::Good,
        false => FileState::WrongSha256 { expected: file.sha256, actual },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_of_abc_is_the_published_one_and_survives_its_text_form() {
        // FIPS 180-4, example "abc".
        let published = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let (size, sum) = Sha256Sum::of(&b"abc"[..]).unwrap();
        assert_eq!((size, sum.to_string().as_str()), (3, published));
        assert_eq!(published.parse::<Sha256Sum>().unwrap(), sum);
    }

    #[test]
    fn what_is_not_64_hexadecimal_digits_is_not_a_sum() {
        for text in ["", "ab", &"g".repeat(64), &"é".repeat(32)] {
            assert!(text.parse::<Sha256Sum>().is_err(), "{text}");
        }
    }
}
