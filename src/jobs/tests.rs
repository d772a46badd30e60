//! Jobs under a clock that is turned by hand.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::json;

use super::*;
use crate::shutdown::Shutdown;

struct Room {
    jobs: Jobs,
    clock: Clock,
    _folder: tempfile::TempDir,
}

fn room() -> Room {
    let folder = tempfile::tempdir().expect("temp dir");
    let clock = Clock::by_hand(Instant(1_000_000));
    let jobs = Jobs::new(Store::open(folder.path()).expect("opens"), clock.clone());
    Room { jobs, clock, _folder: folder }
}

fn job(key: Option<&str>) -> NewJob {
    let key = key.map(str::to_string);
    NewJob { kind: "greet", key, payload: json!({"to": "you"}), run_at: Instant(0) }
}

/// Waits for what must become true soon.
async fn soon<F: Future<Output = bool>>(what: &str, mut check: impl FnMut() -> F) {
    for _ in 0..500 {
        if check().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("never: {what}");
}

/// A handler that fails a number of times, and counts its tries.
fn failing(times: u32, failure: Failure) -> (Handlers, Arc<AtomicU32>) {
    let tries = Arc::new(AtomicU32::new(0));
    let counted = tries.clone();
    let handlers = Handlers::default().with("greet", move |job| {
        let failure = failure.clone();
        let n = counted.fetch_add(1, Ordering::SeqCst);
        assert_eq!(job.payload["to"], "you");
        async move { if n < times { Err(failure) } else { Ok(()) } }
    });
    (handlers, tries)
}

#[tokio::test]
async fn a_job_is_done_once_and_its_key_keeps_it_from_being_done_again() {
    let room = room();
    let (handlers, tries) = failing(0, Failure::Later(String::new()));
    let (stop, shutdown) = Shutdown::new();
    for _ in 0..3 {
        room.jobs.enqueue(job(Some("a"))).await.expect("stored");
    }
    let running = tokio::spawn(room.jobs.clone().run(handlers, shutdown));
    soon("it is done", || async { tries.load(Ordering::SeqCst) == 1 }).await;
    soon("it is off the list", || async { room.jobs.list().await.expect("reads").is_empty() })
        .await;
    room.jobs.enqueue(job(Some("a"))).await.expect("stored");
    room.jobs.enqueue(job(None)).await.expect("stored");
    soon("the next is done", || async { tries.load(Ordering::SeqCst) == 2 }).await;
    stop.now();
    running.await.expect("stops");
    assert_eq!(tries.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn what_fails_is_tried_again_after_a_pause_that_grows() {
    let room = room();
    let (handlers, tries) = failing(2, Failure::Later("busy".into()));
    let (_stop, shutdown) = Shutdown::new();
    room.jobs.enqueue(job(None)).await.expect("stored");
    tokio::spawn(room.jobs.clone().run(handlers, shutdown));
    let waits = || async {
        room.jobs.list().await.expect("reads").first().is_some_and(|j| j.state == "waiting")
    };
    soon("the first try failed", || async { tries.load(Ordering::SeqCst) == 1 && waits().await })
        .await;
    let listed = room.jobs.list().await.expect("reads").remove(0);
    assert_eq!((listed.error.as_deref(), listed.attempts), (Some("busy"), 1));
    let pause = listed.run_at.since(room.clock.now());
    assert!(pause >= Duration::from_millis(2_500) && pause <= Duration::from_secs(5), "{pause:?}");
    room.clock.advance(Duration::from_secs(1));
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(tries.load(Ordering::SeqCst), 1, "not before its time");
    room.clock.advance(Duration::from_secs(5));
    soon("the second try failed", || async { tries.load(Ordering::SeqCst) == 2 && waits().await })
        .await;
    room.clock.advance(Duration::from_secs(11));
    soon("the third is the last", || async { room.jobs.list().await.expect("reads").is_empty() })
        .await;
    assert_eq!(tries.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn what_will_never_work_is_put_aside_and_can_be_retried() {
    let room = room();
    let (handlers, tries) = failing(1, Failure::Never("no such address".into()));
    let (_stop, shutdown) = Shutdown::new();
    room.jobs.enqueue(job(None)).await.expect("stored");
    tokio::spawn(room.jobs.clone().run(handlers, shutdown));
    let dead = || async {
        room.jobs.list().await.expect("reads").first().is_some_and(|j| j.state == "dead")
    };
    soon("it is dead", dead).await;
    room.clock.advance(Duration::from_secs(1_000_000));
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(tries.load(Ordering::SeqCst), 1, "the dead stay dead");
    let id = room.jobs.list().await.expect("reads")[0].id;
    assert!(room.jobs.retry(id, "ana").await.expect("stored"));
    assert!(!room.jobs.retry(id, "ana").await.expect("stored"), "only once");
    soon("it is done", || async { room.jobs.list().await.expect("reads").is_empty() }).await;
    assert_eq!(tries.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn an_abandoned_job_is_taken_up_when_its_lease_has_run_out() {
    let room = room();
    room.jobs.enqueue(job(None)).await.expect("stored");
    // Claimed by a server that died.
    let now = room.clock.now();
    let claimed = room
        .jobs
        .store
        .write(move |db| table::claim(db, 9, &table::Busy::default(), now), |_| {})
        .await;
    assert_eq!(claimed.expect("claimed").len(), 1);
    let (handlers, tries) = failing(0, Failure::Later(String::new()));
    let (_stop, shutdown) = Shutdown::new();
    tokio::spawn(room.jobs.clone().run(handlers, shutdown));
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(tries.load(Ordering::SeqCst), 0, "it belongs to the other one still");
    room.clock.advance(table::LEASE);
    soon("it is done", || async { tries.load(Ordering::SeqCst) == 1 }).await;
}

#[tokio::test]
async fn a_job_that_panics_or_is_of_an_unknown_kind_harms_no_other() {
    let room = room();
    let (handlers, tries) = failing(0, Failure::Later(String::new()));
    let handlers = handlers.with("break", |_| async { panic!("as it must") });
    let (_stop, shutdown) = Shutdown::new();
    for kind in ["break", "strange", "greet"] {
        room.jobs.enqueue(NewJob { kind, ..job(None) }).await.expect("stored");
    }
    tokio::spawn(room.jobs.clone().run(handlers, shutdown));
    soon("the good one is done", || async { tries.load(Ordering::SeqCst) == 1 }).await;
    let states = || async {
        let mut all: Vec<_> =
            room.jobs.list().await.expect("reads").into_iter().map(|j| (j.kind, j.state)).collect();
        all.sort();
        all
    };
    let wanted = [("break", "waiting"), ("strange", "dead")].map(|(a, b)| (a.into(), b.into()));
    soon("the others are settled", || async { states().await == wanted }).await;
}

#[tokio::test]
async fn what_hangs_in_a_lane_keeps_only_its_own_lane_waiting() {
    let room = room();
    let (opened, gate) = watch::channel(false);
    let done = Arc::new(std::sync::Mutex::new(Vec::new()));
    let noted = done.clone();
    let handlers = Handlers::default().with("greet", move |job| {
        let (mut gate, noted) = (gate.clone(), noted.clone());
        async move {
            let name = job.payload["name"].as_str().expect("a name").to_string();
            if name.starts_with("hanging") {
                let _ = gate.wait_for(|open| *open).await;
            }
            noted.lock().expect("whole").push(name);
            Ok(())
        }
    });
    let now = room.clock.now();
    let add = |lane: &'static str, name: String| {
        let payload = json!({ "name": name });
        let new = NewJob { kind: "greet", key: None, payload, run_at: Instant(0) };
        room.jobs.store.write(move |db| enqueue_in(db, lane, &new, now), |_| {})
    };
    for lane in ["a", "b", "c", "d", "e", "f"] {
        for n in 0..3 {
            add(lane, format!("hanging {lane} {n}")).await.expect("stored");
        }
    }
    for n in 0..6 {
        add("g", format!("quick {n}")).await.expect("stored");
        add("", format!("common {n}")).await.expect("stored");
    }
    let (_stop, shutdown) = Shutdown::new();
    tokio::spawn(room.jobs.clone().run(handlers, shutdown));
    let count =
        |of: &str| done.lock().expect("whole").iter().filter(|name| name.starts_with(of)).count();
    soon("all the others are done", || async { count("quick") == 6 && count("common") == 6 }).await;
    let running = || async {
        let all = room.jobs.list().await.expect("reads");
        all.iter().filter(|job| job.state == "running").count()
    };
    soon("each lane has one under way", || async { running().await == 6 }).await;
    assert_eq!(count("hanging"), 0);
    let order: Vec<String> = done.lock().expect("whole").clone();
    let quick: Vec<_> = order.iter().filter(|name| name.starts_with("quick")).collect();
    assert!(quick.is_sorted(), "a lane keeps its order: {quick:?}");
    opened.send_replace(true);
    soon("and the rest", || async { count("hanging") == 18 }).await;
}

const HOUR: Duration = Duration::from_secs(60 * 60);

#[tokio::test]
async fn jobs_do_not_wait_for_a_clock_that_was_set_back() {
    let room = room();
    let later = room.clock.now().plus(HOUR * 2);
    room.jobs.enqueue(NewJob { run_at: room.clock.now(), ..job(None) }).await.expect("stored");
    room.jobs.enqueue(NewJob { run_at: later, ..job(None) }).await.expect("stored");
    room.clock.set_back(HOUR);
    let (handlers, tries) = failing(0, Failure::Later(String::new()));
    let (_stop, shutdown) = Shutdown::new();
    tokio::spawn(room.jobs.clone().run(handlers, shutdown));
    let left = || async { room.jobs.list().await.expect("reads") };
    let done = || async { tries.load(Ordering::SeqCst) == 1 && left().await.len() == 1 };
    soon("the first is done", done).await;
    let rest = left().await;
    let waits = rest[0].run_at.since(room.clock.now());
    assert_eq!(waits, HOUR * 2, "the other still waits as long as it was told to");
}

#[tokio::test]
async fn pauses_and_leases_of_a_clock_that_was_set_back_are_no_longer_than_there_are() {
    let room = room();
    room.jobs.enqueue(job(None)).await.expect("stored");
    let claim = |now: Instant| {
        room.jobs.store.write(move |db| table::claim(db, 1, &table::Busy::default(), now), |_| {})
    };
    // Claimed by a server that died, whose clock was a day ahead.
    let ahead = room.clock.now().plus(HOUR * 24);
    assert_eq!(claim(ahead).await.expect("claimed").len(), 1);
    let (handlers, tries) = failing(0, Failure::Later(String::new()));
    let (_stop, shutdown) = Shutdown::new();
    tokio::spawn(room.jobs.clone().run(handlers, shutdown));
    let bounded = || async {
        room.jobs
            .store
            .read(|db| table::next_due(db, &table::Busy::default()))
            .await
            .expect("reads")
            == Some(room.clock.now().plus(table::LEASE))
    };
    soon("the lease is as long as leases are", bounded).await;
    room.clock.advance(table::LEASE);
    soon("it is done", || async { tries.load(Ordering::SeqCst) == 1 }).await;
}

#[tokio::test]
async fn a_clock_set_forth_does_not_do_twice_what_is_under_way() {
    let room = room();
    let begun = Arc::new(AtomicU32::new(0));
    let (go, gone) = watch::channel(false);
    let counted = begun.clone();
    let handlers = Handlers::default().with("greet", move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
        let mut gone = gone.clone();
        async move {
            let _ = gone.wait_for(|go| *go).await;
            Ok(())
        }
    });
    let (_stop, shutdown) = Shutdown::new();
    room.jobs.enqueue(job(None)).await.expect("stored");
    tokio::spawn(room.jobs.clone().run(handlers, shutdown));
    soon("it is begun", || async { begun.load(Ordering::SeqCst) == 1 }).await;
    room.clock.advance(HOUR);
    // A second job shows that the runner has looked again.
    room.jobs.enqueue(job(None)).await.expect("stored");
    soon("the second is begun", || async { begun.load(Ordering::SeqCst) == 2 }).await;
    go.send_replace(true);
    soon("both are done", || async { room.jobs.list().await.expect("reads").is_empty() }).await;
    assert_eq!(begun.load(Ordering::SeqCst), 2, "each once");
}
