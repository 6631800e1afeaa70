//! A geometry that a filter writes.

use std::fmt::{self, Display, Write};

use geo::{Coord, Geometry, LineString, MapCoords, Polygon, Validation};

use super::error::{At, FilterError};
use crate::model::{Bbox, Crs, Geometry as Checked, Order, Position, Rect};

/// A geometry in longitude and latitude, valid by OGC 06-103r4, clause 6.1.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    geometry: Geometry,
    bounds: Rect,
    bbox: Option<Bbox>,
}

impl Shape {
    /// A geometry from coordinates as written, in the order that the authority of `crs` has; edges stay straight between their ends.
    ///
    /// # Errors
    /// When a coordinate is off the Earth, a line has fewer than two points, a ring crosses itself and the like.
    pub(super) fn geometry(at: &At, written: &Geometry, crs: &Crs) -> Result<Self, FilterError> {
        let geometry = written.try_map_coords(|Coord { x, y }| position(at, [x, y], crs))?;
        geometry.check_validation().map_err(|error| FilterError::Coordinates { at: at.clone(), message: error.to_string() })?;
        Self::new(at, geometry, None)
    }

    /// A box from four or six numbers as written.
    ///
    /// # Errors
    /// When they are not four or six numbers, or no box.
    pub(super) fn bbox(at: &At, numbers: &[f64], crs: &Crs) -> Result<Self, FilterError> {
        let (a, b, heights) = match *numbers {
            [a, b, c, d] => ([a, b], [c, d], None),
            [a, b, bottom, c, d, top] => ([a, b], [c, d], Some((bottom, top))),
            _ => {
                let found = format!("{} numbers", numbers.len());
                return Err(FilterError::Expected { at: at.clone(), expected: "4 or 6 numbers in BBOX".into(), found });
            }
        };
        if !crs.is_wgs84() {
            return Self::projected(at, a, b, crs);
        }
        let ([west, south], [east, north]) = if crs.is_north_first() { ([a[1], a[0]], [b[1], b[0]]) } else { (a, b) };
        let bbox = Bbox::new(west, south, east, north).and_then(|bbox| match heights {
            Some((bottom, top)) => bbox.with_heights(bottom, top),
            None => Ok(bbox),
        });
        let bbox = bbox.map_err(|error| FilterError::Bbox { at: at.clone(), error })?;
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

    /// A box of another system, whose edges are curves in longitude and latitude: a polygon with points close together on each edge.
    /// Heights are left out: other systems have none here.
    fn projected(at: &At, [x0, y0]: [f64; 2], [x1, y1]: [f64; 2], crs: &Crs) -> Result<Self, FilterError> {
        const STEPS: u32 = 32;
        if x0 >= x1 || y0 >= y1 {
            let message = format!("BBOX: the first corner {x0}, {y0} is not below the second {x1}, {y1} on both axes of {}", crs.name());
            return Err(FilterError::Coordinates { at: at.clone(), message });
        }
        let corners = [[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]];
        let edges = corners.windows(2).flat_map(|ends| {
            let [[fx, fy], [tx, ty]] = [ends[0], ends[1]];
            let part = |from: f64, to: f64, step: u32| from + (to - from) * (f64::from(step) / f64::from(STEPS));
            (0..STEPS).map(move |step| [part(fx, tx, step), part(fy, ty, step)])
        });
        let ring = edges.map(|point| position(at, point, crs)).collect::<Result<Vec<_>, _>>()?;
        Self::new(at, Polygon::new(LineString(ring), Vec::new()).into(), None)
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

/// Longitude and latitude of two coordinates as written.
fn position(at: &At, [x, y]: [f64; 2], crs: &Crs) -> Result<Coord, FilterError> {
    let wrong = |message: String| FilterError::Coordinates { at: at.clone(), message };
    let position = if crs.is_wgs84() {
        let (lon, lat) = if crs.is_north_first() { (y, x) } else { (x, y) };
        Position::new(lon, lat).map_err(|error| wrong(error.to_string()))?
    } else {
        crs.to_crs84([x, y], Order::Authority).map_err(|error| wrong(error.to_string()))?
    };
    Ok(Coord { x: position.lon, y: position.lat })
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
