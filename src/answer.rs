//! From a visitor's messages to verified sentences: understand, plan, look up, decide, phrase, verify.
//!
//! Pure rules between two effects (embedding and writing). Knows no log, no socket and no table.

pub mod verify;
