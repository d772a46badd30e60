//! A page back as Markdown: the inverse of reading, for pages whose source was not kept.
//!
//! Every block becomes a paragraph, and what Markdown would take for markup is escaped, so that
//! reading it again gives the same page.

use super::front_matter::unquoted;
use super::sections;
use crate::knowledge::catalogue::{Page, Section};

/// Markdown knows no deeper headings; what lies below them is named in one.
const DEEPEST: usize = 6;

/// The Markdown of a page.
pub(in crate::knowledge::folder) fn render(page: &Page) -> String {
    let title = match unquoted(&page.title) == page.title {
        true => page.title.clone(),
        false => format!("\"{}\"", page.title),
    };
    let mut out = format!("---\ntitle: {title}\n");
    if let Some(link) = &page.link {
        out.push_str(&format!("link: {link}\n"));
    }
    out.push_str("---\n");
    let mut above: Vec<&str> = Vec::new();
    for (at, section) in page.sections.iter().enumerate() {
        let path = path(section);
        if at > 0 || !path.is_empty() {
            headings(&above, &path, &mut out);
        }
        for block in &section.blocks {
            out.push_str(&format!("\n{}\n", paragraph(block)));
        }
        above = path;
    }
    out
}

fn path(section: &Section) -> Vec<&str> {
    match section.heading.as_str() {
        "" => Vec::new(),
        heading => heading.splitn(DEEPEST, " > ").collect(),
    }
}

/// The headings that lead from the last section to the next; at least its own.
fn headings(above: &[&str], path: &[&str], out: &mut String) {
    if path.is_empty() {
        return out.push_str("\n#\n");
    }
    let shared = above.iter().zip(path).take_while(|(a, b)| a == b).count();
    for (level, title) in path.iter().enumerate().skip(shared.min(path.len() - 1)) {
        out.push_str(&format!("\n{} {}\n", "#".repeat(level + 1), heading(title)));
    }
}

fn heading(title: &str) -> String {
    let reads = |text: &str| sections::read(&format!("# {text}\n\nx"));
    match reads(title).first().is_some_and(|section| section.heading == title) {
        true => title.to_string(),
        false => escaped(title),
    }
}

fn paragraph(block: &str) -> String {
    let read = sections::read(block);
    match read.as_slice() {
        [Section { heading, blocks }] if heading.is_empty() && *blocks == [block] => block.into(),
        _ => escaped(block),
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::folder::{findings::Findings, load, pages};
    use std::path::Path;

    fn read(page: &Page, text: &str) -> Page {
        let page = pages::page(&page.id, text, None, &mut Findings::default());
        Page { source: String::new(), ..page.expect("it can be read") }
    }

    fn comes_back(page: &Page) {
        let page = Page { source: String::new(), ..page.clone() };
        let text = render(&page);
        assert_eq!(read(&page, &text), page, "{text}");
    }

    #[test]
    fn every_page_of_the_demo_shops_comes_back_as_it_was() {
        for shop in ["knowledge/demo", "knowledge/practice", "tests/fixtures/shops/minimal"] {
            let pages = load(Path::new(shop)).expect("it can be read").catalogue.pages;
            assert!(!pages.is_empty());
            pages.iter().for_each(comes_back);
        }
    }

    #[test]
    fn what_looks_like_markup_stays_text() {
        let blocks = [
            "1. One",
            "- dash",
            "# no heading",
            "a *b* _c_ `d`",
            "[a](b)",
            "<b>bold</b>",
            "&amp;",
            "---",
            "| a | b |",
            "> said",
            "~~€49~~",
            "5 < 6 & 7",
            "Alone:",
            "Costs: €4",
            "a\\b",
            "[x]: https://a.example",
            "![t](p.png)",
            "= =",
            "https://a.example/_x_",
            "+ plus",
        ];
        let section = |heading: &str| Section {
            heading: heading.into(),
            blocks: blocks.iter().map(|block| block.to_string()).collect(),
        };
        let page = Page {
            id: "pages/odd.md".into(),
            title: "\"Quoted\": *a* page".into(),
            link: Some("https://a.example/odd".into()),
            sections: [
                "",
                "A",
                "A > B",
                "A > B",
                "C > B",
                "A *b* # > 1. c",
                "",
                "1 > 2 > 3 > 4 > 5 > 6 > 7 > 8",
            ]
            .map(section)
            .to_vec(),
            source: String::new(),
        };
        comes_back(&page);
    }
}
