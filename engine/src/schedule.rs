//! Many replies from one model, at the same time and each as if it were alone.
//!
//! ```text
//! generate(request) ─> tokens ─> waiting ──> seat { memory, decoder } ─> one pass for all ─> stream
//!                        full: Busy   fair, bounded     └── prefixes: what was read before
//! ```
//!
//! One thread owns the model. Each turn of its loop it seats whoever may come in, ends the replies
//! that nobody waits for, and lets the model read a little for every seat at once: the last token
//! of those that write, and of those that still read, as many as the others' patience allows.

mod clerk;
#[cfg(test)]
mod leaving;
mod meters;
mod prefixes;
mod seat;
mod waiting;

pub(crate) use clerk::{Clerk, Language};
pub(crate) use meters::Counts;
pub use meters::Figures;
