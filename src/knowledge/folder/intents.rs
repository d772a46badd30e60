//! A shop's own intents: one TOML file each, with examples of what visitors say.

use super::files::Folder;
use super::findings::{Findings, Remark};
use super::plain;
use super::settings::{self, Settings};
use crate::knowledge::catalogue::IntentExamples;

/// Reads `intents/*.toml`.
pub(super) fn read(folder: &Folder, findings: &mut Findings) -> Vec<IntentExamples> {
    let mut all: Vec<IntentExamples> = Vec::new();
    for file in folder.all("intents", ".toml", findings) {
        let read = folder.read(&file).and_then(|text| intent(&file, &text));
        let Some(intent) = findings.keep(read) else { continue };
        if all.iter().any(|other| other.name == intent.name) {
            let message = format!("another file has the intent `{}`; join the two", intent.name);
            findings.problem(Remark::new(&file, message).field("name"));
        }
        all.push(intent);
    }
    all
}

fn intent(file: &str, text: &str) -> Result<IntentExamples, Remark> {
    let table = settings::parse(file, text)?;
    let root = Settings::new(file, text, &table);
    let known = ["name", "description", "utterances"];
    if let Some((key, _)) = root.entries().find(|(key, _)| !known.contains(key)) {
        return Err(root.remark(key, "unknown; an intent has name, description and utterances"));
    }
    let utterances: Vec<String> = root
        .texts("utterances")?
        .into_iter()
        .map(plain::one_line)
        .filter(|u| !u.is_empty())
        .collect();
    if utterances.is_empty() {
        let message = "no examples; write utterances = [\"…\", \"…\"] as visitors say it";
        return Err(root.remark("utterances", message));
    }
    Ok(IntentExamples {
        name: root.required("name", "gift_wrapping")?,
        description: root.optional("description")?.unwrap_or_default(),
        utterances,
    })
}
