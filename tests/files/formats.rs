//! GeoPackage, GeoParquet and other reference systems, from the file to the features.
//!
//! How the files were made stands in `FIXTURES.md`.

use harmattan::model::{Feature, Kind, Value};

use crate::support::{Folder, load, refused};

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/files/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[test]
fn each_table_of_a_geopackage_is_a_collection() {
    let folder = Folder::new();
    let path = folder.file("survey.gpkg", fixture("invented.gpkg"));
    let (data, report) = load(std::slice::from_ref(&path), true).unwrap();
    let about = data.layers.iter().map(|layer| (layer.collection.id.as_str(), layer.collection.title.en.as_str())).collect::<Vec<_>>();
    assert_eq!(about[..3], [("invented", "Invented"), ("sites-utm", "Sites of a survey"), ("codes", "Codes")]);
    assert_eq!(data.layers[1].collection.description.en, "Made up");
    let schema = &data.layers[1].collection.schema;
    let kinds = schema.properties.iter().map(|property| (property.name.as_str(), property.kind)).collect::<Vec<_>>();
    assert_eq!(kinds[..4], [("name", Kind::Text), ("seen", Kind::Date), ("at", Kind::Timestamp), ("open", Kind::Boolean)]);
    assert_eq!(data.map.layers.len(), 2, "a table of attributes is not drawn");
    assert!(report.to_string().contains("survey.gpkg:sites utm: 3 features in collection \"sites-utm\"; 1 without a position"), "{report}");

    let one = |table: &str| [format!("{}:{table}", path.display()).into()];
    assert_eq!(load(&one("codes"), true).unwrap().0.layers[0].collection.id, "codes");
    let error = refused(&one("code")).to_string();
    assert!(error.ends_with("survey.gpkg: has no table \"code\"; its tables are invented, sites utm, codes"), "{error}");
}

/// The features of a file, by what distinguishes them in every format.
fn features(name: &str, bytes: Vec<u8>) -> Vec<Feature> {
    let folder = Folder::new();
    let (data, report) = load(&[folder.file(name, bytes)], false).unwrap();
    assert_eq!(report.bad(), 0, "{report}");
    data.layers[0].views[0].features().collect()
}

#[test]
fn the_same_data_are_the_same_features_in_every_format() {
    let shapes = |features: &[Feature]| features.iter().map(|feature| feature.geometry.clone()).collect::<Vec<_>>();
    let plain = features("a.geojson", fixture("invented.geojson"));
    for (name, file) in [("a.fgb", "invented.fgb"), ("a.gpkg", "invented.gpkg"), ("a.parquet", "invented.parquet")] {
        let mut own = features(name, fixture(file));
        // FlatGeobuf orders its features by where they are.
        own.sort_by_key(|feature| ["a", "b", "c"].iter().position(|id| feature.id == *id || feature.values.contains(&(*id).into())));
        assert_eq!(shapes(&own), shapes(&plain), "{file}");
        for (own, plain) in own.iter().zip(&plain) {
            let value = |feature: &Feature, wanted: &Value| feature.values.contains(wanted);
            assert!(
                plain.values.iter().filter(|value| **value != Value::Null).all(|wanted| value(own, wanted)),
                "{file}: {own:?} {plain:?}"
            );
        }
    }
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

#[test]
fn compressed_files_are_what_is_in_them() {
    for name in ["invented.gpkg", "invented.parquet", "invented.fgb"] {
        assert_eq!(features(&format!("{name}.gz"), packed(&fixture(name))), features(name, fixture(name)), "{name}");
    }
    let folder = Folder::new();
    let path = folder.file("survey.gpkg.gz", packed(&fixture("invented.gpkg")));
    let (data, _) = load(std::slice::from_ref(&path), true).unwrap();
    let ids = data.layers.iter().map(|layer| layer.collection.id.as_str()).collect::<Vec<_>>();
    assert_eq!(ids[..3], ["invented", "sites-utm", "codes"]);
    let one = [format!("{}:codes", path.display()).into()];
    assert_eq!(load(&one, true).unwrap().0.layers[0].collection.id, "codes");
}

#[test]
fn coordinates_of_other_systems_become_longitude_and_latitude() {
    let utm = r#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::32630"}},"features":[
        {"type":"Feature","geometry":{"type":"Point","coordinates":[499209.2485276,1854496.55510581,300]},"properties":{}}]}"#;
    for (name, bytes) in [
        ("a.geojson", utm.as_bytes().to_vec()),
        ("a.ndjson", utm.replace('\n', "").into_bytes()),
        ("a.fgb", fixture("utm.fgb")),
        ("native.parquet", fixture("native.parquet")),
    ] {
        let found = features(name, bytes);
        let at = found[0].geometry.as_ref().unwrap().bounds().unwrap();
        assert!((at.min_x + 3.00742).abs() < 1e-8 && (at.min_y - 16.77348).abs() < 1e-8, "{name}: {at:?}");
        assert!(at.min_x.to_string().len() < 15, "no more digits than mean something: {at:?}");
    }
    let folder = Folder::new();
    let refused = |text: String| refused(&[folder.file("a.geojson", text)]).to_string();
    let unknown = refused(utm.replace("32630", "2000"));
    assert!(unknown.contains("its coordinates are in urn:ogc:def:crs:EPSG::2000, which is none of the reference systems"), "{unknown}");
    let late =
        r#"{"features":[{"type":"Feature","geometry":null,"properties":{}}],"crs":{"type":"name","properties":{"name":"EPSG:32630"}}}"#;
    assert!(refused(late.to_owned()).contains("says only after its features that their coordinates are in EPSG:32630"));
    let outside = refused(utm.replace("1854496.55510581", "1e12"));
    assert!(outside.contains("EPSG:32630 has no place with the coordinates 499209.2485276, 1000000000000"), "{outside}");
}

#[test]
fn damage_is_told_and_what_was_read_before_it_is_kept() {
    let folder = Folder::new();
    let error = |name: &str, bytes: &[u8]| refused(&[folder.file(name, bytes)]).to_string();
    let cut = packed(&fixture("invented.gpkg"));
    for (name, bytes, message) in [
        ("a.gpkg", &b""[..], "a.gpkg: the file is empty"),
        ("b.gpkg", b"{}", "b.gpkg: expected \"SQLite format 3\", with which a GeoPackage begins, found \"{}\""),
        ("c.parquet", b"PAR1", "c.parquet: the file is damaged or cut short: "),
        ("d.parquet", b"lon,lat\n", "d.parquet: expected \"PAR1\", with which Parquet begins, found \"lon,\""),
        ("e.parquet.gz", b"", "e.parquet.gz: the file is empty"),
        ("f.gpkg.gz", &cut[..cut.len() / 2], "f.gpkg.gz: the file is damaged or cut short: "),
        ("g.shp.gz", b"", "g.shp.gz: no format has this ending; read are .geojson, "),
    ] {
        assert!(error(name, bytes).contains(message), "{}", error(name, bytes));
    }
    let whole = fixture("native.parquet");
    assert!(error("f.parquet", &whole[..whole.len() - 9]).contains("the file is damaged or cut short"));
}
