//! What comes with the program: the intents every shop shares, and the demo shop.

use std::io;
use std::path::Path;

use rust_embed::RustEmbed;

use super::catalogue::IntentExamples;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/knowledge/intents"]
struct IntentFiles;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/knowledge/demo"]
#[exclude = "images/*"]
struct DemoShop;

/// The built-in intents, "out of scope" among them.
pub fn intents() -> Vec<IntentExamples> {
    let mut names: Vec<_> = IntentFiles::iter().collect();
    names.sort();
    names
        .iter()
        .filter_map(|name| IntentFiles::get(name))
        .map(|file| {
            let text = std::str::from_utf8(&file.data).expect("a test reads every built-in intent");
            toml::from_str(text).expect("a test reads every built-in intent")
        })
        .collect()
}

/// Writes the demo shop's folder.
pub fn write_demo_shop(folder: &Path) -> io::Result<()> {
    for name in DemoShop::iter() {
        let Some(file) = DemoShop::get(&name) else { continue };
        let path = folder.join(name.as_ref());
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, file.data)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_built_in_intents_are_whole_and_teach_each_utterance_once() {
        let intents = super::intents();
        assert_eq!(intents.len(), 26);
        let mut utterances: Vec<&String> = intents.iter().flat_map(|i| &i.utterances).collect();
        let count = utterances.len();
        utterances.sort();
        utterances.dedup();
        assert_eq!(utterances.len(), count);
        assert!(intents.iter().all(|intent| intent.utterances.len() >= 15));
    }
}
