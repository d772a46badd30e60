//! The real models over the real network. Ask for it: `cargo test --lib models:: -- --ignored --nocapture`.

use std::time::Instant;

use tempfile::TempDir;

use super::super::{Catalogue, Network, Origin, Progress, Puller, Purpose, Store};

#[test]
#[ignore = "downloads 180 MB"]
fn both_models_can_be_had_by_a_machine_that_has_neither() {
    let room = TempDir::new().unwrap();
    let catalogue = Catalogue::embedded().unwrap();
    let store = Store::at(room.path());
    let mut network = Network::new(&catalogue);
    network.hub = std::env::var("FLOORWALKER_HUB").unwrap_or(network.hub);
    let progress = Progress::lines(std::io::stderr());
    let mut puller = Puller::new(catalogue, store, Origin::Network(network), progress);
    for purpose in [Purpose::Encoder, Purpose::Writer] {
        let start = Instant::now();
        let files = puller.ensure(purpose).unwrap();
        eprintln!("{purpose} {} in {:.2?}", files.model().name, start.elapsed());
    }
    let start = Instant::now();
    let again = puller.ensure_each([Purpose::Encoder, Purpose::Writer]);
    assert!(again.iter().all(Result::is_ok));
    eprintln!("both once more in {:.2?}", start.elapsed());
}
