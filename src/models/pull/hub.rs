//! Files from the model hub over HTTPS, with resume.
//!
//! What has arrived stays in `<file>.part`, also between runs, and the next attempt asks for the rest. The
//! part is worth nothing until its sha256 is right. A hub that does not answer is asked once in a run.

use std::error::Error;
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::ops::Range;
use std::path::Path;

use reqwest::StatusCode;
use reqwest::blocking::{Client, Response};
use reqwest::header::{CONTENT_RANGE, RANGE};

use super::super::catalogue::{ModelFile, Source};
use super::super::digest::FileState;
use super::super::progress::{Meter, Progress};
use super::Patience;
use super::accept::{FetchError, PART, accept};
use super::order::Order;

/// How often a download that stops in the middle is taken up again in one run.
const RESUMES: usize = 4;

/// The hub, and what is known about it.
pub struct Hub {
    base: String,
    patience: Patience,
    client: Option<Client>,
    down: Option<String>,
}

impl Hub {
    /// Connects only when it is needed.
    pub fn new(base: &str, patience: Patience) -> Self {
        let base = base.trim_end_matches('/').to_string();
        Self { base, patience, client: None, down: None }
    }

    /// Tries each wanted file.
    pub fn fetch(&mut self, source: &Source, order: &mut Order<'_>, progress: &Progress) {
        let Source::Hub { repository, revision, .. } = source else { return };
        let name = source.to_string();
        for file in order.wanted() {
            let path = source.path_of(file);
            let url = self.url(repository, revision, &path);
            let result = match &self.down {
                Some(why) => Err(FetchError::Unreachable(why.clone())),
                None => self.fetch_file(&url, file, &order.target, progress),
            };
            if let Err(error @ FetchError::Unreachable(_)) = &result {
                order.settle_all(&name, &error.to_string(), progress);
            }
            match result {
                Err(FetchError::Unreachable(why)) => return self.down = Some(why),
                result => order.settle(file, &name, result, progress),
            }
        }
    }

    fn fetch_file(
        &mut self,
        url: &str,
        file: &ModelFile,
        target: &Path,
        progress: &Progress,
    ) -> Result<(), FetchError> {
        let part = target.join(format!("{}{PART}", file.name));
        let mut in_pieces = length(&part) > 0;
        let mut resumes = 0;
        loop {
            let before = resumes;
            self.complete(url, &part, (&file.name, file.size), &mut resumes, progress)?;
            in_pieces |= resumes > before;
            match accept(&part, file, target) {
                // The pieces may be of two files: once more, in one piece.
                Err(FetchError::Wrong(_)) if in_pieces => in_pieces = false,
                result => return result,
            }
        }
    }

    /// Where a file lies.
    pub fn url(&self, repository: &str, revision: &str, path: &str) -> String {
        format!("{}/{repository}/resolve/{revision}/{path}", self.base)
    }

    /// How many bytes a file has there.
    pub fn length(&mut self, url: &str) -> Result<u64, FetchError> {
        let response = self.ask(url, Some("bytes=0-0".into()))?;
        let length = match response.status() {
            StatusCode::OK => response.content_length(),
            StatusCode::PARTIAL_CONTENT => total(&response),
            status => return Err(FetchError::Refused(status.to_string())),
        };
        length.ok_or_else(|| FetchError::Refused("without the file's length".into()))
    }

    /// Downloads into the part until it is whole, taking up again what stops in the middle.
    pub fn complete(
        &mut self,
        url: &str,
        part: &Path,
        (name, size): (&str, u64),
        resumes: &mut usize,
        progress: &Progress,
    ) -> Result<(), FetchError> {
        loop {
            let mut meter = progress.meter(name.to_string(), Some(size));
            let result = self.download(url, part, size, &mut meter);
            drop(meter);
            match result {
                Err(error @ FetchError::Cut { .. }) if *resumes < RESUMES => {
                    progress.say(&format!("{name}: {error}, resuming"));
                    *resumes += 1;
                }
                result => return result,
            }
        }
    }

    /// Completes the part, or leaves it as far as it came.
    fn download(
        &mut self,
        url: &str,
        part: &Path,
        size: u64,
        meter: &mut Meter<'_>,
    ) -> Result<(), FetchError> {
        if length(part) > size {
            fs::remove_file(part)?;
        }
        let have = length(part);
        if have == size {
            return Ok(());
        }
        let rest = (have > 0).then(|| format!("bytes={have}-"));
        let response = self.ask(url, rest)?;
        let start = match response.status() {
            StatusCode::OK => 0,
            StatusCode::PARTIAL_CONTENT if starts_at(&response, have) => have,
            StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE if have > 0 => {
                fs::remove_file(part)?;
                let why = "the hub does not know this part".to_string();
                return Err(FetchError::Cut { at: 0, why });
            }
            status => return Err(FetchError::Refused(status.to_string())),
        };
        if let Some(actual) = response.content_length().map(|rest| start + rest)
            && actual != size
        {
            return Err(FetchError::Wrong(FileState::WrongSize { expected: size, actual }));
        }
        let mut to = File::options().create(true).append(true).open(part)?;
        to.set_len(start)?;
        receive(response, &mut to, start..size, meter)
    }

    fn ask(&mut self, url: &str, range: Option<String>) -> Result<Response, FetchError> {
        let mut request = self.client()?.get(url);
        if let Some(range) = range {
            request = request.header(RANGE, range);
        }
        request.send().map_err(|error| match error.is_redirect() {
            true => FetchError::Refused(reason(&error.without_url())),
            false => FetchError::Unreachable(reason(&error.without_url())),
        })
    }

    fn client(&mut self) -> Result<Client, FetchError> {
        if let Some(client) = &self.client {
            return Ok(client.clone());
        }
        // Err means that this process has one already, which is as good.
        rustls::crypto::ring::default_provider().install_default().unwrap_or_default();
        let client = Client::builder()
            .connect_timeout(self.patience.connect)
            // For a blocking client this is the time for the head and for each read, not for the whole.
            .timeout(self.patience.stall)
            .user_agent(concat!("floorwalker/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| FetchError::Unreachable(reason(&error)))?;
        self.client = Some(client.clone());
        Ok(client)
    }
}

impl Drop for Hub {
    /// A blocking client waits for its name look-ups when it is dropped, which can take much longer than we
    /// were willing to wait for the connection. Nobody has to wait for that.
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            std::thread::spawn(move || drop(client));
        }
    }
}

fn receive(
    mut from: impl Read,
    to: &mut File,
    range: Range<u64>,
    meter: &mut Meter<'_>,
) -> Result<(), FetchError> {
    let mut at = range.start;
    let mut buffer = vec![0; 128 * 1024];
    meter.at(at);
    while at < range.end {
        let count = match from.read(&mut buffer) {
            Ok(0) => return Err(FetchError::Cut { at, why: "connection closed".to_string() }),
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(FetchError::Cut { at, why: reason(&error) }),
        };
        // Never more than was promised, whatever the hub goes on to say.
        let count = count.min(usize::try_from(range.end - at).unwrap_or(count));
        to.write_all(&buffer[..count])?;
        at += count as u64;
        meter.at(at);
    }
    Ok(())
}

fn length(path: &Path) -> u64 {
    path.metadata().map_or(0, |found| found.len())
}

fn starts_at(response: &Response, have: u64) -> bool {
    range(response).is_some_and(|range| range.starts_with(&format!("bytes {have}-")))
}

fn total(response: &Response) -> Option<u64> {
    range(response)?.rsplit_once('/')?.1.parse().ok()
}

fn range(response: &Response) -> Option<&str> {
    response.headers().get(CONTENT_RANGE)?.to_str().ok()
}

/// The innermost cause says what happened; the outer ones only that something did.
fn reason(error: &dyn Error) -> String {
    let mut innermost = error;
    while let Some(inner) = innermost.source() {
        innermost = inner;
    }
    innermost.to_string()
}
