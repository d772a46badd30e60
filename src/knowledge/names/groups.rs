//! Which products are variants of one model: those the feed groups, and, where it groups none, those
//! whose titles differ in their own colour, size or the like and in nothing else.

use std::collections::{HashMap, HashSet};

use super::terms;
use crate::knowledge::catalogue::Product;

/// Columns in which variants of one model differ.
pub const VARIANT_COLUMNS: &[&str] = &["color", "size", "gender", "pattern", "flavour"];

/// The model of each product, if it has more than one variant or the feed names it.
pub(super) fn of(products: &[Product]) -> Vec<Option<String>> {
    let learned: Vec<String> = products.iter().map(model).collect();
    let mut members: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, model) in learned.iter().enumerate() {
        if products[at].item_group_id.is_none() {
            members.entry(model).or_default().push(at);
        }
    }
    let varies = |ats: &[usize]| {
        let own: HashSet<Vec<Option<&str>>> = ats.iter().map(|at| values(&products[*at])).collect();
        ats.len() > 1 && own.len() == ats.len()
    };
    (0..products.len())
        .map(|at| {
            let given = products[at].item_group_id.clone();
            given.or_else(|| {
                let fellows = members.get(learned[at].as_str())?;
                varies(fellows).then(|| format!("like {}", learned[at]))
            })
        })
        .collect()
}

fn values(product: &Product) -> Vec<Option<&str>> {
    VARIANT_COLUMNS.iter().map(|column| product.attribute(column)).collect()
}

/// A title without the words of its own colour, size and the like.
fn model(product: &Product) -> String {
    let own: HashSet<String> = values(product).into_iter().flatten().flat_map(terms).collect();
    let mut title = terms(&product.title);
    title.retain(|term| !own.contains(term));
    format!("{} {}", product.product_type.to_lowercase(), title.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::catalogue::Attribute;

    fn product(title: &str, size: &str, group: Option<&str>) -> Product {
        let size = Attribute { name: "size".into(), value: size.into() };
        Product {
            title: title.into(),
            item_group_id: group.map(String::from),
            attributes: vec![size],
            ..Product::default()
        }
    }

    #[test]
    fn titles_that_differ_in_their_size_alone_are_one_model() {
        let groups = of(&[
            product("Alder Clog, 38", "38", None),
            product("Alder Clog, 39", "39", None),
            product("Birch Clog, 39", "39", None),
            product("Birch Boot, 39", "39", Some("BIRCH")),
        ]);
        assert!(groups[0].is_some() && groups[0] == groups[1]);
        assert_eq!(groups[2..], [None, Some("BIRCH".to_string())]);
    }

    #[test]
    fn the_same_thing_twice_is_no_choice() {
        let groups = of(&[product("Alder Clog", "38", None), product("Alder Clog", "38", None)]);
        assert_eq!(groups, [None, None]);
    }
}
