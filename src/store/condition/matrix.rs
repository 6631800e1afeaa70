//! The DE-9IM matrix of collections (OGC 06-103r4, clause 6.1.15, which leaves it open what it is for them): a collection is the points of
//! all its parts together.
//!
//! What another part covers adds no point. What is left is taken as one geometry of areas, one of lines and one of points, as long as
//! these share no point with each other and areas, and lines, meet in points at the most. Then what is inside, edge and outside of the whole
//! follows from them exactly. Of other collections (areas that overlap or lie side by side, lines that leave or touch an area, lines that run
//! together for a while) it does not, since their union has corners that no double is, and ends that are none of it; nor is it looked for in collections of very many parts.

use std::str::FromStr;

use geo::{
    Geometry as Flat, HasDimensions, Intersects, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon, Relate,
    coordinate_position::CoordPos::{self, Inside, OnBoundary},
    dimensions::Dimensions,
    relate::IntersectionMatrix,
};

/// Areas, and lines, that a collection may have: each is held against each of the others, for every feature that is looked at.
const MOST_PARTS: usize = 32;

/// How two geometries lie to each other; `None` where that is not known of a collection.
pub(super) fn matrix(a: &Flat, b: &Flat) -> Option<IntersectionMatrix> {
    let (a, b) = (pieces(a)?, pieces(b)?);
    let pairs = a.iter().flat_map(|a| b.iter().map(|b| a.relate(b))).collect::<Vec<_>>();
    let both = |of_a: CoordPos, of_b: CoordPos| pairs.iter().map(|pair| pair.get(of_a, of_b)).max().unwrap_or(Dimensions::Empty);
    let ([inside_a, edge_a], [inside_b, edge_b]) = (beyond(&a, &b), beyond(&b, &a));
    let cells = [
        [both(Inside, Inside), both(Inside, OnBoundary), inside_a],
        [both(OnBoundary, Inside), both(OnBoundary, OnBoundary), edge_a],
        [inside_b, edge_b, Dimensions::TwoDimensional],
    ];
    let letter = |cell: Dimensions| match cell {
        Dimensions::Empty => 'F',
        Dimensions::ZeroDimensional => '0',
        Dimensions::OneDimensional => '1',
        Dimensions::TwoDimensional => '2',
    };
    IntersectionMatrix::from_str(&cells.into_iter().flatten().map(letter).collect::<String>()).ok()
}

/// The parts of a geometry by their dimension.
#[derive(Default)]
struct Parts {
    areas: Vec<Polygon>,
    lines: Vec<LineString>,
    points: Vec<Point>,
}

impl Parts {
    fn add(&mut self, geometry: &Flat) {
        match geometry {
            Flat::Point(point) => self.points.push(*point),
            Flat::MultiPoint(points) => self.points.extend(points.iter()),
            Flat::Line(line) => self.lines.push((*line).into()),
            Flat::LineString(line) => self.lines.push(line.clone()),
            Flat::MultiLineString(lines) => self.lines.extend(lines.iter().cloned()),
            Flat::Polygon(polygon) => self.areas.push(polygon.clone()),
            Flat::MultiPolygon(polygons) => self.areas.extend(polygons.iter().cloned()),
            Flat::Rect(rect) => self.areas.push(rect.to_polygon()),
            Flat::Triangle(triangle) => self.areas.push(triangle.to_polygon()),
            Flat::GeometryCollection(collection) => collection.iter().for_each(|part| self.add(part)),
        }
    }

    fn of(geometry: &Flat) -> Self {
        let mut parts = Self::default();
        parts.add(geometry);
        parts
    }
}

/// Geometries that are no collections, share no point and have all points of this one.
fn pieces(geometry: &Flat) -> Option<Vec<Flat>> {
    if !matches!(geometry, Flat::GeometryCollection(_)) {
        return Some(vec![geometry.clone()]);
    }
    let Parts { areas, lines, points } = Parts::of(geometry);
    if areas.len().max(lines.len()) > MOST_PARTS {
        return None;
    }
    let areas = MultiPolygon(uncovered(areas));
    for (at, area) in areas.iter().enumerate() {
        for other in &areas.0[..at] {
            let both = area.relate(other);
            if both.get(Inside, Inside) != Dimensions::Empty || both.get(OnBoundary, OnBoundary) > Dimensions::ZeroDimensional {
                return None;
            }
        }
    }
    let lines = uncovered(lines).into_iter().filter(|line| !line.relate(&areas).is_coveredby()).collect();
    let lines = MultiLineString(lines);
    if lines.intersects(&areas) || overlap(&lines) {
        return None;
    }
    let points = points.into_iter().filter(|point| !areas.intersects(point) && !lines.intersects(point)).collect::<Vec<_>>();
    let points = MultiPoint(points);
    let pieces = [(areas.is_empty(), areas.into()), (lines.is_empty(), lines.into()), (points.is_empty(), points.into())];
    Some(pieces.into_iter().filter(|(is_empty, _)| !is_empty).map(|(_, piece)| piece).collect())
}

/// Whether two lines share more than points.
fn overlap(lines: &MultiLineString) -> bool {
    let shares = |line: &LineString, other: &LineString| line.relate(other).get(Inside, Inside) == Dimensions::OneDimensional;
    lines.iter().enumerate().any(|(at, line)| lines.0[..at].iter().any(|other| shares(line, other)))
}

/// Those that no other one covers; of several that are the same, the first.
fn uncovered<G: Relate<f64> + Clone>(mut parts: Vec<G>) -> Vec<G> {
    let mut at = 0;
    while at < parts.len() {
        let is_covered = parts.iter().enumerate().any(|(other, part)| {
            let both = (other != at).then(|| parts[at].relate(part));
            both.is_some_and(|both| both.is_coveredby() && (other < at || !both.is_covers()))
        });
        if is_covered {
            parts.remove(at);
        } else {
            at += 1;
        }
    }
    parts
}

/// The dimensions of what of the inside, and of the edge, of these is outside of those. Pieces share no point, so that what hangs together
/// is covered by one of them or not at all.
fn beyond(these: &[Flat], those: &[Flat]) -> [Dimensions; 2] {
    let mut beyond = [Dimensions::Empty; 2];
    let mut add = |edge: usize, is_covered: bool, dimensions: Dimensions| {
        if !is_covered {
            beyond[edge] = beyond[edge].max(dimensions);
        }
    };
    let is_on = |point: &Point| those.iter().any(|that| that.intersects(point));
    let is_covered = |line: &LineString| those.iter().any(|that| line.relate(that).is_coveredby());
    for this in these {
        let Parts { areas, lines, points } = Parts::of(this);
        for area in &areas {
            add(0, those.iter().any(|that| area.relate(that).is_coveredby()), area.dimensions());
            for ring in std::iter::once(area.exterior()).chain(area.interiors()) {
                add(1, is_covered(ring), ring.dimensions());
            }
        }
        for line in &lines {
            add(0, is_covered(line), line.dimensions());
            for end in [line.0.first(), line.0.last()].into_iter().flatten().map(|coord| Point(*coord)) {
                // An end that lines share is an edge where an odd number of them ends (clause 6.1.11.1).
                if end.relate(this).get(Inside, OnBoundary) != Dimensions::Empty {
                    add(1, is_on(&end), Dimensions::ZeroDimensional);
                }
            }
        }
        points.iter().for_each(|point| add(0, is_on(point), Dimensions::ZeroDimensional));
    }
    beyond
}

#[cfg(test)]
mod tests {
    use geo::{Coord, coordinate_position::CoordPos::Outside};
    use proptest::prelude::*;

    use super::{
        super::relate::tests::{collection, part},
        *,
    };

    /// Where a point whose coordinates are halves lies, and the greatest dimension that something can have it is in the midst of.
    fn places(pieces: &[Flat]) -> impl Iterator<Item = (CoordPos, Dimensions)> + '_ {
        (0..9_u8).flat_map(|x| (0..9_u8).map(move |y| (x, y))).map(|(x, y)| {
            let coord = Coord { x: f64::from(x) / 2.0, y: f64::from(y) / 2.0 };
            let dimensions =
                [Dimensions::ZeroDimensional, Dimensions::OneDimensional, Dimensions::TwoDimensional][usize::from(x % 2 + y % 2)];
            // `coordinate_position` has the end that an even number of lines share outside of them.
            let is_at = |place: CoordPos| pieces.iter().any(|piece| Point(coord).relate(piece).get(Inside, place) != Dimensions::Empty);
            ([Inside, OnBoundary].into_iter().find(|place| is_at(*place)).unwrap_or(Outside), dimensions)
        })
    }

    fn agrees(a: &Flat, b: &Flat) -> Result<(), TestCaseError> {
        let (Some(found), Some(of_a), Some(of_b)) = (matrix(a, b), pieces(a), pieces(b)) else { return Ok(()) };
        for (whole, pieces) in [(a, &of_a), (b, &of_b)] {
            let is_in = |parts: &[Flat], coord: &Coord| parts.iter().any(|part| part.intersects(coord));
            let grid = (0..81).map(|at| Coord { x: f64::from(at % 9) / 2.0, y: f64::from(at / 9) / 2.0 });
            for coord in grid {
                prop_assert_eq!(is_in(pieces, &coord), is_in(std::slice::from_ref(whole), &coord));
            }
        }
        for of in [Inside, OnBoundary, Outside] {
            for other in [Inside, OnBoundary, Outside] {
                let both = places(&of_a).zip(places(&of_b)).filter(|((a, _), (b, _))| (*a, *b) == (of, other));
                let expected = both.map(|((_, dimensions), _)| dimensions).max().unwrap_or(Dimensions::Empty);
                if (of, other) != (Outside, Outside) {
                    prop_assert_eq!(found.get(of, other), expected, "{:?} {:?} {:?} {:?}", of, other, a, b);
                }
            }
        }
        Ok(())
    }

    proptest! {
        /// Shapes whose corners have whole coordinates: each of their faces, edges and corners has a point whose coordinates are halves.
        #[test]
        fn a_matrix_is_that_of_the_points(a in collection(), b in collection(), one in part()) {
            for (a, b) in [(&a, &b), (&a, &one), (&one, &a)] {
                agrees(a, b)?;
            }
        }
    }

    #[test]
    fn lines_that_run_together_are_not_known() {
        // The end of each lies in the midst of the other: an edge of both together, or not, as one counts.
        let [one, other] = [[(1.0, 2.0), (1.0, 4.0)], [(1.0, 0.0), (1.0, 3.0)]].map(|line| Flat::from(LineString::from(line.to_vec())));
        let area = Flat::from(geo::Rect::new((0.0, 2.0), (2.0, 3.0)).to_polygon());
        assert!(matrix(&area, &Flat::GeometryCollection(vec![one.clone(), other].into())).is_none());
        let crossing = Flat::from(LineString::from(vec![(0.0, 3.5), (2.0, 3.5)]));
        assert!(matrix(&area, &Flat::GeometryCollection(vec![one, crossing].into())).is_some());
    }

    #[test]
    fn very_many_parts_are_not_held_against_each_other() {
        let line = |at: usize| Flat::from(LineString::from(vec![(at as f64, 0.0), (at as f64, 1.0)]));
        let all = |count: usize| Flat::GeometryCollection((0..count).map(line).collect());
        assert!(matrix(&all(MOST_PARTS), &line(3)).is_some());
        assert!(matrix(&all(MOST_PARTS + 1), &line(3)).is_none());
    }
}
