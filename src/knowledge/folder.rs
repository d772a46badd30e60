//! Reads a shop folder as its owner wrote it.
//!
//! Owns the way from files to a [`Catalogue`]: what files there are (`files`), tables whatever
//! their format (`table`), and one module for each thing a shop writes down. It looks through the
//! whole folder before it gives up, so that an owner sees every problem at once, each with its
//! file, row and field. It never reads outside the folder, never guesses at a price, and never
//! writes.
//!
//! ```text
//! FOLDER/shop.toml                            the shop itself
//! FOLDER/products.csv | .tsv | .jsonl         what it sells; a service business has none
//! FOLDER/faq.csv | .tsv | .jsonl              questions with their answers
//! FOLDER/pages/*.md                           what it explains
//! FOLDER/intents/*.toml                       intents of its own
//! ```
//!
//! What an editor sends is one record at a time and read by the same rules (`single`).

use std::path::Path;

use super::catalogue::Catalogue;
use files::Folder;
use findings::Findings;
pub use findings::{FolderError, Remark};

mod availability;
mod faq;
mod files;
mod findings;
mod intents;
mod links;
mod markup;
mod pages;
mod plain;
mod price;
mod products;
mod settings;
mod shop;
pub mod single;
mod table;

/// What a folder held.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Its records.
    pub catalogue: Catalogue,
    /// What was left out or looks odd, though the rest could be read.
    pub warnings: Vec<Remark>,
}

/// Reads the shop folder at `dir`.
pub fn load(dir: &Path) -> Result<Loaded, FolderError> {
    let folder = Folder::open(dir)
        .map_err(|source| FolderError::NoFolder { dir: dir.to_path_buf(), source })?;
    let mut findings = Findings::default();
    folder.warn_of_unread(&mut findings);
    let shop = shop::read(&folder, &mut findings);
    let products = products::read(&folder, shop.as_ref(), &mut findings);
    let pages = pages::read(&folder, shop.as_ref(), &mut findings);
    let faq = faq::read(&folder, shop.as_ref(), &mut findings);
    let intents = intents::read(&folder, &mut findings);
    let warnings = findings.finish()?;
    // Without a shop there was a problem, and `finish` has returned it.
    let shop = shop.ok_or_else(|| FolderError::Problems { problems: Vec::new(), total: 0 })?;
    Ok(Loaded { catalogue: Catalogue { shop, products, pages, faq, intents }, warnings })
}

#[cfg(test)]
mod tests;
