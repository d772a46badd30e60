//! `floorwalker eval answers`: a shop's golden questions through the pipeline that serves visitors.

mod golden;
mod report;
mod wordings;

use std::path::PathBuf;
use std::time::Instant as Clock;

use anyhow::Context as _;
use clap::Args;

use crate::answer::{Answerer, Drafts, Style, verify};
use crate::app;
use crate::domain::reply::{Context, Plan};
use crate::domain::time::Instant;
use crate::domain::tone::Tone;
use crate::protocol::present::worded_by;

use golden::Golden;
use report::{Judged, Report};

/// Ask a shop's golden questions and judge the replies
#[derive(Debug, Args)]
#[command(
    after_help = "Right: the decision is the expected one and, for an answer, every `must` is spelled in one of its \
ways, no `must_not` is, and an expected source is cited.\n\n\
Example:\n  floorwalker eval answers --shop knowledge/demo --misses"
)]
pub struct Answers {
    /// The shop's folder, with golden.jsonl in it
    #[arg(long, value_name = "DIR")]
    shop: PathBuf,
    /// Another file of golden questions
    #[arg(long, value_name = "FILE")]
    golden: Option<PathBuf>,
    /// A folder to keep what is learned from the shop, so that the next run begins at once
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Say facts in their own words only, without the model that writes
    #[arg(long)]
    facts: bool,
    /// Print the summary as one line of JSON only
    #[arg(long)]
    json: bool,
    /// Print the summary as a Markdown table
    #[arg(long, conflicts_with = "json")]
    table: bool,
    /// Also print every question that was not answered rightly
    #[arg(long)]
    misses: bool,
    /// Also print what the model proposed for each fact, and why it was refused
    #[arg(long, conflicts_with = "facts")]
    drafts: bool,
    /// Print a Markdown table of N sentences as the model words them beside the shop's own words
    #[arg(long, value_name = "N", conflicts_with_all = ["json", "table", "facts"])]
    pairs: Option<usize>,
    #[command(flatten)]
    chosen: crate::cli::engine::Chosen,
}

impl Answers {
    /// Loads the shop into a temporary place and asks.
    pub fn run(self) -> anyhow::Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(self.evaluate())
    }

    async fn evaluate(self) -> anyhow::Result<()> {
        let file = self.golden.clone().unwrap_or_else(|| self.shop.join("golden.jsonl"));
        let questions = golden::read(&file)?;
        let folder = tempfile::tempdir()?;
        let engine = crate::cli::engine::start(self.chosen.writer.as_ref())?;
        let bar = crate::cli::engine::embedding_bar();
        let data = self.data.as_deref().unwrap_or(folder.path());
        let progress = |done: usize, of: usize| {
            bar.set_length(of as u64);
            bar.set_position(done as u64);
        };
        let answerer = app::answers(data, &self.shop, engine, progress)
            .await
            .with_context(|| format!("cannot load the shop in {}", self.shop.display()))?;
        bar.finish_and_clear();
        answerer.warm(Tone::default()).await;
        let whole_shop = answerer.everything_said();
        let bar = indicatif::ProgressBar::new(questions.len() as u64);
        let mut report = Report::default();
        let mut pairs = Vec::new();
        for golden in &questions {
            let (judged, drafts) = ask(&answerer, golden, &whole_shop, self.facts).await;
            if self.drafts {
                bar.suspend(|| drafts.iter().for_each(wordings::print_drafts));
            }
            pairs.extend(drafts.iter().filter_map(wordings::pair));
            if self.misses && (!judged.right || !judged.unsupported.is_empty()) {
                bar.suspend(|| judged.print(golden));
            }
            report.add(golden, judged);
            bar.inc(1);
        }
        bar.finish_and_clear();
        let summary = report.json();
        if let Some(count) = self.pairs {
            println!("{}", wordings::table(&pairs, count));
        } else if self.table {
            println!("{}", report.table());
        } else if self.json {
            println!("{summary}");
        } else {
            println!("{summary:#}");
        }
        Ok(())
    }
}

/// Asks one question after its earlier turns and judges the reply.
async fn ask(
    answerer: &Answerer,
    golden: &Golden,
    whole_shop: &[String],
    own_words: bool,
) -> (Judged, Vec<Drafts>) {
    let mut context = Context::default();
    for turn in &golden.turns {
        context =
            answerer.plan(std::slice::from_ref(turn), &context, Instant::now()).await.plan.context;
    }
    let began = Clock::now();
    let planned =
        answerer.plan(std::slice::from_ref(&golden.question), &context, Instant::now()).await;
    let mut first_sentence = None;
    let mut texts: Vec<String> = Vec::new();
    let mut wordings = Vec::new();
    let mut all_drafts = Vec::new();
    for fact in &planned.plan.facts {
        let last = texts.last().cloned().unwrap_or_default();
        let patience = if texts.is_empty() { Style::FIRST } else { Style::NEXT };
        let style = Style { last, patience, ..Style::default() };
        let sentence = match own_words {
            true => answerer.own_words(fact, &style),
            false => {
                let drafts = answerer.draft(fact, &style).await;
                let sentence = drafts.sentence(&style.last);
                all_drafts.push(drafts);
                sentence
            }
        };
        first_sentence.get_or_insert_with(|| began.elapsed().as_secs_f64() * 1_000.0);
        texts.push(sentence.text);
        wordings.push(sentence.generated);
    }
    let text = texts.join(" ");
    let Plan { decision, .. } = planned.plan;
    let said: Vec<&str> = planned.plan.facts.iter().map(|fact| fact.text.as_str()).collect();
    let reading = answerer.reading();
    let unsupported = verify::unsupported(&text, &said, &reading);
    let shop: Vec<&str> =
        whole_shop.iter().map(String::as_str).chain([golden.question.as_str()]).collect();
    let invented = if unsupported.is_empty() {
        Vec::new()
    } else {
        let nowhere = verify::unsupported(&text, &shop, &reading);
        unsupported.iter().filter(|claim| nowhere.contains(claim)).cloned().collect()
    };
    let sources: Vec<String> = planned.plan.sources().into_iter().map(|source| source.id).collect();
    let own: Vec<String> = all_drafts.iter().map(|d| d.fact.text.clone()).collect();
    let judged = Judged {
        right: golden.is_right(decision, &text, &sources),
        decision,
        generated: worded_by(&planned.plan, wordings.into_iter()),
        reworded: text != own.join(" "),
        text,
        sources,
        unsupported,
        invented,
        understand_and_look_up: planned.understand_ms + planned.look_up_ms,
        first_sentence: first_sentence.unwrap_or_default(),
        total: began.elapsed().as_secs_f64() * 1_000.0,
    };
    (judged, all_drafts)
}
