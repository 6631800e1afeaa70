//! The order of a table: along a Hilbert curve over the whole world, so that neighbours on the map are neighbours in memory.
//!
//! Hilbert, "Über die stetige Abbildung einer Linie auf ein Flächenstück" (1891), <https://doi.org/10.1007/BF01199431>. With 32 bits an
//! axis a cell is 1 cm wide at the equator. Features without a geometry come last; equal cells are ordered by id, so that the
//! order depends on the data alone and a cursor made on one version of it still means something on the next.

use crate::model::Rect;

/// The rank of features that have no geometry: after every cell.
pub(super) const UNLOCATED: u64 = u64::MAX;

/// The rank of a shape: the Hilbert code of its box's centre.
pub(super) fn rank(bounds: Option<Rect>) -> u64 {
    let Some(rect) = bounds else { return UNLOCATED };
    let x = cell((rect.min_x + rect.max_x) / 2.0, 180.0);
    let y = cell((rect.min_y + rect.max_y) / 2.0, 90.0);
    // The curve's last cell would collide with the mark of the unlocated.
    hilbert(x, y).min(UNLOCATED - 1)
}

/// The 32-bit cell of a coordinate in ±`limit` degrees; what lies outside goes to the nearest edge.
fn cell(degrees: f64, limit: f64) -> u32 {
    let share = ((degrees + limit) / (2.0 * limit)).clamp(0.0, 1.0);
    (share * f64::from(u32::MAX)) as u32
}

/// Distance along the curve of order 32 to the cell (x, y).
fn hilbert(mut x: u32, mut y: u32) -> u64 {
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
    fn the_unlocated_come_last() {
        let corner = Rect { min_x: 180.0, min_y: 90.0, max_x: 180.0, max_y: 90.0 };
        assert!(rank(Some(corner)) < rank(None));
    }
}
