//! Relations of geometries, exactly (`geo`'s robust predicates and its DE-9IM matrix).

use geo::{Coord, CoordsIter, Geometry as Flat, Intersects, Relate, relate::IntersectionMatrix};

use super::{all, matrix::matrix};

use crate::{
    model::Geometry,
    query::filter::{Shape, Spatial},
};

/// Whether a feature's geometry lies so to a geometry of the filter; unknown as [`holds`] has it.
pub(in crate::store) fn relates(relation: Spatial, shape: &Geometry, literal: &Shape) -> Option<bool> {
    match (relation, literal.as_bbox()) {
        // A box is asked as `bbox` is: with its heights, and 180 and -180 degrees one meridian.
        (Spatial::Intersects | Spatial::Disjoint, Some(bbox)) => {
            let heights = match (bbox.heights(), shape.height_range()) {
                (Some((bottom, top)), Some((low, high))) => low <= top && bottom <= high,
                _ => true,
            };
            let meets = heights && bbox.rects().iter().any(|rect| shape.meets(rect));
            Some(meets == (relation == Spatial::Intersects))
        }
        _ => match shape.bounds() {
            Some(bounds) if bounds.intersects(&literal.bounds()) => holds(relation, shape.flat(), literal.flat()),
            _ => Some(relation == Spatial::Disjoint),
        },
    }
}

/// Whether two plane geometries lie so to each other; unknown for some relations of some collections ([`of_collections`]).
pub(super) fn holds(relation: Spatial, a: &Flat, b: &Flat) -> Option<bool> {
    let is_collection = |geometry: &Flat| matches!(geometry, Flat::GeometryCollection(_));
    Some(match relation {
        Spatial::Intersects => a.intersects(b),
        Spatial::Disjoint => !a.intersects(b),
        // Whatever shares no point has none of the others.
        _ if is_collection(a) || is_collection(b) => {
            return if a.intersects(b) {
                matrix(a, b).map_or_else(|| of_collections(relation, a, b), |matrix| Some(says(&matrix, relation)))
            } else {
                Some(false)
            };
        }
        _ => says(&a.relate(b), relation),
    })
}

fn says(matrix: &IntersectionMatrix, relation: Spatial) -> bool {
    match relation {
        Spatial::Intersects => matrix.is_intersects(),
        Spatial::Disjoint => matrix.is_disjoint(),
        Spatial::Equals => matrix.is_equal_topo(),
        Spatial::Touches => matrix.is_touches(),
        Spatial::Crosses => matrix.is_crosses(),
        Spatial::Within => matrix.is_within(),
        Spatial::Contains => matrix.is_contains(),
        Spatial::Overlaps => matrix.is_overlaps(),
    }
}

/// The same where one is a collection of which there is no matrix. What lies within what can then be told part by part, but for a part that
/// only several others could cover together; touching, crossing and overlapping rest on what is inside and what is edge of the whole,
/// which no part tells.
fn of_collections(relation: Spatial, a: &Flat, b: &Flat) -> Option<bool> {
    let (a, b) = (parts(a), parts(b));
    match relation {
        Spatial::Within => all([is_covered(&a, &b), meets_inside(&a, &b)]),
        Spatial::Contains => all([is_covered(&b, &a), meets_inside(&b, &a)]),
        Spatial::Equals => all([is_covered(&a, &b), is_covered(&b, &a)]),
        _ => None,
    }
}

/// The geometries that are no collections, of which one is made.
fn parts(geometry: &Flat) -> Vec<&Flat> {
    match geometry {
        Flat::GeometryCollection(collection) => collection.iter().flat_map(parts).collect(),
        one => vec![one],
    }
}

/// Whether every point of these is a point of those.
fn is_covered(these: &[&Flat], those: &[&Flat]) -> Option<bool> {
    all(these.iter().map(|this| {
        if those.iter().any(|that| this.relate(*that).is_coveredby()) {
            return Some(true);
        }
        // One alone covers it or not; several may do so together, if they have all of its corners.
        let is_beyond = |corner: Coord| !those.iter().any(|that| that.intersects(&corner));
        if those.len() == 1 || this.coords_iter().any(is_beyond) { Some(false) } else { None }
    }))
}

/// Whether the inside of these, which those cover, meets the inside of those. Of one geometry that covers them: where no part does, all
/// lie on its edge. Of several: what is inside one of them is inside the whole, but what is on their edges may be as well.
fn meets_inside(these: &[&Flat], those: &[&Flat]) -> Option<bool> {
    let meets = these.iter().any(|this| those.iter().any(|that| this.relate(*that).is_within()));
    if meets { Some(true) } else { (those.len() == 1).then_some(false) }
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::BTreeSet;

    use geo::{GeometryCollection, LineString, Point, Rect};
    use proptest::prelude::*;

    use super::*;

    /// A point, a level or upright line, or a rectangle, with whole coordinates from 0 to 4.
    pub(in super::super) fn part() -> impl Strategy<Value = Flat> {
        (0..5_i32, 0..5_i32, 0..4_i32, 0..4_i32).prop_map(|(x, y, width, height)| {
            let corner = |x: i32, y: i32| Coord { x: x.into(), y: y.into() };
            let (from, to) = (corner(x, y), corner((x + width).min(4), (y + height).min(4)));
            match (from.x == to.x, from.y == to.y) {
                (true, true) => Point(from).into(),
                (false, false) => Rect::new(from, to).to_polygon().into(),
                _ => LineString(vec![from, to]).into(),
            }
        })
    }

    pub(in super::super) fn collection() -> impl Strategy<Value = Flat> {
        let parts = || prop::collection::vec(part(), 1..4);
        (parts(), prop::option::of(parts())).prop_map(|(mut parts, inner)| {
            parts.extend(inner.map(|inner| Flat::GeometryCollection(GeometryCollection(inner))));
            Flat::GeometryCollection(GeometryCollection(parts))
        })
    }

    /// Which of the points whose coordinates are halves it has: enough to tell such shapes apart; with `inside`, only those that are not on
    /// the edge of the part that has them.
    fn points(geometry: &Flat, inside: bool) -> BTreeSet<(i32, i32)> {
        let grid = (0..9).flat_map(|x| (0..9).map(move |y| (x, y)));
        let has = |(x, y): &(i32, i32)| {
            let point = Flat::from(Point::new(f64::from(*x) / 2.0, f64::from(*y) / 2.0));
            parts(geometry).into_iter().any(|part| if inside { point.relate(part).is_within() } else { point.intersects(part) })
        };
        grid.filter(has).collect()
    }

    proptest! {
        #[test]
        fn relations_of_collections_are_those_of_their_points(a in collection(), b in collection(), one in part()) {
            for (a, b) in [(&a, &b), (&a, &one), (&one, &a)] {
                let (of_a, of_b) = (points(a, false), points(b, false));
                prop_assert_eq!(holds(Spatial::Intersects, a, b), Some(!of_a.is_disjoint(&of_b)));
                prop_assert_eq!(holds(Spatial::Disjoint, a, b), Some(of_a.is_disjoint(&of_b)));
                let equals = holds(Spatial::Equals, a, b);
                prop_assert!(equals.is_none_or(|equals| equals == (of_a == of_b)), "{:?}", equals);
                let within = holds(Spatial::Within, a, b);
                prop_assert_eq!(within, holds(Spatial::Contains, b, a));
                let is_subset = of_a.is_subset(&of_b);
                prop_assert!(within != Some(true) || is_subset);
                if parts(b).len() == 1 {
                    // Of one geometry it is known always: no point beyond it, and one inside of both.
                    prop_assert_eq!(within, Some(is_subset && !points(a, true).is_disjoint(&points(b, true))));
                } else {
                    // What has a matrix is tested beside it.
                    prop_assert!(!is_subset || within != Some(false) || matrix(a, b).is_some());
                }
            }
            prop_assert_eq!(holds(Spatial::Equals, &a, &a), Some(true));
        }
    }

    #[test]
    fn what_only_several_parts_cover_together_is_not_known() {
        let square = |x: f64| Flat::from(Rect::new(Coord { x, y: 0.0 }, Coord { x: x + 1.0, y: 1.0 }).to_polygon());
        let both = Flat::GeometryCollection(GeometryCollection(vec![square(0.0), square(1.0)]));
        let line = |from: f64, to: f64| Flat::from(LineString::from(vec![(from, 0.5), (to, 0.5)]));
        assert_eq!(holds(Spatial::Contains, &both, &line(0.2, 0.8)), Some(true));
        assert_eq!(holds(Spatial::Contains, &both, &line(0.2, 1.8)), None);
        assert_eq!(holds(Spatial::Contains, &both, &line(0.2, 2.8)), Some(false));
        assert_eq!(holds(Spatial::Touches, &both, &line(0.2, 0.8)), None);
        assert_eq!(holds(Spatial::Touches, &both, &line(5.2, 6.8)), Some(false));
    }

    #[test]
    fn collections_whose_parts_lie_apart_have_every_relation() {
        let square = |x: f64| Flat::from(Rect::new(Coord { x, y: 0.0 }, Coord { x: x + 1.0, y: 1.0 }).to_polygon());
        let line = |from: f64, to: f64| Flat::from(LineString::from(vec![(from, 0.5), (to, 0.5)]));
        let point = |x: f64| Flat::from(Point::new(x, 0.5));
        let all = |parts: Vec<Flat>| Flat::GeometryCollection(GeometryCollection(parts));
        // A square with a line and a point of its own, a line further on, and a point beyond that.
        let mixed = all(vec![square(0.0), line(0.2, 0.8), point(0.5), line(2.0, 3.0), point(5.0)]);
        for (relation, other, expected) in [
            (Spatial::Touches, square(1.0), true),
            (Spatial::Touches, point(2.0), true),
            (Spatial::Touches, point(2.5), false),
            (Spatial::Touches, point(5.0), false),
            (Spatial::Contains, all(vec![point(5.0), point(2.5), square(0.0)]), true),
            (Spatial::Contains, line(0.5, 2.5), false),
            (Spatial::Contains, point(2.0), false),
            (Spatial::Overlaps, square(-0.5), true),
            (Spatial::Overlaps, square(0.0), false),
            (Spatial::Crosses, line(0.5, 2.5), true),
            (Spatial::Equals, all(vec![point(5.0), line(2.0, 3.0), square(0.0)]), true),
            (Spatial::Within, square(0.0), false),
        ] {
            assert_eq!(holds(relation, &mixed, &other), Some(expected), "{relation:?} {other:?}");
        }
    }
}
