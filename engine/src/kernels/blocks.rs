//! Activations rounded to eight bits, a scale for every 32 of them (GGML's Q8_1, with `f32` scales),
//! and the normalisations that come before.

use super::lanes::{Isa, Kernel, Lanes, TILE, largest, sum};
use super::matmul::Hands;
use super::shared::Shared;
use super::tiles::BLOCK;

/// 32 activations: value `i` is about `scale` times the `i`-th quant.
#[derive(Clone, Copy, Default, Debug, PartialEq)]
#[repr(C, align(16))]
pub(crate) struct Block {
    /// Never -128. By half and group of four, as tiles want them.
    pub quants: [[[i8; 4]; 4]; 2],
    /// What one step of the quants is worth.
    pub scale: f32,
    /// The sum of the quants.
    pub sum: f32,
    /// The sums of the first and the last sixteen quants.
    pub sums: [i32; 2],
}

/// A row of numbers to be rounded; its length a multiple of 32.
pub(crate) fn quantize(isa: Isa, x: &[f32], out: &mut [Block]) {
    isa.run(Rows { x, norm: Norm::None, out });
}

/// A row divided by its root mean square, times `weight`, rounded (Zhang & Sennrich 2019, RMSNorm).
pub(crate) fn rms_norm(isa: Isa, x: &[f32], weight: &[f32], epsilon: f32, out: &mut [Block]) {
    isa.run(Rows { x, norm: Norm::Rms { weight, epsilon }, out });
}

/// [`rms_norm`] of many rows, each thread some of them. Rows are as wide as `weight`.
pub(crate) fn rms_norms(
    hands: Hands<'_>,
    x: &[f32],
    weight: &[f32],
    epsilon: f32,
    out: &mut [Block],
) {
    let (width, blocks) = (weight.len(), weight.len() / BLOCK);
    let out = Shared::new(out);
    hands.team.share(x.len() / width, |turns| {
        while let Some(turn) = turns.next() {
            for row in turn {
                // SAFETY: the team gives out each row once.
                let out = unsafe { out.take(row * blocks, blocks) };
                rms_norm(hands.isa, &x[row * width..][..width], weight, epsilon, out);
            }
        }
    });
}

/// Rows of `x` become `layer_norm(x + y + bias)` (Ba et al. 2016), and `out` the same rounded.
pub(crate) struct LayerNorm<'a> {
    /// Added to the rows before they are normalised.
    pub bias: &'a [f32],
    pub gain: &'a [f32],
    pub shift: &'a [f32],
    pub epsilon: f32,
}

/// Normalises many rows, each thread some of them.
pub(crate) fn layer_norms(
    hands: Hands<'_>,
    norm: &LayerNorm<'_>,
    x: &mut [f32],
    y: &[f32],
    out: &mut [Block],
) {
    let (width, blocks) = (norm.gain.len(), norm.gain.len() / BLOCK);
    let rows = x.len() / width;
    let (x, out) = (Shared::new(x), Shared::new(out));
    hands.team.share(rows, |turns| {
        while let Some(turn) = turns.next() {
            for row in turn {
                // SAFETY: the team gives out each row once.
                let (x, out) =
                    unsafe { (x.take(row * width, width), out.take(row * blocks, blocks)) };
                hands.isa.run(Layer { norm, x, y: &y[row * width..][..width], out });
            }
        }
    });
}

struct Layer<'a> {
    norm: &'a LayerNorm<'a>,
    x: &'a mut [f32],
    y: &'a [f32],
    out: &'a mut [Block],
}

impl Kernel for Layer<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let count = self.x.len() as f32;
        let x = self.x.as_chunks_mut::<TILE>().0;
        let (y, bias) = (self.y.as_chunks::<TILE>().0, self.norm.bias.as_chunks::<TILE>().0);
        let mut totals = [0.0; TILE];
        for part in 0..L::PARTS {
            let mut total = lanes.splat(0.0);
            for ((x, y), bias) in x.iter_mut().zip(y).zip(bias) {
                let added = lanes.add(lanes.load(y, part), lanes.load(bias, part));
                let all = lanes.add(lanes.load(x, part), added);
                lanes.store(all, x, part);
                total = lanes.add(total, all);
            }
            lanes.store(total, &mut totals, part);
        }
        let mean = lanes.splat(sum(totals) / count);
        let mut squares = [0.0; TILE];
        for part in 0..L::PARTS {
            let mut total = lanes.splat(0.0);
            for x in x.iter() {
                let off = lanes.sub(lanes.load(x, part), mean);
                total = lanes.fma(off, off, total);
            }
            lanes.store(total, &mut squares, part);
        }
        let factor = lanes.splat(1.0 / (sum(squares) / count + self.norm.epsilon).sqrt());
        let (gain, shift) =
            (self.norm.gain.as_chunks::<TILE>().0, self.norm.shift.as_chunks::<TILE>().0);
        for ((x, gain), shift) in x.iter_mut().zip(gain).zip(shift) {
            for part in 0..L::PARTS {
                let off = lanes.mul(lanes.sub(lanes.load(x, part), mean), factor);
                let done = lanes.fma(off, lanes.load(gain, part), lanes.load(shift, part));
                lanes.store(done, x, part);
            }
        }
        for (x, out) in x.as_chunks::<2>().0.iter().zip(self.out) {
            *out = round(lanes, x);
        }
    }
}

enum Norm<'a> {
    None,
    Rms { weight: &'a [f32], epsilon: f32 },
}

struct Rows<'a> {
    x: &'a [f32],
    norm: Norm<'a>,
    out: &'a mut [Block],
}

impl Kernel for Rows<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let x = self.x.as_chunks::<TILE>().0;
        match self.norm {
            Norm::None => {
                for (x, block) in x.as_chunks::<2>().0.iter().zip(self.out) {
                    *block = round(lanes, x);
                }
            }
            Norm::Rms { weight, epsilon } => {
                let factor = lanes.splat(1.0 / (mean_square(lanes, x) + epsilon).sqrt());
                let weight = weight.as_chunks::<TILE>().0.as_chunks::<2>().0;
                for ((x, weight), block) in x.as_chunks::<2>().0.iter().zip(weight).zip(self.out) {
                    let mut scaled = [[0.0; TILE]; 2];
                    for half in 0..2 {
                        for part in 0..L::PARTS {
                            let x = lanes.mul(lanes.load(&x[half], part), factor);
                            let x = lanes.mul(x, lanes.load(&weight[half], part));
                            lanes.store(x, &mut scaled[half], part);
                        }
                    }
                    *block = round(lanes, &scaled);
                }
            }
        }
    }
}

#[inline(always)]
fn mean_square<L: Lanes>(lanes: L, x: &[[f32; TILE]]) -> f32 {
    let mut squares = [0.0; TILE];
    for part in 0..L::PARTS {
        let mut total = lanes.splat(0.0);
        for x in x {
            let x = lanes.load(x, part);
            total = lanes.fma(x, x, total);
        }
        lanes.store(total, &mut squares, part);
    }
    sum(squares) / (x.len() * TILE) as f32
}

/// Rounds 32 numbers so that the largest becomes 127.
#[inline(always)]
pub(super) fn round<L: Lanes>(lanes: L, x: &[[f32; TILE]; 2]) -> Block {
    let mut sizes = [0.0; TILE];
    for part in 0..L::PARTS {
        let first = lanes.abs(lanes.load(&x[0], part));
        let second = lanes.abs(lanes.load(&x[1], part));
        lanes.store(lanes.max(first, second), &mut sizes, part);
    }
    let most = largest(sizes);
    let inverse = lanes.splat(if most > 0.0 { 127.0 / most } else { 0.0 });
    let mut block = Block { scale: most / 127.0, ..Block::default() };
    for half in 0..2 {
        let mut quants = [0i8; TILE];
        for part in 0..L::PARTS {
            let scaled = lanes.mul(lanes.load(&x[half], part), inverse);
            lanes.bytes(scaled, &mut quants, part);
        }
        let mut total = 0;
        for quant in quants {
            total += i32::from(quant);
        }
        block.sums[half] = total;
        block.quants[half].as_flattened_mut().copy_from_slice(&quants);
    }
    block.sum = (block.sums[0] + block.sums[1]) as f32;
    block
}
