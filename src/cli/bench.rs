//! `floorwalker bench`: what the models cost on this machine, the models alone, without a server
//! around them. A table, or with `--json` one JSON object.

mod agree;
mod embed;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use floorwalker_engine::{Isa, bench};
use serde_json::{Map, Value, json};

use crate::models::{Choice, Progress, Puller, Purpose, Role};

/// Measure what the models cost on this machine.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  floorwalker bench engine --parallel 1,4,8 --json
  floorwalker bench engine --model ./other.gguf --prompt 128 --threads 4
  floorwalker bench embed --texts sentences.txt
  floorwalker bench agree --tokens 48 --json
  floorwalker bench nll --text book.txt --reference")]
pub struct Bench {
    #[command(subcommand)]
    action: Action,
    /// Print one JSON object
    #[arg(long, global = true)]
    json: bool,
    /// Threads to compute with
    #[arg(long, global = true, default_value_t = 2, value_name = "N")]
    threads: usize,
    /// Instructions to compute with: vnni, avx512, avx2 or portable [default: the best there are]
    #[arg(long, global = true)]
    isa: Option<Isa>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// How fast the writer reads and writes
    Engine {
        /// A model's name, or a GGUF file [default: the writer]
        #[arg(long, value_name = "NAME|FILE")]
        model: Option<Choice>,
        /// Tokens of the prompt
        #[arg(long, default_value_t = 512, value_name = "N")]
        prompt: usize,
        /// Tokens to write
        #[arg(long, default_value_t = 128, value_name = "N")]
        generate: usize,
        /// How many chats at once, each behind a prompt of 128 tokens
        #[arg(long, default_value = "1,4,8", value_delimiter = ',', value_name = "N,N")]
        parallel: Vec<usize>,
        /// Rounds of which the medians are taken
        #[arg(long, default_value_t = 3, value_name = "N")]
        rounds: usize,
        /// Candle's graphs in place of our own kernels
        #[arg(long)]
        reference: bool,
    },
    /// How fast the encoder embeds one text, and 32
    Embed {
        /// A file with a text a line [default: made up]
        #[arg(long, value_name = "FILE")]
        texts: Option<PathBuf>,
        /// Rounds of which the medians are taken
        #[arg(long, default_value_t = 20, value_name = "N")]
        rounds: usize,
        /// Not how fast, but how near to the same weights in f32: 1,000 texts at most
        #[arg(long, conflicts_with = "rounds")]
        compare: bool,
    },
    /// Whether the likeliest reply is the same with all instructions, in company and from a cache
    Agree {
        /// A model's name, or a GGUF file [default: the writer]
        #[arg(long, value_name = "NAME|FILE")]
        model: Option<Choice>,
        /// A file with a question a line [default: 40 made up]
        #[arg(long, value_name = "FILE")]
        prompts: Option<PathBuf>,
        /// Tokens of each reply
        #[arg(long, default_value_t = 48, value_name = "N")]
        tokens: usize,
    },
    /// How well the writer foresees a text: mean negative log-likelihood of its tokens, in nats
    Nll {
        /// A model's name, or a GGUF file [default: the writer]
        #[arg(long, value_name = "NAME|FILE")]
        model: Option<Choice>,
        /// The text
        #[arg(long, value_name = "FILE")]
        text: PathBuf,
        /// Tokens of it to read
        #[arg(long, default_value_t = 5000, value_name = "N")]
        tokens: usize,
        /// Candle's graph with all weights widened to f32
        #[arg(long)]
        reference: bool,
    },
}

impl Bench {
    /// Does it.
    pub fn run(self) -> anyhow::Result<()> {
        let setup = Setup { threads: self.threads.max(1), isa: self.isa.unwrap_or_else(Isa::best) };
        let figures = match self.action {
            Action::Engine { model, prompt, generate, parallel, rounds, reference } => {
                let file = model_file(model)?;
                let plan = Plan { prompt, generate, parallel, rounds: rounds.max(1) };
                engine(&file, &setup, &plan, reference)?
            }
            Action::Embed { texts, compare: true, .. } => embed::compare(texts.as_deref(), &setup)?,
            Action::Embed { texts, rounds, .. } => {
                embed::embed(texts.as_deref(), &setup, rounds.max(1))?
            }
            Action::Agree { model, prompts, tokens } => {
                agree::agree(&model_file(model)?, &setup, prompts.as_deref(), tokens.max(1))?
            }
            Action::Nll { model, text, tokens, reference } => {
                likelihood(&model_file(model)?, &setup, &text, tokens, reference)?
            }
        };
        if self.json {
            println!("{}", Value::Object(figures));
        } else {
            for (name, value) in figures {
                println!("{:32} {value}", name.replace('_', " "));
            }
        }
        Ok(())
    }
}

struct Setup {
    threads: usize,
    isa: Isa,
}

struct Plan {
    prompt: usize,
    generate: usize,
    parallel: Vec<usize>,
    rounds: usize,
}

type Figures = Map<String, Value>;

fn engine(file: &Path, setup: &Setup, plan: &Plan, reference: bool) -> anyhow::Result<Figures> {
    let began = Instant::now();
    let kind = reference.then_some(false);
    let mut bench = bench::Bench::load(file, setup.threads, setup.isa, kind)
        .map_err(|why| wrong(file, &why))?;
    let loading = began.elapsed();
    // The first pass touches memory for the first time.
    bench.prompt(plan.prompt.min(64)).map_err(anyhow::Error::msg)?;
    let mut measure = |time: &mut dyn FnMut(&mut bench::Bench) -> Result<Duration, String>| {
        median(plan.rounds, || time(&mut bench)).map_err(anyhow::Error::msg)
    };
    let prompt = measure(&mut |bench| bench.prompt(plan.prompt))?;
    let generate = measure(&mut |bench| bench.generate(1, 1, plan.generate))?;
    let first = measure(&mut |bench| bench.first_token(300, 100))?;
    let mut together = Map::new();
    for chats in &plan.parallel {
        let time = measure(&mut |bench| bench.generate(*chats, 128, plan.generate))?;
        together.insert(chats.to_string(), rate(chats * plan.generate, time).into());
    }
    let mut figures = Map::new();
    let mut put = |name: &str, value: Value| figures.insert(name.to_owned(), value);
    put("model", file.display().to_string().into());
    put("threads", setup.threads.into());
    put("isa", setup.isa.to_string().into());
    put("prompt_tokens_per_second", rate(plan.prompt, prompt).into());
    put("generate_tokens_per_second", rate(plan.generate, generate).into());
    put("aggregate_tokens_per_second", together.into());
    put("first_token_ms", milliseconds(first).into());
    put("load_ms", milliseconds(loading).into());
    put("bytes_a_token", bench.bytes_a_token().into());
    put("peak_rss_mb", peak_memory().into());
    Ok(figures)
}

fn likelihood(
    file: &Path,
    setup: &Setup,
    text: &Path,
    most: usize,
    reference: bool,
) -> anyhow::Result<Figures> {
    let words =
        std::fs::read_to_string(text).with_context(|| format!("cannot read {}", text.display()))?;
    let mut tokens = bench::tokens(file, &words).map_err(|why| wrong(file, &why))?;
    tokens.truncate(most);
    if tokens.len() < 2 {
        bail!("{} is too short", text.display());
    }
    let kind = reference.then_some(true);
    let mut bench = bench::Bench::load(file, setup.threads, setup.isa, kind)
        .map_err(|why| wrong(file, &why))?;
    let nll = bench.likelihood(&tokens).map_err(anyhow::Error::msg)?;
    let figures = json!({
        "model": file.display().to_string(),
        "isa": if reference { "candle f32".to_owned() } else { setup.isa.to_string() },
        "tokens": tokens.len(),
        "nll": nll,
    });
    Ok(figures.as_object().cloned().unwrap_or_default())
}

/// The file of the model that is meant, fetched if need be.
fn model_file(model: Option<Choice>) -> anyhow::Result<PathBuf> {
    let mut puller = Puller::from_env(Progress::on_stderr())?;
    let Some(choice) = model else {
        let files = puller.ensure(Purpose::Writer)?;
        return files.path(Role::Weights).context("models.toml names no weights for this model");
    };
    Ok(puller.writer(&choice)?)
}

/// The lines of a file that say something.
fn lines(file: &Path) -> anyhow::Result<Vec<String>> {
    let text =
        std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect())
}

fn wrong(file: &Path, why: &str) -> anyhow::Error {
    anyhow::anyhow!("{}: {why}", file.display())
}

fn median(
    rounds: usize,
    mut time: impl FnMut() -> Result<Duration, String>,
) -> Result<Duration, String> {
    let mut times = (0..rounds).map(|_| time()).collect::<Result<Vec<_>, _>>()?;
    times.sort();
    Ok(times[rounds / 2])
}

fn rate(tokens: usize, time: Duration) -> f64 {
    rounded(tokens as f64 / time.as_secs_f64())
}

fn milliseconds(time: Duration) -> f64 {
    rounded(time.as_secs_f64() * 1e3)
}

fn rounded(x: f64) -> f64 {
    (x * 1e3).round() / 1e3
}

/// The most memory this process had, in megabytes, by Linux's own account.
fn peak_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(rounded(kib * 1024.0 / 1e6))
}
