//! Every form of a page holds the same features, and a whole collection in slices is the same bytes as in one piece.

use std::{io::Read, ops::Range, sync::Arc};

use harmattan::{
    formats::{Encoding, Whole, csv::CsvGeometry, geojson, jsonfg::Profile},
    model::{Collection, Feature, GeometryKind, Kind, Property, Schema},
    store::{Page, Table, feature_text::Form},
};
use proptest::prelude::*;
use serde_json::Value;

use crate::support::{cases, features, table};

/// What every form says of a feature: its id, its coordinates one after another, its number.
type Said = (String, Vec<f64>, i64);

fn collection() -> Collection {
    let number = Property::new("number", Kind::Integer);
    Collection::new("all", GeometryKind::Any, Schema { properties: vec![number] })
}

/// A page of some positions of a table.
fn page(table: &Arc<Table>, chosen: &[bool]) -> Page {
    let mut runs: Vec<Range<u32>> = Vec::new();
    for position in (0..table.len()).filter(|position| chosen.get(*position as usize) == Some(&true)) {
        match runs.last_mut() {
            Some(run) if run.end == position => run.end += 1,
            _ => runs.push(position..position + 1),
        }
    }
    let count = runs.iter().map(|run| u64::from(run.end - run.start)).sum();
    Page { table: Arc::clone(table), runs, matched: count, returned: count, next: None }
}

fn written(encoding: Encoding, page: &Page) -> String {
    let mut text = Vec::new();
    encoding.write(page, &collection(), &Form::default(), &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Number(number) => vec![number.as_f64().unwrap()],
        Value::Array(items) => items.iter().flat_map(numbers).collect(),
        Value::Object(members) => ["coordinates", "geometries"].iter().filter_map(|name| members.get(*name)).flat_map(numbers).collect(),
        _ => Vec::new(),
    }
}

fn of_json(feature: &Value) -> Said {
    let number = feature["properties"]["number"].as_i64().unwrap();
    (feature["id"].as_str().unwrap().to_owned(), numbers(&feature["geometry"]), number)
}

fn of_collection(text: &str) -> Vec<Said> {
    serde_json::from_str::<Value>(text).unwrap()["features"].as_array().unwrap().iter().map(of_json).collect()
}

fn of_lines(text: &str) -> Vec<Said> {
    text.lines().map(|line| of_json(&serde_json::from_str(line.trim_start_matches('\u{1e}')).unwrap())).collect()
}

fn in_text(text: &str) -> Vec<f64> {
    text.split([' ', ',', '(', ')']).filter_map(|part| part.parse().ok()).collect()
}

fn of_table(text: &str) -> Vec<Said> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.records().map(|record| record.unwrap()).map(|row| (row[0].to_owned(), in_text(&row[1]), row[2].parse().unwrap())).collect()
}

fn of_placemarks(text: &str) -> Vec<Said> {
    let document = roxmltree::Document::parse(text).unwrap();
    let placemarks = document.descendants().filter(|node| node.has_tag_name(("http://www.opengis.net/kml/2.2", "Placemark")));
    let said = |placemark: roxmltree::Node<'_, '_>| {
        let data = |name: &str| {
            let found = placemark.descendants().find(|node| node.attribute("name") == Some(name));
            found.and_then(|node| node.text()).unwrap().to_owned()
        };
        let places = placemark.descendants().filter(|node| node.tag_name().name() == "coordinates");
        let places = places.flat_map(|node| in_text(node.text().unwrap_or_default()));
        (data("id"), places.collect(), data("number").parse().unwrap())
    };
    placemarks.map(said).collect()
}

fn gunzip(bytes: &[u8]) -> Vec<u8> {
    let mut read = Vec::new();
    flate2::bufread::GzDecoder::new(bytes).read_to_end(&mut read).unwrap();
    read
}

fn check(page: &Page) -> Result<(), TestCaseError> {
    let expected = page.rows().map(|row| of_json(&serde_json::from_slice(&text_of(&row)).unwrap())).collect::<Vec<_>>();
    for (encoding, read) in [
        (Encoding::GeoJson, of_collection as fn(&str) -> Vec<Said>),
        (Encoding::JsonFg(Profile::JsonFg), of_collection),
        (Encoding::NdJson, of_lines),
        (Encoding::GeoJsonSeq, of_lines),
        (Encoding::Csv(Some(CsvGeometry::Wkt)), of_table),
        (Encoding::Kml, of_placemarks),
    ] {
        prop_assert_eq!(read(&written(encoding, page)), expected.clone(), "{:?}", encoding);
    }
    Ok(())
}

fn text_of(row: &harmattan::store::Row<'_>) -> Vec<u8> {
    let mut text = Vec::new();
    harmattan::store::feature_text::write_feature(&mut text, row);
    text
}

/// The slices of a page from a byte on.
fn slices(page: &Page, from: u64) -> Vec<u8> {
    let again = Page { table: Arc::clone(&page.table), runs: page.runs.clone(), ..*page };
    let mut whole = Whole::new(again).unwrap();
    let first = whole.pass_over(from);
    first.into_iter().chain(whole).flatten().collect()
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn each_form_of_a_page_holds_the_same_features(features in features(30), chosen in prop::collection::vec(any::<bool>(), 30)) {
        let table = Arc::new(table(&features));
        check(&page(&table, &chosen))?;
        check(&page(&table, &vec![true; features.len()]))?;
    }

    #[test]
    fn slices_are_the_bytes_that_the_encoding_writes(features in features(30), chosen in prop::collection::vec(any::<bool>(), 30), from in 0.0..1.1_f64) {
        let table = Arc::new(table(&features));
        let page = page(&table, &chosen);
        let bytes = written(Encoding::GeoJson, &page).into_bytes();
        let again = Page { table: Arc::clone(&page.table), runs: page.runs.clone(), ..page };
        prop_assert_eq!(Whole::new(again).unwrap().length(), bytes.len() as u64);
        let from = (bytes.len() as f64 * from) as usize;
        prop_assert_eq!(slices(&page, from as u64), bytes.get(from..).unwrap_or_default());
        let mut packed = Vec::new();
        geojson::write_gzip(&page, &mut packed).unwrap();
        prop_assert_eq!(gunzip(&packed), bytes);
    }
}

/// Enough features that they were compressed beforehand, and that a slice holds some of them only.
#[test]
fn long_pages_are_spliced_and_sliced() {
    let feature = |number: i64| Feature { id: format!("f{number}"), geometry: None, time: None, values: vec![number.into()] };
    let table = Arc::new(table(&(0..20_000).map(feature).collect::<Vec<_>>()));
    for step in [1, 3, 1000, 19_999] {
        let chosen = (0..20_000).map(|position| step == 1 || position % step != 0).collect::<Vec<_>>();
        let page = page(&table, &chosen);
        let bytes = written(Encoding::GeoJson, &page).into_bytes();
        let mut packed = Vec::new();
        geojson::write_gzip(&page, &mut packed).unwrap();
        assert!(gunzip(&packed) == bytes, "{step}");
        for from in [0, 1, 100, bytes.len() / 3, bytes.len() - 1, bytes.len()] {
            assert!(slices(&page, from as u64) == bytes[from..], "{step} from {from}");
        }
        if step == 1 {
            for encoding in [Encoding::GeoJson, Encoding::NdJson, Encoding::GeoJsonSeq] {
                assert_eq!(encoding.size(&table), Some(written(encoding, &page).len() as u64), "{encoding:?}");
            }
        }
    }
}
