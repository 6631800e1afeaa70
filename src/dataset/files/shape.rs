//! Coordinates as they are nested in a file → a geometry, checked (RFC 7946, clause 3.1).

use std::fmt;

use geo::{Coord, Geometry as Flat, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};
use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};

use super::fault::Rule;
use crate::model::{Crs, Geometry, Order, Position};

/// Coordinates before it is known what they are of.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Nest {
    /// A number where a list should stand.
    Number(f64),
    /// Numbers: longitude, latitude and, where `count` is 3 or more, height.
    Position {
        /// The first three; further ones are no coordinates of GeoJSON's.
        numbers: [f64; 3],
        /// How many there are.
        count: usize,
    },
    /// Positions, or lists of them.
    List(Vec<Nest>),
}

/// A geometry before it is checked.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    Point(Nest),
    MultiPoint(Nest),
    LineString(Nest),
    MultiLineString(Nest),
    Polygon(Nest),
    MultiPolygon(Nest),
    Collection(Vec<Shape>),
}

impl Shape {
    /// The shape of a GeoJSON type; `None` where there is no such type.
    pub(super) fn new(name: &str, coordinates: Nest) -> Option<Self> {
        Some(match name {
            "Point" => Self::Point(coordinates),
            "MultiPoint" => Self::MultiPoint(coordinates),
            "LineString" => Self::LineString(coordinates),
            "MultiLineString" => Self::MultiLineString(coordinates),
            "Polygon" => Self::Polygon(coordinates),
            "MultiPolygon" => Self::MultiPolygon(coordinates),
            _ => return None,
        })
    }

    /// The geometry; `None` where it has no coordinates, which stands for no geometry.
    pub(super) fn check(self) -> Result<Option<Geometry>, Rule> {
        self.check_in(None)
    }

    /// The same where the coordinates, east first, are those of another reference system.
    pub(super) fn check_in(self, system: Option<&Crs>) -> Result<Option<Geometry>, Rule> {
        let mut heights = Heights { system: system.filter(|system| !system.is_wgs84()), ..Heights::default() };
        let flat = self.flat(&mut heights)?;
        let geometry = Geometry::new(flat)?;
        if geometry.is_empty() {
            return Ok(None);
        }
        Ok(Some(if heights.list.is_empty() { geometry } else { geometry.with_heights(heights.list)? }))
    }

    fn flat(self, heights: &mut Heights<'_>) -> Result<Flat, Rule> {
        Ok(match self {
            Self::Point(at) if is_empty(&at) => Flat::MultiPoint(MultiPoint(Vec::new())),
            Self::Point(at) => Flat::Point(Point(heights.coord(at, "point")?)),
            Self::MultiPoint(list) => {
                let points = list.list("multipoint")?.into_iter().map(|at| heights.coord(at, "multipoint").map(Point));
                Flat::MultiPoint(MultiPoint(points.collect::<Result<_, _>>()?))
            }
            Self::LineString(list) => Flat::LineString(heights.line(list, "line")?),
            Self::MultiLineString(list) => {
                let lines = list.list("multiline")?.into_iter().map(|line| heights.line(line, "multiline"));
                Flat::MultiLineString(MultiLineString(lines.collect::<Result<_, _>>()?))
            }
            Self::Polygon(rings) => Flat::Polygon(heights.polygon(rings, "polygon")?),
            Self::MultiPolygon(list) => {
                let polygons = list.list("multipolygon")?.into_iter().map(|rings| heights.polygon(rings, "multipolygon"));
                Flat::MultiPolygon(MultiPolygon(polygons.collect::<Result<_, _>>()?))
            }
            Self::Collection(shapes) => {
                let parts = shapes.into_iter().map(|shape| shape.flat(heights));
                Flat::GeometryCollection(geo::GeometryCollection(parts.collect::<Result<_, _>>()?))
            }
        })
    }
}

/// A converted coordinate to ten decimals, a hundredth of a millimetre: what follows is noise of the conversion.
fn rounded(degrees: f64) -> f64 {
    // The sum leaves no minus before a zero.
    (degrees * 1e10).round() / 1e10 + 0.0
}

fn is_empty(nest: &Nest) -> bool {
    matches!(nest, Nest::List(list) if list.is_empty())
}

impl Nest {
    fn list(self, what: &'static str) -> Result<Vec<Self>, Rule> {
        match self {
            Self::List(list) => Ok(list),
            Self::Number(_) | Self::Position { .. } => Err(Rule::Nesting(what)),
        }
    }
}

/// The heights of the coordinates seen so far: one for each, or none.
#[derive(Debug, Default)]
struct Heights<'a> {
    list: Vec<f64>,
    coordinates: usize,
    /// The system of the coordinates, where they are not longitude and latitude on WGS 84.
    system: Option<&'a Crs>,
}

impl Heights<'_> {
    fn coord(&mut self, nest: Nest, what: &'static str) -> Result<Coord, Rule> {
        let Nest::Position { numbers: [lon, lat, height], count } = nest else { return Err(Rule::Nesting(what)) };
        if count < 2 {
            return Err(Rule::PositionLength(count));
        }
        let Position { lon, lat } = match self.system {
            None => Position::new(lon, lat)?,
            Some(system) => {
                let Position { lon, lat } = system.to_crs84([lon, lat], Order::EastFirst)?;
                Position { lon: rounded(lon), lat: rounded(lat) }
            }
        };
        if (count > 2) != (self.list.len() == self.coordinates && (self.coordinates > 0 || count > 2)) {
            return Err(Rule::MixedHeights);
        }
        if count > 2 {
            self.list.push(height);
        }
        self.coordinates += 1;
        Ok(Coord { x: lon, y: lat })
    }

    fn positions(&mut self, nest: Nest, what: &'static str) -> Result<LineString, Rule> {
        nest.list(what)?.into_iter().map(|at| self.coord(at, what)).collect::<Result<Vec<_>, _>>().map(LineString)
    }

    fn line(&mut self, nest: Nest, what: &'static str) -> Result<LineString, Rule> {
        let line = self.positions(nest, what)?;
        if line.0.len() == 1 { Err(Rule::ShortLine) } else { Ok(line) }
    }

    fn polygon(&mut self, nest: Nest, what: &'static str) -> Result<Polygon, Rule> {
        let rings = nest.list(what)?.into_iter().map(|ring| {
            let ring = self.positions(ring, what)?;
            if ring.0.first() != ring.0.last() {
                return Err(Rule::OpenRing);
            }
            if !ring.0.is_empty() && ring.0.len() < 4 {
                return Err(Rule::ShortRing(ring.0.len()));
            }
            Ok(ring)
        });
        let mut rings = rings.collect::<Result<Vec<_>, _>>()?.into_iter().filter(|ring| !ring.0.is_empty());
        let exterior = rings.next().unwrap_or_else(|| LineString(Vec::new()));
        Ok(Polygon::new(exterior, rings.collect()))
    }
}

impl<'de> Deserialize<'de> for Nest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NestVisitor)
    }
}

struct NestVisitor;

impl<'de> Visitor<'de> for NestVisitor {
    type Value = Nest;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a list of coordinates")
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Nest, E> {
        Ok(Nest::Number(number))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Nest, E> {
        Ok(Nest::Number(number as f64))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Nest, E> {
        Ok(Nest::Number(number as f64))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Nest, A::Error> {
        let first = match list.next_element::<Nest>()? {
            None => return Ok(Nest::List(Vec::new())),
            Some(Nest::Number(first)) => first,
            Some(first) => {
                let mut nests = vec![first];
                while let Some(next) = list.next_element()? {
                    nests.push(next);
                }
                return Ok(Nest::List(nests));
            }
        };
        let (mut numbers, mut count) = ([first, 0.0, 0.0], 1);
        while let Some(next) = list.next_element::<f64>()? {
            if let Some(number) = numbers.get_mut(count) {
                *number = next;
            }
            count += 1;
        }
        Ok(Nest::Position { numbers, count })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: &str, coordinates: &str) -> Result<Option<Geometry>, String> {
        let shape = Shape::new(kind, serde_json::from_str(coordinates).map_err(|error| error.to_string())?).unwrap();
        shape.check().map_err(|rule| rule.to_string())
    }

    #[test]
    fn every_rule_has_its_message() {
        for (kind, coordinates, message) in [
            ("Point", "[1]", "a position has 2 or 3 numbers, not 1"),
            (
                "Point",
                "[361,0]",
                "longitude 361 is outside -180..=180; are these metres of a map projection? Convert them to degrees first, as ogr2ogr -t_srs EPSG:4326 does",
            ),
            (
                "Point",
                "[181,0]",
                "longitude 181 is outside -180..=180; longitudes go from -180 to 180: take 360 off, and cut what crosses the 180th meridian, as ogr2ogr -wrapdateline does",
            ),
            ("Point", "[0,-90.5]", "latitude -90.5 is outside -90..=90; are longitude and latitude swapped?"),
            ("Point", "[[1,2]]", "coordinates of a point are not nested as those of a point are"),
            ("LineString", "[1,2]", "coordinates of a line are not nested as those of a line are"),
            ("LineString", "[[1,2]]", "a line has 2 positions or more, not 1"),
            ("LineString", "[[1,2],[1,2,3]]", "some positions have a height and some have none"),
            ("LineString", "[[1,2,3],[1,2]]", "some positions have a height and some have none"),
            ("Polygon", "[[[0,0],[1,0],[1,1],[0,1]]]", "a ring is not closed: its last position is not its first"),
            ("Polygon", "[[[0,0],[1,0],[0,0]]]", "a ring has 4 positions or more, not 3"),
            ("Polygon", "[[0,0],[1,0],[0,0]]", "coordinates of a polygon are not nested as those of a polygon are"),
        ] {
            assert_eq!(check(kind, coordinates).unwrap_err(), message, "{kind} {coordinates}");
        }
        assert!(check("Point", "[null,1]").unwrap_err().starts_with("invalid type: null, expected a number or a list of coordinates"));
        assert!(check("Point", "[1e999,1]").is_err());
    }

    #[test]
    fn heights_are_kept_and_further_numbers_are_not() {
        let line = check("LineString", "[[1,2,3],[4,5,6,7]]").unwrap().unwrap();
        assert_eq!(line.heights(), Some(&[3.0, 6.0][..]));
        assert_eq!(check("LineString", "[[1,2],[4,5]]").unwrap().unwrap().heights(), None);
    }

    #[test]
    fn what_is_converted_to_zero_has_no_minus() {
        let mercator = Crs::epsg(3857).unwrap();
        let at = Nest::Position { numbers: [-1e-8, -1e-8, 0.0], count: 2 };
        let point = Shape::Point(at).check_in(Some(&mercator)).unwrap().unwrap().bounds().unwrap();
        assert!(point.min_x.is_sign_positive() && point.min_y.is_sign_positive() && point.min_y == 0.0, "{point:?}");
    }

    #[test]
    fn no_coordinates_are_no_geometry() {
        for kind in ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"] {
            assert_eq!(check(kind, "[]"), Ok(None), "{kind}");
        }
        assert_eq!(Shape::Collection(Vec::new()).check(), Ok(None));
    }
}
