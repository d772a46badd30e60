//! The shop's own knowledge: its records and texts, read from a folder, indexed, and searched.
//!
//! Data flows one way: `folder` (files) -> `catalogue` (records) -> `passages` (what can be quoted)
//! -> `search` (tantivy and vectors). Nothing here decides what to say.

pub mod catalogue;
pub mod folder;
pub mod passages;
pub mod search;
pub mod sentences;
