//! The command line: one file a command. Whatever a page can show, a command can print as JSON.

mod bench;
mod chat;
mod config;
pub mod engine;
mod eval;
mod integrate;
mod knowledge;
pub(crate) mod models;
mod operate;
mod privacy;
mod serve;
mod sites;

use clap::{Parser, Subcommand, ValueEnum};

/// A chat server for small shops: answers from the shop's own catalogue, checked before anyone sees
/// them, and a person when it counts.
#[derive(Debug, Parser)]
#[command(name = "floorwalker", version, after_help = EXAMPLES)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    /// How log lines are written to standard error
    #[arg(long, global = true, value_enum, default_value_t, env = "FLOORWALKER_LOG_FORMAT")]
    log: LogFormat,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

const EXAMPLES: &str = "Examples:
  floorwalker serve --demo                       the demo shop on http://127.0.0.1:8080
  floorwalker serve --shop ./my-shop --data /var/lib/floorwalker
  floorwalker chat --json \"How much is the Ridge 2 Tent?\"
  floorwalker models verify
  floorwalker eval answers --shop ./my-shop --misses
  floorwalker bench engine --parallel 1,8
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
    /// Measure what the models cost on this machine
    Bench(bench::Bench),
    /// Accounts: make, list, close, new password
    User(operate::User),
    /// Sites: brand, pages, hours, texts, history and undo
    Site(sites::Site),
    /// Silence the bot, or let it speak
    Bot(sites::Bot),
    /// What the shop knows: list, show, try a change, roll back
    Knowledge(knowledge::Knowledge),
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
    /// The settings file: an example, and yours beside it
    Config(config::Config),
    /// Bring a backup back
    Restore(operate::Restore),
    /// Tell a visitor everything that is kept about them
    Export(privacy::Export),
    /// Erase everything that is kept about a visitor
    Erase(privacy::Erase),
}

/// Parses the command line and does what it says.
pub fn run() -> anyhow::Result<()> {
    // The one TLS provider; only a second call could fail.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let cli = Cli::parse();
    let log = cli.log;
    let filter = tracing_subscriber::EnvFilter::try_from_env("FLOORWALKER_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,floorwalker=info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match log {
        LogFormat::Text => lines.init(),
        LogFormat::Json => lines.json().flatten_event(true).init(),
    }
    match cli.command {
        Command::Serve(command) => command.run(),
        Command::Chat(command) => command.run(),
        Command::Models(command) => command.run(),
        Command::Eval(command) => command.run(),
        Command::Bench(command) => command.run(),
        Command::User(command) => command.run(),
        Command::Site(command) => command.run(),
        Command::Bot(command) => command.run(),
        Command::Knowledge(command) => command.run(),
        Command::Key(command) => command.run(),
        Command::Webhook(command) => command.run(),
        Command::Jobs(command) => command.run(),
        Command::Backup(command) => command.run(),
        Command::Restore(command) => command.run(),
        Command::Doctor(command) => command.run(),
        Command::Export(command) => command.run(),
        Command::Erase(command) => command.run(),
        Command::Config(command) => command.run(),
    }
}
