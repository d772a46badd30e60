//! Products against each other: by what the question names, else by price and what else differs.

use super::{Found, Query};
use crate::answer::attributes::spoken;
use crate::answer::understand::cues::Rank;
use crate::answer::wording;
use crate::domain::money::Money;
use crate::domain::reply::Fact;

/// Differences told when the question names none.
const DIFFERENCES: usize = 3;
/// Columns in which products differ without any meaning to a visitor.
const SILENT: &[&str] = &["gtin", "mpn", "brand", "weight"];

impl Query<'_> {
    pub(super) fn compare(
        &self,
        products: &[usize],
        rank: Option<&Rank>,
        attribute: Option<&str>,
    ) -> Found {
        let column = rank
            .and_then(|rank| self.ranked_column(rank, products))
            .or_else(|| attribute.map(str::to_string))
            .or_else(|| {
                (self.question.cues.price || self.question.cues.how_much)
                    .then(|| "price".to_string())
            });
        let columns = column.map_or_else(|| self.differing(products), |column| vec![column]);
        let side_by_side = |column: &String| self.side_by_side(products, column, rank);
        let facts: Vec<Fact> = columns.iter().filter_map(side_by_side).take(DIFFERENCES).collect();
        if facts.is_empty() { Found::Nothing } else { Found::Facts(facts, products.to_vec()) }
    }

    /// The columns in which products differ, price and weight first.
    fn differing(&self, products: &[usize]) -> Vec<String> {
        let others = self.product(products[0]).attributes.iter().map(|a| a.name.clone());
        let others = others.filter(|name| !SILENT.contains(&name.as_str()));
        let columns = ["price", "weight"].map(String::from).into_iter().chain(others);
        columns
            .filter(|column| {
                let values: Vec<_> = products.iter().map(|p| self.value(*p, column)).collect();
                values.iter().all(Option::is_some) && values.iter().any(|v| *v != values[0])
            })
            .collect()
    }

    fn side_by_side(&self, products: &[usize], column: &str, rank: Option<&Rank>) -> Option<Fact> {
        let mut said = Vec::new();
        let mut keep = Vec::new();
        for product in products {
            let (name, value) = (self.the(*product), self.value(*product, column)?);
            said.push(match column {
                "price" => format!("{name} costs {value}"),
                "weight" => format!("{name} weighs {value}"),
                "material" => format!("{name} is made of {value}"),
                column => format!("the {} of {name} is {value}", spoken(column)),
            });
            keep.push(value);
        }
        let said = wording::capitalised(&wording::list(&said, "and"));
        let text = match self.verdict(products, column, rank) {
            Some(verdict) => format!("{said}, so {verdict}."),
            None => format!("{said}."),
        };
        let sources = products.iter().map(|p| self.source(*p)).collect();
        Some(Fact { keep, sources, ..self.fact(text) })
    }

    /// "the Ridge 2 is €50.00 cheaper", where prices or weights stand side by side.
    fn verdict(&self, products: &[usize], column: &str, rank: Option<&Rank>) -> Option<String> {
        let numbers: Option<Vec<f64>> = products.iter().map(|p| self.number(*p, column)).collect();
        let numbers = numbers?;
        if numbers.iter().all(|n| *n == numbers[0]) {
            return Some("there is no difference".into());
        }
        let most = rank.is_some_and(|rank| rank.most);
        let order = |a: &usize, b: &usize| numbers[*a].total_cmp(&numbers[*b]);
        let places = 0..numbers.len();
        let winner = if most { places.max_by(order)? } else { places.min_by(order)? };
        let name = self.the(products[winner]);
        let two = products.len() == 2;
        let column = if column.ends_with("weight") { "weight" } else { column };
        let degree = match (column, most, two) {
            ("price", _, true) => {
                let price = self.product(products[0]).price_at(self.question.at)?;
                let gap = (numbers[0] - numbers[1]).abs().round() as i64;
                let gap = Money { minor: gap, ..price }.format(self.locale());
                format!("{gap} {}", if most { "more expensive" } else { "cheaper" })
            }
            ("price", false, false) => "the cheapest".into(),
            ("price", true, false) => "the most expensive".into(),
            ("weight", _, true) => {
                let gap = grams((numbers[0] - numbers[1]).abs());
                format!("{gap} {}", if most { "heavier" } else { "lighter" })
            }
            ("weight", false, false) => "the lightest".into(),
            ("weight", true, false) => "the heaviest".into(),
            _ => return None,
        };
        Some(format!("{name} is {degree}"))
    }

    /// The first column that a ranking names and that most of the products have numbers in.
    pub(super) fn ranked_column(&self, rank: &Rank, products: &[usize]) -> Option<String> {
        let columns = rank.by.iter().flat_map(|by| match by.as_str() {
            "price" => vec!["price".to_string()],
            by => self.attributes.columns(by).cloned().collect(),
        });
        let filled = |column: &String| {
            let with = products.iter().filter(|p| self.number(**p, column).is_some()).count();
            with * 2 > products.len().min(2)
        };
        columns.into_iter().find(filled)
    }
}

/// Millionths of grams as they are said: "300 g", "1.7 kg".
fn grams(millionths: f64) -> String {
    let grams = millionths / 1e6;
    if grams >= 1_000.0 {
        let kilos = format!("{:.2}", grams / 1_000.0);
        return format!("{} kg", kilos.trim_end_matches('0').trim_end_matches('.'));
    }
    format!("{} g", grams.round())
}

#[cfg(test)]
mod tests {
    use super::grams;

    #[test]
    fn gaps_in_weight_are_said_in_the_unit_that_reads_best() {
        assert_eq!(grams(300e6), "300 g");
        assert_eq!(grams(1_700e6), "1.7 kg");
        assert_eq!(grams(9_000e6), "9 kg");
    }
}
