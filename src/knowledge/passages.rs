//! What can be found and quoted: the catalogue cut into passages, each with its source.
//!
//! Prices and availability are not in a passage: they are looked up in the record, so that what
//! is quoted cannot be older than what is charged.

use serde::{Deserialize, Serialize};

use super::catalogue::{Attribute, Catalogue, Faq, Page, Product, Section, columns};
use super::sentences;
use crate::domain::reply::Source;

/// Where a long section is divided. A quotation of more is not read, and a vector of more says
/// nothing exactly: all-MiniLM reads 256 tokens, about 1,000 characters.
const MAX_CHARS: usize = 900;

/// What a passage was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A product's description and attributes.
    Product,
    /// A section of a page, or a part of a long one.
    Page,
    /// A question and its answer.
    Faq,
}

/// A text of the shop that can be quoted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Passage {
    /// Where it stands.
    pub source: Source,
    /// What it was made of.
    pub kind: Kind,
    /// What it is about: a product's title, brand and category, the headings of a section, a
    /// question.
    pub heading: String,
    /// What it says; lines divide what was divided in the source.
    pub text: String,
    /// The same in sentences, each of which can be quoted alone.
    pub sentences: Vec<String>,
}

/// All passages of a catalogue: products, then pages, then questions, each in file order.
pub fn passages(catalogue: &Catalogue) -> Vec<Passage> {
    let products = catalogue.products.iter().map(|p| of_product(&columns::in_english(p)));
    let pages = catalogue.pages.iter().flat_map(of_page);
    let faq = catalogue.faq.iter().map(of_faq);
    products.chain(pages).chain(faq).collect()
}

impl Passage {
    fn new(source: Source, kind: Kind, heading: String, text: String) -> Self {
        let sentences = sentences::split(&text).into_iter().map(str::to_string).collect();
        Self { source, kind, heading, text, sentences }
    }
}

fn of_product(product: &Product) -> Passage {
    let mut heading = product.title.clone();
    let brand = product.attribute("brand").unwrap_or_default();
    for part in [brand, &product.product_type] {
        if !part.is_empty() && !heading.to_lowercase().contains(&part.to_lowercase()) {
            heading = format!("{heading}, {part}");
        }
    }
    let mut lines: Vec<String> = product.description.lines().map(str::to_string).collect();
    lines.extend(product.attributes.iter().filter(|a| can_be_said(a)).map(line_of));
    let source =
        Source { id: product.id.clone(), title: product.title.clone(), link: product.link.clone() };
    Passage::new(source, Kind::Product, heading, lines.join("\n"))
}

/// Addresses and category numbers of advertising systems say nothing to a visitor.
fn can_be_said(attribute: &Attribute) -> bool {
    let is_address =
        attribute.value.starts_with("http://") || attribute.value.starts_with("https://");
    !is_address
        && attribute.name != "google_product_category"
        && attribute.name != "identifier_exists"
}

/// `water_column` with `3000 mm` is "Water column: 3000 mm".
fn line_of(attribute: &Attribute) -> String {
    let words = attribute.name.replace('_', " ");
    let mut chars = words.chars();
    let name: String =
        chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default();
    format!("{name}: {}", attribute.value)
}

fn of_page(page: &Page) -> Vec<Passage> {
    page.sections.iter().flat_map(|section| of_section(page, section)).collect()
}

fn of_section(page: &Page, section: &Section) -> Vec<Passage> {
    let path = section.heading.strip_prefix(&page.title).map(|rest| rest.trim_start_matches(" > "));
    let heading = match path.unwrap_or(&section.heading) {
        "" => page.title.clone(),
        path => format!("{} > {path}", page.title),
    };
    let source =
        || Source { id: page.id.clone(), title: page.title.clone(), link: page.link.clone() };
    parts(&section.blocks)
        .into_iter()
        .map(|text| Passage::new(source(), Kind::Page, heading.clone(), text))
        .collect()
}

/// Blocks joined to parts of about [`MAX_CHARS`]; a longer block is divided between sentences.
fn parts(blocks: &[String]) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut add = |piece: &str, separator: &str| match parts.last_mut() {
        Some(part) if part.chars().count() + piece.chars().count() < MAX_CHARS => {
            part.push_str(separator);
            part.push_str(piece);
        }
        _ => parts.push(piece.to_string()),
    };
    for block in blocks {
        if block.chars().count() <= MAX_CHARS {
            add(block, "\n");
            continue;
        }
        let mut separator = "\n";
        for sentence in sentences::split(block) {
            add(sentence, separator);
            separator = " ";
        }
    }
    parts
}

fn of_faq(faq: &Faq) -> Passage {
    let source =
        Source { id: faq.file.clone(), title: faq.question.clone(), link: faq.link.clone() };
    Passage::new(source, Kind::Faq, faq.question.clone(), faq.answer.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::folder;
    use std::path::PathBuf;

    fn minimal() -> Vec<Passage> {
        let dir = PathBuf::from("tests/fixtures/shops/minimal");
        passages(&folder::load(&dir).unwrap_or_else(|e| panic!("{e}")).catalogue)
    }

    #[test]
    fn a_product_is_described_without_its_price() {
        let fjord = &minimal()[0];
        assert_eq!(fjord.heading, "Fjord 2 Tent, Norrvik, Camping > Tents");
        assert_eq!(fjord.sentences[1], "It is freestanding, e.g. on rock.");
        assert!(fjord.sentences.contains(&"Water column: 3000 mm".to_string()));
        assert!(!fjord.text.contains("249") && !fjord.text.contains("199"));
        assert_eq!(fjord.source.link.as_deref(), Some("https://tarn-trail.example/fjord-2"));
    }

    #[test]
    fn a_section_and_a_question_are_one_passage_each() {
        let all = minimal();
        let headings: Vec<&str> = all[5..].iter().map(|passage| passage.heading.as_str()).collect();
        assert_eq!(headings[..4], ["Delivery", "Delivery > Costs", "Delivery > Times", "Returns"]);
        assert_eq!(headings[4], "Returns > Refunds");
        assert_eq!(all[6].sentences[0], "Country: Ireland; Standard: €4.95; Express: €9.95");
        assert_eq!(all[7].sentences[0], "Standard delivery takes: two working days within Ireland");
        let gift = all.last().expect("faq");
        assert_eq!((gift.kind, gift.heading.as_str()), (Kind::Faq, "Do you sell gift cards?"));
        assert_eq!(gift.sentences, ["We sell gift cards from €25 to €250.", "They never expire."]);
    }

    #[test]
    fn long_sections_are_divided_between_blocks_and_then_sentences() {
        let sentence = "This sentence has about fifty characters, no more. ";
        let blocks = [sentence.repeat(12), sentence.repeat(10), sentence.repeat(40)];
        let blocks = blocks.map(|block| block.trim().to_string());
        let parts = parts(&blocks);
        assert_eq!(parts[0], blocks[0]);
        assert!(
            parts.iter().all(|part| part.chars().count() <= MAX_CHARS && part.ends_with("more."))
        );
        assert_eq!(parts.iter().map(|part| part.matches("This").count()).sum::<usize>(), 62);
    }
}
