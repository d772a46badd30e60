//! A shop's records, as typed data: one version of everything it knows.

pub mod columns;

use serde::{Deserialize, Serialize};

use crate::domain::hours::Opening;
use crate::domain::language::Locale;
use crate::domain::money::{Currency, Money};
use crate::domain::time::Instant;

/// Everything one version of a shop's knowledge holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Catalogue {
    /// The shop itself.
    pub shop: Shop,
    /// What it sells, in file order.
    pub products: Vec<Product>,
    /// What it explains.
    pub pages: Vec<Page>,
    /// What it is asked often.
    pub faq: Vec<Faq>,
    /// Intents of its own, beside the built-in ones.
    #[serde(default)]
    pub intents: Vec<IntentExamples>,
}

/// The shop itself, from `shop.toml`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shop {
    /// Its name.
    pub name: String,
    /// What it charges in.
    pub currency: Currency,
    /// How it writes.
    pub locale: Locale,
    /// IANA name, as `Europe/Dublin`.
    pub time_zone: String,
    /// When a person is there, by weekday from Monday; an empty day is closed.
    pub hours: [Vec<Opening>; 7],
    /// Further plain facts (`email`, `phone`, `address`, `url`), in file order.
    #[serde(default)]
    pub contact: Vec<(String, String)>,
}

/// Can it be had?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Availability {
    /// Yes.
    InStock,
    /// Not now.
    OutOfStock,
    /// Not yet.
    Preorder,
    /// Not now, but orders are taken and sent when it is back.
    Backorder,
}

/// A span of time, its end not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// Its first moment.
    pub from: Instant,
    /// The first moment after it.
    pub to: Instant,
}

impl Period {
    /// Whether the moment lies in it.
    pub fn holds(&self, at: Instant) -> bool {
        self.from <= at && at < self.to
    }
}

/// Something the shop sells.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Product {
    /// The shop's own id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What the shop says about it.
    #[serde(default)]
    pub description: String,
    /// The regular price.
    pub price: Option<Money>,
    /// The price while on sale; lower than `price`.
    pub sale_price: Option<Money>,
    /// When the sale price holds; always, if the feed does not say.
    #[serde(default)]
    pub sale_period: Option<Period>,
    /// Can it be had?
    pub availability: Option<Availability>,
    /// Its path of categories, as `Camping > Tents`.
    #[serde(default)]
    pub product_type: String,
    /// Variants of one model share this.
    pub item_group_id: Option<String>,
    /// Everything else that is known, in column order: brand, gtin, mpn, color, size, material,
    /// weight, and every column the feed format does not name. Never an empty value.
    #[serde(default)]
    pub attributes: Vec<Attribute>,
    /// Its page.
    pub link: Option<String>,
    /// Its picture.
    pub image_link: Option<String>,
}

/// A named value of a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// The column's name, lower case with `_` for spaces.
    pub name: String,
    /// The value, trimmed.
    pub value: String,
}

impl Product {
    /// What it costs at a moment: an ended sale must never be quoted.
    pub fn price_at(&self, now: Instant) -> Option<Money> {
        let on_sale = self.sale_period.is_none_or(|period| period.holds(now));
        self.sale_price.filter(|_| on_sale).or(self.price)
    }

    /// The value of an attribute by its column name.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|a| a.name == name).map(|a| a.value.as_str())
    }
}

/// A page of the shop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// `pages/NAME.md`.
    pub id: String,
    /// From its front matter.
    pub title: String,
    /// From its front matter.
    pub link: Option<String>,
    /// Its text by heading, as plain text.
    pub sections: Vec<Section>,
    /// The Markdown it was read from, front matter and all, since sections do not say what was a
    /// list and what a table. Empty in versions that did not keep it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
}

/// A part of a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// Headings above it, from the outermost in, joined by ` > `; empty before the first.
    pub heading: String,
    /// Its paragraphs, list items and table rows, one string each, markup removed.
    pub blocks: Vec<String>,
}

/// A question asked often.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Faq {
    /// As asked.
    pub question: String,
    /// As answered.
    pub answer: String,
    /// Where it can be read.
    pub link: Option<String>,
    /// The file it stands in; `faq.csv` for one that was written here.
    #[serde(default = "faq_file", skip_serializing_if = "is_faq_file")]
    pub file: String,
}

/// Where questions stand unless a folder has them elsewhere.
pub fn faq_file() -> String {
    "faq.csv".into()
}

fn is_faq_file(file: &str) -> bool {
    file == "faq.csv"
}

/// How visitors say one thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IntentExamples {
    /// Its name.
    pub name: String,
    /// What it means.
    #[serde(default)]
    pub description: String,
    /// Ways to say it.
    pub utterances: Vec<String>,
}
