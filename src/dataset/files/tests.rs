//! What holds of every reader: good records come out as they went in, faults are told apart, and no bytes make it panic.

use std::{
    io::{BufReader, Read},
    path::Path,
    sync::OnceLock,
};

use proptest::prelude::*;

use super::{
    collect::Made,
    part::Part,
    wishes::{Ground, Wishes},
    *,
};
use crate::{
    gazetteer::{Atlas, Gazetteer},
    model::{Feature, Kind, Text, Value},
};

fn gazetteer() -> &'static Gazetteer {
    static GAZETTEER: OnceLock<Gazetteer> = OnceLock::new();
    GAZETTEER.get_or_init(|| Gazetteer::embedded().expect("the embedded files are checked"))
}

/// Reads bytes as a file of this ending, in pieces of a few bytes.
fn read_stream(ending: &str, stream: impl Read, piece: usize) -> Result<(Made, Report), FileError> {
    read_as(Options::default(), ending, stream, piece)
}

fn read_as(options: Options, ending: &str, stream: impl Read, piece: usize) -> Result<(Made, Report), FileError> {
    let name = format!("x.{ending}");
    let (format, _) = format_of(Path::new(&name)).unwrap();
    let mut report = Report::new(&options);
    report.begin(&name);
    // Every piece as many threads as there are pieces, so that neither matters.
    let options = Options { threads: piece % 3 + 1, ..options };
    let How::Stream(reader) = format.read else { panic!("{ending} is no stream") };
    let atlas = Atlas::world();
    let mut all = Part::new(Ground { gazetteer: gazetteer(), atlas: &atlas, place: None, decisions: None });
    all.begin(&name);
    load::stream(reader, &mut BufReader::with_capacity(piece, stream), &name, &options, &mut all, &mut report)?;
    let called = collect::Called { id: "x".into(), title: Text::plain("X"), description: None };
    Ok((collect::finish(all, called, &Wishes::default(), &mut report, &mut Vec::new())?, report))
}

fn read(ending: &str, text: impl AsRef<[u8]>) -> (Vec<Feature>, Made, Vec<String>) {
    let (mut made, report) = read_stream(ending, text.as_ref(), 64).unwrap();
    (std::mem::take(&mut made.layer.views[0]).features().collect(), made, report.faults.iter().map(ToString::to_string).collect())
}

const FEATURE: &str = r#"{"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":[1,2]},"properties":{"n":1}}"#;

fn collection(features: &[&str]) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

fn kinds(made: &Made) -> Vec<(&str, Kind)> {
    made.layer.collection.schema.properties.iter().map(|property| (property.name.as_str(), property.kind)).collect()
}

#[test]
fn members_may_stand_before_and_after_the_features() {
    let text = format!(r#"{{ "bbox":[0,0,1,1],"features" : [ {FEATURE} ] , "name":"x]}}","crs":null,"type":"FeatureCollection" }}"#);
    let (features, made, faults) = read("geojson", text);
    assert_eq!((features.len(), faults.len()), (1, 0));
    assert_eq!((features[0].id.as_str(), kinds(&made)), ("a", vec![("n", Kind::Integer)]));
    // One feature by itself, a geometry by itself, and several texts one after another.
    assert_eq!(read("json", FEATURE).0.len(), 1);
    assert_eq!(read("json", r#"{"coordinates":[1,2],"type":"Point"}"#).0.len(), 1);
    assert_eq!(read("json", format!("{FEATURE}\n{}", FEATURE.replace("\"a\"", "7"))).0[1].id, "7");
}

#[test]
fn other_reference_systems_are_an_error() {
    let text = |name: &str| format!(r#"{{"features":[{FEATURE}],"crs":{{"type":"name","properties":{{"name":"{name}"}}}}}}"#);
    assert!(read_stream("json", text("urn:ogc:def:crs:OGC:1.3:CRS84").as_bytes(), 9).is_ok());
    let error = read_stream("json", text("urn:ogc:def:crs:EPSG::27200").as_bytes(), 9).unwrap_err();
    assert!(error.to_string().contains("its coordinates are in urn:ogc:def:crs:EPSG::27200"), "{error}");
}

#[test]
fn bad_features_are_told_with_their_place_and_the_good_are_kept() {
    let point = |coordinates: &str| format!(r#"{{"type":"Feature","geometry":{{"type":"Point","coordinates":{coordinates}}}}}"#);
    let (far, bad, deep) = (point("[1,91.2]"), point("[1,]"), point(&format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000))));
    let (features, _, faults) = read("geojson", collection(&[&far, FEATURE, &bad, "null", &deep, FEATURE, r#"{"type":"Topology"}"#]));
    assert_eq!(features.len(), 1);
    assert_eq!(faults[0], "x.geojson: feature 1 at byte 40: latitude 91.2 is outside -90..=90; are longitude and latitude swapped?");
    assert!(faults[1].contains("feature 3 at byte") && faults[1].contains("(byte 63 of it)"), "{}", faults[1]);
    assert!(faults[2].contains("feature 4 at byte"), "{}", faults[2]);
    assert!(faults[3].contains("is nested deeper than 128"), "{}", faults[3]);
    assert!(faults[4].ends_with("\"type\" is \"Topology\", not one of GeoJSON's"), "{}", faults[4]);
    // Known only when all have come.
    assert_eq!(faults[5], "x.geojson: record 6: id \"a\" is taken by a record before it, which is kept");
    assert_eq!(faults.len(), 6);
}

#[test]
fn a_file_cut_short_keeps_what_came_before() {
    let whole = collection(&[FEATURE, &FEATURE.replace("\"a\"", "\"b\"")]);
    for end in 1..whole.len() {
        let (features, _, faults) = read("geojson", &whole[..end]);
        assert!(!faults.is_empty(), "{}", &whole[..end]);
        assert!(features.len() <= 2);
    }
    let (features, _, faults) = read("geojson", &whole[..whole.len() - 20]);
    assert_eq!(features.len(), 1);
    assert!(faults[0].contains("the file ends inside it"), "{faults:?}");
    assert_eq!(read("geojson", " \n").2, ["x.geojson: the file is empty"]);
    assert!(read("geojson", "[1,2]").2[0].ends_with("at byte 0: expected an object of GeoJSON, found '['"));
}

#[test]
fn sequences_are_read_by_line_and_by_separator() {
    let other = FEATURE.replace("\"a\"", "\"b\"");
    for text in [
        format!("{FEATURE}\r\n\n{other}\n"),
        format!("\x1e{FEATURE}\n\x1e{}\n", other.replace(',', ",\n")),
        format!("\u{feff}{FEATURE}\n{other}"),
    ] {
        let (features, _, faults) = read("geojsonl", &text);
        assert_eq!((features.len(), faults.len()), (2, 0), "{text:?} {faults:?}");
    }
    let (features, _, faults) = read("ndjson", format!("{FEATURE}\n{{\n{}\n\u{1}\n{other}", collection(&[&other])));
    assert_eq!(features.len(), 2);
    assert!(faults[0].starts_with("x.ndjson:2: EOF while parsing"), "{faults:?}");
    assert!(faults[1].starts_with("x.ndjson:4: expected value"), "{faults:?}");
    assert!(faults[2].starts_with("x.ndjson:5: id \"b\" is taken"), "{faults:?}");
}

#[test]
fn tables_are_read_with_any_delimiter() {
    for text in ["name,lat,lon\n\"a, b\",1,2\n", "\u{feff}name;lat;lon\r\n\"a, b\";1;2", "name\tlat\tlon\na, b\t1\t2\n"] {
        let (features, made, faults) = read("csv", text);
        assert!(faults.is_empty(), "{faults:?}");
        assert_eq!(kinds(&made), [("name", Kind::Text)]);
        assert_eq!(features[0].values, [Value::Text("a, b".into())]);
        assert_eq!(
            features[0].geometry.as_ref().and_then(|geometry| geometry.bounds()).map(|rect| (rect.min_x, rect.min_y)),
            Some((2.0, 1.0))
        );
    }
}

#[test]
fn bad_rows_are_told_with_their_line() {
    let (features, _, faults) =
        read("csv", b"id,lon,lat,x\na,1,2,\xff\nb,1,2,3\n\"c\n\",1,200,3\nd,1,2\ne,,2,3\nf,x,2,3\ng,inf,2,3\nh,,,3\n");
    assert_eq!(features.iter().map(|feature| feature.id.as_str()).collect::<Vec<_>>(), ["b", "h"]);
    assert_eq!(features[1].geometry, None);
    assert_eq!(
        faults,
        [
            "x.csv:2: column \"x\" is not UTF-8; save the table as UTF-8, or convert it: iconv -f WINDOWS-1252 -t UTF-8",
            "x.csv:4: latitude 200 is outside -90..=90",
            "x.csv:6: has 3 cells where the header has 4",
            "x.csv:7: column \"lon\" is empty where the other coordinate is not",
            "x.csv:8: column \"lon\": \"x\" is neither a number of degrees nor degrees, minutes and seconds",
            "x.csv:9: longitude inf is not a finite number",
        ]
    );
}

#[test]
fn lines_are_those_of_the_file() {
    // Blank ones count, in a quoted cell too, and so do those of Windows.
    let rows = ["id,lon,lat,x", "a,1,2,\"p", "", "q\"", "", "", "b,x,2,3", "c,1,2", "", "d,1,2,\"3"];
    for end in ["\n", "\r\n"] {
        let (features, _, faults) = read("csv", rows.join(end));
        assert_eq!((features.len(), &features[0].values[0]), (1, &Value::Text(format!("p{end}{end}q"))));
        let lines = faults.iter().filter_map(|fault| fault.split(": ").next()).collect::<Vec<_>>();
        assert_eq!(lines, ["x.csv:7", "x.csv:8", "x.csv:10"], "{faults:?}");
        assert!(
            faults[2].ends_with("a quote before is not closed"),
            "a quote that stays open is told, not a row of another length: {faults:?}"
        );
    }
}

#[test]
fn places_are_read_as_they_are_written() {
    for text in [
        "n,lat,lon\na,16°30'N,\"3°15'00\"\"W\"\n",
        "n|lat|lon\na|16 30|-3 15\n",
        "n;lat;lon\na;16,5;3°15'W\n",
        "n,Geo Point\na,\"16.5, -3.25\"\n",
        "n,geom\na,0101000020E61000000000000000000AC00000000000803040\n",
        "n,geom\na,SRID=4326;POINT(-3.25 16.5)\n",
        "n,geo_shape\na,\"{\"\"type\"\":\"\"Point\"\",\"\"coordinates\"\":[-3.25,16.5]}\"\n",
    ] {
        let (features, made, faults) = read("csv", text);
        assert_eq!((faults.as_slice(), kinds(&made).len()), (&[][..], 1), "{text}");
        let place = features[0].geometry.as_ref().and_then(|geometry| geometry.bounds()).map(|rect| (rect.min_x, rect.min_y));
        assert_eq!(place, Some((-3.25, 16.5)), "{text}");
    }
    let (_, report) = read_stream("csv", &b"1,2.5,3.5\n2,3.5,4.5\n"[..], 9).unwrap();
    assert!(report.to_string().contains("a table needs a line of names before its rows"), "{report}");
}

#[test]
fn semicolons_leave_commas_to_numbers() {
    let text = "name;lon;lat;area;dotted;mixed;code\na;-1,5;2,25;0,5;1.5;1,5;1,5\nb;3;4;2;2.5;2.5;x\nc;5,125;6;;;;\n";
    let (features, made, faults) = read("csv", text);
    assert_eq!(faults, [""; 0]);
    let (text, number) = (Kind::Text, Kind::Number);
    assert_eq!(kinds(&made), [("name", text), ("area", number), ("dotted", number), ("mixed", text), ("code", text)]);
    assert_eq!(features[0].values[1..], [Value::Number(0.5), Value::Number(1.5), Value::Text("1,5".into()), Value::Text("1,5".into())]);
    assert_eq!(features[1].values[1], Value::Number(2.0));
    let place = features[0].geometry.as_ref().and_then(|geometry| geometry.bounds()).map(|rect| (rect.min_x, rect.min_y));
    assert_eq!(place, Some((-1.5, 2.25)));
    // Elsewhere a comma in a number may part thousands.
    let (features, made, _) = read("csv", "lon,lat,n\n1,2,\"1,500\"\n");
    assert_eq!((kinds(&made), &features[0].values[0]), (vec![("n", Kind::Text)], &Value::Text("1,500".into())));
}

#[test]
fn places_are_looked_up_and_never_guessed() {
    let (features, made, faults) = read(
        "csv",
        "place,country\nMénaka,ML\nXanadu,\n,\nOgossagou,ML\nReykjavik,\nTombuoctou,ML\nGao,Mali\nAbéché,Tchad\nnull,\nGao,XX\n",
    );
    assert!(faults.is_empty());
    let placed = features.iter().map(|feature| feature.geometry.is_some()).collect::<Vec<_>>();
    assert_eq!(placed, [true, false, false, false, true, true, true, true, false, false], "one by a slip, in the country given");
    let said = |row: usize| features[row].values[4].clone();
    assert_eq!([said(0), said(1), said(2), said(3)], ["name".into(), "none".into(), Value::Null, "ambiguous".into()]);
    assert_eq!([said(8), said(9)], ["none".into(), "ambiguous".into()], "the beginning of a name is none; an unknown country says nothing");
    assert_eq!(features[5].values[2..4], ["2449067".into(), "Timbuktu".into()]);
    let placed = [
        ("place_id", Kind::Text),
        ("place_name", Kind::Text),
        ("place_match", Kind::Text),
        ("place_score", Kind::Number),
        ("place_accuracy_m", Kind::Integer),
    ];
    assert_eq!(kinds(&made)[2..], placed);
    assert_eq!(kinds(&read("csv", "place\nXanadu\n").1)[1..], placed, "nothing placed changes no type");
    assert_eq!(made.layer_of_map().unwrap().accuracy.as_deref(), Some("place_accuracy_m"));
}

#[test]
fn ids_are_those_of_a_column_where_each_is_another() {
    let (features, made, _) = read("csv", "fid,id,n\n1,x,3\n2,x,4\n");
    assert_eq!(features[1].id, "2");
    assert_eq!(kinds(&made), [("id_2", Kind::Text), ("n", Kind::Integer)], "a property is never called id");
    let (features, ..) = read("csv", "n\n3\n4\n");
    assert_eq!(features[1].id, "2");
}

#[test]
fn times_are_found_by_type() {
    let (features, made, _) = read("csv", "name,when,n\na,[2023-08-25..2023-08-31],1\nb,,2\n");
    let time = made.layer_of_map().map(|layer| layer.time);
    assert_eq!(time, None, "a table without a geometry is no layer");
    assert_eq!(kinds(&made)[3..], [("when_earliest", Kind::Date), ("when_latest", Kind::Date)]);
    assert_eq!(features[0].values[4], Value::Date(jiff::civil::date(2023, 8, 31)));
    assert_eq!(features[1].time, None);
    let (features, made, _) = read("csv", "lon,lat,start,end\n1,2,2023-08-01,2023-09-01\n1,2,2023-08-01,2023-07-01\n");
    let time = made.layer_of_map().and_then(|layer| layer.time).unwrap();
    assert_eq!((time.edtf.as_str(), time.earliest.as_str(), time.latest.as_str()), ("when", "start", "end"));
    assert_eq!((features[0].time.is_some(), features[1].time), (true, None));
}

#[test]
fn what_is_longer_than_allowed_is_refused_without_being_held() {
    let long = || std::io::repeat(b'a').take(3 << 20);
    for (ending, start, good) in [
        ("geojson", format!("{{\"features\":[{FEATURE},\""), ""),
        ("geojson", "{\"name\":\"".to_owned(), ""),
        ("ndjson", format!("{FEATURE}\n"), ""),
        ("csv", "id,lon,lat\na,1,2\nb,1,\"".to_owned(), ""),
        ("csv", String::new(), ""),
    ] {
        let stream = start.as_bytes().chain(long()).chain(good.as_bytes());
        let (_, report) = read_stream(ending, stream, 64 << 10).unwrap();
        assert_eq!(report.faults.len(), 1, "{ending} {start} {report}");
    }
    // The next feature after a long one is read, and on the right line.
    let stream = format!("{FEATURE}\n\n");
    let rest = format!("\n{{\n{}\n", FEATURE.replace("\"a\"", "\"b\""));
    let (made, report) = read_stream("ndjson", stream.as_bytes().chain(long()).chain(rest.as_bytes()), 64 << 10).unwrap();
    assert_eq!(made.layer.views[0].len(), 2);
    let said = report.faults.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert!(said[0].starts_with("x.ndjson:3: ") && said[0].ends_with("is longer than 1 MiB"), "{said:?}");
    assert!(said.len() == 2 && said[1].starts_with("x.ndjson:4: EOF while parsing"), "{said:?}");
    let stream = b"{\"features\":[{\"a\":\"".chain(long()).chain(&b"\"},"[..]);
    let text = format!("{FEATURE}]}}");
    let (made, report) = read_stream("geojson", stream.chain(text.as_bytes()), 64 << 10).unwrap();
    assert_eq!(made.layer.views[0].len(), 1);
    assert!(report.faults[0].to_string().ends_with("is longer than 1 MiB"), "{report}");
}

#[test]
fn properties_are_bounded() {
    let many = (0..2_001).map(|n| format!("\"p{n}\":1")).collect::<Vec<_>>().join(",");
    let text = format!(r#"{{"type":"Feature","geometry":null,"properties":{{{many}}}}}"#);
    assert!(read("json", text).2[0].ends_with("has properties beyond the first 2000 of the file"));
}

/// Texts that look like each format, so that chance goes deeper than the first byte.
fn alike() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("{"),
        Just("}"),
        Just("["),
        Just("]"),
        Just(","),
        Just(":"),
        Just("\""),
        Just("\\"),
        Just("\n"),
        Just("\x1e"),
        Just(";"),
        Just("\t"),
        Just("\"type\":"),
        Just("\"Feature\""),
        Just("\"features\":["),
        Just("\"geometry\":"),
        Just("\"coordinates\":"),
        Just("\"Polygon\""),
        Just("\"properties\":{"),
        Just("\"id\":"),
        Just("null"),
        Just("1"),
        Just("-2.5"),
        Just("1e999"),
        Just("\"crs\":"),
        Just(FEATURE),
        Just("lon,lat,name\n"),
        Just("wkt;date\n"),
        Just("POINT(1 2)"),
        Just("POLYGON((0 0,1 0,1 1,0 0))"),
        Just("EMPTY"),
        Just("MULTIPOINT("),
        Just("GEOMETRYCOLLECTION Z("),
        Just("place\n"),
        Just("Gao"),
        Just("2023-08"),
        Just("é"),
    ];
    proptest::collection::vec(word, 0..40).prop_map(|words| words.concat())
}

const ENDINGS: [&str; 5] = ["geojson", "geojsons", "csv", "tsv", "fgb"];

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), piece in 1..20_usize) {
        for ending in ENDINGS {
            let _ = read_stream(ending, bytes.as_slice(), piece);
        }
    }

    #[test]
    fn no_text_makes_a_reader_panic(text in alike(), piece in 1..20_usize) {
        for ending in ENDINGS {
            let _ = read_stream(ending, text.as_bytes(), piece);
        }
        let _ = located::Systems::default().geometry(&text, "wkt");
        let _ = located::pair(&text, true, "pair");
    }

    #[test]
    fn a_sequence_is_its_lines_one_by_one(kinds in proptest::collection::vec((0..6_u8, any::<bool>()), 0..40), piece in 1..200_usize) {
        let (mut text, mut ids, mut faults) = (String::new(), Vec::new(), Vec::new());
        for (line, (kind, is_windows)) in kinds.iter().enumerate() {
            let id = format!("n{line}");
            match kind {
                0 => {}
                1 => text.push_str(" \t"),
                2 => faults.push(line + 1),
                _ => ids.push(id.clone()),
            }
            match kind {
                0 | 1 => {}
                2 => text.push_str(&FEATURE[..line % 20 + 1]),
                // Read by the one reader and by the other.
                3 => text.push_str(&FEATURE.replace("\"n\":1", "\"n\":[1]").replace("\"a\"", &format!("\"{id}\""))),
                _ => text.push_str(&FEATURE.replace("\"a\"", &format!("\"{id}\""))),
            }
            text.push_str(if *is_windows { "\r\n" } else { "\n" });
        }
        if let Ok((made, report)) = read_stream("geojsonl", text.as_bytes(), piece) {
            prop_assert_eq!(made.layer.views[0].ids.iter().collect::<Vec<_>>(), ids.clone());
            let lines = report.faults.iter().map(|fault| fault.spot.line as usize).collect::<Vec<_>>();
            prop_assert_eq!(lines, if text.trim().is_empty() { vec![0] } else { faults.clone() });
        }
        let strict = Options { strict: true, ..Options::default() };
        match (read_as(strict, "geojsonl", text.as_bytes(), piece), faults.first()) {
            (Ok((made, _)), None) => prop_assert_eq!(made.layer.views[0].ids.iter().collect::<Vec<_>>(), ids),
            (Err(error), Some(line)) => prop_assert!(error.to_string().contains(&format!("x.geojsonl:{line}: ")), "{}", error),
            (Err(error), None) => prop_assert!(text.trim().is_empty(), "{}", error),
            (Ok(_), Some(line)) => prop_assert!(false, "line {} is no fault", line),
        }
    }

    #[test]
    fn the_size_of_the_pieces_never_matters(text in alike(), piece in 1..20_usize) {
        for ending in ENDINGS {
            let read = |piece| read_stream(ending, text.as_bytes(), piece).map(|(made, report)| (made.layer.views, report)).map_err(|error| error.to_string());
            prop_assert_eq!(read(piece), read(4096));
        }
    }
}
