//! KML 2.3 (OGC 12-007r2): a placemark for each feature, with its time and its properties typed by a schema.
//!
//! KML knows longitude and latitude only, so its coordinates are those whatever system is asked for. It has no types for days, lists and
//! structures: they are texts, written as in CSV. What is not known is left out.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    io::{self, Write},
};

use geo::Geometry as Flat;

use super::xml::Xml;
use crate::{
    model::{
        Collection, Geometry, Kind, Lang, Schema,
        when::{Bounds, Instant},
    },
    store::{Cell, Page, Row, feature_text::Form},
};

/// Media type.
pub const MEDIA: &str = "application/vnd.google-earth.kml+xml";

/// Name of the schema within the document.
const SCHEMA: &str = "properties";

/// Writes a page as KML.
///
/// # Errors
/// What `out` says.
pub fn write(page: &Page, collection: &Collection, form: &Form<'_>, out: &mut dyn Write) -> io::Result<()> {
    let schema = &collection.schema;
    let id = schema.id_name();
    let long = long(page, schema);
    let mut xml = Xml::begin(out)?;
    xml.open("kml", &[("xmlns", "http://www.opengis.net/kml/2.2")])?;
    xml.open("Document", &[])?;
    xml.leaf("name", &[], collection.title.get(Lang::En))?;
    xml.leaf("description", &[], collection.description.get(Lang::En))?;
    xml.open("Schema", &[("name", &collection.id), ("id", SCHEMA)])?;
    xml.empty("SimpleField", &[("type", "string"), ("name", id)])?;
    for (index, property) in schema.properties.iter().enumerate().filter(|(index, _)| form.has(*index)) {
        let attributes = [("type", kind(property.kind, long.contains(&index))), ("name", property.name.as_str())];
        xml.open("SimpleField", &attributes)?;
        xml.leaf("displayName", &[], property.title.get(Lang::En))?;
        xml.close("SimpleField")?;
    }
    xml.close("Schema")?;
    let label = collection.label.as_ref().map(|label| label.get(Lang::En));
    for row in page.rows() {
        xml.line()?;
        xml.open("Placemark", &[])?;
        let name = label.and_then(|label| row.text(label)).unwrap_or(row.id());
        xml.leaf("name", &[], name)?;
        if let Some(bounds) = row.time() {
            time(&mut xml, &bounds)?;
        }
        data(&mut xml, id, &row, form)?;
        if let Some(shape) = form.geometry_in_crs84(&row) {
            geometry(&mut xml, shape.flat(), shape.heights().is_some(), &mut Heights::of(&shape))?;
        }
        xml.close("Placemark")?;
    }
    xml.line()?;
    xml.close("Document")?;
    xml.close("kml")?;
    xml.line()
}

/// The whole numbers of which one on the page is longer than KML's have room for.
fn long(page: &Page, schema: &Schema) -> BTreeSet<usize> {
    let numbers = schema.properties.iter().enumerate().filter(|(_, property)| property.kind == Kind::Integer);
    let is_long = |index: &usize| {
        let long = |row: Row<'_>| matches!(row.cell_at(*index), Cell::Integer(value) if i32::try_from(value).is_err());
        page.rows().any(long)
    };
    numbers.map(|(index, _)| index).filter(is_long).collect()
}

/// The type of a property's values, among those of KML (clause 9.10).
fn kind(kind: Kind, is_long: bool) -> &'static str {
    match kind {
        Kind::Integer if !is_long => "int",
        Kind::Number => "double",
        Kind::Boolean => "bool",
        _ => "string",
    }
}

/// A day or a moment where that is all of it, else from the first possible moment to the last.
fn time(xml: &mut Xml<'_>, bounds: &Bounds) -> io::Result<()> {
    let (start, end) = (bounds.earliest_start, bounds.latest_end);
    let whole_days = is_day(start, Instant::start_of) && is_day(end, Instant::end_of);
    let text = |instant: Instant| {
        let day = instant.day().filter(|day| day.year() >= 1)?;
        Some(if whole_days { day.to_string() } else { instant.to_string() })
    };
    let (begin, end) = (text(start), text(end));
    if let (Some(begin), Some(end)) = (&begin, &end)
        && begin == end
    {
        xml.open("TimeStamp", &[])?;
        xml.leaf("when", &[], begin)?;
        return xml.close("TimeStamp");
    }
    if begin.is_none() && end.is_none() {
        return Ok(());
    }
    xml.open("TimeSpan", &[])?;
    for (name, text) in [("begin", begin), ("end", end)] {
        if let Some(text) = text {
            xml.leaf(name, &[], &text)?;
        }
    }
    xml.close("TimeSpan")
}

/// Whether a moment is the edge of its day, or no bound at all.
fn is_day(instant: Instant, edge: impl Fn(jiff::civil::Date) -> Instant) -> bool {
    instant.day().is_none_or(|day| edge(day) == instant)
}

fn data(xml: &mut Xml<'_>, id: &str, row: &Row<'_>, form: &Form<'_>) -> io::Result<()> {
    xml.open("ExtendedData", &[])?;
    xml.open("SchemaData", &[("schemaUrl", &format!("#{SCHEMA}"))])?;
    xml.leaf("SimpleData", &[("name", id)], row.id())?;
    for (index, (property, cell)) in row.cells().enumerate() {
        if form.has(index) && cell != Cell::Null {
            let text = match cell {
                // Readers are known that take `true` for 0.
                Cell::Boolean(value) => if value { "1" } else { "0" }.into(),
                other => super::csv::text(other),
            };
            xml.leaf("SimpleData", &[("name", &property.name)], &text)?;
        }
    }
    xml.close("SchemaData")?;
    xml.close("ExtendedData")
}

/// Heights in metres, one for each coordinate, where they are known.
struct Heights<'a>(Option<std::slice::Iter<'a, f64>>);

impl<'a> Heights<'a> {
    fn of(geometry: &'a Geometry) -> Self {
        Self(geometry.heights().map(<[f64]>::iter))
    }

    /// `longitude,latitude` or `longitude,latitude,height`, with a space between each two (clause 9.11).
    fn text<'b>(&mut self, coords: impl IntoIterator<Item = &'b geo::Coord>) -> String {
        let mut text = String::new();
        for coord in coords {
            let space = if text.is_empty() { "" } else { " " };
            write!(text, "{space}{},{}", coord.x, coord.y).expect("a String takes every character");
            if let Some(height) = self.0.as_mut().and_then(Iterator::next) {
                write!(text, ",{height}").expect("a String takes every character");
            }
        }
        text
    }
}

fn geometry(xml: &mut Xml<'_>, shape: &Flat<f64>, has_heights: bool, heights: &mut Heights<'_>) -> io::Result<()> {
    let mut simple = |name: &str, coords: &mut dyn Iterator<Item = &geo::Coord>| {
        xml.open(name, &[])?;
        altitude(xml, has_heights)?;
        xml.leaf("coordinates", &[], &heights.text(coords))?;
        xml.close(name)
    };
    match shape {
        Flat::Point(point) => simple("Point", &mut [point.0].iter()),
        Flat::LineString(line) => simple("LineString", &mut line.0.iter()),
        Flat::Polygon(polygon) => {
            xml.open("Polygon", &[])?;
            altitude(xml, has_heights)?;
            let rings = std::iter::once(("outerBoundaryIs", polygon.exterior()));
            for (name, ring) in rings.chain(polygon.interiors().iter().map(|ring| ("innerBoundaryIs", ring))) {
                if ring.0.is_empty() {
                    continue;
                }
                xml.open(name, &[])?;
                xml.open("LinearRing", &[])?;
                xml.leaf("coordinates", &[], &heights.text(&ring.0))?;
                xml.close("LinearRing")?;
                xml.close(name)?;
            }
            xml.close("Polygon")
        }
        several => {
            xml.open("MultiGeometry", &[])?;
            parts(several, &mut |part| geometry(xml, &part, has_heights, heights))?;
            xml.close("MultiGeometry")
        }
    }
}

/// Calls `write` with each part of what has several.
fn parts(shape: &Flat<f64>, write: &mut dyn FnMut(Flat<f64>) -> io::Result<()>) -> io::Result<()> {
    match shape {
        Flat::MultiPoint(points) => points.0.iter().try_for_each(|point| write((*point).into())),
        Flat::MultiLineString(lines) => lines.0.iter().try_for_each(|line| write(line.clone().into())),
        Flat::MultiPolygon(polygons) => polygons.0.iter().try_for_each(|polygon| write(polygon.clone().into())),
        Flat::GeometryCollection(parts) => parts.0.iter().try_for_each(|part| write(part.clone())),
        _ => unreachable!("Geometry::new turns all others into GeoJSON's types"),
    }
}

/// That heights are above the sea, where there are any: KML would leave them out otherwise.
fn altitude(xml: &mut Xml<'_>, has_heights: bool) -> io::Result<()> {
    if has_heights { xml.leaf("altitudeMode", &[], "absolute") } else { Ok(()) }
}
