//! Any bytes at all: too many, by chance, and texts that look like something.

use proptest::prelude::*;

use super::*;

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
