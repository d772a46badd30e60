//! Causal attention of new positions over the pages of a conversation.
//!
//! A page keeps, for one layer and one key head, the keys and values of sixteen positions in half
//! precision: keys with the positions side by side, so that the scores of sixteen positions are
//! sums in sixteen lanes; values position by position. Query heads that share a key head, and a few
//! rows of one conversation, look at a page together.

use super::lanes::{Isa, Kernel, Lanes, TILE, exp, largest, sum};
use std::cell::RefCell;

/// Positions of a page.
pub(crate) const PAGE: usize = TILE;

/// Most queries that look at a page together.
pub(crate) const MOST_QUERIES: usize = 12;

/// Widest head.
pub(crate) const WIDEST: usize = 256;

/// Halves that one layer and key head take in a page: keys, then values.
pub(crate) const fn region(head: usize) -> usize {
    2 * PAGE * head
}

thread_local! {
    static SCORES: RefCell<Vec<[f32; TILE]>> = const { RefCell::new(Vec::new()) };
}

/// Writes the key and value of a position (its place in the page) to a region.
pub(crate) fn put(isa: Isa, region: &mut [u16], place: usize, key: &[f32], value: &[f32]) {
    isa.run(Put { region, place, key, value });
}

struct Put<'a> {
    region: &'a mut [u16],
    place: usize,
    key: &'a [f32],
    value: &'a [f32],
}

impl Kernel for Put<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let head = self.key.len();
        let (keys, values) = self.region.split_at_mut(PAGE * head);
        let mut narrow = [0; TILE];
        for (i, key) in self.key.as_chunks::<TILE>().0.iter().enumerate() {
            for part in 0..L::PARTS {
                lanes.narrow(lanes.load(key, part), &mut narrow, part);
            }
            for (j, narrow) in narrow.iter().enumerate() {
                keys[(i * TILE + j) * PAGE + self.place] = *narrow;
            }
        }
        let value = self.value.as_chunks::<TILE>().0.iter();
        let row = values[self.place * head..][..head].as_chunks_mut::<TILE>().0.iter_mut();
        for (value, out) in value.zip(row) {
            for part in 0..L::PARTS {
                lanes.narrow(lanes.load(value, part), out, part);
            }
        }
    }
}

/// Up to [`MOST_QUERIES`] queries over one key head.
pub(crate) struct Look<'a> {
    /// The queries one after the other, each as wide as a head; replaced by what they saw.
    pub queries: &'a mut [f32],
    /// For each query how many positions it sees, from the first.
    pub visible: &'a [usize],
    /// The regions of the pages, in order.
    pub pages: &'a [&'a [u16]],
    pub head: usize,
}

impl Look<'_> {
    /// Scores, softmax, and the mixed values in place of the queries.
    pub fn attend(self, isa: Isa) {
        SCORES.with_borrow_mut(|scores| {
            let most = self.visible.iter().copied().max().unwrap_or(0);
            let needed = self.visible.len() * most.div_ceil(PAGE);
            if scores.len() < needed {
                scores.resize(needed, [0.0; TILE]);
            }
            let (look, scores) = (self, &mut scores[..needed]);
            macro_rules! by_count {
                ($($n:literal)*) => {
                    match look.visible.len() {
                        $($n => isa.run(Attend::<$n> { look, scores, most }),)*
                        n => unreachable!("{n} queries at once"),
                    }
                };
            }
            by_count!(1 2 3 4 5 6 7 8 9 10 11 12);
        });
    }
}

struct Attend<'a, const N: usize> {
    look: Look<'a>,
    /// Of all queries, each as many runs as there are pages to see.
    scores: &'a mut [[f32; TILE]],
    /// Positions that the query which sees most can see.
    most: usize,
}

impl<const N: usize> Kernel for Attend<'_, N> {
    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let Self { look: Look { queries, visible, pages, head }, scores, most } = self;
        let runs = scores.len() / N;
        score::<L, N>(lanes, queries, &pages[..runs], head, scores);
        let mut shares = [0.0; N];
        for i in 0..N {
            let scores = &mut scores[i * runs..][..runs];
            hide(scores, visible[i]);
            shares[i] = 1.0 / exponentiate(lanes, scores);
        }
        for chunk in 0..head / TILE {
            for part in 0..L::PARTS {
                let mut totals = [lanes.splat(0.0); N];
                for (run, page) in pages[..runs].iter().enumerate() {
                    let seen = if most - run * PAGE < PAGE { most - run * PAGE } else { PAGE };
                    let values = page[PAGE * head..].as_chunks::<TILE>().0;
                    let mut weights = [&scores[run]; N];
                    for i in 1..N {
                        weights[i] = &scores[i * runs + run];
                    }
                    for place in 0..seen {
                        let value = lanes.widen(&values[place * (head / TILE) + chunk], part);
                        for i in 0..N {
                            let weight = lanes.splat(weights[i][place]);
                            totals[i] = lanes.fma(weight, value, totals[i]);
                        }
                    }
                }
                for i in 0..N {
                    let out = &mut queries[i * head..][..head].as_chunks_mut::<TILE>().0[chunk];
                    lanes.store(lanes.mul(totals[i], lanes.splat(shares[i])), out, part);
                }
            }
        }
    }
}

/// The scores of all queries with all keys of the pages.
#[inline(always)]
fn score<L: Lanes, const N: usize>(
    lanes: L,
    queries: &[f32],
    pages: &[&[u16]],
    head: usize,
    scores: &mut [[f32; TILE]],
) {
    let scale = lanes.splat(1.0 / (head as f32).sqrt());
    let mut rows: [&[f32]; N] = [&[]; N];
    for (i, row) in rows.iter_mut().enumerate() {
        *row = &queries[i * head..][..head];
    }
    for (run, page) in pages.iter().enumerate() {
        let keys = &page[..PAGE * head].as_chunks::<PAGE>().0[..head];
        for part in 0..L::PARTS {
            let mut totals = [lanes.splat(0.0); N];
            for (d, keys) in keys.iter().enumerate() {
                let keys = lanes.widen(keys, part);
                for i in 0..N {
                    totals[i] = lanes.fma(lanes.splat(rows[i][d]), keys, totals[i]);
                }
            }
            for i in 0..N {
                lanes.store(lanes.mul(totals[i], scale), &mut scores[i * pages.len() + run], part);
            }
        }
    }
}

/// What comes after the visible positions must not count.
#[inline(always)]
fn hide(scores: &mut [[f32; TILE]], visible: usize) {
    let first = visible / TILE;
    for (run, scores) in scores.iter_mut().enumerate().skip(first) {
        for (place, score) in scores.iter_mut().enumerate() {
            if run * TILE + place >= visible {
                *score = f32::NEG_INFINITY;
            }
        }
    }
}

/// Replaces scores by `exp(score - largest)` and returns their sum.
#[inline(always)]
fn exponentiate<L: Lanes>(lanes: L, scores: &mut [[f32; TILE]]) -> f32 {
    let mut most = [f32::NEG_INFINITY; TILE];
    for part in 0..L::PARTS {
        let mut seen = lanes.splat(f32::NEG_INFINITY);
        for scores in scores.iter() {
            seen = lanes.max(seen, lanes.load(scores, part));
        }
        lanes.store(seen, &mut most, part);
    }
    let most = lanes.splat(largest(most));
    let mut totals = [0.0; TILE];
    for part in 0..L::PARTS {
        let mut total = lanes.splat(0.0);
        for scores in scores.iter_mut() {
            let raised = exp(lanes, lanes.sub(lanes.load(scores, part), most));
            total = lanes.add(total, raised);
            lanes.store(raised, scores, part);
        }
        lanes.store(total, &mut totals, part);
    }
    sum(totals)
}
