//! One feature as GeoJSON text (RFC 7946, clause 3.2): CRS84, every property, no links.
//!
//! The only writer of this text: the arena is made of it once, and tables without an arena use it for each answer.

use std::{io::Write as _, ops::Range};

use geo::Geometry as Flat;

pub use super::digits::write_day;
use super::{
    Row,
    digits::{write_date, write_instant, write_number},
    memory::Kept,
};
use crate::model::{
    Cell, Crs, Geometry, Order, Schema,
    when::{date_of, letters_of},
};

/// Where the parts of a feature's text stand, counted from its first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offsets {
    /// The closing brace of the feature: what an item page adds goes before it.
    pub close: u32,
}

/// The names of a schema's properties as they stand in text: quoted, with the colon after them.
#[derive(Debug, Clone, Default)]
pub(super) struct Keys(Vec<Box<[u8]>>);

impl Keys {
    pub(super) fn new(schema: &Schema) -> Self {
        let key = |property: &crate::model::Property| {
            let mut key = Vec::new();
            write_string(&mut key, &property.name);
            key.push(b':');
            key.into_boxed_slice()
        };
        Self(schema.properties.iter().map(key).collect())
    }
}

/// Another form of a feature than the whole one in CRS84: what a page is written in, whatever the encoding.
#[derive(Debug, Clone)]
pub struct Form<'a> {
    /// The system of the coordinates.
    pub crs: Crs,
    /// Which of them comes first.
    pub order: Order,
    /// What the coordinates of a point are called, in their order.
    pub axes: [&'static str; 2],
    /// Of each property of the schema, whether it is written; all are where this is `None`.
    pub properties: Option<&'a [bool]>,
    /// Whether the geometry is written.
    pub has_geometry: bool,
    /// How far a simplified geometry may lie from the whole one, in degrees; geometries are whole where this is `None`.
    pub tolerance: Option<f64>,
}

impl Default for Form<'_> {
    fn default() -> Self {
        let (crs, order) = (Crs::crs84(), Order::Authority);
        Self { crs, order, axes: ["longitude", "latitude"], properties: None, has_geometry: true, tolerance: None }
    }
}

impl Form<'_> {
    /// Whether the property at this position of the schema is written.
    pub fn has(&self, index: usize) -> bool {
        self.properties.is_none_or(|properties| properties.get(index).copied().unwrap_or(false))
    }

    /// Whether coordinates are longitude and latitude on WGS 84, in this order.
    pub fn is_crs84(&self) -> bool {
        self.crs.is_wgs84() && !(self.crs.is_north_first() && self.order == Order::Authority)
    }

    /// Whether features are written as they are kept: whole, in CRS84.
    pub fn is_whole(&self) -> bool {
        self.properties.is_none() && self.keeps_geometry()
    }

    fn keeps_geometry(&self) -> bool {
        self.has_geometry && self.tolerance.is_none() && self.is_crs84()
    }

    /// What is written of a feature's geometry; none where the system has no coordinates for it.
    pub fn geometry(&self, row: &Row<'_>) -> Option<Geometry> {
        let geometry = self.geometry_in_crs84(row)?;
        if self.is_crs84() {
            return Some(geometry);
        }
        let plane = Geometry::new(self.crs.geometry_from_crs84(&geometry, self.order).ok()?).ok()?;
        match geometry.heights() {
            Some(heights) => plane.with_heights(heights.to_vec()).ok(),
            None => Some(plane),
        }
    }

    /// The same as longitude and latitude on WGS 84, whatever the system.
    pub fn geometry_in_crs84(&self, row: &Row<'_>) -> Option<Geometry> {
        let geometry = row.geometry().filter(|_| self.has_geometry)?;
        Some(match self.tolerance {
            Some(tolerance) => geometry.simplified(tolerance),
            None => geometry,
        })
    }
}

/// Appends the feature's text to `out`.
pub fn write_feature(out: &mut Vec<u8>, row: &Row<'_>) -> Offsets {
    write_feature_as(out, row, &Form::default())
}

/// Appends the feature's text to `out` in another form.
pub fn write_feature_as(out: &mut Vec<u8>, row: &Row<'_>, form: &Form<'_>) -> Offsets {
    write(out, row, form, None)
}

/// Told which property has its text where in `out`, without its quotes.
type Tell<'t> = dyn FnMut(usize, Range<usize>) + 't;

/// The whole text of a row that was made just now, whose texts need not be looked at once more, telling where that of each property stands.
pub(super) fn write_feature_telling(out: &mut Vec<u8>, row: &Row<'_>, tell: &mut Tell<'_>) {
    write(out, row, &Form::default(), Some(tell));
}

fn write(out: &mut Vec<u8>, row: &Row<'_>, form: &Form<'_>, tell: Option<&mut Tell<'_>>) -> Offsets {
    let start = out.len();
    out.extend_from_slice(br#"{"type":"Feature","id":"#);
    if tell.is_some() {
        let (bytes, length) = row.id_from();
        write_letters(out, &bytes[..length]);
    } else {
        write_string(out, row.id());
    }
    out.extend_from_slice(br#","geometry":"#);
    match row.point().filter(|_| form.keeps_geometry()) {
        Some([x, y]) => {
            out.extend_from_slice(br#"{"type":"Point","coordinates":["#);
            write_number(out, x);
            out.push(b',');
            write_number(out, y);
            out.extend_from_slice(b"]}");
        }
        None => match form.geometry(row) {
            Some(geometry) => write_geometry(out, &geometry),
            None => out.extend_from_slice(b"null"),
        },
    }
    out.extend_from_slice(br#","properties":"#);
    properties(out, row, form, tell);
    let close = u32::try_from(out.len() - start).expect("a feature's text is shorter than 4 GiB");
    out.push(b'}');
    Offsets { close }
}

/// Appends the properties of a form as an object.
pub fn write_properties(out: &mut Vec<u8>, row: &Row<'_>, form: &Form<'_>) {
    properties(out, row, form, None);
}

fn properties(out: &mut Vec<u8>, row: &Row<'_>, form: &Form<'_>, mut tell: Option<&mut Tell<'_>>) {
    let mut separator = b'{';
    for (index, key) in row.keys().0.iter().enumerate().filter(|(index, _)| form.has(*index)) {
        out.push(std::mem::replace(&mut separator, b','));
        out.extend_from_slice(key);
        let Some(tell) = &mut tell else {
            write_cell(out, row.cell_at(index));
            continue;
        };
        let before = out.len();
        match row.kept_at(index) {
            Kept::Text(letters) => {
                write_letters(out, letters);
                tell(index, before + 1..out.len() - 1);
            }
            Kept::Plain(letters) => {
                out.push(b'"');
                out.extend_from_slice(letters);
                out.push(b'"');
                tell(index, before + 1..out.len() - 1);
            }
            Kept::Day(day) => match letters_of(day) {
                Some(letters) => {
                    out.push(b'"');
                    out.extend_from_slice(&letters);
                    out.push(b'"');
                }
                None => write_cell(out, date_of(day).map_or(Cell::Null, Cell::Date)),
            },
            Kept::Other(cell) => write_cell(out, cell),
        }
    }
    out.extend_from_slice(if separator == b'{' { b"{}" } else { b"}" });
}

/// Appends a string as JSON.
pub fn write_string(out: &mut Vec<u8>, text: &str) {
    write_letters(out, text.as_bytes());
}

/// Appends the bytes of a string as JSON.
fn write_letters(out: &mut Vec<u8>, letters: &[u8]) {
    // Without a way out of the loop, the compiler makes it a comparison of many bytes at once.
    let is_special = |byte: u8| (byte < 0x20) | (byte == b'"') | (byte == b'\\');
    if !letters.iter().fold(false, |found, byte| found | is_special(*byte)) {
        out.push(b'"');
        out.extend_from_slice(letters);
        out.push(b'"');
    } else {
        serde_json::to_writer(out, &String::from_utf8_lossy(letters)).expect("a string is always valid JSON, and a Vec takes every byte");
    }
}

/// Appends one value as JSON.
pub fn write_cell(out: &mut Vec<u8>, cell: Cell<'_>) {
    match cell {
        Cell::Null => out.extend_from_slice(b"null"),
        Cell::Text(text) => write_string(out, text),
        Cell::Integer(value) => out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes()),
        Cell::Number(value) => write_number(out, value),
        Cell::Boolean(value) => out.extend_from_slice(if value { b"true" } else { b"false" }),
        Cell::Date(date) => write_date(out, date),
        Cell::Timestamp(instant) => write_instant(out, instant),
        Cell::Json(text) => out.extend_from_slice(text.as_bytes()),
    }
}

/// Appends a geometry object (RFC 7946, clause 3.1), longitude first, then latitude, then height in metres where known.
pub fn write_geometry(out: &mut Vec<u8>, geometry: &Geometry) {
    let mut writer = Coordinates { out, heights: geometry.heights().map(<[f64]>::iter) };
    writer.geometry(geometry.flat());
}

struct Coordinates<'a> {
    out: &'a mut Vec<u8>,
    heights: Option<std::slice::Iter<'a, f64>>,
}

impl Coordinates<'_> {
    fn geometry(&mut self, geometry: &Flat<f64>) {
        let name = match geometry {
            Flat::Point(_) => "Point",
            Flat::LineString(_) => "LineString",
            Flat::Polygon(_) => "Polygon",
            Flat::MultiPoint(_) => "MultiPoint",
            Flat::MultiLineString(_) => "MultiLineString",
            Flat::MultiPolygon(_) => "MultiPolygon",
            Flat::GeometryCollection(_) => "GeometryCollection",
            Flat::Line(_) | Flat::Rect(_) | Flat::Triangle(_) => unreachable!("Geometry::new turns these into GeoJSON's types"),
        };
        let member = if name == "GeometryCollection" { "geometries" } else { "coordinates" };
        write!(self.out, r#"{{"type":"{name}","{member}":"#).expect("a Vec takes every byte");
        match geometry {
            Flat::Point(point) => self.coord(&point.0),
            Flat::LineString(line) => self.line(line),
            Flat::Polygon(polygon) => self.polygon(polygon),
            Flat::MultiPoint(points) => self.list(&points.0, |writer, point| writer.coord(&point.0)),
            Flat::MultiLineString(lines) => self.list(&lines.0, Self::line),
            Flat::MultiPolygon(polygons) => self.list(&polygons.0, Self::polygon),
            Flat::GeometryCollection(parts) => self.list(&parts.0, Self::geometry),
            Flat::Line(_) | Flat::Rect(_) | Flat::Triangle(_) => {}
        }
        self.out.push(b'}');
    }

    fn list<T>(&mut self, items: &[T], write: impl Fn(&mut Self, &T)) {
        self.out.push(b'[');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            write(self, item);
        }
        self.out.push(b']');
    }

    fn line(&mut self, line: &geo::LineString) {
        self.list(&line.0, Self::coord);
    }

    fn polygon(&mut self, polygon: &geo::Polygon) {
        let exterior = (!polygon.exterior().0.is_empty()).then_some(polygon.exterior());
        let rings = exterior.into_iter().chain(polygon.interiors()).collect::<Vec<_>>();
        self.list(&rings, |writer, ring| writer.line(ring));
    }

    fn coord(&mut self, coord: &geo::Coord) {
        self.out.push(b'[');
        write_number(self.out, coord.x);
        self.out.push(b',');
        write_number(self.out, coord.y);
        if let Some(height) = self.heights.as_mut().and_then(Iterator::next) {
            self.out.push(b',');
            write_number(self.out, *height);
        }
        self.out.push(b']');
    }
}
