//! A box in another reference system than longitude and latitude.

use super::{QueryError, bbox};
use crate::model::{Bbox, Crs, Geometry, Order, Rect};

/// A box whose edges are straight in its own system, and so are no meridians and parallels.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// The system.
    crs: Crs,
    /// The box in it, east first.
    rect: Rect,
}

/// Where Web Mercator ends, in its metres: half the length of the equator of its sphere.
const MERCATOR_END: f64 = 20_037_508.342_789_244;

impl Window {
    /// Whether a geometry meets the box, asked in the system of the box.
    pub fn meets(&self, geometry: &Geometry) -> bool {
        // What has no coordinates in the system lies outside of it.
        let plane = self.crs.geometry_from_crs84(geometry, Order::EastFirst).ok();
        plane.and_then(|plane| Geometry::new(plane).ok()).is_some_and(|plane| plane.meets(&self.rect))
    }
}

/// Parses `bbox` in the system that `bbox-crs` names: the box in longitude and latitude, and where that holds more than what was asked
/// for, the box itself.
///
/// # Errors
/// When there are not 4 or 6 finite numbers, or they are no box of the system.
pub(super) fn parse(value: &str, crs: &Crs) -> Result<(Bbox, Option<Window>), QueryError> {
    if crs.is_wgs84() && !crs.is_north_first() {
        return bbox::parse(value).map(|bbox| (bbox, None));
    }
    let numbers = bbox::numbers(value)?;
    let (corners, heights) = match numbers[..] {
        [a, b, c, d] => ([[a, b], [c, d]], None),
        [a, b, bottom, c, d, top] => ([[a, b], [c, d]], Some((bottom, top))),
        _ => return Err(bbox::form(value)),
    };
    let outside = |rule: String| QueryError::Window { value: value.to_owned(), rule };
    let tall = |bbox: Bbox| match heights {
        Some((bottom, top)) => bbox.with_heights(bottom, top),
        None => Ok(bbox),
    };
    let east_first = |[a, b]: [f64; 2]| if crs.is_north_first() { [b, a] } else { [a, b] };
    let [[west, south], [east, north]] = corners.map(east_first);
    if crs.is_wgs84() {
        let bbox = Bbox::new(west, south, east, north).and_then(tall).map_err(|error| outside(error.to_string()))?;
        return Ok((bbox, None));
    }
    if south > north || west > east {
        return Err(outside(format!("the second corner of a box of {} is not smaller than the first", crs.name())));
    }
    let is_mercator = crs.name() == "EPSG:3857";
    let [west, east] = if is_mercator { [west, east].map(|x| x.clamp(-MERCATOR_END, MERCATOR_END)) } else { [west, east] };
    if is_mercator {
        // Its edges are meridians and parallels.
        let corner = |x, y| crs.to_crs84([x, y], Order::EastFirst).map_err(|error| outside(error.to_string()));
        let (a, b) = (corner(west, south)?, corner(east, north)?);
        let bbox = Bbox::new(a.lon, a.lat, b.lon, b.lat).and_then(tall).map_err(|error| outside(error.to_string()))?;
        return Ok((bbox, None));
    }
    let bbox = crs.box_to_crs84([[west, south], [east, north]], Order::EastFirst).map_err(|error| outside(error.to_string()))?;
    let bbox = tall(bbox).map_err(|error| outside(error.to_string()))?;
    let rect = Rect { min_x: west, min_y: south, max_x: east, max_y: north };
    Ok((bbox, Some(Window { crs: crs.clone(), rect })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Position;

    fn parsed(value: &str, code: u32) -> Result<(Bbox, Option<Window>), String> {
        parse(value, &Crs::epsg(code).unwrap()).map_err(|error| error.to_string())
    }

    #[test]
    fn latitude_first_where_the_authority_has_it_so() {
        let (bbox, window) = parsed("65,177,70,-177", 4326).unwrap();
        assert_eq!((bbox.edges(), window), ([177.0, 65.0, -177.0, 70.0], None), "across the antimeridian");
        assert!(parsed("0,91,1,92", 4326).is_ok() && parsed("91,0,92,1", 4326).unwrap_err().contains("south 91 is outside"));
        assert_eq!(parsed("10,0,-5,20,5,900", 4326).unwrap().0.heights(), Some((-5.0, 900.0)));
    }

    #[test]
    fn mercator_is_exact_and_may_reach_beyond_the_world() {
        let (bbox, window) = parsed("-30000000,-1000,30000000,1000", 3857).unwrap();
        assert!(window.is_none() && (bbox.edges()[2] - 180.0).abs() < 1e-9, "{bbox:?}");
    }

    #[test]
    fn a_box_of_a_projection_is_asked_in_it() {
        let (bbox, window) = parsed("200000,1400000,300000,1500000", 32630).unwrap();
        let window = window.unwrap();
        let point = |x, y| Crs::epsg(32630).unwrap().to_crs84([x, y], Order::EastFirst).map(Geometry::point).unwrap();
        assert!(window.meets(&point(200_001.0, 1_400_001.0)) && window.meets(&point(299_999.0, 1_499_999.0)));
        assert!(!window.meets(&point(199_000.0, 1_450_000.0)) && !window.meets(&point(250_000.0, 1_501_000.0)));
        let [west, ..] = bbox.edges();
        assert!(Position::new(west, 13.0).is_ok());
        assert!(
            parsed("300000,1400000,200000,1500000", 32630).is_err() && parsed("1,2,3", 32630).is_err() && parsed("1,2,3,x", 32630).is_err()
        );
    }
}
