//! The text of a page by heading: paragraphs, list items and table rows, one block each.
//!
//! A block is quoted alone, so it carries what it needs to be understood alone: a list item the
//! words that led to its list ("Delivery takes: two days to Ireland"), a table row the names of
//! its columns.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::knowledge::catalogue::Section;
use crate::knowledge::folder::{markup, plain};
use crate::knowledge::sentences;

/// Longer words before a list are a block of their own and not repeated on each item.
const MAX_LEAD_BYTES: usize = 160;

/// Reads the Markdown of a page.
pub(super) fn read(markdown: &str) -> Vec<Section> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut reader = Reader::default();
    for event in Parser::new_ext(markdown, options) {
        reader.take(event);
    }
    reader.release();
    reader.sections.retain(|section| !section.blocks.is_empty());
    reader.sections
}

#[derive(Default)]
struct Reader {
    sections: Vec<Section>,
    /// The headings above, outermost first.
    headings: Vec<(HeadingLevel, String)>,
    /// The words of the block that is being read.
    text: String,
    /// A paragraph that ends in a colon, until it is known what follows.
    held: Option<String>,
    /// What leads to each list that is open.
    leads: Vec<String>,
    header: Vec<String>,
    cells: Vec<String>,
    /// Open elements whose words are not said: struck text, pictures.
    unsaid: usize,
}

impl Reader {
    fn take(&mut self, event: Event) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            _ if self.unsaid > 0 => {}
            Event::Text(text) | Event::Code(text) | Event::Html(text) => self.text.push_str(&text),
            Event::InlineHtml(tag) if !tag.to_ascii_lowercase().starts_with("<br") => {}
            Event::SoftBreak | Event::HardBreak | Event::InlineHtml(_) => self.text.push(' '),
            Event::Rule => self.release(),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag) {
        match tag {
            Tag::Image { .. } | Tag::Strikethrough => self.unsaid += 1,
            Tag::List(_) => self.open_list(),
            Tag::Item | Tag::TableCell => self.text.clear(),
            Tag::Paragraph | Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::BlockQuote(_)
                if !self.leads.is_empty() =>
            {
                self.text.push(' ');
            }
            Tag::Heading { .. }
            | Tag::Paragraph
            | Tag::CodeBlock(_)
            | Tag::HtmlBlock
            | Tag::Table(_) => {
                self.release();
                self.text.clear();
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Image | TagEnd::Strikethrough => self.unsaid = self.unsaid.saturating_sub(1),
            TagEnd::List(_) => drop(self.leads.pop()),
            TagEnd::Item => {
                let item = self.words();
                self.push_item(&item);
            }
            TagEnd::TableCell => {
                let cell = self.words();
                self.cells.push(cell);
            }
            TagEnd::TableHead => self.header = std::mem::take(&mut self.cells),
            TagEnd::TableRow => self.push_row(),
            _ if !self.leads.is_empty() => {}
            TagEnd::Heading(level) => self.open_section(level),
            TagEnd::Paragraph | TagEnd::CodeBlock => {
                let words = self.words();
                self.hold(words);
            }
            TagEnd::HtmlBlock => {
                let html = std::mem::take(&mut self.text);
                for line in markup::text(&html).lines() {
                    self.push(line.to_string());
                }
            }
            _ => {}
        }
    }

    fn words(&mut self) -> String {
        plain::one_line(&std::mem::take(&mut self.text))
    }

    fn open_section(&mut self, level: HeadingLevel) {
        let title = self.words();
        self.headings.retain(|(above, _)| *above < level);
        self.headings.push((level, title));
        let path = self.headings.iter().map(|(_, title)| title.as_str());
        let path: Vec<&str> = path.filter(|title| !title.is_empty()).collect();
        self.sections.push(Section { heading: path.join(" > "), blocks: Vec::new() });
    }

    /// Keeps a paragraph that ends in a colon back, since a list may follow.
    fn hold(&mut self, paragraph: String) {
        match paragraph.ends_with(':') {
            true => self.held = Some(paragraph),
            false => self.push(paragraph),
        }
    }

    /// No list followed: the paragraph stands for itself.
    fn release(&mut self) {
        if let Some(paragraph) = self.held.take() {
            self.push(paragraph);
        }
    }

    fn open_list(&mut self) {
        let outer = self.leads.last().cloned();
        let words = self.words();
        let lead = match outer {
            None => self.held.take().map(|held| self.last_sentence(held)).unwrap_or_default(),
            Some(outer) if words.is_empty() => outer,
            Some(outer) if words.ends_with(['.', '!', '?']) => {
                self.push_item(&words);
                outer
            }
            Some(outer) => led(&outer, &format!("{}:", words.trim_end_matches(':'))),
        };
        match lead.len() > MAX_LEAD_BYTES {
            true => {
                self.push(lead);
                self.leads.push(String::new());
            }
            false => self.leads.push(lead),
        }
    }

    /// The sentence that leads to a list; those before it become a block.
    fn last_sentence(&mut self, paragraph: String) -> String {
        let lead = sentences::split(&paragraph).last().copied().unwrap_or_default();
        let Some(before) = paragraph.strip_suffix(lead) else { return paragraph };
        self.push(before.trim().to_string());
        lead.to_string()
    }

    fn push_item(&mut self, item: &str) {
        let lead = self.leads.last().map(String::as_str).unwrap_or_default();
        if !item.is_empty() {
            self.push(led(lead, item));
        }
    }

    fn push_row(&mut self) {
        let cells = std::mem::take(&mut self.cells);
        let named =
            cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()).map(|(at, cell)| {
                match self.header.get(at).filter(|name| !name.is_empty()) {
                    Some(name) => format!("{}: {cell}", name.trim_end_matches(':')),
                    None => cell.clone(),
                }
            });
        let row = named.collect::<Vec<_>>().join("; ");
        self.push(row);
    }

    fn push(&mut self, block: String) {
        if block.is_empty() {
            return;
        }
        if self.sections.is_empty() {
            self.sections.push(Section { heading: String::new(), blocks: Vec::new() });
        }
        if let Some(section) = self.sections.last_mut() {
            section.blocks.push(block);
        }
    }
}

fn led(lead: &str, text: &str) -> String {
    match lead {
        "" => text.to_string(),
        lead => format!("{lead} {text}"),
    }
}
