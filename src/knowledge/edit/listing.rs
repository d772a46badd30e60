//! What a catalogue holds, as an editor looks for it.

use serde::Serialize;

use crate::knowledge::catalogue::{Availability, Catalogue, Product};
use crate::knowledge::passages::Kind;

/// The most items that are listed at once.
const LISTED: usize = 200;

/// What was found in a version.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Listing {
    /// Which version.
    pub version: u64,
    /// What the version holds.
    pub counts: Counts,
    /// What was looked for, where the title says so first: pages, then questions, then products.
    pub items: Vec<Item>,
    /// How many more there are.
    pub more: usize,
}

/// How much there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Products.
    pub products: usize,
    /// Pages.
    pub pages: usize,
    /// Questions.
    pub faq: usize,
}

/// One record that can be edited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    /// What it is.
    pub kind: Kind,
    /// What it is named in an edit.
    pub id: String,
    /// What a person calls it.
    pub title: String,
    /// What tells it from others: a price, where it is sold.
    pub detail: String,
}

/// The records that hold every word of `query` in their title, name or detail; all of them for no
/// words.
pub fn listing(version: u64, catalogue: &Catalogue, query: &str) -> Listing {
    let words: Vec<String> = query.to_lowercase().split_whitespace().map(str::to_string).collect();
    let holds = |text: String| words.iter().all(|word| text.to_lowercase().contains(word));
    let wanted = |item: &Item| holds(format!("{} {} {}", item.title, item.id, item.detail));
    let pages = catalogue.pages.iter().map(|page| Item {
        kind: Kind::Page,
        id: page.id.clone(),
        title: page.title.clone(),
        detail: page.id.clone(),
    });
    let faq = catalogue.faq.iter().map(|faq| Item {
        kind: Kind::Faq,
        id: faq.question.clone(),
        title: faq.question.clone(),
        detail: String::new(),
    });
    let products = catalogue.products.iter().map(|product| Item {
        kind: Kind::Product,
        id: product.id.clone(),
        title: product.title.clone(),
        detail: detail(product, catalogue),
    });
    let mut items: Vec<Item> = pages.chain(faq).chain(products).filter(wanted).collect();
    items.sort_by_key(|item| !holds(item.title.clone()));
    let more = items.len().saturating_sub(LISTED);
    items.truncate(LISTED);
    let counts = Counts {
        products: catalogue.products.len(),
        pages: catalogue.pages.len(),
        faq: catalogue.faq.len(),
    };
    Listing { version, counts, items, more }
}

fn detail(product: &Product, catalogue: &Catalogue) -> String {
    let locale = &catalogue.shop.locale;
    let price = match (product.price, product.sale_price) {
        (Some(price), Some(sale)) => {
            Some(format!("{}, sale {}", price.format(locale), sale.format(locale)))
        }
        (price, _) => price.map(|price| price.format(locale)),
    };
    let stock = match product.availability {
        Some(Availability::OutOfStock) => Some("out of stock"),
        Some(Availability::Preorder) => Some("preorder"),
        Some(Availability::Backorder) => Some("backorder"),
        Some(Availability::InStock) | None => None,
    };
    let parts = [Some(product.id.clone()), price, stock.map(str::to_string)];
    let variant =
        ["color", "size"].iter().filter_map(|name| product.attribute(name)).map(str::to_string);
    parts.into_iter().flatten().chain(variant).collect::<Vec<_>>().join(" · ")
}
