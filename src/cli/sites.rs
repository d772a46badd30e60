//! `floorwalker site` and `floorwalker bot`: what is set for each site, and when the bot is silent.

use clap::{Args, Subcommand};
use serde_json::Value;

use super::operate::Data;
use crate::control::Order;
use crate::control::sites::Ask;
use crate::domain::ids::SiteKey;

/// Sites that embed the widget: brand, pages, hours, texts
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  floorwalker site set demo origins '[\"https://shop.example\"]'
  floorwalker site set demo hours.sat '[\"10:00-14:00\"]'
  floorwalker site set demo texts.greeting \"Hi! I am the AI assistant of Tarn & Trail.\"
  floorwalker site unset demo texts.greeting
  floorwalker site history demo
  floorwalker site undo demo               the last change; --to 3 for an earlier version")]
pub struct Site {
    #[command(subcommand)]
    action: SiteAction,
    #[command(flatten)]
    data: Data,
}

#[derive(Debug, Subcommand)]
enum SiteAction {
    /// Show all sites and what is set for them
    List,
    /// Add a site
    Add {
        /// Its key: lower-case letters, digits and `-`
        site: SiteKey,
    },
    /// Set one value
    Set {
        /// Whose
        site: SiteKey,
        /// Which, as `texts.greeting`
        field: String,
        /// A text, or JSON for lists, numbers and tables
        value: String,
    },
    /// Let one value follow the shop again
    Unset {
        /// Whose
        site: SiteKey,
        /// Which, as `texts.greeting`
        field: String,
    },
    /// Show what was changed, when and by whom
    History {
        /// Whose
        site: SiteKey,
    },
    /// Set everything as it was in an earlier version
    Undo {
        /// Which
        site: SiteKey,
        /// The version [default: the one before]
        #[arg(long)]
        to: Option<u32>,
    },
}

impl Site {
    /// Does it.
    pub fn run(self) -> anyhow::Result<()> {
        let (ask, show): (_, fn(&Value)) = match self.action {
            SiteAction::List => (Ask::List, show_sites),
            SiteAction::Add { site } => (Ask::Add { site }, show_version),
            SiteAction::Set { site, field, value } => {
                let value = serde_json::from_str(&value).unwrap_or(Value::String(value));
                (Ask::Set { site, field, value }, show_version)
            }
            SiteAction::Unset { site, field } => {
                (Ask::Set { site, field, value: Value::Null }, show_version)
            }
            SiteAction::History { site } => (Ask::History { site }, show_history),
            SiteAction::Undo { site, to } => (Ask::Revert { site, to }, show_version),
        };
        self.data.order(Order::Site { ask }, show)
    }
}

/// Silence the bot, or let it speak: new messages go to people or to the contact form meanwhile
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  floorwalker bot pause                    everywhere, until `floorwalker bot resume`
  floorwalker bot pause --site demo --hours 2
  floorwalker site set demo bot outside_hours    only speaks while no person is there")]
pub struct Bot {
    #[command(subcommand)]
    action: BotAction,
    #[command(flatten)]
    data: Data,
}

#[derive(Debug, Subcommand)]
enum BotAction {
    /// Make it silent
    Pause {
        /// At one site only
        #[arg(long)]
        site: Option<SiteKey>,
        /// For so many hours only
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..=168))]
        hours: Option<u32>,
    },
    /// Let it speak
    Resume {
        /// At one site only
        #[arg(long)]
        site: Option<SiteKey>,
    },
}

impl Bot {
    /// Does it.
    pub fn run(self) -> anyhow::Result<()> {
        let ask = match self.action {
            BotAction::Pause { site, hours } => {
                Ask::Pause { site, minutes: hours.map(|hours| hours * 60) }
            }
            BotAction::Resume { site } => Ask::Resume { site },
        };
        self.data.order(Order::Site { ask }, show_sites)
    }
}

fn show_sites(sites: &Value) {
    for site in sites.as_array().into_iter().flatten() {
        show_version(site);
    }
}

/// What is set; what follows the shop is left out.
fn show_version(site: &Value) {
    println!("{}  version {}  by {}", plain(&site["site"]), site["version"], plain(&site["by"]));
    for (name, value) in site["settings"].as_object().into_iter().flatten() {
        let nothing = value.is_null()
            || value.as_array().is_some_and(Vec::is_empty)
            || value.as_object().is_some_and(|table| table.values().all(Value::is_null));
        if !nothing {
            println!("  {name:<22} {}", plain(value));
        }
    }
}

fn show_history(changes: &Value) {
    for change in changes.as_array().into_iter().flatten() {
        let at = change["at"].as_i64().unwrap_or_default();
        let at = jiff::Timestamp::from_millisecond(at).unwrap_or_default();
        println!("version {}  {at:.0}  by {}", change["version"], plain(&change["by"]));
        for field in change["changes"].as_array().into_iter().flatten() {
            let (before, after) = (plain(&field["before"]), plain(&field["after"]));
            println!("  {:<22} {before} -> {after}", plain(&field["field"]));
        }
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "(not set)".into(),
        other => other.to_string(),
    }
}
