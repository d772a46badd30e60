//! One record at a time, as an editor has it: read by the rules of a folder's files, so that the
//! same mistake gets the same remark; and written down again as it would stand in those files.
//!
//! The file of a remark is here what the record is called: a product's id, a page's name.

use super::findings::{Findings, FolderError, Remark};
use super::table::{self, Row};
use super::{availability, faq as questions, markup, pages, price, products};
use crate::knowledge::catalogue::{Attribute, Faq, Page, Product, Shop};

/// The most named values of one record.
const MAX_FIELDS: usize = 200;

/// A record with what looks odd in it, or what is wrong with it.
pub type Read<T> = Result<(T, Vec<Remark>), Vec<Remark>>;

/// Reads a page from its Markdown.
pub fn page(id: &str, text: &str, shop: &Shop) -> Read<Page> {
    finished(id, |findings| {
        let page = pages::page(id, text, Some(shop), findings);
        findings.keep(page)
    })
}

/// Reads a product from the columns of a feed.
pub fn product(id: &str, fields: &[Attribute], shop: &Shop) -> Read<Product> {
    finished(id, |findings| {
        let row = row(id, fields, findings)?;
        for name in products::private(&row) {
            findings.warn(row.remark(name, products::LEFT_OUT));
        }
        let product = products::product(&row, Some(shop), findings);
        findings.keep(product)
    })
}

/// Reads a question with its answer from their columns.
pub fn faq(id: &str, fields: &[Attribute], shop: &Shop) -> Read<Faq> {
    finished(id, |findings| {
        let row = row(id, fields, findings)?;
        let faq = questions::faq(&row, Some(shop), findings);
        findings.keep(faq)
    })
}

/// A page's Markdown: as its owner wrote it, or made of what was kept of it.
pub fn page_source(page: &Page) -> String {
    match page.source.is_empty() {
        true => pages::render(page),
        false => page.source.clone(),
    }
}

/// A product's columns, in the order of a form.
pub fn product_source(product: &Product, shop: &Shop) -> Vec<Attribute> {
    let period = product.sale_period.map(|period| price::write_period(period, shop));
    let own = [
        ("id", Some(product.id.clone())),
        ("title", Some(markup::source(&product.title))),
        ("price", product.price.map(|price| price.to_string())),
        ("sale_price", product.sale_price.map(|price| price.to_string())),
        ("sale_price_effective_date", period),
        ("availability", product.availability.map(|a| availability::write(a).to_string())),
        ("description", Some(markup::source(&product.description))),
        ("product_type", Some(markup::source(&product.product_type))),
        ("item_group_id", product.item_group_id.as_deref().map(markup::source)),
        ("link", product.link.clone()),
        ("image_link", product.image_link.clone()),
    ];
    let own = own.into_iter().filter_map(|(name, value)| {
        let value = value.filter(|value| !value.is_empty())?;
        Some(Attribute { name: name.to_string(), value })
    });
    let others = product.attributes.iter().map(|attribute| Attribute {
        name: attribute.name.clone(),
        value: markup::source(&attribute.value),
    });
    own.chain(others).collect()
}

/// The text of a question or an answer, as its cell would hold it.
pub fn cell_source(text: &str) -> String {
    markup::source(text)
}

/// A row of these cells, under the limits and names of a table.
fn row<'a>(id: &'a str, fields: &'a [Attribute], findings: &mut Findings) -> Option<Row<'a>> {
    let mut row = Row { file: id, number: 0, cells: Vec::with_capacity(fields.len()) };
    if fields.len() > MAX_FIELDS {
        let message = format!("more than {MAX_FIELDS} values; leave out what visitors never ask");
        findings.problem(Remark::new(id, message));
        return None;
    }
    for field in fields {
        let (name, value) = (table::normal_name(&field.name), field.value.trim());
        if value.is_empty() {
            continue;
        }
        if name.is_empty() {
            let message = format!("`{}` has no name; say what it is", short(value));
            findings.problem(Remark::new(id, message));
            return None;
        }
        if row.get(&name).is_some() {
            findings.problem(row.remark(&name, "this is written twice; remove one"));
            return None;
        }
        row.cells.push((name.into(), value.into()));
    }
    if let Some(remark) = row.too_long() {
        findings.problem(remark);
        return None;
    }
    Some(row)
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

fn finished<T>(id: &str, read: impl FnOnce(&mut Findings) -> Option<T>) -> Read<T> {
    let mut findings = Findings::default();
    let record = read(&mut findings);
    // A record alone has no row.
    let without_row = |remarks: Vec<Remark>| -> Vec<Remark> {
        remarks.into_iter().map(|remark| Remark { row: None, ..remark }).collect()
    };
    match (findings.finish(), record) {
        (Ok(warnings), Some(record)) => Ok((record, without_row(warnings))),
        (Err(FolderError::Problems { problems, .. }), _) => Err(without_row(problems)),
        (Err(error), _) => Err(vec![Remark::new(id, error.to_string())]),
        (Ok(_), None) => Err(vec![Remark::new(id, "this cannot be read")]),
    }
}
