//! What is put into a tile comes out again.

use super::*;

/// Every weight of a tile is read back from where it was put.
fn keeps<T: Tile>(bits: u32, middle: f32, split: bool) {
    let mut tile = T::EMPTY;
    assert!(tile.row(3).iter().all(|x| *x == 0.0));
    let scale = |row: usize| half::f16::from_f32(0.5 + row as f32).to_bits();
    let quant = |row: usize, column: usize| ((row * 37 + column * 11) % (1 << bits)) as u8;
    for row in (0..TILE).rev() {
        let scales = [scale(row), if split { scale(row + 1) } else { 0 }];
        let quants = std::array::from_fn(|column| quant(row, column));
        tile.put(row, &Source { quants, scales, min: half::f16::from_f32(-middle).to_bits() });
    }
    for row in 0..TILE {
        for (column, got) in tile.row(row).into_iter().enumerate() {
            let quant = f32::from(quant(row, column));
            let scale = half(scale(if split && column >= 16 { row + 1 } else { row }));
            let want = if bits == 4 && middle == 1.0 {
                scale * quant - middle
            } else {
                scale * (quant - middle)
            };
            assert_eq!(got, want, "row {row}, column {column}");
        }
    }
}

#[test]
fn every_kind_of_tile_keeps_every_weight() {
    keeps::<Plain4>(4, 8.0, false);
    keeps::<Offset4>(4, 1.0, false);
    keeps::<Plain5>(5, 16.0, false);
    keeps::<Split6>(6, 32.0, true);
    keeps::<Plain8>(8, 128.0, false);
}

#[test]
fn tiles_are_as_large_as_the_table_says() {
    let sizes = [
        size_of::<Plain4>(),
        size_of::<Offset4>(),
        size_of::<Plain5>(),
        size_of::<Split6>(),
        size_of::<Plain8>(),
    ];
    assert_eq!(sizes, [288, 320, 352, 448, 544]);
}
