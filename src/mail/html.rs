//! A letter's blocks as a plain HTML page. It sets no colours, so that a mail program in dark mode
//! can choose readable ones, and it escapes every value.

use super::letter::Block;
use crate::domain::language::Language;

const BODY: &str = "margin:0;padding:24px;font-family:system-ui,sans-serif;font-size:16px;\
                    line-height:1.5";
const COLUMN: &str = "max-width:36em;margin:0 auto";
const KEEP_SPACES: &str = "margin:0 0 16px;white-space:pre-wrap;overflow-wrap:anywhere";
const LINK: &str = "font-weight:bold";
const SMALL: &str = "margin:32px 0 0;font-size:14px;opacity:0.75";

/// The whole page.
pub(super) fn page(language: Language, title: &str, blocks: &[Block]) -> String {
    let content: String = blocks.iter().map(block).collect();
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"supported-color-schemes\" content=\"light dark\">\n\
         <title>{}</title>\n</head>\n<body style=\"{BODY}\">\n<div style=\"{COLUMN}\">\n\
         {content}</div>\n</body>\n</html>\n",
        language.code(),
        escape(title),
    )
}

fn block(block: &Block) -> String {
    match block {
        Block::Paragraph(text) => format!("<p style=\"{KEEP_SPACES}\">{}</p>\n", lines(text)),
        Block::Link { label, link } => {
            let address = escape(link.as_str());
            let label = lines(label);
            format!(
                "<p style=\"{KEEP_SPACES}\"><a href=\"{address}\" style=\"{LINK}\">{label}</a>:<br>\
                 {address}</p>\n"
            )
        }
        Block::Said { who, when, text } => format!(
            "<p style=\"{KEEP_SPACES}\"><strong>{}</strong>, {}:<br>{}</p>\n",
            lines(who),
            lines(when),
            lines(text)
        ),
        Block::Closing(text) => format!("<p style=\"{SMALL}\">{}</p>\n", lines(text)),
    }
}

/// Escaped, with line breaks that show.
fn lines(text: &str) -> String {
    escape(text).replace('\n', "<br>")
}

/// Safe between tags and inside quoted attributes.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// What a browser would show of a page: its body without tags, entities resolved. Inline tags
    /// join what they stand in, all others part it.
    pub(in crate::mail) fn shown(page: &str) -> String {
        let (_, body) = page.split_once("<body").expect("a body");
        let mut out = String::new();
        for piece in format!("body{body}").split('<') {
            let (tag, text) = piece.split_once('>').expect("every < begins a tag");
            let name = tag.trim_start_matches('/').split(' ').next().unwrap_or_default();
            if !matches!(name, "a" | "strong") {
                out.push(' ');
            }
            out.push_str(text);
        }
        let entities =
            [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
        entities.iter().fold(out, |text, (name, is)| text.replace(name, is))
    }

    #[test]
    fn every_value_is_escaped_wherever_it_stands() {
        let hostile = "<script>alert('x')</script>\" onclick=\"a&b";
        let link = "https://shop.example/\"onmouseover='x'><b>".parse().expect("a link");
        let blocks = [
            Block::Paragraph(hostile.into()),
            Block::Link { label: hostile.into(), link },
            Block::Said { who: hostile.into(), when: hostile.into(), text: hostile.into() },
            Block::Closing(hostile.into()),
        ];
        let page = page(Language::English, hostile, &blocks);
        for bad in ["<script", "\" onclick", "'x'", "a&b", "<b>", "\"onmouseover"] {
            assert!(!page.contains(bad), "{bad} in {page}");
        }
        assert_eq!(page.matches("&lt;script&gt;").count(), 7);
    }

    #[test]
    fn the_page_sets_no_colours_and_loads_nothing() {
        let page = page(Language::German, "t", &[Block::Paragraph("p".into())]);
        assert!(page.contains("<html lang=\"de\">") && page.contains("light dark"));
        for absent in ["background", ";color:", "\"color:", "src=", "url(", "<img", "#"] {
            assert!(!page.contains(absent), "{absent}");
        }
    }
}
