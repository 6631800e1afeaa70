//! A box gives exactly what a linear scan gives.

use std::collections::BTreeSet;

use harmattan::{
    model::{Bbox, Feature, Geometry, Position, when::Instant},
    query::{Certainty, Filter, TimeFilter},
    store::Table,
};
use proptest::prelude::*;

use crate::support::{bbox, cases, features, meets, table};

/// What the standard asks, word by word, of one feature.
fn matches(feature: &Feature, filter: &Filter) -> bool {
    let located = feature.geometry.as_ref().filter(|geometry| !geometry.is_empty());
    let place = match (&filter.bbox, located) {
        (None, _) | (_, None) => true,
        (Some(bbox), Some(geometry)) => meets(bbox, geometry),
    };
    let time = match (&filter.time, &feature.time) {
        (None, _) => true,
        (Some(asked), None) => asked.certainty == Certainty::Possible,
        (Some(asked), Some(time)) => match asked.certainty {
            Certainty::Possible => time.possibly_overlaps(asked.from, asked.to),
            Certainty::Certain => time.certainly_overlaps(asked.from, asked.to),
        },
    };
    place && time
}

fn ids(table: &Table, filter: &Filter) -> BTreeSet<String> {
    let selection = table.select(filter);
    let ids = selection.runs().iter().cloned().flatten().map(|position| table.row(position).id().to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(ids.len() as u64, selection.matched(), "the count is that of the positions, each once");
    assert_eq!(table.count(filter), selection.matched(), "counted alone");
    ids
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn every_geometry_type(features in features(60), bbox in bbox(), time in prop::option::of((0_i64..20, 0_i64..5, any::<bool>()))) {
        let time = time.map(|(from, length, certain)| TimeFilter {
            from: Instant::from_millis(from),
            to: Instant::from_millis(from + length),
            certainty: if certain { Certainty::Certain } else { Certainty::Possible },
        });
        let table = table(&features);
        for filter in [Filter { bbox: Some(bbox), ..Filter::default() }, Filter { bbox: Some(bbox), time, ..Filter::default() }, Filter { time, ..Filter::default() }] {
            let expected = features.iter().filter(|feature| matches(feature, &filter)).map(|feature| feature.id.clone()).collect();
            prop_assert_eq!(ids(&table, &filter), expected, "{:?}", filter);
        }
    }

    #[test]
    fn a_stored_shape_reads_back(features in features(30)) {
        let table = table(&features);
        for feature in &features {
            let row = table.row(table.find(&feature.id).unwrap());
            let expected = feature.geometry.clone().filter(|geometry| !geometry.is_empty());
            prop_assert_eq!(row.geometry(), expected);
            prop_assert_eq!(row.id(), &feature.id);
        }
    }
}

fn at(points: &[(f64, f64)]) -> Table {
    let feature = |(number, (lon, lat)): (usize, &(f64, f64))| Feature {
        id: number.to_string(),
        geometry: Some(Geometry::point(Position { lon: *lon, lat: *lat })),
        time: None,
        values: vec![harmattan::model::Value::Integer(number as i64)],
    };
    table(&points.iter().enumerate().map(feature).collect::<Vec<_>>())
}

fn hits(table: &Table, west: f64, south: f64, east: f64, north: f64) -> Vec<String> {
    ids(table, &Filter { bbox: Some(Bbox::new(west, south, east, north).unwrap()), ..Filter::default() }).into_iter().collect()
}

#[test]
fn the_antimeridian_is_one_line() {
    let table = at(&[(180.0, 0.0), (-180.0, 0.0), (179.0, 0.0), (-179.0, 0.0), (0.0, 0.0)]);
    assert_eq!(hits(&table, 178.0, -1.0, -178.0, 1.0), ["0", "1", "2", "3"]);
    assert_eq!(hits(&table, 179.5, -1.0, 180.0, 1.0), ["0", "1"]);
    assert_eq!(hits(&table, -180.0, -1.0, -179.5, 1.0), ["0", "1"]);
    assert_eq!(hits(&table, -180.0, -1.0, 180.0, 1.0).len(), 5);
}

#[test]
fn the_poles_and_edges_are_inside() {
    let table = at(&[(0.0, 90.0), (0.0, -90.0), (10.0, 10.0)]);
    assert_eq!(hits(&table, -180.0, 90.0, 180.0, 90.0), ["0"]);
    assert_eq!(hits(&table, -180.0, -90.0, 180.0, -90.0), ["1"]);
    assert_eq!(hits(&table, 10.0, 10.0, 10.0, 10.0), ["2"]);
    assert_eq!(hits(&table, 10.0, 10.0, 20.0, 20.0), ["2"]);
    let beyond = f64::from_bits(10.0_f64.to_bits() + 1);
    assert!(hits(&table, beyond, 10.0, 20.0, 20.0).is_empty(), "the neighbouring float is outside");
}
