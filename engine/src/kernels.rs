//! The arithmetic candle has no fast CPU form of: products with 4-bit weights, causal attention, SwiGLU.
//!
//! Everything here works on plain slices, knows no model and no file, and gives each row of its
//! input the same bits whatever other rows stand next to it: a reply cannot depend on who else is
//! being answered. Candle 0.11 multiplies Q4_1 with scalar code and repacks only matrices whose
//! width is a multiple of 256 (SmolLM2 has 576), hence a layout of our own.
//!
//! All of it is safe Rust: `pulp` checks the processor once and hands out a token that proves the
//! instructions exist. Without AVX2 the same code runs on plain arrays.

pub(crate) mod activations;
pub(crate) mod attention;
pub(crate) mod lanes;
pub(crate) mod math;
pub(crate) mod matmul;
pub(crate) mod packed;
mod portable;
#[cfg(test)]
pub(crate) mod random;
#[cfg(target_arch = "x86_64")]
mod x86;
