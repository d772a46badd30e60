//! What the server counts and measures, for the operator's monitoring. Names, units and buckets are
//! here and in `engine`; nobody else names a figure. No figure carries an id, a name or an address.

pub mod engine;

use std::sync::OnceLock;
use std::time::Duration;

use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

const ACKED: &str = "floorwalker_messages_acked_total";
const ACK_SECONDS: &str = "floorwalker_ack_seconds";
const REPLIES: &str = "floorwalker_replies_total";
const FIRST_SENTENCE: &str = "floorwalker_first_sentence_seconds";
const TURNS: &str = "floorwalker_turns_under_way";
const SOCKETS: &str = "floorwalker_sockets_open";
const QUEUE: &str = "floorwalker_chats_waiting_for_a_person";
const JOBS: &str = "floorwalker_jobs";
const MAIL_SENT: &str = "floorwalker_mail_sent_total";
const MAIL_FAILED: &str = "floorwalker_mail_failed_total";
const DATABASE: &str = "floorwalker_database_bytes";

/// Upper bounds of the histograms, in seconds: an acknowledgement takes milliseconds, a sentence about
/// one second, and what takes half a minute has gone wrong.
const BOUNDS: [f64; 13] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0];

/// How often what was measured is put into its buckets; without it every measurement is kept.
const UPKEEP: Duration = Duration::from_secs(5);

/// The one recorder of this process: the facade knows no other kind.
fn recorder() -> &'static PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    RECORDER.get_or_init(|| {
        let seconds = Matcher::Suffix("_seconds".into());
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(seconds, &BOUNDS)
            .expect("there are bounds")
            .build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("another recorder is installed: /metrics stays empty");
        }
        describe();
        handle
    })
}

fn describe() {
    describe_counter!(ACKED, "Visitors' messages that were stored and acknowledged.");
    describe_histogram!(ACK_SECONDS, "From hearing a visitor's message to its acknowledgement.");
    describe_counter!(REPLIES, "Replies of the bot that were completed.");
    describe_histogram!(FIRST_SENTENCE, "From the start of a turn to its first verified sentence.");
    describe_gauge!(TURNS, "Replies being made.");
    describe_gauge!(SOCKETS, "Open sockets, by who is at the other end.");
    describe_gauge!(QUEUE, "Chats that wait for a person.");
    describe_gauge!(JOBS, "Jobs in the background, by how they stand.");
    describe_counter!(MAIL_SENT, "Letters that a mail server took.");
    describe_counter!(MAIL_FAILED, "Tries to send a letter that failed.");
    describe_gauge!(DATABASE, "The database's file and its write-ahead log.");
    engine::describe();
    for kind in ["visitor", "staff"] {
        gauge!(SOCKETS, "kind" => kind).set(0.0);
    }
    for name in [ACKED, REPLIES, MAIL_SENT, MAIL_FAILED] {
        counter!(name).increment(0);
    }
    gauge!(TURNS).set(0.0);
}

/// Keeps the figures in order for as long as it is polled.
pub async fn keep() {
    loop {
        recorder().run_upkeep();
        tokio::time::sleep(UPKEEP).await;
    }
}

/// All figures as Prometheus reads them.
pub fn text() -> String {
    recorder().render()
}

/// A visitor's message was acknowledged.
pub fn acked(after: Duration) {
    counter!(ACKED).increment(1);
    histogram!(ACK_SECONDS).record(after.as_secs_f64());
}

/// A reply was completed.
pub fn replied() {
    counter!(REPLIES).increment(1);
}

/// The first sentence of a reply was said.
pub fn first_sentence(after: Duration) {
    histogram!(FIRST_SENTENCE).record(after.as_secs_f64());
}

/// A letter left, or did not.
pub fn mailed(sent: bool) {
    counter!(if sent { MAIL_SENT } else { MAIL_FAILED }).increment(1);
}

/// What the database says when it is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Standing {
    /// Chats that wait for a person.
    pub queue: u32,
    /// Jobs that wait or run.
    pub jobs_waiting: u32,
    /// Jobs that failed for good.
    pub jobs_dead: u32,
    /// Bytes on disk.
    pub database: u64,
}

/// Shows what the database says.
pub fn standing(now: Standing) {
    gauge!(QUEUE).set(now.queue);
    gauge!(JOBS, "state" => "waiting").set(now.jobs_waiting);
    gauge!(JOBS, "state" => "dead").set(now.jobs_dead);
    // Exact up to 2^53 bytes.
    gauge!(DATABASE).set(now.database as f64);
}

/// One of something that is under way; it is counted until this is dropped.
pub struct Counted(metrics::Gauge);

impl Counted {
    /// A reply being made.
    pub fn turn() -> Self {
        Self::of(gauge!(TURNS))
    }

    /// An open socket: `visitor` or `staff`.
    pub fn socket(kind: &'static str) -> Self {
        Self::of(gauge!(SOCKETS, "kind" => kind))
    }

    fn of(gauge: metrics::Gauge) -> Self {
        gauge.increment(1.0);
        Self(gauge)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}
