//! Messages as files, for development and for looking at them: one `.eml` file each.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::SendError;
use crate::mail::{Mail, MailConfig};

/// A folder that messages are written to. The same message again replaces its file.
pub(super) struct Directory {
    folder: PathBuf,
}

impl Directory {
    pub(super) fn new(config: &MailConfig) -> Self {
        Self { folder: config.directory.clone().unwrap_or_default() }
    }

    pub(super) async fn send(&self, mail: &Mail) -> Result<(), SendError> {
        let folder = self.folder.clone();
        let name = format!("{}.eml", mail.name());
        let bytes = mail.bytes();
        let written = tokio::task::spawn_blocking(move || write(&folder, &name, &bytes)).await;
        match written {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(SendError::Later(format!("cannot write the message: {error}"))),
            Err(_) => Err(SendError::Later("stopped while writing the message".into())),
        }
    }
}

/// Writes beside and renames, so that whoever watches the folder sees whole files only. They are
/// readable by this user alone, as temporary files are.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.persist(folder.join(name))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Language;
    use crate::domain::time::Instant;
    use crate::mail::{Letter, Transport};

    fn config(folder: &Path) -> MailConfig {
        let text = format!(
            "from = \"Shop <chat@shop.example>\"\ntransport = \"directory\"\ndirectory = {:?}",
            folder.display().to_string()
        );
        toml::from_str(&text).expect("well-formed")
    }

    fn mail(key: &str) -> Mail {
        let from = "Shop <chat@shop.example>".parse().expect("a sender");
        let to = "visitor@mail.example".parse().expect("an address");
        let letter = Letter::new(Language::English, "Hello").paragraph("Good day.");
        Mail::new(key, &from, &to, &letter, Instant(0)).expect("composed")
    }

    fn files(folder: &Path) -> Vec<PathBuf> {
        std::fs::read_dir(folder)
            .expect("the folder")
            .map(|entry| entry.expect("an entry").path())
            .collect()
    }

    #[tokio::test]
    async fn a_message_becomes_one_file_named_by_its_id() {
        let folder = tempfile::tempdir().expect("temp dir");
        let inner = folder.path().join("out");
        let transport = Transport::open(&config(&inner)).expect("opens");
        let mail = mail("a/../../b");
        transport.send(&mail).await.expect("written");
        transport.send(&mail).await.expect("written again");
        let files = files(&inner);
        assert_eq!(files.len(), 1);
        let name = files[0].file_name().and_then(|n| n.to_str()).expect("a name");
        let id = mail.message_id();
        assert_eq!(name.strip_suffix(".eml"), id.trim_start_matches('<').split('@').next());
        assert_eq!(std::fs::read(&files[0]).expect("the file"), mail.bytes());
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_written_is_a_reason_to_try_later() {
        let folder = tempfile::tempdir().expect("temp dir");
        let blocked = folder.path().join("a file");
        std::fs::write(&blocked, "").expect("written");
        let transport = Transport::open(&config(&blocked)).expect("opens");
        assert!(matches!(transport.send(&mail("a")).await, Err(SendError::Later(_))));
    }
}
