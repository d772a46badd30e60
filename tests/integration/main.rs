//! What the whole program promises, held against a running server: over its sockets, its HTTP side,
//! its pages in a real browser, and its files after a crash.
//!
//! Every test starts a server of its own in this process, on a port of its own, with a copy of one
//! prepared data folder; `kill`, `crowd`, `fsync` and `broken` run the real binary. Every wait has a deadline.

mod absence;
mod accounts;
mod acks;
mod broken;
mod browser;
mod conformance;
mod crowd;
mod door;
mod erasure;
mod fixtures;
mod floor;
mod fsync;
mod harness;
mod imports;
mod kill;
mod knowledge;
mod letters;
mod openai;
mod operation;
mod orders;
mod pages;
mod patience;
mod replies;
mod rights;
mod sites;
mod takeover;
mod webhooks;
mod writers;
