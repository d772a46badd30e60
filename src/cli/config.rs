//! `floorwalker config`: an example of the settings file, and one's own beside it.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::config::{self, Standing};

/// The settings file: an example of it, and your own beside the example
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  floorwalker config example > /etc/floorwalker.toml
  floorwalker config diff --config /etc/floorwalker.toml
  FLOORWALKER__MAIL__PASSWORD=... floorwalker serve     a value from the environment")]
pub struct Config {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Print an example with every setting
    Example,
    /// Show what is set and where, what could be, and what nothing understands
    Diff {
        /// The settings file [default: floorwalker.toml in the data folder]
        #[arg(long, value_name = "FILE", env = "FLOORWALKER_CONFIG")]
        config: Option<PathBuf>,
        /// The data folder
        #[arg(long, value_name = "DIR", default_value = "data", env = "FLOORWALKER_DATA")]
        data: PathBuf,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
}

impl Config {
    /// Does it.
    pub fn run(self) -> anyhow::Result<()> {
        let Action::Diff { config, data, json } = self.action else {
            print!("{}", config::EXAMPLE);
            return Ok(());
        };
        let lines = config::diff(config.as_deref(), &data)?;
        if json {
            println!("{}", serde_json::to_string(&lines)?);
        }
        for line in lines.iter().filter(|_| !json) {
            let mark = match line.standing {
                Standing::File => "file     ",
                Standing::Environment => "env      ",
                Standing::NotSet => "(not set)",
                Standing::Unknown => "UNKNOWN  ",
            };
            println!("{mark}  {:<28} {}", line.field, line.value);
        }
        let unknown = lines.iter().filter(|line| line.standing == Standing::Unknown).count();
        anyhow::ensure!(unknown == 0, "{unknown} settings are unknown to this version");
        Ok(())
    }
}
