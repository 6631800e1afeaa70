//! Lines and polygons on a tile: projected, cut off at its margin, simplified by its zoom, on whole units, and valid after all that.

use geo::{
    Area, BooleanOps, BoundingRect, CoordsIter, Geometry as Flat, LineString, MapCoords, MultiLineString, MultiPolygon, Orient, Polygon,
    Rect, Validation, orient::Direction, unary_union,
};

use super::layer::EXTENT;
use crate::model::Tile;

/// How far beyond its edges a tile is drawn, in units, so that what a map draws along an edge has no seam.
pub(super) const MARGIN: f64 = 64.0;

/// How far a simplified line may lie from the true one, in units: a quarter of a pixel where a tile is 256 wide.
const TOLERANCE: f64 = 4.0;

/// Points of a line that are simplified at once.
const STRETCH: usize = 64;

/// Polygons with more corners are cut roughly before they are cut exactly.
const MANY: usize = 256;

/// Times that a polygon is put on whole units and mended again before it is given up.
const ROUNDS: u32 = 6;

/// What a shape is on a tile.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) points: Vec<(i32, i32)>,
    /// Each of two points or more.
    pub(super) lines: Vec<Vec<(i32, i32)>>,
    /// Outer rings, each with its holes behind it; first and last points are not the same.
    pub(super) rings: Vec<Vec<(i32, i32)>>,
}

impl Parts {
    pub(super) fn is_empty(&self) -> bool {
        self.points.is_empty() && self.lines.is_empty() && self.rings.is_empty()
    }

    /// How many points all of them have.
    pub(super) fn corners(&self) -> usize {
        self.points.len() + self.lines.iter().chain(&self.rings).map(Vec::len).sum::<usize>()
    }
}

/// The parts of a shape, in degrees, that lie on a tile. One that is too small for its form to be seen is drawn as a point, its first
/// corner, on the tile on which that lies: no feature is lost.
pub(super) fn parts(shape: &Flat<f64>, tile: Tile) -> Parts {
    let scale = f64::from(EXTENT);
    let place = |coord: geo::Coord<f64>| {
        let (x, y) = tile.place(coord.x, coord.y);
        geo::Coord { x: x * scale, y: y * scale }
    };
    let mut parts = Parts::default();
    let shape = shape.map_coords(place);
    let frame = Frame { world: f64::from(EXTENT) * f64::from(1_u32 << tile.zoom()), is_exact: tile.zoom() == Tile::MOST_ZOOM };
    frame.collect(&shape, &mut parts);
    if parts.is_empty() {
        parts.points.extend(shape.coords_iter().next().and_then(|corner| frame.on_tile(corner)));
    }
    parts
}

/// What a tile needs to know of its zoom.
struct Frame {
    /// Units across the world.
    world: f64,
    /// Whether nothing is simplified: no finer zoom follows.
    is_exact: bool,
}

impl Frame {
    fn collect(&self, shape: &Flat<f64>, parts: &mut Parts) {
        let tolerance = if self.is_exact { 0.0 } else { TOLERANCE };
        match shape {
            Flat::Point(point) => parts.points.extend(self.on_tile(point.0)),
            Flat::MultiPoint(points) => parts.points.extend(points.iter().filter_map(|point| self.on_tile(point.0))),
            Flat::LineString(line) => lines(&MultiLineString(vec![line.clone()]), tolerance, &mut parts.lines),
            Flat::MultiLineString(all) => lines(all, tolerance, &mut parts.lines),
            Flat::Polygon(polygon) => polygons(&MultiPolygon(vec![polygon.clone()]), tolerance, &mut parts.rings),
            Flat::MultiPolygon(all) => polygons(all, tolerance, &mut parts.rings),
            Flat::GeometryCollection(all) => all.iter().for_each(|shape| self.collect(shape, parts)),
            Flat::Line(_) | Flat::Rect(_) | Flat::Triangle(_) => unreachable!("Geometry::new turns these into GeoJSON's types"),
        }
    }

    /// A point in whole units; `None` where it lies on another tile, so that each point is on one tile and no more.
    fn on_tile(&self, coord: geo::Coord<f64>) -> Option<(i32, i32)> {
        let whole = 0.0..f64::from(EXTENT);
        // Longitudes 180 and −180 are one meridian, and the first column's.
        let x = if coord.x == self.world { 0.0 } else { coord.x };
        (whole.contains(&x) && whole.contains(&coord.y)).then_some((x as i32, coord.y as i32))
    }
}

/// The tile and its margin.
fn margins() -> Rect<f64> {
    let end = f64::from(EXTENT) + MARGIN;
    Rect::new(geo::coord! { x: -MARGIN, y: -MARGIN }, geo::coord! { x: end, y: end })
}

/// Whether bounds lie within the frame, so that nothing is to be cut off.
fn is_within(bounds: Option<Rect<f64>>) -> bool {
    let frame = margins();
    bounds.is_some_and(|bounds| {
        frame.min().x <= bounds.min().x
            && frame.min().y <= bounds.min().y
            && bounds.max().x <= frame.max().x
            && bounds.max().y <= frame.max().y
    })
}

fn lines(all: &MultiLineString<f64>, tolerance: f64, out: &mut Vec<Vec<(i32, i32)>>) {
    let cut = if is_within(all.bounding_rect()) { all.clone() } else { margins().to_polygon().clip(all, false) };
    let units = cut.iter().map(|line| units(&simplified(line, tolerance)));
    out.extend(units.filter(|line| line.len() > 1));
}

fn polygons(all: &MultiPolygon<f64>, tolerance: f64, out: &mut Vec<Vec<(i32, i32)>>) {
    let cut = match is_within(all.bounding_rect()) {
        true => all.clone(),
        false if all.coords_count() > MANY => nearby(all).intersection(&margins().to_polygon()),
        false => all.intersection(&margins().to_polygon()),
    };
    // What simplification has tangled beyond mending is drawn as it was.
    let simple = cut.iter().map(|polygon| {
        let ring = |ring: &LineString<f64>| {
            let simple = simplified(ring, tolerance);
            if simple.0.len() > 3 { simple } else { ring.clone() }
        };
        Polygon::new(ring(polygon.exterior()), polygon.interiors().iter().map(ring).collect())
    });
    let Some(valid) = mended(&simple.collect()).or_else(|| mended(&cut)) else { return };
    // Outer rings have a positive area by the surveyor's formula, whichever way is up (clause 4.3.4.4).
    for polygon in valid.orient(Direction::Default) {
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            let mut ring = units(ring);
            ring.pop();
            out.push(ring);
        }
    }
}

/// What of polygons lies about the tile, cut off a tile's width beyond it (Sutherland and Hodgman, "Reentrant polygon clipping", 1974,
/// <https://doi.org/10.1145/360767.360802>). Parts can hang together there by lines without width, which the exact cut takes away.
///
/// O(n): the exact cut looks at crossings, and a coast has few of them.
fn nearby(all: &MultiPolygon<f64>) -> MultiPolygon<f64> {
    let (low, high) = (-f64::from(EXTENT), 2.0 * f64::from(EXTENT));
    let ring = |ring: &LineString<f64>| {
        let mut points = ring.0.clone();
        points.pop();
        for (axis, edge, sign) in [(0, low, 1.0), (0, high, -1.0), (1, low, 1.0), (1, high, -1.0)] {
            let past = |point: &geo::Coord<f64>| sign * (if axis == 0 { point.x } else { point.y } - edge);
            let mut kept = Vec::with_capacity(points.len());
            for (index, point) in points.iter().enumerate() {
                let before = points[if index == 0 { points.len() - 1 } else { index - 1 }];
                let (from, to) = (past(&before), past(point));
                if (from < 0.0) != (to < 0.0) {
                    let crossing = before + (*point - before) * (from / (from - to));
                    kept.push(if axis == 0 {
                        geo::coord! { x: edge, y: crossing.y }
                    } else {
                        geo::coord! { x: crossing.x, y: edge }
                    });
                }
                if to >= 0.0 {
                    kept.push(*point);
                }
            }
            points = kept;
        }
        LineString(points)
    };
    let polygon = |polygon: &Polygon<f64>| {
        let exterior = ring(polygon.exterior());
        (exterior.0.len() > 2)
            .then(|| Polygon::new(exterior, polygon.interiors().iter().map(ring).filter(|ring| ring.0.len() > 2).collect()))
    };
    MultiPolygon(all.iter().filter_map(polygon).collect())
}

/// A line without the points that lie within a tolerance of what is left (Douglas and Peucker, 1973, <https://doi.org/10.3138/FM57-6770-U75U-7727>).
///
/// Every [`STRETCH`]th point is kept, so that neither time nor depth grows with the square of a line that zigzags.
fn simplified(line: &LineString<f64>, tolerance: f64) -> LineString<f64> {
    if line.0.len() < 3 || tolerance == 0.0 {
        return line.clone();
    }
    // What lies within a unit of the point before cannot be told from it.
    let mut points = vec![line.0[0]];
    for point in &line.0[1..] {
        let step = *point - points[points.len() - 1];
        if step.x.hypot(step.y) >= 1.0 {
            points.push(*point);
        }
    }
    if points.last() != line.0.last() {
        points.extend(line.0.last());
    }
    let last = points.len() - 1;
    let mut is_kept = vec![false; points.len()];
    let mut stretches = (0..last).step_by(STRETCH).map(|start| (start, (start + STRETCH).min(last))).collect::<Vec<_>>();
    is_kept[last] = true;
    while let Some((start, end)) = stretches.pop() {
        is_kept[start] = true;
        is_kept[end] = true;
        let between = (start + 1..end).map(|at| (at, distance(points[at], points[start], points[end])));
        if let Some((far, _)) = between.filter(|(_, distance)| *distance > tolerance).max_by(|a, b| a.1.total_cmp(&b.1)) {
            stretches.extend([(start, far), (far, end)]);
        }
    }
    LineString(points.iter().zip(is_kept).filter(|(_, kept)| *kept).map(|(point, _)| *point).collect())
}

/// How far a point lies from the segment between two others.
fn distance(point: geo::Coord<f64>, start: geo::Coord<f64>, end: geo::Coord<f64>) -> f64 {
    let (along, to) = (end - start, point - start);
    let length = along.x * along.x + along.y * along.y;
    let share = if length > 0.0 { ((to.x * along.x + to.y * along.y) / length).clamp(0.0, 1.0) } else { 0.0 };
    let off = to - along * share;
    off.x.hypot(off.y)
}

/// On whole units, and valid there: rounding can tangle a ring, untangling makes points that are not whole.
fn mended(all: &MultiPolygon<f64>) -> Option<MultiPolygon<f64>> {
    let mut shape = on_units(all);
    for _ in 0..ROUNDS {
        if shape.is_valid() {
            return Some(shape);
        }
        shape = on_units(&unary_union(&shape.0));
    }
    None
}

/// On whole units, without rings that have no area there.
fn on_units(all: &MultiPolygon<f64>) -> MultiPolygon<f64> {
    let ring = |ring: &LineString<f64>| {
        let points = units(ring).into_iter().map(|(x, y)| geo::coord! { x: f64::from(x), y: f64::from(y) });
        let ring = LineString(points.collect());
        (ring.0.len() > 3 && Polygon::new(ring.clone(), Vec::new()).unsigned_area() > 0.0).then_some(ring)
    };
    let polygon = |polygon: &Polygon<f64>| {
        let holes = polygon.interiors().iter().filter_map(ring).collect();
        ring(polygon.exterior()).map(|exterior| Polygon::new(exterior, holes))
    };
    MultiPolygon(all.iter().filter_map(polygon).collect())
}

/// Whole units, no point twice in a row.
fn units(line: &LineString<f64>) -> Vec<(i32, i32)> {
    let mut points = line.coords().map(|coord| (coord.x.round() as i32, coord.y.round() as i32)).collect::<Vec<_>>();
    points.dedup();
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The rings as polygons again: an outer one has a positive area, and its holes follow it.
    fn polygons_of(rings: &[Vec<(i32, i32)>]) -> MultiPolygon<f64> {
        let mut all = Vec::<Polygon<f64>>::new();
        for ring in rings {
            let line = LineString(ring.iter().map(|(x, y)| geo::coord! { x: f64::from(*x), y: f64::from(*y) }).collect());
            if Polygon::new(line.clone(), Vec::new()).signed_area() > 0.0 {
                all.push(Polygon::new(line, Vec::new()));
            } else {
                all.last_mut().expect("a hole has a polygon before it").interiors_push(line);
            }
        }
        MultiPolygon(all)
    }

    /// A star about a centre: valid, with spikes that rounding and simplifying tangle.
    fn star() -> impl Strategy<Value = Polygon<f64>> {
        ((-179.0..179.0_f64, -80.0..80.0_f64), prop::collection::vec(0.001..1.0_f64, 3..40), -4..1_i32).prop_map(
            |((lon, lat), radii, size)| {
                let size = 10_f64.powi(size);
                let corner = |(index, radius): (usize, &f64)| {
                    let (sine, cosine) = (index as f64 / radii.len() as f64 * std::f64::consts::TAU).sin_cos();
                    geo::coord! { x: lon + radius * size * cosine, y: lat + radius * size * sine }
                };
                Polygon::new(LineString(radii.iter().enumerate().map(corner).collect()), Vec::new())
            },
        )
    }

    /// The tile at a zoom that holds a position.
    fn tile_at(lon: f64, lat: f64, zoom: u32) -> Tile {
        let (x, y) = Tile::new(0, 0, 0).unwrap().place(lon, lat);
        let size = f64::from(1_u32 << zoom);
        Tile::new(zoom, (y * size) as u32, (x * size) as u32).unwrap()
    }

    proptest! {
        #[test]
        fn polygons_stay_valid_on_every_tile(star in star(), zoom in 0_u32..=20, corner in 0_usize..3) {
            let at = star.exterior().0[corner];
            let parts = parts(&star.clone().into(), tile_at(at.x.clamp(-179.9, 179.9), at.y, zoom));
            let drawn = polygons_of(&parts.rings);
            prop_assert!(drawn.is_valid(), "{drawn:?}");
            for (x, y) in parts.rings.iter().flatten() {
                prop_assert!((-64..=4160).contains(x) && (-64..=4160).contains(y));
            }
        }

        #[test]
        fn lines_are_cut_at_the_margin(points in prop::collection::vec((-170.0..170.0_f64, -80.0..80.0_f64), 2..20), zoom in 0_u32..=12) {
            let line = LineString(points.iter().map(|(x, y)| geo::coord! { x: *x, y: *y }).collect());
            let parts = parts(&line.into(), tile_at(points[0].0, points[0].1, zoom));
            for line in &parts.lines {
                prop_assert!(line.len() > 1 && line.windows(2).all(|pair| pair[0] != pair[1]));
                prop_assert!(line.iter().all(|(x, y)| (-64..=4160).contains(x) && (-64..=4160).contains(y)));
            }
        }
    }

    #[test]
    fn what_is_left_of_a_line_is_near_what_was() {
        let line =
            (0..3000).map(|step| geo::coord! { x: f64::from(step), y: (f64::from(step) / 40.0).sin() * 30.0 }).collect::<LineString<f64>>();
        let simple = simplified(&line, 4.0);
        assert!(simple.0.len() < 200 && simple.0.first() == line.0.first() && simple.0.last() == line.0.last());
        for point in &line.0 {
            let near = simple.0.windows(2).map(|pair| distance(*point, pair[0], pair[1])).fold(f64::INFINITY, f64::min);
            assert!(near <= 5.0, "{point:?}: {near}");
        }
        let zigzag =
            (0..200_000).map(|step| geo::coord! { x: f64::from(step), y: f64::from(step % 2) * 100.0 }).collect::<LineString<f64>>();
        assert!(simplified(&zigzag, 4.0).0.len() > 150_000);
        assert_eq!(simplified(&LineString(Vec::new()), 4.0).0.len(), 0);
    }

    #[test]
    fn a_long_coast_is_cut_as_exactly_as_a_short_one() {
        // A wave about a circle: it leaves the tile and comes back many times.
        let coast = |corners: usize| {
            let corner = |step: usize| {
                let turn = step as f64 / corners as f64 * std::f64::consts::TAU;
                let radius = 3000.0 + 1500.0 * (9.0 * turn).sin();
                geo::coord! { x: 1000.0 + radius * turn.cos(), y: 2000.0 + radius * turn.sin() }
            };
            MultiPolygon(vec![Polygon::new(LineString((0..corners).map(corner).collect()), Vec::new())])
        };
        for far in [0.0, 3000.0, 30_000.0] {
            let all = coast(2000).map_coords(|coord| geo::coord! { x: coord.x + far, y: coord.y });
            let (rough, exact) = (nearby(&all).intersection(&margins().to_polygon()), all.intersection(&margins().to_polygon()));
            // The cut puts corners on a grid as fine as what is cut allows.
            assert!((rough.unsigned_area() - exact.unsigned_area()).abs() < 10.0, "{far}");
            assert!(rough.is_valid());
        }
    }

    #[test]
    fn a_polygon_around_the_tile_is_its_frame_and_a_hole_is_cut_out() {
        let ring = |a: f64, b: f64| Rect::new(geo::coord! { x: a, y: a }, geo::coord! { x: b, y: b }).to_polygon().exterior().clone();
        let tile = Tile::new(3, 3, 4).unwrap();
        let outer = parts(&Polygon::new(ring(-60.0, 80.0), Vec::new()).into(), tile);
        assert_eq!(polygons_of(&outer.rings).unsigned_area(), 4224.0 * 4224.0);
        let pierced = parts(&Polygon::new(ring(-60.0, 80.0), vec![ring(10.0, 20.0)]).into(), tile);
        assert_eq!(pierced.rings.len(), 2);
        assert!(polygons_of(&pierced.rings).unsigned_area() < 4224.0 * 4224.0);
        let hole = parts(&Polygon::new(ring(-60.0, 89.0), vec![ring(-59.0, 88.0)]).into(), tile);
        assert!(hole.rings.is_empty(), "the tile lies in the hole");
    }
}
