//! Sixteen numbers in plain arrays, for processors without AVX2: right everywhere, fast nowhere.

use super::{Kernel, Lanes, TILE};
use half::f16;

/// See the module.
#[derive(Clone, Copy)]
pub(super) struct Portable;

/// One number for each lane, made from its index.
macro_rules! each {
    ($i:ident => $e:expr) => {
        std::array::from_fn(|$i| $e)
    };
}

impl Lanes for Portable {
    type Quants = [u8; 64];
    type Sums = [i32; TILE];
    type Floats = [f32; TILE];
    const PARTS: usize = 1;

    #[inline(always)]
    fn enter<K: Kernel>(self, kernel: K) {
        kernel.run(self);
    }
    #[inline(always)]
    fn prefetch<T>(self, _what: &T) {}

    #[inline(always)]
    fn quants(self, bytes: &[u8; 64], _part: usize) -> [u8; 64] {
        *bytes
    }
    #[inline(always)]
    fn low(self, quants: [u8; 64]) -> [u8; 64] {
        each!(i => quants[i] & 15)
    }
    #[inline(always)]
    fn high(self, quants: [u8; 64]) -> [u8; 64] {
        each!(i => quants[i] >> 4)
    }
    #[inline(always)]
    fn crumb<const SHIFT: u32>(self, quants: [u8; 64]) -> [u8; 64] {
        each!(i => ((quants[i] >> SHIFT) & 3) << 4)
    }
    #[inline(always)]
    fn sixteens(self, bits: &[u8; 8], _part: usize) -> [u8; 64] {
        each!(i => ((bits[i / 8] >> (i % 8)) & 1) << 4)
    }
    #[inline(always)]
    fn or(self, a: [u8; 64], b: [u8; 64]) -> [u8; 64] {
        each!(i => a[i] | b[i])
    }
    #[inline(always)]
    fn dot<const BITS: u32, const H: usize>(
        self,
        weights: &[[[u8; 64]; 4]; H],
        activations: &[[[i8; 4]; 4]; H],
        sum: i32,
    ) -> [i32; TILE] {
        let mut total = [-(sum << (BITS - 1)); TILE];
        for (weights, activations) in weights.iter().flatten().zip(activations.iter().flatten()) {
            for (total, four) in total.iter_mut().zip(weights.as_chunks::<4>().0) {
                for (weight, activation) in four.iter().zip(activations) {
                    *total += i32::from(*weight) * i32::from(*activation);
                }
            }
        }
        total
    }
    #[inline(always)]
    fn floats(self, sums: [i32; TILE]) -> [f32; TILE] {
        each!(i => sums[i] as f32)
    }

    #[inline(always)]
    fn load(self, x: &[f32; TILE], _part: usize) -> [f32; TILE] {
        *x
    }
    #[inline(always)]
    fn store(self, x: [f32; TILE], out: &mut [f32; TILE], _part: usize) {
        *out = x;
    }
    #[inline(always)]
    fn widen(self, halves: &[u16; TILE], _part: usize) -> [f32; TILE] {
        each!(i => f16::from_bits(halves[i]).to_f32())
    }
    #[inline(always)]
    fn narrow(self, x: [f32; TILE], out: &mut [u16; TILE], _part: usize) {
        *out = each!(i => f16::from_f32(x[i]).to_bits());
    }
    #[inline(always)]
    fn splat(self, x: f32) -> [f32; TILE] {
        [x; TILE]
    }
    #[inline(always)]
    fn add(self, a: [f32; TILE], b: [f32; TILE]) -> [f32; TILE] {
        each!(i => a[i] + b[i])
    }
    #[inline(always)]
    fn sub(self, a: [f32; TILE], b: [f32; TILE]) -> [f32; TILE] {
        each!(i => a[i] - b[i])
    }
    #[inline(always)]
    fn mul(self, a: [f32; TILE], b: [f32; TILE]) -> [f32; TILE] {
        each!(i => a[i] * b[i])
    }
    #[inline(always)]
    fn div(self, a: [f32; TILE], b: [f32; TILE]) -> [f32; TILE] {
        each!(i => a[i] / b[i])
    }
    #[inline(always)]
    fn fma(self, a: [f32; TILE], b: [f32; TILE], c: [f32; TILE]) -> [f32; TILE] {
        // Not `mul_add`: without the instruction that is a call into the C library.
        each!(i => a[i] * b[i] + c[i])
    }
    #[inline(always)]
    fn max(self, a: [f32; TILE], b: [f32; TILE]) -> [f32; TILE] {
        each!(i => if a[i] > b[i] { a[i] } else { b[i] })
    }
    #[inline(always)]
    fn min(self, a: [f32; TILE], b: [f32; TILE]) -> [f32; TILE] {
        each!(i => if a[i] < b[i] { a[i] } else { b[i] })
    }
    #[inline(always)]
    fn abs(self, x: [f32; TILE]) -> [f32; TILE] {
        each!(i => x[i].abs())
    }
    #[inline(always)]
    fn signed(self, x: [f32; TILE], sign: [f32; TILE]) -> [f32; TILE] {
        each!(i => x[i].copysign(sign[i]))
    }
    #[inline(always)]
    fn times_power(self, x: [f32; TILE], n: [f32; TILE]) -> [f32; TILE] {
        each!(i => x[i] * f32::from_bits((((n[i] as i32) + 127) as u32) << 23))
    }
    #[inline(always)]
    fn where_above(self, x: [f32; TILE], limit: f32, y: [f32; TILE]) -> [f32; TILE] {
        each!(i => if x[i] > limit { y[i] } else { 0.0 })
    }
    #[inline(always)]
    fn round(self, x: [f32; TILE]) -> [f32; TILE] {
        each!(i => x[i].round_ties_even())
    }
    #[inline(always)]
    fn bytes(self, x: [f32; TILE], out: &mut [i8; TILE], _part: usize) {
        *out = each!(i => (x[i].round_ties_even() as i32).clamp(-127, 127) as i8);
    }
}
