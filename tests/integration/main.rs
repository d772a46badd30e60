//! What the whole program promises, held against a running server: over its sockets, its HTTP side,
//! its pages in a real browser, and its files after a crash.
//!
//! Every test starts a server of its own in this process, on a port of its own, with a copy of one
//! prepared data folder; only `kill` and `crowd` run the real binary. Every wait has a deadline.

mod accounts;
mod acks;
mod browser;
mod conformance;
mod crowd;
mod door;
mod fixtures;
mod floor;
mod harness;
mod imports;
mod kill;
mod letters;
mod orders;
mod pages;
mod patience;
mod replies;
mod rights;
mod takeover;
