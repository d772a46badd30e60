//! The questions a shop is asked often, with its answers.

use super::files::Folder;
use super::findings::{Findings, Remark};
use super::table::Row;
use super::{links, markup, table};
use crate::knowledge::catalogue::{Faq, Shop, faq_file};

const FILES: [&str; 3] = ["faq.csv", "faq.tsv", "faq.jsonl"];

/// Reads the table, if there is one.
pub(super) fn read(folder: &Folder, shop: Option<&Shop>, findings: &mut Findings) -> Vec<Faq> {
    let Some(file) = folder.one_of(&FILES, findings) else { return Vec::new() };
    let Some(text) = findings.keep(folder.read(file)) else { return Vec::new() };
    let mut all = Vec::new();
    table::read(file, &text, &["question", "answer"], findings, &mut |row, findings| {
        let faq = faq(row, shop, findings).map(|faq| Faq { file: file.to_string(), ..faq });
        all.extend(findings.keep(faq));
    });
    all
}

/// Reads one question with its answer.
pub(super) fn faq(row: &Row, shop: Option<&Shop>, findings: &mut Findings) -> Result<Faq, Remark> {
    Ok(Faq {
        question: markup::line(row.required("question")?),
        answer: markup::text(row.required("answer")?),
        link: links::of_row(row, "link", shop, findings),
        file: faq_file(),
    })
}
