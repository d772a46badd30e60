//! Requests that wait for a seat: bounded, and fair to conversations.
//!
//! Full is an answer, not a wait; background work may take half of the places, so that it never
//! keeps a person out. Of those that wait, people go before background work, then
//! conversations with fewer replies in progress, then whoever came first.

use super::seat::Job;
use crate::request::Priority;
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// Why a request may not wait.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// As many wait as may.
    Full,
    /// The owner has stopped, or takes nobody in any more.
    Closed,
}

/// Whether the owner works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Office {
    Open,
    /// Only for those who are in, and until then.
    Leaving(Instant),
    Closed,
}

/// See the module.
pub(super) struct Waiting {
    state: Mutex<State>,
    news: Condvar,
    most: usize,
}

struct State {
    jobs: VecDeque<Job>,
    office: Office,
}

/// What the rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Claim {
    pub priority: Priority,
    pub conversation: u64,
}

/// Which of those that wait, in the order they came, goes next. `seated` are the conversations of
/// the replies in progress.
fn next(claims: impl Iterator<Item = Claim>, seated: &[u64]) -> Option<usize> {
    let replies = |conversation| seated.iter().filter(|seat| **seat == conversation).count();
    let rank = |(_, claim): &(usize, Claim)| {
        (std::cmp::Reverse(claim.priority), replies(claim.conversation))
    };
    claims.enumerate().min_by_key(rank).map(|(index, _)| index)
}

/// Whether one more may wait where `most` may.
fn has_room(claims: impl Iterator<Item = Claim>, priority: Priority, most: usize) -> bool {
    let (mut all, mut background) = (0, 0);
    for claim in claims {
        all += 1;
        background += usize::from(claim.priority == Priority::Background);
    }
    all < most && (priority > Priority::Background || background < most.div_ceil(2))
}

impl Waiting {
    /// Room for `most`.
    pub fn new(most: usize) -> Self {
        let state = State { jobs: VecDeque::new(), office: Office::Open };
        Self { state: Mutex::new(state), news: Condvar::new(), most }
    }

    /// Lets a request wait.
    pub fn push(&self, job: Job) -> Result<(), Refused> {
        let mut state = self.lock();
        if state.office != Office::Open {
            return Err(Refused::Closed);
        }
        // Whoever has gone away needs no place.
        if state.jobs.len() >= self.most {
            state.jobs.retain(|job| !job.is_deserted());
        }
        if !has_room(state.jobs.iter().map(Job::claim), job.claim().priority, self.most) {
            return Err(Refused::Full);
        }
        state.jobs.push_back(job);
        self.news.notify_one();
        Ok(())
    }

    /// Takes the next one, if `fits` says yes to it.
    pub fn take(&self, seated: &[u64], fits: impl FnOnce(&Job) -> bool) -> Option<Job> {
        let mut state = self.lock();
        let index = next(state.jobs.iter().map(Job::claim), seated)?;
        if !fits(&state.jobs[index]) {
            return None;
        }
        state.jobs.remove(index)
    }

    /// Takes all those that nobody waits for, or whose time is over.
    pub fn take_over(&self, over: impl Fn(&Job) -> bool) -> Vec<Job> {
        let mut state = self.lock();
        let (gone, left) = std::mem::take(&mut state.jobs).into_iter().partition(|job| over(job));
        state.jobs = left;
        Vec::from_iter::<VecDeque<Job>>(gone)
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.lock().jobs.len()
    }

    /// Waits until somebody waits; says whether there is anything left to do.
    pub fn wait(&self) -> bool {
        let mut state = self.lock();
        while state.office == Office::Open && state.jobs.is_empty() {
            state = self.news.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.office != Office::Closed && !state.jobs.is_empty()
    }

    /// Whether nothing is done any more: closed, or the time to leave has come.
    pub fn is_closed(&self) -> bool {
        match self.lock().office {
            Office::Open => false,
            Office::Leaving(until) => Instant::now() >= until,
            Office::Closed => true,
        }
    }

    /// Refuses new requests; those that are in are served until then.
    pub fn leave(&self, until: Instant) {
        let mut state = self.lock();
        if state.office == Office::Open {
            state.office = Office::Leaving(until);
        }
        self.news.notify_all();
    }

    /// Refuses new requests and serves none.
    pub fn close(&self) {
        self.lock().office = Office::Closed;
        self.news.notify_all();
    }

    /// No code that can panic runs while the lock is held, so a poisoned state is a sound one.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn background_work_takes_no_more_than_half_of_the_places() {
        use Priority::{Background, Person};
        let room = |waiting: &[Priority], priority| {
            has_room(waiting.iter().map(|priority| claim(*priority, 1)), priority, 4)
        };
        assert!(room(&[Background], Background) && !room(&[Background; 2], Background));
        assert!(room(&[Background, Background, Person], Person));
        assert!(!room(&[Person; 4], Person) && !room(&[Person; 4], Background));
    }

    fn claim(priority: Priority, conversation: u64) -> Claim {
        Claim { priority, conversation }
    }

    #[test]
    fn people_go_first_then_quiet_conversations_then_who_came_first() {
        use Priority::{Background, Person};
        let of = |claims: &[Claim], seated: &[u64]| next(claims.iter().copied(), seated);
        assert_eq!(of(&[], &[]), None);
        assert_eq!(of(&[claim(Background, 1), claim(Person, 2)], &[2, 2]), Some(1));
        assert_eq!(of(&[claim(Person, 1), claim(Person, 1), claim(Person, 2)], &[1]), Some(2));
        assert_eq!(of(&[claim(Person, 1), claim(Person, 2)], &[]), Some(0));
    }
}
