//! A bounded queue with two lanes between the callers and the thread that owns a model.
//!
//! Full is an answer, not a wait: [`Queue::push`] never blocks. The urgent lane is always emptied
//! before the patient one.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Which lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lane {
    /// Somebody is waiting.
    Urgent,
    /// A job in the background.
    Patient,
}

/// Why something could not be queued.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unqueued {
    /// There are `capacity` already.
    Full,
    /// The owner has stopped.
    Closed,
}

/// See the module.
pub(crate) struct Queue<T> {
    state: Mutex<State<T>>,
    news: Condvar,
    capacity: usize,
}

struct State<T> {
    urgent: VecDeque<T>,
    patient: VecDeque<T>,
    closed: bool,
}

impl<T> Queue<T> {
    /// For `capacity` jobs in each lane.
    pub fn new(capacity: usize) -> Self {
        let state = State { urgent: VecDeque::new(), patient: VecDeque::new(), closed: false };
        Self { state: Mutex::new(state), news: Condvar::new(), capacity }
    }

    /// Puts a job at the end of its lane.
    pub fn push(&self, lane: Lane, job: T) -> Result<(), Unqueued> {
        let mut state = self.lock();
        if state.closed {
            return Err(Unqueued::Closed);
        }
        let jobs = match lane {
            Lane::Urgent => &mut state.urgent,
            Lane::Patient => &mut state.patient,
        };
        if jobs.len() >= self.capacity {
            return Err(Unqueued::Full);
        }
        jobs.push_back(job);
        self.news.notify_one();
        Ok(())
    }

    /// The next job of a lane, if there is one now.
    pub fn take(&self, lane: Lane) -> Option<T> {
        let mut state = self.lock();
        match lane {
            Lane::Urgent => state.urgent.pop_front(),
            Lane::Patient => state.patient.pop_front(),
        }
    }

    /// How many jobs wait in both lanes.
    pub fn len(&self) -> usize {
        let state = self.lock();
        state.urgent.len() + state.patient.len()
    }

    /// Waits until some lane has a job, or the queue is closed; says whether it is open.
    pub fn wait(&self) -> bool {
        let mut state = self.lock();
        while !state.closed && state.urgent.is_empty() && state.patient.is_empty() {
            state = self.news.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        !state.closed
    }

    /// Whether [`Queue::close`] was called.
    pub fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// Refuses new jobs; those that wait can still be taken.
    pub fn close(&self) {
        self.lock().closed = true;
        self.news.notify_all();
    }

    /// No code that can panic runs while the lock is held, so a poisoned state is a sound one.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes the queue and drops what waits in it when the owner's thread ends, however it ends:
/// callers then learn that nobody is there.
pub(crate) struct ClosesOnDrop<'a, T>(pub &'a Queue<T>);

impl<T> Drop for ClosesOnDrop<'_, T> {
    fn drop(&mut self) {
        self.0.close();
        while self.0.take(Lane::Urgent).or_else(|| self.0.take(Lane::Patient)).is_some() {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn full_is_said_at_once_and_lanes_do_not_share_room() {
        let queue = Queue::new(1);
        assert_eq!(queue.push(Lane::Patient, 1), Ok(()));
        assert_eq!(queue.push(Lane::Patient, 2), Err(Unqueued::Full));
        assert_eq!(queue.push(Lane::Urgent, 3), Ok(()));
        assert_eq!(queue.take(Lane::Urgent), Some(3));
        assert_eq!(queue.take(Lane::Patient), Some(1));
    }

    #[test]
    fn closing_wakes_the_owner_and_refuses_callers() {
        let queue = Arc::new(Queue::<u8>::new(1));
        let owner = std::thread::spawn({
            let queue = queue.clone();
            move || queue.wait()
        });
        queue.close();
        assert!(!owner.join().unwrap());
        assert_eq!(queue.push(Lane::Urgent, 1), Err(Unqueued::Closed));
    }

    #[test]
    fn an_owner_that_panics_closes_its_queue() {
        let queue = Arc::new(Queue::<u8>::new(1));
        queue.push(Lane::Patient, 1).unwrap();
        let owner = std::thread::spawn({
            let queue = queue.clone();
            move || {
                let _closes = ClosesOnDrop(&queue);
                panic!("as a test");
            }
        });
        assert!(owner.join().is_err());
        assert!(queue.is_closed() && queue.take(Lane::Patient).is_none());
    }
}
