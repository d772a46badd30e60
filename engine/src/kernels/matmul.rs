//! `x * weights^T` for packed weights and rounded activations.
//!
//! Few rows (writing) are limited by how fast weights can be read: tiles are spread over the
//! threads. Many rows (reading a prompt) are limited by arithmetic: rows are spread, so that each
//! unpacked tile serves all the rows of a thread. Both orders add the same numbers in the same
//! sequence for each output.

use super::activations::{Activations, BLOCK, Block};
use super::lanes::{Kernel, Lanes, TILE, dispatch};
use super::packed::{GROUPS, Packed};
use rayon::prelude::*;

/// From this many rows on, rows are spread over the threads instead of tiles.
const MANY_ROWS: usize = 16;

/// The product, row after row: `x.rows()` rows of `weights.rows()` numbers.
pub(crate) fn multiply(weights: &Packed, x: &Activations) -> Vec<f32> {
    let (rows, width) = (x.rows(), weights.rows());
    let threads = rayon::current_num_threads();
    let mut out = vec![0.0; rows * width];
    if rows >= MANY_ROWS {
        let share = rows.div_ceil(2 * threads).next_multiple_of(8).max(MANY_ROWS);
        out.par_chunks_mut(share * width).enumerate().for_each(|(i, out)| {
            dispatch(RowShare { weights, x, first: i * share, out });
        });
        return out;
    }
    let tiles = width / TILE;
    let share = tiles.div_ceil(8 * threads);
    if rows == 1 {
        out.par_chunks_mut(share * TILE).enumerate().for_each(|(i, out)| {
            dispatch(TileShare { weights, x, first: i * share, out });
        });
        return out;
    }
    let mut by_tile = vec![0.0; rows * width];
    by_tile.par_chunks_mut(share * rows * TILE).enumerate().for_each(|(i, out)| {
        dispatch(TileShare { weights, x, first: i * share, out });
    });
    for (tile, rows_of_tile) in by_tile.chunks_exact(rows * TILE).enumerate() {
        for (row, values) in rows_of_tile.chunks_exact(TILE).enumerate() {
            out[row * width + tile * TILE..][..TILE].copy_from_slice(values);
        }
    }
    out
}

/// All outputs of some rows.
struct RowShare<'a> {
    weights: &'a Packed,
    x: &'a Activations,
    first: usize,
    out: &'a mut [f32],
}

impl Kernel for RowShare<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let stride = self.weights.rows();
        let rows = self.out.len() / stride;
        for tile in 0..stride / TILE {
            let out = &mut self.out[tile * TILE..];
            Tile { weights: self.weights, tile, x: self.x, first: self.first }
                .all_rows(lanes, rows, out, stride);
        }
    }
}

/// Some tiles of all rows, written tile by tile.
struct TileShare<'a> {
    weights: &'a Packed,
    x: &'a Activations,
    first: usize,
    out: &'a mut [f32],
}

impl Kernel for TileShare<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let rows = self.x.rows();
        for (i, out) in self.out.chunks_exact_mut(rows * TILE).enumerate() {
            Tile { weights: self.weights, tile: self.first + i, x: self.x, first: 0 }
                .all_rows(lanes, rows, out, TILE);
        }
    }
}

/// One tile of outputs, for the rows of `x` from `first` on.
struct Tile<'a> {
    weights: &'a Packed,
    tile: usize,
    x: &'a Activations,
    first: usize,
}

impl Tile<'_> {
    /// The outputs of `rows` rows, each `stride` after the last; several rows at a time while there
    /// are several.
    #[inline(always)]
    fn all_rows<L: Lanes>(&self, lanes: L, rows: usize, out: &mut [f32], stride: usize) {
        let mut row = 0;
        while row < rows {
            let out = &mut out[row * stride..];
            row += match rows - row {
                8.. => self.some_rows::<L, 8>(lanes, row, out, stride),
                4.. => self.some_rows::<L, 4>(lanes, row, out, stride),
                2.. => self.some_rows::<L, 2>(lanes, row, out, stride),
                _ => self.some_rows::<L, 1>(lanes, row, out, stride),
            };
        }
    }

    /// The outputs of `R` rows from `row` on. Returns `R`.
    #[inline(always)]
    fn some_rows<L: Lanes, const R: usize>(
        &self,
        lanes: L,
        row: usize,
        out: &mut [f32],
        stride: usize,
    ) -> usize {
        let across = self.weights.columns() / BLOCK;
        let mut rows: [&[Block]; R] = [&[]; R];
        for (i, blocks) in rows.iter_mut().enumerate() {
            *blocks = &self.x.row(self.first + row + i)[..across];
        }
        let mut values = [[0.0; TILE]; R];
        for part in 0..L::PARTS {
            let mut totals = [lanes.splat(0.0); R];
            for column in 0..across {
                let (planes, scales, mins) = self.weights.tile(self.tile * across + column);
                let mut blocks = [&rows[0][column]; R];
                for (block, row) in blocks.iter_mut().zip(&rows) {
                    *block = &row[column];
                }
                let (scale, min) = (lanes.widen(scales, part), lanes.widen(mins, part));
                match planes {
                    [low, high] => {
                        plane(lanes, low, part, scale, Some(min), &blocks, &mut totals);
                        let scale = lanes.mul(scale, lanes.splat(16.0));
                        plane(lanes, high, part, scale, None, &blocks, &mut totals);
                    }
                    planes => {
                        plane(lanes, &planes[0], part, scale, Some(min), &blocks, &mut totals);
                    }
                }
            }
            for (values, total) in values.iter_mut().zip(totals) {
                lanes.store(total, values, part);
            }
        }
        for (i, values) in values.iter().enumerate() {
            out[i * stride..][..TILE].copy_from_slice(values);
        }
        R
    }
}

/// Adds `sum((scale * quant + min) * activation)` over the 32 columns of one plane. The unpacked
/// weights stay in registers while the activations of each row pass by.
#[inline(always)]
fn plane<L: Lanes, const R: usize>(
    lanes: L,
    groups: &[[u8; 64]; GROUPS],
    part: usize,
    scale: L::Floats,
    min: Option<L::Floats>,
    blocks: &[&Block; R],
    totals: &mut [L::Floats; R],
) {
    let mut quants = [lanes.unpack(&groups[0], part); GROUPS];
    for (quants, group) in quants.iter_mut().zip(groups) {
        *quants = lanes.unpack(group, part);
    }
    for (block, total) in blocks.iter().zip(totals) {
        let mut sums = lanes.zero();
        for (group, (low, high)) in quants.iter().enumerate() {
            sums = lanes.dot(sums, *low, block.quants[2 * group]);
            sums = lanes.dot(sums, *high, block.quants[2 * group + 1]);
        }
        if let Some(min) = min {
            *total = lanes.fma(min, lanes.splat(block.sum), *total);
        }
        let scale = lanes.mul(scale, lanes.splat(block.scale));
        *total = lanes.fma(scale, lanes.floats(sums), *total);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::portable::Portable;
    use crate::kernels::random::Random;
    use candle_core::quantized::{GgmlDType, QTensor};
    use candle_core::{Device, Tensor};

    fn packed(kind: GgmlDType, rows: usize, columns: usize) -> Packed {
        let values = Random::new(9).normals(rows * columns);
        let dense = Tensor::from_vec(values, (rows, columns), &Device::Cpu).unwrap();
        Packed::new(&QTensor::quantize(&dense, kind).unwrap()).unwrap()
    }

    fn activations(rows: usize, columns: usize) -> (Vec<f32>, Activations) {
        let values = Random::new(8).normals(rows * columns);
        let rounded = Activations::quantize(&values, columns);
        (values, rounded)
    }

    #[test]
    fn products_are_near_those_of_exact_arithmetic() {
        for kind in [GgmlDType::Q4_1, GgmlDType::Q8_0] {
            let weights = packed(kind, 96, 192);
            for rows in [1, 3, 7, 16, 45] {
                let (values, x) = activations(rows, 192);
                let got = multiply(&weights, &x);
                let mut weight = vec![0.0; 192];
                for output in 0..96 {
                    weights.row(output, &mut weight);
                    for row in 0..rows {
                        let exact: f32 =
                            weight.iter().zip(&values[row * 192..]).map(|(w, x)| w * x).sum();
                        let got = got[row * 96 + output];
                        assert!((got - exact).abs() < 0.5, "{kind:?} {rows}: {got} for {exact}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_row_has_the_same_bits_whatever_stands_next_to_it() {
        let weights = packed(GgmlDType::Q4_1, 64, 96);
        let (values, _) = activations(37, 96);
        let together = multiply(&weights, &Activations::quantize(&values, 96));
        for (row, values) in values.chunks_exact(96).enumerate() {
            let alone = multiply(&weights, &Activations::quantize(values, 96));
            assert_eq!(alone, together[row * 64..(row + 1) * 64]);
        }
    }

    #[test]
    fn every_processor_gets_the_same_answer() {
        for kind in [GgmlDType::Q4_1, GgmlDType::Q8_0] {
            let weights = packed(kind, 64, 96);
            let (_, x) = activations(5, 96);
            let mut want = vec![0.0; 5 * 64];
            Portable.enter(RowShare { weights: &weights, x: &x, first: 0, out: &mut want });
            for got in other_lanes(&weights, &x) {
                for (got, want) in got.iter().zip(&want) {
                    assert!((got - want).abs() < 1e-3, "{got} is not {want}");
                }
            }
        }
    }

    #[cfg(target_arch = "x86_64")]
    fn other_lanes(weights: &Packed, x: &Activations) -> Vec<Vec<f32>> {
        use crate::kernels::x86::{Avx2, Avx512};
        let mut all = Vec::new();
        if let Some(simd) = pulp::x86::V3::try_new() {
            let mut out = vec![0.0; x.rows() * weights.rows()];
            Avx2(simd).enter(RowShare { weights, x, first: 0, out: &mut out });
            all.push(out);
        }
        if let Some(simd) = pulp::x86::V4::try_new() {
            let mut out = vec![0.0; x.rows() * weights.rows()];
            Avx512(simd).enter(RowShare { weights, x, first: 0, out: &mut out });
            all.push(out);
        }
        all
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn other_lanes(weights: &Packed, x: &Activations) -> Vec<Vec<f32>> {
        vec![multiply(weights, x)]
    }
}
