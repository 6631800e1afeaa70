//! Whether a shape meets a rectangle, told from its bytes ([`wkb`](super::wkb)): nothing is allocated, and hardly ever is more done
//! than to compare.
//!
//! Each corner lies inside or beyond some of the four sides (the outcodes of Cohen and Sutherland: Newman and Sproull, "Principles of
//! Interactive Computer Graphics", 1979, clause 5.1). A corner inside meets; an edge with both ends beyond one side does not; one
//! straight across does. Only those around a corner of the rectangle are asked of `geo`'s robust predicates. A polygon none of whose
//! edges meets holds the rectangle whole or not at all, which the winding number about one of its corners tells.

use geo::{Coord, GeoNum, Intersects, Kernel, Line, Orientation};

use super::Rect;

/// The sides beyond which a corner can lie.
mod side {
    pub(super) const WEST: u8 = 1;
    pub(super) const EAST: u8 = 2;
    pub(super) const SOUTH: u8 = 4;
    pub(super) const NORTH: u8 = 8;
}

/// Whether a shape shares a point with the closed rectangle, as [`Geometry::meets`](super::Geometry::meets) says. `None` where it has
/// to be asked: of points and collections, of what is no whole shape, of a rectangle without area.
///
/// Cost: O(coordinates).
pub fn meets(mut bytes: &[u8], rect: &Rect) -> Option<bool> {
    if rect.min_x >= rect.max_x || rect.min_y >= rect.max_y {
        return None;
    }
    let bytes = &mut bytes;
    let (kind, tall) = head(bytes)?;
    match kind {
        2 | 3 => part(bytes, kind, tall, rect),
        5 | 6 => {
            for _ in 0..number(bytes)? {
                let (kind_of_part, tall) = head(bytes)?;
                if kind_of_part + 3 != kind {
                    return None;
                }
                if part(bytes, kind_of_part, tall, rect)? {
                    return Some(true);
                }
            }
            Some(false)
        }
        _ => None,
    }
}

/// A line or a polygon.
fn part(bytes: &mut &[u8], kind: u32, tall: bool, rect: &Rect) -> Option<bool> {
    if kind == 2 {
        return path(bytes, tall, 2, rect).map(|line| line.meets);
    }
    let rings = number(bytes)?.checked_sub(1)?;
    let outline = ring(bytes, tall, rect)?;
    let (mut meets, mut holds) = (outline.meets, outline.winding != 0);
    for _ in 0..rings {
        let hole = ring(bytes, tall, rect)?;
        meets |= hole.meets;
        holds &= hole.winding == 0;
    }
    Some(outline.beyond == 0 && (meets || holds))
}

/// What a line is to a rectangle.
struct Path {
    meets: bool,
    /// The sides beyond which all of it lies.
    beyond: u8,
    /// How often it goes around the south-western corner, where it does not meet the rectangle.
    winding: i32,
}

/// A ring as polygons have it: closed, and with an area. `geo` mends others, or takes them for less.
fn ring(bytes: &mut &[u8], tall: bool, rect: &Rect) -> Option<Path> {
    let corners = *bytes;
    let path = path(bytes, tall, 4, rect)?;
    let all = &corners[4..corners.len() - bytes.len()];
    let last = all.len() - if tall { 24 } else { 16 };
    (coord(all)? == coord(&all[last..])?).then_some(path)
}

/// The coordinates of a line, at least so many.
fn path(bytes: &mut &[u8], tall: bool, least: usize, rect: &Rect) -> Option<Path> {
    let (count, size) = (number(bytes)?, if tall { 24 } else { 16 });
    let (all, rest) = bytes.split_at_checked(count.checked_mul(size)?).filter(|_| count >= least)?;
    *bytes = rest;
    let mut corners = all.chunks_exact(size).filter_map(coord);
    let mut from = corners.next()?;
    let mut here = beyond(from, rect);
    let mut path = Path { meets: here == 0, beyond: here, winding: 0 };
    for to in corners {
        let there = beyond(to, rect);
        path.beyond &= there;
        path.meets |= there == 0;
        if path.meets {
            break;
        }
        let (shared, either) = (here & there, here | there);
        if shared == 0 {
            let is_across = either == side::WEST | side::EAST || either == side::SOUTH | side::NORTH;
            path.meets = is_across || crosses(from, to, rect);
        }
        if shared == 0 || shared & side::EAST != 0 {
            path.winding += winding(from, to, shared != 0, rect);
        }
        (from, here) = (to, there);
    }
    Some(path)
}

/// The sides beyond which a place lies.
fn beyond(at: Coord, rect: &Rect) -> u8 {
    let side = |is_beyond: bool, side: u8| if is_beyond { side } else { 0 };
    side(at.x < rect.min_x, side::WEST)
        | side(at.x > rect.max_x, side::EAST)
        | side(at.y < rect.min_y, side::SOUTH)
        | side(at.y > rect.max_y, side::NORTH)
}

/// Whether an edge meets a rectangle, exactly.
fn crosses(from: Coord, to: Coord, rect: &Rect) -> bool {
    let corner = |x, y| Coord { x, y };
    geo::Rect::new(corner(rect.min_x, rect.min_y), corner(rect.max_x, rect.max_y)).intersects(&Line::new(from, to))
}

/// What an edge that does not meet a rectangle adds to the winding number about its south-western corner, by the rules that `geo` has
/// for edges that end at the height of the corner.
fn winding(from: Coord, to: Coord, is_east: bool, rect: &Rect) -> i32 {
    let corner = Coord { x: rect.min_x, y: rect.min_y };
    let goes_up = from.y <= corner.y && to.y > corner.y;
    let goes_down = from.y > corner.y && to.y <= corner.y;
    if !goes_up && !goes_down {
        return 0;
    }
    let wanted = if goes_up { Orientation::CounterClockwise } else { Orientation::Clockwise };
    let is_right_of_it = is_east || <f64 as GeoNum>::Ker::orient2d(from, to, corner) == wanted;
    i32::from(is_right_of_it) * if goes_up { 1 } else { -1 }
}

/// The number of a type without heights, and whether there are some.
fn head(bytes: &mut &[u8]) -> Option<(u32, bool)> {
    let (order, rest) = bytes.split_first()?;
    *bytes = rest;
    let kind = u32::try_from(number(bytes)?).ok()?;
    (*order == 1).then_some((kind % 1000, kind >= 1000))
}

fn number(bytes: &mut &[u8]) -> Option<usize> {
    let (number, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    usize::try_from(u32::from_le_bytes(*number)).ok()
}

/// The coordinate with which some bytes begin.
fn coord(bytes: &[u8]) -> Option<Coord> {
    let (x, rest) = bytes.split_first_chunk()?;
    let (y, _) = rest.split_first_chunk()?;
    Some(Coord { x: f64::from_le_bytes(*x), y: f64::from_le_bytes(*y) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Geometry, wkb};
    use geo::{CoordsIter, LineString, MultiLineString, MultiPolygon, Polygon};
    use proptest::prelude::*;

    /// Few places, so that much touches, and their neighbours among the doubles; none about zero, since products of the smallest doubles
    /// are nothing to `geo`'s predicates.
    fn number() -> impl Strategy<Value = f64> {
        (1..8_i32, prop::sample::select(vec![0, 0, 0, 0, 1, 2])).prop_map(|(whole, step)| match step {
            0 => f64::from(whole),
            1 => f64::from(whole).next_up(),
            _ => f64::from(whole).next_down(),
        })
    }

    fn line(least: usize) -> impl Strategy<Value = LineString> {
        prop::collection::vec((number(), number()), least..8).prop_map(LineString::from)
    }

    fn polygon() -> impl Strategy<Value = Polygon> {
        (line(0), prop::collection::vec(line(1), 0..3)).prop_map(|(outline, holes)| Polygon::new(outline, holes))
    }

    fn flat() -> impl Strategy<Value = geo::Geometry> {
        prop_oneof![
            line(0).prop_map(geo::Geometry::from),
            polygon().prop_map(geo::Geometry::from),
            prop::collection::vec(line(0), 0..3).prop_map(|lines| MultiLineString::new(lines).into()),
            prop::collection::vec(polygon(), 0..3).prop_map(|polygons| MultiPolygon::new(polygons).into()),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(6_000))]
        #[test]
        fn bytes_meet_what_the_shape_meets(flat in flat(), x in (number(), number()), y in (number(), number()), tall in any::<bool>()) {
            let rect = Rect { min_x: x.0.min(x.1), min_y: y.0.min(y.1), max_x: x.0.max(x.1), max_y: y.0.max(y.1) };
            let heights = vec![1.0; flat.coords_count()];
            let shape = Geometry::new(flat).unwrap();
            let shape = if tall { shape.with_heights(heights).unwrap() } else { shape };
            let mut bytes = Vec::new();
            wkb::write(&mut bytes, &shape);
            // What they say: a polygon without an outline has none of its holes.
            let shape = wkb::read(&bytes).unwrap();
            if let Some(told) = meets(&bytes, &rect) {
                prop_assert_eq!(told, shape.meets(&rect));
            }
        }

        #[test]
        fn any_bytes_are_told_or_refused(mut bytes in prop::collection::vec(any::<u8>(), 0..200), kind in 0_u8..8, count in 0_u8..5) {
            let rect = Rect { min_x: 0.0, min_y: 0.0, max_x: 1.0, max_y: 1.0 };
            let _ = meets(&bytes, &rect);
            bytes.splice(0..0, [1, kind, 0, 0, 0, 1, 0, 0, 0, count, 0, 0, 0]);
            let _ = meets(&bytes, &rect);
        }
    }

    #[test]
    fn whole_shapes_are_told() {
        let ring = |size: f64| LineString::from(vec![(-size, -size), (size, -size), (size, size), (-size, size), (-size, -size)]);
        let rect = |size: f64| Rect { min_x: -size, min_y: -size, max_x: size, max_y: size };
        let told = |flat: geo::Geometry, size: f64| {
            let mut bytes = Vec::new();
            wkb::write(&mut bytes, &Geometry::new(flat).unwrap());
            meets(&bytes, &rect(size))
        };
        let frame = Polygon::new(ring(4.0), vec![ring(2.0)]);
        let all = MultiPolygon::new(vec![frame.clone(), Polygon::new(ring(0.5), Vec::new())]);
        assert_eq!([1.0, 2.0, 3.0, 5.0].map(|size| told(frame.clone().into(), size)), [Some(false), Some(true), Some(true), Some(true)]);
        assert_eq!(told(ring(4.0).into(), 3.0), Some(false));
        assert_eq!([0.1, 1.0].map(|size| told(all.clone().into(), size)), [Some(true), Some(true)]);
        assert_eq!([told(geo::Point::new(0.0, 0.0).into(), 1.0), told(frame.into(), 0.0)], [None, None]);
    }
}
