//! Commands for the operator: accounts, jobs, backups. A running server does them through its control
//! socket; without one they are done here.

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand};
use serde_json::Value;

use crate::backups;
use crate::control::{Order, socket};
use crate::doctor::{self, State};
use crate::people::Role;

/// Where everything is kept.
#[derive(Debug, Args)]
pub(super) struct Data {
    /// The data folder
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        default_value = "data",
        env = "FLOORWALKER_DATA"
    )]
    data: PathBuf,
    /// Print one JSON object
    #[arg(long, global = true)]
    pub(super) json: bool,
}

impl Data {
    /// A data folder that another command names in its own way.
    pub(super) fn at(data: PathBuf) -> Self {
        Self { data, json: false }
    }

    /// Has an order done and returns the answer.
    pub(super) fn ask(&self, order: Order) -> anyhow::Result<Value> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(socket::order(&self.data, order))
    }

    /// Has an order done and shows the answer.
    pub(super) fn order(&self, order: Order, show: impl FnOnce(&Value)) -> anyhow::Result<()> {
        let done = self.ask(order)?;
        if self.json {
            println!("{done}")
        } else {
            show(&done)
        }
        Ok(())
    }
}

/// Accounts: make, list, close, and a new password for one that is lost
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  floorwalker user passwd admin             a new password for an administrator who lost theirs
  floorwalker user add ben --role agent --email ben@shop.example
  floorwalker user disable ben              closes the account; open consoles close within two seconds")]
pub struct User {
    #[command(subcommand)]
    action: UserAction,
    #[command(flatten)]
    data: Data,
}

#[derive(Debug, Subcommand)]
enum UserAction {
    /// Show who works here
    List,
    /// Make an account and print its password
    Add {
        /// To sign in with
        name: String,
        /// analyst, agent, manager or admin
        #[arg(long, default_value = "agent")]
        role: Role,
        /// Where mail reaches them
        #[arg(long)]
        email: Option<String>,
    },
    /// Make a new password and print it; every session of theirs ends
    Passwd {
        /// Whose
        name: String,
    },
    /// Give other rights; every session of theirs ends
    Role {
        /// Whose
        name: String,
        /// analyst, agent, manager or admin
        role: Role,
    },
    /// Close an account
    Disable {
        /// Whose
        name: String,
    },
    /// Open a closed account
    Enable {
        /// Whose
        name: String,
    },
    /// End the second factor of somebody who lost their app and their paper
    EndCodes {
        /// Whose
        name: String,
    },
    /// Print a link that makes an account, good for three days
    Invite {
        /// To whom it will be sent
        email: String,
        /// analyst, agent, manager or admin
        #[arg(long, default_value = "agent")]
        role: Role,
    },
}

impl User {
    /// Does it.
    pub fn run(self) -> anyhow::Result<()> {
        let order = match self.action {
            UserAction::List => return self.data.order(Order::UserList, show_users),
            UserAction::Add { name, role, email } => Order::UserAdd { name, role, email },
            UserAction::Passwd { name } => Order::UserPasswd { name },
            UserAction::Role { name, role } => Order::UserRole { name, role },
            UserAction::Disable { name } => Order::UserDisable { name },
            UserAction::Enable { name } => Order::UserEnable { name },
            UserAction::EndCodes { name } => Order::UserEndCodes { name },
            UserAction::Invite { email, role } => Order::UserInvite { email, role },
        };
        self.data.order(order, |done| {
            if let Some(password) = done["password"].as_str() {
                println!("sign in as  {}", text(&done["user"]["name"]));
                println!("password    {password}   (shown this once; keep it)");
            } else if let Some(path) = done["path"].as_str() {
                println!("send this link, after the server's address: {path}");
            } else {
                println!("done");
            }
        })
    }
}

fn show_users(users: &Value) {
    println!("{:<24} {:<9} {:<8} {:>8}  e-mail", "name", "role", "state", "sessions");
    for user in users.as_array().into_iter().flatten() {
        let state = if user["disabled_at"].is_null() { "open" } else { "closed" };
        println!(
            "{:<24} {:<9} {:<8} {:>8}  {}",
            text(&user["name"]),
            text(&user["role"]),
            state,
            user["sessions"],
            text(&user["email"])
        );
    }
}

pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("-")
}

/// Work in the background: what waits, what failed for good, another try
#[derive(Debug, Args)]
pub struct Jobs {
    #[command(subcommand)]
    action: JobsAction,
    #[command(flatten)]
    data: Data,
}

#[derive(Debug, Subcommand)]
enum JobsAction {
    /// Show jobs that wait, run or are dead
    List,
    /// Try a dead job again
    Retry {
        /// Its number, from the list
        id: i64,
    },
}

impl Jobs {
    /// Does it.
    pub fn run(self) -> anyhow::Result<()> {
        match self.action {
            JobsAction::List => self.data.order(Order::JobsList, |jobs| {
                let jobs = jobs.as_array().map(Vec::as_slice).unwrap_or_default();
                if jobs.is_empty() {
                    println!("nothing waits and nothing failed");
                }
                for job in jobs {
                    println!(
                        "{:>8}  {:<8} {:<20} tried {}  {}",
                        job["id"],
                        text(&job["state"]),
                        text(&job["kind"]),
                        job["attempts"],
                        job["error"].as_str().unwrap_or_default()
                    );
                }
            }),
            JobsAction::Retry { id } => {
                self.data.order(Order::JobsRetry { id }, |_| println!("tried again now"))
            }
        }
    }
}

/// Write everything to one file while the server works, and read it back
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  floorwalker backup --data /var/lib/floorwalker /backups/monday.db"
)]
pub struct Backup {
    /// The new file
    file: PathBuf,
    #[command(flatten)]
    data: Data,
}

impl Backup {
    /// Does it.
    pub fn run(self) -> anyhow::Result<()> {
        let file = std::path::absolute(&self.file)?;
        let shown = file.display().to_string();
        self.data.order(Order::Backup { to: file }, |done| {
            println!("{shown}: {} events, {} bytes, read back", done["events"], done["bytes"]);
        })
    }
}

/// Put a backup into a data folder that holds none
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  floorwalker restore /backups/monday.db --data /var/lib/floorwalker"
)]
pub struct Restore {
    /// The backup
    file: PathBuf,
    #[command(flatten)]
    data: Data,
}

impl Restore {
    /// Does it.
    pub fn run(self) -> anyhow::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let restored = runtime.block_on(backups::restore(&self.file, &self.data.data));
        let (found, again) = restored.context("the backup was not brought back")?;
        if self.data.json {
            println!("{}", serde_json::to_string(&found)?);
        } else {
            if again > 0 {
                println!("{again} chats that were erased after it was made were erased again");
            }
            println!(
                "{}: {} events, read back; start with `floorwalker serve --data {}`",
                self.data.data.display(),
                found.events,
                self.data.data.display()
            );
        }
        Ok(())
    }
}

/// Say what is wrong with an installation, and what to do
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  floorwalker doctor --data /var/lib/floorwalker\n\nThe exit code is 1 if something is wrong."
)]
pub struct Doctor {
    /// The settings file [default: floorwalker.toml in the data folder]
    #[arg(long, value_name = "FILE", env = "FLOORWALKER_CONFIG")]
    config: Option<PathBuf>,
    #[command(flatten)]
    data: Data,
}

impl Doctor {
    /// Does it.
    pub fn run(self) -> anyhow::Result<()> {
        let findings = doctor::examine(&self.data.data, self.config.as_deref());
        if self.data.json {
            println!("{}", serde_json::to_string(&findings)?);
        } else {
            for finding in &findings {
                let mark = match finding.state {
                    State::Well => "ok   ",
                    State::Note => "note ",
                    State::Wrong => "WRONG",
                };
                println!("{mark}  {:<12}  {}", finding.what, finding.found);
            }
        }
        let wrong = findings.iter().filter(|finding| finding.state == State::Wrong).count();
        anyhow::ensure!(wrong == 0, "{wrong} of {} is wrong", findings.len());
        Ok(())
    }
}
