//! `x * weights^T` for packed weights and rounded activations.
//!
//! The work is handed out by tiles of sixteen outputs, for all rows at once: few rows (writing) are
//! limited by how fast weights can be read, and each is read once; many rows (reading a prompt) by
//! arithmetic, and each unpacked tile serves eight rows. Whatever the number of rows and threads,
//! each output adds the same numbers in the same sequence. [`feed`] are the products whose outputs
//! are bent and rounded before anybody sees them.

mod feed;

pub(crate) use feed::{gelu, swiglu};

use super::blocks::{Block, rms_norm};
use super::lanes::{Isa, Kernel, Lanes, TILE};
use super::pack::{Packed, Tiles};
use super::shared::Shared;
use super::team::Team;
use super::tiles::{BLOCK, Tile};
use std::cell::RefCell;
use std::ops::Range;

/// Rows that meet an unpacked tile together.
const ROWS: usize = 8;

/// How many tiles ahead are fetched where memory is the limit.
const AHEAD: usize = 7;

/// Threads that multiply, and the instructions they do it with.
#[derive(Clone, Copy)]
pub(crate) struct Hands<'a> {
    pub team: &'a Team,
    pub isa: Isa,
}

/// Rows of activations for a product.
#[derive(Clone, Copy)]
pub(crate) enum Input<'a> {
    /// Rounded already.
    Blocks(&'a [Block]),
    /// A few rows yet to be normalised: each thread does it for itself, which takes less time than
    /// waiting for another.
    Norm { x: &'a [f32], weight: &'a [f32], epsilon: f32 },
}

thread_local! {
    /// Where a thread keeps the rows it has normalised.
    static OWN: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) };
}

impl Input<'_> {
    /// Most rows that are worth normalising once a thread.
    pub const FEW: usize = 8;

    fn with(self, isa: Isa, work: impl FnOnce(&[Block])) {
        match self {
            Input::Blocks(blocks) => work(blocks),
            Input::Norm { x, weight, epsilon } => OWN.with_borrow_mut(|own| {
                own.resize(x.len() / BLOCK, Block::default());
                let rows = x.chunks_exact(weight.len());
                for (x, out) in rows.zip(own.chunks_exact_mut(weight.len() / BLOCK)) {
                    rms_norm(isa, x, weight, epsilon, out);
                }
                work(own);
            }),
        }
    }
}

/// What becomes of a product.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Put {
    /// It replaces what was there.
    Store,
    /// It is added to what was there.
    Add,
}

/// Multiplies with matrices of one width, whose outputs stand one after the other in a row of
/// `out`. Rows of `out` are as wide as the matrices are tall together.
pub(crate) fn multiply(
    hands: Hands<'_>,
    matrices: &[&Packed],
    input: Input<'_>,
    put: Put,
    out: &mut [f32],
) {
    let stride: usize = matrices.iter().map(|m| m.rows()).sum();
    let out = Shared::new(out);
    hands.team.share(stride / TILE, |turns| {
        input.with(hands.isa, |x| {
            while let Some(turn) = turns.next() {
                let mut first = 0;
                for matrix in matrices {
                    let tiles = matrix.rows() / TILE;
                    let own = turn.start.clamp(first, first + tiles)
                        ..turn.end.clamp(first, first + tiles);
                    if !own.is_empty() {
                        let range = own.start - first..own.end - first;
                        let to = Columns { out, stride, from: first * TILE, put };
                        run_columns(hands.isa, matrix, range, x, to);
                    }
                    first += tiles;
                }
            }
        });
    });
}

/// The tiles of a matrix, strip by strip.
#[derive(Clone, Copy)]
struct Strips<'a, T> {
    tiles: &'a [T],
    across: usize,
}

fn of<'a, T>(matrix: &Packed, tiles: &'a [T]) -> Strips<'a, T> {
    Strips { tiles, across: matrix.columns() / BLOCK }
}

impl<T: Tile> Strips<'_, T> {
    /// How many there are.
    fn count(self) -> usize {
        self.tiles.len() / self.across
    }

    /// The sixteen outputs of strip `strip`, for `R` rows from `row` on.
    #[inline(always)]
    fn product<L: Lanes, const R: usize>(
        self,
        lanes: L,
        strip: usize,
        x: &[Block],
        row: usize,
    ) -> [[f32; TILE]; R] {
        let first = strip * self.across;
        let tiles = &self.tiles[first..first + self.across];
        let mut rows: [&[Block]; R] = [&[]; R];
        for (i, blocks) in rows.iter_mut().enumerate() {
            *blocks = &x[(row + i) * self.across..][..self.across];
        }
        let mut out = [[0.0; TILE]; R];
        for part in 0..L::PARTS {
            let mut totals = [lanes.splat(0.0); R];
            for (column, tile) in tiles.iter().enumerate() {
                if R <= 2
                    && part == 0
                    && let Some(soon) = self.tiles.get(first + column + AHEAD)
                {
                    lanes.prefetch(soon);
                }
                let mut blocks = [&rows[0][column]; R];
                for i in 1..R {
                    blocks[i] = &rows[i][column];
                }
                tile.multiply(lanes, part, blocks, &mut totals);
            }
            for (out, total) in out.iter_mut().zip(totals) {
                lanes.store(total, out, part);
            }
        }
        out
    }
}

/// Goes through all rows, as many at a time as there are left.
macro_rules! by_rows {
    ($rows:expr, $row:ident, $count:ident => $body:block) => {
        let mut $row = 0;
        while $row < $rows {
            $row += match $rows - $row {
                ROWS.. => {
                    const $count: usize = ROWS;
                    $body
                    ROWS
                }
                4.. => {
                    const $count: usize = 4;
                    $body
                    4
                }
                2.. => {
                    const $count: usize = 2;
                    $body
                    2
                }
                _ => {
                    const $count: usize = 1;
                    $body
                    1
                }
            };
        }
    };
}

use by_rows;

/// Where outputs go.
#[derive(Clone, Copy)]
struct Columns<'a> {
    out: Shared<'a, f32>,
    stride: usize,
    /// Column of the matrix's first output.
    from: usize,
    put: Put,
}

fn run_columns(isa: Isa, matrix: &Packed, range: Range<usize>, x: &[Block], to: Columns<'_>) {
    match matrix.tiles() {
        Tiles::Plain4(tiles) => isa.run(Product { weights: of(matrix, tiles), range, x, to }),
        Tiles::Offset4(tiles) => isa.run(Product { weights: of(matrix, tiles), range, x, to }),
        Tiles::Plain5(tiles) => isa.run(Product { weights: of(matrix, tiles), range, x, to }),
        Tiles::Split6(tiles) => isa.run(Product { weights: of(matrix, tiles), range, x, to }),
        Tiles::Plain8(tiles) => isa.run(Product { weights: of(matrix, tiles), range, x, to }),
    }
}

struct Product<'a, T> {
    weights: Strips<'a, T>,
    range: Range<usize>,
    x: &'a [Block],
    to: Columns<'a>,
}

impl<T: Tile> Kernel for Product<'_, T> {
    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let rows = self.x.len() / self.weights.across;
        for strip in self.range {
            by_rows!(rows, row, N => {
                let products = self.weights.product::<L, N>(lanes, strip, self.x, row);
                for (i, product) in products.iter().enumerate() {
                    let at = (row + i) * self.to.stride + self.to.from + strip * TILE;
                    // SAFETY: the team gives out each strip once, and a strip has its own columns.
                    let out = unsafe { self.to.out.take(at, TILE) };
                    if self.to.put == Put::Add {
                        for (out, product) in out.iter_mut().zip(product) {
                            *out += product;
                        }
                    } else {
                        out.copy_from_slice(product);
                    }
                }
            });
        }
    }
}
