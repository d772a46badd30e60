//! What a person sees while models are fetched: bars on a terminal, plain lines elsewhere.
//!
//! Everything goes to standard error, so that `--json` on standard output stays clean. Nothing is decided
//! here.

use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

const BAR: &str =
    "{msg:32!} {bar:24} {decimal_bytes:>10} of {decimal_total_bytes} {decimal_bytes_per_sec}";
const SPINNER: &str = "{msg:32!} {spinner} {decimal_bytes} {elapsed}";

/// A download of which nothing was said for so long gets a line.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// Where progress is shown.
pub struct Progress(Kind);

enum Kind {
    Bars(MultiProgress),
    Lines(Mutex<Box<dyn Write + Send>>),
    Silent,
}

impl Progress {
    /// Bars if standard error is a terminal, else lines on it.
    pub fn on_stderr() -> Self {
        match io::stderr().is_terminal() {
            true => Self(Kind::Bars(MultiProgress::new())),
            false => Self::lines(io::stderr()),
        }
    }

    /// Plain lines.
    pub fn lines(to: impl Write + Send + 'static) -> Self {
        Self(Kind::Lines(Mutex::new(Box::new(to))))
    }

    /// Nothing at all.
    pub fn silent() -> Self {
        Self(Kind::Silent)
    }

    /// One line, above any bar. A closed pipe is no reason to stop a download.
    pub fn say(&self, line: &str) {
        match &self.0 {
            Kind::Bars(bars) => bars.println(line).unwrap_or_default(),
            Kind::Lines(to) => {
                let mut to = to.lock().unwrap_or_else(PoisonError::into_inner);
                writeln!(to, "{line}").unwrap_or_default();
            }
            Kind::Silent => {}
        }
    }

    /// Begins to follow something of `total` bytes, if that is known.
    pub fn meter(&self, label: String, total: Option<u64>) -> Meter<'_> {
        let bar = match &self.0 {
            Kind::Bars(bars) => bars.add(bar(&label, total)),
            Kind::Lines(_) | Kind::Silent => ProgressBar::hidden(),
        };
        Meter { progress: self, label, total, bar, at: 0, said: Instant::now() }
    }
}

fn bar(label: &str, total: Option<u64>) -> ProgressBar {
    let (bar, template) = match total {
        Some(total) => (ProgressBar::new(total), BAR),
        None => (ProgressBar::no_length(), SPINNER),
    };
    let style = ProgressStyle::with_template(template);
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_message(label.to_string());
    bar
}

/// One thing being fetched; its bar goes when it is dropped.
pub struct Meter<'a> {
    progress: &'a Progress,
    label: String,
    total: Option<u64>,
    bar: ProgressBar,
    at: u64,
    said: Instant,
}

impl Meter<'_> {
    /// This many bytes are there by now.
    pub fn at(&mut self, bytes: u64) {
        self.at = bytes;
        self.bar.set_position(bytes);
        if self.said.elapsed() < LINE_EVERY {
            return;
        }
        self.said = Instant::now();
        if matches!(self.progress.0, Kind::Lines(_)) {
            let of = self.total.map(|total| format!(" of {}", megabytes(total)));
            let of = of.unwrap_or_default();
            self.progress.say(&format!("{}: {}{of}", self.label, megabytes(bytes)));
        }
    }

    /// So many bytes more.
    pub fn add(&mut self, bytes: u64) {
        self.at(self.at + bytes);
    }
}

impl Drop for Meter<'_> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// `98.4 MB`: in powers of ten, as the hub's pages and package indexes write it.
pub fn megabytes(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}
