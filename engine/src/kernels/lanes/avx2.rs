//! Sixteen numbers in two registers: AVX2, FMA and F16C.
//!
//! `maddubs` multiplies unsigned by signed bytes and adds pairs into 16 bits, which hold as many
//! pairs as [`depth`](super::depth) says before they are widened to 32.

use super::{Kernel, Lanes, TILE, depth};
use core::arch::x86_64::*;

/// Proof that the processor has the instructions.
#[derive(Clone, Copy)]
pub(super) struct Avx2(());

impl Avx2 {
    /// If the processor has them.
    #[inline]
    pub fn detect() -> Option<Self> {
        let present = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("fma")
            && is_x86_feature_detected!("f16c");
        present.then_some(Self(()))
    }
}

/// Wraps an expression of intrinsics.
macro_rules! with {
    ($e:expr) => {
        // SAFETY: an `Avx2` exists only where `detect` saw the instructions, and pointers come from
        // arrays of at least the bytes that are read or written: `part` is 0 or 1, checked by
        // slicing.
        unsafe { $e }
    };
}

impl Lanes for Avx2 {
    type Quants = __m256i;
    type Sums = __m256i;
    type Floats = __m256;
    const PARTS: usize = 2;

    #[inline(always)]
    fn enter<K: Kernel>(self, kernel: K) {
        #[target_feature(enable = "avx2,fma,f16c")]
        fn inside<K: Kernel>(lanes: Avx2, kernel: K) {
            kernel.run(lanes);
        }
        with!(inside(self, kernel))
    }
    #[inline(always)]
    fn prefetch<T>(self, what: &T) {
        let start: *const i8 = std::ptr::from_ref(what).cast();
        for line in (0..size_of::<T>()).step_by(64) {
            with!(_mm_prefetch::<_MM_HINT_T0>(start.wrapping_add(line)));
        }
    }

    #[inline(always)]
    fn quants(self, bytes: &[u8; 64], part: usize) -> __m256i {
        let share = &bytes[part * 32..part * 32 + 32];
        with!(_mm256_loadu_si256(share.as_ptr().cast()))
    }
    #[inline(always)]
    fn low(self, quants: __m256i) -> __m256i {
        with!(_mm256_and_si256(quants, _mm256_set1_epi8(15)))
    }
    #[inline(always)]
    fn high(self, quants: __m256i) -> __m256i {
        with!(_mm256_and_si256(_mm256_srli_epi16::<4>(quants), _mm256_set1_epi8(15)))
    }
    #[inline(always)]
    fn crumb<const SHIFT: u32>(self, quants: __m256i) -> __m256i {
        with!({
            let count = _mm_cvtsi32_si128(SHIFT.cast_signed());
            let two = _mm256_and_si256(_mm256_srl_epi16(quants, count), _mm256_set1_epi8(3));
            _mm256_slli_epi16::<4>(two)
        })
    }
    #[inline(always)]
    fn sixteens(self, bits: &[u8; 8], part: usize) -> __m256i {
        let four = [bits[part * 4], bits[part * 4 + 1], bits[part * 4 + 2], bits[part * 4 + 3]];
        with!({
            // Each bit's byte to where the bit belongs, then the bit itself as 0 or 16.
            let spread = _mm256_shuffle_epi8(
                _mm256_set1_epi32(i32::from_le_bytes(four)),
                _mm256_setr_epi64x(
                    0,
                    0x0101_0101_0101_0101,
                    0x0202_0202_0202_0202,
                    0x0303_0303_0303_0303,
                ),
            );
            let bit = _mm256_set1_epi64x(0x8040_2010_0804_0201_u64.cast_signed());
            let set = _mm256_cmpeq_epi8(_mm256_and_si256(spread, bit), bit);
            _mm256_and_si256(set, _mm256_set1_epi8(16))
        })
    }
    #[inline(always)]
    fn or(self, a: __m256i, b: __m256i) -> __m256i {
        with!(_mm256_or_si256(a, b))
    }
    #[inline(always)]
    fn dot<const BITS: u32, const H: usize>(
        self,
        weights: &[[__m256i; 4]; H],
        activations: &[[[i8; 4]; 4]; H],
        sum: i32,
    ) -> __m256i {
        with!({
            let ones = _mm256_set1_epi16(1);
            let mut total = if BITS == 8 {
                _mm256_setzero_si256()
            } else {
                _mm256_set1_epi32(sum.wrapping_mul(-(1 << (BITS - 1))))
            };
            let mut short = _mm256_setzero_si256();
            let mut added = 0;
            for (weights, activations) in weights.iter().zip(activations) {
                for (weight, activation) in weights.iter().zip(activations) {
                    let four = i32::from_le_bytes(activation.map(i8::cast_unsigned));
                    let same = _mm256_set1_epi32(four);
                    let pairs = if BITS == 8 {
                        // Centred by flipping the top bit; the sign moves to the activation.
                        let centred = _mm256_xor_si256(*weight, _mm256_set1_epi8(-128));
                        let size = _mm256_abs_epi8(centred);
                        _mm256_maddubs_epi16(size, _mm256_sign_epi8(same, centred))
                    } else {
                        _mm256_maddubs_epi16(*weight, same)
                    };
                    short = _mm256_add_epi16(short, pairs);
                    added += 1;
                    if added == depth(BITS) {
                        total = _mm256_add_epi32(total, _mm256_madd_epi16(short, ones));
                        short = _mm256_setzero_si256();
                        added = 0;
                    }
                }
            }
            if added > 0 {
                total = _mm256_add_epi32(total, _mm256_madd_epi16(short, ones));
            }
            total
        })
    }
    #[inline(always)]
    fn floats(self, sums: __m256i) -> __m256 {
        with!(_mm256_cvtepi32_ps(sums))
    }

    #[inline(always)]
    fn load(self, x: &[f32; TILE], part: usize) -> __m256 {
        let share = &x[part * 8..part * 8 + 8];
        with!(_mm256_loadu_ps(share.as_ptr()))
    }
    #[inline(always)]
    fn store(self, x: __m256, out: &mut [f32; TILE], part: usize) {
        let share = &mut out[part * 8..part * 8 + 8];
        with!(_mm256_storeu_ps(share.as_mut_ptr(), x))
    }
    #[inline(always)]
    fn widen(self, halves: &[u16; TILE], part: usize) -> __m256 {
        let share = &halves[part * 8..part * 8 + 8];
        with!(_mm256_cvtph_ps(_mm_loadu_si128(share.as_ptr().cast())))
    }
    #[inline(always)]
    fn narrow(self, x: __m256, out: &mut [u16; TILE], part: usize) {
        let share = &mut out[part * 8..part * 8 + 8];
        with!({
            let halves = _mm256_cvtps_ph::<_MM_FROUND_TO_NEAREST_INT>(x);
            _mm_storeu_si128(share.as_mut_ptr().cast(), halves)
        })
    }
    #[inline(always)]
    fn splat(self, x: f32) -> __m256 {
        with!(_mm256_set1_ps(x))
    }
    #[inline(always)]
    fn add(self, a: __m256, b: __m256) -> __m256 {
        with!(_mm256_add_ps(a, b))
    }
    #[inline(always)]
    fn sub(self, a: __m256, b: __m256) -> __m256 {
        with!(_mm256_sub_ps(a, b))
    }
    #[inline(always)]
    fn mul(self, a: __m256, b: __m256) -> __m256 {
        with!(_mm256_mul_ps(a, b))
    }
    #[inline(always)]
    fn div(self, a: __m256, b: __m256) -> __m256 {
        with!(_mm256_div_ps(a, b))
    }
    #[inline(always)]
    fn fma(self, a: __m256, b: __m256, c: __m256) -> __m256 {
        with!(_mm256_fmadd_ps(a, b, c))
    }
    #[inline(always)]
    fn max(self, a: __m256, b: __m256) -> __m256 {
        with!(_mm256_max_ps(a, b))
    }
    #[inline(always)]
    fn min(self, a: __m256, b: __m256) -> __m256 {
        with!(_mm256_min_ps(a, b))
    }
    #[inline(always)]
    fn abs(self, x: __m256) -> __m256 {
        with!(_mm256_andnot_ps(_mm256_set1_ps(-0.0), x))
    }
    #[inline(always)]
    fn signed(self, x: __m256, sign: __m256) -> __m256 {
        with!(_mm256_or_ps(x, _mm256_and_ps(sign, _mm256_set1_ps(-0.0))))
    }
    #[inline(always)]
    fn times_power(self, x: __m256, n: __m256) -> __m256 {
        // Whole numbers go straight into the exponent.
        with!({
            let exponent = _mm256_slli_epi32::<23>(_mm256_cvtps_epi32(n));
            _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(x), exponent))
        })
    }
    #[inline(always)]
    fn where_above(self, x: __m256, limit: f32, y: __m256) -> __m256 {
        with!(_mm256_and_ps(y, _mm256_cmp_ps::<_CMP_GT_OQ>(x, _mm256_set1_ps(limit))))
    }
    #[inline(always)]
    fn round(self, x: __m256) -> __m256 {
        with!(_mm256_round_ps::<{ _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC }>(x))
    }
    #[inline(always)]
    fn bytes(self, x: __m256, out: &mut [i8; TILE], part: usize) {
        let share = &mut out[part * 8..part * 8 + 8];
        with!({
            let whole = _mm256_cvtps_epi32(x);
            let (first, second) =
                (_mm256_castsi256_si128(whole), _mm256_extracti128_si256::<1>(whole));
            let short = _mm_packs_epi32(first, second);
            let held = _mm_max_epi16(short, _mm_set1_epi16(-127));
            _mm_storel_epi64(share.as_mut_ptr().cast(), _mm_packs_epi16(held, held))
        })
    }
}
