//! Changes to a catalogue as a person makes them: a page, a product or a question at a time.
//!
//! Pure. An edit is read by the rules of a shop's folder, so an editor hears the same remarks as an
//! importer; [`source`] gives a record back as the edit that would change nothing.

mod changes;
mod listing;

use serde::{Deserialize, Serialize};

use super::catalogue::{Attribute, Catalogue, Faq};
use super::folder::{Loaded, Remark, single};
use super::passages::Kind;

pub use changes::{Changed, Changes};
pub use listing::{Counts, Item, Listing, listing};

/// The longest page, in bytes.
pub const MAX_PAGE: usize = 200 * 1024;
/// The longest name of a page, in bytes.
const MAX_NAME: usize = 120;

/// One change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Edit {
    /// A page as Markdown, front matter and all.
    Page {
        /// `pages/NAME.md`.
        id: String,
        /// What the file would hold.
        text: String,
        /// It must not be there yet.
        #[serde(default)]
        new: bool,
    },
    /// A product as the columns of a feed, its `id` among them.
    Product {
        /// Names and values.
        fields: Vec<Attribute>,
        /// It must not be there yet.
        #[serde(default)]
        new: bool,
    },
    /// A question with its answer.
    Faq {
        /// The question it stands in for; nothing for one more.
        #[serde(default)]
        was: Option<String>,
        /// As asked.
        question: String,
        /// As answered.
        answer: String,
        /// Where it can be read.
        #[serde(default)]
        link: Option<String>,
    },
    /// Takes a record away.
    Remove {
        /// What it is.
        what: Kind,
        /// A page's name, a product's id, a question.
        id: String,
    },
}

/// The catalogue with these changes made in order, or everything that is wrong with them.
pub fn apply(base: &Catalogue, edits: &[Edit]) -> Result<Loaded, Vec<Remark>> {
    let mut loaded = Loaded { catalogue: base.clone(), warnings: Vec::new() };
    let mut problems = Vec::new();
    for edit in edits {
        match one(&mut loaded.catalogue, edit) {
            Ok(warnings) => loaded.warnings.extend(warnings),
            Err(remarks) => problems.extend(remarks),
        }
    }
    if problems.is_empty() { Ok(loaded) } else { Err(problems) }
}

/// A record as the edit that leaves it as it is.
pub fn source(catalogue: &Catalogue, kind: Kind, id: &str) -> Option<Edit> {
    Some(match kind {
        Kind::Page => {
            let page = catalogue.pages.iter().find(|page| page.id == id)?;
            Edit::Page { id: page.id.clone(), text: single::page_source(page), new: false }
        }
        Kind::Product => {
            let product = catalogue.products.iter().find(|product| product.id == id)?;
            let fields = single::product_source(product, &catalogue.shop);
            Edit::Product { fields, new: false }
        }
        Kind::Faq => {
            let faq = catalogue.faq.iter().find(|faq| faq.question == id)?;
            Edit::Faq {
                was: Some(faq.question.clone()),
                question: single::cell_source(&faq.question),
                answer: single::cell_source(&faq.answer),
                link: faq.link.clone(),
            }
        }
    })
}

type Outcome = Result<Vec<Remark>, Vec<Remark>>;

fn one(catalogue: &mut Catalogue, edit: &Edit) -> Outcome {
    match edit {
        Edit::Page { id, text, new } => page(catalogue, id, text, *new),
        Edit::Product { fields, new } => product(catalogue, fields, *new),
        Edit::Faq { was, question, answer, link } => {
            let cell =
                |name: &str, value: &str| Attribute { name: name.into(), value: value.into() };
            let fields = [
                cell("question", question),
                cell("answer", answer),
                cell("link", link.as_deref().unwrap_or_default()),
            ];
            faq(catalogue, was.as_deref(), question, &fields)
        }
        Edit::Remove { what, id } => remove(catalogue, *what, id),
    }
}

fn page(catalogue: &mut Catalogue, id: &str, text: &str, new: bool) -> Outcome {
    let at = catalogue.pages.iter().position(|page| page.id == id);
    if new && at.is_some() {
        return refuse(id, Some("id"), "there is a page of this name; choose another");
    }
    if at.is_none() && !is_page_name(id) {
        let message = "not a page's name; write it like pages/opening-hours.md";
        return refuse(id, Some("id"), message);
    }
    if text.len() > MAX_PAGE {
        let message = format!(
            "{} bytes long, more than {MAX_PAGE}; divide it into several pages",
            text.len()
        );
        return refuse(id, Some("text"), &message);
    }
    let (page, warnings) = single::page(id, text, &catalogue.shop)?;
    put(&mut catalogue.pages, at, page);
    Ok(warnings)
}

/// New pages have plain names, so that a catalogue can be written to a folder on any system.
fn is_page_name(id: &str) -> bool {
    let name = id.strip_prefix("pages/").and_then(|name| name.strip_suffix(".md"));
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    id.len() <= MAX_NAME && name.is_some_and(|name| !name.is_empty() && name.chars().all(plain))
}

fn product(catalogue: &mut Catalogue, fields: &[Attribute], new: bool) -> Outcome {
    let id = fields.iter().find(|field| field.name == "id").map(|field| field.value.trim());
    let called = id.filter(|id| !id.is_empty()).unwrap_or("new product");
    let (product, warnings) = single::product(called, fields, &catalogue.shop)?;
    let at = catalogue.products.iter().position(|other| other.id == product.id);
    if let (true, Some(at)) = (new, at) {
        let other = &catalogue.products[at].title;
        let message = format!("this is the id of {other}; ids must differ");
        return refuse(called, Some("id"), &message);
    }
    put(&mut catalogue.products, at, product);
    Ok(warnings)
}

fn faq(
    catalogue: &mut Catalogue,
    was: Option<&str>,
    question: &str,
    fields: &[Attribute],
) -> Outcome {
    let find = |all: &[Faq], question: &str| all.iter().position(|faq| faq.question == question);
    let at = was.map(|was| (was, find(&catalogue.faq, was)));
    if let Some((was, None)) = at {
        return refuse(was, Some("question"), GONE);
    }
    let at = at.and_then(|(_, at)| at);
    let called = was.unwrap_or(question.trim());
    let (faq, warnings) = single::faq(called, fields, &catalogue.shop)?;
    let other = find(&catalogue.faq, &faq.question);
    if other.is_some() && other != at {
        return refuse(called, Some("question"), "this question is there already; change that one");
    }
    put(&mut catalogue.faq, at, faq);
    Ok(warnings)
}

const GONE: &str = "this is not there any more; reload and look";

fn remove(catalogue: &mut Catalogue, what: Kind, id: &str) -> Outcome {
    let removed = match what {
        Kind::Product => take(&mut catalogue.products, |product| product.id == id),
        Kind::Page => take(&mut catalogue.pages, |page| page.id == id),
        Kind::Faq => take(&mut catalogue.faq, |faq| faq.question == id),
    };
    if removed { Ok(Vec::new()) } else { refuse(id, None, GONE) }
}

fn take<T>(all: &mut Vec<T>, is: impl Fn(&T) -> bool) -> bool {
    let at = all.iter().position(is);
    at.map(|at| all.remove(at)).is_some()
}

fn put<T>(all: &mut Vec<T>, at: Option<usize>, record: T) {
    match at {
        Some(at) => all[at] = record,
        None => all.push(record),
    }
}

fn refuse(about: &str, field: Option<&str>, message: &str) -> Outcome {
    Err(vec![Remark {
        file: about.to_string(),
        row: None,
        field: field.map(str::to_string),
        message: message.to_string(),
    }])
}

#[cfg(test)]
mod tests;
