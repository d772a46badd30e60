//! Commands for what other programs use: API keys and webhooks.

use anyhow::Context;
use clap::{Args, Subcommand};
use jiff::{Span, Timestamp, Zoned, tz::TimeZone};
use serde_json::Value;

use super::operate::{Data, text};
use crate::control::Order;
use crate::domain::ids::EndpointId;
use crate::domain::time::Instant;
use crate::people::keys::Scope;
use crate::webhooks::Kind;

/// API keys: make, list, revoke
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  floorwalker key add \"n8n on the nas\" --scope read_chats --scope manage
  floorwalker key revoke k3yId001

Scopes: read_chats, write_chats, read_knowledge, write_knowledge, read_reports,
use_engine, manage.
A program sends its key with each request: Authorization: Bearer fw_...")]
pub struct Key {
    #[command(subcommand)]
    action: KeyAction,
    #[command(flatten)]
    data: Data,
}

#[derive(Debug, Subcommand)]
enum KeyAction {
    /// Show every key, never its secret
    List,
    /// Make a key and print it once
    Add {
        /// What it is for
        name: String,
        /// What it may do (repeat for more)
        #[arg(long = "scope", value_name = "SCOPE", required = true)]
        scopes: Vec<Scope>,
    },
    /// End a key at once
    Revoke {
        /// Its id, from the list
        id: String,
    },
}

impl Key {
    /// Does it.
    pub fn run(self) -> anyhow::Result<()> {
        match self.action {
            KeyAction::List => self.data.order(Order::KeyList, show_keys),
            KeyAction::Add { name, scopes } => {
                let scopes = scopes.into_iter().collect();
                self.data.order(Order::KeyAdd { name, scopes }, |made| {
                    println!("{}   (shown this once; keep it)", text(&made["secret"]));
                })
            }
            KeyAction::Revoke { id } => {
                self.data.order(Order::KeyRevoke { id }, |_| println!("it opens nothing any more"))
            }
        }
    }
}

fn show_keys(keys: &Value) {
    println!("{:<9} {:<24} {:<8} {:<21} scopes", "id", "name", "state", "last used");
    for key in keys.as_array().into_iter().flatten() {
        let state = if key["revoked_at"].is_null() { "in use" } else { "revoked" };
        let scopes: Vec<_> = key["scopes"].as_array().into_iter().flatten().map(text).collect();
        println!(
            "{:<9} {:<24} {:<8} {:<21} {}",
            text(&key["id"]),
            text(&key["name"]),
            state,
            when(&key["used_at"]),
            scopes.join(" ")
        );
    }
}

/// Webhooks: who is told what happens, whether it arrived, sending it again
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  floorwalker webhook add https://hooks.shop.example/chat --event person.wanted
  floorwalker webhook test 0190...              send a ping; `webhook log` shows what came of it
  floorwalker webhook replay 0190... --since 2d  send what did not arrive in the last two days

An address in your own network is allowed in the settings file: [outbound] allow = [...]")]
pub struct Webhook {
    #[command(subcommand)]
    action: WebhookAction,
    #[command(flatten)]
    data: Data,
}

#[derive(Debug, Subcommand)]
enum WebhookAction {
    /// Show every webhook
    List,
    /// Make one and print its secret once
    Add {
        /// Where to send to
        url: String,
        /// What to tell (repeat for more) [default: everything]
        #[arg(long = "event", value_name = "EVENT")]
        kinds: Vec<Kind>,
        /// Tell what visitors write, too
        #[arg(long)]
        include_text: bool,
    },
    /// Send a ping
    Test {
        /// Which, from the list
        id: EndpointId,
    },
    /// Send nothing until it is resumed
    Pause {
        /// Which, from the list
        id: EndpointId,
    },
    /// Send again what happens from now on
    Resume {
        /// Which, from the list
        id: EndpointId,
    },
    /// Forget it and its deliveries
    Remove {
        /// Which, from the list
        id: EndpointId,
    },
    /// Show what was sent and what came of it
    Log {
        /// Which, from the list
        id: EndpointId,
    },
    /// Send again
    #[command(group = clap::ArgGroup::new("what").required(true))]
    Replay {
        /// Which, from the list
        id: EndpointId,
        /// One delivery, by its number in the log
        #[arg(long, value_name = "NUMBER", group = "what")]
        delivery: Option<i64>,
        /// All that did not arrive since: 6h, 2d, 2026-11-20T08:00:00Z
        #[arg(long, value_name = "WHEN", group = "what", value_parser = since)]
        since: Option<i64>,
    },
}

impl Webhook {
    /// Does it.
    pub fn run(self) -> anyhow::Result<()> {
        let order = match self.action {
            WebhookAction::List => return self.data.order(Order::WebhookList, show_webhooks),
            WebhookAction::Log { id } => {
                return self.data.order(Order::WebhookLog { id }, show_deliveries);
            }
            WebhookAction::Add { url, kinds, include_text } => {
                let kinds = if kinds.is_empty() { Kind::EVENTS.to_vec() } else { kinds };
                Order::WebhookAdd { url, kinds, include_text }
            }
            WebhookAction::Test { id } => Order::WebhookTest { id },
            WebhookAction::Pause { id } => Order::WebhookPause { id },
            WebhookAction::Resume { id } => Order::WebhookResume { id },
            WebhookAction::Remove { id } => Order::WebhookRemove { id },
            WebhookAction::Replay { id, delivery: Some(delivery), .. } => {
                Order::WebhookReplay { id, delivery }
            }
            WebhookAction::Replay { id, since, .. } => {
                let since = Instant(since.context("name --delivery or --since")?);
                Order::WebhookRecover { id, since }
            }
        };
        self.data.order(order, |done| {
            if let Some(secret) = done["secret"].as_str() {
                println!("id      {}", text(&done["webhook"]["id"]));
                println!("secret  {secret}   (shown this once; keep it)");
            } else if let Some(count) = done["deliveries"].as_u64() {
                println!("{count} sent again");
            } else if let Some(number) = done["delivery"].as_i64() {
                println!("on its way as delivery {number}; `floorwalker webhook log` shows it");
            } else {
                println!("done");
            }
        })
    }
}

fn show_webhooks(webhooks: &Value) {
    let all = webhooks.as_array().map(Vec::as_slice).unwrap_or_default();
    if all.is_empty() {
        println!("nobody is told anything; `floorwalker webhook add URL` changes that");
    }
    for webhook in all {
        let state = match (webhook["paused_why"].as_str(), webhook["failing_since"].as_i64()) {
            (Some(why), _) => format!("paused: {why}"),
            (None, Some(_)) => format!("failing since {}", when(&webhook["failing_since"])),
            (None, None) => "well".to_string(),
        };
        let kinds: Vec<_> = webhook["kinds"].as_array().into_iter().flatten().map(text).collect();
        println!("{}  {}", text(&webhook["id"]), text(&webhook["url"]));
        println!("    {}   {state}   {} missed", kinds.join(" "), webhook["missed"]);
    }
}

fn show_deliveries(deliveries: &Value) {
    let all = deliveries.as_array().map(Vec::as_slice).unwrap_or_default();
    if all.is_empty() {
        println!("nothing was sent yet");
    }
    for one in all {
        let last = &one["last"];
        let came = match (last["status"].as_u64(), last["error"].as_str()) {
            (Some(status), _) => format!("{status} after {} ms", last["ms"]),
            (None, error) => error.unwrap_or_default().to_string(),
        };
        println!(
            "{:>8}  {}  {:<18} {:<10} tried {}  {came}",
            one["id"],
            when(&one["at"]),
            text(&one["kind"]),
            text(&one["state"]),
            one["attempts"]
        );
    }
}

fn when(millis: &Value) -> String {
    let at = millis.as_i64().and_then(|millis| Timestamp::from_millisecond(millis).ok());
    at.map_or_else(|| "-".to_string(), |at| format!("{at:.0}"))
}

/// A time, or a span until now, in milliseconds since 1970.
fn since(text: &str) -> Result<i64, String> {
    let wrong = || format!("`{text}` is no time: write 6h, 2d or 2026-11-20T08:00:00Z");
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at.as_millisecond());
    }
    let span: Span = text.parse().map_err(|_| wrong())?;
    let then = Zoned::now().with_time_zone(TimeZone::UTC).checked_sub(span.abs());
    then.map(|then| then.timestamp().as_millisecond()).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_said_as_such_or_as_how_long_ago() {
        assert_eq!(since("1970-01-01T00:00:02Z"), Ok(2_000));
        let day = Timestamp::now().as_millisecond() - since("1d").expect("a day");
        assert!((86_400_000..86_460_000).contains(&day), "{day}");
        assert!(since("yesterday").is_err_and(|error| error.contains("6h")));
    }
}
