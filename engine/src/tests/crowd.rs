//! A crowd at the writer: more clients than it has seats and places to wait, most of whom read a part
//! and vanish. The default run brings them to a tiny model for a few seconds; `./test engine-crowd` to
//! the real one for minutes, and prints what it measured as one JSON object.

mod client;
mod seen;

use super::*;
use crate::models::tests::writer_file;
use crate::random::Random;
use client::{SAYS, visit};
use seen::{Seen, resident};
use serde_json::json;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const CLIENTS: u64 = 64;
const SEATS: usize = 8;
const WAITING: usize = 16;
const CONTEXT: usize = 2048;
/// Most that the process may grow by after it has warmed up, in bytes.
const ROOM: u64 = 16 << 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_stops_half_way_and_vanishes_leaves_nothing_behind() {
    let folder = std::env::temp_dir().join(format!("crowd-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let gguf = folder.join("tiny.gguf");
    std::fs::write(&gguf, tiny::file(2)).unwrap();
    // A token of it takes 512 bytes, and it remembers 512 of them at most.
    let engine = open(&gguf, 512, 512);
    std::fs::remove_dir_all(&folder).unwrap();
    fill(&engine, 512).await;
    let seen = come(&engine, Duration::from_secs(2)).await;
    assert_nothing_is_left(&engine, &seen).await;
    fill(&engine, 512).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes ten minutes; `./test engine-crowd`"]
async fn in_full() {
    let minutes = std::env::var("FLOORWALKER_CROWD_MINUTES").ok().and_then(|n| n.parse().ok());
    let time = Duration::from_secs_f64(60.0 * minutes.unwrap_or(10.0));
    let gguf = writer_file().gguf;
    let engine = open(&gguf, CONTEXT, 23_040);
    // All its memory is taken once, and every kind of client was here, before anything is compared.
    fill(&engine, CONTEXT).await;
    come(&engine, (time / 10).min(Duration::from_secs(30))).await;
    let before = resident();
    let seen = come(&engine, time).await;
    assert_nothing_is_left(&engine, &seen).await;
    let after = resident();
    let filled = fill(&engine, CONTEXT).await;
    let megabytes = |bytes: Option<u64>| bytes.map(|bytes| bytes as f64 / 1e6);
    let mut told = seen.told();
    let model = gguf.file_name().map(|name| name.to_string_lossy().into_owned());
    told["model"] = json!(model);
    told["clients"] = json!(CLIENTS);
    told["minutes"] = json!(time.as_secs_f64() / 60.0);
    told["seats"] = json!(SEATS);
    told["places_to_wait"] = json!(WAITING);
    told["rss_mb_before"] = json!(megabytes(before));
    told["rss_mb_after"] = json!(megabytes(after));
    told["tokens_of_a_chat_that_took_all_memory_afterwards"] = json!(filled);
    println!("{told}");
    if let (Some(before), Some(after)) = (before, after) {
        assert!(after < before + ROOM, "from {before} to {after} bytes");
    }
}

/// An engine whose memory one chat of `context` tokens fills to its last two pages of sixteen.
fn open(gguf: &Path, context: usize, token_bytes: usize) -> Engine {
    let options = Options {
        waiting: WAITING,
        seats: SEATS,
        context,
        memory: (context + 32) * token_bytes,
        ..Options::default()
    };
    let writer = Ok(WriterFile { gguf: gguf.to_owned() });
    let engine = Engine::start(&Models { writer, ..Models::default() }, &options);
    assert!(engine.health().writer.ready, "{:?}", engine.health());
    engine
}

/// The crowd comes and goes for this long.
async fn come(engine: &Engine, time: Duration) -> Arc<Seen> {
    let seen = Arc::new(Seen::default());
    let closing = Arc::new(AtomicBool::new(false));
    let watch = std::thread::spawn({
        let (engine, seen, closing) = (engine.clone(), seen.clone(), closing.clone());
        move || {
            while !closing.load(Ordering::Relaxed) {
                seen.look(&engine.figures());
                std::thread::sleep(Duration::from_millis(1));
            }
        }
    });
    let until = Instant::now() + time;
    let clients = (0..CLIENTS).map(|client| {
        let (engine, seen) = (engine.clone(), seen.clone());
        tokio::spawn(async move {
            let mut random = Random::new(client * 1_000_003 + 17);
            while Instant::now() < until {
                visit(&engine, &mut random, &seen).await;
            }
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await.unwrap();
    }
    closing.store(true, Ordering::Relaxed);
    watch.join().unwrap();
    seen
}

/// Nobody has a seat or waits, and there never were more than may.
async fn assert_nothing_is_left(engine: &Engine, seen: &Seen) {
    // Whoever vanished last is noticed within one step.
    let mut looks = 0;
    while let Figures { seated: 1.., .. } | Figures { waiting: 1.., .. } = engine.figures() {
        looks += 1;
        assert!(looks < 1000, "somebody is stuck: {:?}", engine.figures());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let (seated, waiting) = seen.most();
    assert!(seated <= SEATS as u64 && waiting <= WAITING as u64, "{seated} and {waiting}");
    seen.assert_all_kinds_were_there();
}

/// A chat that needs all of the memory there is: a page that was lost would be missing. Returns its
/// tokens.
async fn fill(engine: &Engine, context: usize) -> usize {
    let mut words = context;
    loop {
        let text = format!("{} {}", SAYS[0], "word ".repeat(words));
        match engine.generate(with(context, question(&text))) {
            // A word is five tokens at most.
            Err(Refusal::TooLong { tokens, limit }) => words -= (tokens - limit).div_ceil(5),
            Err(other) => panic!("{other}"),
            Ok(reply) => {
                let (_, ending) = reply.collect().await;
                assert!(matches!(ending.why, End::Length | End::Stop), "{ending:?}");
                assert!(ending.prompt_tokens + 8 > context, "{ending:?}");
                return ending.prompt_tokens + ending.written_tokens;
            }
        }
    }
}
