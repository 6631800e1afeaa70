//! Well-known text (OGC 06-103r4, clause 7) → a geometry.

use ::wkt::{
    Wkt,
    types::{Coord, LineString, Point, Polygon},
};

use super::{
    fault::Rule,
    shape::{Nest, Shape},
};
/// Brackets within brackets at the most.
const MOST_NESTED: usize = 128;

/// Reads a text, unchecked.
pub(super) fn read(text: &str, column: &str) -> Result<Shape, Rule> {
    let refused = |message: &str| Rule::Wkt { column: column.to_owned(), message: message.to_owned() };
    let (nested, rest) = brackets(text);
    if nested > MOST_NESTED {
        return Err(Rule::TooDeep);
    }
    if !rest.is_empty() {
        return Err(refused("text after its end"));
    }
    let wkt: Wkt<f64> = text.parse().map_err(refused)?;
    Ok(shape(wkt))
}

/// How deep the brackets of a text are, and what stands after the last one or, without any, after the word EMPTY.
fn brackets(text: &str) -> (usize, &str) {
    let (mut depth, mut most) = (0_usize, 0);
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 1 => return (most, &text[index + 1..]),
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        most = most.max(depth);
    }
    let is_whole = most > 0 || text.to_ascii_uppercase().ends_with("EMPTY");
    (most, if is_whole { "" } else { text })
}

fn shape(wkt: Wkt<f64>) -> Shape {
    match wkt {
        Wkt::Point(at) => Shape::Point(point(at)),
        Wkt::LineString(line) => Shape::LineString(coords(line)),
        Wkt::Polygon(rings) => Shape::Polygon(polygon(rings)),
        Wkt::MultiPoint(points) => Shape::MultiPoint(nest(points.into_inner().0, point)),
        Wkt::MultiLineString(lines) => Shape::MultiLineString(nest(lines.into_inner().0, coords)),
        Wkt::MultiPolygon(list) => Shape::MultiPolygon(nest(list.into_inner().0, polygon)),
        Wkt::GeometryCollection(parts) => Shape::Collection(parts.into_inner().0.into_iter().map(shape).collect()),
    }
}

fn nest<T>(items: Vec<T>, each: impl Fn(T) -> Nest) -> Nest {
    Nest::List(items.into_iter().map(each).collect())
}

fn point(point: Point<f64>) -> Nest {
    point.into_inner().0.map_or_else(|| Nest::List(Vec::new()), coord)
}

fn coords(line: LineString<f64>) -> Nest {
    nest(line.into_inner().0, coord)
}

fn polygon(rings: Polygon<f64>) -> Nest {
    nest(rings.into_inner().0, coords)
}

/// A measure (M) is no coordinate of GeoJSON's.
fn coord(Coord { x, y, z, .. }: Coord<f64>) -> Nest {
    Nest::Position { numbers: [x, y, z.unwrap_or_default()], count: if z.is_some() { 3 } else { 2 } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Geometry;

    fn read(text: &str) -> Result<Option<Geometry>, String> {
        super::read(text, "wkt").and_then(Shape::check).map_err(|rule| rule.to_string())
    }

    #[test]
    fn heights_are_read_and_measures_are_not() {
        for (text, heights) in [
            ("POINT (1 2)", None),
            ("point z(1 2 3)", Some(3.0)),
            ("POINTZ(1 2 3)", Some(3.0)),
            ("POINT M (1 2 9)", None),
            ("POINT ZM (1 2 3 9)", Some(3.0)),
        ] {
            let point = read(text).unwrap().unwrap();
            assert_eq!(point.heights().map(|heights| heights[0]), heights, "{text}");
        }
        assert_eq!(read("POINT EMPTY"), Ok(None));
        assert_eq!(read("MULTIPOLYGON EMPTY"), Ok(None));
    }

    #[test]
    fn what_is_no_geometry_is_refused_with_the_reason() {
        for text in [
            "",
            "POINT",
            "POINT (1)",
            "POINT (a b)",
            "CIRCLE (1 2)",
            "POINT (1 2",
            "POINT (1 2) POINT (3 4)",
            "POINT (1 2) x",
            "POLYGON ((0 0, 1 1)",
        ] {
            assert!(read(text).is_err(), "{text:?}: {:?}", read(text));
        }
        assert_eq!(
            read("POINT (200 0)").unwrap_err(),
            "longitude 200 is outside -180..=180; longitudes go from -180 to 180: take 360 off, and cut what crosses the 180th meridian, as \
             ogr2ogr -wrapdateline does"
        );
        let deep = "GEOMETRYCOLLECTION(".repeat(10_000);
        assert_eq!(read(&deep).unwrap_err(), "is nested deeper than 128");
    }
}
