//! Geometry literals of CQL2 text: well-known text (OGC 06-103r4, clause 7) and `BBOX(…)`.
//!
//! Predicates ask of the plane (OGC 06-103r4, clause 6.1.15), so heights are read and left out.

use geo::{Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};

use super::{error::FilterError, lexer::Token, node::Kind, text::Parser};

/// Reads a literal if the next word is the name of one and what follows belongs to it; `lower` is the word in lower case.
pub(super) fn parse(parser: &mut Parser, lower: &str) -> Result<Option<Kind>, FilterError> {
    let is_literal = matches!(
        lower,
        "point" | "linestring" | "polygon" | "multipoint" | "multilinestring" | "multipolygon" | "geometrycollection" | "bbox"
    );
    if !is_literal || !parser.is_followed_by_coordinates() {
        return Ok(None);
    }
    parser.bump();
    if lower == "bbox" {
        parser.need("(")?;
        return numbers(parser).map(|numbers| Some(Kind::Bbox(numbers)));
    }
    geometry(parser, lower).map(|geometry| Some(Kind::Geometry(geometry)))
}

/// The numbers of a list whose opening bracket has been read.
fn numbers(parser: &mut Parser) -> Result<Vec<f64>, FilterError> {
    let mut numbers = vec![number(parser)?];
    while parser.eat(",") {
        numbers.push(number(parser)?);
    }
    parser.need(")")?;
    Ok(numbers)
}

fn number(parser: &mut Parser) -> Result<f64, FilterError> {
    let negative = parser.eat("-");
    if !negative {
        parser.eat("+");
    }
    match *parser.peek() {
        Token::Number(number) => {
            parser.bump();
            let number = number.as_f64();
            Ok(if negative { -number } else { number })
        }
        _ => Err(parser.expected("a coordinate")),
    }
}

/// A geometry whose name has been read.
fn geometry(parser: &mut Parser, name: &str) -> Result<Geometry, FilterError> {
    let tall = parser.eat_word("z");
    if parser.is_word("empty") {
        return Err(parser.expected("coordinates (an empty geometry meets nothing)"));
    }
    Ok(match name {
        "point" => Geometry::Point(point(parser, tall)?),
        "linestring" => Geometry::LineString(line(parser, tall)?),
        "polygon" => Geometry::Polygon(polygon(parser, tall)?),
        // Its points stand in brackets of their own, or without, as older texts have them.
        "multipoint" => Geometry::MultiPoint(MultiPoint(list(parser, |parser| {
            if parser.is_sign("(") { point(parser, tall) } else { coord(parser, tall).map(Point) }
        })?)),
        "multilinestring" => Geometry::MultiLineString(MultiLineString(list(parser, |parser| line(parser, tall))?)),
        "multipolygon" => Geometry::MultiPolygon(MultiPolygon(list(parser, |parser| polygon(parser, tall))?)),
        _ => Geometry::GeometryCollection(GeometryCollection(list(parser, |parser| {
            const PARTS: [&str; 6] = ["point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon"];
            match PARTS.iter().find(|part| parser.is_word(part)) {
                Some(part) => {
                    parser.bump();
                    geometry(parser, part)
                }
                None => Err(parser.expected("a geometry other than a collection")),
            }
        })?)),
    })
}

fn list<T>(parser: &mut Parser, item: impl Fn(&mut Parser) -> Result<T, FilterError>) -> Result<Vec<T>, FilterError> {
    parser.need("(")?;
    let mut items = vec![item(parser)?];
    while parser.eat(",") {
        items.push(item(parser)?);
    }
    parser.need(")")?;
    Ok(items)
}

fn coord(parser: &mut Parser, tall: bool) -> Result<Coord, FilterError> {
    let coord = Coord { x: number(parser)?, y: number(parser)? };
    if tall || !(parser.is_sign(",") || parser.is_sign(")")) {
        number(parser)?;
    }
    Ok(coord)
}

fn point(parser: &mut Parser, tall: bool) -> Result<Point, FilterError> {
    parser.need("(")?;
    let coord = coord(parser, tall)?;
    parser.need(")")?;
    Ok(Point(coord))
}

fn line(parser: &mut Parser, tall: bool) -> Result<LineString, FilterError> {
    list(parser, |parser| coord(parser, tall)).map(LineString)
}

fn polygon(parser: &mut Parser, tall: bool) -> Result<Polygon, FilterError> {
    let mut rings = list(parser, |parser| line(parser, tall))?.into_iter();
    let exterior = rings.next().expect("a list has at least one item");
    // A ring that is not closed is closed.
    Ok(Polygon::new(exterior, rings.collect()))
}
