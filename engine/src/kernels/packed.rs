//! A weight matrix rearranged for the 4-bit product.
//!
//! Sixteen rows and 32 columns make a tile: 64-byte groups hold four columns for each of the
//! sixteen rows in their low nibbles and the next four columns in their high ones, so that a
//! register full of weights meets one broadcast of four activations and no sum has to cross lanes.
//! A weight is `scale * quant + min`. Eight-bit weights are two such planes, the upper worth 16
//! times the lower: one kernel serves both.

use super::activations::BLOCK;
use super::lanes::{TILE, half_to_f32};
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device, Result, bail};
use half::f16;

/// The quants of one bit plane of a tile, by group.
pub(super) type Plane = [[u8; 64]; GROUPS];

/// 64-byte groups in a plane of a tile.
pub(super) const GROUPS: usize = 4;

/// `rows` outputs by `columns` inputs.
pub(crate) struct Packed {
    rows: usize,
    columns: usize,
    /// 1 for 4-bit weights, 2 for 8-bit weights.
    planes: usize,
    quants: Vec<[[u8; 64]; GROUPS]>,
    scales: Vec<[u16; TILE]>,
    mins: Vec<[u16; TILE]>,
}

/// One row's 32 weights before they are packed.
struct Source {
    quants: [u8; BLOCK],
    scale: u16,
    min: u16,
}

impl Packed {
    /// Packs a tensor of `(rows, columns)`: Q4_0, Q4_1 and Q8_0 keep their numbers, every other
    /// type is rounded to 8 bits. Rows must be a multiple of 16, columns of 32.
    pub fn new(tensor: &QTensor) -> Result<Self> {
        let (rows, columns) = tensor.shape().dims2()?;
        if rows == 0 || columns == 0 || !rows.is_multiple_of(TILE) || !columns.is_multiple_of(BLOCK)
        {
            bail!("a matrix of {rows} x {columns} is not a multiple of {TILE} x {BLOCK}");
        }
        match tensor.dtype() {
            kind @ (GgmlDType::Q4_0 | GgmlDType::Q4_1 | GgmlDType::Q8_0) => {
                let data = tensor.data()?;
                let (size, planes) =
                    (kind.type_size(), if kind == GgmlDType::Q8_0 { 2 } else { 1 });
                let blocks: Vec<&[u8]> = data.chunks_exact(size).collect();
                if blocks.len() != rows * columns / BLOCK {
                    bail!("a matrix of {rows} x {columns} has {} blocks", blocks.len());
                }
                Ok(Self::pack(rows, columns, planes, |i| read_block(kind, blocks[i])))
            }
            _ => {
                let values = tensor.dequantize(&Device::Cpu)?.flatten_all()?.to_vec1::<f32>()?;
                let blocks = values.as_chunks::<BLOCK>().0;
                Ok(Self::pack(rows, columns, 2, |i| round_block(&blocks[i])))
            }
        }
    }

    fn pack(rows: usize, columns: usize, planes: usize, block: impl Fn(usize) -> Source) -> Self {
        let (across, tiles) = (columns / BLOCK, rows / TILE * (columns / BLOCK));
        let mut packed = Self {
            rows,
            columns,
            planes,
            quants: vec![[[0; 64]; GROUPS]; tiles * planes],
            scales: vec![[0; TILE]; tiles],
            mins: vec![[0; TILE]; tiles],
        };
        for row in 0..rows {
            for column in 0..across {
                let source = block(row * across + column);
                let (tile, lane) = (row / TILE * across + column, row % TILE);
                packed.scales[tile][lane] = source.scale;
                packed.mins[tile][lane] = source.min;
                for plane in 0..planes {
                    let groups = &mut packed.quants[tile * planes + plane];
                    for (i, quant) in source.quants.iter().enumerate() {
                        let nibble = (quant >> (4 * plane)) & 15;
                        // Columns 8g..8g+4 are the low nibbles of group g, 8g+4..8g+8 the high.
                        groups[i / 8][lane * 4 + i % 4] |= nibble << (i / 4 % 2 * 4);
                    }
                }
            }
        }
        packed
    }

    /// Puts matrices of one width on top of each other: one product instead of several.
    pub fn stack(parts: Vec<Self>) -> Result<Self> {
        let Some(columns) = parts.first().map(|p| p.columns) else { bail!("nothing to stack") };
        if parts.iter().any(|p| p.columns != columns) {
            bail!("stacked matrices differ in width");
        }
        let planes = parts.iter().map(|p| p.planes).max().unwrap_or(1);
        let mut all = Self::pack(0, columns, planes, |_| Source::EMPTY);
        for mut part in parts {
            if part.planes < planes {
                let empty = [[0; 64]; GROUPS];
                part.quants = part.quants.into_iter().flat_map(|low| [low, empty]).collect();
            }
            all.rows += part.rows;
            all.quants.append(&mut part.quants);
            all.scales.append(&mut part.scales);
            all.mins.append(&mut part.mins);
        }
        Ok(all)
    }

    /// Outputs.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Inputs.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The planes (lowest first), scales and minimums of a tile.
    #[inline(always)]
    pub(super) fn tile(&self, tile: usize) -> (&[Plane], &[u16; TILE], &[u16; TILE]) {
        let planes = &self.quants[tile * self.planes..(tile + 1) * self.planes];
        (planes, &self.scales[tile], &self.mins[tile])
    }

    /// The weights of one row, for looking up an embedding.
    pub fn row(&self, row: usize, out: &mut [f32]) {
        let lane = row % TILE;
        for (column, out) in out.as_chunks_mut::<BLOCK>().0.iter_mut().enumerate() {
            let (planes, scales, mins) = self.tile(row / TILE * (self.columns / BLOCK) + column);
            let (scale, min) = (half_to_f32(scales[lane]), half_to_f32(mins[lane]));
            for (i, out) in out.iter_mut().enumerate() {
                let quant = planes.iter().enumerate().fold(0, |sum, (plane, groups)| {
                    let byte = groups[i / 8][lane * 4 + i % 4];
                    sum + (((byte >> (i / 4 % 2 * 4)) & 15) << (4 * plane))
                });
                *out = scale * f32::from(quant) + min;
            }
        }
    }
}

impl Source {
    const EMPTY: Self = Self { quants: [0; BLOCK], scale: 0, min: 0 };
}

/// Reads a block of GGML's (`ggml-common.h`: `block_q4_0`, `block_q4_1`, `block_q8_0`).
fn read_block(kind: GgmlDType, bytes: &[u8]) -> Source {
    let half = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
    let mut quants = [0; BLOCK];
    match kind {
        GgmlDType::Q8_0 => {
            for (quant, byte) in quants.iter_mut().zip(&bytes[2..]) {
                *quant = byte ^ 0x80; // i8 to u8 by adding 128
            }
            Source { quants, scale: half(0), min: to_half(-128.0 * half_to_f32(half(0))) }
        }
        _ => {
            let start = if kind == GgmlDType::Q4_1 { 4 } else { 2 };
            for (i, byte) in bytes[start..].iter().enumerate() {
                (quants[i], quants[i + 16]) = (byte & 15, byte >> 4);
            }
            let min = if kind == GgmlDType::Q4_1 {
                half(2)
            } else {
                to_half(-8.0 * half_to_f32(half(0)))
            };
            Source { quants, scale: half(0), min }
        }
    }
}

/// Rounds 32 weights to 8 bits the way Q8_0 does.
fn round_block(values: &[f32; BLOCK]) -> Source {
    let largest = values.iter().fold(0f32, |most, x| most.max(x.abs()));
    let scale = to_half(largest / 127.0);
    let step = half_to_f32(scale);
    let inverse = if step > 0.0 { 1.0 / step } else { 0.0 };
    let quants = values.map(|x| ((x * inverse).round() + 128.0).clamp(0.0, 255.0) as u8);
    Source { quants, scale, min: to_half(-128.0 * step) }
}

/// The nearest IEEE half. Exact for a power of two times another half, as in every use above but
/// the rounding of a fresh scale.
fn to_half(x: f32) -> u16 {
    f16::from_f32(x).to_bits()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::random::Random;
    use candle_core::Tensor;

    fn rows_of(packed: &Packed) -> Vec<f32> {
        let mut out = vec![0.0; packed.rows() * packed.columns()];
        for (row, out) in out.chunks_exact_mut(packed.columns()).enumerate() {
            packed.row(row, out);
        }
        out
    }

    fn tensor(rows: usize, columns: usize, seed: u64) -> Tensor {
        let values = Random::new(seed).normals(rows * columns);
        Tensor::from_vec(values, (rows, columns), &Device::Cpu).unwrap()
    }

    #[test]
    fn packed_weights_are_the_numbers_of_the_file() {
        let dense = tensor(32, 96, 1);
        for kind in [GgmlDType::Q4_0, GgmlDType::Q4_1, GgmlDType::Q8_0] {
            let quantized = QTensor::quantize(&dense, kind).unwrap();
            let want = quantized.dequantize(&Device::Cpu).unwrap().flatten_all().unwrap();
            for (got, want) in rows_of(&Packed::new(&quantized).unwrap())
                .iter()
                .zip(want.to_vec1::<f32>().unwrap())
            {
                assert!((got - want).abs() < 1e-6, "{kind:?}: {got} is not {want}");
            }
        }
    }

    #[test]
    fn other_types_are_rounded_to_eight_bits() {
        let dense = tensor(16, 64, 2);
        let packed = Packed::new(&QTensor::quantize(&dense, GgmlDType::F32).unwrap()).unwrap();
        let want = dense.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        for (got, want) in rows_of(&packed).iter().zip(want) {
            assert!((got - want).abs() < 0.02, "{got} is not near {want}");
        }
    }

    #[test]
    fn stacking_four_bits_on_eight_keeps_both() {
        let (a, b) = (tensor(16, 64, 3), tensor(32, 64, 4));
        let a = QTensor::quantize(&a, GgmlDType::Q4_1).unwrap();
        let b = QTensor::quantize(&b, GgmlDType::Q8_0).unwrap();
        let mut want = rows_of(&Packed::new(&a).unwrap());
        want.extend(rows_of(&Packed::new(&b).unwrap()));
        let stacked =
            Packed::stack(vec![Packed::new(&a).unwrap(), Packed::new(&b).unwrap()]).unwrap();
        assert_eq!(rows_of(&stacked), want);
    }

    #[test]
    fn odd_shapes_are_refused() {
        let dense = QTensor::quantize(&tensor(17, 64, 5), GgmlDType::Q8_0).unwrap();
        assert!(Packed::new(&dense).is_err());
    }
}
