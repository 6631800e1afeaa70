//! Shapes as bytes: ISO WKB (OGC 06-103r4, clause 8), little-endian, with the Z types (1000 + type) where heights are known.
//!
//! Exact doubles, and what PostGIS, GeoPackage and GeoParquet store as well. Longitude first, then latitude, in degrees.

use geo::{CoordsIter, Geometry as Flat, LineString, Point, Polygon};

use super::{Geometry, Rect};

/// Bytes of a point without a height: byte order, type and two doubles.
pub const POINT: usize = 21;

/// How deep collections may stand within collections; deeper ones come from no reader.
const DEEPEST: u32 = 128;

/// Appends a shape.
pub fn write(bytes: &mut Vec<u8>, geometry: &Geometry) {
    let mut writer = Writer { bytes, heights: geometry.heights().map(<[f64]>::iter) };
    writer.geometry(geometry.flat());
}

/// Reads a shape; `None` where the bytes are not one whole shape of finite coordinates.
pub fn read(bytes: &[u8]) -> Option<Geometry> {
    let mut reader = Reader { bytes, heights: Vec::new() };
    let flat = reader.geometry(DEEPEST)?;
    let geometry = Geometry::new(flat).ok()?;
    if reader.heights.is_empty() { Some(geometry) } else { geometry.with_heights(reader.heights).ok() }
}

/// The coordinates of a point without a height, longitude first; `None` where the bytes are something else.
pub fn point(bytes: &[u8]) -> Option<[f64; 2]> {
    let [1, 1, 0, 0, 0, xy @ ..] = bytes else { return None };
    let (x, y) = xy.split_first_chunk()?;
    Some([f64::from_le_bytes(*x), f64::from_le_bytes(y.try_into().ok()?)])
}

/// Whether a shape is a point, with a height or without.
pub fn is_point(bytes: &[u8]) -> bool {
    kind(bytes) == Some(1)
}

/// The number of a shape's type, with heights or without (table 7): 1 for a point to 7 for a collection.
pub fn kind(bytes: &[u8]) -> Option<u8> {
    Reader { bytes, heights: Vec::new() }.head().and_then(|(kind, _)| u8::try_from(kind).ok())
}

/// Whether a shape is a point, a line or a polygon, which are connected; other types need not be.
pub fn is_connected(bytes: &[u8]) -> bool {
    kind(bytes).is_some_and(|kind| kind <= 3)
}

/// The smallest rectangle that holds a shape, and the lowest and highest of its heights where it has them.
pub fn bounds(bytes: &[u8]) -> Option<(Rect, Option<(f64, f64)>)> {
    if let Some([x, y]) = point(bytes) {
        return Some((Rect { min_x: x, min_y: y, max_x: x, max_y: y }, None));
    }
    let geometry = read(bytes)?;
    Some((geometry.bounds()?, geometry.height_range()))
}

struct Writer<'a> {
    bytes: &'a mut Vec<u8>,
    heights: Option<std::slice::Iter<'a, f64>>,
}

impl Writer<'_> {
    fn head(&mut self, kind: u32) {
        let kind = if self.heights.is_some() { kind + 1000 } else { kind };
        self.bytes.push(1);
        self.bytes.extend_from_slice(&kind.to_le_bytes());
    }

    fn count(&mut self, count: usize) {
        self.bytes.extend_from_slice(&u32::try_from(count).expect("fewer than 2^32 parts").to_le_bytes());
    }

    fn coord(&mut self, coord: geo::Coord) {
        self.bytes.extend_from_slice(&coord.x.to_le_bytes());
        self.bytes.extend_from_slice(&coord.y.to_le_bytes());
        if let Some(heights) = &mut self.heights {
            let height = heights.next().expect("one height for each coordinate, by construction");
            self.bytes.extend_from_slice(&height.to_le_bytes());
        }
    }

    fn coords(&mut self, line: &LineString) {
        self.count(line.0.len());
        line.coords_iter().for_each(|coord| self.coord(coord));
    }

    fn point(&mut self, point: &Point) {
        self.head(1);
        self.coord(point.0);
    }

    fn line(&mut self, line: &LineString) {
        self.head(2);
        self.coords(line);
    }

    fn polygon(&mut self, polygon: &Polygon) {
        self.head(3);
        // An empty polygon has no ring at all, rather than one without coordinates.
        let exterior = (!polygon.exterior().0.is_empty()).then_some(polygon.exterior());
        self.count(usize::from(exterior.is_some()) + polygon.interiors().len());
        exterior.into_iter().chain(polygon.interiors()).for_each(|ring| self.coords(ring));
    }

    fn geometry(&mut self, geometry: &Flat<f64>) {
        match geometry {
            Flat::Point(point) => self.point(point),
            Flat::LineString(line) => self.line(line),
            Flat::Polygon(polygon) => self.polygon(polygon),
            Flat::MultiPoint(points) => {
                self.head(4);
                self.count(points.0.len());
                points.iter().for_each(|point| self.point(point));
            }
            Flat::MultiLineString(lines) => {
                self.head(5);
                self.count(lines.0.len());
                lines.iter().for_each(|line| self.line(line));
            }
            Flat::MultiPolygon(polygons) => {
                self.head(6);
                self.count(polygons.0.len());
                polygons.iter().for_each(|polygon| self.polygon(polygon));
            }
            Flat::GeometryCollection(parts) => {
                self.head(7);
                self.count(parts.0.len());
                parts.iter().for_each(|part| self.geometry(part));
            }
            Flat::Line(_) | Flat::Rect(_) | Flat::Triangle(_) => unreachable!("Geometry::new turns these into GeoJSON's types"),
        }
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    heights: Vec<f64>,
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.bytes.split_first_chunk()?;
        self.bytes = rest;
        Some(*head)
    }

    fn head(&mut self) -> Option<(u32, bool)> {
        let [order] = self.take()?;
        let kind = u32::from_le_bytes(self.take()?);
        (order == 1).then_some((kind % 1000, kind >= 1000))
    }

    /// How many parts follow; `None` where the bytes cannot hold as many of `least` bytes each.
    fn count(&mut self, least: usize) -> Option<usize> {
        let count = u32::from_le_bytes(self.take()?) as usize;
        (count.checked_mul(least)? <= self.bytes.len()).then_some(count)
    }

    fn coord(&mut self, tall: bool) -> Option<geo::Coord> {
        let coord = geo::Coord { x: f64::from_le_bytes(self.take()?), y: f64::from_le_bytes(self.take()?) };
        if tall {
            let height = f64::from_le_bytes(self.take()?);
            self.heights.push(height);
        }
        Some(coord)
    }

    fn line(&mut self, tall: bool) -> Option<LineString> {
        let count = self.count(16)?;
        (0..count).map(|_| self.coord(tall)).collect()
    }

    fn polygon(&mut self, tall: bool) -> Option<Polygon> {
        let count = self.count(4)?;
        let mut rings = (0..count).map(|_| self.line(tall)).collect::<Option<Vec<_>>>()?.into_iter();
        let exterior = rings.next().unwrap_or_else(|| LineString(Vec::new()));
        Some(Polygon::new(exterior, rings.collect()))
    }

    /// A list of parts of type `kind`, each with a head of its own.
    fn parts<T>(&mut self, wanted: u32, read: impl Fn(&mut Self, bool) -> Option<T>) -> Option<Vec<T>> {
        let count = self.count(5)?;
        let part = |_| {
            let (kind, tall) = self.head()?;
            if kind == wanted { read(self, tall) } else { None }
        };
        (0..count).map(part).collect()
    }

    fn geometry(&mut self, deepest: u32) -> Option<Flat<f64>> {
        let (kind, tall) = self.head()?;
        Some(match kind {
            1 => Flat::Point(Point(self.coord(tall)?)),
            2 => Flat::LineString(self.line(tall)?),
            3 => Flat::Polygon(self.polygon(tall)?),
            4 => Flat::MultiPoint(self.parts(1, |reader, tall| reader.coord(tall).map(Point))?.into()),
            5 => Flat::MultiLineString(geo::MultiLineString(self.parts(2, Self::line)?)),
            6 => Flat::MultiPolygon(geo::MultiPolygon(self.parts(3, Self::polygon)?)),
            7 if deepest > 0 => {
                let count = self.count(5)?;
                let parts = (0..count).map(|_| self.geometry(deepest - 1)).collect::<Option<Vec<_>>>()?;
                Flat::GeometryCollection(geo::GeometryCollection(parts))
            }
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{line_string, point, polygon};
    use proptest::prelude::*;

    fn shapes() -> Vec<Geometry> {
        let point = Geometry::new(point!(x: 1.5, y: -2.0).into()).unwrap();
        let line = Geometry::new(line_string![(x: 0.0, y: 1.0), (x: 2.0, y: 3.0)].into()).unwrap();
        let tall = line.clone().with_heights(vec![5.0, 6.0]).unwrap();
        let square: Flat = polygon![(x: 0.0, y: 0.0), (x: 2.0, y: 0.0), (x: 2.0, y: 2.0), (x: 0.0, y: 0.0)].into();
        let parts = vec![point.flat().clone(), square.clone(), Flat::GeometryCollection(vec![line.flat().clone()].into())];
        let many = Geometry::new(Flat::GeometryCollection(parts.into())).unwrap();
        let empty = Geometry::new(Flat::MultiPoint(Vec::<Point>::new().into())).unwrap();
        vec![point, line, tall, Geometry::new(square).unwrap(), many, empty]
    }

    #[test]
    fn what_is_written_is_read_back() {
        for shape in shapes() {
            let mut bytes = Vec::new();
            write(&mut bytes, &shape);
            assert_eq!(read(&bytes).as_ref(), Some(&shape));
            assert_eq!(bounds(&bytes), shape.bounds().map(|rect| (rect, shape.height_range())));
        }
        let mut bytes = Vec::new();
        write(&mut bytes, &shapes()[0]);
        assert_eq!((bytes.len(), point(&bytes)), (POINT, Some([1.5, -2.0])));
    }

    #[test]
    fn a_shape_cut_short_is_none() {
        for shape in shapes() {
            let mut bytes = Vec::new();
            write(&mut bytes, &shape);
            for end in 0..bytes.len() {
                assert_eq!(read(&bytes[..end]), None, "{shape:?} {end}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(mut bytes in prop::collection::vec(any::<u8>(), 0..200), kind in 0_u8..8) {
            let _ = read(&bytes);
            bytes.splice(0..0, [1, kind, 0, 0, 0, 2, 0, 0, 0]);
            let _ = (read(&bytes), bounds(&bytes), is_connected(&bytes), point(&bytes));
        }
    }
}
