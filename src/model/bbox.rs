//! A box on the Earth, as a request names it.

/// A closed box in longitude and latitude; it crosses the antimeridian where `west > east`.
///
/// # Units
/// Degrees (WGS 84) and, for the heights, metres above the ellipsoid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bbox {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
    heights: Option<(f64, f64)>,
}

/// A planar rectangle in degrees with `min_x <= max_x` and `min_y <= max_y`, closed on all sides.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    /// West edge.
    pub min_x: f64,
    /// South edge.
    pub min_y: f64,
    /// East edge.
    pub max_x: f64,
    /// North edge.
    pub max_y: f64,
}

impl Rect {
    /// Whether `other` lies inside, edges included.
    pub fn contains(&self, other: &Self) -> bool {
        self.min_x <= other.min_x && other.max_x <= self.max_x && self.min_y <= other.min_y && other.max_y <= self.max_y
    }

    /// Whether the two share a point.
    pub fn intersects(&self, other: &Self) -> bool {
        self.min_x <= other.max_x && other.min_x <= self.max_x && self.min_y <= other.max_y && other.min_y <= self.max_y
    }

    /// The smallest rectangle that holds both.
    pub fn union(&self, other: &Self) -> Self {
        Self {
            min_x: self.min_x.min(other.min_x),
            min_y: self.min_y.min(other.min_y),
            max_x: self.max_x.max(other.max_x),
            max_y: self.max_y.max(other.max_y),
        }
    }
}

/// Why numbers are not a box.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BboxError {
    /// Not a number, or infinite.
    #[error("{edge} {value} is not a finite number")]
    NotFinite {
        /// Which edge.
        edge: &'static str,
        /// As given.
        value: f64,
    },
    /// Outside the Earth.
    #[error("{edge} {value} is outside -{limit}..={limit}")]
    Outside {
        /// Which edge.
        edge: &'static str,
        /// As given.
        value: f64,
        /// 180 or 90.
        limit: f64,
    },
    /// The south edge lies north of the north edge.
    #[error("south {south} is greater than north {north}")]
    SouthAboveNorth {
        /// As given.
        south: f64,
        /// As given.
        north: f64,
    },
    /// The lower height lies above the upper one.
    #[error("lower height {bottom} is greater than upper height {top}")]
    BottomAboveTop {
        /// As given.
        bottom: f64,
        /// As given.
        top: f64,
    },
}

impl Bbox {
    /// A box from its edges, in the order of the standard: west, south, east, north.
    ///
    /// # Errors
    /// When a number is not finite, a longitude is outside ±180, a latitude outside ±90, or south > north.
    /// West > east is no error: the box crosses the antimeridian (RFC 7946, clause 5.2).
    ///
    /// # Example
    /// ```
    /// use harmattan::model::Bbox;
    /// assert!(Bbox::new(177.0, 65.0, -177.0, 70.0).is_ok());
    /// let error = Bbox::new(0.0, 91.2, 1.0, 92.0).unwrap_err();
    /// assert_eq!(error.to_string(), "south 91.2 is outside -90..=90");
    /// ```
    pub fn new(west: f64, south: f64, east: f64, north: f64) -> Result<Self, BboxError> {
        for (edge, value, limit) in [("west", west, 180.0), ("south", south, 90.0), ("east", east, 180.0), ("north", north, 90.0)] {
            if !value.is_finite() {
                return Err(BboxError::NotFinite { edge, value });
            }
            if value.abs() > limit {
                return Err(BboxError::Outside { edge, value, limit });
            }
        }
        if south > north {
            return Err(BboxError::SouthAboveNorth { south, north });
        }
        Ok(Self { west, south, east, north, heights: None })
    }

    /// The same box between two heights, in metres.
    ///
    /// # Errors
    /// When a height is not finite or the lower one is greater.
    pub fn with_heights(self, bottom: f64, top: f64) -> Result<Self, BboxError> {
        for (edge, value) in [("lower height", bottom), ("upper height", top)] {
            if !value.is_finite() {
                return Err(BboxError::NotFinite { edge, value });
            }
        }
        if bottom > top {
            return Err(BboxError::BottomAboveTop { bottom, top });
        }
        Ok(Self { heights: Some((bottom, top)), ..self })
    }

    /// West, south, east, north.
    pub fn edges(&self) -> [f64; 4] {
        [self.west, self.south, self.east, self.north]
    }

    /// Lower and upper height, where the box has them.
    pub fn heights(&self) -> Option<(f64, f64)> {
        self.heights
    }

    /// The planar rectangles that together are this box: one, two across the antimeridian, and a strip without width at the
    /// other end of the map where an edge lies on it, since longitudes 180 and −180 are one meridian.
    pub fn rects(&self) -> Vec<Rect> {
        let rect = |min_x, max_x| Rect { min_x, min_y: self.south, max_x, max_y: self.north };
        if self.west > self.east {
            return vec![rect(self.west, 180.0), rect(-180.0, self.east)];
        }
        let mut rects = vec![rect(self.west, self.east)];
        if self.east == 180.0 && self.west > -180.0 {
            rects.push(rect(-180.0, -180.0));
        }
        if self.west == -180.0 && self.east < 180.0 {
            rects.push(rect(180.0, 180.0));
        }
        rects
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(west: f64, east: f64) -> Vec<(f64, f64)> {
        let bbox = Bbox::new(west, -1.0, east, 1.0).unwrap();
        bbox.rects().iter().map(|rect| (rect.min_x, rect.max_x)).collect()
    }

    #[test]
    fn a_plain_box_is_one_rectangle() {
        assert_eq!(spans(-10.0, 10.0), [(-10.0, 10.0)]);
        assert_eq!(spans(-180.0, 180.0), [(-180.0, 180.0)]);
    }

    #[test]
    fn west_beyond_east_crosses_the_antimeridian() {
        assert_eq!(spans(177.0, -177.0), [(177.0, 180.0), (-180.0, -177.0)]);
        assert_eq!(spans(180.0, -180.0), [(180.0, 180.0), (-180.0, -180.0)]);
    }

    #[test]
    fn an_edge_on_the_antimeridian_meets_both_ends() {
        assert_eq!(spans(170.0, 180.0), [(170.0, 180.0), (-180.0, -180.0)]);
        assert_eq!(spans(-180.0, -170.0), [(-180.0, -170.0), (180.0, 180.0)]);
    }

    #[test]
    fn bad_edges_are_named() {
        let message = |w, s, e, n| Bbox::new(w, s, e, n).unwrap_err().to_string();
        assert_eq!(message(-181.0, 0.0, 0.0, 1.0), "west -181 is outside -180..=180");
        assert_eq!(message(0.0, 2.0, 1.0, 1.0), "south 2 is greater than north 1");
        assert_eq!(message(f64::NAN, 2.0, 1.0, 1.0), "west NaN is not a finite number");
        let low = Bbox::new(0.0, 0.0, 1.0, 1.0).unwrap().with_heights(5.0, 1.0).unwrap_err();
        assert_eq!(low.to_string(), "lower height 5 is greater than upper height 1");
    }
}
