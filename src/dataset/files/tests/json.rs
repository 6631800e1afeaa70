//! GeoJSON, and texts of it one after another.

use super::*;

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
    let error = read_stream("json", text("urn:ogc:def:crs:EPSG::1").as_bytes(), 9).unwrap_err();
    assert!(error.to_string().contains("its coordinates are in urn:ogc:def:crs:EPSG::1"), "{error}");
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
    assert!(faults[4].contains("is TopoJSON, which is not read: convert it"), "{}", faults[4]);
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
    assert!(read("geojson", "7").2[0].ends_with("at byte 0: expected an object of GeoJSON, found '7'"));
}

#[test]
fn an_array_of_features_is_as_good_as_a_collection() {
    let other = FEATURE.replace("\"a\"", "\"b\"");
    let (features, _, faults) = read("json", format!(" [{FEATURE}, {other}, 7, {{\"name\":\"x\",\"lot\":1}}]"));
    assert_eq!(features.len(), 2);
    assert!(faults[0].contains("feature 3 at byte"), "{faults:?}");
    assert!(
        faults[1].ends_with("has no \"type\", as features and geometries of GeoJSON have, and no coordinates (lon and lat), as a row has"),
        "{faults:?}"
    );
    // As it may be written one element a line.
    for text in [format!("[\n{FEATURE},\n{other}\n]\n"), format!("[{FEATURE},\n{other}]"), format!("{FEATURE},\r\n{other},\r\n")] {
        let (features, _, faults) = read("ndjson", &text);
        assert_eq!((features.len(), faults), (2, Vec::new()), "{text}");
    }
}

#[test]
fn plain_records_are_rows() {
    let rows = r#"{"id":"a","lat":16.5,"lon":"-3.25","n":1}
        {"id":"b","lat":null,"lon":"","n":2}
        {"id":"c","n":3,"lon":"3°15'W","lat":"16 30 N"}
        {"id":"d","n":4,"lat":16.5}
        {"id":"e","lat":91,"lon":0}
        {"id":"f","lat":"x","lon":0}
        {"id":"g","lat":1,"lon":null}"#;
    for (ending, text) in [("ndjson", rows.to_owned()), ("json", format!("[{}]", rows.replace("}\n", "},\n")))] {
        let (features, made, faults) = read(ending, text);
        let at = |row: usize| features[row].geometry.as_ref().and_then(|geometry| geometry.bounds()).map(|rect| (rect.min_x, rect.min_y));
        assert_eq!([at(0), at(1), at(2)], [Some((-3.25, 16.5)), None, Some((-3.25, 16.5))]);
        assert_eq!((kinds(&made), features[2].id.as_str()), (vec![("n", Kind::Integer)], "c"));
        let rules =
            ["no coordinates (lon and lat)", "latitude 91 is outside", "\"x\" is neither a number of degrees", "\"lon\" is empty where"];
        assert_eq!(faults.len(), rules.len(), "{faults:?}");
        assert!(faults.iter().zip(rules).all(|(fault, rule)| fault.contains(rule)), "{faults:?}");
    }
    let text = r#"[{"a":1,"geometry":{"type":"Point","coordinates":[1,2]}},{"a":2,"geom":"POINT(1 2)"},{"a":3,"geometry":7}]"#;
    let (features, _, faults) = read("json", text);
    assert_eq!((features.len(), faults.len()), (2, 1), "{faults:?}");
}

#[test]
fn the_system_of_old_drafts_is_known() {
    let text = format!(r#"{{"crs":{{"type":"EPSG","properties":{{"code":4326}}}},"features":[{FEATURE}]}}"#);
    assert_eq!(read("json", text).0.len(), 1);
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
fn properties_are_bounded() {
    let many = (0..2_001).map(|n| format!("\"p{n}\":1")).collect::<Vec<_>>().join(",");
    let text = format!(r#"{{"type":"Feature","geometry":null,"properties":{{{many}}}}}"#);
    assert!(read("json", text).2[0].ends_with("has properties beyond the first 2000 of the file"));
}
