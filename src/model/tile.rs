//! A tile of the web's map: one square of WebMercatorQuad (OGC 17-083r4, annex D.1).

use std::{
    f64::consts::{LN_2, PI},
    ops::RangeInclusive,
};

use pulp::{Arch, NullaryFnOnce};

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

    /// Longitudes and latitudes made into where they lie on the tile, as [`Self::place`] says it but for the last bits.
    ///
    /// Eight at a time, in the widest vector instructions that the processor has: a fourth of the time.
    pub fn places(&self, points: &mut [[f64; 2]]) {
        let (size, column, row) = (f64::from(1_u32 << self.zoom), f64::from(self.column), f64::from(self.row));
        Arch::new().dispatch(Places { points, size, column, row });
    }
}

/// Points that are placed together.
const LANES: usize = 8;

/// What [`Tile::places`] does, as it is compiled for each level of vector instructions: inlined whatever it costs.
struct Places<'a> {
    points: &'a mut [[f64; 2]],
    size: f64,
    column: f64,
    row: f64,
}

impl NullaryFnOnce for Places<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let (whole, rest) = self.points.as_chunks_mut::<LANES>();
        for points in whole {
            let places = northings(points.map(|[_, lat]| lat));
            for (point, y) in points.iter_mut().zip(places) {
                *point = [(point[0] / 360.0 + 0.5) * self.size - self.column, y * self.size - self.row];
            }
        }
        for point in rest {
            let [y, ..] = northings([point[1]; LANES]);
            *point = [(point[0] / 360.0 + 0.5) * self.size - self.column, y * self.size - self.row];
        }
    }
}

/// Shares of the world from its northern edge, of latitudes in degrees: 1/2 − artanh(sin φ) / 2π.
#[inline(always)]
fn northings(latitudes: [f64; LANES]) -> [f64; LANES] {
    let sines = sines(latitudes.map(|latitude| latitude * (PI / 180.0)));
    let sines = sines.map(|sine| sine.clamp(-1.0 + 1e-12, 1.0 - 1e-12));
    logarithms(sines.map(|sine| (1.0 + sine) / (1.0 - sine))).map(|logarithm| 0.5 - logarithm / (4.0 * PI))
}

/// Polynomials of some values, the coefficient of the highest power first.
#[inline(always)]
fn polynomials<const N: usize>(values: [f64; LANES], terms: [f64; N]) -> [f64; LANES] {
    let mut sums = [0.0; LANES];
    for term in terms {
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum = *sum * value + term;
        }
    }
    sums
}

/// The sines of angles within ±π/2, to the last bits: the series to the 21st power, the next term of which is below 2^-58.
#[inline(always)]
fn sines(angles: [f64; LANES]) -> [f64; LANES] {
    /// 1/(2n+1)! with the signs of the series.
    const TERMS: [f64; 10] = [
        1.0 / 51_090_942_171_709_440_000.0,
        -1.0 / 121_645_100_408_832_000.0,
        1.0 / 355_687_428_096_000.0,
        -1.0 / 1_307_674_368_000.0,
        1.0 / 6_227_020_800.0,
        -1.0 / 39_916_800.0,
        1.0 / 362_880.0,
        -1.0 / 5040.0,
        1.0 / 120.0,
        -1.0 / 6.0,
    ];
    let squares = angles.map(|angle| angle * angle);
    let mut sines = polynomials(squares, TERMS);
    for (sine, (angle, square)) in sines.iter_mut().zip(angles.iter().zip(squares)) {
        *sine = angle + angle * square * *sine;
    }
    sines
}

/// The natural logarithms of positive normal numbers, to the last bits: 2 artanh((m−1)/(m+1)) of the mantissa m between √½ and √2, the
/// series to the 23rd power, and ln 2 for each power of two.
#[inline(always)]
fn logarithms(numbers: [f64; LANES]) -> [f64; LANES] {
    /// 2/(2n+1).
    const TERMS: [f64; 12] = [
        2.0 / 23.0,
        2.0 / 21.0,
        2.0 / 19.0,
        2.0 / 17.0,
        2.0 / 15.0,
        2.0 / 13.0,
        2.0 / 11.0,
        2.0 / 9.0,
        2.0 / 7.0,
        2.0 / 5.0,
        2.0 / 3.0,
        2.0,
    ];
    /// The bits of 1 and of √½.
    const ONE: u64 = 0x3ff0_0000_0000_0000;
    const LEAST: u64 = 0x3fe6_a09e_667f_3bcd;
    /// 2^52 as a number and as bits: a whole number below it, put into its bits, is that much more.
    const BASE: f64 = 4_503_599_627_370_496.0;
    const BASE_BITS: u64 = 0x4330_0000_0000_0000;
    // Counted from 2^-1023, so that they are no less than 0.
    let powers = numbers.map(|number| number.to_bits().wrapping_add(ONE - LEAST) >> 52);
    let mut shares = numbers;
    for (share, power) in shares.iter_mut().zip(powers) {
        let mantissa = f64::from_bits(share.to_bits().wrapping_sub(power << 52).wrapping_add(ONE));
        *share = (mantissa - 1.0) / (mantissa + 1.0);
    }
    let mut logarithms = polynomials(shares.map(|share| share * share), TERMS);
    for (logarithm, (share, power)) in logarithms.iter_mut().zip(shares.iter().zip(powers)) {
        *logarithm = share * *logarithm + (f64::from_bits(BASE_BITS | power) - BASE - 1023.0) * LN_2;
    }
    logarithms
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

    #[test]
    fn many_places_are_what_each_of_them_is() {
        let mut latitudes = (-9000..=9000).map(|hundredth| f64::from(hundredth) / 100.0).collect::<Vec<_>>();
        latitudes.extend([0.0, -0.0, 1e-300, -1e-12, 85.051_128_779_806_59, 89.999_999_999, -90.0]);
        for zoom in [0, 24] {
            let tile = Tile::new(zoom, 0, 0).unwrap();
            let mut places = latitudes.iter().map(|lat| [lat * 2.0, *lat]).collect::<Vec<_>>();
            tile.places(&mut places);
            // The whole world is 1 wide here, and a unit of the finest tile 2^-36 of it.
            let size = f64::from(1_u32 << zoom);
            for (lat, [x, y]) in latitudes.iter().zip(places) {
                let expected = tile.place(lat * 2.0, *lat);
                // Next to a pole the last bit of the sine moves a place by more.
                let most = if lat.abs() > 86.0 { 1e-5 } else { 1e-14 };
                assert!(x == expected.0 && ((y - expected.1) / size).abs() <= most, "{lat}: {y}, not {}", expected.1);
            }
        }
        let nowhere = &mut [[f64::NAN, f64::INFINITY]];
        Tile::new(0, 0, 0).unwrap().places(nowhere);
        assert!(nowhere[0][0].is_nan(), "{nowhere:?}");
    }
}
