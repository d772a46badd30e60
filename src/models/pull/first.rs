//! A file of the hub of which nothing is known yet: what comes is looked at, and written down.

use std::fs::{self, File};
use std::path::Path;

use super::super::choice::HubFile;
use super::super::progress::{Progress, megabytes};
use super::super::receipt::Receipt;
use super::accept::{FetchError, PART};
use super::hub::Hub;

/// Fetches it into a folder. Its receipt is there before it is, so that no file is ever without one.
pub fn fetch(
    hub: &mut Hub,
    file: &HubFile,
    target: &Path,
    progress: &Progress,
) -> Result<Receipt, FetchError> {
    let url = hub.url(&file.repository, &file.revision, &file.path);
    let part = target.join(format!("{}{PART}", file.name()));
    // What an earlier run left may be of another file, and no sha256 would tell.
    if part.exists() {
        fs::remove_file(&part)?;
    }
    let size = hub.length(&url)?;
    hub.complete(&url, &part, (file.name(), size), &mut 0, progress)?;
    let receipt = Receipt::of(file, &part).map_err(|why| {
        fs::remove_file(&part).unwrap_or_default();
        FetchError::Absent(format!("what it gave is no model: {why}"))
    })?;
    // So that a power cut cannot leave the name without the bytes.
    File::open(&part)?.sync_all()?;
    receipt.write(target)?;
    fs::rename(&part, target.join(file.name()))?;
    progress.say(&format!(
        "{}: {} from hub {}, sha256 {}",
        file.name(),
        megabytes(size),
        file.repository,
        receipt.sha256
    ));
    Ok(receipt)
}
