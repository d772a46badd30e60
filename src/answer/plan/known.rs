//! What a plan may know of the shop and of the chat so far.

use crate::answer::attributes::Attributes;
use crate::answer::delivery::places::Place;
use crate::domain::language::values::Quantity;
use crate::knowledge::catalogue::Product;
use crate::knowledge::names::Names;

/// What the plan may know about the shop and the chat.
pub struct Known<'a> {
    /// Product names.
    pub names: &'a Names,
    /// Columns.
    pub attributes: &'a Attributes,
    /// Products last spoken of, as places in the catalogue.
    pub spoken_of: &'a [usize],
    /// The column last asked for.
    pub attribute: Option<&'a str>,
    /// The shop's rules were spoken of last, not a product.
    pub of_rules: bool,
    /// What "the bigger one" is of what was spoken of.
    pub sibling: Option<usize>,
    /// What products' titles and cells measure.
    pub products: &'a [Product],
    /// The place that the question names.
    pub place: Option<Place>,
    /// The day of the week that it speaks of, from Monday as 0.
    pub day: Option<usize>,
    /// The question says by which day.
    pub deadline: bool,
    /// The rules of delivery are worth asking.
    pub may_deliver: bool,
    /// Delivery was spoken of last: how long it takes, or what it costs.
    pub delivery_time: Option<bool>,
}

impl Known<'_> {
    /// Is it a product's own size?
    pub fn is_size(&self, product: usize, term: &str) -> bool {
        let size = self.products[product].attribute("size").unwrap_or_default();
        crate::knowledge::names::terms(size).iter().any(|word| word == term)
    }

    /// The quantities that stand in a product's title and its own size.
    pub fn measures(&self, product: usize) -> Vec<Quantity> {
        let product = &self.products[product];
        let size = product.attribute("size").unwrap_or_default();
        let mut found = self.attributes.quantities(&product.title);
        found.extend(self.attributes.quantities(size));
        found
    }
}
