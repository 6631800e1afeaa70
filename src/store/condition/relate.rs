//! Relations of geometries, exactly (`geo`'s robust predicates and its DE-9IM matrix).

use geo::{Geometry as Flat, Intersects, Relate};

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

/// Whether two plane geometries lie so to each other. Unknown where one is a collection, for which OGC 06-103r4 (clause 6.1.15)
/// says only whether they share a point.
pub(super) fn holds(relation: Spatial, a: &Flat, b: &Flat) -> Option<bool> {
    let is_collection = |geometry: &Flat| matches!(geometry, Flat::GeometryCollection(_));
    Some(match relation {
        Spatial::Intersects => a.intersects(b),
        Spatial::Disjoint => !a.intersects(b),
        // Whatever shares no point has none of the others.
        _ if is_collection(a) || is_collection(b) => return (!a.intersects(b)).then_some(false),
        Spatial::Equals => a.relate(b).is_equal_topo(),
        Spatial::Touches => a.relate(b).is_touches(),
        Spatial::Crosses => a.relate(b).is_crosses(),
        Spatial::Within => a.relate(b).is_within(),
        Spatial::Contains => a.relate(b).is_contains(),
        Spatial::Overlaps => a.relate(b).is_overlaps(),
    })
}
