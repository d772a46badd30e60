//! The lines between `---` at the top of a page: `title: Returns`.

use crate::knowledge::folder::plain;

/// What a front matter says; keys of other programs are passed over.
#[derive(Debug, Default, PartialEq)]
pub(super) struct FrontMatter {
    pub title: Option<String>,
    pub link: Option<String>,
}

/// Divides a page into its front matter, if it has one, and its text.
pub(super) fn split(text: &str) -> Result<(FrontMatter, &str), String> {
    let mut front = FrontMatter::default();
    let mut lines = text.split_inclusive('\n');
    if lines.next().is_none_or(|line| line.trim_end() != "---") {
        return Ok((front, text));
    }
    let mut at = text.find('\n').map_or(text.len(), |end| end + 1);
    for line in lines {
        at += line.len();
        if line.trim_end() == "---" {
            return Ok((front, &text[at..]));
        }
        let Some((key, value)) = line.split_once(':') else { continue };
        let value = Some(unquoted(&plain::one_line(value))).filter(|value| !value.is_empty());
        match key.trim() {
            "title" => front.title = value,
            "link" => front.link = value,
            _ => {}
        }
    }
    Err("it starts with --- but there is no second line of --- after its title; write one"
        .to_string())
}

/// The value without the quotation marks around it.
pub(super) fn unquoted(value: &str) -> String {
    let inner =
        ['"', '\''].into_iter().find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote));
    inner.unwrap_or(value).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn title_and_link_stand_above_the_text() {
        let (front, body) = split(
            "---\r\ntitle: \"Returns: how\"\nlink: https://a.example/b\ndraft: no\n---\nText",
        )
        .expect("closed");
        assert_eq!(front.title.as_deref(), Some("Returns: how"));
        assert_eq!(front.link.as_deref(), Some("https://a.example/b"));
        assert_eq!(body, "Text");
        assert_eq!(split("# No front\n---\n"), Ok((FrontMatter::default(), "# No front\n---\n")));
        assert!(split("---\ntitle: x\n").is_err());
    }
}
