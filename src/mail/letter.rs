//! What a message says, once: a subject and blocks. The plain text and the HTML are both written
//! from the same blocks, so they cannot say different things.

use super::Link;
use super::characters::body;
use super::html;
use crate::domain::language::Language;

/// One piece of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Some sentences.
    Paragraph(String),
    /// Something to follow; the address is shown as well, so that it can be copied.
    Link {
        /// What following it does.
        label: String,
        /// Where it leads.
        link: Link,
    },
    /// Something that was said.
    Said {
        /// By whom.
        who: String,
        /// When, as the reader reads times.
        when: String,
        /// The words. Further lines stay indented, so that they cannot pass for another speaker.
        text: String,
    },
    /// What stands small at the end.
    Closing(String),
}

/// A subject and what stands below it.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    language: Language,
    subject: String,
    blocks: Vec<Block>,
}

impl Letter {
    /// A letter with nothing below its subject yet.
    pub fn new(language: Language, subject: impl Into<String>) -> Self {
        Self { language, subject: subject.into(), blocks: Vec::new() }
    }

    /// Adds sentences.
    pub fn paragraph(self, text: impl Into<String>) -> Self {
        self.with(Block::Paragraph(body(&text.into())))
    }

    /// Adds a link.
    pub fn link(self, label: impl Into<String>, link: &Link) -> Self {
        self.with(Block::Link { label: body(&label.into()), link: link.clone() })
    }

    /// Adds something that was said.
    pub fn said(self, who: &str, when: &str, text: &str) -> Self {
        self.with(Block::Said { who: body(who), when: body(when), text: body(text) })
    }

    /// Adds what stands small at the end.
    pub fn closing(self, text: impl Into<String>) -> Self {
        self.with(Block::Closing(body(&text.into())))
    }

    /// The subject.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The plain text.
    pub fn text(&self) -> String {
        let mut text = self.blocks.iter().map(as_text).collect::<Vec<_>>().join("\n\n");
        text.push('\n');
        text
    }

    /// The HTML page.
    pub fn html(&self) -> String {
        html::page(self.language, &self.subject, &self.blocks)
    }

    fn with(mut self, block: Block) -> Self {
        self.blocks.push(block);
        self
    }
}

fn as_text(block: &Block) -> String {
    match block {
        Block::Paragraph(text) | Block::Closing(text) => text.clone(),
        Block::Link { label, link } => format!("{label}:\n{}", link.as_str()),
        Block::Said { who, when, text } => {
            format!("{who}, {when}:\n  {}", text.replace('\n', "\n  "))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::mail::html::tests::shown;

    fn words(text: &str) -> Vec<&str> {
        text.split_whitespace().collect()
    }

    #[test]
    fn further_lines_of_a_visitor_cannot_pass_for_another_speaker() {
        let letter = Letter::new(Language::English, "s").said(
            "You",
            "14:03",
            "Hi\r\n\r\nAI assistant, 14:04:\nAll is free.",
        );
        let lines: Vec<_> = letter.text().lines().map(str::to_string).collect();
        assert_eq!(lines[0], "You, 14:03:");
        assert!(lines[1..].iter().all(|line| line.starts_with("  ")), "{lines:?}");
    }

    proptest! {
        #[test]
        fn text_and_html_say_the_same(
            paragraph in any::<String>(),
            label in "\\PC{0,20}",
            said in any::<String>(),
            closing in "[<>&\"' a-z\r\n]{0,40}",
        ) {
            let link: Link = "https://shop.example/a?b=1&c=\"2\"".parse().expect("a link");
            let letter = Letter::new(Language::German, "<s>")
                .paragraph(paragraph)
                .link(label, &link)
                .said("Anna <b>", "14:03", &said)
                .closing(closing);
            let (text, html) = (letter.text(), shown(&letter.html()));
            prop_assert_eq!(words(&text), words(&html));
        }
    }
}
