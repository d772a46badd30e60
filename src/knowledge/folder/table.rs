//! Rows of a table, whether it was written as CSV, TSV or JSON lines.
//!
//! Owns the header's normal form, row numbers as a spreadsheet shows them, and the limits of a
//! row. It knows no column by name.

use std::borrow::Cow;

use super::findings::{Findings, Remark};

mod delimited;
mod json;

/// The most rows of a table.
pub(super) const MAX_ROWS: usize = 200_000;
/// The longest cell.
pub(super) const MAX_CELL_BYTES: usize = 20_000;

/// One row that has something in it.
pub(super) struct Row<'a> {
    /// The file it is in.
    pub file: &'a str,
    /// As a spreadsheet numbers it; of JSON lines, the line.
    pub number: u64,
    /// Names and trimmed values in column order; each name once, no value empty.
    pub cells: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl Row<'_> {
    /// The value of a column, unless it is missing or empty.
    pub fn get(&self, column: &str) -> Option<&str> {
        self.cells.iter().find(|(name, _)| name == column).map(|(_, value)| value.as_ref())
    }

    /// A remark on a cell of this row.
    pub fn remark(&self, column: &str, message: impl Into<String>) -> Remark {
        Remark::new(self.file, message).at(self.number).field(column)
    }

    /// A remark on a cell that is longer than any that is kept.
    pub fn too_long(&self) -> Option<Remark> {
        let long = self.cells.iter().find(|(_, value)| value.len() > MAX_CELL_BYTES);
        long.map(|(name, value)| {
            let message = format!(
                "{} bytes long, more than {MAX_CELL_BYTES}; shorten it, or close a quotation mark",
                value.len()
            );
            self.remark(name, message)
        })
    }

    /// The value of a column that every row must have.
    pub fn required(&self, column: &str) -> Result<&str, Remark> {
        self.get(column).ok_or_else(|| {
            self.remark(column, format!("this is empty; every row needs its own {column}"))
        })
    }
}

/// Calls `take` with every row of a file that fits the limits; what does not fit is a problem.
/// `required` columns must be in the header.
pub(super) fn read(
    file: &str,
    text: &str,
    required: &[&str],
    findings: &mut Findings,
    take: &mut dyn FnMut(&Row, &mut Findings),
) {
    let mut rows = 0;
    let mut checked = |row: &Row, findings: &mut Findings| {
        rows += 1;
        if rows > MAX_ROWS {
            if rows == MAX_ROWS + 1 {
                let message = format!("more than {MAX_ROWS} rows; leave out what is not for sale");
                findings.problem(Remark::new(file, message));
            }
            return;
        }
        match row.too_long() {
            Some(remark) => findings.problem(remark),
            None => take(row, findings),
        }
    };
    let result = match file.to_lowercase().ends_with(".jsonl") {
        true => json::read(file, text, findings, &mut checked),
        false => delimited::read(file, text, required, findings, &mut checked),
    };
    findings.keep(result);
}

/// A column's name in its normal form: `g:Image Link` and `image-link` are both `image_link`.
pub(super) fn normal_name(name: &str) -> String {
    let name = super::plain::one_line(name).to_lowercase();
    let name = name.strip_prefix("g:").unwrap_or(&name);
    name.trim().replace([' ', '-'], "_")
}

#[cfg(test)]
mod tests;
