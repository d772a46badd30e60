//! What the models cost on this machine. `cargo bench -p floorwalker-engine --bench speed`, with
//! the models in `FLOORWALKER_MODELS` or the usual place. Prints a line a measure, then one JSON
//! object: medians of several rounds.

use floorwalker_engine::{ChatPrompt, Engine, Models, Options, Token, Turn, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

const ROUNDS: usize = 5;

#[tokio::main]
async fn main() {
    let root = std::env::var_os("FLOORWALKER_MODELS").map(PathBuf::from).unwrap_or_else(|| {
        std::env::home_dir().unwrap_or_default().join(".cache/floorwalker/models")
    });
    let threads = std::env::var("THREADS").ok().and_then(|n| n.parse().ok());
    let mut options = Options::default();
    options.threads = threads.unwrap_or(options.threads);
    let began = Instant::now();
    let engine = Engine::start(&Models::in_folder(&root), &options);
    let loading = began.elapsed();
    let health = engine.health();
    if !health.encoder.ready || !health.writer.ready {
        eprintln!("skipped: {:?} {:?}", health.encoder.why, health.writer.why);
        return;
    }
    let mut report = Report(serde_json::Map::new());
    report.put("threads", options.threads as f64);
    report.put("load_ms", milliseconds(loading));
    report.put("loaded_rss_mib", resident("VmRSS"));
    writer(&engine, &mut report).await;
    encoder(&engine, &mut report).await;
    report.put("rss_mib", resident("VmRSS"));
    report.put("peak_rss_mib", resident("VmHWM"));
    println!("{}", serde_json::Value::Object(report.0));
}

async fn writer(engine: &Engine, report: &mut Report) {
    for tokens in [128, 512] {
        let times = rounds(|round| async move {
            let prompt = filler(round * 7919 + tokens, tokens);
            let began = Instant::now();
            let (_, ending) =
                reply(engine, Write { max_tokens: 1, ..Write::new("", prompt) }).await;
            began.elapsed().div_f64(ending.prompt_tokens as f64)
        });
        report.put(&format!("prompt_{tokens}_tokens_per_s"), 1.0 / times.await.as_secs_f64());
    }
    for chats in [1, 4] {
        let times = rounds(|_| async move {
            let all = (0..chats).map(|i| Write { max_tokens: 65, ..story(i) });
            let began = Instant::now();
            let tasks: Vec<_> = all
                .map(|request| engine.write(request).map(|w| tokio::spawn(after_first(w))))
                .collect();
            let (mut tokens, mut first) = (0, Duration::ZERO);
            for task in tasks.into_iter().flatten() {
                let Ok((at, count)) = task.await else { continue };
                tokens += count;
                first = first.max(at.duration_since(began));
            }
            (began.elapsed() - first).div_f64(tokens as f64)
        });
        report.put(&format!("writing_{chats}_tokens_per_s"), 1.0 / times.await.as_secs_f64());
    }
    let prefix = ChatPrompt::new(&filler(1, 300), &[], &[]).prefix;
    let warm = Write { max_tokens: 1, ..Write::new(prefix.clone(), "x") };
    reply(engine, warm).await;
    let times = rounds(|round| {
        let prompt = filler(round, 100);
        let request = Write { max_tokens: 2, ..Write::new(prefix.clone(), prompt) };
        async move {
            let began = Instant::now();
            if let Ok(mut writing) = engine.write(request) {
                writing.next().await;
            }
            began.elapsed()
        }
    });
    report.put("first_token_400_with_300_cached_ms", milliseconds(times.await));
}

async fn encoder(engine: &Engine, report: &mut Report) {
    let one = || vec!["Is the blue tent in stock, and what does it cost?".to_owned()];
    let many = || vec![filler(3, 30); 32];
    for (name, texts) in [("embed_1_ms", one()), ("embed_32_of_30_tokens_ms", many())] {
        let times = rounds(|_| {
            let texts = texts.clone();
            async move {
                let began = Instant::now();
                engine.embed(texts).await.map_or(Duration::MAX, |_| began.elapsed())
            }
        });
        report.put(name, milliseconds(times.await));
    }
    let import = tokio::spawn({
        let engine = engine.clone();
        async move { engine.embed(vec![filler(5, 80); 200]).await }
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    let mut waits = Vec::new();
    while !import.is_finished() {
        let began = Instant::now();
        if engine.embed(one()).await.is_ok() {
            waits.push(began.elapsed());
        }
    }
    waits.sort();
    report.put("embed_1_during_import_ms", waits.last().map_or(f64::NAN, |t| milliseconds(*t)));
}

/// The median of some rounds.
async fn rounds<F: Future<Output = Duration>>(mut round: impl FnMut(usize) -> F) -> Duration {
    let mut times = Vec::new();
    for i in 0..ROUNDS {
        times.push(round(i).await);
    }
    times.sort();
    times[ROUNDS / 2]
}

async fn reply(engine: &Engine, request: Write) -> (String, floorwalker_engine::Ending) {
    match engine.write(request) {
        Ok(writing) => writing.collect().await,
        Err(refusal) => panic!("{refusal}"),
    }
}

/// When the first text came, and how many tokens followed it.
async fn after_first(mut writing: floorwalker_engine::Writing) -> (Instant, usize) {
    writing.next().await;
    let first = Instant::now();
    loop {
        match writing.next().await {
            Some(Token::End(ending)) => return (first, ending.written_tokens.saturating_sub(1)),
            Some(Token::Text(_)) => {}
            None => return (first, 0),
        }
    }
}

fn story(number: usize) -> Write {
    let text = format!("Tell me a very long story about {number} lighthouses and the sea.");
    let chat = ChatPrompt::new("You are a storyteller.", &[], &[Turn::User(&text)]);
    Write::new(chat.prefix, chat.prompt)
}

/// About so many tokens of text that no kept prefix begins with.
fn filler(seed: usize, tokens: usize) -> String {
    const WORDS: [&str; 8] = ["lamp", "tent", "order", "price", "garden", "green", "small", "open"];
    let mut state = seed as u64 + 1;
    let mut word = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        WORDS[(state >> 61) as usize]
    };
    (0..tokens).map(|_| word()).collect::<Vec<_>>().join(" ")
}

struct Report(serde_json::Map<String, serde_json::Value>);

impl Report {
    fn put(&mut self, name: &str, value: f64) {
        let value = (value * 10.0).round() / 10.0;
        println!("{name:40} {value:>10.1}");
        self.0.insert(name.into(), value.into());
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// MiB of memory, from Linux's own account; NaN elsewhere.
fn resident(field: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(field)).unwrap_or_default();
    let kib = line.split_whitespace().nth(1).and_then(|n| n.parse::<f64>().ok());
    kib.map_or(f64::NAN, |kib| kib / 1024.0)
}
