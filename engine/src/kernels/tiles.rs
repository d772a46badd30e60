//! Weights as the kernels read them: sixteen rows by 32 columns at a time.
//!
//! A group of 64 bytes holds four columns for each of the sixteen rows, so that a register full of
//! weights meets one broadcast of four activations and no sum has to cross lanes. Where a weight
//! has four bits, a byte carries columns `8g..8g+4` of its row below and `8g+4..8g+8` above; the
//! bits beyond four are kept apart. Scales stand before the weights they belong to: a tile is read
//! once, from front to back.
//!
//! | tile | from | a weight is | bytes |
//! | --- | --- | --- | --- |
//! | [`Plain4`] | Q4_0 | `scale * (q - 8)` | 288 |
//! | [`Offset4`] | Q4_1, Q4_K | `scale * q + min` | 320 |
//! | [`Plain5`] | Q5_0 | `scale * (q - 16)` | 352 |
//! | [`Split6`] | Q6_K | `scale * (q - 32)`, a scale for 16 columns | 448 |
//! | [`Plain8`] | Q8_0, all others | `scale * (q - 128)` | 544 |

use super::blocks::Block;
use super::lanes::{Lanes, TILE};

/// Columns that share a scale.
pub(crate) const BLOCK: usize = 32;

/// One row's 32 weights on their way into a tile.
#[derive(Clone, Copy)]
pub(crate) struct Source {
    /// Unsigned, below `2^bits` of the tile.
    pub quants: [u8; BLOCK],
    /// Half-precision scales of the first and the last sixteen columns.
    pub scales: [u16; 2],
    /// Half-precision minimum, where the tile has one.
    pub min: u16,
}

/// What the matrix product needs of a kind of tile.
pub(crate) trait Tile: Copy + Send + Sync + 'static {
    /// All weights zero.
    const EMPTY: Self;

    /// Puts a row of weights in its place.
    fn put(&mut self, row: usize, source: &Source);

    /// A row's weights.
    fn row(&self, row: usize) -> [f32; BLOCK];

    /// Adds, for each row of the part and each of `R` rows of activations, the products of 32
    /// columns to the totals.
    fn multiply<L: Lanes, const R: usize>(
        &self,
        lanes: L,
        part: usize,
        activations: [&Block; R],
        totals: &mut [L::Floats; R],
    );
}

/// See the module.
#[derive(Clone, Copy)]
#[repr(C, align(32))]
pub(crate) struct Plain4 {
    scales: [u16; TILE],
    quants: [[u8; 64]; 4],
}

/// See the module.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(crate) struct Offset4 {
    scales: [u16; TILE],
    mins: [u16; TILE],
    quants: [[u8; 64]; 4],
}

/// See the module. Bit `4r + c` of group `g` belongs to column `4g + c` of row `r`.
#[derive(Clone, Copy)]
#[repr(C, align(32))]
pub(crate) struct Plain5 {
    scales: [u16; TILE],
    quants: [[u8; 64]; 4],
    fifths: [[u8; 8]; 8],
}

/// See the module. The upper two bits of columns `16h + 4s..` are bits `2s` of byte group `h`.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(crate) struct Split6 {
    scales: [[u16; TILE]; 2],
    quants: [[u8; 64]; 4],
    uppers: [[u8; 64]; 2],
}

/// See the module.
#[derive(Clone, Copy)]
#[repr(C, align(32))]
pub(crate) struct Plain8 {
    scales: [u16; TILE],
    quants: [[u8; 64]; 8],
}

/// Adds the products of weights above the middle of their range, all of one scale.
#[inline(always)]
fn add_centred<L: Lanes, const BITS: u32, const R: usize>(
    lanes: L,
    weights: &[[L::Quants; 4]; 2],
    scale: L::Floats,
    activations: [&Block; R],
    totals: &mut [L::Floats; R],
) {
    for (block, total) in activations.iter().zip(totals) {
        let sums = lanes.dot::<BITS, 2>(weights, &block.quants, block.sums[0] + block.sums[1]);
        let product = lanes.mul(lanes.floats(sums), scale);
        *total = lanes.fma(product, lanes.splat(block.scale), *total);
    }
}

/// The low four bits of all columns, by half and group.
#[inline(always)]
fn nibbles<L: Lanes>(lanes: L, bytes: &[[u8; 64]; 4], part: usize) -> [[L::Quants; 4]; 2] {
    let first = lanes.quants(&bytes[0], part);
    let second = lanes.quants(&bytes[1], part);
    let third = lanes.quants(&bytes[2], part);
    let fourth = lanes.quants(&bytes[3], part);
    [
        [lanes.low(first), lanes.high(first), lanes.low(second), lanes.high(second)],
        [lanes.low(third), lanes.high(third), lanes.low(fourth), lanes.high(fourth)],
    ]
}

fn put_nibbles(bytes: &mut [[u8; 64]; 4], row: usize, quants: &[u8; BLOCK]) {
    for (column, quant) in quants.iter().enumerate() {
        let byte = &mut bytes[column / 8][row * 4 + column % 4];
        let shift = column / 4 % 2 * 4;
        *byte = (*byte & !(15 << shift)) | ((quant & 15) << shift);
    }
}

fn nibble(bytes: &[[u8; 64]; 4], row: usize, column: usize) -> u8 {
    (bytes[column / 8][row * 4 + column % 4] >> (column / 4 % 2 * 4)) & 15
}

fn half(bits: u16) -> f32 {
    half::f16::from_bits(bits).to_f32()
}

/// The weights of a row from its quants, above the middle of their range.
fn centred(scale: u16, middle: f32, quant: impl Fn(usize) -> u8) -> [f32; BLOCK] {
    std::array::from_fn(|column| half(scale) * (f32::from(quant(column)) - middle))
}

impl Tile for Plain4 {
    const EMPTY: Self = Self { scales: [0; TILE], quants: [[0x88; 64]; 4] };

    fn put(&mut self, row: usize, source: &Source) {
        self.scales[row] = source.scales[0];
        put_nibbles(&mut self.quants, row, &source.quants);
    }

    fn row(&self, row: usize) -> [f32; BLOCK] {
        centred(self.scales[row], 8.0, |column| nibble(&self.quants, row, column))
    }

    #[inline(always)]
    fn multiply<L: Lanes, const R: usize>(
        &self,
        lanes: L,
        part: usize,
        activations: [&Block; R],
        totals: &mut [L::Floats; R],
    ) {
        let weights = nibbles(lanes, &self.quants, part);
        let scale = lanes.widen(&self.scales, part);
        add_centred::<L, 4, R>(lanes, &weights, scale, activations, totals);
    }
}

impl Tile for Offset4 {
    const EMPTY: Self = Self { scales: [0; TILE], mins: [0; TILE], quants: [[0; 64]; 4] };

    fn put(&mut self, row: usize, source: &Source) {
        (self.scales[row], self.mins[row]) = (source.scales[0], source.min);
        put_nibbles(&mut self.quants, row, &source.quants);
    }

    fn row(&self, row: usize) -> [f32; BLOCK] {
        let (scale, min) = (half(self.scales[row]), half(self.mins[row]));
        std::array::from_fn(|i| scale * f32::from(nibble(&self.quants, row, i)) + min)
    }

    #[inline(always)]
    fn multiply<L: Lanes, const R: usize>(
        &self,
        lanes: L,
        part: usize,
        activations: [&Block; R],
        totals: &mut [L::Floats; R],
    ) {
        let weights = nibbles(lanes, &self.quants, part);
        let (scale, min) = (lanes.widen(&self.scales, part), lanes.widen(&self.mins, part));
        for (block, total) in activations.iter().zip(totals) {
            let sums = lanes.floats(lanes.dot::<4, 2>(&weights, &block.quants, 0));
            let product = lanes.fma(min, lanes.splat(block.sum), lanes.mul(sums, scale));
            *total = lanes.fma(product, lanes.splat(block.scale), *total);
        }
    }
}

impl Tile for Plain5 {
    const EMPTY: Self = Self { scales: [0; TILE], quants: [[0; 64]; 4], fifths: [[0xff; 8]; 8] };

    fn put(&mut self, row: usize, source: &Source) {
        self.scales[row] = source.scales[0];
        put_nibbles(&mut self.quants, row, &source.quants);
        for (column, quant) in source.quants.iter().enumerate() {
            let bit = row * 4 + column % 4;
            let byte = &mut self.fifths[column / 4][bit / 8];
            *byte = (*byte & !(1 << (bit % 8))) | ((quant >> 4 & 1) << (bit % 8));
        }
    }

    fn row(&self, row: usize) -> [f32; BLOCK] {
        centred(self.scales[row], 16.0, |column| {
            let bit = row * 4 + column % 4;
            let fifth = self.fifths[column / 4][bit / 8] >> (bit % 8) & 1;
            nibble(&self.quants, row, column) | fifth << 4
        })
    }

    #[inline(always)]
    fn multiply<L: Lanes, const R: usize>(
        &self,
        lanes: L,
        part: usize,
        activations: [&Block; R],
        totals: &mut [L::Floats; R],
    ) {
        let mut weights = nibbles(lanes, &self.quants, part);
        for (half, weights) in weights.iter_mut().enumerate() {
            for (group, weight) in weights.iter_mut().enumerate() {
                *weight = lanes.or(*weight, lanes.sixteens(&self.fifths[half * 4 + group], part));
            }
        }
        let scale = lanes.widen(&self.scales, part);
        add_centred::<L, 5, R>(lanes, &weights, scale, activations, totals);
    }
}

impl Tile for Split6 {
    const EMPTY: Self =
        Self { scales: [[0; TILE]; 2], quants: [[0; 64]; 4], uppers: [[0xaa; 64]; 2] };

    fn put(&mut self, row: usize, source: &Source) {
        (self.scales[0][row], self.scales[1][row]) = (source.scales[0], source.scales[1]);
        put_nibbles(&mut self.quants, row, &source.quants);
        for (column, quant) in source.quants.iter().enumerate() {
            let byte = &mut self.uppers[column / 16][row * 4 + column % 4];
            let shift = column / 4 % 4 * 2;
            *byte = (*byte & !(3 << shift)) | ((quant >> 4 & 3) << shift);
        }
    }

    fn row(&self, row: usize) -> [f32; BLOCK] {
        std::array::from_fn(|column| {
            let upper = self.uppers[column / 16][row * 4 + column % 4] >> (column / 4 % 4 * 2) & 3;
            let quant = nibble(&self.quants, row, column) | upper << 4;
            half(self.scales[column / 16][row]) * (f32::from(quant) - 32.0)
        })
    }

    #[inline(always)]
    fn multiply<L: Lanes, const R: usize>(
        &self,
        lanes: L,
        part: usize,
        activations: [&Block; R],
        totals: &mut [L::Floats; R],
    ) {
        let mut weights = nibbles(lanes, &self.quants, part);
        for (weights, uppers) in weights.iter_mut().zip(&self.uppers) {
            let uppers = lanes.quants(uppers, part);
            weights[0] = lanes.or(weights[0], lanes.crumb::<0>(uppers));
            weights[1] = lanes.or(weights[1], lanes.crumb::<2>(uppers));
            weights[2] = lanes.or(weights[2], lanes.crumb::<4>(uppers));
            weights[3] = lanes.or(weights[3], lanes.crumb::<6>(uppers));
        }
        let scales = [lanes.widen(&self.scales[0], part), lanes.widen(&self.scales[1], part)];
        for (block, total) in activations.iter().zip(totals) {
            let [first, second] = &block.quants;
            let first = lanes.dot::<6, 1>(&[weights[0]], &[*first], block.sums[0]);
            let second = lanes.dot::<6, 1>(&[weights[1]], &[*second], block.sums[1]);
            let product = lanes.mul(lanes.floats(first), scales[0]);
            let product = lanes.fma(lanes.floats(second), scales[1], product);
            *total = lanes.fma(product, lanes.splat(block.scale), *total);
        }
    }
}

impl Tile for Plain8 {
    const EMPTY: Self = Self { scales: [0; TILE], quants: [[0x80; 64]; 8] };

    fn put(&mut self, row: usize, source: &Source) {
        self.scales[row] = source.scales[0];
        for (column, quant) in source.quants.iter().enumerate() {
            self.quants[column / 4][row * 4 + column % 4] = *quant;
        }
    }

    fn row(&self, row: usize) -> [f32; BLOCK] {
        centred(self.scales[row], 128.0, |column| self.quants[column / 4][row * 4 + column % 4])
    }

    #[inline(always)]
    fn multiply<L: Lanes, const R: usize>(
        &self,
        lanes: L,
        part: usize,
        activations: [&Block; R],
        totals: &mut [L::Floats; R],
    ) {
        let first = lanes.quants(&self.quants[0], part);
        let mut weights = [[first; 4]; 2];
        for (half, weights) in weights.iter_mut().enumerate() {
            for (group, weight) in weights.iter_mut().enumerate() {
                *weight = lanes.quants(&self.quants[half * 4 + group], part);
            }
        }
        let scale = lanes.widen(&self.scales, part);
        add_centred::<L, 8, R>(lanes, &weights, scale, activations, totals);
    }
}

#[cfg(test)]
mod tests;
