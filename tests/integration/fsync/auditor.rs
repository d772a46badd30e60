//! Follows messages by their names through a trace: written, synced, told.
//!
//! A write counts when it has ended, a sync covers the writes that had ended when it began and counts
//! when it has ended well, and what goes out of a socket must be synced when that begins: the order
//! in which `strace` prints is the order in which it let the calls go on.

use std::collections::{HashMap, HashSet};

use floorwalker::domain::ids::ClientId;
use serde_json::{Value, json};

use super::line::Line;

/// How a message's name begins, as it stands in the log's pages and in frames alike.
const NAMED: &str = r#"client_id\":\"audit"#;
/// How an acknowledgement's frame names its message.
const ACK: &str = r##"\"type\":\"ack\",\""##;
/// Digits of a message's number.
const DIGITS: usize = 7;

/// The name of a message.
pub fn name(number: usize) -> ClientId {
    format!("audit{number:0DIGITS$}").try_into().expect("letters and digits")
}

/// A call that has begun.
enum Pending {
    Write(Vec<u32>),
    Sync(Vec<u32>),
}

/// What was seen so far.
#[derive(Default)]
pub struct Auditor {
    pending: HashMap<u32, Pending>,
    /// In the write-ahead log, and not synced.
    written: Vec<u32>,
    synced: HashSet<u32>,
    acks: HashSet<u32>,
    violations: HashSet<u32>,
    commits: usize,
    pages: usize,
    first: Option<String>,
}

impl Auditor {
    /// Takes one more line of the trace.
    pub fn read(&mut self, line: &str) {
        match Line::parse(line) {
            Line::Began { thread, call, arguments, returned } => {
                if let Some(pending) = self.begin(call, arguments) {
                    match returned {
                        Some(returned) => self.end(pending, returned),
                        None => drop(self.pending.insert(thread, pending)),
                    }
                }
            }
            Line::Ended { thread, returned } => {
                if let Some(pending) = self.pending.remove(&thread) {
                    self.end(pending, returned);
                }
            }
            Line::Other => {}
        }
    }

    fn begin(&mut self, call: &str, arguments: &str) -> Option<Pending> {
        let target = arguments.split(['>', ',']).next().unwrap_or_default();
        if target.ends_with("floorwalker.db-wal") {
            return Some(match call {
                "fdatasync" | "fsync" => Pending::Sync(std::mem::take(&mut self.written)),
                _ => Pending::Write(numbers(arguments).map(|(number, _)| number).collect()),
            });
        }
        if target.contains("<socket:") || target.contains("<TCP") {
            for (number, acknowledged) in numbers(arguments) {
                self.tell(number, acknowledged, arguments);
            }
        }
        None
    }

    fn end(&mut self, call: Pending, returned: i64) {
        match call {
            Pending::Write(numbers) if returned > 0 => {
                self.pages += 1;
                self.written.extend(numbers.iter().filter(|number| !self.synced.contains(number)));
            }
            Pending::Write(_) => {}
            Pending::Sync(numbers) if returned == 0 => {
                self.commits += 1;
                self.synced.extend(numbers);
            }
            Pending::Sync(numbers) => self.written.extend(numbers),
        }
    }

    /// Something about a message leaves through a socket.
    fn tell(&mut self, number: u32, acknowledged: bool, arguments: &str) {
        if acknowledged {
            self.acks.insert(number);
        }
        if !self.synced.contains(&number) && self.violations.insert(number) {
            self.first.get_or_insert_with(|| arguments.to_string());
        }
    }

    /// Acknowledgements that left.
    pub fn acks(&self) -> usize {
        self.acks.len()
    }

    /// Messages of which a socket told before they were synced.
    pub fn violations(&self) -> usize {
        self.violations.len()
    }

    /// Syncs of the write-ahead log that ended well.
    pub fn commits(&self) -> usize {
        self.commits
    }

    /// All of it as one JSON object.
    pub fn report(&self) -> Value {
        json!({
            "acks": self.acks(),
            "commits": self.commits,
            "writes": self.pages,
            "violations": self.violations(),
            "first_violation": self.first,
        })
    }
}

/// The numbers of the messages named here, and whether it is their acknowledgement.
fn numbers(text: &str) -> impl Iterator<Item = (u32, bool)> {
    text.match_indices(NAMED).filter_map(move |(at, _)| {
        let from = at + NAMED.len();
        let number = text.get(from..from + DIGITS)?.parse().ok()?;
        Some((number, text[..at].ends_with(ACK)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str =
        r#"1 pwrite64(9</d/floorwalker.db-wal>, "x{\"client_id\":\"audit0000007\",", 4096, 32)"#;
    const SYNC: &str = "1 fdatasync(9</d/floorwalker.db-wal>";
    const ACKED: &str =
        r#"2 sendto(4<socket:[8]>, "{\"type\":\"ack\",\"client_id\":\"audit0000007\",", 9, 0) = 9"#;

    fn violations(trace: &[&str]) -> usize {
        let mut auditor = Auditor::default();
        trace.iter().for_each(|line| auditor.read(line));
        assert_eq!(auditor.acks(), 1, "{}", auditor.report());
        auditor.violations()
    }

    #[test]
    fn an_ack_after_the_sync_is_right_and_every_other_order_is_found() {
        let page = format!("{PAGE} = 4096");
        let sync = format!("{SYNC}) = 0");
        assert_eq!(violations(&[&page, &sync, ACKED]), 0);
        assert_eq!(violations(&[ACKED]), 1, "never written");
        assert_eq!(violations(&[&page, ACKED, &sync]), 1, "before the sync");
        assert_eq!(violations(&[&sync, &page, ACKED]), 1, "the sync came before the write");
        let failed = format!("{SYNC}) = -1 EIO (Input/output error)");
        assert_eq!(violations(&[&page, &failed, ACKED]), 1, "the sync failed");
        let other = "1 fdatasync(8</d/floorwalker.db>) = 0";
        assert_eq!(violations(&[&page, other, ACKED]), 1, "another file was synced");
    }

    #[test]
    fn what_is_under_way_does_not_count_yet() {
        let page = format!("{PAGE} = 4096");
        let begun = format!("{SYNC} <unfinished ...>");
        let ended = "1 <... fdatasync resumed>) = 0";
        assert_eq!(violations(&[&page, &begun, ended, ACKED]), 0);
        assert_eq!(violations(&[&page, &begun, ACKED, ended]), 1, "during the sync");
        let writing = format!("3{} <unfinished ...>", &PAGE[1..]);
        let written = "3 <... pwrite64 resumed>) = 4096";
        let late = [&*writing, &*begun, written, ended, ACKED];
        assert_eq!(violations(&late), 1, "the write ended after the sync had begun");
    }

    #[test]
    fn what_others_are_shown_must_be_synced_too() {
        let mut auditor = Auditor::default();
        auditor.read(r#"2 writev(4<socket:[8]>, [{iov_base="{\"type\":\"event\",\"client_id\":\"audit0000007\""}]) = 9"#);
        assert_eq!((auditor.acks(), auditor.violations()), (0, 1));
    }
}
