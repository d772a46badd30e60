//! The command line: one file a command. Whatever a page can show, a command can print as JSON.

mod chat;
pub mod engine;
mod eval;
mod integrate;
pub(crate) mod models;
mod operate;
mod serve;

use clap::{Parser, Subcommand};

/// A chat server for small shops: answers from the shop's own catalogue, checked before anyone sees
/// them, and a person when it counts.
#[derive(Debug, Parser)]
#[command(name = "floorwalker", version, after_help = EXAMPLES)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "Examples:
  floorwalker serve --demo                       the demo shop on http://127.0.0.1:8080
  floorwalker serve --shop ./my-shop --data /var/lib/floorwalker
  floorwalker chat --json \"How much is the Ridge 2 Tent?\"
  floorwalker models verify
  floorwalker eval answers --shop ./my-shop --misses
  floorwalker user passwd admin                  a lost password
  floorwalker backup /backups/monday.db";

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve a shop: widget, demo page, staff console and API
    Serve(serve::Serve),
    /// Write to a running server as a visitor would
    Chat(chat::Chat),
    /// Fetch and check the local models
    Models(models::Models),
    /// Measure how well questions are answered
    Eval(eval::Eval),
    /// Accounts: make, list, close, new password
    User(operate::User),
    /// Keys for programs that use the API
    Key(integrate::Key),
    /// Programs that are told what happens
    Webhook(integrate::Webhook),
    /// Work in the background
    Jobs(operate::Jobs),
    /// Write everything to one file
    Backup(operate::Backup),
    /// Say what is wrong with an installation, and what to do
    Doctor(operate::Doctor),
    /// Print an example of the settings file
    ConfigExample,
    /// Bring a backup back
    Restore(operate::Restore),
}

/// Parses the command line and does what it says.
pub fn run() -> anyhow::Result<()> {
    // The one TLS provider; only a second call could fail.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let cli = Cli::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_env("FLOORWALKER_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,floorwalker=info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match cli.command {
        Command::Serve(command) => command.run(),
        Command::Chat(command) => command.run(),
        Command::Models(command) => command.run(),
        Command::Eval(command) => command.run(),
        Command::User(command) => command.run(),
        Command::Key(command) => command.run(),
        Command::Webhook(command) => command.run(),
        Command::Jobs(command) => command.run(),
        Command::Backup(command) => command.run(),
        Command::Restore(command) => command.run(),
        Command::Doctor(command) => command.run(),
        Command::ConfigExample => {
            print!("{}", crate::config::EXAMPLE);
            Ok(())
        }
    }
}
