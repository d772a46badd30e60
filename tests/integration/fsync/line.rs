//! One line of `strace -f -y`: which thread, which call, on what, and whether it begins or ends.

/// What a line tells.
#[derive(Debug, PartialEq, Eq)]
pub enum Line<'a> {
    /// A call began; where it is on one line, it also ended.
    Began {
        /// Which thread.
        thread: u32,
        /// Its name.
        call: &'a str,
        /// Its arguments, as far as the line goes.
        arguments: &'a str,
        /// What it returned, if this line tells.
        returned: Option<i64>,
    },
    /// A call that began on another line ended.
    Ended {
        /// Which thread.
        thread: u32,
        /// What it returned.
        returned: i64,
    },
    /// Signals, exits.
    Other,
}

impl<'a> Line<'a> {
    /// Reads a line.
    pub fn parse(text: &'a str) -> Self {
        Self::parsed(text.trim_end()).unwrap_or(Self::Other)
    }

    fn parsed(text: &'a str) -> Option<Self> {
        let (thread, rest) = text.split_once(' ')?;
        let (thread, rest) = (thread.parse().ok()?, rest.trim_start());
        if rest.starts_with("<... ") {
            return Some(Self::Ended { thread, returned: returned(rest)? });
        }
        let (call, arguments) = rest.split_once('(')?;
        if call.is_empty() || !call.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_') {
            return None;
        }
        let unfinished = arguments.ends_with("<unfinished ...>");
        let returned = if unfinished { None } else { returned(arguments) };
        Some(Self::Began { thread, call, arguments, returned })
    }
}

/// The number after the last ` = `.
fn returned(text: &str) -> Option<i64> {
    let (_, result) = text.rsplit_once(" = ")?;
    result.split(' ').next()?.parse().ok()
}

#[test]
fn lines_of_strace_are_understood() {
    let whole = r#"7 pwrite64(9</d/floorwalker.db-wal>, "a = b(", 4096, 32) = 4096"#;
    let Line::Began { thread: 7, call: "pwrite64", returned: Some(4096), .. } = Line::parse(whole)
    else {
        panic!("{:?}", Line::parse(whole));
    };
    let begun = Line::parse("8 fdatasync(9</d/floorwalker.db-wal> <unfinished ...>\n");
    assert!(matches!(begun, Line::Began { call: "fdatasync", returned: None, .. }), "{begun:?}");
    let ended = Line::parse("8 <... fdatasync resumed>) = -1 EIO (Input/output error)");
    assert_eq!(ended, Line::Ended { thread: 8, returned: -1 });
    assert_eq!(Line::parse("8 +++ exited with 0 +++"), Line::Other);
    assert_eq!(Line::parse("8 --- SIGTERM {si_signo=SIGTERM} ---"), Line::Other);
}
