//! What an editor may change, and what they are told.

use std::path::Path;

use super::*;
use crate::domain::money::Money;
use crate::knowledge::folder;

fn demo() -> Catalogue {
    folder::load(Path::new("knowledge/demo")).expect("the demo shop").catalogue
}

fn fields(of: &[(&str, &str)]) -> Vec<Attribute> {
    of.iter().map(|(n, v)| Attribute { name: n.to_string(), value: v.to_string() }).collect()
}

/// A product's source with one column changed.
fn with(catalogue: &Catalogue, id: &str, column: &str, value: &str) -> Edit {
    let Some(Edit::Product { mut fields, new }) = source(catalogue, Kind::Product, id) else {
        panic!("there is {id}");
    };
    fields.retain(|field| field.name != column);
    fields.push(Attribute { name: column.into(), value: value.into() });
    Edit::Product { fields, new }
}

fn refused(edit: Edit) -> Remark {
    let mut remarks = apply(&demo(), &[edit]).expect_err("a mistake");
    assert_eq!(remarks.len(), 1, "{remarks:?}");
    remarks.remove(0)
}

#[test]
fn every_record_of_the_demo_shop_comes_back_unchanged_from_its_own_source() {
    let demo = demo();
    let listing = listing(1, &demo, "");
    assert!(listing.items.len() > 100 && listing.more == 0);
    for item in listing.items {
        let edit = source(&demo, item.kind, &item.id).expect("listed");
        let loaded = apply(&demo, &[edit]).unwrap_or_else(|r| panic!("{}: {r:?}", item.id));
        assert_eq!(loaded.warnings, []);
        assert!(loaded.catalogue == demo, "{} has changed", item.id);
    }
}

#[test]
fn a_sale_comes_back_with_its_moments() {
    let mut shop = demo();
    for (column, value) in [
        ("sale_price", "199"),
        ("sale_price_effective_date", "2026-11-20/2026-11-30"),
        ("title", "Tent &lt;b>2&lt;/b> &amp; more"),
    ] {
        let edit = with(&shop, "GG-1101", column, value);
        shop = apply(&shop, &[edit]).expect("a sale").catalogue;
        let again = source(&shop, Kind::Product, "GG-1101").expect("there");
        assert_eq!(apply(&shop, &[again]).expect("the same").catalogue, shop);
    }
    let tent = &shop.products[0];
    assert!(tent.sale_period.is_some() && tent.title == "Tent <b>2</b> & more", "{tent:?}");
}

#[test]
fn a_price_changes_in_its_place_and_nothing_else_does() {
    let demo = demo();
    let edited = apply(&demo, &[with(&demo, "GG-1101", "price", "€259")]).expect("a price");
    let price = Money::parse("259.00 EUR", None).ok();
    assert_eq!(edited.catalogue.products[0].price, price);
    let changes = Changes::between(&demo, &edited.catalogue);
    assert_eq!(
        changes.products.changed,
        changes::Few { count: 1, first: vec!["Ridge 2 Tent".into()] }
    );
    assert_eq!(changes.products.added.count + changes.products.removed.count, 0);
    assert_eq!((changes.pages, changes.faq, changes.shop), Default::default());
}

#[test]
fn a_mistake_is_told_as_an_import_tells_it() {
    let demo = demo();
    let bad = refused(with(&demo, "GG-1101", "price", "cheap"));
    assert_eq!(
        (bad.file.as_str(), bad.row, bad.field.as_deref()),
        ("GG-1101", None, Some("price"))
    );
    assert!(bad.message.contains("`cheap`"), "{bad}");
    let bad = refused(with(&demo, "GG-1101", "price", "249 USD"));
    assert!(bad.message.contains("EUR"), "{bad}");
    let bad = refused(with(&demo, "GG-1101", "availability", "maybe"));
    assert_eq!(bad.field.as_deref(), Some("availability"));
    let bad = refused(with(&demo, "GG-1101", "title", " "));
    assert_eq!(bad.field.as_deref(), Some("title"));
    let bad = refused(Edit::Product { fields: fields(&[("title", "A")]), new: true });
    assert_eq!(bad.field.as_deref(), Some("id"));
    let twice = fields(&[("id", "x"), ("title", "A"), ("Title", "B")]);
    assert_eq!(refused(Edit::Product { fields: twice, new: true }).field.as_deref(), Some("title"));
    let open =
        Edit::Page { id: "pages/returns.md".into(), text: "---\ntitle: A\n".into(), new: false };
    assert!(refused(open).message.contains("---"));
}

#[test]
fn what_visitors_must_not_hear_is_left_out_with_a_warning() {
    let demo = demo();
    let loaded = apply(&demo, &[with(&demo, "GG-1101", "cost", "100")]).expect("a product");
    assert_eq!(loaded.catalogue, demo);
    assert_eq!(loaded.warnings[0].field.as_deref(), Some("cost"));
    let sale = with(&demo, "GG-1101", "sale_price", "300");
    let loaded = apply(&demo, &[sale]).expect("a product");
    assert_eq!(loaded.catalogue, demo);
    assert_eq!(loaded.warnings[0].field.as_deref(), Some("sale_price"));
}

#[test]
fn pages_products_and_questions_are_added_and_removed() {
    let demo = demo();
    let page = Edit::Page {
        id: "pages/gift-wrap.md".into(),
        text: "# Gift wrap\nIt is free.".into(),
        new: true,
    };
    let product = Edit::Product {
        fields: fields(&[("id", "N-1"), ("title", "Lamp"), ("price", "9")]),
        new: true,
    };
    let faq =
        Edit::Faq { was: None, question: "Do you wrap?".into(), answer: "Yes.".into(), link: None };
    let added = apply(&demo, &[page, product, faq]).expect("all new").catalogue;
    assert_eq!(added.pages.last().expect("a page").title, "Gift wrap");
    let changes = Changes::between(&demo, &added);
    let counts = |c: &Changed| (c.added.count, c.changed.count, c.removed.count);
    assert_eq!(
        [counts(&changes.products), counts(&changes.pages), counts(&changes.faq)],
        [(1, 0, 0); 3]
    );
    let remove = |what, id: &str| Edit::Remove { what, id: id.into() };
    let removals = [
        remove(Kind::Page, "pages/gift-wrap.md"),
        remove(Kind::Product, "N-1"),
        remove(Kind::Faq, "Do you wrap?"),
    ];
    assert_eq!(apply(&added, &removals).expect("all there").catalogue, demo);
    assert!(refused(remove(Kind::Page, "pages/none.md")).message.contains("not there"));
}

#[test]
fn nothing_new_may_take_the_place_of_another() {
    let returns = Edit::Page { id: "pages/returns.md".into(), text: "x".into(), new: true };
    assert_eq!(refused(returns).field.as_deref(), Some("id"));
    let ridge = fields(&[("id", "GG-1101"), ("title", "Another")]);
    let bad = refused(Edit::Product { fields: ridge, new: true });
    assert!(bad.message.contains("Ridge 2 Tent"), "{bad}");
    let sundays = demo().faq[1].question.clone();
    let again = Edit::Faq { was: None, question: sundays, answer: "No.".into(), link: None };
    assert_eq!(refused(again).field.as_deref(), Some("question"));
    for id in ["pages/../x.md", "x.md", "pages/.md", "pages/a b.md", "pages/a.txt"] {
        let page = Edit::Page { id: id.into(), text: "x".into(), new: true };
        assert_eq!(refused(page).field.as_deref(), Some("id"), "{id}");
    }
}

#[test]
fn a_page_is_at_most_two_hundred_kilobytes() {
    let page = |bytes: usize| Edit::Page {
        id: "pages/long.md".into(),
        text: "a ".repeat(bytes / 2),
        new: true,
    };
    assert!(apply(&demo(), &[page(MAX_PAGE)]).is_ok());
    assert_eq!(refused(page(MAX_PAGE + 2)).field.as_deref(), Some("text"));
}

#[test]
fn items_are_found_by_all_words_of_their_names() {
    let demo = demo();
    let titles = |query: &str| -> Vec<String> {
        listing(1, &demo, query).items.into_iter().map(|item| item.title).collect()
    };
    assert_eq!(titles("tent RIDGE 2")[..2], ["Ridge 2 Tent", "Ridge 2 Light Tent"]);
    assert_eq!(titles("gg-1101"), ["Ridge 2 Tent"]);
    assert!(titles("returns").contains(&"Returns and exchanges".to_string()));
    assert!(titles("zzz").is_empty());
}
