//! The first half of a feed-forward: outputs are bent by a function and rounded at once, 32 of a row
//! at a time, so that they never stand in memory as plain numbers.

use super::super::blocks::{Block, round};
use super::super::lanes::{Kernel, Lanes, TILE, exp};
use super::super::pack::{Packed, Tiles};
use super::super::shared::Shared;
use super::super::tiles::{BLOCK, Tile};
use super::{Hands, Input, ROWS, Strips, by_rows, of};
use std::ops::Range;

/// `silu(gate * x) * (up * x)`, rounded: the first half of a feed-forward (Shazeer 2020, SwiGLU).
/// The two matrices are of one shape and kind.
pub(crate) fn swiglu(
    hands: Hands<'_>,
    gate: &Packed,
    up: &Packed,
    input: Input<'_>,
    out: &mut [Block],
) {
    let out = Shared::new(out);
    hands.team.share(gate.rows() / BLOCK, |turns| {
        input.with(hands.isa, |x| {
            while let Some(turn) = turns.next() {
                macro_rules! run {
                    ($($kind:ident)*) => {
                        match (gate.tiles(), up.tiles()) {
                            $((Tiles::$kind(gate_tiles), Tiles::$kind(up_tiles)) => {
                                let (gate, up) = (of(gate, gate_tiles), of(up, up_tiles));
                                hands.isa.run(Feed { bend: SwiGlu { gate, up }, x, turn, out });
                            })*
                            _ => unreachable!("packed alike when they were loaded"),
                        }
                    };
                }
                run!(Plain4 Offset4 Plain5 Split6 Plain8);
            }
        });
    });
}

/// `gelu(weights * x + bias)`, rounded: the first half of a BERT's feed-forward.
pub(crate) fn gelu(
    hands: Hands<'_>,
    weights: &Packed,
    bias: &[f32],
    x: &[Block],
    out: &mut [Block],
) {
    let out = Shared::new(out);
    hands.team.share(weights.rows() / BLOCK, |turns| {
        while let Some(turn) = turns.next() {
            let bias = bias.as_chunks::<TILE>().0;
            let Tiles::Plain8(tiles) = weights.tiles() else {
                unreachable!("an encoder's weights have eight bits")
            };
            let bend = Gelu { weights: of(weights, tiles), bias };
            hands.isa.run(Feed { bend, x, turn, out });
        }
    });
}

/// A product and what becomes of its outputs.
trait Bend: Copy {
    /// Inputs, in blocks.
    fn across(self) -> usize;

    /// Outputs of a row, in blocks.
    fn width(self) -> usize;

    /// The sixteen outputs of strip `strip`, for `R` rows from `row` on.
    fn outputs<L: Lanes, const R: usize>(
        self,
        lanes: L,
        strip: usize,
        x: &[Block],
        row: usize,
    ) -> [[f32; TILE]; R];
}

/// Some blocks of columns, for all rows.
struct Feed<'a, B> {
    bend: B,
    x: &'a [Block],
    turn: Range<usize>,
    out: Shared<'a, Block>,
}

impl<B: Bend> Kernel for Feed<'_, B> {
    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let (rows, width) = (self.x.len() / self.bend.across(), self.bend.width());
        for block in self.turn {
            by_rows!(rows, row, N => {
                let first = self.bend.outputs::<L, N>(lanes, 2 * block, self.x, row);
                let second = self.bend.outputs::<L, N>(lanes, 2 * block + 1, self.x, row);
                for i in 0..N {
                    // SAFETY: the team gives out each block of columns once.
                    let out = unsafe { self.out.take((row + i) * width + block, 1) };
                    out[0] = round(lanes, &[first[i], second[i]]);
                }
            });
        }
    }
}

#[derive(Clone, Copy)]
struct SwiGlu<'a, T> {
    gate: Strips<'a, T>,
    up: Strips<'a, T>,
}

impl<T: Tile> Bend for SwiGlu<'_, T> {
    fn across(self) -> usize {
        self.gate.across
    }

    fn width(self) -> usize {
        self.gate.count() * TILE / BLOCK
    }

    #[inline(always)]
    fn outputs<L: Lanes, const R: usize>(
        self,
        lanes: L,
        strip: usize,
        x: &[Block],
        row: usize,
    ) -> [[f32; TILE]; R] {
        let mut gates = self.gate.product::<L, R>(lanes, strip, x, row);
        let ups = self.up.product::<L, R>(lanes, strip, x, row);
        for i in 0..R {
            for part in 0..L::PARTS {
                let gate = lanes.load(&gates[i], part);
                let minus = lanes.sub(lanes.splat(0.0), gate);
                let below = lanes.add(lanes.splat(1.0), exp(lanes, minus));
                let gated = lanes.mul(lanes.div(gate, below), lanes.load(&ups[i], part));
                lanes.store(gated, &mut gates[i], part);
            }
        }
        gates
    }
}

#[derive(Clone, Copy)]
struct Gelu<'a, T> {
    weights: Strips<'a, T>,
    bias: &'a [[f32; TILE]],
}

impl<T: Tile> Bend for Gelu<'_, T> {
    fn across(self) -> usize {
        self.weights.across
    }

    fn width(self) -> usize {
        self.weights.count() * TILE / BLOCK
    }

    #[inline(always)]
    fn outputs<L: Lanes, const R: usize>(
        self,
        lanes: L,
        strip: usize,
        x: &[Block],
        row: usize,
    ) -> [[f32; TILE]; R] {
        let mut products = self.weights.product::<L, R>(lanes, strip, x, row);
        for product in &mut products {
            for part in 0..L::PARTS {
                let bias = lanes.load(&self.bias[strip], part);
                let bent = gelu_of(lanes, lanes.add(lanes.load(product, part), bias));
                lanes.store(bent, product, part);
            }
        }
        products
    }
}

/// `x * (1 + erf(x / sqrt 2)) / 2`, with erf from Abramowitz & Stegun 1964, formula 7.1.26 (off by
/// 1.5e-7 at most).
#[inline(always)]
fn gelu_of<L: Lanes>(lanes: L, x: L::Floats) -> L::Floats {
    let one = lanes.splat(1.0);
    let z = lanes.mul(lanes.abs(x), lanes.splat(std::f32::consts::FRAC_1_SQRT_2));
    let t = lanes.div(one, lanes.fma(z, lanes.splat(0.327_591_1), one));
    let mut p = lanes.splat(1.061_405_4);
    for c in [-1.453_152, 1.421_413_8, -0.284_496_74, 0.254_829_6] {
        p = lanes.fma(p, t, lanes.splat(c));
    }
    let minus = lanes.sub(lanes.splat(0.0), lanes.mul(z, z));
    let erf = lanes.sub(one, lanes.mul(lanes.mul(p, t), exp(lanes, minus)));
    let half = lanes.mul(x, lanes.splat(0.5));
    lanes.fma(half, lanes.signed(erf, x), half)
}
