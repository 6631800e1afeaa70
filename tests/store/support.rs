//! Features of every kind, from coordinates that make trouble.

use geo::{Coord, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon, Rect};
use harmattan::{
    model::{
        Bbox, Feature, Geometry, Kind, Property, Schema, Value,
        when::{Bounds, Instant},
    },
    store::Table,
};
use proptest::prelude::*;

/// Longitudes where things go wrong: the antimeridian, zero, neighbouring floats; and a coarse grid, so that edges touch.
pub(crate) fn lon() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(180.0),
        Just(-180.0),
        Just(179.999_999_999_999_97),
        Just(-179.999_999_999_999_97),
        Just(0.0),
        Just(f64::MIN_POSITIVE),
        (-36_i32..=36).prop_map(|step| f64::from(step) * 5.0),
        -180.0..=180.0,
    ]
}

/// Latitudes likewise, the poles among them.
pub(crate) fn lat() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(90.0),
        Just(-90.0),
        Just(89.999_999_999_999_99),
        Just(0.0),
        (-18_i32..=18).prop_map(|step| f64::from(step) * 5.0),
        -90.0..=90.0
    ]
}

fn coord() -> impl Strategy<Value = Coord> {
    (lon(), lat()).prop_map(|(x, y)| Coord { x, y })
}

fn line() -> impl Strategy<Value = LineString> {
    prop::collection::vec(coord(), 2..5).prop_map(LineString)
}

/// A valid polygon, with a hole in half of the cases.
fn polygon() -> impl Strategy<Value = Polygon> {
    (coord(), coord(), any::<bool>()).prop_map(|(a, b, hole)| {
        let outer = Rect::new(a, b).to_polygon();
        let (w, h) = ((b.x - a.x) / 4.0, (b.y - a.y) / 4.0);
        let inner = Rect::new(Coord { x: a.x + w, y: a.y + h }, Coord { x: b.x - w, y: b.y - h }).to_polygon();
        let rings = if hole && w != 0.0 && h != 0.0 { vec![inner.exterior().clone()] } else { Vec::new() };
        Polygon::new(outer.exterior().clone(), rings)
    })
}

fn shape() -> impl Strategy<Value = geo::Geometry> {
    let simple = prop_oneof![
        4 => coord().prop_map(|coord| Point(coord).into()),
        2 => line().prop_map(geo::Geometry::from),
        2 => polygon().prop_map(geo::Geometry::from),
        1 => prop::collection::vec(coord().prop_map(Point), 0..4).prop_map(|points| MultiPoint(points).into()),
        1 => prop::collection::vec(line(), 0..3).prop_map(|lines| MultiLineString(lines).into()),
        1 => prop::collection::vec(polygon(), 1..3).prop_map(|polygons| MultiPolygon(polygons).into()),
    ];
    let simple = simple.boxed();
    prop_oneof![
        8 => simple.clone(),
        1 => prop::collection::vec(simple, 0..3).prop_map(|parts| geo::Geometry::GeometryCollection(GeometryCollection(parts))),
    ]
}

fn geometry() -> impl Strategy<Value = Option<Geometry>> {
    use geo::CoordsIter;
    let tall = (shape(), any::<bool>(), -100.0..100.0_f64).prop_map(|(shape, tall, height)| {
        let count = shape.coords_count();
        let geometry = Geometry::new(shape).unwrap();
        if tall { geometry.with_heights((0..count).map(|index| height + index as f64).collect()).unwrap() } else { geometry }
    });
    prop_oneof![9 => tall.prop_map(Some), 1 => Just(None)]
}

fn time() -> impl Strategy<Value = Option<Bounds>> {
    let bounds = prop::array::uniform4(0_i64..20).prop_map(|mut ends| {
        ends.sort_unstable();
        let [a, b, c, d] = ends.map(Instant::from_millis);
        Bounds { earliest_start: a, latest_start: b, earliest_end: c, latest_end: d }
    });
    prop_oneof![4 => bounds.prop_map(Some), 1 => Just(None)]
}

/// Up to `most` features with ids of their own.
pub(crate) fn features(most: usize) -> impl Strategy<Value = Vec<Feature>> {
    prop::collection::vec((geometry(), time()), 0..most).prop_map(|parts| {
        let feature = |(number, (geometry, time)): (i64, (Option<Geometry>, Option<Bounds>))| Feature {
            id: format!("f{number}"),
            geometry,
            time,
            values: vec![Value::Integer(number)],
        };
        (0..).zip(parts).map(feature).collect()
    })
}

/// A table of them.
pub(crate) fn table(features: &[Feature]) -> Table {
    let property = Property::new("number", Kind::Integer);
    Table::of_features(Schema { properties: vec![property] }, features, true)
}

/// A box of any kind: crossing the antimeridian, without area, with heights.
pub(crate) fn bbox() -> impl Strategy<Value = Bbox> {
    let heights = prop::option::of((-150.0..150.0_f64, 0.0..50.0_f64));
    (lon(), lat(), lon(), lat(), heights).prop_map(|(west, a, east, b, heights)| {
        let flat = Bbox::new(west, a.min(b), east, a.max(b)).unwrap();
        match heights {
            Some((bottom, height)) => flat.with_heights(bottom, bottom + height).unwrap(),
            None => flat,
        }
    })
}

/// Whether a geometry meets a box, by the words of the standard.
pub(crate) fn meets(bbox: &Bbox, geometry: &Geometry) -> bool {
    let heights = match (bbox.heights(), geometry.height_range()) {
        (Some((bottom, top)), Some((low, high))) => low <= top && bottom <= high,
        _ => true,
    };
    heights && bbox.rects().iter().any(|rect| geometry.meets(rect))
}

/// As many cases as usual, or as many as `PROPTEST_CASES` asks for.
pub(crate) fn cases(usual: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|asked| asked.parse().ok());
    ProptestConfig::with_cases(asked.unwrap_or(usual))
}
