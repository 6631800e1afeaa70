//! CSV (RFC 4180): a header, then one row for each feature; dates as ISO 8601, lists and structures as JSON, unknown values empty.
//!
//! Where a feature is stands in two columns, `longitude` and `latitude` in degrees (WGS 84) or those of the reference system asked for,
//! or in one column `geometry` as well-known text: by default the first for collections of points, else the second.

use std::{
    borrow::Cow,
    fmt::Write as _,
    io::{self, Write},
};

use geo::{Centroid, InteriorPoint};

use crate::{
    model::{Collection, Geometry, GeometryKind, Schema},
    store::{Cell, Page, Row, feature_text::Form},
};

/// Media type, with its header line announced (RFC 4180, clause 3).
pub const MEDIA: &str = "text/csv; charset=utf-8; header=present";

/// How CSV says where a feature is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CsvGeometry {
    /// By two columns of coordinates: of the point, or of a point within the shape.
    Coordinates,
    /// By well-known text.
    Wkt,
}

impl CsvGeometry {
    /// Values of `csv-geometry`, in the order of the variants.
    pub const NAMES: [&'static str; 2] = ["lonlat", "wkt"];

    /// What suits a collection where nothing is asked; nothing where its features have no geometry.
    fn of(asked: Option<Self>, kind: GeometryKind) -> Option<Self> {
        match kind {
            GeometryKind::None => None,
            GeometryKind::Point => Some(asked.unwrap_or(Self::Coordinates)),
            GeometryKind::Any => Some(asked.unwrap_or(Self::Wkt)),
        }
    }
}

/// Writes a page as CSV.
///
/// # Errors
/// What `out` says.
pub fn write(page: &Page, collection: &Collection, form: &Form<'_>, geometry: Option<CsvGeometry>, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    let geometry = CsvGeometry::of(geometry, collection.geometry);
    let schema = &collection.schema;
    let own: &[&str] = match geometry {
        Some(CsvGeometry::Coordinates) => &["id", form.axes[0], form.axes[1]],
        Some(CsvGeometry::Wkt) => &["id", "geometry"],
        None => &["id"],
    };
    let own = own.iter().map(|name| free(schema, name)).collect::<Vec<_>>();
    let written = schema.properties.iter().enumerate().filter(|(index, _)| form.has(*index));
    let names = written.map(|(_, property)| property.name.as_str());
    let record = writer.write_record(own.iter().map(String::as_str).chain(names));
    record.and_then(|()| page.rows().try_for_each(|row| write_row(&mut writer, &row, geometry, form))).map_err(of_output)?;
    writer.flush()
}

fn write_row<W: Write>(writer: &mut csv::Writer<W>, row: &Row<'_>, geometry: Option<CsvGeometry>, form: &Form<'_>) -> csv::Result<()> {
    writer.write_field(row.id())?;
    let shape = geometry.and_then(|_| form.geometry(row));
    match geometry {
        Some(CsvGeometry::Coordinates) => coordinates(shape.as_ref()).iter().try_for_each(|text| writer.write_field(text))?,
        Some(CsvGeometry::Wkt) => writer.write_field(shape.as_ref().map(wkt).unwrap_or_default())?,
        None => {}
    }
    let cells = row.cells().enumerate().filter(|(index, _)| form.has(*index));
    cells.map(|(_, (_, cell))| text(cell)).try_for_each(|text| writer.write_field(text.as_bytes()))?;
    writer.write_record(None::<&[u8]>)
}

/// The error of the output itself, where it is one.
fn of_output(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// A column's name that no property has: with as many `_` behind it as that takes.
fn free(schema: &Schema, name: &str) -> String {
    let mut name = name.to_owned();
    while schema.position(&name).is_some() {
        name.push('_');
    }
    name
}

/// A value as it stands in a table.
pub(super) fn text(cell: Cell<'_>) -> Cow<'_, str> {
    match cell {
        Cell::Null => "".into(),
        Cell::Text(text) | Cell::Json(text) => text.into(),
        Cell::Integer(value) => value.to_string().into(),
        Cell::Number(value) => value.to_string().into(),
        Cell::Boolean(value) => value.to_string().into(),
        Cell::Date(date) => date.to_string().into(),
        Cell::Timestamp(instant) => instant.to_string().into(),
    }
}

/// The two coordinates of a point, or of a point within a shape.
fn coordinates(geometry: Option<&Geometry>) -> [String; 2] {
    let within = |flat: &geo::Geometry<f64>| match flat {
        geo::Geometry::Point(point) => Some(*point),
        shape => shape.interior_point().or_else(|| shape.centroid()),
    };
    match geometry.map(Geometry::flat).and_then(within) {
        Some(point) => [point.x().to_string(), point.y().to_string()],
        None => [String::new(), String::new()],
    }
}

/// Well-known text (OGC 06-103r4, clause 7), with Z where heights are known.
fn wkt(geometry: &Geometry) -> String {
    let mut heights = geometry.heights().map(<[f64]>::iter);
    let mut out = String::new();
    write_wkt(&mut out, geometry.flat(), &mut heights);
    out
}

type Heights<'a> = Option<std::slice::Iter<'a, f64>>;

fn write_wkt(out: &mut String, geometry: &geo::Geometry<f64>, heights: &mut Heights<'_>) {
    use geo::Geometry as Flat;
    let name = match geometry {
        Flat::Point(_) => "POINT",
        Flat::LineString(_) => "LINESTRING",
        Flat::Polygon(_) => "POLYGON",
        Flat::MultiPoint(_) => "MULTIPOINT",
        Flat::MultiLineString(_) => "MULTILINESTRING",
        Flat::MultiPolygon(_) => "MULTIPOLYGON",
        Flat::GeometryCollection(_) => "GEOMETRYCOLLECTION",
        Flat::Line(_) | Flat::Rect(_) | Flat::Triangle(_) => unreachable!("Geometry::new turns these into GeoJSON's types"),
    };
    out.push_str(name);
    out.push_str(if heights.is_some() { " Z " } else { " " });
    match geometry {
        Flat::Point(point) => list(out, &[point.0], |out, coord| write_coord(out, coord, heights)),
        Flat::LineString(line) => write_line(out, line, heights),
        Flat::Polygon(polygon) => write_polygon(out, polygon, heights),
        Flat::MultiPoint(points) => {
            list(out, &points.0, |out, point| list(out, &[point.0], |out, coord| write_coord(out, coord, heights)));
        }
        Flat::MultiLineString(lines) => list(out, &lines.0, |out, line| write_line(out, line, heights)),
        Flat::MultiPolygon(polygons) => list(out, &polygons.0, |out, polygon| write_polygon(out, polygon, heights)),
        Flat::GeometryCollection(parts) => list(out, &parts.0, |out, part| write_wkt(out, part, heights)),
        Flat::Line(_) | Flat::Rect(_) | Flat::Triangle(_) => {}
    }
}

fn list<T>(out: &mut String, items: &[T], mut write: impl FnMut(&mut String, &T)) {
    if items.is_empty() {
        out.push_str("EMPTY");
        return;
    }
    out.push('(');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(')');
}

fn write_line(out: &mut String, line: &geo::LineString, heights: &mut Heights<'_>) {
    list(out, &line.0, |out, coord| write_coord(out, coord, heights));
}

fn write_polygon(out: &mut String, polygon: &geo::Polygon, heights: &mut Heights<'_>) {
    let exterior = (!polygon.exterior().0.is_empty()).then_some(polygon.exterior());
    let rings = exterior.into_iter().chain(polygon.interiors()).collect::<Vec<_>>();
    list(out, &rings, |out, ring| write_line(out, ring, heights));
}

fn write_coord(out: &mut String, coord: &geo::Coord, heights: &mut Heights<'_>) {
    write!(out, "{} {}", coord.x, coord.y).expect("a String takes every character");
    if let Some(height) = heights.as_mut().and_then(Iterator::next) {
        write!(out, " {height}").expect("a String takes every character");
    }
}
