//! Tables of several levels of the index give exactly what a linear scan gives, on coordinates that its `f32` cannot tell apart.

use std::{collections::BTreeSet, sync::LazyLock};

use geo::{Coord, CoordsIter, Geometry as Flat, LineString, MultiPoint, Point, Polygon};
use harmattan::{
    model::{Bbox, Feature, Geometry, Value},
    query::Filter,
    store::Table,
};
use proptest::prelude::*;

use crate::support::{cases, meets, table};

/// Where edges and coordinates meet: numbers that `f32` rounds up, rounds down and holds, the antimeridian and the poles.
const KNOTS: [f64; 16] = [
    -180.0,
    180.0,
    -90.0,
    90.0,
    0.0,
    10.1,
    -10.1,
    10.3,
    16.25,
    45.000_001,
    -45.000_001,
    89.999_999,
    33.333_333_333_333_336,
    -0.1,
    0.1,
    77.7,
];

/// A knot or one of its neighbours: as `f64` (`step` −2 to 2), or as `f32` (−5 to −3 and 3 to 5).
fn near(knot: usize, step: i32, limit: f64) -> f64 {
    let knot = KNOTS[knot % KNOTS.len()];
    let single = knot as f32;
    let value = match step {
        -5 => f64::from(single.next_down()),
        -4 => f64::from(single).next_down(),
        -3 | 3 => f64::from(single),
        4 => f64::from(single).next_up(),
        5 => f64::from(single.next_up()),
        step if step < 0 => (0..-step).fold(knot, |value, _| value.next_down()),
        step => (0..step).fold(knot, |value, _| value.next_up()),
    };
    apart(value).clamp(-limit, limit)
}

/// Not beside zero: there the products of `geo`'s predicates underflow, and the linear scan is wrong.
fn apart(value: f64) -> f64 {
    if value != 0.0 && value.abs() < 1e-100 { 1e-100_f64.copysign(value) } else { value }
}

/// Xorshift: Marsaglia, "Xorshift RNGs" (2003), <https://doi.org/10.18637/jss.v008.i14>.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end
    }

    fn axis(&mut self, limit: f64) -> f64 {
        match self.below(3) {
            0 => (self.below(1 << 40) as f64 / (1_u64 << 39) as f64 - 1.0) * limit,
            _ => near(self.below(16) as usize, self.below(11) as i32 - 5, limit),
        }
    }

    fn coord(&mut self) -> Coord {
        Coord { x: self.axis(180.0), y: self.axis(90.0) }
    }

    /// A coordinate at most `reach` degrees from another: often on one line with it.
    fn beside(&mut self, from: Coord, reach: f64) -> Coord {
        let mut step = |limit: f64, value: f64| match self.below(4) {
            0 => value,
            1 => self.axis(limit),
            _ => (value + (self.below(1001) as f64 / 500.0 - 1.0) * reach).clamp(-limit, limit),
        };
        Coord { x: step(180.0, from.x), y: step(90.0, from.y) }
    }
}

/// What a table is filled with.
type Shape = fn(&mut Random) -> Flat;

fn point(random: &mut Random) -> Flat {
    Point(random.coord()).into()
}

fn rectangle(random: &mut Random) -> Flat {
    let from = random.coord();
    let to = random.beside(from, 0.5);
    geo::Rect::new(from, to).to_polygon().into()
}

fn triangle(random: &mut Random) -> Flat {
    let from = random.coord();
    let corners = vec![from, random.beside(from, 3.0), random.beside(from, 3.0)];
    Polygon::new(LineString(corners), Vec::new()).into()
}

fn line(random: &mut Random) -> Flat {
    let mut coords = vec![random.coord()];
    for _ in 0..=random.below(3) {
        coords.push(random.beside(coords[coords.len() - 1], 2.0));
    }
    LineString(coords).into()
}

fn mixture(random: &mut Random) -> Flat {
    match random.below(5) {
        0 => point(random),
        1 => rectangle(random),
        2 => line(random),
        3 => MultiPoint((0..random.below(4)).map(|_| Point(random.coord())).collect()).into(),
        _ => Flat::GeometryCollection(geo::GeometryCollection(vec![line(random), point(random)])),
    }
}

/// Most of them at one place, the rest beside it.
fn pile(random: &mut Random) -> Flat {
    match random.below(20) {
        0 => Point(Coord { x: near(5, random.below(11) as i32 - 5, 180.0), y: near(15, random.below(11) as i32 - 5, 90.0) }).into(),
        _ => Point(Coord { x: 10.1, y: 77.7 }).into(),
    }
}

/// Tables of more than 16³ features, so that the tree has four levels.
static TABLES: LazyLock<Vec<(Vec<Feature>, Table)>> = LazyLock::new(|| {
    let shapes: [(Shape, usize); 7] =
        [(point, 9000), (point, 5000), (rectangle, 5000), (triangle, 5000), (line, 5000), (mixture, 5000), (pile, 6000)];
    (1..).zip(shapes).map(|(seed, (shape, count))| filled(&mut Random(seed + 0x9e37_79b9_7f4a_7c15), shape, count)).collect()
});

fn filled(random: &mut Random, shape: Shape, count: usize) -> (Vec<Feature>, Table) {
    let feature = |number: usize| {
        let mut geometry = Geometry::new(shape(random)).unwrap();
        if number.is_multiple_of(5) {
            let heights = vec![number as f64 % 100.0; geometry.flat().coords_count()];
            geometry = geometry.with_heights(heights).unwrap();
        }
        // Some without a place: they match every box.
        let geometry = (number % 97 != 1).then_some(geometry);
        Feature { id: format!("f{number}"), geometry, time: None, values: vec![Value::Integer(number as i64)] }
    };
    let features = (0..count).map(feature).collect::<Vec<_>>();
    let table = table(&features);
    (features, table)
}

/// An edge of a box: beside a knot, beside a coordinate of the data, or anywhere.
#[derive(Debug, Clone, Copy)]
enum Edge {
    Knot(usize, i32),
    Data(prop::sample::Index, i32),
    Any(f64),
}

fn edge() -> impl Strategy<Value = Edge> {
    prop_oneof![
        3 => (0..KNOTS.len(), -5..=5).prop_map(|(knot, step)| Edge::Knot(knot, step)),
        2 => (any::<prop::sample::Index>(), -1..=1).prop_map(|(index, step)| Edge::Data(index, step)),
        1 => (-1.0..=1.0).prop_map(Edge::Any),
    ]
}

impl Edge {
    fn on(self, features: &[Feature], limit: f64, of: impl Fn(&harmattan::model::Rect) -> f64) -> f64 {
        match self {
            Self::Knot(knot, step) => near(knot, step, limit),
            Self::Data(index, step) => {
                let value = index.get(features).geometry.as_ref().and_then(Geometry::bounds).map_or(0.0, |bounds| of(&bounds));
                apart([value.next_down(), value, value.next_up()][(step + 1) as usize]).clamp(-limit, limit)
            }
            Self::Any(share) => share * limit,
        }
    }
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn thousands_of_features(which in 0..7_usize, edges in prop::array::uniform4(edge()), heights in prop::option::weighted(0.2, 0.0..90.0)) {
        let (features, table) = &TABLES[which];
        let [west, east] = [edges[0].on(features, 180.0, |rect| rect.min_x), edges[1].on(features, 180.0, |rect| rect.max_x)];
        let [a, b] = [edges[2].on(features, 90.0, |rect| rect.min_y), edges[3].on(features, 90.0, |rect| rect.max_y)];
        let mut bbox = Bbox::new(west, a.min(b), east, a.max(b)).unwrap();
        if let Some(bottom) = heights {
            bbox = bbox.with_heights(bottom, bottom + 10.0).unwrap();
        }
        let filter = Filter { bbox: Some(bbox), ..Filter::default() };
        let selection = table.select(&filter);
        prop_assert!(selection.runs().windows(2).all(|pair| pair[0].end <= pair[1].start), "ascending, and no position twice");
        prop_assert_eq!(table.count(&filter), selection.matched());
        let hits = selection.runs().iter().cloned().flatten().map(|position| table.row(position).id()).collect::<BTreeSet<_>>();
        let is_hit = |feature: &&Feature| feature.geometry.as_ref().is_none_or(|geometry| geometry.is_empty() || meets(&bbox, geometry));
        let expected = features.iter().filter(is_hit).map(|feature| feature.id.as_str()).collect::<BTreeSet<_>>();
        let wrong = features.iter().filter(|feature| hits.contains(&*feature.id) != expected.contains(&*feature.id)).collect::<Vec<_>>();
        prop_assert!(wrong.is_empty(), "{bbox:?}: {wrong:?}");
    }
}
