//! CSV (RFC 4180): a header, then one row for each feature; dates as ISO 8601, lists and structures as JSON, unknown values empty.
//!
//! Points have the columns `longitude` and `latitude` in degrees (WGS 84), or those of the reference system asked for; collections of other shapes have `geometry` as WKT.

use std::fmt::Write as _;

use crate::{
    model::{Geometry, GeometryKind},
    store::{Cell, Page, feature_text::Form},
};

/// Media type, with its header line announced (RFC 4180, clause 3).
pub const MEDIA: &str = "text/csv; charset=utf-8; header=present";

/// A page as CSV.
pub fn page(page: &Page, kind: GeometryKind, schema: &crate::model::Schema, form: &Form<'_>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let geometry: &[&str] = match kind {
        GeometryKind::Point => &form.axes,
        GeometryKind::Any => &["geometry"],
        GeometryKind::None => &[],
    };
    let written = schema.properties.iter().enumerate().filter(|(index, _)| form.has(*index));
    let names = written.map(|(_, property)| property.name.as_str());
    writer.write_record(["id"].into_iter().chain(geometry.iter().copied()).chain(names)).expect("a Vec takes every byte");
    for row in page.rows() {
        let mut record = vec![row.id().to_owned()];
        let shape = form.geometry(&row);
        match kind {
            GeometryKind::Point => record.extend(lon_lat(shape.as_ref())),
            GeometryKind::Any => record.push(shape.as_ref().map(wkt).unwrap_or_default()),
            GeometryKind::None => {}
        }
        record.extend(row.cells().enumerate().filter(|(index, _)| form.has(*index)).map(|(_, (_, cell))| text(cell)));
        writer.write_record(&record).expect("a Vec takes every byte, and every record has the header's length");
    }
    writer.into_inner().expect("a Vec takes every byte")
}

fn text(cell: Cell<'_>) -> String {
    match cell {
        Cell::Null => String::new(),
        Cell::Text(text) | Cell::Json(text) => text.to_owned(),
        Cell::Integer(value) => value.to_string(),
        Cell::Number(value) => value.to_string(),
        Cell::Boolean(value) => value.to_string(),
        Cell::Date(date) => date.to_string(),
        Cell::Timestamp(instant) => instant.to_string(),
    }
}

fn lon_lat(geometry: Option<&Geometry>) -> [String; 2] {
    match geometry.map(Geometry::flat) {
        Some(geo::Geometry::Point(point)) => [point.x().to_string(), point.y().to_string()],
        _ => [String::new(), String::new()],
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
