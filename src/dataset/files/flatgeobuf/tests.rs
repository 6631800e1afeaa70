//! What no good file has: every cut, every size that lies, any bytes.

use std::ops::ControlFlow;

use ::flatgeobuf::{ColumnType, FgbCrs, FgbWriter, FgbWriterOptions, GeometryType, geozero};
use geozero::{ColumnValue, GeomProcessor, GeozeroGeometry, PropertyProcessor};
use proptest::prelude::*;

use super::*;
use crate::dataset::files::record::Raw;

/// Three features, written by GDAL; how, `tests/files/flatgeobuf.rs` says.
const INVENTED: &[u8] = include_bytes!("../../../../tests/files/invented.fgb");

/// The start and the unit of what GDAL writes for CRS84.
const WGS84: &str = r#"GEOGCRS["WGS 84",DATUM[],CS[ellipsoidal,2],AXIS["longitude",east,ANGLEUNIT["degree",0.0174532925199433]]]"#;

/// Where the header's size stands.
const SIZE: usize = 8;

/// What comes of a file: its records, its faults and its notes.
type Seen = (Vec<Vec<(String, Raw<'static>)>>, Vec<String>, Vec<String>);

fn see(bytes: &[u8], piece: usize) -> Result<Seen, Stop> {
    let mut seen = Seen::default();
    read(&mut io::BufReader::with_capacity(piece, bytes), &mut |item| take(&mut seen, item))?;
    Ok(seen)
}

fn take((records, faults, notes): &mut Seen, item: Item<'_>) -> ControlFlow<()> {
    match item {
        Item::Record(record) => {
            records.push(record.properties.into_iter().map(|(name, raw)| (name.into_owned(), raw.into_owned())).collect());
        }
        Item::Fault(spot, rule) => faults.push(format!("{spot}: {rule}")),
        Item::Note(note) => notes.push(note),
        Item::Title { .. } => panic!("FlatGeobuf's titles are not read"),
        Item::Frame { spot, bytes, decode } => {
            let mut within = Seen::default();
            let ended = decode(bytes, spot, &mut |item| take(&mut within, item));
            assert!(ended.is_ok());
            records.extend(within.0);
            faults.extend(within.1);
            notes.extend(within.2);
        }
    }
    ControlFlow::Continue(())
}

/// Where the features begin.
fn features() -> usize {
    let size = u32::from_le_bytes(INVENTED[SIZE..SIZE + 4].try_into().unwrap()) as usize;
    let header = size_prefixed_root_as_header(&INVENTED[SIZE..]).unwrap();
    SIZE + 4 + size + usize::try_from(index_size(header.features_count(), header.index_node_size()).unwrap()).unwrap()
}

/// The file with a number of 32 bits put over it.
fn with(at: usize, number: u32) -> Vec<u8> {
    let mut bytes = INVENTED.to_vec();
    bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
    bytes
}

/// One point with measures, or with what is asked for.
struct Made(GeometryType);

impl GeozeroGeometry for Made {
    fn process_geom<P: GeomProcessor>(&self, to: &mut P) -> geozero::error::Result<()> {
        if self.0 == GeometryType::CircularString {
            return to.circularstring_begin(0, 0);
        }
        to.point_begin(0)?;
        to.coordinate(1.0, 2.0, None, Some(7.0), None, None, 0)?;
        to.point_end(0)
    }
}

fn write(kind: GeometryType, crs: FgbCrs<'_>, columns: &[(ColumnType, ColumnValue<'_>)]) -> Vec<u8> {
    let options = FgbWriterOptions { has_m: true, crs, write_index: false, ..FgbWriterOptions::default() };
    let mut writer = FgbWriter::create_with_options("made", kind, options).unwrap();
    for (kind, _) in columns {
        writer.add_column("c", *kind, |_, _| {});
    }
    let put = |to: &mut dyn PropertyProcessor| {
        for (index, (_, value)) in columns.iter().enumerate() {
            to.property(index, "c", value).unwrap();
        }
    };
    writer.add_feature_geom(Made(kind), |to| put(to)).unwrap();
    let mut bytes = Vec::new();
    writer.write(&mut bytes).unwrap();
    bytes
}

#[test]
fn a_file_cut_at_any_byte_is_told() {
    assert_eq!(see(INVENTED, 7).unwrap().0.len(), 3);
    for end in 0..INVENTED.len() {
        let (records, faults, _) = see(&INVENTED[..end], 7).unwrap();
        assert!(records.len() < 3 && faults.len() == 1, "{end}: {faults:?}");
        assert!(end == 0 || faults[0].contains("at byte"), "{end}: {faults:?}");
        assert_eq!(end < features(), records.is_empty() && !faults[0].contains("feature"), "{end}: {faults:?}");
    }
}

#[test]
fn sizes_that_lie_are_told_and_take_no_memory() {
    let start = features();
    for (bytes, fault) in [
        (with(SIZE, 3), ": at byte 8: the file is damaged or cut short: a header of 3 bytes"),
        (with(SIZE, u32::MAX), ": at byte 8: the file is damaged or cut short: its header is longer than 16 MiB"),
        (with(SIZE, 16 << 20), "it ends inside the header"),
        (with(start, u32::MAX), "is longer than 1 MiB"),
        (with(start, 1 << 20), "the file is damaged or cut short: it ends inside the feature"),
        (with(start, 0), "a feature of 0 bytes: none after it can be found"),
        (with(start + 4, 1 << 30), "is out of bounds"),
        ([INVENTED, b"more"].concat(), "it goes on after the 3 features that its header counts"),
        (with(3, 0x6267_6602), ": at byte 3: expected FlatGeobuf of version 3, found version 2"),
        (b"{\"type\":\"FeatureCollection\"}".to_vec(), r#": at byte 0: expected "fgb", with which FlatGeobuf begins, found "{\"type\":""#),
        (Vec::new(), ": the file is empty"),
    ] {
        let (_, faults, _) = see(&bytes, 64).unwrap();
        assert!(faults[0].ends_with(fault) || faults[0].contains(fault), "{fault}: {faults:?}");
    }
    // What comes after a damaged feature of a good size is read.
    let (records, faults, _) = see(&with(start + 4, 1 << 30), 64).unwrap();
    assert_eq!((records.len(), faults.len()), (2, 1));
}

#[test]
fn an_index_is_measured_or_refused() {
    for (features, fan, nodes) in [(0, 16, 0), (9, 0, 0), (1, 16, 2), (16, 16, 17), (17, 16, 20), (5, 2, 5 + 3 + 2 + 1)] {
        assert_eq!(index_size(features, fan), Some(nodes * NODE), "{features} {fan}");
    }
    for (features, fan) in [(9, 1), (1, 1), (u64::MAX, 2), (u64::MAX, u16::MAX), (u64::MAX / NODE, 16)] {
        assert_eq!(index_size(features, fan), None, "{features} {fan}");
    }
}

#[test]
fn counts_that_lie_are_told() {
    let header = size_prefixed_root_as_header(&INVENTED[SIZE..]).unwrap();
    assert_eq!((header.features_count(), header.index_node_size()), (3, 16));
    let at = INVENTED.windows(8).position(|bytes| bytes == 3_u64.to_le_bytes()).unwrap();
    for (count, fault) in [
        (u64::MAX, "its header claims an index that no file can hold"),
        (1 << 56, "it ends inside the index, which has 3074457345618258600 bytes"),
        (1 << 20, "it ends inside the index"),
    ] {
        let mut bytes = INVENTED.to_vec();
        bytes[at..at + 8].copy_from_slice(&count.to_le_bytes());
        let (records, faults, _) = see(&bytes, 64).unwrap();
        assert!(records.is_empty() && faults[0].contains(fault), "{faults:?}");
    }
}

#[test]
fn a_geometry_stands_for_no_more_than_its_bytes() {
    let feature = size_prefixed_root_as_feature(&INVENTED[features()..]).unwrap();
    let read =
        |size| geometry::read(feature.geometry().unwrap(), GeometryType::Unknown, None, size).map(|(geometry, _)| geometry.is_some());
    assert_eq!(read(24), Ok(true));
    assert!(read(23).unwrap_err().to_string().contains("its parts share coordinates"));
}

#[test]
fn every_type_of_column_is_read() {
    use ColumnValue as V;
    let columns = [
        (ColumnType::Byte, V::Byte(-128), Raw::Integer(-128)),
        (ColumnType::UByte, V::UByte(255), Raw::Integer(255)),
        (ColumnType::Bool, V::Bool(true), Raw::Boolean(true)),
        (ColumnType::Short, V::Short(-32_768), Raw::Integer(-32_768)),
        (ColumnType::UShort, V::UShort(65_535), Raw::Integer(65_535)),
        (ColumnType::Int, V::Int(i32::MIN), Raw::Integer(i32::MIN.into())),
        (ColumnType::UInt, V::UInt(u32::MAX), Raw::Integer(u32::MAX.into())),
        (ColumnType::Long, V::Long(i64::MIN), Raw::Integer(i64::MIN)),
        (ColumnType::ULong, V::ULong(7), Raw::Integer(7)),
        (ColumnType::ULong, V::ULong(u64::MAX), Raw::Text("18446744073709551615".into())),
        (ColumnType::Float, V::Float(0.1), Raw::Number(0.1)),
        (ColumnType::Double, V::Double(1e300), Raw::Number(1e300)),
        (ColumnType::Double, V::Double(f64::NAN), Raw::Null),
        (ColumnType::String, V::String("é"), Raw::Text("é".into())),
        (ColumnType::Json, V::Json("{\"a\": [1]}"), Raw::Json("{\"a\":[1]}".into())),
        (ColumnType::Json, V::Json("[\"a\"]"), Raw::List("[\"a\"]".into())),
        (ColumnType::DateTime, V::DateTime("2024-07-01T12:00:00Z"), Raw::Text("2024-07-01T12:00:00Z".into())),
        (ColumnType::Binary, V::Binary(b"\xff"), Raw::Null),
    ];
    let (written, expected): (Vec<_>, Vec<_>) = columns.into_iter().map(|(kind, value, raw)| ((kind, value), raw)).unzip();
    let (records, faults, notes) = see(&write(GeometryType::Point, FgbCrs::default(), &written), 64).unwrap();
    assert_eq!(faults, Vec::<String>::new());
    assert_eq!(notes, [super::UNDEFINED, "columns of binary data are left out", "measures of positions (M) and their times are left out"]);
    assert_eq!(records[0].iter().map(|(_, raw)| raw).collect::<Vec<_>>(), expected[..17].iter().collect::<Vec<_>>());
    assert_eq!((records[0][0].0.as_str(), records[0][16].0.as_str()), ("c", "c_17"), "names are made unique");
}

#[test]
fn values_that_are_not_what_their_column_says_are_told() {
    let deep = "[".repeat(10_000);
    for (column, fault) in [
        (
            (ColumnType::Json, ColumnValue::Json("{")),
            ": feature 1 at byte 164: column \"c\": EOF while parsing an object at line 1 column 1",
        ),
        ((ColumnType::Json, ColumnValue::Json(&deep)), "is nested deeper than 128"),
        ((ColumnType::String, ColumnValue::Binary(b"\xff")), "column \"c\": its value is not UTF-8"),
        ((ColumnType::Long, ColumnValue::Byte(1)), "column \"c\": its value goes beyond the end of the feature"),
        ((ColumnType::Byte, ColumnValue::UShort(256)), ""),
        ((ColumnType::Byte, ColumnValue::UInt(u32::MAX)), "a value of column 65535, counted from 0, where 1 are"),
        ((ColumnType(15), ColumnValue::Byte(1)), "column \"c\" is of type 15, which there is not"),
    ] {
        let (records, faults, _) = see(&write(GeometryType::Point, FgbCrs::default(), &[column]), 64).unwrap();
        assert_eq!(records.len(), usize::from(fault.is_empty()), "{faults:?}");
        let what = fault.rsplit_once("byte 164").map_or(fault, |(_, what)| what);
        assert!(faults.first().is_none_or(|first| first.ends_with(what)), "{fault}: {faults:?}");
    }
    let (_, faults, _) = see(&write(GeometryType::CircularString, FgbCrs::default(), &[]), 64).unwrap();
    assert!(faults[0].ends_with("\"type\" is CircularString, not one of GeoJSON's"), "{faults:?}");
}

/// A system that EPSG numbered after the list that is known here was made.
const NATIONAL: &str = r#"PROJCS["MAGNA-SIRGAS 2018 / Origen-Nacional",GEOGCS["SIRGAS 2000",DATUM["x",SPHEROID["GRS 1980",6378137,298.257222101]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",4],PARAMETER["central_meridian",-73],PARAMETER["scale_factor",0.9992],PARAMETER["false_easting",5000000],PARAMETER["false_northing",2000000],UNIT["metre",1],AUTHORITY["EPSG","9377"]]"#;

#[test]
fn reference_systems_are_told_apart() {
    let crs = |org, code, name, code_string| FgbCrs { org, code, name, code_string, ..FgbCrs::default() };
    for (crs, named) in [
        (crs(None, 0, None, None), None),
        (crs(None, 4326, None, None), None),
        (crs(Some("epsg"), 4326, Some("WGS 84"), None), None),
        (crs(Some("OGC"), 0, None, Some("CRS84")), None),
        (crs(None, 3857, None, None), None),
        (crs(None, 2_000, None, None), Some("EPSG:2000")),
        (crs(Some("EPSG"), 2_000, Some("Anguilla 1957"), None), Some("EPSG:2000 (Anguilla 1957)")),
        (crs(Some("ESRI"), 4326, None, None), Some("ESRI:4326")),
        (crs(None, 0, Some("somewhere"), None), Some("somewhere")),
        (FgbCrs { wkt: Some(WGS84), ..crs(None, 0, Some("WGS 84"), None) }, None),
        (FgbCrs { wkt: Some(WGS84), ..crs(None, 2_000, None, None) }, Some("EPSG:2000")),
        (FgbCrs { wkt: Some(NATIONAL), ..crs(None, 9_377, None, None) }, None),
        (FgbCrs { wkt: Some(NATIONAL), ..crs(None, 2_000, None, None) }, Some("EPSG:2000")),
        (FgbCrs { wkt: Some("PROJCRS[\"mine\"]"), ..crs(None, 0, None, None) }, Some("PROJCRS[\"mine\"]")),
    ] {
        let system = match see(&write(GeometryType::Point, crs, &[]), 64) {
            Err(Stop::System(system)) => Some(system),
            other => other.map(|_| None).unwrap(),
        };
        assert_eq!(system.as_deref(), named);
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), at in 0..INVENTED.len(), piece in 1..20_usize) {
        let _ = see(&[b"fgb\x03fgb\x00", bytes.as_slice()].concat(), piece);
        let mut bytes = bytes;
        bytes.truncate(16);
        // The same in the midst of a good file, over it and between.
        let _ = see(&[&INVENTED[..at], &bytes, &INVENTED[at..]].concat(), piece);
        let _ = see(&[&INVENTED[..at], &bytes, INVENTED.get(at + bytes.len()..).unwrap_or_default()].concat(), piece);
    }

    #[test]
    fn the_size_of_the_pieces_never_matters(at in 0..INVENTED.len(), byte: u8, piece in 1..20_usize) {
        let mut bytes = INVENTED.to_vec();
        bytes[at] = byte;
        let see = |piece| see(&bytes, piece).map_err(|stop| format!("{stop:?}"));
        // Numbers that are none are never equal: as text they are.
        prop_assert_eq!(format!("{:?}", see(piece)), format!("{:?}", see(4096)));
    }
}
