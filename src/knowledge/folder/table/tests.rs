//! Rows and their numbers.

use super::*;

fn rows(file: &str, text: &str) -> Vec<(u64, Vec<(String, String)>)> {
    let mut rows = Vec::new();
    read(file, text, &[], &mut Findings::default(), &mut |row, _| {
        let cells = row.cells.iter().map(|(name, value)| (name.to_string(), value.to_string()));
        rows.push((row.number, cells.collect()));
    });
    rows
}

fn numbers(text: &str) -> Vec<u64> {
    rows("a.csv", text).into_iter().map(|(number, _)| number).collect()
}

#[test]
fn rows_are_numbered_as_a_spreadsheet_shows_them() {
    assert_eq!(numbers("id,t\n1,a\n2,b\n"), [2, 3]);
    assert_eq!(numbers("id,t\n1,\"two\nlines\"\n2,b"), [2, 3]);
    assert_eq!(numbers("id,t\n\n1,a\n\n\n2,b\n"), [3, 6]);
    assert_eq!(numbers("id,t\r\n1,a\r\n\r\n2,b\r\n"), [2, 4]);
    assert_eq!(numbers("\nid,t\n1,a\n,\n  \n2,b\n"), [3, 6]);
    assert_eq!(numbers("id,t\r1,a\r\r2,b\r"), [2, 4]);
}

#[test]
fn an_inch_is_not_a_quotation_mark_in_tabbed_text() {
    let read = rows("a.tsv", "id\ttitle\n1\t\"Tent 10\" wide\n2\t\"so called \"\"tent\"\"\"\n");
    assert_eq!(read[0].1[1].1, "\"Tent 10\" wide");
    assert_eq!(read[1].1[1].1, "so called \"tent\"");
    let quoted = rows("a.tsv", "id\ttitle\n1\t\"two\nlines\"\n");
    assert_eq!(quoted[0].1[1].1, "two\nlines");
}

#[test]
fn names_of_columns_have_one_form() {
    for name in ["Image Link", "g:image_link", " image-link ", "\u{feff}IMAGE LINK"] {
        assert_eq!(normal_name(name), "image_link");
    }
}

#[test]
fn json_keeps_its_order_and_joins_lists() {
    let read =
        rows("a.jsonl", "{\"z\": 1, \"a\": [\"x\", 2], \"e\": \"\", \"n\": null}\n\n{\"b\": true}");
    assert_eq!(read[0].1, [("z".into(), "1".into()), ("a".into(), "x, 2".into())]);
    assert_eq!(read[1].0, 3);
}
