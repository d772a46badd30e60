//! What became of the clients, counted in room that does not grow with them.

use super::super::{End, Ending, Figures};
use serde_json::{Value, json};
use std::sync::Mutex;
use std::time::Duration;

/// Microseconds of a class of waits.
const CLASS: u64 = 10;
/// Waits up to 200 ms are told apart; the last class is all others.
const CLASSES: usize = 20_000;

/// See the module.
pub(super) struct Seen(Mutex<Counts>);

#[derive(Default)]
struct Counts {
    whole: u64,
    late: u64,
    left: u64,
    written: u64,
    /// By [`CLASS`].
    refused: Vec<u64>,
    most_seated: u64,
    most_waiting: u64,
}

impl Default for Seen {
    fn default() -> Self {
        Self(Mutex::new(Counts { refused: vec![0; CLASSES], ..Counts::default() }))
    }
}

impl Seen {
    /// Somebody heard the end.
    pub fn ended(&self, ending: Ending) {
        let mut counts = self.0.lock().unwrap();
        match ending.why {
            End::Stop | End::Length => counts.whole += 1,
            End::Deadline => counts.late += 1,
            End::Cancelled | End::Failed => panic!("somebody who listened was told {ending:?}"),
        }
        counts.written += ending.written_tokens as u64;
    }

    /// Somebody left before the end.
    pub fn left(&self) {
        self.0.lock().unwrap().left += 1;
    }

    /// Somebody was told `Busy` after so long.
    pub fn refused(&self, after: Duration) {
        let class = after.as_micros() as u64 / CLASS;
        self.0.lock().unwrap().refused[(class as usize).min(CLASSES - 1)] += 1;
    }

    /// How it is now.
    pub fn look(&self, now: &Figures) {
        let mut counts = self.0.lock().unwrap();
        counts.most_seated = counts.most_seated.max(now.seated);
        counts.most_waiting = counts.most_waiting.max(now.waiting);
    }

    /// Most seats that were taken, and most that waited.
    pub fn most(&self) -> (u64, u64) {
        let counts = self.0.lock().unwrap();
        (counts.most_seated, counts.most_waiting)
    }

    /// Else little was shown.
    pub fn assert_all_kinds_were_there(&self) {
        let counts = self.0.lock().unwrap();
        let refused: u64 = counts.refused.iter().sum();
        for (kind, count) in [("whole", counts.whole), ("left", counts.left), ("refused", refused)]
        {
            assert!(count > 0, "nobody was {kind}");
        }
    }

    /// All of it.
    pub fn told(&self) -> Value {
        let counts = self.0.lock().unwrap();
        json!({
            "heard_the_end": counts.whole,
            "ended_by_deadline": counts.late,
            "left_before": counts.left,
            "tokens_of_whole_replies": counts.written,
            "busy": counts.refused.iter().sum::<u64>(),
            "busy_p50_ms": share(&counts.refused, 0.5),
            "busy_p99_ms": share(&counts.refused, 0.99),
            "busy_slowest_ms": share(&counts.refused, 1.0),
            "most_seated": counts.most_seated,
            "most_waiting": counts.most_waiting,
        })
    }
}

/// The wait in milliseconds that so large a share of them did not exceed.
fn share(classes: &[u64], share: f64) -> Option<f64> {
    let all: u64 = classes.iter().sum();
    let wanted = (all as f64 * share).ceil() as u64;
    let mut below = 0;
    let class = classes.iter().position(|count| {
        below += count;
        all > 0 && below >= wanted
    });
    class.map(|class| (class as u64 + 1) as f64 * CLASS as f64 / 1e3)
}

/// Bytes of this process in memory, by Linux's own account.
pub(super) fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024)
}

#[test]
fn shares_of_waits_are_told_by_their_class() {
    let classes = [98, 1, 0, 1];
    assert_eq!(share(&classes, 0.5), Some(0.01));
    assert_eq!(share(&classes, 0.99), Some(0.02));
    assert_eq!(share(&classes, 1.0), Some(0.04));
    assert_eq!(share(&[0, 0], 0.99), None);
}
