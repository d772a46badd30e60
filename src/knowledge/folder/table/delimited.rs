//! CSV and TSV, as spreadsheets and feed exports write them.

use std::borrow::Cow;

use csv::{ReaderBuilder, StringRecord};

use super::{Row, normal_name};
use crate::knowledge::folder::findings::{Findings, Remark};

/// Reads the rows below the header.
pub(super) fn read(
    file: &str,
    text: &str,
    required: &[&str],
    findings: &mut Findings,
    take: &mut dyn FnMut(&Row, &mut Findings),
) -> Result<(), Remark> {
    let is_tsv = file.to_lowercase().ends_with(".tsv");
    let (text, delimiter) = delimiter(text, is_tsv);
    let quoting = !(is_tsv && tabs_alone_divide(text));
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .quoting(quoting)
        .from_reader(text.as_bytes());
    let mut rows = Numbered { text, number: 0 };
    let mut record = StringRecord::new();
    let mut header: Option<Vec<String>> = None;
    let unreadable = |error: csv::Error| Remark::new(file, format!("not a table: {error}"));
    while reader.read_record(&mut record).map_err(unreadable)? {
        let number = rows.number_of(&record, reader.position().byte());
        let Some(names) = &header else {
            let names = record.iter().map(|cell| normal_name(&value(cell, quoting))).collect();
            header = Some(checked_header(file, names, required)?);
            continue;
        };
        if let Some(remark) = too_wide(file, number, names, &record) {
            findings.problem(remark);
            continue;
        }
        let cells: Vec<_> = names
            .iter()
            .zip(&record)
            .map(|(name, cell)| (Cow::from(name.as_str()), value(cell.trim(), quoting)))
            .filter(|(name, value)| !name.is_empty() && !value.is_empty())
            .collect();
        if !cells.is_empty() {
            take(&Row { file, number, cells }, findings);
        }
    }
    match header {
        Some(_) => Ok(()),
        None => Err(Remark::new(file, "empty; write the names of the columns in its first row")),
    }
}

/// Counts rows as a spreadsheet shows them: empty lines count, line breaks inside a cell do not.
struct Numbered<'a> {
    text: &'a str,
    number: u64,
}

impl Numbered<'_> {
    /// The number of a record that ends before byte `ends_at`. A record's position is where the
    /// one before it ended, so that it starts with the empty lines that were skipped.
    fn number_of(&mut self, record: &StringRecord, ends_at: u64) -> u64 {
        let starts_at = record.position().map_or(0, |at| at.byte() as usize);
        let ends_at = (ends_at as usize).min(self.text.len());
        let raw = self.text.as_bytes().get(starts_at..ends_at).unwrap_or_default();
        let breaks: Vec<u8> =
            raw.iter().copied().take_while(|byte| matches!(byte, b'\r' | b'\n')).collect();
        // The line feed that ends the record before is left to this one.
        let ended_by_cr = starts_at > 0 && self.text.as_bytes().get(starts_at - 1) == Some(&b'\r');
        let breaks = match breaks.strip_prefix(b"\n") {
            Some(rest) if ended_by_cr => rest,
            _ => &breaks,
        };
        let line_feeds = breaks.iter().filter(|byte| **byte == b'\n').count();
        self.number += 1 + if line_feeds > 0 { line_feeds } else { breaks.len() } as u64;
        self.number
    }
}

/// The header's names, each once and none of the required ones missing.
fn checked_header(
    file: &str,
    names: Vec<String>,
    required: &[&str],
) -> Result<Vec<String>, Remark> {
    for (at, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        if names[..at].contains(name) {
            let message = "two columns have this name; rename or remove one";
            return Err(Remark::new(file, message).at(1).field(name));
        }
    }
    match required.iter().find(|column| !names.iter().any(|name| name == *column)) {
        Some(missing) => {
            let named: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            let message =
                format!("there is no such column; the first row names {}", named.join(", "));
            Err(Remark::new(file, message).at(1).field(missing))
        }
        None => Ok(names),
    }
}

/// A row with more cells than the header has names usually holds a comma outside quotation marks.
fn too_wide(file: &str, number: u64, names: &[String], record: &StringRecord) -> Option<Remark> {
    let wide = record.iter().skip(names.len()).any(|cell| !cell.trim().is_empty());
    wide.then(|| {
        let message = format!(
            "this row has {} cells and the first row names {}; put text that holds the separator \
             in quotation marks",
            record.len(),
            names.len()
        );
        Remark::new(file, message).at(number)
    })
}

/// The separator, and the text without Excel's `sep=;` line.
fn delimiter(text: &str, is_tsv: bool) -> (&str, u8) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    if let [separator] = first.trim().strip_prefix("sep=").unwrap_or_default().as_bytes() {
        return (rest, *separator);
    }
    if is_tsv {
        return (text, b'\t');
    }
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |separator: u8| header.bytes().filter(|byte| *byte == separator).count();
    let separator = [b',', b';', b'\t'].into_iter().rev().max_by_key(|s| count(*s));
    (text, separator.unwrap_or(b','))
}

/// Whether every line splits at its tabs into as many cells as the first: then a quotation mark
/// is an inch, and not the start of a quoted cell.
fn tabs_alone_divide(text: &str) -> bool {
    let mut widths =
        text.lines().filter(|line| !line.is_empty()).map(|line| line.split('\t').count());
    widths.next().is_some_and(|first| widths.all(|width| width == first))
}

/// A cell's value; one that was read without regard to quotation marks loses those around it.
fn value(cell: &str, quoting: bool) -> Cow<'_, str> {
    match cell.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) if !quoting => Cow::from(inner.replace("\"\"", "\"")),
        _ => Cow::from(cell),
    }
}
