//! What the columnar formats write is read back as the same features.

use std::sync::Arc;

use geo::{Geometry as Flat, Point};
use harmattan::{
    formats::{flatgeobuf, geopackage, geoparquet},
    model::{
        Collection, Crs, Feature, Geometry, GeometryKind, Kind, Licence, Order, Property, Provenance, Rect, Schema, Text, Value,
        when::Instant,
    },
    store::{Page, Table, feature_text::Form},
};
use proptest::{collection::vec, option, prelude::*};
use serde_json::{Value as Json, json};

use crate::{
    roundtrip::geometry,
    support::{Folder, features},
};

type Write = fn(&Page, &Collection, &Form<'_>, &mut dyn std::io::Write) -> std::io::Result<()>;

/// The formats, by the endings of their files.
pub(crate) const FORMATS: [(&str, Write); 3] = [("fgb", flatgeobuf::write), ("parquet", geoparquet::write), ("gpkg", geopackage::write)];

/// Every type of property; names of every kind of letters, and one that a format uses itself.
const PROPERTIES: [(&str, Kind); 11] = [
    ("geometry", Kind::Text),
    ("nom de l’écluse \"é\" 中", Kind::Text),
    ("count", Kind::Integer),
    ("share", Kind::Number),
    ("open", Kind::Boolean),
    ("seen", Kind::Date),
    ("at", Kind::Timestamp),
    ("when", Kind::Edtf),
    ("link", Kind::Uri),
    ("tags", Kind::List),
    ("json", Kind::Json),
];

/// A collection of these features.
pub(crate) fn collection(kind: GeometryKind, properties: &[(&str, Kind)]) -> Collection {
    let property = |(name, kind): &(&str, Kind)| Property { title: Text::plain(name.to_uppercase()), ..Property::new(*name, *kind) };
    Collection {
        title: Text::plain("Made “é”"),
        description: Text::plain("Made up"),
        keywords: vec!["one".to_owned(), "two".to_owned()],
        licence: Some(Licence { name: "CC BY 4.0".to_owned(), address: "https://creativecommons.org/licenses/by/4.0/".to_owned() }),
        attribution: Some("Nobody".to_owned()),
        source: Some(Provenance { name: "Nowhere".to_owned(), address: None }),
        ..Collection::new("made", kind, Schema { properties: properties.iter().map(property).collect() })
    }
}

/// All features of a collection.
pub(crate) fn whole(collection: &Collection, features: &[Feature]) -> Page {
    let table = Arc::new(Table::of_features(collection.schema.clone(), features, true));
    let count = table.len();
    let runs = if count > 0 { std::iter::once(0..count).collect() } else { Vec::new() };
    Page { table, runs, matched: count.into(), returned: count.into(), next: None }
}

fn bytes(write: Write, page: &Page, collection: &Collection, form: &Form<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(page, collection, form, &mut bytes).unwrap();
    bytes
}

/// Values of every type; a time without its milliseconds would be a date to some reader.
fn values() -> impl Strategy<Value = Vec<Value>> {
    let text = || "[a-z ,;\"'\\\\\u{e9}\u{4e2d}]{0,12}x";
    let day = |days: i32| harmattan::model::when::date_of(days).unwrap();
    let first = (
        option::of(text()),
        option::of(text()),
        option::of(any::<i64>()),
        option::of(-1e9..1e9),
        option::of(any::<bool>()),
        option::of(-30_000..60_000),
    );
    let second =
        (option::of(0..4_000_000_000_000_i64), option::of(1..12), option::of(0..99), option::of(vec(text(), 0..3)), option::of(0..9));
    (first, second).prop_map(move |((a, b, count, share, open, seen), (at, month, link, tags, json))| {
        vec![
            a.into(),
            b.into(),
            count.into(),
            share.into(),
            open.map_or(Value::Null, Value::Boolean),
            seen.map_or(Value::Null, |days| Value::Date(day(days))),
            at.map_or(Value::Null, |millis| Value::Timestamp(Instant::from_millis(millis))),
            month.map(|month| format!("[2023-{month:02}-01..]")).into(),
            link.map(|link| format!("https://example.org/{link}")).into(),
            tags.map_or(Value::Null, Value::List),
            json.map_or(Value::Null, |number| Value::from(json!({ "a": number }))),
        ]
    })
}

fn made() -> impl Strategy<Value = Vec<Feature>> {
    vec((option::of(geometry()), values()), 0..40).prop_map(|list| {
        let each = list.into_iter().enumerate();
        each.map(|(id, (geometry, values))| Feature { id: format!("n° {id}"), geometry, time: None, values }).collect()
    })
}

/// A value as JSON has it, whatever type a reader gave it.
fn plain(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Text(text) => text.as_str().into(),
        Value::Integer(value) => json!(*value),
        Value::Number(value) => json!(value),
        Value::Boolean(value) => (*value).into(),
        Value::Date(date) => date.to_string().into(),
        Value::Timestamp(instant) => instant.to_string().into(),
        Value::List(list) => json!(list),
        Value::Json(json) => (**json).clone(),
    }
}

fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        // A column of whole doubles is one of integers to a reader.
        (Json::Number(a), Json::Number(b)) if a.is_f64() != b.is_f64() => a.as_f64() == b.as_f64(),
        (a, b) => a == b,
    }
}

/// The same features by id, with the same geometry and the same values.
fn check(name: &str, bytes: Vec<u8>, collection: &Collection, expected: &[Feature]) {
    let (names, found) = features(&format!("made.{name}"), bytes);
    assert_eq!(found.len(), expected.len(), "{name}");
    for feature in expected {
        let own = found.iter().find(|own| own.id == feature.id).unwrap_or_else(|| panic!("{name}: {} is missing", feature.id));
        assert_eq!(own.geometry, feature.geometry, "{name}: {}", feature.id);
        for (property, value) in collection.schema.properties.iter().zip(&feature.values) {
            // The reader keeps this name for itself.
            let wanted = if property.name == "geometry" { "geometry_2" } else { &property.name };
            let index = names.iter().position(|name| name == wanted).unwrap_or_else(|| panic!("{name}: no {wanted} in {names:?}"));
            let (own, value) = (plain(&own.values[index]), plain(value));
            assert!(same(&own, &value), "{name}: {}, {wanted}: {own} is not {value}", feature.id);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back(made in made()) {
        prop_assume!(!made.is_empty());
        let collection = collection(GeometryKind::Any, &PROPERTIES);
        let page = whole(&collection, &made);
        for (name, write) in FORMATS {
            let form = Form::default();
            let bytes = bytes(write, &page, &collection, &form);
            prop_assert_eq!(&bytes, &self::bytes(write, &page, &collection, &form), "the same features are the same bytes");
            check(name, bytes, &collection, &made);
        }
    }
}

/// A point a degree.
pub(crate) fn grid(count: usize) -> Vec<Feature> {
    let at =
        |index: usize| Geometry::new(Flat::Point(Point::new((index % 360) as f64 - 180.0, (index / 360 % 180) as f64 - 90.0))).unwrap();
    let each = (0..count).map(|index| Feature {
        id: format!("p{index}"),
        geometry: Some(at(index)),
        time: None,
        values: vec![(index as i64).into(), Value::from(Some(format!("number {index}")))],
    });
    each.collect()
}

#[test]
fn empty_collections_are_files_without_features() {
    for kind in [GeometryKind::Point, GeometryKind::Any, GeometryKind::None] {
        let collection = collection(kind, &PROPERTIES);
        let page = whole(&collection, &[]);
        for (name, write) in FORMATS {
            let (names, found) = features(&format!("made.{name}"), bytes(write, &page, &collection, &Form::default()));
            assert_eq!(found.len(), 0, "{name} {kind:?} {names:?}");
        }
    }
}

#[test]
fn features_without_geometry_are_rows_all_the_same() {
    let mut made = grid(40);
    made.iter_mut().for_each(|feature| feature.geometry = None);
    let properties = [("number", Kind::Integer), ("name", Kind::Text)];
    for kind in [GeometryKind::None, GeometryKind::Any] {
        let collection = collection(kind, &properties);
        let page = whole(&collection, &made);
        for (name, write) in FORMATS {
            check(name, bytes(write, &page, &collection, &Form::default()), &collection, &made);
        }
    }
}

#[test]
fn only_what_is_asked_for_is_written() {
    let made = grid(40);
    let collection = collection(GeometryKind::Point, &[("number", Kind::Integer), ("name", Kind::Text)]);
    let page = whole(&collection, &made);
    for (name, write) in FORMATS {
        let form = Form { properties: Some(&[false, true]), ..Form::default() };
        let (names, found) = features(&format!("made.{name}"), bytes(write, &page, &collection, &form));
        assert_eq!((names, found.len()), (vec!["name".to_owned()], 40), "{name}");
    }
}

/// Coordinates of another system are stored east first, whatever the order that is asked for, and the file says which system it is.
#[test]
fn coordinates_of_other_systems_are_read_back_as_longitude_and_latitude() {
    let poland = Rect { min_x: 15.0, min_y: 50.0, max_x: 23.0, max_y: 54.0 };
    let made = grid(64_800).into_iter().filter(|feature| feature.geometry.as_ref().unwrap().meets(&poland)).collect::<Vec<_>>();
    let collection = collection(GeometryKind::Any, &[("number", Kind::Integer), ("name", Kind::Text)]);
    let page = whole(&collection, &made);
    for (code, order) in [(4326, Order::Authority), (4326, Order::EastFirst), (3857, Order::Authority), (2180, Order::Authority)] {
        let form = Form { crs: Crs::epsg(code).unwrap(), order, ..Form::default() };
        for (name, write) in FORMATS {
            let (_, found) = features(&format!("made.{name}"), bytes(write, &page, &collection, &form));
            assert_eq!((made.len(), found.len()), (45, 45));
            for feature in &found {
                let own = feature.geometry.as_ref().unwrap().bounds().unwrap();
                let wanted = made.iter().find(|made| made.id == feature.id).unwrap().geometry.as_ref().unwrap().bounds().unwrap();
                let off = (own.min_x - wanted.min_x).abs().max((own.min_y - wanted.min_y).abs());
                assert!(off < 1e-6, "{name} {code}: {own:?} {wanted:?}");
            }
        }
    }
}

#[test]
fn geometries_can_be_left_out() {
    let made = grid(40);
    let collection = collection(GeometryKind::Point, &[("number", Kind::Integer), ("name", Kind::Text)]);
    let page = whole(&collection, &made);
    for (name, write) in FORMATS {
        let form = Form { has_geometry: false, ..Form::default() };
        let (names, found) = features(&format!("made.{name}"), bytes(write, &page, &collection, &form));
        assert_eq!((names, found.len()), (vec!["number".to_owned(), "name".to_owned()], 40), "{name}");
        assert!(found.iter().all(|feature| feature.geometry.is_none()), "{name}");
    }
}

#[test]
fn a_page_is_its_runs_in_their_order() {
    let made = grid(100);
    let collection = collection(GeometryKind::Point, &[("number", Kind::Integer), ("name", Kind::Text)]);
    let page = Page { runs: vec![70..80, 3..4, 20..21], returned: 12, ..whole(&collection, &made) };
    let wanted = page.rows().map(|row| row.id().to_owned()).collect::<Vec<_>>();
    for (name, write) in FORMATS {
        let (_, found) = features(&format!("made.{name}"), bytes(write, &page, &collection, &Form::default()));
        assert_eq!(found.iter().map(|feature| feature.id.clone()).collect::<Vec<_>>(), wanted, "{name}");
    }
}

#[test]
fn a_reader_that_goes_away_ends_the_writing() {
    struct Gone(usize);
    impl std::io::Write for Gone {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(std::io::ErrorKind::BrokenPipe)?;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let collection = collection(GeometryKind::Point, &[("number", Kind::Integer), ("name", Kind::Text)]);
    let page = whole(&collection, &grid(1_000));
    for (name, write) in FORMATS {
        let error = write(&page, &collection, &Form::default(), &mut Gone(5_000)).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::BrokenPipe, "{name}");
    }
}

/// The crate's own reader, by its index: what a box meets is what a look at every feature finds.
#[test]
fn the_index_of_a_flatgeobuf_finds_what_a_box_meets() {
    use ::flatgeobuf::{FallibleStreamingIterator, FeatureProperties, FgbReader};
    let collection = collection(GeometryKind::Any, &[("number", Kind::Integer), ("name", Kind::Text)]);
    let mut made = grid(50_000);
    made.iter_mut().step_by(7).for_each(|feature| feature.geometry = None);
    let page = whole(&collection, &made);
    let bytes = bytes(flatgeobuf::write, &page, &collection, &Form::default());
    let reader = || FgbReader::open(std::io::Cursor::new(&bytes)).unwrap();
    let header = reader();
    let header = header.header();
    assert_eq!((header.features_count(), header.index_node_size()), (50_000, 16));
    assert_eq!((header.title(), header.crs().unwrap().code()), (Some("Made “é”"), 4326));
    assert_eq!(header.envelope().unwrap().iter().collect::<Vec<_>>(), [-180.0, -90.0, 179.0, 48.0]);
    for rect in [[-10.5, -10.5, 12.5, 12.5], [0.0, 0.0, 0.0, 0.0], [-180.0, -90.0, 180.0, 90.0], [0.2, 0.2, 0.8, 0.8]] {
        let [min_x, min_y, max_x, max_y] = rect;
        let mut found = reader().select_bbox(min_x, min_y, max_x, max_y).unwrap();
        let mut ids = Vec::new();
        while let Some(feature) = found.next().unwrap() {
            ids.push(feature.property::<String>("id").unwrap());
        }
        ids.sort();
        let rect = Rect { min_x, min_y, max_x, max_y };
        let meets = |feature: &&Feature| feature.geometry.as_ref().is_some_and(|geometry| geometry.meets(&rect));
        let mut expected = made.iter().filter(meets).map(|feature| feature.id.clone()).collect::<Vec<_>>();
        expected.sort();
        assert_eq!(ids, expected, "{rect:?}");
    }
}

/// A GeoPackage as SQLite sees it: its own check of the index, and what a box meets by it.
#[test]
fn the_index_of_a_geopackage_is_whole() {
    let collection = collection(GeometryKind::Any, &[("Name", Kind::Integer), ("name", Kind::Text)]);
    for count in [1, 51, 52, 2_601, 2_602, 20_000] {
        let mut made = grid(count);
        made.iter_mut().skip(1).step_by(7).for_each(|feature| feature.geometry = None);
        let folder = Folder::new();
        let path = folder.file("made.gpkg", bytes(geopackage::write, &whole(&collection, &made), &collection, &Form::default()));
        let database = rusqlite::Connection::open(path).unwrap();
        let one = |sql: &str| database.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
        assert_eq!(one("PRAGMA integrity_check"), "ok");
        assert_eq!(one("SELECT rtreecheck('rtree_made_geom')"), "ok", "{count}");
        let located = made.iter().filter(|feature| feature.geometry.is_some()).count();
        assert_eq!(one("SELECT CAST(count(*) AS TEXT) FROM rtree_made_geom"), located.to_string());
        let inside = "SELECT CAST(count(*) AS TEXT) FROM made JOIN rtree_made_geom ON fid = rtree_made_geom.id \
                      WHERE minx <= -160.5 AND maxx >= -179.5 AND miny <= -88.5 AND maxy >= -89.5";
        let meets = Rect { min_x: -179.5, min_y: -89.5, max_x: -160.5, max_y: -88.5 };
        let expected = made.iter().filter(|feature| feature.geometry.as_ref().is_some_and(|geometry| geometry.meets(&meets))).count();
        assert_eq!(one(inside), expected.to_string());
        // What differs in case alone has another name.
        assert_eq!(one("SELECT name_ FROM made WHERE Name = 0"), "number 0");
        assert_eq!(one("SELECT title FROM gpkg_data_columns WHERE column_name = 'name_'"), "NAME");
        assert_eq!(one("SELECT last_change FROM gpkg_contents"), "1970-01-01T00:00:00.000Z");
    }
}

/// The pages of a parquet file have the edges of their boxes, so that a reader can pass over the others.
#[test]
fn a_geoparquet_says_where_its_row_groups_are() {
    use parquet::file::{reader::FileReader, serialized_reader::SerializedFileReader, statistics::Statistics};
    let collection = collection(GeometryKind::Point, &[("number", Kind::Integer), ("name", Kind::Text)]);
    let page = whole(&collection, &grid(140_000));
    let bytes = bytes(geoparquet::write, &page, &collection, &Form::default());
    let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
    let metadata = reader.metadata();
    assert_eq!(metadata.num_row_groups(), 3);
    for group in metadata.row_groups() {
        let column = group.columns().iter().find(|column| column.column_path().string() == "bbox.xmin").unwrap();
        let Some(Statistics::Double(edges)) = column.statistics() else { panic!("no statistics of {column:?}") };
        assert!(edges.max_opt().unwrap() - edges.min_opt().unwrap() < 300.0, "{edges:?}");
    }
    let pairs = metadata.file_metadata().key_value_metadata().unwrap();
    let value = |key: &str| pairs.iter().find(|pair| pair.key == key).and_then(|pair| pair.value.clone()).unwrap();
    assert_eq!((value("title"), value("licence")), ("Made “é”".to_owned(), "CC BY 4.0".to_owned()));
    let geo = serde_json::from_str::<Json>(&value("geo")).unwrap();
    let expected = json!({ "version": "1.1.0", "primary_column": "geometry", "columns": { "geometry": {
        "encoding": "WKB", "geometry_types": ["Point"], "bbox": [-180.0, -90.0, 179.0, 89.0],
        "covering": { "bbox": { "xmin": ["bbox", "xmin"], "ymin": ["bbox", "ymin"], "xmax": ["bbox", "xmax"], "ymax": ["bbox", "ymax"] } },
    } } });
    assert_eq!(geo, expected);
}
