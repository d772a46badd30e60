//! Versions and who hears which, without models: what is found is found by words.

use std::path::Path;
use std::time::Duration;

use floorwalker_engine::{Models, Options};
use tempfile::TempDir;

use super::*;
use crate::domain::reply::Context;
use crate::knowledge::catalogue::Attribute;
use crate::knowledge::{folder, versions};

async fn shelf() -> (TempDir, Shelf) {
    let dir = tempfile::tempdir().expect("temp dir");
    let store = Store::open(dir.path()).expect("opens");
    let demo = folder::load(Path::new("knowledge/demo")).expect("the demo shop").catalogue;
    let version = versions::add(&store, &demo).await.expect("stored");
    let none = Models { encoder: Err("none".into()), writer: Err("none".into()) };
    let engine = Engine::start(&none, &Options::default());
    let shelf = Shelf::open(store, engine, (version, demo), |_, _| {}).await.expect("prepared");
    (dir, shelf)
}

fn word(base: u64) -> Word {
    Word { base, by: "cleo".into(), note: "why not".into() }
}

fn priced(shelf: &Shelf, price: &str) -> Edit {
    let Some((_, Edit::Product { mut fields, new })) = shelf.item(Kind::Product, "GG-1101") else {
        panic!("there is a tent");
    };
    fields.retain(|field| field.name != "price");
    fields.push(Attribute { name: "price".into(), value: price.into() });
    Edit::Product { fields, new }
}

async fn price(answerer: &Answerer) -> (u64, String) {
    let asked = ["How much is the Ridge 2 Tent?".to_string()];
    let plan = answerer.plan(&asked, &Context::default(), Instant::now()).await.plan;
    (plan.knowledge, plan.facts[0].text.clone())
}

#[tokio::test]
async fn a_reply_keeps_the_version_it_began_with() {
    let (_dir, shelf) = shelf().await;
    let begun = shelf.answerer().pinned();
    let edit = priced(&shelf, "259 EUR");
    let published = shelf.publish(vec![edit], word(1)).await.expect("published");
    assert_eq!((published.version, shelf.version()), (2, 2));
    let (version, text) = price(&begun).await;
    assert!(version == 1 && text.contains("€249.00"), "{text}");
    let (version, text) = price(shelf.answerer()).await;
    assert!(version == 2 && text.contains("€259.00"), "{text}");
}

#[tokio::test]
async fn a_publication_goes_on_when_its_caller_goes_away() {
    let (_dir, shelf) = shelf().await;
    let edit = priced(&shelf, "259 EUR");
    let begun = shelf.publish(vec![edit], word(1));
    assert!(tokio::time::timeout(Duration::ZERO, begun).await.is_err(), "it takes a moment");
    // Whoever comes next waits for the one under way.
    let late = shelf.publish(vec![priced(&shelf, "269 EUR")], word(1)).await;
    let Err(ShelfError::Publish(PublishError::Meanwhile { by, newest: 2 })) = late else {
        panic!("{late:?}");
    };
    assert_eq!(by.as_deref(), Some("cleo"));
    assert!(price(shelf.answerer()).await.1.contains("€259.00"));
}

#[tokio::test]
async fn an_older_version_never_takes_the_place_of_a_newer() {
    let (_dir, shelf) = shelf().await;
    let older = shelf.answerer().pinned();
    shelf.publish(vec![priced(&shelf, "259 EUR")], word(1)).await.expect("published");
    shelf.answerer().switch(&older);
    assert_eq!(shelf.version(), 2);
}

#[tokio::test]
async fn rolling_back_twice_is_back_where_one_was() {
    let (_dir, shelf) = shelf().await;
    shelf.publish(vec![priced(&shelf, "259 EUR")], word(1)).await.expect("published");
    shelf.roll_back(1, word(2)).await.expect("back");
    assert!(price(shelf.answerer()).await.1.contains("€249.00"));
    let same = shelf.roll_back(1, word(3)).await.expect_err("it is that already");
    assert!(matches!(same, ShelfError::Unchanged), "{same}");
    shelf.roll_back(2, word(3)).await.expect("forth");
    assert!(price(shelf.answerer()).await.1.contains("€259.00"));
    let listed = history::list(&shelf.store, 10).await.expect("listed");
    let bases: Vec<_> = listed.iter().map(|version| (version.version, version.base)).collect();
    assert_eq!(bases, [(4, Some(3)), (3, Some(2)), (2, Some(1)), (1, None)]);
}
