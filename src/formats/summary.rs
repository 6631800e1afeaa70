//! What the geometries of a file have in common, found out as they go by.

use geo::Geometry as Flat;

use crate::model::{Geometry, Rect};

/// The names of the types, as GeoJSON has them; numbered from 1 as in well-known binary.
pub(super) const TYPES: [&str; 7] =
    ["Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection"];

/// What is known of the features gone through so far.
#[derive(Debug, Default)]
pub(super) struct Summary {
    /// How many there are.
    pub(super) count: u64,
    /// The smallest rectangle that holds all that have a geometry.
    pub(super) envelope: Option<Rect>,
    /// The lowest and the highest height.
    pub(super) heights: Option<(f64, f64)>,
    /// A bit for each type seen without heights, by its number.
    flat: u8,
    /// The same of those with heights.
    high: u8,
}

impl Summary {
    /// Adds a feature.
    pub(super) fn add(&mut self, geometry: Option<&Geometry>) {
        self.count += 1;
        let Some(geometry) = geometry else { return };
        if let Some(rect) = geometry.bounds() {
            self.envelope = Some(self.envelope.map_or(rect, |sum| sum.union(&rect)));
        }
        let bit = 1 << number(geometry.flat());
        match geometry.height_range() {
            None => self.flat |= bit,
            Some((low, high)) => {
                self.high |= bit;
                self.heights = Some(self.heights.map_or((low, high), |sum| (sum.0.min(low), sum.1.max(high))));
            }
        }
    }

    /// The number of the type of all of them, where it is one.
    pub(super) fn only(&self) -> Option<u8> {
        let seen = self.flat | self.high;
        (seen.count_ones() == 1).then(|| seen.trailing_zeros() as u8)
    }

    /// The types, each with whether it has heights.
    pub(super) fn types(&self) -> impl Iterator<Item = (&'static str, bool)> {
        let numbered = (1..).zip(TYPES).flat_map(|(number, name)| {
            let has = |bits: u8| bits >> number & 1 == 1;
            [(name, false, has(self.flat)), (name, true, has(self.high))]
        });
        numbered.filter(|(.., is_seen)| *is_seen).map(|(name, has_heights, _)| (name, has_heights))
    }

    /// Whether there are geometries without heights beside those that have them.
    pub(super) fn has_flat(&self) -> bool {
        self.flat > 0
    }
}

/// The number of a geometry's type in well-known binary (OGC 06-103r4, table 7).
pub(super) fn number(geometry: &Flat) -> u8 {
    match geometry {
        Flat::Point(_) => 1,
        Flat::LineString(_) => 2,
        Flat::Polygon(_) => 3,
        Flat::MultiPoint(_) => 4,
        Flat::MultiLineString(_) => 5,
        Flat::MultiPolygon(_) => 6,
        Flat::GeometryCollection(_) => 7,
        Flat::Line(_) | Flat::Rect(_) | Flat::Triangle(_) => unreachable!("Geometry::new turns these into GeoJSON's types"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_listed_once_each_with_and_without_heights() {
        let point = Geometry::new(Flat::Point((1.0, 2.0).into())).unwrap();
        let mut summary = Summary::default();
        summary.add(None);
        assert_eq!((summary.only(), summary.envelope, summary.types().count()), (None, None, 0));
        summary.add(Some(&point));
        summary.add(Some(&point.clone().with_heights(vec![7.0]).unwrap()));
        assert_eq!(summary.only(), Some(1));
        assert_eq!(summary.types().collect::<Vec<_>>(), [("Point", false), ("Point", true)]);
        assert_eq!((summary.heights, summary.count), (Some((7.0, 7.0)), 3));
        summary.add(Some(&Geometry::new(Flat::LineString(vec![(0.0, 0.0), (9.0, 9.0)].into())).unwrap()));
        assert_eq!(summary.only(), None);
        assert_eq!(summary.envelope, Some(Rect { min_x: 0.0, min_y: 0.0, max_x: 9.0, max_y: 9.0 }));
    }
}
