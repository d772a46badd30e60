//! Text out of HTML, as shop systems export it.
//!
//! What comes out is plain text and is shown as text, so nothing here is a defence; it must only
//! not lose what was said, nor take `5 < 6` for a tag.

use std::borrow::Cow;

use pulldown_cmark::{Event, Parser};

use super::plain;

/// Elements after whose tags a new line starts.
const BLOCKS: [&str; 24] = [
    "address",
    "article",
    "blockquote",
    "br",
    "dd",
    "div",
    "dl",
    "dt",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "ol",
    "p",
    "section",
    "table",
    "ul",
];
/// Elements whose content is no text.
const SILENT: [&str; 5] = ["head", "iframe", "script", "style", "template"];

/// Text in lines: tags gone, characters instead of entities.
pub(super) fn text(source: &str) -> String {
    plain::lines(&decoded(&without_tags(source)))
}

/// The same on one line.
pub(super) fn line(source: &str) -> String {
    plain::one_line(&decoded(&without_tags(source)))
}

/// What reads as this text again: itself, unless something in it looks like markup.
pub(super) fn source(plain: &str) -> String {
    match text(plain) == plain {
        true => plain.to_string(),
        false => plain.replace('&', "&amp;").replace('<', "&lt;"),
    }
}

fn without_tags(source: &str) -> Cow<'_, str> {
    if !source.contains('<') {
        return Cow::Borrowed(source);
    }
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some(tag) = Tag::at_start(rest) else {
            out.push('<');
            rest = &rest[1..];
            continue;
        };
        rest = &rest[tag.length..];
        if tag.opens && SILENT.contains(&tag.name.as_str()) {
            rest = after_closing(rest, &tag.name);
        }
        match tag.name.as_str() {
            "tr" => out.push('\n'),
            "td" | "th" => out.push(' '),
            name if BLOCKS.contains(&name) => out.push('\n'),
            _ => {}
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// A tag or comment.
struct Tag {
    name: String,
    opens: bool,
    length: usize,
}

impl Tag {
    /// The tag that `text` starts with. After its name a tag either ends or has an attribute with
    /// a value: `a <b and c> d` is arithmetic.
    fn at_start(text: &str) -> Option<Self> {
        if text.starts_with("<!--") {
            let length = text.find("-->").map_or(text.len(), |end| end + 3);
            return Some(Self { name: String::new(), opens: false, length });
        }
        let inner = text.strip_prefix('<')?;
        let (opens, inner) = match inner.strip_prefix(['/', '!', '?']) {
            Some(inner) => (false, inner),
            None => (true, inner),
        };
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == ':' || c == '-';
        let name_end = inner.find(|c| !is_name(c))?;
        let (name, after) = inner.split_at(name_end);
        let attributes = &after[..after.find('>')?];
        let plausible = !opens || attributes.trim_matches(['/', ' ', '\n', '\t', '\r']).is_empty();
        if !name.starts_with(|c: char| c.is_ascii_alphabetic())
            || !(plausible || attributes.contains('='))
        {
            return None;
        }
        let length = text.len() - after.len() + attributes.len() + 1;
        Some(Self { name: name.to_ascii_lowercase(), opens, length })
    }
}

/// What follows the end tag of an element without text.
fn after_closing<'a>(text: &'a str, name: &str) -> &'a str {
    let closing = format!("</{name}");
    let at = text.match_indices("</").map(|(at, _)| at).find(|at| {
        text[*at..].get(..closing.len()).is_some_and(|t| t.eq_ignore_ascii_case(&closing))
    });
    at.map_or("", |at| &text[at..])
}

/// Characters instead of entities, by the table of the Markdown reader, which has all of HTML's.
fn decoded(source: &str) -> Cow<'_, str> {
    if !source.contains('&') {
        return Cow::Borrowed(source);
    }
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let entity =
            rest.find(';').filter(|end| *end <= 32).map(|end| &rest[..=end]).filter(|entity| {
                entity[1..entity.len() - 1].chars().all(|c| c.is_ascii_alphanumeric() || c == '#')
            });
        match entity {
            Some(entity) => {
                out.push_str(&character(entity));
                rest = &rest[entity.len()..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn character(entity: &str) -> Cow<'_, str> {
    match entity {
        "&amp;" => "&".into(),
        "&nbsp;" => " ".into(),
        "&lt;" => "<".into(),
        "&gt;" => ">".into(),
        "&quot;" => "\"".into(),
        _ => Parser::new(entity)
            .find_map(|event| match event {
                Event::Text(text) => Some(text.to_string().into()),
                _ => None,
            })
            .unwrap_or(entity.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_lines_of_text() {
        let html = "<p>Sleeps <b>2</b>&nbsp;people.</p><ul class=\"x\"><li>3.5&nbsp;kg</li>\
                    <LI>Caf&eacute; &amp; bar &#8364;5</li></ul><br/>Done<script>alert('<p>')</script>!";
        assert_eq!(text(html), "Sleeps 2 people.\n3.5 kg\nCafé & bar €5\nDone!");
        assert_eq!(line("<!-- no --><table><tr><td>A</td><td>B</td></tr></table>"), "A B");
    }

    #[test]
    fn text_is_written_so_that_it_reads_the_same() {
        for plain in ["Two doors.\nA <b>porch</b>", "&lt;", "R&D < 5", "5 &euro; <br>", ""] {
            assert_eq!(text(&source(plain)), plain);
        }
        assert_eq!(source("R&D costs < €5"), "R&D costs < €5");
    }

    #[test]
    fn arithmetic_and_loose_signs_are_text() {
        for plain in [
            "5 < 6 > 4",
            "a <b and c> d",
            "<3",
            "R&D; M&M's & co",
            "a < b",
            "<",
            "&",
            "&#xffffffff",
            "< p>",
        ] {
            assert_eq!(line(plain), plain);
        }
    }

    #[test]
    fn what_never_ends_is_read_to_the_end() {
        assert_eq!(line("a<script>b"), "a");
        assert_eq!(line("a<!-- b"), "a");
        assert_eq!(line("a<p b"), "a<p b");
    }
}
