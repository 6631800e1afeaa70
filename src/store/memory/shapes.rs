//! The geometry column: every shape of a table in one block of binary coordinates.
//!
//! Each shape is ISO WKB (OGC 06-103r4, clause 8), little-endian, with the Z types (1000 + type) where heights are known: exact
//! doubles, and what PostGIS, GeoPackage and GeoParquet store as well.

use geo::{CoordsIter, Geometry as Flat, LineString, Point, Polygon};

use crate::model::{Geometry, Rect};

/// All shapes of a table; those without one take no room beyond their end offset.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    bytes: Vec<u8>,
    /// One past the last byte of each shape.
    ends: Vec<u64>,
    /// The box of each shape, empty boxes for those without one.
    boxes: Vec<Rect>,
    /// Lowest and highest height in metres, only where any shape of the table has them.
    heights: Vec<Option<(f64, f64)>>,
}

const NOWHERE: Rect = Rect { min_x: f64::INFINITY, min_y: f64::INFINITY, max_x: f64::NEG_INFINITY, max_y: f64::NEG_INFINITY };

impl Shapes {
    /// Adds the shape of the next position.
    pub(super) fn push(&mut self, geometry: Option<&Geometry>) {
        let mut heights = None;
        if let Some(geometry) = geometry {
            let mut writer = Writer { bytes: &mut self.bytes, heights: geometry.heights().map(<[f64]>::iter) };
            writer.geometry(geometry.flat());
            heights = geometry.height_range();
        }
        self.ends.push(self.bytes.len() as u64);
        self.boxes.push(geometry.and_then(Geometry::bounds).unwrap_or(NOWHERE));
        self.heights.push(heights);
    }

    /// The shape at a position.
    pub(super) fn get(&self, position: u32) -> Option<Geometry> {
        let bytes = self.wkb(position)?;
        let mut reader = Reader { bytes, heights: Vec::new() };
        let flat = reader.geometry();
        let geometry = Geometry::new(flat).expect("only finite coordinates are stored");
        Some(if reader.heights.is_empty() {
            geometry
        } else {
            geometry.with_heights(reader.heights).expect("one height was stored for each coordinate")
        })
    }

    /// The shape at a position as ISO WKB.
    pub(super) fn wkb(&self, position: u32) -> Option<&[u8]> {
        let position = position as usize;
        let start = if position == 0 { 0 } else { self.ends[position - 1] as usize };
        let bytes = &self.bytes[start..self.ends[position] as usize];
        (!bytes.is_empty()).then_some(bytes)
    }

    /// Whether the shape at a position is a point, a line or a polygon, which are connected; other types need not be.
    pub(super) fn is_connected(&self, position: u32) -> bool {
        self.wkb(position).is_some_and(|bytes| Reader { bytes, heights: Vec::new() }.head().0 <= 3)
    }

    /// The box of the shape at a position; an inverted one where there is no shape.
    pub(super) fn bounds(&self, position: u32) -> Rect {
        self.boxes[position as usize]
    }

    /// The box of every shape, `None` where no feature has one.
    pub(super) fn extent(&self) -> Option<Rect> {
        let extent = self.boxes.iter().fold(NOWHERE, |sum, rect| sum.union(rect));
        extent.min_x.is_finite().then_some(extent)
    }

    /// Whether a shape meets a range of heights; shapes without heights meet every range.
    pub(super) fn meets_heights(&self, position: u32, (bottom, top): (f64, f64)) -> bool {
        self.heights[position as usize].is_none_or(|(low, high)| low <= top && bottom <= high)
    }
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

/// Reads what [`Writer`] wrote; the bytes never come from outside.
struct Reader<'a> {
    bytes: &'a [u8],
    heights: Vec<f64>,
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let (head, rest) = self.bytes.split_first_chunk().expect("a stored shape is whole");
        self.bytes = rest;
        *head
    }

    fn head(&mut self) -> (u32, bool) {
        let [_order] = self.take();
        let kind = u32::from_le_bytes(self.take());
        (kind % 1000, kind >= 1000)
    }

    fn count(&mut self) -> usize {
        u32::from_le_bytes(self.take()) as usize
    }

    fn coord(&mut self, tall: bool) -> geo::Coord {
        let coord = geo::Coord { x: f64::from_le_bytes(self.take()), y: f64::from_le_bytes(self.take()) };
        if tall {
            let height = f64::from_le_bytes(self.take());
            self.heights.push(height);
        }
        coord
    }

    fn line(&mut self, tall: bool) -> LineString {
        let count = self.count();
        (0..count).map(|_| self.coord(tall)).collect()
    }

    fn polygon(&mut self, tall: bool) -> Polygon {
        let count = self.count();
        let mut rings = (0..count).map(|_| self.line(tall)).collect::<Vec<_>>().into_iter();
        let exterior = rings.next().unwrap_or_else(|| LineString(Vec::new()));
        Polygon::new(exterior, rings.collect())
    }

    /// A list of parts of one type, each with a head of its own.
    fn parts<T>(&mut self, read: impl Fn(&mut Self, bool) -> T) -> Vec<T> {
        let count = self.count();
        (0..count)
            .map(|_| {
                let (_, tall) = self.head();
                read(self, tall)
            })
            .collect()
    }

    fn geometry(&mut self) -> Flat<f64> {
        let (kind, tall) = self.head();
        match kind {
            1 => Flat::Point(Point(self.coord(tall))),
            2 => Flat::LineString(self.line(tall)),
            3 => Flat::Polygon(self.polygon(tall)),
            4 => Flat::MultiPoint(self.parts(|reader, tall| Point(reader.coord(tall))).into()),
            5 => Flat::MultiLineString(geo::MultiLineString(self.parts(Self::line))),
            6 => Flat::MultiPolygon(geo::MultiPolygon(self.parts(Self::polygon))),
            7 => {
                let count = self.count();
                Flat::GeometryCollection((0..count).map(|_| self.geometry()).collect())
            }
            other => unreachable!("WKB type {other} is never written"),
        }
    }
}
