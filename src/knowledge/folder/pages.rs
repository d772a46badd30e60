//! The pages of a shop: Markdown files with an optional front matter.

use super::files::Folder;
use super::findings::{Findings, Remark};
use super::{links, plain};
use crate::knowledge::catalogue::{Page, Shop};

mod front_matter;
mod render;
mod sections;

pub(super) use render::render;

/// Reads `pages/*.md` in the order of their names.
pub(super) fn read(folder: &Folder, shop: Option<&Shop>, findings: &mut Findings) -> Vec<Page> {
    let mut pages = Vec::new();
    for file in folder.all("pages", ".md", findings) {
        let page = folder.read(&file).and_then(|text| page(&file, &text, shop, findings));
        pages.extend(findings.keep(page));
    }
    pages
}

/// Reads the Markdown of one page.
pub(super) fn page(
    file: &str,
    text: &str,
    shop: Option<&Shop>,
    findings: &mut Findings,
) -> Result<Page, Remark> {
    let (front, body) = front_matter::split(text).map_err(|message| Remark::new(file, message))?;
    let sections = sections::read(body);
    let first_heading = || sections.iter().find(|section| !section.heading.is_empty());
    let title = front.title.or_else(|| {
        first_heading()
            .map(|section| section.heading.split(" > ").next().unwrap_or_default().to_string())
    });
    let link = front.link.and_then(|link| {
        let remark = |message| findings.warn(Remark::new(file, message).field("link"));
        links::parse(&link, shop).map_err(remark).ok()
    });
    if sections.is_empty() {
        findings.warn(Remark::new(file, "there is no text in this page"));
    }
    Ok(Page {
        id: file.to_string(),
        title: title.unwrap_or_else(|| title_of(file)),
        link,
        sections,
        source: text.to_string(),
    })
}

/// `pages/shipping-costs.md` is "Shipping costs".
fn title_of(file: &str) -> String {
    let name = file.rsplit('/').next().unwrap_or(file);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let words = plain::one_line(&stem.replace(['-', '_'], " "));
    let mut chars = words.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or(words)
}

#[cfg(test)]
mod tests;
