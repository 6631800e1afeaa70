//! Outlines of regions, and which of them hold a point.
//!
//! A table of boxes (west, south, east, north as `i32` in units of 10⁻⁷ degree, then offset and end of the body), and the bodies: id,
//! name and country, each after its length, level, number of rings, and for each ring the number of its points and the points.

use super::{put_varint, take_varint, u32_at};

/// A region with its outline.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Area {
    /// Unique among the areas.
    pub id: String,
    /// For people.
    pub name: String,
    /// ISO 3166-1 alpha-2 in capitals, or empty.
    pub country: String,
    /// Index in `Level::ALL`.
    pub level: u8,
    /// Closed rings of longitude and latitude in degrees: outlines and holes alike, since what lies within an even number of rings
    /// lies outside.
    pub rings: Vec<Vec<[f64; 2]>>,
}

/// What is said of an area that holds a point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaText<'a> {
    /// Unique among the areas.
    pub id: &'a str,
    /// For people.
    pub name: &'a str,
    /// ISO 3166-1 alpha-2 in capitals, or empty.
    pub country: &'a str,
    /// Index in `Level::ALL`.
    pub level: u8,
}

/// Bytes of a row of the table.
const ROW: usize = 24;

fn unit(degrees: f64) -> i32 {
    (degrees * 1e7).round() as i32
}

/// The section of these areas; those without a ring of four points are left out. `None` where it would be larger than offsets reach.
pub(super) fn write(areas: &[Area]) -> Option<Vec<u8>> {
    let (mut table, mut bodies) = (Vec::new(), Vec::new());
    for area in areas {
        let rings = area.rings.iter().filter(|ring| ring.len() > 3).collect::<Vec<_>>();
        let edge = |axis: usize, of: fn(i32, i32) -> i32| rings.iter().copied().flatten().map(|point| unit(point[axis])).reduce(of);
        let (Some(west), Some(south), Some(east), Some(north)) =
            (edge(0, i32::min), edge(1, i32::min), edge(0, i32::max), edge(1, i32::max))
        else {
            continue;
        };
        let start = bodies.len();
        for text in [&area.id, &area.name, &area.country] {
            put_varint(&mut bodies, text.len() as u64);
            bodies.extend_from_slice(text.as_bytes());
        }
        bodies.push(area.level);
        put_varint(&mut bodies, rings.len() as u64);
        for ring in rings {
            put_varint(&mut bodies, ring.len() as u64);
            bodies.extend(ring.iter().flatten().flat_map(|degrees| unit(*degrees).to_le_bytes()));
        }
        table.extend([west, south, east, north].into_iter().flat_map(i32::to_le_bytes));
        table.extend([start, bodies.len()].into_iter().flat_map(|at| (at as u32).to_le_bytes()));
    }
    u32::try_from(bodies.len()).ok()?;
    let mut all = Vec::from((table.len() as u32).to_le_bytes());
    all.append(&mut table);
    all.append(&mut bodies);
    Some(all)
}

/// The areas that hold a point, those with the smallest boxes first. O(n) in boxes; outlines are walked only where the box holds it.
pub fn areas_at(section: &[u8], lon: f64, lat: f64) -> Vec<AreaText<'_>> {
    let length = u32_at(section, 0) as usize;
    let (Some(table), Some(bodies)) = (section.get(4..4 + length), section.get(4 + length..)) else { return Vec::new() };
    let (x, y) = (unit(lon), unit(lat));
    let mut found = Vec::new();
    for row in table.chunks_exact(ROW) {
        let edge = |index: usize| u32_at(row, index).cast_signed();
        let [west, south, east, north] = [0, 1, 2, 3].map(edge);
        if x < west || x > east || y < south || y > north {
            continue;
        }
        let Some(mut body) = bodies.get(u32_at(row, 4) as usize..u32_at(row, 5) as usize) else { continue };
        if let Some(text) = text(&mut body)
            && holds(&mut body, x, y) == Some(true)
        {
            let size = (i64::from(east) - i64::from(west)).saturating_mul(i64::from(north) - i64::from(south));
            found.push((size, text));
        }
    }
    found.sort_by_key(|(size, _)| *size);
    found.into_iter().map(|(_, text)| text).collect()
}

fn text<'a>(body: &mut &'a [u8]) -> Option<AreaText<'a>> {
    let mut next = || {
        let length = take_varint(body)? as usize;
        let (text, rest) = body.split_at_checked(length)?;
        *body = rest;
        std::str::from_utf8(text).ok()
    };
    let (id, name, country) = (next()?, next()?, next()?);
    let (&level, rest) = body.split_first()?;
    *body = rest;
    Some(AreaText { id, name, country, level })
}

/// Whether an odd number of edges lies east of the point. Exact: an edge has its southern end and not its northern one.
fn holds(body: &mut &[u8], x: i32, y: i32) -> Option<bool> {
    let mut inside = false;
    for _ in 0..take_varint(body)? {
        let points = usize::try_from(take_varint(body)?).ok()?;
        let (ring, rest) = body.split_at_checked(points.checked_mul(8)?)?;
        *body = rest;
        let point = |index: usize| (u32_at(ring, 2 * index).cast_signed(), u32_at(ring, 2 * index + 1).cast_signed());
        for index in 0..points {
            let (a, b) = (point(index), point((index + 1) % points));
            if (a.1 > y) != (b.1 > y) {
                let (low, high) = if a.1 < b.1 { (a, b) } else { (b, a) };
                let part = |from: i32, to: i32| i128::from(to) - i128::from(from);
                inside ^= part(low.0, x) * part(low.1, high.1) < part(low.0, high.0) * part(low.1, y);
            }
        }
    }
    Some(inside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn square(id: &str, west: f64, south: f64, size: f64) -> Area {
        let (east, north) = (west + size, south + size);
        let ring = vec![[west, south], [east, south], [east, north], [west, north], [west, south]];
        Area { id: id.to_owned(), name: format!("the {id}"), country: "ML".to_owned(), level: 2, rings: vec![ring] }
    }

    #[test]
    fn the_smallest_comes_first_and_holes_are_outside() {
        let mut outer = square("outer", 0.0, 0.0, 10.0);
        outer.rings.push(square("hole", 7.0, 7.0, 2.0).rings.remove(0));
        let section = write(&[outer, square("inner", 1.0, 1.0, 2.0), Area::default()]).unwrap();
        let ids = |lon, lat| areas_at(&section, lon, lat).into_iter().map(|area| area.id).collect::<Vec<_>>();
        assert_eq!(ids(2.0, 2.0), ["inner", "outer"]);
        assert_eq!(ids(5.0, 5.0), ["outer"]);
        assert!(ids(8.0, 8.0).is_empty() && ids(11.0, 5.0).is_empty());
        assert_eq!(areas_at(&section, 5.0, 5.0)[0], AreaText { id: "outer", name: "the outer", country: "ML", level: 2 });
        assert!(areas_at(&[], 0.0, 0.0).is_empty());
    }

    proptest! {
        /// Regions that share an edge leave no gap and no doubt: every point is in exactly one of them.
        #[test]
        fn neighbours_share_no_point(lon in -1.5..2.5f64, lat in 0.0..1.0f64, middle in prop::collection::vec(-0.9..1.9f64, 3)) {
            let edge = [[0.5, 0.0], [middle[0], 0.25], [middle[1], 0.5], [middle[2], 0.75], [0.5, 1.0]];
            let ring = |side: f64| edge.iter().copied().chain([[side, 1.0], [side, 0.0], edge[0]]).collect::<Vec<_>>();
            let area = |id: &str, side| Area { id: id.into(), rings: vec![ring(side)], ..Area::default() };
            let section = write(&[area("west", -2.0), area("east", 3.0)]).unwrap();
            prop_assert_eq!(areas_at(&section, lon, lat).len(), 1);
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..80), length in 0u8..60) {
            areas_at(&[&[length, 0, 0, 0], bytes.as_slice()].concat(), 0.0, 0.0);
            areas_at(&bytes, 1.0, 1.0);
        }
    }
}
