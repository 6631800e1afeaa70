//! Relations of geometries, exactly (`geo`'s robust predicates and its DE-9IM matrix).

use geo::{Geometry as Flat, Intersects, Relate};

use crate::{
    model::Geometry,
    query::filter::{Shape, Spatial},
};

/// Whether a feature's geometry lies so to a geometry of the filter.
pub(in crate::store) fn relates(relation: Spatial, shape: &Geometry, literal: &Shape) -> bool {
    match (relation, literal.as_bbox()) {
        // A box is asked as `bbox` is: with its heights, and 180 and -180 degrees one meridian.
        (Spatial::Intersects | Spatial::Disjoint, Some(bbox)) => {
            let heights = match (bbox.heights(), shape.height_range()) {
                (Some((bottom, top)), Some((low, high))) => low <= top && bottom <= high,
                _ => true,
            };
            let meets = heights && bbox.rects().iter().any(|rect| shape.meets(rect));
            meets == (relation == Spatial::Intersects)
        }
        _ => match shape.bounds() {
            Some(bounds) if bounds.intersects(&literal.bounds()) => holds(relation, shape.flat(), literal.flat()),
            _ => relation == Spatial::Disjoint,
        },
    }
}

/// The relation of two geometries where the second is named first.
pub(super) fn swapped(relation: Spatial) -> Spatial {
    match relation {
        Spatial::Within => Spatial::Contains,
        Spatial::Contains => Spatial::Within,
        same => same,
    }
}

/// Whether two plane geometries lie so to each other.
pub(super) fn holds(relation: Spatial, a: &Flat, b: &Flat) -> bool {
    match relation {
        Spatial::Intersects => a.intersects(b),
        Spatial::Disjoint => !a.intersects(b),
        Spatial::Equals => a.relate(b).is_equal_topo(),
        Spatial::Touches => a.relate(b).is_touches(),
        Spatial::Crosses => a.relate(b).is_crosses(),
        Spatial::Within => a.relate(b).is_within(),
        Spatial::Contains => a.relate(b).is_contains(),
        Spatial::Overlaps => a.relate(b).is_overlaps(),
    }
}
