//! TOML files whose mistakes are told by line and key.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::findings::Remark;

/// A table of a TOML file, its entries in their written order.
pub(super) struct Settings<'a> {
    file: &'a str,
    text: &'a str,
    entries: Vec<(&'a str, &'a Spanned<DeValue<'a>>)>,
}

/// Parses a file; the result is the root of its [`Settings`].
pub(super) fn parse<'a>(file: &str, text: &'a str) -> Result<DeTable<'a>, Remark> {
    DeTable::parse(text).map(Spanned::into_inner).map_err(|error| {
        let remark = Remark::new(file, format!("not TOML: {}", error.message().trim()));
        match error.span() {
            Some(span) => remark.at(line_of(text, span.start)),
            None => remark,
        }
    })
}

impl<'a> Settings<'a> {
    /// The entries of a table.
    pub fn new(file: &'a str, text: &'a str, table: &'a DeTable<'a>) -> Self {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let entries = entries.into_iter().map(|(key, value)| (key.get_ref().as_ref(), value));
        Self { file, text, entries: entries.collect() }
    }

    /// A remark on a key of this table.
    pub fn remark(&self, key: &str, message: impl Into<String>) -> Remark {
        let remark = Remark::new(self.file, message).field(key);
        match self.get(key) {
            Some(value) => remark.at(line_of(self.text, value.span().start)),
            None => remark,
        }
    }

    /// Keys and values in their written order.
    pub fn entries(&self) -> impl Iterator<Item = (&'a str, &'a DeValue<'a>)> {
        self.entries.iter().map(|(key, value)| (*key, value.get_ref()))
    }

    /// The text of a key that must be there.
    pub fn required(&self, key: &str, example: &str) -> Result<String, Remark> {
        match self.optional(key)? {
            Some(text) => Ok(text),
            None => Err(self.remark(key, format!("missing; write {key} = \"{example}\""))),
        }
    }

    /// The text of a key, if it is there and not empty.
    pub fn optional(&self, key: &str) -> Result<Option<String>, Remark> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let Some(text) = value.get_ref().as_str() else {
            return Err(self.remark(key, "not a text; write it in quotation marks"));
        };
        Ok(Some(super::plain::one_line(text)).filter(|text| !text.is_empty()))
    }

    /// The texts of a key that holds one or a list of them.
    pub fn texts(&self, key: &str) -> Result<Vec<&'a str>, Remark> {
        let Some(value) = self.get(key) else { return Ok(Vec::new()) };
        let texts: Option<Vec<&str>> = match value.get_ref() {
            DeValue::String(text) => Some(vec![text.as_ref()]),
            DeValue::Array(values) => values.iter().map(|v| v.get_ref().as_str()).collect(),
            _ => None,
        };
        texts.ok_or_else(|| {
            self.remark(key, "not a list of texts; write it like [\"one\", \"two\"]")
        })
    }

    fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.entries.iter().find(|(name, _)| *name == key).map(|(_, value)| *value)
    }
}

fn line_of(text: &str, at: usize) -> u64 {
    1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count() as u64
}
