//! The attention of an encoder: every token of a text sees all of it.

use super::attention::{Look, MOST_QUERIES, PAGE, put, region};
use super::blocks::{Block, quantize};
use super::lanes::Isa;
use super::matmul::Hands;
use super::shared::Shared;
use super::tiles::BLOCK;
use std::cell::RefCell;
use std::ops::Range;

/// How the heads are laid out; there are as many key heads as query heads.
#[derive(Clone, Copy)]
pub(crate) struct Shape<'a> {
    pub heads: usize,
    /// Numbers of a head.
    pub width: usize,
    /// Added to queries, keys and values, in that order.
    pub bias: &'a [f32],
}

thread_local! {
    static KEPT: RefCell<Kept> = const { RefCell::new(Kept { regions: Vec::new(), queries: Vec::new() }) };
}

/// The keys and values of one text and head, and a few queries.
struct Kept {
    regions: Vec<u16>,
    queries: Vec<f32>,
}

/// Attends. `qkv` are rows of queries, keys and values, of which `texts` are the rows of each text;
/// `out` becomes rows of mixed values.
pub(crate) fn attend_both_ways(
    hands: Hands<'_>,
    shape: Shape<'_>,
    texts: &[Range<usize>],
    qkv: &[f32],
    out: &mut [Block],
) {
    let out = Shared::new(out);
    hands.team.share(texts.len() * shape.heads, |turns| {
        KEPT.with_borrow_mut(|kept| {
            while let Some(turn) = turns.next() {
                for item in turn {
                    let (rows, head) = (texts[item / shape.heads].clone(), item % shape.heads);
                    let text = Text { isa: hands.isa, shape, rows, head, qkv, out };
                    text.keep(kept);
                    text.look(kept);
                }
            }
        });
    });
}

/// One head of one text.
struct Text<'a> {
    isa: Isa,
    shape: Shape<'a>,
    rows: Range<usize>,
    head: usize,
    qkv: &'a [f32],
    out: Shared<'a, Block>,
}

impl Text<'_> {
    /// Part 0, 1 or 2 of a row: query, key or value, bias included.
    fn part(&self, row: usize, part: usize, into: &mut [f32]) {
        let Shape { heads, width, bias } = self.shape;
        let at = (part * heads + self.head) * width;
        let x = &self.qkv[row * 3 * heads * width + at..][..width];
        for ((into, x), bias) in into.iter_mut().zip(x).zip(&bias[at..]) {
            *into = x + bias;
        }
    }

    fn keep(&self, kept: &mut Kept) {
        let width = self.shape.width;
        kept.regions.resize(self.rows.len().div_ceil(PAGE) * region(width), 0);
        kept.queries.resize(2 * width, 0.0);
        let (key, value) = kept.queries.split_at_mut(width);
        for (place, row) in self.rows.clone().enumerate() {
            self.part(row, 1, key);
            self.part(row, 2, value);
            let page = &mut kept.regions[place / PAGE * region(width)..][..region(width)];
            put(self.isa, page, place % PAGE, key, value);
        }
    }

    fn look(&self, kept: &mut Kept) {
        let Shape { heads, width, .. } = self.shape;
        let Kept { regions, queries } = kept;
        let pages: Vec<&[u16]> = regions.chunks_exact(region(width)).collect();
        let visible = [self.rows.len(); MOST_QUERIES];
        let mut first = self.rows.start;
        while first < self.rows.end {
            let count = MOST_QUERIES.min(self.rows.end - first);
            queries.resize(count * width, 0.0);
            for (i, query) in queries.chunks_exact_mut(width).enumerate() {
                self.part(first + i, 0, query);
            }
            Look { queries, visible: &visible[..count], pages: &pages, head: width }
                .attend(self.isa);
            for (i, mixed) in queries.chunks_exact(width).enumerate() {
                let blocks = width / BLOCK;
                let from = (first + i) * heads * blocks + self.head * blocks;
                // SAFETY: the team gives out each head of each text once.
                let out = unsafe { self.out.take(from, blocks) };
                quantize(self.isa, mixed, out);
            }
            first += count;
        }
    }
}
