//! Activations rounded to 8 bits, a scale for every 32 of them (GGML's Q8_1, with `f32` scales).

use pulp::{Arch, NullaryFnOnce};

/// Columns that share a scale, in weights and activations alike.
pub(crate) const BLOCK: usize = 32;

/// 32 activations: value `i` is about `scale * quants[i / 4][i % 4]`.
#[derive(Clone, Copy, Default)]
pub(crate) struct Block {
    /// What one step of the quants is worth.
    pub scale: f32,
    /// `scale` times the sum of the quants, to be multiplied with the weights' minimum.
    pub sum: f32,
    /// Never -128, so that products with a weight stay in 16 bits.
    pub quants: [[i8; 4]; BLOCK / 4],
}

/// Rows of activations, `width / 32` blocks each.
pub(crate) struct Activations {
    blocks: Vec<Block>,
    per_row: usize,
}

impl Activations {
    /// Rounds `values`, rows of `width` (a multiple of 32) one after the other.
    pub fn quantize(values: &[f32], width: usize) -> Self {
        debug_assert!(width.is_multiple_of(BLOCK) && values.len().is_multiple_of(width));
        let mut blocks = vec![Block::default(); values.len() / BLOCK];
        Arch::new().dispatch(Quantize { values, blocks: &mut blocks });
        Self { blocks, per_row: width / BLOCK }
    }

    /// How many rows.
    pub fn rows(&self) -> usize {
        self.blocks.len() / self.per_row
    }

    /// The blocks of one row.
    pub fn row(&self, row: usize) -> &[Block] {
        &self.blocks[row * self.per_row..(row + 1) * self.per_row]
    }
}

struct Quantize<'a> {
    values: &'a [f32],
    blocks: &'a mut [Block],
}

impl NullaryFnOnce for Quantize<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for (block, values) in self.blocks.iter_mut().zip(self.values.as_chunks::<BLOCK>().0) {
            *block = quantize(values);
        }
    }
}

#[inline(always)]
fn quantize(values: &[f32; BLOCK]) -> Block {
    // Adding 1.5 * 2^23 leaves the rounded integer in the low bits of the mantissa.
    const MAGIC: f32 = 12_582_912.0;
    let mut largest = [0f32; 16];
    for half in values.as_chunks::<16>().0 {
        for (most, x) in largest.iter_mut().zip(half) {
            let x = x.abs();
            *most = if x > *most { x } else { *most };
        }
    }
    let largest = super::math::largest(largest);
    let scale = largest / 127.0;
    let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
    let mut quants = [0i8; BLOCK];
    let mut sum = 0i32;
    for (quant, x) in quants.iter_mut().zip(values) {
        *quant = (x * inverse + MAGIC).to_bits() as i8;
    }
    for quant in quants {
        // At most 32 * 127; a checked addition would keep this loop from being vector code.
        sum = sum.wrapping_add(i32::from(quant));
    }
    let quants = pulp::cast::<[i8; BLOCK], [[i8; 4]; BLOCK / 4]>(quants);
    Block { scale, sum: scale * sum as f32, quants }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_within_half_a_step() {
        let values: Vec<f32> = (0..96).map(|i| ((i * 37 % 101) as f32 - 50.0) * 0.13).collect();
        let rounded = Activations::quantize(&values, 96);
        assert_eq!((rounded.rows(), rounded.row(0).len()), (1, 3));
        for (block, values) in rounded.row(0).iter().zip(values.chunks(32)) {
            let quants = block.quants.as_flattened();
            for (q, x) in quants.iter().zip(values) {
                assert!((f32::from(*q) * block.scale - x).abs() <= block.scale * 0.5001);
            }
            let sum: i32 = quants.iter().map(|q| i32::from(*q)).sum();
            assert!((block.sum - sum as f32 * block.scale).abs() < 1e-4);
        }
    }

    #[test]
    fn zeros_and_tiny_values_do_not_divide_by_zero() {
        for x in [0.0, f32::MIN_POSITIVE, 1e-42] {
            let block = quantize(&[x; BLOCK]);
            assert!(block.scale.is_finite() && block.sum.is_finite());
            assert!(block.quants.as_flattened().iter().all(|q| *q != i8::MIN));
        }
    }
}
