//! Curves and the surfaces within them (ISO 13249-3, clause 4.2.6) → lines and areas: an arc becomes chords of 4 degrees, as GDAL draws it.

use super::{
    super::{fault::Rule, shape::Nest},
    Head, Reader, damaged,
};

/// The angle of a chord, seen from the middle of its circle, in degrees.
const STEP: f64 = 4.0;

/// Corners that the arcs of a geometry have as lines, at the most: a few bytes of it make ninety of them.
const MOST_CORNERS: usize = 1 << 20;

const LINE_STRING: u32 = 2;
const POLYGON: u32 = 3;
const CIRCULAR_STRING: u32 = 8;
const COMPOUND_CURVE: u32 = 9;
const CURVE_POLYGON: u32 = 10;

/// Longitude or easting, latitude or northing, height.
type Numbers = [f64; 3];

impl Reader<'_> {
    /// A line, arcs, or a chain of both.
    pub(super) fn curve(&mut self, head: Head) -> Result<Nest, Rule> {
        match head.kind {
            COMPOUND_CURVE => {
                let count = self.count(5)?;
                let mut chain = Vec::new();
                for _ in 0..count {
                    let head = self.head()?;
                    let Nest::List(part) = self.piece(head)? else { continue };
                    // Each begins where the one before ends.
                    let is_first = chain.is_empty();
                    chain.extend(part.into_iter().skip(usize::from(!is_first)));
                }
                Ok(Nest::List(chain))
            }
            _ => self.piece(head),
        }
    }

    /// A line, or arcs.
    fn piece(&mut self, head: Head) -> Result<Nest, Rule> {
        match head.kind {
            LINE_STRING => self.line(head),
            CIRCULAR_STRING => {
                let Nest::List(corners) = self.line(head)? else { return Ok(Nest::List(Vec::new())) };
                self.arcs(&corners)
            }
            other => Err(damaged(format!("a part of a curve is a {}", super::name(other)))),
        }
    }

    /// An area within lines, or within curves.
    pub(super) fn surface(&mut self, head: Head) -> Result<Nest, Rule> {
        match head.kind {
            POLYGON => self.rings(head),
            CURVE_POLYGON => self.members(Self::curve),
            other => Err(damaged(format!("a part of a surface is a {}", super::name(other)))),
        }
    }

    /// Parts with a head each.
    pub(super) fn members(&mut self, part: fn(&mut Self, Head) -> Result<Nest, Rule>) -> Result<Nest, Rule> {
        let count = self.count(5)?;
        let parts = (0..count).map(|_| self.head().and_then(|head| part(self, head)));
        parts.collect::<Result<_, _>>().map(Nest::List)
    }

    /// Arcs, each from a position through the next to the one after, which the next arc begins with.
    fn arcs(&mut self, corners: &[Nest]) -> Result<Nest, Rule> {
        if corners.is_empty() {
            return Ok(Nest::List(Vec::new()));
        }
        if corners.len() < 3 || corners.len().is_multiple_of(2) {
            return Err(damaged(format!("arcs have 3, 5, 7 … positions, not {}", corners.len())));
        }
        let mut line = vec![corners[0].clone()];
        for arc in corners.windows(3).step_by(2) {
            let [Nest::Position { numbers: start, count }, Nest::Position { numbers: middle, .. }, Nest::Position { numbers: end, .. }] =
                arc
            else {
                continue;
            };
            let before = line.len();
            line.extend(chords([*start, *middle, *end]).map(|numbers| Nest::Position { numbers, count: *count }));
            line.push(arc[2].clone());
            self.corners += line.len() - before;
            if self.corners > MOST_CORNERS {
                return Err(damaged(format!("its arcs have more than {MOST_CORNERS} corners as lines")));
            }
        }
        Ok(Nest::List(line))
    }
}

/// The corners between the ends of an arc; where its three positions are on a line, that in the middle. Where it ends at its start it is a
/// circle, and the second position is opposite. Heights rise evenly.
fn chords([start, middle, end]: [Numbers; 3]) -> impl Iterator<Item = Numbers> {
    let is_circle = start[..2] == end[..2];
    let [ax, ay] = [middle[0] - start[0], middle[1] - start[1]];
    let [bx, by] = [end[0] - start[0], end[1] - start[1]];
    let (a, b, twice) = (ax * ax + ay * ay, bx * bx + by * by, 2.0 * (ax * by - ay * bx));
    // The circle through three points.
    let centre = match is_circle {
        true => [start[0] + ax / 2.0, start[1] + ay / 2.0],
        false => [start[0] + (by * a - ay * b) / twice, start[1] + (ax * b - bx * a) / twice],
    };
    let angle = |[x, y, _]: Numbers| (y - centre[1]).atan2(x - centre[0]);
    let (first, radius) = (angle(start), (start[0] - centre[0]).hypot(start[1] - centre[1]));
    let full = std::f64::consts::TAU;
    let swept = match (is_circle, twice > 0.0) {
        (true, _) => full,
        (false, true) => (angle(end) - first).rem_euclid(full),
        (false, false) => -(first - angle(end)).rem_euclid(full),
    };
    let is_straight = !is_circle && twice.abs() <= 1e-12 * (a + b);
    let count = if is_straight { 2 } else { (swept.abs().to_degrees() / STEP).ceil().clamp(2.0, 90.0) as usize };
    (1..count).map(move |step| {
        let share = step as f64 / count as f64;
        let at = first + swept * share;
        let height = start[2] + (end[2] - start[2]) * share;
        if is_straight { middle } else { [centre[0] + radius * at.cos(), centre[1] + radius * at.sin(), height] }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::Geometry;

    fn head(kind: u32) -> Vec<u8> {
        [&[1_u8][..], &kind.to_le_bytes()].concat()
    }

    fn line(kind: u32, corners: &[[f64; 2]]) -> Vec<u8> {
        let numbers = corners.iter().flatten().flat_map(|number| number.to_le_bytes());
        [head(kind), (corners.len() as u32).to_le_bytes().to_vec()].concat().into_iter().chain(numbers).collect()
    }

    fn many(kind: u32, parts: &[Vec<u8>]) -> Vec<u8> {
        [head(kind), (parts.len() as u32).to_le_bytes().to_vec(), parts.concat()].concat()
    }

    fn read(bytes: &[u8]) -> Result<Geometry, String> {
        let read = super::super::read(bytes).and_then(|(shape, _)| shape.check());
        read.map(|geometry| geometry.expect("it is not empty")).map_err(|rule| rule.to_string())
    }

    fn corners(geometry: &Geometry) -> Vec<geo::Coord> {
        use geo::CoordsIter;
        geometry.flat().coords_iter().collect()
    }

    const HALF: [[f64; 2]; 3] = [[0.0, 0.0], [1.0, 1.0], [2.0, 0.0]];

    #[test]
    fn an_arc_becomes_chords_of_its_circle() {
        let half = read(&line(CIRCULAR_STRING, &HALF)).unwrap();
        let found = corners(&half);
        assert_eq!((found.len(), found[0], found[45]), (46, (0.0, 0.0).into(), (2.0, 0.0).into()));
        assert!(found.iter().all(|at| ((at.x - 1.0).hypot(at.y) - 1.0).abs() < 1e-12 && at.y >= 0.0));
        let other = read(&line(CIRCULAR_STRING, &[HALF[0], [1.0, -1.0], HALF[2]])).unwrap();
        assert!(corners(&other).iter().all(|at| at.y <= 0.0), "it goes through its second position");
        let circle = read(&many(CURVE_POLYGON, &[line(CIRCULAR_STRING, &[[0.0, 0.0], [2.0, 0.0], [0.0, 0.0]])])).unwrap();
        let bounds = circle.bounds().unwrap();
        assert!((bounds.min_y + 0.999).abs() < 0.001 && (bounds.max_y - 0.999).abs() < 0.001 && corners(&circle).len() == 91);
        let straight = read(&line(CIRCULAR_STRING, &[[0.0, 0.0], [1.0, 1.0], [3.0, 3.0]])).unwrap();
        assert_eq!(corners(&straight).len(), 3);
    }

    #[test]
    fn curves_and_surfaces_are_lines_and_areas() {
        let chain = many(COMPOUND_CURVE, &[line(CIRCULAR_STRING, &HALF), line(LINE_STRING, &[[2.0, 0.0], [0.0, 0.0]])]);
        let ring = [[5.0, 0.0], [6.0, 0.0], [6.0, 1.0], [5.0, 0.0]];
        // Of a polygon the rings have no heads.
        let polygon = |kind| [head(kind), 1_u32.to_le_bytes().to_vec(), line(LINE_STRING, &ring)[5..].to_vec()].concat();
        for (bytes, kind, count) in [
            (chain.clone(), "LineString", 47),
            (many(11, &[chain.clone(), line(LINE_STRING, &HALF)]), "MultiLineString", 50),
            (many(12, &[many(CURVE_POLYGON, &[chain]), polygon(POLYGON)]), "MultiPolygon", 51),
            (many(15, &[polygon(POLYGON)]), "MultiPolygon", 4),
            (many(16, &[polygon(17)]), "MultiPolygon", 4),
            (polygon(17), "Polygon", 4),
        ] {
            let geometry = read(&bytes).unwrap();
            assert!(
                format!("{:?}", geometry.flat()).to_ascii_uppercase().starts_with(&kind.to_ascii_uppercase()[..5]),
                "{kind}: {geometry:?}"
            );
            assert_eq!(corners(&geometry).len(), count, "{kind}");
        }
    }

    #[test]
    fn what_is_no_curve_says_why() {
        for (bytes, message) in [
            (line(CIRCULAR_STRING, &HALF[..2]), "arcs have 3, 5, 7 … positions, not 2"),
            (many(COMPOUND_CURVE, &[many(COMPOUND_CURVE, &[])]), "a part of a curve is a CompoundCurve"),
            (many(12, &[line(LINE_STRING, &HALF)]), "a part of a surface is a LineString"),
            (line(CIRCULAR_STRING, &[HALF[0], HALF[1]].repeat(20_000)[..39_999]), "its arcs have more than 1048576 corners as lines"),
        ] {
            let said = read(&bytes).unwrap_err();
            assert!(said.ends_with(message), "{said}");
        }
    }

    proptest! {
        #[test]
        fn any_arc_stays_within_its_circle(numbers in prop::array::uniform6(-1e3..1e3_f64)) {
            let [a, b, c, d, e, f] = numbers;
            let all = chords([[a, b, 0.0], [c, d, 0.0], [e, f, 1.0]]).collect::<Vec<_>>();
            prop_assert!(all.len() < 90 && all.iter().flatten().all(|number| number.is_finite()));
            prop_assert!(all.windows(2).all(|pair| pair[0][2] <= pair[1][2]));
        }
    }
}
