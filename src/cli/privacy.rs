//! `floorwalker export` and `floorwalker erase`: the rights of a visitor, as orders.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use serde_json::Value;

use super::operate::Data;
use crate::control::Order;
use crate::privacy::{self, Erased, Found, transcript};

/// Tell a visitor everything that is kept about them
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  floorwalker export --person ana@example.org --to ana.json
  floorwalker export --person 0190b1c7e3f07d8a9c5b2f4e6a8d0c1e --text")]
pub struct Export {
    /// A chat's id, or an e-mail address: every chat in which it was written
    #[arg(long, value_name = "WHO")]
    person: String,
    /// Write to this new file instead of printing
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// As a text to be read, without the records
    #[arg(long)]
    text: bool,
    #[command(flatten)]
    data: Data,
}

impl Export {
    /// Does it.
    pub fn run(self) -> anyhow::Result<()> {
        let told = self.data.ask(Order::Export { person: self.person })?;
        let export: privacy::Export = serde_json::from_value(told)?;
        anyhow::ensure!(!export.chats.is_empty(), "nothing is kept about them");
        let words = match self.text {
            true => transcript(&export),
            false => serde_json::to_string_pretty(&export)?,
        };
        let Some(file) = self.to else {
            println!("{words}");
            return Ok(());
        };
        // It is a person's whole chat: nobody else on this machine may read it.
        let mut out = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&file)
            .with_context(|| format!("cannot write {}", file.display()))?;
        out.write_all(words.as_bytes())?;
        eprintln!("{}: {} chats", file.display(), export.chats.len());
        Ok(())
    }
}

/// Erase everything that is kept about a visitor
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  floorwalker erase --person ana@example.org            shows what would be erased
  floorwalker erase --person ana@example.org --yes      erases it

Backups that were made before hold it still. They are erased too when they are brought back: what was
erased is noted beside them, in erasures.jsonl. Keep that file with them.")]
pub struct Erase {
    /// A chat's id, or an e-mail address: every chat in which it was written
    #[arg(long, value_name = "WHO")]
    person: String,
    /// Really do it; nothing brings it back
    #[arg(long, conflicts_with = "dry_run")]
    yes: bool,
    /// Only show what would be erased
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    data: Data,
}

impl Erase {
    /// Does it, or shows what it would do.
    pub fn run(self) -> anyhow::Result<()> {
        let person = self.person;
        if self.yes {
            return self.data.order(Order::Erase { person }, show_erased);
        }
        let found: Vec<Found> =
            serde_json::from_value(self.data.ask(Order::PersonFind { person })?)?;
        if self.data.json {
            println!("{}", serde_json::to_string(&found)?);
        } else {
            for chat in &found {
                println!(
                    "{}  {}  {} messages of the visitor, {} events",
                    chat.chat, chat.site, chat.messages, chat.events
                );
            }
        }
        let dry = self.dry_run || found.is_empty();
        anyhow::ensure!(dry, "nothing was erased: add --yes to erase {} chats", found.len());
        eprintln!("{} chats; nothing was erased", found.len());
        Ok(())
    }
}

fn show_erased(done: &Value) {
    let Ok(erased) = serde_json::from_value::<Erased>(done.clone()) else { return };
    println!(
        "{} chats with {} events, {} questions without an answer, {} letters and other jobs: erased",
        erased.chats.len(),
        erased.events,
        erased.gaps,
        erased.jobs
    );
    for place in &erased.not_noted {
        println!(
            "note: it could not be noted in {}; copy erasures.jsonl from the data folder there",
            place.display()
        );
    }
}
