//! What is measured of a crowd: the server's memory, when clients are let go, how long others wait.

use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::sync::oneshot;

use crate::harness::{PRICE, Program, THANKS, Visitor};

/// Between two messages of somebody who writes meanwhile.
const PAUSE: Duration = Duration::from_millis(200);

/// Resident memory of the program in bytes, where the system tells.
pub fn resident(program: &Program) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", program.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// When clients of one kind were let go.
#[derive(Debug, Serialize)]
pub struct LetGo {
    /// How many were.
    pub let_go: usize,
    /// The last one, in seconds after it came.
    pub slowest_s: f64,
}

impl LetGo {
    /// Of the times each was let go after.
    pub fn of(times: Vec<Duration>) -> Self {
        let slowest = times.iter().max().copied().unwrap_or_default();
        Self { let_go: times.len(), slowest_s: slowest.as_secs_f64() }
    }
}

/// How long somebody waited for acknowledgements, and for one answer from the shop's records.
#[derive(Debug, Serialize)]
pub struct Waits {
    acks: usize,
    ack_median_ms: f64,
    ack_most_ms: f64,
    answer_ms: f64,
}

impl Waits {
    /// How many messages were acknowledged.
    pub fn asked(&self) -> usize {
        self.acks
    }

    /// Asks once and writes `count` messages.
    pub async fn of(program: &Program, count: usize) -> Self {
        let mut visitor = Visitor::arrive_at(program.address).await;
        let answer = answered(&mut visitor).await;
        let mut acks = Vec::new();
        while acks.len() < count {
            acks.push(acknowledged(&mut visitor).await);
        }
        Self::told(answer, acks)
    }

    /// Asks once and writes until told that it is enough, at least once.
    pub async fn until(program: &Program, mut enough: oneshot::Receiver<()>) -> Self {
        let mut visitor = Visitor::arrive_at(program.address).await;
        let answer = answered(&mut visitor).await;
        let mut acks = vec![acknowledged(&mut visitor).await];
        while enough.try_recv().is_err() {
            acks.push(acknowledged(&mut visitor).await);
        }
        Self::told(answer, acks)
    }

    fn told(answer: Duration, mut acks: Vec<Duration>) -> Self {
        acks.sort_unstable();
        let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
        Self {
            acks: acks.len(),
            ack_median_ms: ms(acks[acks.len() / 2]),
            ack_most_ms: ms(acks[acks.len() - 1]),
            answer_ms: ms(answer),
        }
    }
}

async fn answered(visitor: &mut Visitor) -> Duration {
    let began = Instant::now();
    let asked = visitor.say(PRICE.0).await;
    let reply = visitor.reply_to(asked).await;
    assert!(reply.text.contains(PRICE.1), "{}", reply.text);
    began.elapsed()
}

async fn acknowledged(visitor: &mut Visitor) -> Duration {
    tokio::time::sleep(PAUSE).await;
    let began = Instant::now();
    visitor.say(THANKS).await;
    began.elapsed()
}
