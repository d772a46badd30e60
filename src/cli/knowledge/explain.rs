//! `floorwalker knowledge explain`: how a question came to its answer, step by step.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use serde_json::Value;

use super::{each, text};
use crate::answer::Style;
use crate::app;
use crate::cli::operate::Data;
use crate::control::Order;
use crate::control::knowledge::Ask;
use crate::domain::time::Instant;

/// Say why a question gets the answer it gets
#[derive(Debug, Args)]
pub struct Explain {
    /// As a visitor would ask it
    question: String,
    /// What they asked before, oldest first (repeat for more)
    #[arg(long, value_name = "TEXT")]
    turns: Vec<String>,
    /// Ask a shop's folder as it is now, instead of what is served
    #[arg(long, value_name = "DIR")]
    shop: Option<PathBuf>,
}

impl Explain {
    /// Asks the running server, the data folder without one, or a shop's folder.
    pub(super) fn run(self, data: &Data) -> anyhow::Result<()> {
        let Self { question, turns, shop } = self;
        let Some(shop) = shop else {
            let ask = Ask::Explain { turns, question };
            return data.order(Order::Knowledge { ask }, show);
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let why = runtime.block_on(of_folder(&shop, &turns, &question))?;
        match data.json {
            true => println!("{why}"),
            false => show(&why),
        }
        Ok(())
    }
}

async fn of_folder(shop: &Path, turns: &[String], question: &str) -> anyhow::Result<Value> {
    let folder = tempfile::tempdir()?;
    let engine = crate::cli::engine::start(None)?;
    let bar = crate::cli::engine::embedding_bar();
    let progress = |done: usize, of: usize| {
        bar.set_length(of as u64);
        bar.set_position(done as u64);
    };
    let answerer = app::answers(folder.path(), shop, engine, progress)
        .await
        .with_context(|| format!("cannot load the shop in {}", shop.display()))?;
    bar.finish_and_clear();
    let why = answerer.explain(turns, question, &Style::default(), Instant::now()).await;
    Ok(serde_json::to_value(why)?)
}

fn show(why: &Value) {
    for turn in each(&why["turns"]) {
        println!("before      {}", text(turn));
    }
    for step in each(&why["steps"]) {
        show_step(step);
    }
    let plan = &why["plan"];
    println!("decision    {}", text(&plan["decision"]));
    for fact in each(&plan["facts"]) {
        let sources: Vec<&str> = each(&fact["sources"]).map(|source| text(&source["id"])).collect();
        println!("fact        {} [{}]", text(&fact["text"]), sources.join(", "));
    }
    for gap in each(&plan["gaps"]) {
        println!("not known   {}", text(gap));
    }
    for worded in each(&why["sentences"]) {
        for part in each(&worded["parts"]) {
            println!("asked       {}", text(&part["asked"]));
            for draft in each(&part["drafts"]) {
                let doubts: Vec<&str> = each(&draft["doubts"]).map(text).collect();
                let verdict = match doubts.as_slice() {
                    [] => "passed".to_string(),
                    doubts => format!("refused: {}", doubts.join(", ")),
                };
                let ms = draft["ms"].as_f64().unwrap_or_default();
                println!("  draft     {} ({ms:.0} ms; {verdict})", text(&draft["text"]));
            }
        }
        println!("said        {} ({})", text(&worded["text"]), text(&worded["generated"]));
    }
    let ms = |name: &str| why["timings_ms"][name].as_f64().unwrap_or_default();
    println!(
        "took        {:.0} ms to understand, {:.0} to look up, {:.0} to the first sentence, {:.0} in all",
        ms("understand"),
        ms("look_up"),
        ms("first_sentence"),
        ms("total")
    );
}

fn show_step(step: &Value) {
    println!("question    {}", text(&step["question"]));
    let intents: Vec<String> = each(&step["intents"])
        .map(|intent| {
            let sure = intent["confidence"].as_f64().unwrap_or_default();
            format!("{} {sure:.2}", text(&intent["name"]))
        })
        .collect();
    println!("taken for   {}", intents.join(", "));
    let listed = |name: &str| each(&step[name]).map(text).collect::<Vec<_>>().join(", ");
    println!("about       {}", listed("content"));
    println!("names       {}", listed("products"));
    println!("looks up    {}", text(&step["lookup"]));
    for passage in each(&step["passages"]) {
        let rank = |name: &str| passage[name].as_u64().map_or("-".to_string(), |r| r.to_string());
        println!(
            "  passage   {:>2} (words {:>2}, meaning {:>2}) {} / {}",
            rank("rank"),
            rank("rank_lexical"),
            rank("rank_dense"),
            text(&passage["source"]),
            text(&passage["heading"])
        );
    }
    for sentence in each(&step["sentences"]).take(5) {
        println!(
            "  sentence  {:.2} (meaning {:.2}, covers {:.2}) {}",
            sentence["total"].as_f64().unwrap_or_default(),
            sentence["cosine"].as_f64().unwrap_or_default(),
            sentence["coverage"].as_f64().unwrap_or_default(),
            text(&sentence["text"])
        );
    }
}
