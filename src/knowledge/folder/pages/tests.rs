//! What a page becomes.

use super::sections;

fn blocks(markdown: &str) -> Vec<(String, Vec<String>)> {
    sections::read(markdown).into_iter().map(|section| (section.heading, section.blocks)).collect()
}

fn only(markdown: &str) -> Vec<String> {
    blocks(markdown).into_iter().flat_map(|(_, blocks)| blocks).collect()
}

#[test]
fn sections_carry_the_headings_above_them() {
    let read = blocks(
        "Intro.\n\n# Returns\n\n## How long\n\nThirty days.\n\n### Sale\nTen.\n\n## Where\nHere.",
    );
    let headings: Vec<&str> = read.iter().map(|(heading, _)| heading.as_str()).collect();
    assert_eq!(
        headings,
        ["", "Returns > How long", "Returns > How long > Sale", "Returns > Where"]
    );
    assert_eq!(read[1].1, ["Thirty days."]);
}

#[test]
fn a_table_row_stands_on_its_own() {
    let table =
        "| Country | Time: | |\n|---|---|---|\n| Ireland | 2 **days** | by bike |\n| UK | | |\n";
    assert_eq!(only(table), ["Country: Ireland; Time: 2 days; by bike", "Country: UK"]);
}

#[test]
fn a_list_item_carries_what_led_to_it() {
    let list = "We ship daily. Delivery takes:\n\n- two days to Ireland\n- UK\n  - 3 days by post\n  - 1 day by courier\n";
    assert_eq!(
        only(list),
        [
            "We ship daily.",
            "Delivery takes: two days to Ireland",
            "Delivery takes: UK: 3 days by post",
            "Delivery takes: UK: 1 day by courier",
        ]
    );
    assert_eq!(
        only("Text.\n\n1. One.\n   - Inner\n2. Two\n\n   more"),
        ["Text.", "One.", "Inner", "Two more"]
    );
    assert_eq!(only("Alone:\n\nNo list."), ["Alone:", "No list."]);
}

#[test]
fn markup_is_gone_and_struck_prices_are_not_said() {
    let text = "Now ~~€49~~ **€39** at [our shop](https://a.example) ![tent](t.png) `now`<br>in\nDublin &amp; Cork\n\n<div>Open <b>daily</b></div>";
    assert_eq!(only(text), ["Now €39 at our shop now in Dublin & Cork", "Open daily"]);
}

#[test]
fn a_page_without_a_title_is_called_by_its_file() {
    assert_eq!(super::title_of("pages/shipping-costs.md"), "Shipping costs");
}
