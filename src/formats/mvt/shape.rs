//! Lines and polygons on a tile: projected, cut off at its margin, simplified by its zoom, on whole units, and valid after all that.

use geo::{
    Area, BooleanOps, BoundingRect, Geometry as Flat, LineString, MapCoords, MultiLineString, MultiPolygon, Orient, Polygon, Rect,
    Simplify, Validation, orient::Direction, unary_union,
};

use super::layer::EXTENT;
use crate::model::Tile;

/// How far beyond its edges a tile is drawn, in units, so that what a map draws along an edge has no seam.
pub(super) const MARGIN: f64 = 64.0;

/// How far a simplified line may lie from the true one, in units: a quarter of a pixel where a tile is 256 wide.
const TOLERANCE: f64 = 4.0;

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

/// The parts of a shape, in degrees, that lie on a tile.
pub(super) fn parts(shape: &Flat<f64>, tile: Tile) -> Parts {
    let scale = f64::from(EXTENT);
    let place = |coord: geo::Coord<f64>| {
        let (x, y) = tile.place(coord.x, coord.y);
        geo::Coord { x: x * scale, y: y * scale }
    };
    let mut parts = Parts::default();
    collect(&shape.map_coords(place), tile.zoom() == Tile::MOST_ZOOM, &mut parts);
    parts
}

fn collect(shape: &Flat<f64>, is_exact: bool, parts: &mut Parts) {
    let tolerance = if is_exact { 0.0 } else { TOLERANCE };
    match shape {
        Flat::Point(point) => parts.points.extend(on_tile(point.0)),
        Flat::MultiPoint(points) => parts.points.extend(points.iter().filter_map(|point| on_tile(point.0))),
        Flat::LineString(line) => lines(&MultiLineString(vec![line.clone()]), tolerance, &mut parts.lines),
        Flat::MultiLineString(all) => lines(all, tolerance, &mut parts.lines),
        Flat::Polygon(polygon) => polygons(&MultiPolygon(vec![polygon.clone()]), tolerance, &mut parts.rings),
        Flat::MultiPolygon(all) => polygons(all, tolerance, &mut parts.rings),
        Flat::GeometryCollection(all) => all.iter().for_each(|shape| collect(shape, is_exact, parts)),
        Flat::Line(_) | Flat::Rect(_) | Flat::Triangle(_) => unreachable!("Geometry::new turns these into GeoJSON's types"),
    }
}

/// A point in whole units; `None` where it lies on another tile, so that each point is on one tile and no more.
fn on_tile(coord: geo::Coord<f64>) -> Option<(i32, i32)> {
    let whole = 0.0..f64::from(EXTENT);
    (whole.contains(&coord.x) && whole.contains(&coord.y)).then_some((coord.x as i32, coord.y as i32))
}

/// The tile and its margin.
fn frame() -> Rect<f64> {
    let end = f64::from(EXTENT) + MARGIN;
    Rect::new(geo::coord! { x: -MARGIN, y: -MARGIN }, geo::coord! { x: end, y: end })
}

/// Whether bounds lie within the frame, so that nothing is to be cut off.
fn is_within(bounds: Option<Rect<f64>>) -> bool {
    let frame = frame();
    bounds.is_some_and(|bounds| {
        frame.min().x <= bounds.min().x
            && frame.min().y <= bounds.min().y
            && bounds.max().x <= frame.max().x
            && bounds.max().y <= frame.max().y
    })
}

fn lines(all: &MultiLineString<f64>, tolerance: f64, out: &mut Vec<Vec<(i32, i32)>>) {
    let cut = if is_within(all.bounding_rect()) { all.clone() } else { frame().to_polygon().clip(all, false) };
    let units = cut.simplify(tolerance).0.into_iter().map(|line| units(&line));
    out.extend(units.filter(|line| line.len() > 1));
}

fn polygons(all: &MultiPolygon<f64>, tolerance: f64, out: &mut Vec<Vec<(i32, i32)>>) {
    let cut = if is_within(all.bounding_rect()) { all.clone() } else { all.intersection(&frame().to_polygon()) };
    // What simplification has tangled beyond mending is drawn as it was.
    let Some(valid) = mended(&cut.simplify(tolerance)).or_else(|| mended(&cut)) else { return };
    // Outer rings have a positive area by the surveyor's formula, whichever way is up (clause 4.3.4.4).
    for polygon in valid.orient(Direction::Default) {
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            let mut ring = units(ring);
            ring.pop();
            out.push(ring);
        }
    }
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
