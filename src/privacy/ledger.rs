//! What was erased, outside the database: one line a chat in a file that only grows. It lies in the data
//! folder and beside every backup, and holds ids and times and nothing else.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::domain::ids::ChatId;
use crate::domain::time::Instant;

/// The file's name, in a data folder and beside backups.
pub const FILE: &str = "erasures.jsonl";

/// All of a chat up to a time was erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Line {
    /// The chat.
    pub chat: ChatId,
    /// Everything until then.
    pub at: Instant,
}

/// What is noted in a folder. A folder without the file has nothing noted.
pub fn read(folder: &Path) -> std::io::Result<BTreeSet<Line>> {
    let path = folder.join(FILE);
    let text = match std::fs::read_to_string(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeSet::new()),
        text => text?,
    };
    let mut lines = BTreeSet::new();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.is_empty()) {
        match serde_json::from_str(line) {
            Ok(line) => drop(lines.insert(line)),
            // Cut off by a crash, before what it would have noted was done.
            Err(error) => {
                tracing::warn!(%error, file = %path.display(), line = number, "not an erasure");
            }
        }
    }
    Ok(lines)
}

/// Notes what is not noted in this folder yet; returns when it is on disk.
pub fn note(folder: &Path, lines: &BTreeSet<Line>) -> std::io::Result<()> {
    let known = read(folder)?;
    let mut text = String::new();
    for line in lines.difference(&known) {
        text += &serde_json::to_string(line)?;
        text.push('\n');
    }
    if text.is_empty() {
        return Ok(());
    }
    let path = folder.join(FILE);
    let mut file =
        OpenOptions::new().create(true).append(true).read(true).mode(0o600).open(&path)?;
    if !ends_well(&mut file)? {
        text.insert(0, '\n');
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    File::open(folder)?.sync_all()
}

/// Does the next line begin on a line of its own?
fn ends_well(file: &mut File) -> std::io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(true);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last == [b'\n'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_noted_is_read_again_and_a_torn_line_harms_no_other() {
        let folder = tempfile::tempdir().expect("temp dir");
        let line = |at| Line { chat: ChatId::from_bytes([7; 16]), at: Instant(at) };
        assert!(read(folder.path()).expect("nothing yet").is_empty());
        note(folder.path(), &[line(1), line(2)].into()).expect("noted");
        let mut file =
            OpenOptions::new().append(true).open(folder.path().join(FILE)).expect("opens");
        file.write_all(b"{\"chat\":\"07").expect("written");
        note(folder.path(), &[line(2), line(3)].into()).expect("noted");
        assert_eq!(read(folder.path()).expect("read"), [line(1), line(2), line(3)].into());
        let text = std::fs::read_to_string(folder.path().join(FILE)).expect("read");
        assert_eq!(text.lines().count(), 4, "each once: {text}");
    }
}
