//! A tile of the web's map: one square of WebMercatorQuad (OGC 17-083r4, annex D.1).

use std::{f64::consts::PI, ops::RangeInclusive};

use super::{Bbox, Rect};

/// A square of the world in Mercator's projection: column and row of 2^zoom a side, from the north-west.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tile {
    zoom: u32,
    row: u32,
    column: u32,
}

/// Some tiles of one zoom: those of these rows that are of these columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileRange {
    /// From the north.
    pub rows: RangeInclusive<u32>,
    /// From the west.
    pub columns: RangeInclusive<u32>,
}

impl Tile {
    /// The finest zoom of the tile matrix set.
    pub const MOST_ZOOM: u32 = 24;

    /// `None` where there is no such tile.
    pub fn new(zoom: u32, row: u32, column: u32) -> Option<Self> {
        let size = 1_u32.checked_shl(zoom).filter(|_| zoom <= Self::MOST_ZOOM)?;
        (row < size && column < size).then_some(Self { zoom, row, column })
    }

    /// Its zoom.
    pub fn zoom(&self) -> u32 {
        self.zoom
    }

    /// Its edges in degrees.
    pub fn rect(&self) -> Rect {
        self.rect_around(0.0)
    }

    /// The box of what lies on it and on no other tile: its west and its north edge are its own, the others are its neighbours'.
    pub fn bbox(&self) -> Bbox {
        let Rect { min_x, min_y, max_x, max_y } = self.rect();
        Bbox::new(min_x, min_y.next_up(), max_x.next_down(), max_y).expect("the rectangle of a tile lies within the world")
    }

    /// The box of what lies on it or within a margin, a share of its width, around it.
    pub fn bbox_around(&self, margin: f64) -> Bbox {
        let Rect { min_x, min_y, max_x, max_y } = self.rect_around(margin);
        Bbox::new(min_x, min_y, max_x, max_y).expect("the rectangle of a tile lies within the world")
    }

    fn rect_around(&self, margin: f64) -> Rect {
        let size = f64::from(1_u32 << self.zoom);
        let (column, row) = (f64::from(self.column), f64::from(self.row));
        let lon = |x: f64| (x / size * 360.0 - 180.0).clamp(-180.0, 180.0);
        let lat = |y: f64| (PI * (1.0 - 2.0 * y / size)).sinh().atan().to_degrees();
        Rect { min_x: lon(column - margin), min_y: lat(row + 1.0 + margin), max_x: lon(column + 1.0 + margin), max_y: lat(row - margin) }
    }

    /// The tiles of a zoom that a rectangle, in degrees, meets with a margin around each, a share of a tile's width.
    pub fn meeting(rect: &Rect, zoom: u32, margin: f64) -> TileRange {
        let last = (1_u32 << zoom) - 1;
        let world = Self { zoom, row: 0, column: 0 };
        let within = |share: f64| (share.floor().max(0.0) as u32).min(last);
        let ((west, north), (east, south)) = (world.place(rect.min_x, rect.max_y), world.place(rect.max_x, rect.min_y));
        // Longitudes 180 and -180 are one meridian: what lies on it is drawn in the west.
        let west = if rect.max_x >= 180.0 { 0.0 } else { west - margin };
        TileRange { rows: within(north - margin)..=within(south + margin), columns: within(west)..=within(east + margin) }
    }

    /// Whether it is one of a range of tiles of its zoom.
    pub fn is_in(&self, range: &TileRange) -> bool {
        range.rows.contains(&self.row) && range.columns.contains(&self.column)
    }

    /// Where a position lies on the tile: 0 to 1 from its west and from its north edge, beyond that outside.
    ///
    /// Latitudes beyond the map's own, ±85.06°, lie outside of every tile.
    #[inline]
    pub fn place(&self, lon: f64, lat: f64) -> (f64, f64) {
        let size = f64::from(1_u32 << self.zoom);
        let sine = lat.to_radians().sin().clamp(-1.0 + 1e-12, 1.0 - 1e-12);
        let (x, y) = (lon / 360.0 + 0.5, 0.5 - ((1.0 + sine) / (1.0 - sine)).ln() / (4.0 * PI));
        (x * size - f64::from(self.column), y * size - f64::from(self.row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_as_many_tiles_as_the_zoom_has() {
        assert!(Tile::new(0, 0, 0).is_some() && Tile::new(24, (1 << 24) - 1, 0).is_some());
        for (zoom, row, column) in [(0, 1, 0), (0, 0, 1), (3, 8, 0), (25, 0, 0), (32, 0, 0), (u32::MAX, 0, 0)] {
            assert_eq!(Tile::new(zoom, row, column), None);
        }
    }

    #[test]
    fn a_rectangle_meets_the_tiles_that_it_lies_on() {
        let rect = |min_x, min_y, max_x, max_y| Rect { min_x, min_y, max_x, max_y };
        let range = |rows, columns| TileRange { rows, columns };
        assert_eq!(Tile::meeting(&rect(-10.0, 10.0, 5.0, 20.0), 1, 0.0), range(0..=0, 0..=1));
        assert_eq!(Tile::meeting(&rect(1.0, 1.0, 2.0, 2.0), 1, 0.0), range(0..=0, 1..=1));
        assert_eq!(Tile::meeting(&rect(1.0, 1.0, 2.0, 2.0), 1, 0.05), range(0..=1, 0..=1), "its neighbours are near");
        assert_eq!(Tile::meeting(&rect(-180.0, -90.0, 180.0, 90.0), 3, 1.0), range(0..=7, 0..=7));
        assert_eq!(Tile::meeting(&rect(170.0, 0.0, 180.0, 1.0), 2, 0.0), range(1..=2, 0..=3), "180 is drawn as -180");
        assert!(Tile::new(2, 1, 3).unwrap().is_in(&range(1..=2, 0..=3)) && !Tile::new(2, 0, 3).unwrap().is_in(&range(1..=2, 0..=3)));
    }

    #[test]
    fn edges_and_places_agree() {
        for (zoom, row, column) in [(0, 0, 0), (1, 1, 0), (5, 14, 15), (24, 7_000_000, 9_000_000)] {
            let tile = Tile::new(zoom, row, column).unwrap();
            let Rect { min_x, min_y, max_x, max_y } = tile.rect();
            let near = |(x, y): (f64, f64), (a, b): (f64, f64)| (x - a).abs() < 1e-6 && (y - b).abs() < 1e-6;
            assert!(near(tile.place(min_x, max_y), (0.0, 0.0)), "{tile:?} {:?}", tile.place(min_x, max_y));
            assert!(near(tile.place(max_x, min_y), (1.0, 1.0)), "{tile:?} {:?}", tile.place(max_x, min_y));
        }
        let world = Tile::new(0, 0, 0).unwrap();
        assert!((world.rect().max_y - 85.051_128_779_806_59).abs() < 1e-9);
        assert!(world.place(0.0, 90.0).1 < 0.0 && world.place(0.0, -90.0).1 > 1.0, "the poles lie outside");
    }
}
