//! Sixteen numbers in one register: AVX-512, with VNNI or without.
//!
//! VNNI multiplies four unsigned by four signed bytes and adds them up in 32 bits, in one
//! instruction. Without it pairs are added up in 16 bits first, as on AVX2.

use super::{Kernel, Lanes, TILE, depth};
use core::arch::x86_64::*;

/// Proof that the processor has the instructions.
#[derive(Clone, Copy)]
pub(super) struct Avx512<const VNNI: bool>(());

impl<const VNNI: bool> Avx512<VNNI> {
    /// If the processor has them.
    #[inline]
    pub fn detect() -> Option<Self> {
        let present = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512dq")
            && (!VNNI || is_x86_feature_detected!("avx512vnni"))
            && is_x86_feature_detected!("f16c")
            && is_x86_feature_detected!("fma")
            && is_x86_feature_detected!("avx2");
        present.then_some(Self(()))
    }
}

/// Wraps an expression of intrinsics.
macro_rules! with {
    ($e:expr) => {
        // SAFETY: an `Avx512` exists only where `detect` saw the instructions, those of VNNI are
        // used only where it is `VNNI`, and pointers come from arrays of exactly the bytes that
        // are read or written.
        unsafe { $e }
    };
}

impl<const VNNI: bool> Lanes for Avx512<VNNI> {
    type Quants = __m512i;
    type Sums = __m512i;
    type Floats = __m512;
    const PARTS: usize = 1;

    #[inline(always)]
    fn enter<K: Kernel>(self, kernel: K) {
        #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,f16c,fma,avx2")]
        fn with_vnni<L: Lanes, K: Kernel>(lanes: L, kernel: K) {
            kernel.run(lanes);
        }
        #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,f16c,fma,avx2")]
        fn without<L: Lanes, K: Kernel>(lanes: L, kernel: K) {
            kernel.run(lanes);
        }
        if VNNI { with!(with_vnni(self, kernel)) } else { with!(without(self, kernel)) }
    }
    #[inline(always)]
    fn prefetch<T>(self, what: &T) {
        let start: *const i8 = std::ptr::from_ref(what).cast();
        for line in (0..size_of::<T>()).step_by(64) {
            with!(_mm_prefetch::<_MM_HINT_T0>(start.wrapping_add(line)));
        }
    }

    #[inline(always)]
    fn quants(self, bytes: &[u8; 64], _part: usize) -> __m512i {
        with!(_mm512_loadu_si512(bytes.as_ptr().cast()))
    }
    #[inline(always)]
    fn low(self, quants: __m512i) -> __m512i {
        with!(_mm512_and_si512(quants, _mm512_set1_epi8(15)))
    }
    #[inline(always)]
    fn high(self, quants: __m512i) -> __m512i {
        with!(_mm512_and_si512(_mm512_srli_epi16::<4>(quants), _mm512_set1_epi8(15)))
    }
    #[inline(always)]
    fn crumb<const SHIFT: u32>(self, quants: __m512i) -> __m512i {
        with!({
            let two = _mm512_and_si512(_mm512_srli_epi16::<SHIFT>(quants), _mm512_set1_epi8(3));
            _mm512_slli_epi16::<4>(two)
        })
    }
    #[inline(always)]
    fn sixteens(self, bits: &[u8; 8], _part: usize) -> __m512i {
        with!(_mm512_maskz_set1_epi8(u64::from_le_bytes(*bits), 16))
    }
    #[inline(always)]
    fn or(self, a: __m512i, b: __m512i) -> __m512i {
        with!(_mm512_or_si512(a, b))
    }
    #[inline(always)]
    fn dot<const BITS: u32, const H: usize>(
        self,
        weights: &[[__m512i; 4]; H],
        activations: &[[[i8; 4]; 4]; H],
        sum: i32,
    ) -> __m512i {
        with!({
            if !VNNI {
                return sixteen_bits::<BITS, H>(weights, activations, sum);
            }
            // Two chains, so that each instruction need not wait for the last.
            let mut even = _mm512_set1_epi32(sum.wrapping_mul(-(1 << (BITS - 1))));
            let mut odd = _mm512_setzero_si512();
            for (weights, activations) in weights.iter().zip(activations) {
                for i in 0..2 {
                    even = _mm512_dpbusd_epi32(even, weights[2 * i], four(activations[2 * i]));
                    odd =
                        _mm512_dpbusd_epi32(odd, weights[2 * i + 1], four(activations[2 * i + 1]));
                }
            }
            _mm512_add_epi32(even, odd)
        })
    }
    #[inline(always)]
    fn floats(self, sums: __m512i) -> __m512 {
        with!(_mm512_cvtepi32_ps(sums))
    }

    #[inline(always)]
    fn load(self, x: &[f32; TILE], _part: usize) -> __m512 {
        with!(_mm512_loadu_ps(x.as_ptr()))
    }
    #[inline(always)]
    fn store(self, x: __m512, out: &mut [f32; TILE], _part: usize) {
        with!(_mm512_storeu_ps(out.as_mut_ptr(), x))
    }
    #[inline(always)]
    fn widen(self, halves: &[u16; TILE], _part: usize) -> __m512 {
        with!(_mm512_cvtph_ps(_mm256_loadu_si256(halves.as_ptr().cast())))
    }
    #[inline(always)]
    fn narrow(self, x: __m512, out: &mut [u16; TILE], _part: usize) {
        with!({
            let halves = _mm512_cvtps_ph::<_MM_FROUND_TO_NEAREST_INT>(x);
            _mm256_storeu_si256(out.as_mut_ptr().cast(), halves)
        })
    }
    #[inline(always)]
    fn splat(self, x: f32) -> __m512 {
        with!(_mm512_set1_ps(x))
    }
    #[inline(always)]
    fn add(self, a: __m512, b: __m512) -> __m512 {
        with!(_mm512_add_ps(a, b))
    }
    #[inline(always)]
    fn sub(self, a: __m512, b: __m512) -> __m512 {
        with!(_mm512_sub_ps(a, b))
    }
    #[inline(always)]
    fn mul(self, a: __m512, b: __m512) -> __m512 {
        with!(_mm512_mul_ps(a, b))
    }
    #[inline(always)]
    fn div(self, a: __m512, b: __m512) -> __m512 {
        with!(_mm512_div_ps(a, b))
    }
    #[inline(always)]
    fn fma(self, a: __m512, b: __m512, c: __m512) -> __m512 {
        with!(_mm512_fmadd_ps(a, b, c))
    }
    #[inline(always)]
    fn max(self, a: __m512, b: __m512) -> __m512 {
        with!(_mm512_max_ps(a, b))
    }
    #[inline(always)]
    fn min(self, a: __m512, b: __m512) -> __m512 {
        with!(_mm512_min_ps(a, b))
    }
    #[inline(always)]
    fn abs(self, x: __m512) -> __m512 {
        with!(_mm512_abs_ps(x))
    }
    #[inline(always)]
    fn signed(self, x: __m512, sign: __m512) -> __m512 {
        with!(_mm512_or_ps(x, _mm512_and_ps(sign, _mm512_set1_ps(-0.0))))
    }
    #[inline(always)]
    fn times_power(self, x: __m512, n: __m512) -> __m512 {
        with!(_mm512_scalef_ps(x, n))
    }
    #[inline(always)]
    fn where_above(self, x: __m512, limit: f32, y: __m512) -> __m512 {
        with!({
            let above = _mm512_cmp_ps_mask::<_CMP_GT_OQ>(x, _mm512_set1_ps(limit));
            _mm512_maskz_mov_ps(above, y)
        })
    }
    #[inline(always)]
    fn round(self, x: __m512) -> __m512 {
        with!(_mm512_roundscale_ps::<_MM_FROUND_TO_NEAREST_INT>(x))
    }
    #[inline(always)]
    fn bytes(self, x: __m512, out: &mut [i8; TILE], _part: usize) {
        with!({
            let held = _mm512_max_epi32(_mm512_cvtps_epi32(x), _mm512_set1_epi32(-127));
            _mm_storeu_si128(out.as_mut_ptr().cast(), _mm512_cvtsepi32_epi8(held))
        })
    }
}

/// The same four activations for each row.
///
/// # Safety
/// The processor has AVX-512.
#[inline(always)]
unsafe fn four(activations: [i8; 4]) -> __m512i {
    with!(_mm512_set1_epi32(i32::from_le_bytes(activations.map(i8::cast_unsigned))))
}

/// [`Lanes::dot`] without VNNI.
///
/// # Safety
/// The processor has AVX-512.
#[inline(always)]
unsafe fn sixteen_bits<const BITS: u32, const H: usize>(
    weights: &[[__m512i; 4]; H],
    activations: &[[[i8; 4]; 4]; H],
    sum: i32,
) -> __m512i {
    with!({
        let ones = _mm512_set1_epi16(1);
        let mut total = if BITS == 8 {
            _mm512_setzero_si512()
        } else {
            _mm512_set1_epi32(sum.wrapping_mul(-(1 << (BITS - 1))))
        };
        let mut short = _mm512_setzero_si512();
        let mut added = 0;
        for (weights, activations) in weights.iter().zip(activations) {
            for (weight, activation) in weights.iter().zip(activations) {
                let same = four(*activation);
                let pairs = if BITS == 8 {
                    // Centred by flipping the top bit; the sign moves to the activation.
                    let centred = _mm512_xor_si512(*weight, _mm512_set1_epi8(-128));
                    let below = _mm512_movepi8_mask(centred);
                    let turned = _mm512_mask_sub_epi8(same, below, _mm512_setzero_si512(), same);
                    _mm512_maddubs_epi16(_mm512_abs_epi8(centred), turned)
                } else {
                    _mm512_maddubs_epi16(*weight, same)
                };
                short = _mm512_add_epi16(short, pairs);
                added += 1;
                if added == depth(BITS) {
                    total = _mm512_add_epi32(total, _mm512_madd_epi16(short, ones));
                    short = _mm512_setzero_si512();
                    added = 0;
                }
            }
        }
        if added > 0 {
            total = _mm512_add_epi32(total, _mm512_madd_epi16(short, ones));
        }
        total
    })
}
