//! The order of a table: along a Hilbert curve over the whole world, so that neighbours on the map are neighbours in memory.
//!
//! Hilbert, "Über die stetige Abbildung einer Linie auf ein Flächenstück" (1891), <https://doi.org/10.1007/BF01199431>. With 32 bits an
//! axis a cell is 1 cm wide at the equator. Features without a geometry come last; equal cells are ordered by id, so that the
//! order depends on the data alone and a cursor made on one version of it still means something on the next.

use rayon::prelude::*;

use crate::model::{Batch, Rect, wkb};

/// The rank of features that have no geometry: after every cell.
pub(super) const UNLOCATED: u64 = u64::MAX;

/// The rows of a batch in the order of a table, and how many of them have a shape.
///
/// Cost: O(n log n).
pub(super) fn order(batch: &Batch) -> (Vec<u32>, u32) {
    let bounds = |shape: Option<&[u8]>| shape.and_then(wkb::bounds).map(|(rect, _)| rect);
    let rows = 0..batch.shapes.len() as u32;
    // One number each, the rank above the row: it is compared at once.
    let ranked = rows.into_par_iter().map(|row| u128::from(rank(bounds(batch.shapes.wkb(row as usize)))) << 32 | u128::from(row));
    let mut ranked = ranked.collect::<Vec<_>>();
    ranked.par_sort_unstable();
    let id = |ranked: &u128| batch.ids.get_bytes(row_of(*ranked) as usize);
    for equals in ranked.chunk_by_mut(|a, b| rank_of(*a) == rank_of(*b)).filter(|equals| equals.len() > 1) {
        equals.par_sort_unstable_by(|a, b| id(a).cmp(id(b)));
    }
    let located = ranked.partition_point(|ranked| rank_of(*ranked) < UNLOCATED) as u32;
    (ranked.into_iter().map(row_of).collect(), located)
}

fn rank_of(ranked: u128) -> u64 {
    (ranked >> 32) as u64
}

fn row_of(ranked: u128) -> u32 {
    ranked as u32
}

/// Bits of a rank for each axis.
pub(super) const AXIS_BITS: u32 = 32;

/// The rank of a shape: the Hilbert code of its box's centre.
pub(super) fn rank(bounds: Option<Rect>) -> u64 {
    let Some(rect) = bounds else { return UNLOCATED };
    let (x, y) = centre(rect);
    // The curve's last cell would collide with the mark of the unlocated.
    hilbert(x, y).min(UNLOCATED - 1)
}

/// The cell of a box's centre: column from the west, row from the south.
pub(super) fn centre(rect: Rect) -> (u32, u32) {
    (cell((rect.min_x + rect.max_x) / 2.0, 180.0), cell((rect.min_y + rect.max_y) / 2.0, 90.0))
}

/// The 32-bit cell of a coordinate in ±`limit` degrees; what lies outside goes to the nearest edge.
fn cell(degrees: f64, limit: f64) -> u32 {
    let share = ((degrees + limit) / (2.0 * limit)).clamp(0.0, 1.0);
    (share * f64::from(u32::MAX)) as u32
}

/// Distance along the curve of order 32 to the cell (x, y): four bits of each axis a step.
fn hilbert(x: u32, y: u32) -> u64 {
    let (mut code, mut turn) = (0, 0);
    for shift in (0..32).step_by(4).rev() {
        let (part, next) = STEPS[turn as usize][(x >> shift & 15) as usize][(y >> shift & 15) as usize];
        code = code << 8 | u64::from(part);
        turn = next;
    }
    code
}

/// The part of the code and the next turn of the curve, by turn and four bits of each axis.
static STEPS: [[[(u8, u8); 16]; 16]; 4] = {
    let mut steps = [[[(0, 0); 16]; 16]; 4];
    let mut index = 0;
    while index < 4 * 256 {
        let (turn, x, y) = (index / 256, index / 16 % 16, index % 16);
        steps[turn][x][y] = four_steps(turn, x, y);
        index += 1;
    }
    steps
};

/// Four steps of the curve, bit by bit. In turns 1 and 3 the axes are swapped, in turns 2 and 3 both are reversed.
const fn four_steps(turn: usize, x: usize, y: usize) -> (u8, u8) {
    let (mut is_swapped, mut is_reversed) = (turn & 1, turn >> 1);
    let (mut code, mut bit) = (0, 4);
    while bit > 0 {
        bit -= 1;
        let (x, y) = ((x >> bit & 1) ^ is_reversed, (y >> bit & 1) ^ is_reversed);
        let (rx, ry) = if is_swapped == 1 { (y, x) } else { (x, y) };
        code = code << 2 | ((3 * rx) ^ ry);
        if ry == 0 {
            is_reversed ^= rx;
            is_swapped ^= 1;
        }
    }
    (code as u8, (is_reversed << 1 | is_swapped) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_steps_from_neighbour_to_neighbour() {
        // The top four bits of each axis form a curve of order 4: consecutive codes must be adjacent cells.
        let shift = 28;
        let mut cells =
            (0..16_u32).flat_map(|x| (0..16_u32).map(move |y| (hilbert(x << shift, y << shift) >> (2 * shift), x, y))).collect::<Vec<_>>();
        cells.sort_unstable();
        for (expected, (code, ..)) in (0_u64..).zip(&cells) {
            assert_eq!(*code, expected, "each code once");
        }
        for pair in cells.windows(2) {
            let step = pair[0].1.abs_diff(pair[1].1) + pair[0].2.abs_diff(pair[1].2);
            assert_eq!(step, 1, "{pair:?}");
        }
    }

    #[test]
    fn steps_of_four_bits_are_the_curve_bit_by_bit() {
        fn by_bit(mut x: u32, mut y: u32) -> u64 {
            let mut code = 0_u64;
            for bit in (0..32).rev() {
                let (rx, ry) = (x >> bit & 1, y >> bit & 1);
                code = code << 2 | u64::from((3 * rx) ^ ry);
                if ry == 0 {
                    if rx == 1 {
                        x = !x;
                        y = !y;
                    }
                    std::mem::swap(&mut x, &mut y);
                }
            }
            code
        }
        for seed in 0..10_000_u32 {
            let (x, y) = (seed.wrapping_mul(0x9e37_79b9), seed.wrapping_mul(0x85eb_ca6b) ^ (seed << 13));
            assert_eq!(hilbert(x, y), by_bit(x, y), "{x} {y}");
        }
        assert_eq!(hilbert(u32::MAX, u32::MAX), by_bit(u32::MAX, u32::MAX));
    }

    #[test]
    fn the_unlocated_come_last() {
        let corner = Rect { min_x: 180.0, min_y: 90.0, max_x: 180.0, max_y: 90.0 };
        assert!(rank(Some(corner)) < rank(None));
    }
}
