//! The arithmetic of transformers on ordinary processors, without candle.
//!
//! ```text
//! team ── hands out ──> matmul (pack -> tiles) x blocks  ─┐
//!                       attention over pages              ├─ each written once, over `lanes`
//!                       norms, gates, rounding            ┘
//! ```
//!
//! [`lanes`] is what a processor offers: AVX-512 with VNNI, AVX2, or plain Rust, chosen when the
//! program runs. Every kernel is one generic function over it, so that all processors do the same
//! sums in the same order: AVX-512 and AVX2 give the same bits, plain Rust (which does not fuse
//! multiplications with additions) nearly so. [`tiles`] are the weights as the kernels read them,
//! [`pack`] makes them from the blocks of a file, [`blocks`] are activations rounded to eight bits.
//! [`matmul`] multiplies the two; [`heads`] are the attention of a layer, which mixes values over the
//! [`pages`] of a conversation ([`attention`]).
//! [`team`] spreads the work over threads.
//!
//! This is the only module of the project that may use `unsafe`, and each use says why it holds:
//! instructions a processor was seen to have, loads from arrays of the right size, and outputs of
//! which each thread writes its own part.

#![allow(unsafe_code)]
// Kernels index: a closure of an iterator's can stay a call, which would run without the instructions.
#![allow(clippy::needless_range_loop)]

pub(crate) mod attention;
pub(crate) mod blocks;
pub(crate) mod both_ways;
pub(crate) mod heads;
pub(crate) mod lanes;
pub(crate) mod matmul;
pub(crate) mod pack;
pub(crate) mod pages;
pub(crate) mod shared;
pub(crate) mod team;
pub(crate) mod tiles;
