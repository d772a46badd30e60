//! A file of the hub that `models.toml` does not list.

use std::fs;

use super::super::choice::{Choice, HubFile};
use super::super::digest::Sha256Sum;
use super::super::{ModelError, Origin, Receipt};
use super::fixture::{Fixture, names_in};
use super::hub_server::{Answer, HubServer};

const FOLDER: &str = "someone--tiny--main--q4";

/// The shortest file that says which family it belongs to, and some weight.
fn gguf(weight: usize) -> Vec<u8> {
    let text = |text: &str| [&(text.len() as u64).to_le_bytes(), text.as_bytes()].concat();
    let (version, tensors, values, is_text) = (3_u32, 0_u64, 1_u64, 8_u32);
    let mut bytes = b"GGUF".to_vec();
    bytes.extend(version.to_le_bytes());
    bytes.extend(tensors.to_le_bytes());
    bytes.extend(values.to_le_bytes());
    bytes.extend(text("general.architecture"));
    bytes.extend(is_text.to_le_bytes());
    bytes.extend(text("llama"));
    bytes.resize(bytes.len() + weight, 7);
    bytes
}

fn choice() -> Choice {
    "someone/tiny:q4/tiny.gguf".parse().unwrap()
}

fn hub_file() -> HubFile {
    let Choice::Hub(file) = choice() else { panic!("it is on the hub") };
    file
}

#[test]
fn what_comes_first_is_written_down_and_checked_ever_after() {
    let fixture = Fixture::new();
    let hub = HubServer::start(|_, _| Answer::Bytes(gguf(9), usize::MAX));
    let mut puller = fixture.puller(fixture.network(&hub.base, &[]));
    let path = puller.writer(&choice()).unwrap();
    assert_eq!(path, fixture.store.folder().join(FOLDER).join("tiny.gguf"));
    assert_eq!(fs::read(&path).unwrap(), gguf(9));
    let asked: Vec<String> = hub.asked().into_iter().map(|asked| asked.path).collect();
    assert!(asked.iter().all(|path| path == "/someone/tiny/resolve/main/q4/tiny.gguf"));
    assert_eq!(names_in(path.parent().unwrap()), ["tiny.gguf", "tiny.gguf.toml"]);

    let receipt = Receipt::find(&fixture.store, &hub_file()).unwrap().unwrap();
    let (size, sha256) = Sha256Sum::of(&gguf(9)[..]).unwrap();
    assert_eq!((receipt.size, receipt.sha256, &*receipt.architecture), (size, sha256, "llama"));
    assert!(fixture.said().contains(&sha256.to_string()), "{}", fixture.said());
    assert_eq!(Receipt::all(&fixture.store).len(), 1);

    // Without a network it is as good as a listed one, until somebody changes it.
    let mut offline = fixture.puller(Origin::Nowhere);
    assert_eq!(offline.writer(&choice()).unwrap(), path);
    fs::write(&path, gguf(10)).unwrap();
    let error = offline.writer(&choice()).unwrap_err();
    assert!(error.to_string().contains("bytes, expected"), "{error}");
    let mut changed = gguf(9);
    changed.reverse();
    fs::write(&path, changed).unwrap();
    assert!(offline.writer(&choice()).unwrap_err().to_string().contains("has sha256"));
    // What is wrong is only replaced by the very same file.
    assert!(puller.pull_chosen(&choice(), false).is_err());
    assert_eq!(puller.pull_chosen(&choice(), true).unwrap().fetched.len(), 1);
    assert_eq!(fs::read(&path).unwrap(), gguf(9));
}

#[test]
fn another_file_than_the_first_is_refused() {
    let fixture = Fixture::new();
    let mut weights = vec![gguf(9), gguf(9), gguf(10)].into_iter();
    let mut last = Vec::new();
    let answers = std::sync::Mutex::new(move || {
        last = weights.next().unwrap_or(std::mem::take(&mut last));
        last.clone()
    });
    let hub = HubServer::start(move |_, _| Answer::Bytes(answers.lock().unwrap()(), usize::MAX));
    let mut puller = fixture.puller(fixture.network(&hub.base, &[]));
    let path = puller.writer(&choice()).unwrap();
    fs::remove_file(&path).unwrap();
    let error = puller.writer(&choice()).unwrap_err().to_string();
    assert!(error.contains("expected"), "{error}");
    assert!(!path.exists());
}

#[test]
fn what_is_no_model_is_not_kept() {
    let fixture = Fixture::new();
    let page = b"<html>sign in to the wifi</html>".to_vec();
    let hub = HubServer::start(move |_, _| Answer::Whole(page.clone()));
    let mut puller = fixture.puller(fixture.network(&hub.base, &[]));
    let error = puller.writer(&choice()).unwrap_err().to_string();
    assert!(error.contains("someone/tiny:q4/tiny.gguf") && error.contains("no model"), "{error}");
    assert!(names_in(&fixture.store.folder().join(FOLDER)).is_empty());
}

#[test]
fn a_cut_download_goes_on_and_a_part_from_before_is_not_trusted() {
    let fixture = Fixture::new();
    let folder = fixture.store.folder().join(FOLDER);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("tiny.gguf.part"), vec![1; 40]).unwrap();
    let hub = HubServer::start(|number, _| match number {
        1 => Answer::Bytes(gguf(5_000), 3_000),
        _ => Answer::Bytes(gguf(5_000), usize::MAX),
    });
    let path = fixture.puller(fixture.network(&hub.base, &[])).writer(&choice()).unwrap();
    assert_eq!(fs::read(path).unwrap(), gguf(5_000));
    let starts: Vec<Option<usize>> = hub.asked().into_iter().map(|asked| asked.from).collect();
    assert_eq!(starts, [Some(0), None, Some(3_000)]);
}

#[test]
fn nowhere_the_hub_says_no_and_receipts_that_lie_are_errors_with_advice() {
    let fixture = Fixture::new();
    let error = fixture.puller(Origin::Nowhere).writer(&choice()).unwrap_err().to_string();
    assert!(error.contains("models pull"), "{error}");
    let folder = fixture.room.path().to_path_buf();
    let error = fixture.puller(Origin::Folder(folder)).writer(&choice()).unwrap_err().to_string();
    assert!(error.contains("its own path"), "{error}");
    let hub = HubServer::start(|_, _| Answer::Status("401 Unauthorized"));
    let mut puller = fixture.puller(fixture.network(&hub.base, &[]));
    let error = puller.writer(&choice()).unwrap_err().to_string();
    assert!(error.contains("401 Unauthorized"), "{error}");

    let good = HubServer::start(|_, _| Answer::Bytes(gguf(9), usize::MAX));
    fixture.puller(fixture.network(&good.base, &[])).writer(&choice()).unwrap();
    let receipt = fixture.store.folder().join(FOLDER).join("tiny.gguf.toml");
    let text = fs::read_to_string(&receipt).unwrap();
    for lie in [text.replace("q4/tiny.gguf", "../../tiny.gguf"), text.replace("size", "length")] {
        fs::write(&receipt, lie).unwrap();
        let error = fixture.puller(Origin::Nowhere).writer(&choice()).unwrap_err();
        assert!(matches!(error, ModelError::Receipt { .. }), "{error}");
        assert!(error.to_string().contains("remove it"), "{error}");
    }
}

#[test]
fn only_a_model_that_writes_can_be_the_writer_and_own_files_are_not_looked_at() {
    let fixture = Fixture::new();
    let mut puller = fixture.puller(Origin::Nowhere);
    let error = puller.writer(&"tiny".parse().unwrap()).unwrap_err().to_string();
    assert!(error.contains("tiny is the encoder"), "{error}");
    let unknown = puller.writer(&"gpt".parse().unwrap()).unwrap_err();
    assert!(matches!(unknown, ModelError::UnknownModel { .. }));
    let own: Choice = "/nowhere/own.gguf".parse().unwrap();
    assert_eq!(puller.writer(&own).unwrap(), std::path::Path::new("/nowhere/own.gguf"));
    assert!(puller.pull_chosen(&own, false).unwrap_err().to_string().contains("nothing to pull"));
}
