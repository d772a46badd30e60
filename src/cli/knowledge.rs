//! `floorwalker knowledge`: what the shop knows, what was published, and a question before and after
//! a change that is only tried.

mod explain;

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, Subcommand};
use serde_json::Value;

use super::operate::Data;
use crate::control::Order;
use crate::control::knowledge::Ask;
use crate::knowledge::edit::Edit;

/// What the shop knows: list, show, try a change, roll back
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  floorwalker knowledge list tent
  floorwalker knowledge show pages/returns.md > returns.md
  floorwalker knowledge try \"How long can I return it?\" --page returns.md
  floorwalker knowledge explain \"and in red?\" --turns \"Is the Storr jacket in stock?\"
  floorwalker knowledge versions
  floorwalker knowledge roll-back 3 --note \"wrong prices\"")]
pub struct Knowledge {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    data: Data,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show pages, questions and products
    List {
        /// Words of their names
        words: Vec<String>,
    },
    /// Print a page's Markdown, a product's fields, a question's answer
    Show {
        /// pages/NAME.md, a product's id, or a question
        id: String,
    },
    /// Show what was published, when, by whom and why
    Versions,
    /// Publish what an older version held, as a new version
    RollBack {
        /// Its number, from the list
        version: u64,
        /// Why
        #[arg(long, default_value = "")]
        note: String,
    },
    /// Ask a question before and after a change; nothing is published
    Try {
        /// As a visitor would ask it
        question: String,
        /// A page that changes or is new, as Markdown; its file name is its name
        #[arg(long = "page", value_name = "FILE.md")]
        pages: Vec<PathBuf>,
        /// Further edits as a list in JSON, as `POST /api/knowledge/try` takes them
        #[arg(long, value_name = "FILE.json")]
        edits: Option<PathBuf>,
    },
    /// Say why a question gets the answer it gets
    Explain(explain::Explain),
}

impl Knowledge {
    /// Does it.
    pub fn run(self) -> anyhow::Result<()> {
        let order = |ask| Order::Knowledge { ask };
        match self.action {
            Action::List { words } => {
                self.data.order(order(Ask::List { query: words.join(" ") }), show_list)
            }
            Action::Show { id } => self.data.order(order(Ask::Show { kind: None, id }), show_one),
            Action::Versions => self.data.order(order(Ask::Versions), show_versions),
            Action::RollBack { version, note } => {
                let ask = Ask::RollBack { to: version, note };
                self.data.order(order(ask), |done| {
                    println!(
                        "version {} is served; it holds what version {version} held",
                        done["version"]
                    );
                })
            }
            Action::Explain(explain) => explain.run(&self.data),
            Action::Try { question, pages, edits } => {
                let edits = edits_of(&pages, edits.as_deref())?;
                self.data.order(order(Ask::Try { question, edits }), show_tried)
            }
        }
    }
}

fn edits_of(pages: &[PathBuf], edits: Option<&Path>) -> anyhow::Result<Vec<Edit>> {
    let read = |path: &Path| {
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
    };
    let mut all: Vec<Edit> = match edits {
        Some(path) => serde_json::from_str(&read(path)?)
            .with_context(|| format!("{} is not a list of edits", path.display()))?,
        None => Vec::new(),
    };
    for path in pages {
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.with_context(|| format!("{} has no name", path.display()))?;
        all.push(Edit::Page { id: format!("pages/{name}"), text: read(path)?, new: false });
    }
    Ok(all)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn each(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn show_list(listing: &Value) {
    for item in each(&listing["items"]) {
        println!(
            "{:<8} {:<44} {}",
            text(&item["kind"]),
            text(&item["title"]),
            text(&item["detail"])
        );
    }
    let counts = &listing["counts"];
    println!(
        "version {}: {} products, {} pages, {} questions{}",
        listing["version"],
        counts["products"],
        counts["pages"],
        counts["faq"],
        match listing["more"].as_u64() {
            Some(more @ 1..) => format!("; {more} more match, use further words"),
            _ => String::new(),
        }
    );
}

fn show_one(found: &Value) {
    let edit = &found["edit"];
    match text(&edit["kind"]) {
        "page" => print!("{}", text(&edit["text"])),
        "faq" => println!("{}\n{}", text(&edit["question"]), text(&edit["answer"])),
        _ => {
            for field in each(&edit["fields"]) {
                println!("{:<26} {}", text(&field["name"]), text(&field["value"]));
            }
        }
    }
}

fn show_versions(versions: &Value) {
    for version in each(versions) {
        let at = version["at"].as_i64().and_then(|at| jiff::Timestamp::from_millisecond(at).ok());
        let at = at.map(|at| at.strftime("%Y-%m-%d %H:%M").to_string()).unwrap_or_default();
        let by = version["by"].as_str().unwrap_or("imported");
        println!("{:>5}  {at}  {by:<16} {}", version["version"], text(&version["note"]));
        for (what, one) in [("products", "product"), ("pages", "page"), ("faq", "question")] {
            for how in ["added", "changed", "removed"] {
                let few = &version["changes"][what][how];
                let count = few["count"].as_u64().unwrap_or(0);
                if count > 0 {
                    let plural = if count == 1 { "" } else { "s" };
                    let first: Vec<&str> = each(&few["first"]).map(text).collect();
                    println!("       {count} {one}{plural} {how}: {}", first.join(", "));
                }
            }
        }
    }
}

fn show_tried(tried: &Value) {
    for side in ["before", "after"] {
        let said = &tried[side];
        let sentences: Vec<&str> = each(&said["sentences"]).map(|s| text(&s["text"])).collect();
        println!("{side:<7} {} ({})", sentences.join(" "), text(&said["decision"]));
    }
    for warning in each(&tried["warnings"]) {
        println!("note    {}: {}", text(&warning["file"]), text(&warning["message"]));
    }
}
