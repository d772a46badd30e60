//! What a processor must offer for the 4-bit product, and the choice of the best one present.

use pulp::Arch;

/// Output rows that are computed side by side; the height of a tile of weights.
pub(crate) const TILE: usize = 16;

/// Sixteen output rows side by side, in `PARTS` registers.
///
/// Only code inlined into [`Lanes::enter`] may use the instructions, so kernels are loops over
/// slices: a closure or `array::map` can stay a call, which then runs without them.
pub(crate) trait Lanes: Copy + Send + Sync {
    /// 4-bit weights widened to bytes: four columns for each row of the part.
    type Quants: Copy;
    /// Running integer sums, good for the 32 columns of one block.
    type Sums: Copy;
    /// One `f32` for each row of the part.
    type Floats: Copy;
    /// Registers a tile's rows are spread over.
    const PARTS: usize;

    /// Runs a kernel with this processor's instructions switched on.
    fn enter(self, kernel: impl Kernel);
    /// Splits 64 bytes into their low and high nibbles (the part's share of them).
    fn unpack(self, bytes: &[u8; 64], part: usize) -> (Self::Quants, Self::Quants);
    /// No sum yet.
    fn zero(self) -> Self::Sums;
    /// Adds the product of each row's four weights with the same four activations.
    fn dot(self, sums: Self::Sums, quants: Self::Quants, activations: [i8; 4]) -> Self::Sums;
    /// The sums as floats.
    fn floats(self, sums: Self::Sums) -> Self::Floats;
    /// Widens the part's share of sixteen half-precision numbers.
    fn widen(self, halves: &[u16; TILE], part: usize) -> Self::Floats;
    /// The same number for each row.
    fn splat(self, x: f32) -> Self::Floats;
    /// `a * b`
    fn mul(self, a: Self::Floats, b: Self::Floats) -> Self::Floats;
    /// `a * b + c`
    fn fma(self, a: Self::Floats, b: Self::Floats, c: Self::Floats) -> Self::Floats;
    /// Writes the part's rows to their place among the sixteen.
    fn store(self, x: Self::Floats, out: &mut [f32; TILE], part: usize);
}

/// Work that is compiled once for each kind of processor.
pub(crate) trait Kernel {
    /// Does the work with these lanes. `#[inline(always)]`, like all that it calls.
    fn run<L: Lanes>(self, lanes: L);
}

/// Runs `kernel` with the best lanes this processor has.
pub(crate) fn dispatch(kernel: impl Kernel) {
    match Arch::new() {
        #[cfg(target_arch = "x86_64")]
        Arch::V4(simd) => super::x86::Avx512(simd).enter(kernel),
        #[cfg(target_arch = "x86_64")]
        Arch::V3(simd) => super::x86::Avx2(simd).enter(kernel),
        _ => super::portable::Portable.enter(kernel),
    }
}

/// An IEEE half as `f32`, by shifting the bits and scaling by 2^112: exact for all finite halves,
/// and simple enough for the compiler to widen sixteen at once.
#[inline(always)]
pub(crate) fn half_to_f32(half: u16) -> f32 {
    const TWO_TO_112: f32 = f32::from_bits((112 + 127) << 23);
    let magnitude = f32::from_bits(u32::from(half & 0x7fff) << 13) * TWO_TO_112;
    if half & 0x8000 == 0 { magnitude } else { -magnitude }
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::{DType, Device, Tensor};

    #[test]
    fn every_finite_half_widens_exactly() {
        let halves: Vec<u16> = (0..=u16::MAX).filter(|h| h & 0x7c00 != 0x7c00).collect();
        let widened: Vec<f32> = halves.iter().map(|h| half_to_f32(*h)).collect();
        let tensor = Tensor::new(&widened[..], &Device::Cpu).unwrap();
        let back = tensor.to_dtype(DType::F16).unwrap().to_dtype(DType::F32).unwrap();
        assert_eq!(back.to_vec1::<f32>().unwrap(), widened);
        assert_eq!(half_to_f32(0x3c00), 1.0);
        assert_eq!(half_to_f32(0xc000), -2.0);
        assert_eq!(half_to_f32(0x0001), 2f32.powi(-24));
    }
}
