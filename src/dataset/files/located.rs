//! Where a record is, as one cell of a table has it: well-known text, well-known binary in hexadecimal digits (both as PostGIS writes
//! them, with the number of their system), GeoJSON, or a latitude and a longitude.

use std::cell::RefCell;

use super::{
    degrees::{self, Axis},
    fault::{Rule, Spot},
    feature::{self, Parsed},
    shape::Shape,
    wkb, wkt,
};
use crate::model::{Crs, Geometry, Position};

/// Longitude and latitude on WGS 84, by PostGIS's number.
const WGS84: u32 = 4326;

/// The reference systems that a column names; nearly always one.
#[derive(Debug, Default)]
pub(super) struct Systems(RefCell<Option<(u32, Crs)>>);

impl Systems {
    /// The geometry in a cell that is not blank; `None` where it is an empty one.
    ///
    /// # Errors
    /// What the cell, its geometry or its system breaks.
    pub(super) fn geometry(&self, text: &str, column: &str) -> Result<Option<Geometry>, Rule> {
        let text = text.trim();
        if text.starts_with('{') {
            return match feature::parse_any(text, Spot::default(), None)? {
                Parsed::Record(record) => Ok(record.geometry),
                Parsed::Collection => Err(broken(column, "is a collection of features, where one geometry is needed")),
            };
        }
        if let Some(bytes) = hexadecimal(text) {
            let (shape, number) =
                wkb::read_numbered(&bytes).map_err(|rule| broken(column, &format!("is not well-known binary: {rule}")))?;
            return self.check(shape, number, column);
        }
        let (number, text) = numbered(text).ok_or_else(|| broken(column, "begins with SRID= but not with SRID=number;"))?;
        self.check(wkt::read(text, column)?, number, column)
    }

    fn check(&self, shape: Shape, number: Option<u32>, column: &str) -> Result<Option<Geometry>, Rule> {
        let Some(number) = number.filter(|number| !matches!(*number, 0 | WGS84)) else { return shape.check() };
        let mut known = self.0.borrow_mut();
        if known.as_ref().is_none_or(|(known, _)| *known != number) {
            let system = Crs::epsg(number)
                .or_else(|_| Crs::esri(number))
                .map_err(|_| broken(column, &format!("is in SRID {number}, a reference system that is not known here")))?;
            *known = Some((number, system));
        }
        shape.check_in(known.as_ref().map(|(_, system)| system))
    }
}

/// The point of a cell with two coordinates, and further numbers after them; the longitude first or the latitude.
///
/// # Errors
/// Where there are none, or they are no place.
pub(super) fn pair(text: &str, is_lon_first: bool, column: &str) -> Result<Geometry, Rule> {
    let inner = text.trim().trim_start_matches(['(', '[']).trim_end_matches([')', ']']);
    let separator = [',', ';'].into_iter().find(|separator| inner.contains(*separator));
    let mut parts = match separator {
        Some(separator) => inner.split(separator).map(str::trim).collect::<Vec<_>>(),
        None => inner.split_whitespace().collect(),
    };
    if parts.len() > 1 && !is_lon_first {
        parts.swap(0, 1);
    }
    let read = |index: usize, axis| parts.get(index).and_then(|part| degrees::read(part, axis));
    let (Some(lon), Some(lat)) = (read(0, Axis::Lon), read(1, Axis::Lat)) else {
        let order = if is_lon_first { "a longitude and a latitude" } else { "a latitude and a longitude" };
        return Err(broken(column, &format!("{:?} is not {order}", text.chars().take(40).collect::<String>())));
    };
    Ok(Geometry::point(Position::new(lon, lat)?))
}

fn broken(column: &str, what: &str) -> Rule {
    Rule::Cell { column: column.to_owned(), what: what.to_owned() }
}

/// The bytes of hexadecimal digits; `None` where the text is no such thing.
fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let text = text.strip_prefix("\\x").unwrap_or(text).as_bytes();
    // A geometry begins with its byte order, 00 or 01; no word of well-known text does.
    if text.len() < 10 || text.len() % 2 == 1 || text[0] != b'0' {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16);
    text.chunks_exact(2).map(|pair| Some((digit(pair[0])? << 4 | digit(pair[1])?) as u8)).collect()
}

/// The number before a text, and the text; `None` where the number is none.
fn numbered(text: &str) -> Option<(Option<u32>, &str)> {
    match text.get(..5) {
        Some(start) if start.eq_ignore_ascii_case("SRID=") => {
            let (number, rest) = text[5..].split_once(';')?;
            Some((Some(number.trim().parse().ok()?), rest.trim()))
        }
        _ => Some((None, text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Option<Geometry>, String> {
        Systems::default().geometry(text, "geom").map_err(|rule| rule.to_string())
    }

    fn at(text: &str) -> (f64, f64) {
        let rect = read(text).unwrap().unwrap().bounds().unwrap();
        (rect.min_x, rect.min_y)
    }

    /// A point on WGS 84 as PostGIS dumps it, and the same without its number.
    const EWKB: &str = "0101000020E6100000000000000000F03F0000000000000040";
    const WKB: &str = "0101000000000000000000f03f0000000000000040";

    #[test]
    fn a_cell_may_hold_a_geometry_in_any_of_its_spellings() {
        let spellings = [EWKB, WKB, &format!("\\x{WKB}"), "POINT (1 2)", "SRID=4326;POINT(1 2)", r#"{"type":"Point","coordinates":[1,2]}"#];
        for text in spellings {
            assert_eq!(at(text), (1.0, 2.0), "{text}");
        }
        // Of another system: Paris in Lambert-93, and a point on the central meridian of a zone of UTM.
        let (lon, lat) = at("srid=2154; POINT(652000 6862000)");
        assert!((lon - 2.345_811_958_7).abs() < 1e-9 && (lat - 48.856_248_140_9).abs() < 1e-9, "{lon} {lat}");
        let (lon, _) = at("0101000020767F00000000000080841E410000000040773B41");
        assert!((lon + 3.0).abs() < 1e-9, "{lon}");
        assert_eq!(read("POINT EMPTY"), Ok(None));
    }

    #[test]
    fn what_is_none_says_why() {
        for (text, message) in [
            (
                &EWKB[..EWKB.len() - 2],
                "column \"geom\": is not well-known binary: the file is damaged or cut short: it ends inside its geometry",
            ),
            ("01010000", "column \"geom\" is not well-known text: text after its end"),
            ("SRID=2000;POINT(1 2)", "column \"geom\": is in SRID 2000, a reference system that is not known here"),
            ("SRID=x;POINT(1 2)", "column \"geom\": begins with SRID= but not with SRID=number;"),
            (r#"{"type":"FeatureCollection"}"#, "column \"geom\": is a collection of features, where one geometry is needed"),
            (r#"{"type":"Topology"}"#, "is TopoJSON, which is not read: convert it, ogr2ogr -f GPKG converted.gpkg FILE"),
        ] {
            assert_eq!(read(text).unwrap_err(), message, "{text}");
        }
    }

    #[test]
    fn two_coordinates_in_a_cell_are_a_point() {
        let point =
            |text: &str, is_lon_first| pair(text, is_lon_first, "p").map(|point| point.bounds().map(|rect| (rect.min_x, rect.min_y)));
        for text in ["48.85, 2.35", "48.85;2.35", "(48.85,2.35)", "48.85 2.35 100 5", "48°51'N, 2°21'E"] {
            assert_eq!(point(text, false), Ok(Some((2.35, 48.85))), "{text}");
        }
        assert_eq!(point("[2.35, 48.85]", true), Ok(Some((2.35, 48.85))));
        for text in ["48.85", "x, 2", "", "48.85,"] {
            let said = point(text, false).unwrap_err().to_string();
            assert_eq!(said, format!("column \"p\": {text:?} is not a latitude and a longitude"));
        }
        assert!(point("2, 100", true).is_err());
    }
}
