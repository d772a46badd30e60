//! The blocks of a GGUF file, 32 columns at a time (layouts: `ggml-common.h`, `block_q4_0` to
//! `block_q6_K`).

use crate::kernels::tiles::{BLOCK, Source};
use candle_core::Device;
use candle_core::quantized::{GgmlDType, QStorage, QTensor};
use half::f16;
use std::borrow::Cow;

/// Columns of a superblock.
const SUPER: usize = 256;

fn half(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn wide(half: u16) -> f32 {
    f16::from_bits(half).to_f32()
}

fn narrow(x: f32) -> u16 {
    f16::from_f32(x).to_bits()
}

/// Sixteen bytes: the first half of the columns in the low nibbles, the second in the high ones.
fn nibbles(bytes: &[u8]) -> [u8; BLOCK] {
    std::array::from_fn(|i| if i < 16 { bytes[i] & 15 } else { bytes[i - 16] >> 4 })
}

pub(super) fn q4_0(row: &[u8], index: usize) -> Source {
    let block = &row[index * 18..][..18];
    Source { quants: nibbles(&block[2..]), scales: [half(block, 0), 0], min: 0 }
}

pub(super) fn q4_1(row: &[u8], index: usize) -> Source {
    let block = &row[index * 20..][..20];
    Source { quants: nibbles(&block[4..]), scales: [half(block, 0), 0], min: half(block, 2) }
}

pub(super) fn q5_0(row: &[u8], index: usize) -> Source {
    let block = &row[index * 22..][..22];
    let fifths = u32::from_le_bytes([block[2], block[3], block[4], block[5]]);
    let low = nibbles(&block[6..]);
    let quants = std::array::from_fn(|i| low[i] | ((fifths >> i & 1) as u8) << 4);
    Source { quants, scales: [half(block, 0), 0], min: 0 }
}

pub(super) fn q8_0(row: &[u8], index: usize) -> Source {
    let block = &row[index * 34..][..34];
    // i8 to u8 by adding 128
    let quants = std::array::from_fn(|i| block[2 + i] ^ 0x80);
    Source { quants, scales: [half(block, 0), 0], min: 0 }
}

/// Eight blocks share two halves and twelve bytes of six-bit scales and minimums.
pub(super) fn q4_k(row: &[u8], index: usize) -> Source {
    let (block, index) = (&row[index / 8 * 144..][..144], index % 8);
    let packed = &block[4..16];
    let (scale, min) = if index < 4 {
        (packed[index] & 63, packed[index + 4] & 63)
    } else {
        (
            packed[index + 4] & 15 | packed[index - 4] >> 6 << 4,
            packed[index + 4] >> 4 | packed[index] >> 6 << 4,
        )
    };
    let bytes = &block[16 + index / 2 * 32..][..32];
    let quants = std::array::from_fn(|i| bytes[i] >> (index % 2 * 4) & 15);
    let scale = narrow(wide(half(block, 0)) * f32::from(scale));
    let min = narrow(-wide(half(block, 2)) * f32::from(min));
    Source { quants, scales: [scale, 0], min }
}

/// Eight blocks share a half; every sixteen columns have a scale of eight bits.
pub(super) fn q6_k(row: &[u8], index: usize) -> Source {
    let (block, index) = (&row[index / 8 * 210..][..210], index % 8);
    let (side, quarter) = (index / 4, index % 4);
    let lows = &block[side * 64 + quarter % 2 * 32..][..32];
    let highs = &block[128 + side * 32..][..32];
    let quants = std::array::from_fn(|i| {
        lows[i] >> (quarter / 2 * 4) & 15 | (highs[i] >> (2 * quarter) & 3) << 4
    });
    let unit = wide(half(block, 208));
    let scale = |i: usize| {
        let scale = block[192 + side * 8 + quarter * 2 + i].cast_signed();
        narrow(unit * f32::from(scale))
    };
    Source { quants, scales: [scale(0), scale(1)], min: 0 }
}

/// Rounds 32 numbers to eight bits the way Q8_0 does.
pub(super) fn round(values: &[f32; BLOCK]) -> Source {
    let largest = values.iter().fold(0f32, |most, x| most.max(x.abs()));
    let scale = narrow(largest / 127.0);
    let step = wide(scale);
    let inverse = if step > 0.0 { 1.0 / step } else { 0.0 };
    let quants = values.map(|x| ((x * inverse).round().clamp(-127.0, 127.0) + 128.0) as u8);
    Source { quants, scales: [scale, 0], min: 0 }
}

/// The numbers that blocks of any kind stand for, through candle.
pub(super) fn numbers(
    kind: GgmlDType,
    bytes: &[u8],
    shape: (usize, usize),
) -> Result<Vec<f32>, String> {
    debug_assert!(kind.block_size() <= SUPER);
    if kind == GgmlDType::F32 {
        return Ok(bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect());
    }
    let read = || -> candle_core::Result<Vec<f32>> {
        let storage = QStorage::from_data(Cow::Borrowed(bytes), &Device::Cpu, kind)?;
        QTensor::new(storage, shape)?.dequantize(&Device::Cpu)?.flatten_all()?.to_vec1()
    };
    read().map_err(|e| e.to_string())
}
