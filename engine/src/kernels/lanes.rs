//! What a processor must offer, and the choice of the best one present.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod portable;

use std::fmt;
use std::str::FromStr;

/// Numbers that are computed side by side; the height of a tile of weights.
pub(crate) const TILE: usize = 16;

/// Sixteen numbers side by side, in `PARTS` registers.
///
/// Only code inlined into [`Lanes::enter`] may use the instructions, so kernels are loops over
/// arrays: a closure or `array::map` can stay a call, which then runs without them.
pub(crate) trait Lanes: Copy + Send + Sync {
    /// Unsigned weights as bytes: four columns for each row of the part.
    type Quants: Copy;
    /// Integer sums, one for each row of the part.
    type Sums: Copy;
    /// One `f32` for each row of the part.
    type Floats: Copy;
    /// Registers that sixteen numbers are spread over.
    const PARTS: usize;

    /// Runs a kernel with this processor's instructions switched on.
    fn enter<K: Kernel>(self, kernel: K);
    /// Brings memory that is wanted soon closer.
    fn prefetch<T>(self, what: &T);

    /// The part's share of 64 bytes.
    fn quants(self, bytes: &[u8; 64], part: usize) -> Self::Quants;
    /// The low four bits of each byte.
    fn low(self, quants: Self::Quants) -> Self::Quants;
    /// The high four bits of each byte, as 0 to 15.
    fn high(self, quants: Self::Quants) -> Self::Quants;
    /// Bits `SHIFT` and `SHIFT + 1` of each byte, moved to bits 4 and 5.
    fn crumb<const SHIFT: u32>(self, quants: Self::Quants) -> Self::Quants;
    /// Bit `i` of eight bytes as the value 16 in byte `i` of 64: the part's share.
    fn sixteens(self, bits: &[u8; 8], part: usize) -> Self::Quants;
    /// `a | b`
    fn or(self, a: Self::Quants, b: Self::Quants) -> Self::Quants;
    /// For each row the sum over `4 * 4 * H` columns of `(weight - centre) * activation`, where
    /// weights have `BITS` bits, the centre is half their range, and `sum` is the activations'
    /// sum; with `sum` 0 the centre does not count (not for 8 bits). Exact: no activation is -128.
    fn dot<const BITS: u32, const H: usize>(
        self,
        weights: &[[Self::Quants; 4]; H],
        activations: &[[[i8; 4]; 4]; H],
        sum: i32,
    ) -> Self::Sums;
    /// The sums as floats.
    fn floats(self, sums: Self::Sums) -> Self::Floats;

    /// The part's share of sixteen numbers.
    fn load(self, x: &[f32; TILE], part: usize) -> Self::Floats;
    /// Writes the part's numbers to their place among the sixteen.
    fn store(self, x: Self::Floats, out: &mut [f32; TILE], part: usize);
    /// The part's share of sixteen half-precision numbers, widened.
    fn widen(self, halves: &[u16; TILE], part: usize) -> Self::Floats;
    /// Rounds to half precision, to the nearest even.
    fn narrow(self, x: Self::Floats, out: &mut [u16; TILE], part: usize);
    /// The same number everywhere.
    fn splat(self, x: f32) -> Self::Floats;
    /// `a + b`
    fn add(self, a: Self::Floats, b: Self::Floats) -> Self::Floats;
    /// `a - b`
    fn sub(self, a: Self::Floats, b: Self::Floats) -> Self::Floats;
    /// `a * b`
    fn mul(self, a: Self::Floats, b: Self::Floats) -> Self::Floats;
    /// `a / b`
    fn div(self, a: Self::Floats, b: Self::Floats) -> Self::Floats;
    /// `a * b + c`
    fn fma(self, a: Self::Floats, b: Self::Floats, c: Self::Floats) -> Self::Floats;
    /// The larger of each pair.
    fn max(self, a: Self::Floats, b: Self::Floats) -> Self::Floats;
    /// The size of each, without its sign.
    fn abs(self, x: Self::Floats) -> Self::Floats;
    /// `x` with the sign of `sign`; `x` is not negative.
    fn signed(self, x: Self::Floats, sign: Self::Floats) -> Self::Floats;
    /// The smaller of each pair.
    fn min(self, a: Self::Floats, b: Self::Floats) -> Self::Floats;
    /// `x * 2^n` for whole `n`, where neither the factor nor the result leaves the normal range.
    fn times_power(self, x: Self::Floats, n: Self::Floats) -> Self::Floats;
    /// `y` where `x` is above the limit, otherwise 0.
    fn where_above(self, x: Self::Floats, limit: f32, y: Self::Floats) -> Self::Floats;
    /// The nearest whole number, ties to even.
    fn round(self, x: Self::Floats) -> Self::Floats;
    /// The part's numbers, rounded to the nearest whole number from -127 to 127.
    fn bytes(self, x: Self::Floats, out: &mut [i8; TILE], part: usize);
}

/// Work that is compiled once for each kind of processor.
pub(crate) trait Kernel {
    /// Does the work with these lanes. `#[inline(always)]`, like all that it calls.
    fn run<L: Lanes>(self, lanes: L);
}

/// How many products of a pair of weights of so many bits, of 127 at most each, fit into 16 bits.
/// Eight-bit weights are multiplied by their size, 128 at most.
#[cfg(target_arch = "x86_64")]
const fn depth(bits: u32) -> usize {
    let largest = if bits == 8 { 128 } else { (1 << bits) - 1 };
    32_767 / (2 * largest * 127)
}

/// A set of instructions that kernels are compiled for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Isa {
    /// AVX-512 with VNNI: Intel's servers since 2019, AMD since 2022.
    Vnni,
    /// AVX-512 without it: Intel's servers since 2017.
    Avx512,
    /// AVX2, FMA and F16C: nearly every x86 processor since 2013.
    Avx2,
    /// Plain Rust: right everywhere, fast nowhere.
    Portable,
}

impl Isa {
    /// All of them, best first.
    pub const ALL: [Self; 4] = [Self::Vnni, Self::Avx512, Self::Avx2, Self::Portable];

    /// The best this processor has.
    pub fn best() -> Self {
        Self::ALL.into_iter().find(|isa| isa.is_present()).unwrap_or(Self::Portable)
    }

    /// Whether this processor has it.
    pub fn is_present(self) -> bool {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Vnni => avx512::Avx512::<true>::detect().is_some(),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => avx512::Avx512::<false>::detect().is_some(),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => avx2::Avx2::detect().is_some(),
            Self::Portable => true,
            #[cfg(not(target_arch = "x86_64"))]
            _ => false,
        }
    }

    /// Runs `kernel`, with plain Rust if the processor lacks these instructions.
    #[inline]
    pub(crate) fn run(self, kernel: impl Kernel) {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Vnni if let Some(lanes) = avx512::Avx512::<true>::detect() => {
                lanes.enter(kernel);
            }
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 if let Some(lanes) = avx512::Avx512::<false>::detect() => {
                lanes.enter(kernel);
            }
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 if let Some(lanes) = avx2::Avx2::detect() => lanes.enter(kernel),
            _ => portable::Portable.enter(kernel),
        }
    }
}

impl fmt::Display for Isa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Vnni => "vnni",
            Self::Avx512 => "avx512",
            Self::Avx2 => "avx2",
            Self::Portable => "portable",
        })
    }
}

impl FromStr for Isa {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let isa = Self::ALL.into_iter().find(|isa| isa.to_string() == name);
        let isa = isa.ok_or_else(|| format!("{name:?} is none of vnni, avx512, avx2, portable"))?;
        isa.is_present().then_some(isa).ok_or_else(|| format!("this processor has no {name}"))
    }
}

/// `e^x`: `2^n * 2^f` with `f` from -0.5 to 0.5 and a polynomial for the second factor (Cephes,
/// `exp2f`). Nothing at all from -87 down, so that what is hidden by minus infinity does not
/// count; from 88 up as at 88.
#[inline(always)]
pub(crate) fn exp<L: Lanes>(lanes: L, x: L::Floats) -> L::Floats {
    const LEAST: f32 = -87.0;
    let held = lanes.min(lanes.max(x, lanes.splat(LEAST)), lanes.splat(88.0));
    let t = lanes.mul(held, lanes.splat(std::f32::consts::LOG2_E));
    let n = lanes.round(t);
    let f = lanes.sub(t, n);
    let mut p = lanes.splat(1.535_336_2e-4);
    for c in [1.339_887_4e-3, 9.618_437e-3, 5.550_332_5e-2, 2.402_264_7e-1, 6.931_472e-1, 1.0] {
        p = lanes.fma(p, f, lanes.splat(c));
    }
    lanes.where_above(x, LEAST, lanes.times_power(p, n))
}

/// Adds sixteen numbers as a tree.
#[inline(always)]
pub(crate) fn sum(mut x: [f32; TILE]) -> f32 {
    for half in [8, 4, 2, 1] {
        for i in 0..half {
            x[i] += x[i + half];
        }
    }
    x[0]
}

/// The largest of sixteen numbers.
#[inline(always)]
pub(crate) fn largest(x: [f32; TILE]) -> f32 {
    let mut most = x[0];
    for x in x {
        most = if x > most { x } else { most };
    }
    most
}
