//! `kill -9` in the middle of everything, again and again: what was acknowledged is in the log once,
//! is answered once, and nothing is ever shown twice. Each time every visitor sends several messages at
//! once and the server dies among them, so that some are stored, some acknowledged, and some neither.
//!
//! `FLOORWALKER_KILL_ROUNDS` says how often (2 unless set), `FLOORWALKER_KILL_SEED` repeats a run:
//! the same moments and the same questions, though the machine will never do them the same way twice.

mod client;
mod verdict;

use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::harness::{Folder, Program, within};
use client::Client;

use verdict::Verdict;

/// Visitors who write at the same time.
const CLIENTS: u32 = 20;
/// For everything that was written to be answered in the end.
const ANSWERED: Duration = Duration::from_secs(300);
/// The burst comes at some moment up to this long after the server opened, in milliseconds.
const LATEST: u64 = 3_000;
/// And the end at some moment up to this long after the burst began, in microseconds: a commit of the
/// group takes a few milliseconds.
const WITHIN: u64 = 60_000;

/// Repeatable randomness: SplitMix64 (Steele, Lea, Flood 2014).
pub struct Dice(u64);

impl Dice {
    /// A number below `sides`.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }
}

fn from_env(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is a number, not `{text}`")))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_being_killed_at_any_moment() {
    let rounds = from_env("FLOORWALKER_KILL_ROUNDS").unwrap_or(2);
    let seed = from_env("FLOORWALKER_KILL_SEED").unwrap_or_else(rand::random);
    eprintln!("kill: {rounds} rounds, FLOORWALKER_KILL_SEED={seed}");
    let mut dice = Dice(seed);
    let folder = Folder::new().await;
    let (open, address) = watch::channel(None);
    let (burst, bursts) = watch::channel(0);
    let (last_round, no_more) = watch::channel(false);
    let clients: Vec<_> = (0..CLIENTS)
        .map(|number| (number, Dice(seed.wrapping_add(u64::from(number) + 1))))
        .map(|(number, dice)| {
            Client::new(number, dice, address.clone(), bursts.clone(), no_more.clone())
        })
        .map(|client| tokio::spawn(client.run()))
        .collect();

    let mut starts = Vec::new();
    for _ in 0..rounds {
        let program = start(&folder, &mut starts).await;
        open.send_replace(Some(program.address));
        tokio::time::sleep(Duration::from_millis(dice.roll(LATEST))).await;
        burst.send_modify(|count| *count += 1);
        tokio::time::sleep(Duration::from_micros(dice.roll(WITHIN))).await;
        // Whoever is cut off waits for the next address instead of trying this one again.
        open.send_replace(None);
        program.kill();
    }
    let program = start(&folder, &mut starts).await;
    last_round.send_replace(true);
    open.send_replace(Some(program.address));
    let all = futures_util::future::join_all(clients);
    let done = tokio::time::timeout(ANSWERED, all).await.expect("every client has its answers");
    let clients: Vec<Client> =
        done.into_iter().map(|client| client.expect("no client panics")).collect();
    program.stop();
    folder.free().await;

    let verdict = Verdict::of(&folder, &clients);
    starts.sort_unstable();
    let median = starts[starts.len() / 2];
    println!(
        "kill: {rounds} rounds, {CLIENTS} clients, {verdict}, median start {} ms, seed {seed}",
        median.as_millis()
    );
    assert!(verdict.wrong.is_empty(), "seed {seed}:\n  {}", verdict.wrong.join("\n  "));
    assert!(verdict.acknowledged >= CLIENTS as usize, "hardly anything happened: {verdict}");
    assert!(verdict.sent_again > 0, "no message was ever under way at the end: {verdict}");
}

async fn start(folder: &Folder, starts: &mut Vec<Duration>) -> Program {
    let began = Instant::now();
    let path = folder.path().to_path_buf();
    let program = tokio::task::spawn_blocking(move || Program::start(&path));
    let program = within("the program opens", program).await.expect("the program starts");
    starts.push(began.elapsed());
    program
}
