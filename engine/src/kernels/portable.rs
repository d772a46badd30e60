//! Lanes on plain arrays, for processors without AVX2: right everywhere, fast nowhere.

use super::lanes::{Kernel, Lanes, TILE, half_to_f32};

/// See the module.
#[derive(Clone, Copy)]
pub(super) struct Portable;

impl Lanes for Portable {
    type Quants = [u8; 64];
    type Sums = [i32; TILE];
    type Floats = [f32; TILE];
    const PARTS: usize = 1;

    #[inline(always)]
    fn enter(self, kernel: impl Kernel) {
        kernel.run(self);
    }
    #[inline(always)]
    fn unpack(self, bytes: &[u8; 64], _part: usize) -> ([u8; 64], [u8; 64]) {
        (bytes.map(|b| b & 15), bytes.map(|b| b >> 4))
    }
    #[inline(always)]
    fn zero(self) -> [i32; TILE] {
        [0; TILE]
    }
    #[inline(always)]
    fn dot(self, mut sums: [i32; TILE], quants: [u8; 64], a: [i8; 4]) -> [i32; TILE] {
        for (sum, four) in sums.iter_mut().zip(quants.chunks_exact(4)) {
            *sum += four.iter().zip(a).map(|(q, a)| i32::from(*q) * i32::from(a)).sum::<i32>();
        }
        sums
    }
    #[inline(always)]
    fn floats(self, sums: [i32; TILE]) -> [f32; TILE] {
        sums.map(|x| x as f32)
    }
    #[inline(always)]
    fn widen(self, halves: &[u16; TILE], _part: usize) -> [f32; TILE] {
        halves.map(half_to_f32)
    }
    #[inline(always)]
    fn splat(self, x: f32) -> [f32; TILE] {
        [x; TILE]
    }
    #[inline(always)]
    fn mul(self, a: [f32; TILE], b: [f32; TILE]) -> [f32; TILE] {
        std::array::from_fn(|i| a[i] * b[i])
    }
    #[inline(always)]
    fn fma(self, a: [f32; TILE], b: [f32; TILE], c: [f32; TILE]) -> [f32; TILE] {
        // Not `mul_add`: without the instruction that is a call into the C library.
        std::array::from_fn(|i| a[i] * b[i] + c[i])
    }
    #[inline(always)]
    fn store(self, x: [f32; TILE], out: &mut [f32; TILE], _part: usize) {
        *out = x;
    }
}
