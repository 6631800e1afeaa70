//! A geometry that a filter writes.

use std::fmt::{self, Display, Write};

use geo::{Coord, Geometry, LineString, MapCoords, Polygon, Validation};

use super::error::{At, FilterError};
use crate::model::{Bbox, Geometry as Checked, Position, Rect};

/// A geometry in longitude and latitude, valid by OGC 06-103r4, clause 6.1.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    geometry: Geometry,
    bounds: Rect,
    bbox: Option<Bbox>,
}

/// In which order a filter writes coordinates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Axes {
    /// Longitude, latitude (CRS84).
    #[default]
    LonLat,
    /// Latitude, longitude (EPSG:4326).
    LatLon,
}

impl Shape {
    /// A geometry from coordinates as written.
    ///
    /// # Errors
    /// When a coordinate is off the Earth, a line has fewer than two points, a ring crosses itself and the like.
    pub(super) fn geometry(at: &At, written: &Geometry, axes: Axes) -> Result<Self, FilterError> {
        let geometry = written.try_map_coords(|coord| {
            let Coord { x, y } = coord;
            let (lon, lat) = if axes == Axes::LonLat { (x, y) } else { (y, x) };
            match Position::new(lon, lat) {
                Ok(position) => Ok(Coord { x: position.lon, y: position.lat }),
                Err(error) => Err(FilterError::Coordinates { at: at.clone(), message: error.to_string() }),
            }
        })?;
        geometry.check_validation().map_err(|error| FilterError::Coordinates { at: at.clone(), message: error.to_string() })?;
        Self::new(at, geometry, None)
    }

    /// A box from four or six numbers as written.
    ///
    /// # Errors
    /// When they are not four or six numbers, or no box.
    pub(super) fn bbox(at: &At, numbers: &[f64], axes: Axes) -> Result<Self, FilterError> {
        let of = |a: f64, b: f64| if axes == Axes::LonLat { (a, b) } else { (b, a) };
        let bbox = match *numbers {
            [a, b, c, d] => {
                let ((west, south), (east, north)) = (of(a, b), of(c, d));
                Bbox::new(west, south, east, north)
            }
            [a, b, bottom, c, d, top] => {
                let ((west, south), (east, north)) = (of(a, b), of(c, d));
                Bbox::new(west, south, east, north).and_then(|bbox| bbox.with_heights(bottom, top))
            }
            _ => {
                let found = format!("{} numbers", numbers.len());
                return Err(FilterError::Expected { at: at.clone(), expected: "4 or 6 numbers in BBOX".into(), found });
            }
        };
        let bbox = bbox.map_err(|error| FilterError::Bbox { at: at.clone(), error })?;
        let [west, south, east, north] = bbox.edges();
        let part = |west: f64, east: f64| geo::Rect::new(Coord { x: west, y: south }, Coord { x: east, y: north }).to_polygon();
        // A box without area is no valid polygon: it is the line or the point that it is.
        let geometry = match (west == east, south == north) {
            (true, true) => geo::Point::new(west, south).into(),
            (false, false) if west > east => geo::MultiPolygon(vec![part(west, 180.0), part(-180.0, east)]).into(),
            (false, true) if west > east => {
                let line = |from: f64, to: f64| LineString::from(vec![(from, south), (to, south)]);
                geo::MultiLineString(vec![line(west, 180.0), line(-180.0, east)]).into()
            }
            (false, false) => part(west, east).into(),
            _ => LineString::from(vec![(west, south), (east, north)]).into(),
        };
        Self::new(at, geometry, Some(bbox))
    }

    fn new(at: &At, geometry: Geometry, bbox: Option<Bbox>) -> Result<Self, FilterError> {
        let checked = Checked::new(geometry).map_err(|error| FilterError::Geometry { at: at.clone(), error })?;
        let empty = || FilterError::Coordinates { at: at.clone(), message: "an empty geometry meets nothing".into() };
        let bounds = checked.bounds().ok_or_else(empty)?;
        Ok(Self { geometry: checked.flat().clone(), bounds, bbox })
    }

    /// The plane geometry, in degrees.
    pub fn flat(&self) -> &Geometry {
        &self.geometry
    }

    /// The smallest rectangle that holds it.
    pub fn bounds(&self) -> Rect {
        self.bounds
    }

    /// The box, where it was written as one.
    pub fn as_bbox(&self) -> Option<&Bbox> {
        self.bbox.as_ref()
    }
}

/// Prints CQL2 text in longitude and latitude that reads back as the same geometry.
impl Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.bbox {
            Some(bbox) => {
                let [west, south, east, north] = bbox.edges();
                match bbox.heights() {
                    None => write!(f, "BBOX({west},{south},{east},{north})"),
                    Some((bottom, top)) => write!(f, "BBOX({west},{south},{bottom},{east},{north},{top})"),
                }
            }
            None => write(f, &self.geometry),
        }
    }
}

fn write(f: &mut fmt::Formatter<'_>, geometry: &Geometry) -> fmt::Result {
    match geometry {
        Geometry::Point(point) => {
            f.write_str("POINT")?;
            list(f, [point.0], coord)
        }
        Geometry::LineString(line) => {
            f.write_str("LINESTRING")?;
            list(f, line.coords(), |f, c| coord(f, *c))
        }
        Geometry::Polygon(polygon) => {
            f.write_str("POLYGON")?;
            rings(f, polygon)
        }
        Geometry::MultiPoint(points) => {
            f.write_str("MULTIPOINT")?;
            list(f, points, |f, point| list(f, [point.0], coord))
        }
        Geometry::MultiLineString(lines) => {
            f.write_str("MULTILINESTRING")?;
            list(f, lines, |f, line| list(f, line.coords(), |f, c| coord(f, *c)))
        }
        Geometry::MultiPolygon(polygons) => {
            f.write_str("MULTIPOLYGON")?;
            list(f, polygons, rings)
        }
        Geometry::GeometryCollection(parts) => {
            f.write_str("GEOMETRYCOLLECTION")?;
            list(f, parts, write)
        }
        Geometry::Line(_) | Geometry::Rect(_) | Geometry::Triangle(_) => unreachable!("no literal makes these"),
    }
}

fn rings(f: &mut fmt::Formatter<'_>, polygon: &Polygon) -> fmt::Result {
    let all = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    list(f, all, |f, ring| list(f, ring.coords(), |f, c| coord(f, *c)))
}

fn coord(f: &mut fmt::Formatter<'_>, coord: Coord) -> fmt::Result {
    write!(f, "{} {}", coord.x, coord.y)
}

fn list<T>(
    f: &mut fmt::Formatter<'_>,
    items: impl IntoIterator<Item = T>,
    write: impl Fn(&mut fmt::Formatter<'_>, T) -> fmt::Result,
) -> fmt::Result {
    for (index, item) in items.into_iter().enumerate() {
        f.write_char(if index == 0 { '(' } else { ',' })?;
        write(f, item)?;
    }
    f.write_char(')')
}
