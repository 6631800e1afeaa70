//! A feature's shape: the seven geometry types of GeoJSON (RFC 7946), with heights where they are known.

use geo::{BoundingRect, CoordsIter, Intersects, SimplifyVwPreserve};

use super::{Position, Rect};

/// A geometry in WGS 84, longitude first, in degrees; heights in metres.
///
/// The plane of `geo` has two dimensions, so heights are kept beside it: one for each coordinate, in the order in which the
/// coordinates stand.
#[derive(Debug, Clone, PartialEq)]
pub struct Geometry {
    flat: geo::Geometry<f64>,
    heights: Option<Box<[f64]>>,
}

/// Why coordinates are not a geometry.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum GeometryError {
    /// A coordinate is not a number, or infinite.
    #[error("coordinate {index} is not finite")]
    NotFinite {
        /// Which coordinate, counted from 0 in order.
        index: usize,
    },
    /// There are not as many heights as coordinates.
    #[error("{heights} heights for {coordinates} coordinates")]
    Heights {
        /// How many heights.
        heights: usize,
        /// How many coordinates.
        coordinates: usize,
    },
}

impl Geometry {
    /// A geometry of `geo`'s; lines, rectangles and triangles become the GeoJSON type that holds them.
    ///
    /// # Errors
    /// When a coordinate is not finite.
    pub fn new(flat: geo::Geometry<f64>) -> Result<Self, GeometryError> {
        let flat = match flat {
            geo::Geometry::Line(line) => geo::Geometry::LineString(line.into()),
            geo::Geometry::Rect(rect) => geo::Geometry::Polygon(rect.to_polygon()),
            geo::Geometry::Triangle(triangle) => geo::Geometry::Polygon(triangle.to_polygon()),
            other => other,
        };
        let bad = flat.coords_iter().position(|coord| !(coord.x.is_finite() && coord.y.is_finite()));
        match bad {
            Some(index) => Err(GeometryError::NotFinite { index }),
            None => Ok(Self { flat, heights: None }),
        }
    }

    /// The rings of its polygons, outlines and holes alike: longitude and latitude in degrees. None where it has no area.
    pub fn rings(&self) -> Vec<Vec<[f64; 2]>> {
        let ring = |line: &geo::LineString<f64>| line.coords().map(|at| [at.x, at.y]).collect::<Vec<_>>();
        let of_polygon =
            |polygon: &geo::Polygon<f64>| std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(ring).collect::<Vec<_>>();
        match &self.flat {
            geo::Geometry::Polygon(polygon) => of_polygon(polygon),
            geo::Geometry::MultiPolygon(all) => all.iter().flat_map(of_polygon).collect(),
            geo::Geometry::GeometryCollection(all) => {
                all.iter().filter_map(|part| Self::new(part.clone()).ok()).flat_map(|part| part.rings()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The same geometry with a height in metres for each of its coordinates, in order.
    ///
    /// # Errors
    /// When the numbers of the two differ, or a height is not finite.
    pub fn with_heights(self, heights: Vec<f64>) -> Result<Self, GeometryError> {
        let coordinates = self.flat.coords_count();
        if heights.len() != coordinates {
            return Err(GeometryError::Heights { heights: heights.len(), coordinates });
        }
        if let Some(index) = heights.iter().position(|height| !height.is_finite()) {
            return Err(GeometryError::NotFinite { index });
        }
        Ok(Self { heights: (coordinates > 0).then(|| heights.into()), ..self })
    }

    /// A point.
    pub fn point(position: Position) -> Self {
        Self { flat: geo::Geometry::Point(geo::Point::new(position.lon, position.lat)), heights: None }
    }

    /// The plane geometry, in degrees.
    pub fn flat(&self) -> &geo::Geometry<f64> {
        &self.flat
    }

    /// One height in metres for each coordinate, where they are known.
    pub fn heights(&self) -> Option<&[f64]> {
        self.heights.as_deref()
    }

    /// Whether it has no coordinate at all; RFC 7946 (clause 3.1) lets such a geometry stand for none.
    pub fn is_empty(&self) -> bool {
        self.flat.coords_count() == 0
    }

    /// The smallest rectangle that holds it; `None` where it is empty.
    pub fn bounds(&self) -> Option<Rect> {
        self.flat.bounding_rect().map(|rect| Rect { min_x: rect.min().x, min_y: rect.min().y, max_x: rect.max().x, max_y: rect.max().y })
    }

    /// The lowest and the highest of its heights.
    pub fn height_range(&self) -> Option<(f64, f64)> {
        let heights = self.heights.as_deref()?;
        heights.iter().fold(None, |range, &z| match range {
            None => Some((z, z)),
            Some((low, high)) => Some((f64::min(low, z), f64::max(high, z))),
        })
    }

    /// The same geometry with fewer coordinates, none moved: those go that change no line by more than about `tolerance` degrees
    /// (Visvalingam and Whyatt, "Line generalisation by repeated elimination of points", 1993, kept free of new crossings). The type
    /// stays. Geometries with heights stay as they are.
    pub fn simplified(self, tolerance: f64) -> Self {
        if self.heights.is_some() {
            return self;
        }
        Self { flat: simplify(self.flat, tolerance * tolerance / 2.0), heights: None }
    }

    /// Whether it shares a point with the closed rectangle, exactly (`geo`'s robust predicates).
    pub fn meets(&self, rect: &Rect) -> bool {
        let (min, max) = (geo::coord! { x: rect.min_x, y: rect.min_y }, geo::coord! { x: rect.max_x, y: rect.max_y });
        // A rectangle without area is no valid polygon: it is asked as the point or the line that it is.
        match (min.x == max.x, min.y == max.y) {
            (true, true) => self.flat.intersects(&geo::Point(min)),
            (false, false) => self.flat.intersects(&geo::Rect::new(min, max)),
            _ => self.flat.intersects(&geo::Line::new(min, max)),
        }
    }
}

/// Leaves out coordinates whose triangle with their neighbours is smaller than `area`, in square degrees.
fn simplify(flat: geo::Geometry<f64>, area: f64) -> geo::Geometry<f64> {
    use geo::Geometry as Flat;
    match flat {
        Flat::LineString(line) => Flat::LineString(line.simplify_vw_preserve(area)),
        Flat::Polygon(polygon) => Flat::Polygon(polygon.simplify_vw_preserve(area)),
        Flat::MultiLineString(lines) => Flat::MultiLineString(lines.simplify_vw_preserve(area)),
        Flat::MultiPolygon(polygons) => Flat::MultiPolygon(polygons.simplify_vw_preserve(area)),
        Flat::GeometryCollection(parts) => {
            Flat::GeometryCollection(parts.0.into_iter().map(|part| simplify(part, area)).collect::<Vec<_>>().into())
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{line_string, point, polygon};

    fn rect(min_x: f64, min_y: f64, max_x: f64, max_y: f64) -> Rect {
        Rect { min_x, min_y, max_x, max_y }
    }

    #[test]
    fn touching_counts_as_meeting() {
        let square = Geometry::new(polygon![(x: 0.0, y: 0.0), (x: 2.0, y: 0.0), (x: 2.0, y: 2.0), (x: 0.0, y: 2.0)].into()).unwrap();
        assert!(square.meets(&rect(2.0, 2.0, 3.0, 3.0)));
        assert!(square.meets(&rect(1.0, 1.0, 1.0, 1.0)), "a point inside");
        assert!(square.meets(&rect(-1.0, 1.0, 3.0, 1.0)), "a line through");
        assert!(!square.meets(&rect(2.000_000_1, 0.0, 3.0, 3.0)));
    }

    #[test]
    fn a_box_inside_a_hole_does_not_meet() {
        let outer = line_string![(x: 0.0, y: 0.0), (x: 9.0, y: 0.0), (x: 9.0, y: 9.0), (x: 0.0, y: 9.0), (x: 0.0, y: 0.0)];
        let hole = line_string![(x: 1.0, y: 1.0), (x: 8.0, y: 1.0), (x: 8.0, y: 8.0), (x: 1.0, y: 8.0), (x: 1.0, y: 1.0)];
        let ring = Geometry::new(geo::Polygon::new(outer, vec![hole]).into()).unwrap();
        assert!(!ring.meets(&rect(2.0, 2.0, 7.0, 7.0)));
        assert!(!ring.meets(&rect(4.0, 4.0, 4.0, 4.0)));
        assert!(ring.meets(&rect(2.0, 2.0, 8.0, 7.0)));
    }

    #[test]
    fn a_diagonal_that_only_its_box_meets_does_not_meet() {
        let line = Geometry::new(line_string![(x: 0.0, y: 0.0), (x: 10.0, y: 10.0)].into()).unwrap();
        assert!(!line.meets(&rect(0.0, 8.0, 1.0, 10.0)));
        assert!(line.meets(&rect(5.0, 5.0, 5.0, 5.0)));
    }

    #[test]
    fn bad_numbers_are_refused() {
        assert_eq!(Geometry::new(point!(x: 0.0, y: f64::NAN).into()).unwrap_err(), GeometryError::NotFinite { index: 0 });
        let point = Geometry::new(point!(x: 0.0, y: 1.0).into()).unwrap();
        assert!(point.clone().with_heights(vec![]).is_err());
        assert_eq!(point.with_heights(vec![3.0]).unwrap().height_range(), Some((3.0, 3.0)));
    }
}
