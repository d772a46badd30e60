//! The files of a folder: which there are, and their text.
//!
//! Every read goes through [`Folder::read`], which stays inside the folder whatever its links say,
//! takes plain files only, and gives back text or a message that says what to do.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::findings::{Findings, Remark};

/// The largest file that is read.
pub(super) const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;
/// The most files that are read of `pages` or `intents`.
const MAX_FILES: usize = 10_000;
/// Names that are read, or known and left to others.
const KNOWN: [&str; 8] = [
    "shop.toml",
    "golden.jsonl",
    "products.csv",
    "products.tsv",
    "products.jsonl",
    "faq.csv",
    "faq.tsv",
    "faq.jsonl",
];
/// Endings of files that an owner would expect to be read.
const DATA_ENDINGS: [&str; 9] =
    [".csv", ".tsv", ".jsonl", ".json", ".toml", ".xlsx", ".xls", ".ods", ".xml"];

/// A folder, with the names it holds.
pub(super) struct Folder {
    root: PathBuf,
    names: Vec<String>,
}

impl Folder {
    /// Lists the folder.
    pub fn open(dir: &Path) -> io::Result<Self> {
        let root = dir.canonicalize()?;
        let names = list(&root)?;
        Ok(Self { root, names })
    }

    /// The one file of the folder with one of these names, in whatever case; two are a problem,
    /// because nobody could say which is right.
    pub fn one_of(&self, wanted: &[&str], findings: &mut Findings) -> Option<&str> {
        let mut found =
            self.names.iter().filter(|name| wanted.iter().any(|w| name.eq_ignore_ascii_case(w)));
        let first = found.next()?;
        if let Some(second) = found.next() {
            let message =
                format!("there is also {second}; keep one of the two and remove the other");
            findings.problem(Remark::new(first, message));
            return None;
        }
        Some(first)
    }

    /// The files of a subfolder with this ending, sorted, as `pages/returns.md`.
    pub fn all(&self, subfolder: &str, ending: &str, findings: &mut Findings) -> Vec<String> {
        let Ok(path) = self.root.join(subfolder).canonicalize() else { return Vec::new() };
        if !path.starts_with(&self.root) {
            findings.problem(Remark::new(subfolder, OUTSIDE));
            return Vec::new();
        }
        let names = match list(&path) {
            Ok(names) => names,
            Err(error) => {
                findings.problem(Remark::new(subfolder, format!("this cannot be listed: {error}")));
                return Vec::new();
            }
        };
        let (taken, left): (Vec<_>, Vec<_>) =
            names.into_iter().partition(|name| ends_with(name, ending));
        for name in left.iter().filter(|name| !name.starts_with('.')) {
            let message = format!("only files that end in {ending} are read here; this one is not");
            findings.warn(Remark::new(&format!("{subfolder}/{name}"), message));
        }
        if taken.len() > MAX_FILES {
            let message = format!("more than {MAX_FILES} files; join some of them");
            findings.problem(Remark::new(subfolder, message));
            return Vec::new();
        }
        taken.into_iter().map(|name| format!("{subfolder}/{name}")).collect()
    }

    /// The text of a file named from the folder down, without a byte order mark.
    pub fn read(&self, name: &str) -> Result<String, Remark> {
        let remark = |message: String| Remark::new(name, message);
        let unreadable = |error: io::Error| remark(format!("this file cannot be read: {error}"));
        let path = self.root.join(name).canonicalize().map_err(unreadable)?;
        if !path.starts_with(&self.root) {
            return Err(remark(OUTSIDE.to_string()));
        }
        if !path.metadata().map_err(unreadable)?.is_file() {
            return Err(remark("this is not a plain file; replace it by one".to_string()));
        }
        let mut bytes = Vec::new();
        let file = File::open(&path).map_err(unreadable)?;
        file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        if bytes.len() as u64 > MAX_FILE_BYTES {
            return Err(remark(
                "larger than 64 MiB; leave out what visitors never ask".to_string(),
            ));
        }
        decode(bytes).map_err(remark)
    }

    /// Warns of files that look as if they should have been read.
    pub fn warn_of_unread(&self, findings: &mut Findings) {
        for name in &self.names {
            let known = KNOWN.iter().any(|known| name.eq_ignore_ascii_case(known));
            if !known && DATA_ENDINGS.iter().any(|ending| ends_with(name, ending)) {
                let message = "not read; products belong in products.csv (.tsv, .jsonl), questions \
                               in faq.csv, pages in pages/*.md";
                findings.warn(Remark::new(name, message));
            }
        }
    }
}

const OUTSIDE: &str =
    "this is a link out of the shop folder, which is never followed; copy what it points to";

fn ends_with(name: &str, ending: &str) -> bool {
    name.to_lowercase().ends_with(ending)
}

/// The names in a folder, sorted; a name that is not Unicode cannot be one of ours.
fn list(path: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(path)? {
        names.extend(entry?.file_name().into_string().ok());
    }
    names.sort();
    Ok(names)
}

/// UTF-8 with or without a byte order mark, or a message.
fn decode(bytes: Vec<u8>) -> Result<String, String> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err("this is UTF-16; save it as UTF-8 (\"CSV UTF-8\" in a spreadsheet)".to_string());
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes()[..valid].iter().filter(|byte| **byte == b'\n').count();
        format!("line {line} is not UTF-8; save the file as UTF-8 (\"CSV UTF-8\" in a spreadsheet)")
    })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_string(),
        None => text,
    })
}
