//! A page spliced from compressed blocks is the plain page.

use std::{io::Read, sync::Arc};

use harmattan::{
    formats::{Others, geojson},
    model::{Collection, Feature, Geometry, GeometryKind, Position, Schema, Value},
    query::{ItemsQuery, Limits, Params},
    store::{Layer, Page, Version},
};
use proptest::prelude::*;

use crate::support::table;

fn layer(count: i64) -> Layer {
    let feature = |number: i64| Feature {
        id: format!("f{number}"),
        geometry: Some(Geometry::point(Position {
            lon: (number * 7919 % 3600) as f64 / 10.0 - 180.0,
            lat: (number * 104_729 % 1800) as f64 / 10.0 - 90.0,
        })),
        time: None,
        values: vec![Value::Integer(number)],
    };
    let collection = Collection::new("many", GeometryKind::Point, Schema::default());
    Layer { collection, tables: vec![Arc::new(table(&(0..count).map(feature).collect::<Vec<_>>()))].into() }
}

fn page(layer: &Layer, query: &str) -> Page {
    let limits = Limits { default: 1000, most: 10_000, ..Limits::default() };
    let query = ItemsQuery::parse(&Params::parse(query).unwrap(), &layer.collection, limits).unwrap();
    layer.items(&query, &Version("one".into()))
}

fn same(page: &Page) -> bool {
    let plain = geojson::page(page, &[], &Others::default()).concat();
    let spliced = geojson::gzip_page(page, &[], &Others::default()).concat();
    let mut read = Vec::new();
    let mut decoder = flate2::bufread::GzDecoder::new(spliced.as_slice());
    decoder.read_to_end(&mut read).unwrap();
    assert!(decoder.into_inner().is_empty(), "one member and nothing after it");
    serde_json::from_slice::<serde_json::Value>(&plain).unwrap();
    plain == read
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn spliced_is_plain(count in 1000_i64..2500, limit in 1_u32..2600, offset in 0_u32..2600, west in -180.0..0.0_f64, east in 0.0..180.0_f64) {
        let layer = layer(count);
        for query in [format!("limit={limit}&offset={offset}"), format!("limit={limit}&bbox={west},-90,{east},90")] {
            prop_assert!(same(&page(&layer, &query)), "{}", query);
        }
    }
}

#[test]
fn whole_blocks_are_used_and_small_tables_go_without() {
    let large = layer(3000);
    assert!(geojson::is_packed(&page(&large, "limit=1000")));
    assert!(!geojson::is_packed(&page(&large, "limit=10")));
    assert!(same(&page(&large, "limit=10")));
    assert!(!geojson::is_packed(&page(&layer(900), "limit=1000")));
}
