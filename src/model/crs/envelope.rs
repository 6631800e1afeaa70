//! A box of a reference system → the box in longitude and latitude that holds it.

use super::{Crs, CrsError, Order};
use crate::model::{Bbox, Position};

/// Points looked at on each edge: edges of a projected box are curves.
const STEPS: u32 = 32;
/// Added around, as a share of the width or height, for what the curves do between the points.
const MARGIN: f64 = 1.0 / 256.0;

impl Crs {
    /// The box in CRS84 that holds a box of this system, given by two opposite corners. It may hold more than that: whoever needs to
    /// know whether something meets the box itself must ask it in the system.
    ///
    /// # Errors
    /// When a corner is not finite, or no point of its edges is on the Earth.
    pub fn box_to_crs84(&self, [a, b]: [[f64; 2]; 2], order: Order) -> Result<Bbox, CrsError> {
        let outside = |coordinates| CrsError::Outside { system: self.name(), coordinates };
        if let Some(corner) = [a, b].into_iter().find(|corner| !corner.iter().all(|number| number.is_finite())) {
            return Err(outside(corner));
        }
        let [x0, y0] = self.turned(a, order);
        let [x1, y1] = self.turned(b, order);
        let between = |from: f64, to: f64, step: u32| from + (to - from) * (f64::from(step) / f64::from(STEPS));
        let mut positions = Vec::new();
        for (from, to) in [([x0, y0], [x1, y0]), ([x1, y0], [x1, y1]), ([x1, y1], [x0, y1]), ([x0, y1], [x0, y0])] {
            let points = (0..STEPS).map(|step| [between(from[0], to[0], step), between(from[1], to[1], step)]);
            positions.extend(points.filter_map(|point| self.to_crs84(point, Order::EastFirst).ok()));
        }
        let first = positions.first().ok_or_else(|| outside(a))?;
        // Longitudes go on beyond 180 along the edges, so that a box across the antimeridian stays in one piece.
        let (mut lon, (mut west, mut east)) = (first.lon, (first.lon, first.lon));
        let (mut south, mut north) = (first.lat, first.lat);
        for position in &positions {
            lon += wrapped(position.lon - lon);
            (west, east) = (west.min(lon), east.max(lon));
            (south, north) = (south.min(position.lat), north.max(position.lat));
        }
        let holds = |lat| {
            let pole = self.from_crs84(Position { lon: 0.0, lat }, Order::EastFirst);
            pole.is_ok_and(|[x, y]| (x - x0) * (x - x1) <= 0.0 && (y - y0) * (y - y1) <= 0.0)
        };
        let (has_south, has_north) = (holds(-90.0), holds(90.0));
        let (across, up) = ((east - west) * MARGIN, (north - south) * MARGIN);
        let south = if has_south { -90.0 } else { (south - up).max(-90.0) };
        let north = if has_north { 90.0 } else { (north + up).min(90.0) };
        let (west, east) = (west - across, east + across);
        let is_whole = has_south || has_north || east - west >= 360.0;
        let (west, east) = if is_whole { (-180.0, 180.0) } else { (wrapped(west), wrapped(east)) };
        Ok(Bbox::new(west, south, east, north).expect("edges are within the Earth, south below north"))
    }
}

/// An angle between −180 and 180 degrees.
fn wrapped(degrees: f64) -> f64 {
    if (-180.0..=180.0).contains(&degrees) { degrees } else { (degrees + 180.0).rem_euclid(360.0) - 180.0 }
}
