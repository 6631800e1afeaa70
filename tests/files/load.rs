//! Files → a data set: names, order, version, map and errors.

use std::io::Write;

use harmattan::model::{Kind, Role};

use crate::support::{Folder, load};

const POINT: &str =
    r#"{"type":"Feature","id":1,"geometry":{"type":"Point","coordinates":[-4,15]},"properties":{"name":"a","opened":"2023-08-03"}}"#;

#[test]
fn each_file_is_a_collection_and_places_stays() {
    let folder = Folder::new();
    let paths = [folder.file("My Sites.ndjson", POINT), folder.file("my-sites.csv", "lon,lat\n1,2\n"), folder.file("places.csv", "n\n1\n")];
    let (data, report) = load(&paths, true).unwrap();
    let ids = data.layers.iter().map(|layer| layer.collection.id.as_str()).collect::<Vec<_>>();
    assert_eq!(ids, ["my-sites", "my-sites-2", "places-2", "places"]);
    assert!(data.layer("places").is_some());
    assert_eq!(data.map.title.en, "My Sites, My sites, Places");
    let layers = data.map.layers.iter().map(|layer| (layer.collection.as_str(), layer.list)).collect::<Vec<_>>();
    assert_eq!(layers, [("my-sites", true), ("my-sites-2", false)], "a table without a geometry is not drawn");
    assert_eq!(data.map.bbox, Some([-4.0, 2.0, 1.0, 15.0]));
    assert_eq!(data.map.layers[0].label.en, "name");
    assert_eq!(data.map.time.map(|time| time.start.to_string()).as_deref(), Some("2023-08-03"));
    let opened = &data.layers[0].collection.schema.properties[1];
    assert_eq!((opened.kind, opened.role), (Kind::Date, Some(Role::PrimaryInstant)));
    assert!(report.to_string().contains("no column says where a record is"), "{report}");
}

#[test]
fn the_version_is_that_of_names_and_bytes() {
    let folder = Folder::new();
    let version = |name: &str, text: &str| load(&[folder.file(name, text)], true).unwrap().0.version;
    let first = version("a.csv", "n\n1\n");
    assert_eq!(first.len(), 32);
    assert_eq!(version("a.csv", "n\n1\n"), first);
    assert_ne!(version("a.csv", "n\n2\n"), first);
    assert_ne!(version("b.csv", "n\n1\n"), first);
    assert_ne!(version("a.csv", "n\n1\n\n"), first, "what no record is made of counts as well");
}

#[test]
fn compressed_files_are_unpacked_and_cut_ones_told() {
    let folder = Folder::new();
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let rows = (0..5_000).map(|n| format!("{n},{}\n", n * 7919 % 10_007)).collect::<String>();
    packer.write_all(format!("id,n\n{rows}").as_bytes()).unwrap();
    let packed = packer.finish().unwrap();
    let (data, _) = load(&[folder.file("a.csv.gz", &packed)], true).unwrap();
    assert_eq!((data.layers[0].collection.id.as_str(), data.layers[0].views[0].len()), ("a", 5_000));
    let cut = folder.file("cut.csv.gz", &packed[..packed.len() / 2]);
    let (data, report) = load(std::slice::from_ref(&cut), false).unwrap();
    assert!((1..5_000).contains(&data.layers[0].views[0].len()));
    assert!(report.faults.iter().any(|fault| fault.to_string().contains("is damaged or cut short")), "{report}");
    assert!(load(&[cut], true).is_err());
    // Unpacked on its way, or packed, and its name is as before.
    for file in [folder.file("plain.csv.gz", "n\n1\n"), folder.file("packed.csv", &packed)] {
        assert!(!load(&[file], true).unwrap().0.layers[0].views[0].is_empty());
    }
}

#[test]
fn messages_are_counted_beyond_the_first() {
    let folder = Folder::new();
    let rows = "1,200\n".repeat(50);
    let (data, report) = load(&[folder.file("a.csv", format!("lon,lat\n1,2\n{rows}"))], false).unwrap();
    assert_eq!((data.layers[0].views[0].len(), report.bad(), report.faults.len()), (1, 50, 20));
    let text = report.to_string();
    assert!(text.contains("a.csv:3: latitude 200 is outside -90..=90\n") && text.contains("\nand 30 more\n"), "{text}");
    assert!(text.contains("1 features in collection \"a\"; 0 without a position, 50 bad left out"), "{text}");
}

#[test]
fn errors_name_the_file_and_the_reason() {
    let folder = Folder::new();
    let error = |name: &str, text: &str| load(&[folder.file(name, text)], false).unwrap_err().to_string();
    let shape = error("a.shp", "");
    assert!(
        shape.contains("a.shp: no format has this ending: convert it, ogr2ogr -f GPKG a.gpkg ") && shape.contains("a.shp; read are "),
        "{shape}"
    );
    assert!(error("a.dat", "").ends_with(
        "a.dat: no format has this ending: a table is named .csv or .tsv, whatever stands between its cells; read are .geojson, .json, .geojsonl, .ndjson, .geojsons, .jsonl, .csv, .tsv, .fgb, .gpkg, .parquet, .geoparquet, each also with .gz"
    ));
    assert!(error("a.csv", "").ends_with("a.csv: the file is empty"));
    let projected = error("b.csv", "x,y\n500000,1700000\n500001,1700000\n");
    assert!(
        projected.contains("not one good record, 2 bad; the first: ")
            && projected.contains("longitude 500000 is outside -180..=180; are these metres")
    );
    let late = error(
        "late.json",
        r#"{"features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]}}],"crs":{"properties":{"name":"EPSG:2154"}}}"#,
    );
    assert!(
        late.ends_with(
            "late.json: says only after its features that their coordinates are in EPSG:2154: what says so has to stand before \"features\""
        ),
        "{late}"
    );
    let nan = error("nan.json", r#"{"type":"Feature","geometry":null,"properties":{"n":NaN}}"#);
    assert!(nan.ends_with("NaN is no number of JSON's: write null (byte 53 of it)"), "{nan}");
    let missing = load(&["missing.file".into()], false).unwrap_err();
    assert_eq!(missing.to_string(), "missing.file: there is no such file");
    let address = load(&["https://example.org/a.json".into()], false).unwrap_err();
    assert_eq!(address.to_string(), "https://example.org/a.json: there is no such file: an address is not read; download it first");
    // Nothing in it, but nothing bad either.
    assert!(load(&[folder.file("c.json", r#"{"type":"FeatureCollection","features":[]}"#)], true).is_ok());
}
