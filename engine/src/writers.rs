//! The writer in use, how another takes its place, and those that are leaving.
//!
//! ```text
//! exchange(file) ─> load beside the one in use ─> switch ─> new requests to the new one
//!                   └─ fails: nothing changes              └─ the old one finishes what it has
//! ```
//!
//! A request is handed over while the switch is held still, so none falls between two writers.

mod load;
#[cfg(test)]
mod tests;

pub(crate) use load::start_writer;

use crate::Refusal;
use crate::models::{Options, WriterFile};
use crate::schedule::{Clerk, Counts, Figures};
use crate::start::{Model, ModelHealth};
use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

/// How long a writer that was replaced may take to finish its replies; the longest reply that
/// other programs may ask for (2048 tokens) takes less on a slow machine.
const LEAVING: Duration = Duration::from_secs(120);

/// See the module.
pub(crate) struct Writers {
    options: Options,
    state: RwLock<State>,
    /// Only one is loaded at a time.
    exchanging: Mutex<()>,
}

struct State {
    now: Model<Clerk>,
    leaving: Vec<Clerk>,
    /// What those that are gone had done.
    past: Counts,
}

impl Writers {
    /// With the first one.
    pub fn new(first: Model<Clerk>, options: &Options) -> Self {
        let state = State { now: first, leaving: Vec::new(), past: Counts::default() };
        let (state, exchanging) = (RwLock::new(state), Mutex::new(()));
        Self { options: options.clone(), state, exchanging }
    }

    /// Asks the writer in use, or says why there is none. Nobody takes its place meanwhile.
    pub fn ask<T>(&self, ask: impl FnOnce(&Clerk) -> Result<T, Refusal>) -> Result<T, Refusal> {
        ask(self.read().now.running()?)
    }

    /// Whether the writer in use works.
    pub fn health(&self) -> ModelHealth {
        self.tidy();
        self.read().now.health(Clerk::is_running)
    }

    /// What all writers have done.
    pub fn figures(&self) -> Figures {
        self.tidy();
        let state = self.read();
        let mut counts = state.past;
        for clerk in state.leaving.iter().chain(state.now.running().ok()) {
            counts.add(&clerk.counts());
        }
        counts.figures()
    }

    /// Loads another writer beside the one in use and puts it in its place. The error says why it
    /// cannot be used; the one in use then stays.
    pub fn exchange(&self, file: &WriterFile) -> Result<ModelHealth, String> {
        let _alone = self.exchanging.lock().unwrap_or_else(PoisonError::into_inner);
        let next = Model::load(file, &self.options, start_writer)?;
        let health = next.health(Clerk::is_running);
        let mut state = self.write();
        let before = std::mem::replace(&mut state.now, next);
        if let Some(clerk) = before.into_running() {
            clerk.leave(LEAVING);
            state.leaving.push(clerk);
        }
        Ok(health)
    }

    /// Lets go of those that have left.
    fn tidy(&self) {
        if self.read().leaving.iter().any(Clerk::is_gone) {
            let State { leaving, past, .. } = &mut *self.write();
            leaving
                .extract_if(.., |clerk| clerk.is_gone())
                .for_each(|gone| past.add(&gone.counts()));
        }
    }

    /// No code that can panic runs while the lock is held, so a poisoned state is a sound one.
    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}
