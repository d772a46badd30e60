//! Lanes on AVX2 (two registers of eight rows) and AVX-512 (one of sixteen).
//!
//! `maddubs` multiplies unsigned by signed bytes and adds pairs into 16 bits. A weight is at most
//! 15 and an activation at most 127 in size, so the eight pairs of a block reach 8 * 2 * 15 * 127 =
//! 30480 and cannot overflow; only then are they widened to 32 bits.

use super::lanes::{Kernel, Lanes, TILE, half_to_f32};
use core::arch::x86_64::{__m256, __m256i, __m512, __m512i};
use pulp::x86::{V3, V4};
use pulp::{NullaryFnOnce, cast};

/// Eight rows a register.
#[derive(Clone, Copy)]
pub(super) struct Avx2(pub V3);

/// Sixteen rows a register.
#[derive(Clone, Copy)]
pub(super) struct Avx512(pub V4);

struct Call<K, L>(K, L);

impl<K: Kernel, L: Lanes> NullaryFnOnce for Call<K, L> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.0.run(self.1);
    }
}

impl Lanes for Avx2 {
    type Quants = __m256i;
    type Sums = __m256i;
    type Floats = __m256;
    const PARTS: usize = 2;

    #[inline(always)]
    fn enter(self, kernel: impl Kernel) {
        self.0.vectorize(Call(kernel, self));
    }
    #[inline(always)]
    fn unpack(self, bytes: &[u8; 64], part: usize) -> (__m256i, __m256i) {
        let halves: [[u8; 32]; 2] = cast(*bytes);
        let both: __m256i = cast(halves[part]);
        let mask = self.0.avx._mm256_set1_epi8(15);
        let high = self.0.avx2._mm256_srli_epi16::<4>(both);
        (self.0.avx2._mm256_and_si256(both, mask), self.0.avx2._mm256_and_si256(high, mask))
    }
    #[inline(always)]
    fn zero(self) -> __m256i {
        self.0.avx._mm256_setzero_si256()
    }
    #[inline(always)]
    fn dot(self, sums: __m256i, quants: __m256i, activations: [i8; 4]) -> __m256i {
        let same = self.0.avx._mm256_set1_epi32(cast(activations));
        self.0.avx2._mm256_add_epi16(sums, self.0.avx2._mm256_maddubs_epi16(quants, same))
    }
    #[inline(always)]
    fn floats(self, sums: __m256i) -> __m256 {
        let ones = self.0.avx._mm256_set1_epi16(1);
        self.0.avx._mm256_cvtepi32_ps(self.0.avx2._mm256_madd_epi16(sums, ones))
    }
    #[inline(always)]
    fn widen(self, halves: &[u16; TILE], part: usize) -> __m256 {
        let parts: [[u16; 8]; 2] = cast(*halves);
        let mut out = [0f32; 8];
        for (out, half) in out.iter_mut().zip(parts[part]) {
            *out = half_to_f32(half);
        }
        cast(out)
    }
    #[inline(always)]
    fn splat(self, x: f32) -> __m256 {
        self.0.avx._mm256_set1_ps(x)
    }
    #[inline(always)]
    fn mul(self, a: __m256, b: __m256) -> __m256 {
        self.0.avx._mm256_mul_ps(a, b)
    }
    #[inline(always)]
    fn fma(self, a: __m256, b: __m256, c: __m256) -> __m256 {
        self.0.fma._mm256_fmadd_ps(a, b, c)
    }
    #[inline(always)]
    fn store(self, x: __m256, out: &mut [f32; TILE], part: usize) {
        let rows: [f32; 8] = cast(x);
        out[part * 8..part * 8 + 8].copy_from_slice(&rows);
    }
}

impl Lanes for Avx512 {
    type Quants = __m512i;
    type Sums = __m512i;
    type Floats = __m512;
    const PARTS: usize = 1;

    #[inline(always)]
    fn enter(self, kernel: impl Kernel) {
        self.0.vectorize(Call(kernel, self));
    }
    #[inline(always)]
    fn unpack(self, bytes: &[u8; 64], _part: usize) -> (__m512i, __m512i) {
        let both: __m512i = cast(*bytes);
        let mask = self.0.avx512f._mm512_set1_epi8(15);
        let high = self.0.avx512bw._mm512_srli_epi16::<4>(both);
        (self.0.avx512f._mm512_and_si512(both, mask), self.0.avx512f._mm512_and_si512(high, mask))
    }
    #[inline(always)]
    fn zero(self) -> __m512i {
        self.0.avx512f._mm512_setzero_si512()
    }
    #[inline(always)]
    fn dot(self, sums: __m512i, quants: __m512i, activations: [i8; 4]) -> __m512i {
        let same = self.0.avx512f._mm512_set1_epi32(cast(activations));
        self.0.avx512bw._mm512_add_epi16(sums, self.0.avx512bw._mm512_maddubs_epi16(quants, same))
    }
    #[inline(always)]
    fn floats(self, sums: __m512i) -> __m512 {
        let ones = self.0.avx512f._mm512_set1_epi16(1);
        self.0.avx512f._mm512_cvtepi32_ps(self.0.avx512bw._mm512_madd_epi16(sums, ones))
    }
    #[inline(always)]
    fn widen(self, halves: &[u16; TILE], _part: usize) -> __m512 {
        let mut out = [0f32; TILE];
        for (out, half) in out.iter_mut().zip(halves) {
            *out = half_to_f32(*half);
        }
        cast(out)
    }
    #[inline(always)]
    fn splat(self, x: f32) -> __m512 {
        self.0.avx512f._mm512_set1_ps(x)
    }
    #[inline(always)]
    fn mul(self, a: __m512, b: __m512) -> __m512 {
        self.0.avx512f._mm512_mul_ps(a, b)
    }
    #[inline(always)]
    fn fma(self, a: __m512, b: __m512, c: __m512) -> __m512 {
        self.0.avx512f._mm512_fmadd_ps(a, b, c)
    }
    #[inline(always)]
    fn store(self, x: __m512, out: &mut [f32; TILE], _part: usize) {
        *out = cast(x);
    }
}
