//! The order of tiles in an archive (PMTiles 3): zoom by zoom, along a Hilbert curve on each.

/// The number of the first tile of a zoom: that of all tiles of the zooms before.
pub(super) fn first(zoom: u32) -> u64 {
    ((1 << (2 * zoom)) - 1) / 3
}

/// Column and row of the tile that comes at `index` along the curve of a zoom.
pub(super) fn place(zoom: u32, index: u64) -> (u32, u32) {
    let (mut column, mut row, mut rest) = (0_u32, 0_u32, index);
    for level in 0..zoom {
        let side = 1 << level;
        let right = (rest >> 1 & 1) as u32;
        let down = (rest as u32 ^ right) & 1;
        if down == 0 {
            if right == 1 {
                (column, row) = (side - 1 - column, side - 1 - row);
            }
            (column, row) = (row, column);
        }
        column += side * right;
        row += side * down;
        rest >>= 2;
    }
    (column, row)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_tiles_are_those_of_the_specification() {
        // Its table: zoom, column, row → number.
        for (zoom, column, row, number) in
            [(0, 0, 0, 0), (1, 0, 0, 1), (1, 0, 1, 2), (1, 1, 1, 3), (1, 1, 0, 4), (2, 0, 0, 5), (12, 3423, 1763, 19_078_479)]
        {
            assert_eq!(place(zoom, number - first(zoom)), (column, row), "{number}");
        }
    }

    #[test]
    fn tiles_follow_their_neighbours_and_stay_within_their_parents() {
        for zoom in 1..7 {
            let mut last = place(zoom, 0);
            for index in 0..1 << (2 * zoom) {
                let (column, row) = place(zoom, index);
                assert!(column.abs_diff(last.0) + row.abs_diff(last.1) <= 1);
                assert_eq!(place(zoom - 1, index / 4), (column / 2, row / 2));
                last = (column, row);
            }
        }
    }
}
