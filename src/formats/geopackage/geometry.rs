//! GeoPackageBinary (OGC 12-128r18, clause 2.1.3): a header and a box before well-known binary.

use crate::model::{Geometry, Rect, wkb};

/// Little-endian numbers, no box.
const PLAIN: u8 = 0b0000_0001;
/// Little-endian numbers, a box of four edges.
const BOXED: u8 = 0b0000_0011;
/// Little-endian numbers, no coordinate at all.
const EMPTY: u8 = 0b0001_0001;

/// Appends a geometry of the system with this number; its box. A point is its own box and has none.
pub(super) fn write(out: &mut Vec<u8>, geometry: &Geometry, system: i32) -> Option<Rect> {
    let bounds = geometry.bounds();
    let is_point = matches!(geometry.flat(), geo::Geometry::Point(_));
    let flags = match bounds {
        None => EMPTY,
        Some(_) if is_point => PLAIN,
        Some(_) => BOXED,
    };
    out.extend_from_slice(&[b'G', b'P', 0, flags]);
    out.extend_from_slice(&system.to_le_bytes());
    if let Some(rect) = bounds.filter(|_| !is_point) {
        for edge in [rect.min_x, rect.max_x, rect.min_y, rect.max_y] {
            out.extend_from_slice(&edge.to_le_bytes());
        }
    }
    wkb::write(out, geometry);
    bounds
}
