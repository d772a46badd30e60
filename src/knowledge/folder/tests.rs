//! What owners write, and what they are told about it.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::domain::hours::Opening;
use crate::domain::money::Money;
use crate::domain::time::Instant;
use crate::knowledge::catalogue::Availability;

const SHOP: &str = "name = \"A\"\ncurrency = \"EUR\"\nlocale = \"en-IE\"\ntime_zone = \"Europe/Dublin\"\n[hours]\nmon = \"9:00-17:00\"\n";

fn minimal() -> PathBuf {
    PathBuf::from("tests/fixtures/shops/minimal")
}

/// A folder with a valid `shop.toml` and these files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("temporary folder");
    fs::write(dir.path().join("shop.toml"), SHOP).expect("written");
    for (name, text) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().expect("in the folder")).expect("created");
        fs::write(path, text).expect("written");
    }
    dir
}

fn loaded(files: &[(&str, &str)]) -> Loaded {
    load(folder(files).path()).unwrap_or_else(|error| panic!("{error}"))
}

fn refused(files: &[(&str, &str)]) -> String {
    load(folder(files).path()).expect_err("a problem").to_string()
}

fn euros(text: &str) -> Option<Money> {
    Some(Money::parse(text, "EUR".parse().ok()).expect("money"))
}

#[test]
fn a_shop_folder_is_read_as_its_owner_wrote_it() {
    let Loaded { catalogue, warnings } = load(&minimal()).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(warnings, []);
    assert_eq!(
        catalogue.shop.hours[0],
        [Opening { from: 540, to: 750 }, Opening { from: 810, to: 1080 }]
    );
    assert!(catalogue.shop.hours[6].is_empty());
    let keys: Vec<&str> = catalogue.shop.contact.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys, ["url", "email", "phone", "address"]);

    let fjord = &catalogue.products[0];
    assert_eq!((fjord.price, fjord.sale_price), (euros("249"), euros("199")));
    assert_eq!(fjord.attribute("water_column"), Some("3000 mm"));
    assert_eq!(catalogue.products[1].price, euros("399"));
    assert_eq!(catalogue.products[1].availability, Some(Availability::OutOfStock));
    let ember = &catalogue.products[2];
    assert_eq!(
        ember.description,
        "Down sleeping bag, comfortable to -5 °C.\n650 fill power\nTwo-way zip"
    );
    assert_eq!(ember.link.as_deref(), Some("https://tarn-trail.example/ember"));
    assert_eq!(ember.attribute("gtin"), None);

    assert_eq!(catalogue.pages[0].title, "Delivery");
    assert_eq!(catalogue.pages[1].title, "Returns");
    assert_eq!(catalogue.faq.len(), 3);
    assert_eq!(catalogue.intents[0].name, "gift_wrapping");
}

#[test]
fn tables_say_the_same_in_every_format() {
    let comma = "id,title,price,g:Item-Group ID\n1,\"Tent, small\",49.90 EUR,T\n";
    let expected = loaded(&[("products.csv", comma)]).catalogue.products;
    assert_eq!(expected[0].item_group_id.as_deref(), Some("T"));
    for (name, text) in [
        ("products.csv", "\u{feff}id;title;price;item_group_id\r\n1;Tent, small;49,90 €;T\r\n"),
        ("Products.CSV", "sep=;\nid;title;price;item_group_id\n1;Tent, small;49,90 €;T\n"),
        ("products.tsv", "id\ttitle\tprice\titem group id\n1\tTent, small\t49.90 EUR\tT\n"),
        (
            "products.jsonl",
            "{\"id\":1,\"title\":\"Tent, small\",\"price\":49.9,\"item_group_id\":\"T\",\"brand\":null}\n\n",
        ),
    ] {
        assert_eq!(loaded(&[(name, text)]).catalogue.products, expected, "{text}");
    }
}

#[test]
fn every_problem_is_told_with_its_file_row_and_field() {
    let products = "id,title,price,availability\n1,Tent,free,\n\n,Bag,9,\n3,,9,\n1,Tent,12 USD,\n3,Mat,9,maybe\n4,Mug,5,,stray\n";
    let told = refused(&[("products.csv", products), ("faq.csv", "question,answer\nWhy?,\n")]);
    for line in [
        "products.csv, row 2, price: `free` is not an amount of money; write it like `129.00 EUR`",
        "products.csv, row 4, id: this is empty",
        "products.csv, row 5, title: this is empty",
        "products.csv, row 6, price: 12.00 USD is not in EUR",
        "products.csv, row 7, availability: `maybe` is not an availability",
        "products.csv, row 8: this row has 5 cells and the first row names 4",
        "faq.csv, row 2, answer: this is empty",
    ] {
        assert!(told.contains(line), "{line}\n--\n{told}");
    }
}

#[test]
fn ids_must_differ_and_long_lists_of_problems_are_cut() {
    let twice = "id,title\n1,A\n2,B\n1,C\n";
    assert!(
        refused(&[("products.csv", twice)])
            .contains("products.csv, row 4, id: `1` is also the id of row 2")
    );
    let many = format!("id,title\n{}", ",A\n".repeat(50));
    let Err(FolderError::Problems { problems, total }) =
        load(folder(&[("products.csv", &many)]).path())
    else {
        panic!("50 problems");
    };
    assert_eq!((problems.len(), total), (20, 50));
}

#[test]
fn a_missing_column_is_told_with_those_that_are_there() {
    let told = refused(&[("products.csv", "sku,title\n1,A\n")]);
    assert!(
        told.contains(
            "products.csv, row 1, id: there is no such column; the first row names `sku`, `title`"
        ),
        "{told}"
    );
    assert!(refused(&[("products.csv", "")]).contains("products.csv: empty"));
    assert!(
        refused(&[("products.csv", "id,title,color,Color\n")])
            .contains("two columns have this name")
    );
}

#[test]
fn a_sale_that_is_no_sale_is_a_warning() {
    let read = loaded(&[("products.csv", "id,title,price,sale_price\n1,A,10,12\n2,B,,5\n")]);
    assert_eq!(
        (read.catalogue.products[0].sale_price, read.catalogue.products[1].price),
        (None, euros("5"))
    );
    let told: Vec<String> = read.warnings.iter().map(Remark::to_string).collect();
    assert_eq!(
        told[0],
        "products.csv, row 2, sale_price: 12.00 EUR is not lower than the price, 10.00 EUR; ignored"
    );
    assert_eq!(told.len(), 2);
}

#[test]
fn an_ended_sale_is_not_quoted() {
    let header = "id,title,price,sale_price,sale_price_effective_date\n";
    let row =
        "1,A,10,8,2026-11-20T09:00+0100/2026-11-30T18:00+0100\n2,B,10,8,2026-11-20/2026-11-30\n";
    let read = loaded(&[("products.csv", &format!("{header}{row}"))]);
    let at =
        |stamp: &str| Instant(stamp.parse::<jiff::Timestamp>().expect("valid").as_millisecond());
    let price = |product: usize, stamp| read.catalogue.products[product].price_at(at(stamp));
    assert_eq!(price(0, "2026-11-20T08:00:00Z"), euros("8"));
    assert_eq!(price(0, "2026-11-30T17:00:00Z"), euros("10"));
    assert_eq!(price(1, "2026-11-30T23:59:59Z"), euros("8"));
    assert_eq!(price(1, "2026-12-01T00:00:00Z"), euros("10"));
    let bad = format!("{header}1,A,10,8,until Friday\n");
    assert!(
        refused(&[("products.csv", &bad)])
            .contains("row 2, sale_price_effective_date: `until Friday`")
    );
}

#[test]
fn only_one_product_file_can_be_right() {
    let told = refused(&[("products.csv", "id,title\n"), ("products.tsv", "id\ttitle\n")]);
    assert!(told.contains("products.csv: there is also products.tsv; keep one"), "{told}");
}

#[test]
fn a_service_business_has_no_products() {
    let read = loaded(&[]);
    assert!(read.catalogue.products.is_empty() && read.warnings.is_empty());
}

#[test]
fn the_shops_to_copy_from_are_read_without_a_warning() {
    for (dir, sells) in [("knowledge/demo", true), ("knowledge/practice", false)] {
        let read = load(Path::new(dir)).unwrap_or_else(|error| panic!("{dir}: {error}"));
        assert_eq!(read.warnings, [], "{dir}");
        assert_eq!(!read.catalogue.products.is_empty(), sells, "{dir}");
        assert!(!read.catalogue.pages.is_empty() && !read.catalogue.faq.is_empty(), "{dir}");
    }
}

#[test]
fn the_settings_of_a_shop_are_told_by_line_and_key() {
    let shop = "name = \"A\"\ncurrency = \"euros\"\nlocale = \"english\"\ntime_zone = \"Dublin\"\nvat = 23\n[hours]\nmon = [\"9-5\"]\nemail = \"a@b.example\"\n";
    let told = refused(&[("shop.toml", shop)]);
    for line in [
        "shop.toml, row 2, currency: `euros` is not a currency",
        "shop.toml, row 3, locale: `english` is not a locale",
        "shop.toml, row 4, time_zone: `Dublin` is not a known time zone",
        "shop.toml, row 5, vat: unknown",
        "shop.toml, row 7, mon: `9-5` are not opening hours",
        "shop.toml, row 8, email: not a day",
    ] {
        assert!(told.contains(line), "{line}\n--\n{told}");
    }
    assert!(refused(&[("shop.toml", "name = A\n")]).contains("shop.toml, row 1: not TOML"));
    assert!(
        refused(&[("shop.toml", "currency = \"EUR\"\n")])
            .contains("shop.toml, name: missing; write name = ")
    );
}

#[test]
fn other_encodings_are_named_with_their_line() {
    let dir = folder(&[]);
    fs::write(dir.path().join("products.csv"), b"id,title\n1,Caf\xe9\n").expect("written");
    let told = load(dir.path()).expect_err("not UTF-8").to_string();
    assert!(told.contains("products.csv: line 2 is not UTF-8; save"), "{told}");
    fs::write(dir.path().join("products.csv"), b"\xff\xfei\0d\0").expect("written");
    assert!(load(dir.path()).expect_err("UTF-16").to_string().contains("this is UTF-16"));
}

#[cfg(unix)]
#[test]
fn links_out_of_the_folder_are_not_followed() {
    let outside = tempfile::tempdir().expect("temporary folder");
    fs::write(outside.path().join("secret.csv"), "id,title\n1,Secret\n").expect("written");
    let dir = folder(&[]);
    let link = dir.path().join("products.csv");
    std::os::unix::fs::symlink(outside.path().join("secret.csv"), &link).expect("linked");
    assert!(
        load(dir.path()).expect_err("outside").to_string().contains("link out of the shop folder")
    );
    fs::remove_file(&link).expect("removed");
    std::os::unix::fs::symlink(outside.path(), dir.path().join("pages")).expect("linked");
    assert!(
        load(dir.path()).expect_err("outside").to_string().contains("pages: this is a link out")
    );
}

#[test]
fn long_cells_are_refused_and_unread_files_are_named() {
    let long = format!("id,title\n1,\"{}\n", "x".repeat(20_001));
    assert!(refused(&[("products.csv", &long)]).contains("row 2, title: 20001 bytes long"));
    let read =
        loaded(&[("product.csv", "id,title\n"), ("pages/a.txt", "x"), ("golden.jsonl", "{}")]);
    let files: Vec<&str> = read.warnings.iter().map(|w| w.file.as_str()).collect();
    assert_eq!(files, ["product.csv", "pages/a.txt"]);
}

#[test]
fn what_is_no_web_address_does_not_become_a_link() {
    let read = loaded(&[("products.csv", "id,title,link\n1,A,javascript:alert(1)\n2,B,/b\n")]);
    assert_eq!(
        (&read.catalogue.products[0].link, &read.catalogue.products[1].link),
        (&None, &None)
    );
    assert_eq!(read.warnings.len(), 2);
}

#[test]
fn what_a_shop_keeps_for_itself_is_left_out() {
    let table = "id,title,cost of goods sold,brand,custom_label_0\n1,A,3,B,x\n2,C,4,D,y\n";
    let read = loaded(&[("products.csv", table)]);
    let names: Vec<&str> = read
        .catalogue
        .products
        .iter()
        .flat_map(|p| &p.attributes)
        .map(|a| a.name.as_str())
        .collect();
    assert_eq!((names, read.warnings.len()), (vec!["brand", "brand"], 2));
}

#[test]
fn an_intent_needs_examples() {
    assert!(
        refused(&[("intents/a.toml", "name = \"a\"\n")])
            .contains("intents/a.toml, utterances: no examples")
    );
    assert!(
        refused(&[("intents/a.toml", "name = \"a\"\nexample = 1\n")])
            .contains("row 2, example: unknown")
    );
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 200, failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_text_makes_the_loader_panic(
        table in "([\\PC\n\r\t\",;<>&]|id|title|price|[0-9]+){0,60}",
        page in "([\\PC\n\t#*|>-]|---\n|- |1\\. |~~|<br>|:\n\n){0,60}",
        settings in "([\\PC\n=\"\\[\\]]|name|hours|mon){0,40}",
        bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..80),
    ) {
        let csv = format!("id,title,price,sale_price\n{table}");
        let dir = folder(&[("products.csv", &csv), ("faq.tsv", &table), ("pages/a.md", &page)]);
        let _ = load(dir.path());
        fs::rename(dir.path().join("products.csv"), dir.path().join("products.jsonl")).expect("renamed");
        fs::write(dir.path().join("shop.toml"), &settings).expect("written");
        fs::write(dir.path().join("pages/b.md"), &bytes).expect("written");
        let _ = load(dir.path());
    }
}

/// 1,076 products as a real shop exported them, 416 with a bare price and the rest with none.
#[test]
fn a_real_feed_is_read_whole() {
    let Some(data) = std::env::var_os("FLOORWALKER_EVAL_DATA") else {
        eprintln!("skipped: FLOORWALKER_EVAL_DATA is not set");
        return;
    };
    let dir = folder(&[]);
    let feed = Path::new(&data).join("retrieval/abt-buy/abt_feed.csv");
    fs::copy(feed, dir.path().join("products.csv")).expect("copied");
    let read = load(dir.path()).unwrap_or_else(|error| panic!("{error}"));
    let priced = read.catalogue.products.iter().filter(|product| product.price.is_some());
    assert_eq!((read.catalogue.products.len(), priced.count()), (1_076, 416));
    assert_eq!(read.warnings, []);
}
