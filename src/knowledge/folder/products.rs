//! The product table: which column is what.

use std::collections::{HashMap, HashSet};

use super::files::Folder;
use super::findings::{Findings, Remark};
use super::table::Row;
use super::{availability, links, markup, plain, price, table};
use crate::knowledge::catalogue::{Attribute, Product, Shop};

const FILES: [&str; 3] = ["products.csv", "products.tsv", "products.jsonl"];
/// Columns that have a field of their own; all others are attributes.
const OWN_COLUMNS: [&str; 11] = [
    "id",
    "title",
    "description",
    "price",
    "sale_price",
    "sale_price_effective_date",
    "availability",
    "product_type",
    "item_group_id",
    "link",
    "image_link",
];

/// Columns that shops keep for themselves. Whatever is an attribute may be said to a visitor, so
/// these are left out, with a warning.
const PRIVATE_COLUMNS: [&str; 12] = [
    "cost",
    "cost_of_goods_sold",
    "cost_price",
    "purchase_price",
    "wholesale_price",
    "buying_price",
    "margin",
    "supplier",
    "internal_note",
    "internal_notes",
    "auto_pricing_min_price",
    "ads_redirect",
];

/// What is said of a private column.
pub(super) const LEFT_OUT: &str = "left out, since visitors are told what stands in a product's \
                                   columns; rename the column if they may know";

/// Reads the products of a folder; a service business has none.
pub(super) fn read(folder: &Folder, shop: Option<&Shop>, findings: &mut Findings) -> Vec<Product> {
    let Some(file) = folder.one_of(&FILES, findings) else { return Vec::new() };
    let Some(text) = findings.keep(folder.read(file)) else { return Vec::new() };
    let mut products = Vec::new();
    let mut rows_by_id: HashMap<String, u64> = HashMap::new();
    let mut left_out: HashSet<String> = HashSet::new();
    table::read(file, &text, &["id", "title"], findings, &mut |row, findings| {
        for name in private(row) {
            if left_out.insert(name.to_string()) {
                findings.warn(Remark::new(file, LEFT_OUT).field(name));
            }
        }
        let product = product(row, shop, findings);
        let Some(product) = findings.keep(product) else { return };
        if let Some(first) = rows_by_id.insert(product.id.clone(), row.number) {
            let message =
                format!("`{}` is also the id of row {first}; ids must differ", product.id);
            findings.problem(row.remark("id", message));
        }
        products.push(product);
    });
    products
}

/// Reads one product.
pub(super) fn product(
    row: &Row,
    shop: Option<&Shop>,
    findings: &mut Findings,
) -> Result<Product, Remark> {
    let id = plain::one_line(row.required("id")?);
    let title = markup::line(row.required("title")?);
    if title.is_empty() {
        return Err(row.remark("title", "nothing but markup; write what the product is called"));
    }
    let prices = match shop {
        Some(shop) => price::read(row, shop, findings)?,
        None => price::Prices::default(),
    };
    let availability = row
        .get("availability")
        .map(availability::parse)
        .transpose()
        .map_err(|message| row.remark("availability", message))?;
    let text = |column: &str| row.get(column).map(markup::line).filter(|text| !text.is_empty());
    Ok(Product {
        id,
        title,
        description: row.get("description").map(markup::text).unwrap_or_default(),
        price: prices.price,
        sale_price: prices.sale_price,
        sale_period: prices.sale_period,
        availability,
        product_type: text("product_type").unwrap_or_default(),
        item_group_id: text("item_group_id"),
        attributes: attributes(row),
        link: links::of_row(row, "link", shop, findings),
        image_link: links::picture_of_row(row, shop, findings),
    })
}

fn attributes(row: &Row) -> Vec<Attribute> {
    let others = row.cells.iter().filter(|(name, _)| !OWN_COLUMNS.contains(&name.as_ref()));
    others
        .filter(|(name, _)| !is_private(name))
        .map(|(name, value)| Attribute { name: name.to_string(), value: markup::line(value) })
        .filter(|attribute| !attribute.value.is_empty())
        .collect()
}

/// The columns of a row that visitors must not hear of.
pub(super) fn private<'a>(row: &'a Row) -> impl Iterator<Item = &'a str> {
    row.cells.iter().map(|(name, _)| name.as_ref()).filter(|name| is_private(name))
}

fn is_private(column: &str) -> bool {
    PRIVATE_COLUMNS.contains(&column) || column.starts_with("custom_label_")
}
