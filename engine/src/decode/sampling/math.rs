//! Small functions that the compiler turns into vector code where the caller has switched it on.

/// `e^x`, off by about `1e-7 |x|` of itself: split into `2^n * 2^f` with `f` in [-0.5, 0.5], a polynomial for
/// the second (Cephes `exp2f` coefficients).
#[inline(always)]
pub(in crate::decode) fn exp(x: f32) -> f32 {
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
pub(in crate::decode) fn sum(mut x: [f32; 16]) -> f32 {
    for half in [8, 4, 2, 1] {
        for i in 0..half {
            x[i] += x[i + half];
        }
    }
    x[0]
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
}
