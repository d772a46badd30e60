//! What was said, as text to be read from top to bottom. Pure.

use super::Export;

/// The words of an export, with when and by whom.
pub fn transcript(export: &Export) -> String {
    let mut text = format!("{}\n\nPut together {}.\n", export.about, export.made_at);
    for kept in &export.chats {
        text += &format!("\nChat {} on {}\n\n", kept.chat, kept.site);
        for said in &kept.events {
            if let Some(page) = &said.page {
                text += &format!("{}  {}  on the page {}\n", said.at, said.by, page.trim());
            }
            let words = said.text.as_deref().unwrap_or_default();
            match said.what.as_str() {
                "wrote" | "answered" | "said that nobody is there" => {
                    // A message of several lines stays one paragraph, apart from the next.
                    let words = words.replace('\n', "\n    ");
                    text += &format!("{}  {}: {words}\n", said.at, said.by);
                }
                "asked for a person" | "left an address" | "took the chat" | "closed the chat"
                | "was erased" => {
                    text += &format!("{}  {} {}\n", said.at, said.by, said.what);
                }
                _ => {}
            }
        }
        for line in &kept.seen_by {
            let at = super::export::written(line.at);
            text += &format!("{at}  seen or changed by {}: {}\n", line.actor, line.action);
        }
    }
    text
}
