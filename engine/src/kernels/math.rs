//! Small functions that the compiler turns into vector code where the caller has switched it on.

use pulp::{Arch, NullaryFnOnce};
use rayon::prelude::*;

/// `e^x`, off by about `1e-7 |x|` of itself: split into `2^n * 2^f` with `f` in [-0.5, 0.5], a polynomial for
/// the second (Cephes `exp2f` coefficients).
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    // Adding 1.5 * 2^23 leaves the rounded integer in the low bits of the mantissa.
    const MAGIC: f32 = 12_582_912.0;
    let x = if x < -87.0 { -87.0 } else { x };
    let x = if x > 88.0 { 88.0 } else { x };
    let t = x * std::f32::consts::LOG2_E;
    let shifted = t + MAGIC;
    let f = t - (shifted - MAGIC);
    let mut p = 1.535_336_2e-4;
    for c in [1.339_887_4e-3, 9.618_437e-3, 5.550_332_5e-2, 2.402_264_7e-1, 6.931_472e-1, 1.0] {
        p = p * f + c;
    }
    p * f32::from_bits((shifted.to_bits() << 23).wrapping_add(127 << 23))
}

/// Adds sixteen numbers as a tree.
#[inline(always)]
pub(crate) fn sum(mut x: [f32; 16]) -> f32 {
    for half in [8, 4, 2, 1] {
        for i in 0..half {
            x[i] += x[i + half];
        }
    }
    x[0]
}

/// The largest of sixteen numbers, likewise.
#[inline(always)]
pub(crate) fn largest(mut x: [f32; 16]) -> f32 {
    for half in [8, 4, 2, 1] {
        for i in 0..half {
            x[i] = if x[i + half] > x[i] { x[i + half] } else { x[i] };
        }
    }
    x[0]
}

/// SwiGLU: for rows of a gate and an up half, `silu(gate) * up`. Returns rows of half the width.
pub(crate) fn swiglu(gate_up: &[f32], width: usize) -> Vec<f32> {
    let mut out = vec![0.0; gate_up.len() / 2];
    let rows = out.par_chunks_mut(width).zip(gate_up.par_chunks(2 * width)).with_min_len(8);
    rows.for_each(|(out, gate_up)| Arch::new().dispatch(SwiGlu { gate_up, out }));
    out
}

struct SwiGlu<'a> {
    gate_up: &'a [f32],
    out: &'a mut [f32],
}

impl NullaryFnOnce for SwiGlu<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let (gate, up) = self.gate_up.split_at(self.out.len());
        for ((out, gate), up) in self.out.iter_mut().zip(gate).zip(up) {
            *out = gate / (1.0 + exp(-gate)) * up;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_the_exponential_function() {
        for i in -8000..=8000 {
            let x = i as f32 * 0.01;
            let (got, want) = (f64::from(exp(x)), f64::from(x).exp());
            let most = 1e-6 + 1e-7 * f64::from(x.abs());
            assert!(((got - want) / want).abs() < most, "exp({x}) = {got}, not {want}");
        }
        assert!(exp(f32::NEG_INFINITY) < 1e-37 && exp(1e9).is_finite());
    }

    #[test]
    fn swiglu_gates_row_by_row() {
        let out = swiglu(&[0.0, 2.0, 5.0, 3.0, -1.0, 1.0, 2.0, 4.0], 2);
        let silu = |x: f32| x / (1.0 + (-x).exp());
        let want = [0.0, silu(2.0) * 3.0, silu(-1.0) * 2.0, silu(1.0) * 4.0];
        for (got, want) in out.iter().zip(want) {
            assert!((got - want).abs() < 1e-5);
        }
    }
}
