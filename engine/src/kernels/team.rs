//! Threads that share one short job after another: thousands a second, a few microseconds each.
//!
//! The owner of the job works on it itself, and helpers join while it is open. Turns are taken from
//! a counter, so whoever is free takes the next one and nobody is waited for but a helper in the
//! midst of its last turn. On a machine that other processes share, that helper may have lost its
//! processor; the owner then works alone for a while instead of waiting for it in job after job
//! (two threads that wait for each other fall to a seventh of their speed beside one busy
//! neighbour; one alone keeps nearly all of its own).
//!
//! Between jobs helpers spin briefly, then park.

use std::any::Any;
use std::cell::{Cell, UnsafeCell};
use std::hint::spin_loop;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::{JoinHandle, Thread};
use std::time::{Duration, Instant};

/// Turns a thread gets of a job on average: more even out better, fewer cost less.
const TURNS: usize = 6;

/// Rounds of waiting before a helper parks; about a tenth of a millisecond.
const PATIENCE: u32 = 4_000;

/// Rounds of waiting for a helper's last turn before the owner lets go of its processor; about 50
/// microseconds.
const LATE: u32 = 2_000;

/// A helper is late if its last turn takes this many times as long as turns of the job do, and
/// longer than any turn of a short one.
const SLOW: (u32, Duration) = (3, Duration::from_micros(500));

/// How long the owner works alone after a helper was late: doubled each time, up to the second.
const ALONE: (Duration, Duration) = (Duration::from_millis(10), Duration::from_millis(640));

/// The door's lowest bits count the helpers inside.
const OPEN: usize = 1 << 16;
const INSIDE: usize = OPEN - 1;
const NEXT: usize = OPEN << 1;

/// A fixed set of threads, of which the caller is one. One job at a time: it is not `Sync`.
pub(crate) struct Team {
    office: Arc<Office>,
    helpers: Vec<JoinHandle<()>>,
    threads: Vec<Thread>,
    rest: Cell<Rest>,
}

/// When helpers are next asked.
#[derive(Clone, Copy)]
struct Rest {
    /// Until then the owner works alone.
    until: Option<Instant>,
    /// For how long it will if a helper is late soon again.
    next: Duration,
    /// When helpers were asked again.
    since: Option<Instant>,
}

/// What the threads share.
struct Office {
    /// Job number, whether it is open, and how many helpers are inside.
    door: AtomicUsize,
    /// The first item nobody has taken.
    next: AtomicUsize,
    job: UnsafeCell<Option<Job>>,
    asleep: Vec<AtomicBool>,
    closing: AtomicBool,
    panic: Mutex<Option<Box<dyn Any + Send>>>,
}

// SAFETY: `job` is written by the owner only while the door is closed and nobody is inside, and
// read by helpers only after they went in through the open door.
unsafe impl Sync for Office {}

#[derive(Clone, Copy)]
struct Job {
    work: *const (dyn Fn(&Turns<'_>) + Sync),
    total: usize,
    share: usize,
}

// SAFETY: what it points to is `Sync` and outlives the job, see `Team::share`.
unsafe impl Send for Job {}

/// The items of a job, handed out once each.
pub(crate) struct Turns<'a> {
    next: &'a AtomicUsize,
    total: usize,
    share: usize,
}

impl Turns<'_> {
    /// The next items, until there are none.
    #[inline]
    pub fn next(&self) -> Option<Range<usize>> {
        let start = self.next.fetch_add(self.share, Ordering::Relaxed);
        (start < self.total).then(|| start..(start + self.share).min(self.total))
    }
}

impl Team {
    /// A team of `threads`, the caller's included.
    pub fn new(threads: usize, name: &str) -> std::io::Result<Self> {
        let count = threads.saturating_sub(1).min(INSIDE);
        let office = Arc::new(Office {
            door: AtomicUsize::new(0),
            next: AtomicUsize::new(0),
            job: UnsafeCell::new(None),
            asleep: (0..count).map(|_| AtomicBool::new(false)).collect(),
            closing: AtomicBool::new(false),
            panic: Mutex::new(None),
        });
        let mut helpers = Vec::new();
        for index in 0..count {
            let office = office.clone();
            let builder = std::thread::Builder::new().name(format!("{name}-{}", index + 1));
            helpers.push(builder.spawn(move || office.help(index))?);
        }
        let threads = helpers.iter().map(|helper| helper.thread().clone()).collect();
        let rest = Rest { until: None, next: ALONE.0, since: None };
        Ok(Self { office, helpers, threads, rest: Cell::new(rest) })
    }

    /// How many threads there are.
    pub fn threads(&self) -> usize {
        self.helpers.len() + 1
    }

    /// Runs `work` on this thread and on whoever else has time, until all items from 0 to `total`
    /// are handed out and done. Panics if one of them panics.
    pub fn share(&self, total: usize, work: impl Fn(&Turns<'_>) + Sync) {
        let office = &*self.office;
        office.next.store(0, Ordering::Relaxed);
        if total < 2 || self.helpers.is_empty() || self.is_resting() {
            return work(&Turns { next: &office.next, total, share: total.max(1) });
        }
        let share = (total / (self.threads() * TURNS)).max(1);
        let erased: &(dyn Fn(&Turns<'_>) + Sync) = &work;
        // SAFETY: only the lifetime changes. Helpers use it inside the open door, and this function
        // leaves, even by a panic, only after the door is closed and the last of them is out.
        let erased: &'static (dyn Fn(&Turns<'_>) + Sync) = unsafe { std::mem::transmute(erased) };
        // SAFETY: the door is closed and nobody is inside, see the end of this function.
        unsafe { *office.job.get() = Some(Job { work: erased, total, share }) };
        let door =
            (office.door.load(Ordering::Relaxed) & !(OPEN | INSIDE)).wrapping_add(NEXT) | OPEN;
        office.door.store(door, Ordering::SeqCst);
        for (asleep, thread) in office.asleep.iter().zip(&self.threads) {
            if asleep.load(Ordering::SeqCst) {
                thread.unpark();
            }
        }
        let began = Instant::now();
        let own =
            catch_unwind(AssertUnwindSafe(|| work(&Turns { next: &office.next, total, share })));
        office.door.fetch_and(!OPEN, Ordering::AcqRel);
        let turns = u32::try_from(total.div_ceil(share * self.threads())).unwrap_or(u32::MAX);
        self.wait_until_empty(began, turns);
        if let Err(panic) = own {
            resume_unwind(panic);
        }
        if let Some(panic) = office.panic.lock().unwrap_or_else(PoisonError::into_inner).take() {
            resume_unwind(panic);
        }
    }

    /// Whether the owner works alone for now.
    fn is_resting(&self) -> bool {
        let rest = self.rest.get();
        let Some(until) = rest.until else { return false };
        if Instant::now() < until {
            return true;
        }
        self.rest.set(Rest { until: None, since: rest.until, ..rest });
        false
    }

    /// Waits for the last helper to leave a job that began then and gave each thread so many turns.
    fn wait_until_empty(&self, began: Instant, turns: u32) {
        let is_empty = || self.office.door.load(Ordering::Acquire) & INSIDE == 0;
        for _ in 0..LATE {
            if is_empty() {
                return;
            }
            spin_loop();
        }
        let done = Instant::now();
        while !is_empty() {
            // Asleep, so that the helper may have this processor.
            std::thread::sleep(Duration::from_micros(20));
        }
        let turn = (done - began) / turns.max(1);
        if done.elapsed() > (turn * SLOW.0).max(SLOW.1) {
            let rest = self.rest.get();
            let now = Instant::now();
            // Long after the last time it is another neighbour.
            let again = rest.since.is_some_and(|since| now - since < ALONE.1);
            let alone = if again { rest.next } else { ALONE.0 };
            let next = (alone * 2).min(ALONE.1);
            self.rest.set(Rest { until: Some(now + alone), next, since: None });
        }
    }
}

impl Office {
    fn help(&self, index: usize) {
        let mut done = 0;
        let mut idle = 0;
        loop {
            let door = self.door.load(Ordering::SeqCst);
            if door & OPEN != 0 && door & !(OPEN | INSIDE) != done {
                idle = 0;
                let entered =
                    self.door.compare_exchange(door, door + 1, Ordering::AcqRel, Ordering::Relaxed);
                if entered.is_ok() {
                    done = door & !(OPEN | INSIDE);
                    self.work();
                    self.door.fetch_sub(1, Ordering::AcqRel);
                }
                continue;
            }
            if self.closing.load(Ordering::Relaxed) {
                return;
            }
            idle += 1;
            if idle < PATIENCE {
                spin_loop();
                continue;
            }
            // First the sign, then another look: who opens the door looks for signs after opening.
            self.asleep[index].store(true, Ordering::SeqCst);
            let door = self.door.load(Ordering::SeqCst);
            let news = door & OPEN != 0 && door & !(OPEN | INSIDE) != done;
            if !news && !self.closing.load(Ordering::SeqCst) {
                std::thread::park();
            }
            self.asleep[index].store(false, Ordering::SeqCst);
            idle = 0;
        }
    }

    /// Takes turns of the job; to be called inside the door.
    fn work(&self) {
        // SAFETY: inside, so the owner does not write it.
        let Some(job) = (unsafe { *self.job.get() }) else { return };
        // SAFETY: inside, so what it points to is still there.
        let work = unsafe { &*job.work };
        let turns = Turns { next: &self.next, total: job.total, share: job.share };
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| work(&turns))) {
            *self.panic.lock().unwrap_or_else(PoisonError::into_inner) = Some(panic);
        }
    }
}

impl Drop for Team {
    fn drop(&mut self) {
        self.office.closing.store(true, Ordering::SeqCst);
        for helper in self.helpers.drain(..) {
            helper.thread().unpark();
            // Its panics were handed to the owner.
            let _ = helper.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_done_once_job_after_job() {
        for threads in [1, 2, 4] {
            let team = Team::new(threads, "test").unwrap();
            for total in (0..400).chain([10_000]) {
                let seen: Vec<AtomicUsize> = (0..total).map(|_| AtomicUsize::new(0)).collect();
                team.share(total, |turns| {
                    while let Some(turn) = turns.next() {
                        for item in turn {
                            seen[item].fetch_add(1, Ordering::Relaxed);
                        }
                    }
                });
                assert!(seen.iter().all(|count| count.load(Ordering::Relaxed) == 1), "{total}");
            }
        }
    }

    #[test]
    fn a_job_after_a_long_pause_wakes_the_helpers() {
        let team = Team::new(2, "test").unwrap();
        for _ in 0..5 {
            std::thread::sleep(Duration::from_millis(20));
            let names = Mutex::new(std::collections::HashSet::new());
            team.share(64, |turns| {
                while turns.next().is_some() {
                    std::thread::sleep(Duration::from_millis(1));
                    names.lock().unwrap().insert(std::thread::current().id());
                }
            });
            if names.lock().unwrap().len() == 2 {
                return;
            }
        }
        panic!("nobody came to help in five jobs of 64 milliseconds");
    }

    #[test]
    fn a_panic_reaches_the_owner_and_the_team_goes_on() {
        let team = Team::new(2, "test").unwrap();
        for _ in 0..20 {
            let job = catch_unwind(AssertUnwindSafe(|| {
                team.share(100, |turns| {
                    while let Some(turn) = turns.next() {
                        assert!(!turn.contains(&50), "as a test");
                    }
                });
            }));
            assert!(job.is_err());
        }
        let sum = AtomicUsize::new(0);
        team.share(10, |turns| {
            while let Some(turn) = turns.next() {
                sum.fetch_add(turn.sum::<usize>(), Ordering::Relaxed);
            }
        });
        assert_eq!(sum.into_inner(), 45);
    }
}
