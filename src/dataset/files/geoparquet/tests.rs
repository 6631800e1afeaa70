use proptest::prelude::*;

use super::super::{
    by_path::{Read, fixture, read, survives, with_file},
    member::Member,
    record::Raw,
};

fn parquet(path: &std::path::Path) -> Read {
    read(super::read, path, &Member::default())
}

#[test]
fn features_come_out_as_they_went_in() {
    let Read { records, faults, notes } = parquet(&fixture("invented.parquet"));
    assert_eq!((faults, notes), (Vec::<String>::new(), Vec::<String>::new()));
    let heights = records.iter().map(|record| record.geometry.as_ref().and_then(|geometry| geometry.heights()).map(<[f64]>::len));
    assert_eq!(heights.collect::<Vec<_>>(), [Some(1), Some(8), Some(6)]);
    let first = &records[0];
    assert_eq!(first.get("id"), &Raw::Text("a".into()));
    assert_eq!(first.get("count"), &Raw::Integer(9_007_199_254_740_993));
    assert_eq!(first.get("open"), &Raw::Boolean(true));
    assert_eq!(first.get("since"), &Raw::Text("2024-07-01T12:00:00Z".into()));
    assert_eq!(records[1].get("height"), &Raw::Null);
}

#[test]
fn native_points_of_another_system_and_every_type() {
    let Read { records, faults, notes } = parquet(&fixture("native.parquet"));
    assert!(faults.is_empty(), "{faults:?}");
    assert_eq!(notes, ["columns of binary data are left out"]);
    let at = records[0].geometry.as_ref().unwrap().bounds().unwrap();
    assert!((at.min_x + 3.00742).abs() < 1e-8 && (at.min_y - 16.77348).abs() < 1e-8, "{at:?}");
    let names = records[0].properties.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>();
    assert_eq!(names, ["name", "seen", "at", "open", "tags", "size", "price", "parts", "small", "clock"], "no bbox, no blob");
    for (name, first, second) in [
        ("seen", Raw::Text("2023-08-03".into()), Raw::Text("2023-12-21".into())),
        ("at", Raw::Text("2023-08-03T12:30:00Z".into()), Raw::Text("2023-12-21T00:00:00.25Z".into())),
        ("open", Raw::Boolean(true), Raw::Null),
        ("tags", Raw::List("[\"a\",\"b\"]".into()), Raw::List("[]".into())),
        ("size", Raw::Number(1.5), Raw::Number(-2.0)),
        ("price", Raw::Number(12.5), Raw::Number(-0.05)),
        ("parts", Raw::Json("{\"a\":1,\"b\":[1.5,null]}".into()), Raw::Null),
        ("small", Raw::Number(0.1), Raw::Number(2.0)),
        ("clock", Raw::Text("12:30:00".into()), Raw::Null),
    ] {
        assert_eq!((records[0].get(name), records[1].get(name)), (&first, &second), "{name}");
    }
}

/// A file of one point, without the metadata of GeoParquet, in a column of a type of Parquet's own.
fn typed(name: &str, kind: Option<parquet::basic::LogicalType>, pairs: &[(&str, &str)], [x, y]: [f64; 2]) -> Vec<u8> {
    use parquet::{
        basic::{Repetition, Type as Physical},
        data_type::{ByteArray, ByteArrayType},
        file::{metadata::KeyValue, properties::WriterProperties, writer::SerializedFileWriter},
        schema::types::Type,
    };
    let column = Type::primitive_type_builder(name, Physical::BYTE_ARRAY).with_logical_type(kind);
    let column = column.with_repetition(Repetition::REQUIRED).build().unwrap();
    let schema = Type::group_type_builder("schema").with_fields(vec![column.into()]).build().unwrap();
    let pairs = pairs.iter().map(|(key, value)| KeyValue::new((*key).to_owned(), (*value).to_owned())).collect();
    let properties = WriterProperties::builder().set_key_value_metadata(Some(pairs)).build();
    let mut bytes = Vec::new();
    let mut file = SerializedFileWriter::new(&mut bytes, schema.into(), properties.into()).unwrap();
    let mut group = file.next_row_group().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    let mut point = Vec::new();
    crate::model::wkb::write(&mut point, &crate::model::Geometry::new(geo::Point::new(x, y).into()).unwrap());
    column.typed::<ByteArrayType>().write_batch(&[ByteArray::from(point)], None, None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    file.close().unwrap();
    bytes
}

#[test]
fn columns_of_parquets_own_types_for_geometries_are_geometries() {
    use parquet::basic::LogicalType;
    let utm = crate::model::Crs::epsg(32630).unwrap().definition_text().unwrap().projjson;
    let (plain, metres) = ([-3.0, 16.5], [500_000.0, 1_824_270.0]);
    let crs = |text: &str| Some(text.to_owned());
    for (kind, at) in [
        (LogicalType::geometry(None), plain),
        (LogicalType::geometry(crs("OGC:CRS84")), plain),
        (LogicalType::geography(None, None), plain),
        (LogicalType::geometry(crs("srid:32630")), metres),
        (LogicalType::geometry(crs("EPSG:32630")), metres),
        (LogicalType::geometry(crs("projjson:utm")), metres),
        (LogicalType::geometry(crs(&utm)), metres),
    ] {
        let read = with_file(&typed("shape", Some(kind.clone()), &[("utm", &utm)], at), parquet);
        assert_eq!((read.faults, read.notes), (Vec::<String>::new(), Vec::<String>::new()), "{kind:?}");
        let found = read.records[0].geometry.as_ref().unwrap().bounds().unwrap();
        assert!((found.min_x + 3.0).abs() < 0.001 && (found.min_y - 16.5).abs() < 0.01, "{kind:?}: {found:?}");
        assert_eq!(read.records[0].properties.len(), 0, "{kind:?}");
    }
    for text in ["srid:1", "projjson:none", "somewhere"] {
        let read = with_file(&typed("shape", Some(LogicalType::geometry(crs(text))), &[], plain), parquet);
        assert_eq!(read.faults, [format!("System({text:?})")]);
    }
}

#[test]
fn binary_data_that_is_called_a_geometry_is_one() {
    for (name, metadata, note) in [
        (
            "wkb_geometry",
            "",
            "without metadata \"geo\", column \"wkb_geometry\" is taken as well-known binary, longitude and latitude on WGS 84",
        ),
        (
            "shape",
            r#"{"primary_column":"shape","columns":{"shape":{"encoding":"WKB","crs":null}}}"#,
            "its reference system is undefined: taken as longitude and latitude on WGS 84",
        ),
    ] {
        let pairs = Some(("geo", metadata)).filter(|(_, text)| !text.is_empty());
        let read = with_file(&typed(name, None, pairs.as_slice(), [-3.0, 16.5]), parquet);
        assert_eq!((read.faults, read.notes), (Vec::<String>::new(), vec![note.to_owned()]));
        assert_eq!(read.records[0].geometry.as_ref().unwrap().bounds().unwrap().min_y, 16.5);
    }
    let read = with_file(&typed("blob", None, &[], [-3.0, 16.5]), parquet);
    assert!(read.records[0].geometry.is_none() && read.notes.len() == 2, "{:?}", read.notes);
}

#[test]
fn without_geometries_columns_of_coordinates_are_found() {
    let Read { records, faults, notes } = parquet(&fixture("plain.parquet"));
    assert_eq!(notes, Vec::<String>::new());
    assert_eq!(faults, [": record 2: column \"lon\" is empty where the other coordinate is not"]);
    let at = records[0].geometry.as_ref().unwrap().bounds().unwrap();
    assert_eq!((at.min_x, at.min_y), (-3.0, 16.5));
    assert_eq!((records[0].properties.len(), records[1].geometry.is_none()), (3, true));
    assert_eq!(records[0].get("at"), &Raw::Text("2024-07-01T12:00:00.000000001Z".into()));
    assert_eq!(records[0].get("key"), &Raw::Text("00112233-4455-6677-8899-aabbccddeeff".into()));
    assert_eq!(records[0].get("big"), &Raw::Text("18446744073709551615".into()));
}

#[test]
fn what_is_wrong_says_so() {
    let fault = |bytes: &[u8]| with_file(bytes, |path| parquet(path).faults.concat());
    assert_eq!(fault(b""), ": the file is empty");
    assert_eq!(fault(b"SQLite"), ": expected \"PAR1\", with which Parquet begins, found \"SQLi\"");
    let whole = std::fs::read(fixture("native.parquet")).unwrap();
    assert!(fault(&whole[..whole.len() / 2]).starts_with(": the file is damaged or cut short: "), "{}", fault(&whole[..whole.len() / 2]));
    // The metadata name the system in text of the same length.
    let at = |needle: &[u8]| whole.windows(needle.len()).position(|window| window == needle).unwrap();
    let mut unknown = whole.clone();
    let code = at(b"\"code\": 32630}");
    unknown[code..code + 14].copy_from_slice(b"\"code\": 00001}");
    assert!(fault(&unknown).contains("its metadata \"geo\""), "{}", fault(&unknown));
    let mut unknown = whole.clone();
    unknown[code..code + 14].copy_from_slice(b"\"code\": 99999}");
    // What has an unknown number is read by its parameters, where they are known.
    assert_eq!(fault(&unknown), "");
    let method = at(b"\"Transverse Mercator\"");
    unknown[method..method + 21].copy_from_slice(b"\"Transverse Mercatos\"");
    assert_eq!(fault(&unknown), "System(\"EPSG:99999 (WGS 84 / UTM zone 30N)\")");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_damage_makes_it_panic(
        is_native in any::<bool>(),
        flips in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 0..8),
        cut in proptest::option::weighted(0.2, any::<proptest::sample::Index>()),
    ) {
        let mut bytes = std::fs::read(fixture(if is_native { "native.parquet" } else { "invented.parquet" })).unwrap();
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        prop_assert!(survives(super::members, super::read, &bytes) < 100_000);
    }
}
