//! A weight matrix rearranged into tiles, from the blocks of a GGUF file or from plain numbers.
//!
//! The file is read sixteen rows at a time, by several threads, straight into their tiles: beyond
//! the tiles themselves a matrix takes no memory worth the name.

mod ggml;

use super::lanes::TILE;
use super::tiles::{BLOCK, Offset4, Plain4, Plain5, Plain8, Source, Split6, Tile};
use candle_core::quantized::GgmlDType;
use std::sync::Mutex;

/// `rows` outputs by `columns` inputs.
pub(crate) struct Packed {
    rows: usize,
    columns: usize,
    tiles: Tiles,
}

/// Strip after strip of sixteen rows, each from its first to its last 32 columns.
pub(crate) enum Tiles {
    Plain4(Vec<Plain4>),
    Offset4(Vec<Offset4>),
    Plain5(Vec<Plain5>),
    Split6(Vec<Split6>),
    Plain8(Vec<Plain8>),
}

impl Packed {
    /// Packs a matrix stored as `kind`. `read(from, into)` brings its bytes from `from` on.
    /// Q4_0, Q4_1, Q5_0, Q8_0, Q4_K and Q6_K keep their numbers (the latter two but for the rounding
    /// of a scale to half precision); every other kind is rounded to eight bits.
    /// Rows must be a multiple of 16, columns of 32.
    pub fn load(
        (rows, columns): (usize, usize),
        kind: GgmlDType,
        threads: usize,
        read: impl Fn(u64, &mut [u8]) -> Result<(), String> + Sync,
    ) -> Result<Self, String> {
        let blocks = columns / kind.block_size();
        if rows == 0
            || !rows.is_multiple_of(TILE)
            || columns == 0
            || !columns.is_multiple_of(kind.block_size().max(BLOCK))
        {
            return Err(format!("{rows} x {columns} is no multiple of {TILE} x {BLOCK}"));
        }
        let bytes = blocks * kind.type_size();
        let strip = |index: usize, buffer: &mut Vec<u8>| {
            buffer.resize(TILE * bytes, 0);
            read((index * TILE * bytes) as u64, buffer)
        };
        let file = File { rows, columns, threads, bytes, strip: &strip };
        let tiles = match kind {
            GgmlDType::Q4_0 => Tiles::Plain4(file.tiles(ggml::q4_0)?),
            GgmlDType::Q4_1 => Tiles::Offset4(file.tiles(ggml::q4_1)?),
            GgmlDType::Q4K => Tiles::Offset4(file.tiles(ggml::q4_k)?),
            GgmlDType::Q5_0 => Tiles::Plain5(file.tiles(ggml::q5_0)?),
            GgmlDType::Q6K => Tiles::Split6(file.tiles(ggml::q6_k)?),
            GgmlDType::Q8_0 => Tiles::Plain8(file.tiles(ggml::q8_0)?),
            kind => Tiles::Plain8(file.rounded(kind)?),
        };
        Ok(Self { rows, columns, tiles })
    }

    /// Rounds a matrix of plain numbers to eight bits.
    pub fn round(values: &[f32], columns: usize) -> Result<Self, String> {
        let bytes: Vec<u8> = values.iter().flat_map(|x| x.to_le_bytes()).collect();
        Self::load((values.len() / columns.max(1), columns), GgmlDType::F32, 1, |from, into| {
            into.copy_from_slice(&bytes[from as usize..][..into.len()]);
            Ok(())
        })
    }

    /// The same numbers with eight bits, for matrices that must be of one kind.
    pub fn to_eight_bits(&self) -> Result<Self, String> {
        let mut values = vec![0.0; self.rows * self.columns];
        for (row, out) in values.chunks_exact_mut(self.columns).enumerate() {
            self.row(row, out);
        }
        Self::round(&values, self.columns)
    }

    /// Whether two matrices are made of the same kind of tile.
    pub fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(&self.tiles) == std::mem::discriminant(&other.tiles)
    }

    /// Outputs.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Inputs.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The weights.
    pub fn tiles(&self) -> &Tiles {
        &self.tiles
    }

    /// Memory, and what a product with one row reads.
    pub fn bytes(&self) -> usize {
        match &self.tiles {
            Tiles::Plain4(tiles) => size_of_val(&tiles[..]),
            Tiles::Offset4(tiles) => size_of_val(&tiles[..]),
            Tiles::Plain5(tiles) => size_of_val(&tiles[..]),
            Tiles::Split6(tiles) => size_of_val(&tiles[..]),
            Tiles::Plain8(tiles) => size_of_val(&tiles[..]),
        }
    }

    /// The weights of one row, as when an embedding is looked up.
    pub fn row(&self, row: usize, out: &mut [f32]) {
        fn copy<T: Tile>(tiles: &[T], row: usize, out: &mut [f32]) {
            let out = out.as_chunks_mut::<BLOCK>().0;
            let first = row / TILE * out.len();
            for (tile, out) in tiles[first..].iter().zip(out) {
                *out = tile.row(row % TILE);
            }
        }
        match &self.tiles {
            Tiles::Plain4(tiles) => copy(tiles, row, out),
            Tiles::Offset4(tiles) => copy(tiles, row, out),
            Tiles::Plain5(tiles) => copy(tiles, row, out),
            Tiles::Split6(tiles) => copy(tiles, row, out),
            Tiles::Plain8(tiles) => copy(tiles, row, out),
        }
    }
}

/// A matrix in a file.
struct File<'a, R> {
    rows: usize,
    columns: usize,
    threads: usize,
    /// Of a row.
    bytes: usize,
    /// Reads sixteen rows.
    strip: &'a R,
}

impl<R: Fn(usize, &mut Vec<u8>) -> Result<(), String> + Sync> File<'_, R> {
    /// Tiles of the file's own blocks; `block(row, i)` is the `i`-th 32 columns of a row's bytes.
    fn tiles<T: Tile>(
        &self,
        block: impl Fn(&[u8], usize) -> Source + Sync,
    ) -> Result<Vec<T>, String> {
        self.strips(|bytes, tiles: &mut [T]| {
            for (row, bytes) in bytes.chunks_exact(self.bytes).enumerate() {
                for (column, tile) in tiles.iter_mut().enumerate() {
                    tile.put(row, &block(bytes, column));
                }
            }
            Ok(())
        })
    }

    /// Tiles of the numbers that the file's blocks stand for.
    fn rounded(&self, kind: GgmlDType) -> Result<Vec<Plain8>, String> {
        self.strips(|bytes, tiles: &mut [Plain8]| {
            let values = ggml::numbers(kind, bytes, (TILE, self.columns))?;
            for (row, values) in values.chunks_exact(self.columns).enumerate() {
                for (values, tile) in values.as_chunks::<BLOCK>().0.iter().zip(tiles.iter_mut()) {
                    tile.put(row, &ggml::round(values));
                }
            }
            Ok(())
        })
    }

    /// Fills strip after strip, on all threads.
    fn strips<T: Tile>(
        &self,
        fill: impl Fn(&[u8], &mut [T]) -> Result<(), String> + Sync,
    ) -> Result<Vec<T>, String> {
        let across = self.columns / BLOCK;
        let mut tiles = vec![T::EMPTY; self.rows / TILE * across];
        let strips = Mutex::new(tiles.chunks_exact_mut(across).enumerate());
        let next = || strips.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).next();
        let work = || -> Result<(), String> {
            let mut buffer = Vec::new();
            while let Some((index, tiles)) = next() {
                (self.strip)(index, &mut buffer)?;
                fill(&buffer, tiles)?;
            }
            Ok(())
        };
        std::thread::scope(|scope| {
            let others: Vec<_> = (1..self.threads).map(|_| scope.spawn(work)).collect();
            let own = work();
            others.into_iter().fold(own, |result, other| {
                result.and(other.join().unwrap_or_else(|_| Err("packing it failed".into())))
            })
        })?;
        Ok(tiles)
    }
}
