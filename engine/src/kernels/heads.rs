//! The attention of one layer: turns queries and keys to their positions, keeps keys and values, and
//! lets each query look at what came before it.

use super::attention::{Look, MOST_QUERIES, PAGE, put};
use super::blocks::{Block, quantize};
use super::lanes::{Isa, Kernel, Lanes};
use super::matmul::Hands;
use super::pages::Open;
use super::shared::Shared;
use super::tiles::BLOCK;
use std::cell::RefCell;

/// How the heads of a layer are laid out.
#[derive(Clone, Copy)]
pub(crate) struct Heads<'a> {
    pub layer: usize,
    /// Query heads, a multiple of the key heads.
    pub queries: usize,
    pub keys: usize,
    /// Numbers of a head.
    pub width: usize,
    /// Added to queries, keys and values, in that order.
    pub bias: Option<&'a [f32]>,
    pub turns: &'a Turns,
}

/// Rotary positions (Su et al. 2021, RoFormer, section 3.2.2).
pub(crate) struct Turns {
    /// `cos, then sin`, of each pair of a head, for each position.
    pub table: Vec<f32>,
    /// Whether number `i` is paired with `i + width / 2` (as in qwen2), not its neighbour (llama).
    pub halves: bool,
}

/// Rows of one conversation.
#[derive(Clone, Copy)]
pub(crate) struct Span {
    /// Index of its conversation.
    pub part: usize,
    /// Its first row.
    pub row: usize,
    pub rows: usize,
    /// Position of the first row.
    pub start: usize,
}

thread_local! {
    static QUERIES: RefCell<Vec<f32>> = const { RefCell::new(Vec::new()) };
}

/// Attends. `qkv` are rows of queries, keys and values; `out` becomes rows of mixed values, as wide
/// as the queries.
pub(crate) fn attend(
    hands: Hands<'_>,
    heads: Heads<'_>,
    spans: &[Span],
    parts: &[Open<'_>],
    qkv: &mut [f32],
    out: &mut [Block],
) {
    let layer =
        Layer { isa: hands.isa, heads, parts, qkv: Shared::new(qkv), out: Shared::new(out) };
    let together = (MOST_QUERIES * heads.keys / heads.queries).max(1);
    if spans.iter().all(|span| span.rows <= together) {
        // Each head keeps and looks by itself.
        return hands.team.share(spans.len() * heads.keys, |turns| {
            while let Some(turn) = turns.next() {
                for item in turn {
                    let (span, head) = (spans[item / heads.keys], item % heads.keys);
                    layer.keep(span, head);
                    layer.look(span, head);
                }
            }
        });
    }
    hands.team.share(spans.len() * heads.keys, |turns| {
        while let Some(turn) = turns.next() {
            for item in turn {
                layer.keep(spans[item / heads.keys], item % heads.keys);
            }
        }
    });
    let mut looks = Vec::new();
    for span in spans {
        for first in (0..span.rows).step_by(together) {
            let rows = together.min(span.rows - first);
            let (row, start) = (span.row + first, span.start + first);
            looks.push(Span { row, rows, start, part: span.part });
        }
    }
    // Those that see most first, so that no thread is left with a long one at the end.
    looks.reverse();
    hands.team.share(looks.len() * heads.keys, |turns| {
        while let Some(turn) = turns.next() {
            for item in turn {
                layer.look(looks[item / heads.keys], item % heads.keys);
            }
        }
    });
}

struct Layer<'a> {
    isa: Isa,
    heads: Heads<'a>,
    parts: &'a [Open<'a>],
    qkv: Shared<'a, f32>,
    out: Shared<'a, Block>,
}

impl Layer<'_> {
    fn region(&self, head: usize) -> usize {
        self.heads.layer * self.heads.keys + head
    }

    /// The numbers of a row's head, counted over queries, keys and values.
    ///
    /// # Safety
    /// Nobody else uses them meanwhile.
    #[allow(clippy::mut_from_ref)]
    unsafe fn head(&self, row: usize, head: usize, heads: usize) -> &mut [f32] {
        let Heads { queries, keys, width, .. } = self.heads;
        // SAFETY: as the caller promised.
        unsafe { self.qkv.take((row * (queries + 2 * keys) + head) * width, heads * width) }
    }

    /// Keeps the keys and values of one key head.
    fn keep(&self, span: Span, head: usize) {
        let Heads { queries, keys, width, bias, turns, .. } = self.heads;
        let region = self.region(head);
        for i in 0..span.rows {
            let (row, position) = (span.row + i, span.start + i);
            // SAFETY: this item alone has this key head of these rows, and this region of the pages.
            let (key, value, region) = unsafe {
                (
                    self.head(row, queries + head, 1),
                    self.head(row, queries + keys + head, 1),
                    self.parts[span.part].write(position / PAGE, region),
                )
            };
            if let Some(bias) = bias {
                add(key, &bias[(queries + head) * width..]);
                add(value, &bias[(queries + keys + head) * width..]);
            }
            self.isa.run(Turn { x: key, width, turns, position });
            put(self.isa, region, position % PAGE, key, value);
        }
    }

    /// Lets the queries that share one key head look.
    fn look(&self, span: Span, head: usize) {
        let Heads { queries, keys, width, bias, turns, .. } = self.heads;
        let group = queries / keys;
        QUERIES.with_borrow_mut(|own| {
            own.clear();
            let mut visible = [0; MOST_QUERIES];
            for i in 0..span.rows {
                let (row, position) = (span.row + i, span.start + i);
                // SAFETY: this item alone has these query heads of these rows.
                let x = unsafe { self.head(row, head * group, group) };
                if let Some(bias) = bias {
                    add(x, &bias[head * group * width..]);
                }
                self.isa.run(Turn { x, width, turns, position });
                own.extend_from_slice(x);
                visible[i * group..(i + 1) * group].fill(position + 1);
            }
            let part = &self.parts[span.part];
            let runs = (span.start + span.rows).div_ceil(PAGE);
            let region = self.region(head);
            // SAFETY: the keys and values of this pass were written by this item or by a job that
            // is over; nobody writes this region now.
            let pages: Vec<&[u16]> = (0..runs).map(|i| unsafe { part.read(i, region) }).collect();
            let visible = &visible[..span.rows * group];
            Look { queries: own, visible, pages: &pages, head: width }.attend(self.isa);
            let blocks = group * width / BLOCK;
            for (i, mixed) in own.chunks_exact(group * width).enumerate() {
                let from = (span.row + i) * (queries * width / BLOCK) + head * blocks;
                // SAFETY: this item alone has these heads of these rows.
                let out = unsafe { self.out.take(from, blocks) };
                quantize(self.isa, mixed, out);
            }
        });
    }
}

fn add(x: &mut [f32], bias: &[f32]) {
    for (x, bias) in x.iter_mut().zip(bias) {
        *x += bias;
    }
}

/// Turns each head of a row to its position.
struct Turn<'a> {
    x: &'a mut [f32],
    width: usize,
    turns: &'a Turns,
    position: usize,
}

impl Kernel for Turn<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, _lanes: L) {
        let half = self.width / 2;
        let (cos, sin) =
            self.turns.table[self.position * self.width..][..self.width].split_at(half);
        for head in self.x.chunks_exact_mut(self.width) {
            if self.turns.halves {
                let (first, second) = head.split_at_mut(half);
                for (((a, b), cos), sin) in first.iter_mut().zip(second).zip(cos).zip(sin) {
                    (*a, *b) = (*a * cos - *b * sin, *a * sin + *b * cos);
                }
            } else {
                for ((pair, cos), sin) in head.as_chunks_mut::<2>().0.iter_mut().zip(cos).zip(sin) {
                    *pair = [pair[0] * cos - pair[1] * sin, pair[0] * sin + pair[1] * cos];
                }
            }
        }
    }
}
