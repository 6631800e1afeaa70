//! Tables.

use super::*;

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
fn what_stands_above_the_header_is_passed_over() {
    for (above, line) in [
        ("# exported, \"2024\"\n# by a program\n\n", 4),
        ("Sites of 2023,,\n,,\n", 3),
        ("sep=,\nSites,,\n", 3),
        ("\"Sites, of 2023\",,\r\n\r\n", 3),
        ("", 1),
        ("sep=,\n", 2),
    ] {
        let (made, report) = read_stream("csv", format!("{above}name,lon,lat\na,1,2\nb,1\n").as_bytes(), 7).unwrap();
        assert_eq!((made.layer.views[0].len(), kinds(&made)), (1, vec![("name", Kind::Text)]), "{above:?}");
        assert_eq!(report.faults[0].to_string(), format!("x.csv:{}: has 2 cells where the header has 3", line + 2), "{above:?}");
        let told = report.files[0].notes.iter().any(|note| *note == format!("what stands above line {line} is no header and passed over"));
        assert_eq!(told, !matches!(above, "" | "sep=,\n"), "{above:?}");
    }
    // A header may begin so, and what comes after it is a row.
    assert_eq!(kinds(&read("csv", "#name,lon,lat\n#a,1,2\n").1), [("#name", Kind::Text)]);
    assert_eq!(read("csv", "# remarks alone\n").2, ["x.csv: the file is empty"]);
    assert_eq!(read("csv", ",,\n".repeat(99)).0.len(), 48);
}

#[test]
fn words_for_no_value_are_none_beside_values() {
    let (features, made, faults) = read("csv", "id,n,iso,lon,lat\na,NA,NA,NA,NA\nb,7,ML,1,2\nc,-,,NULL,\nd,x,,NA,2\n");
    assert_eq!(faults, ["x.csv:5: column \"lon\" is empty where the other coordinate is not"]);
    assert_eq!(kinds(&made), [("n", Kind::Integer), ("iso", Kind::Text)]);
    assert_eq!((&features[0].values[..], &features[0].geometry), (&[Value::Null, Value::Text("NA".into())][..], &None));
    let (_, report) = read_stream("csv", "n,lon,lat\nNA,1,2\n7,1,2\n".as_bytes(), 9).unwrap();
    let told = "cells that say NA, NULL, - or the like among other values count as empty: \"n\" (1)";
    assert!(report.files[0].notes.iter().any(|note| note == told), "{report}");
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
fn a_line_for_excel_names_the_delimiter() {
    for text in [
        "sep=;\nid;name;lon;lat\na;x, y;1,5;2\n",
        "SEP=;\r\nid;name;lon;lat\r\na;x, y;1.5;2",
        "sep=\t\nid\tname\tlon\tlat\na\tx, y\t1.5\t2",
    ] {
        let (features, made, faults) = read("csv", text);
        assert_eq!((faults.len(), kinds(&made)), (0, vec![("name", Kind::Text)]), "{text:?} {faults:?}");
        assert_eq!((features[0].id.as_str(), &features[0].values[0]), ("a", &Value::Text("x, y".into())));
    }
    assert_eq!(read("csv", "sep=;\nid;lon;lat\na;x;2\n").2[0].split(": ").next(), Some("x.csv:3"), "its line counts");
    assert_eq!(read("csv", "sep=;\n").2, ["x.csv: the file is empty"]);
    assert_eq!(kinds(&read("csv", "sep=x,lon,lat\n1,2,3\n").1), [("sep=x", Kind::Integer)], "a name like any other");
}

#[test]
fn a_table_has_no_more_columns_than_a_collection_has_properties() {
    let wide = |columns: usize| (0..columns).map(|n| format!("c{n}")).collect::<Vec<_>>().join(",") + "\n";
    assert_eq!(read("csv", wide(100_000)).2, ["x.csv:1: has properties beyond the first 2000 of the file"]);
    assert!(read("csv", wide(2_000)).2.is_empty());
}

#[test]
fn what_is_no_table_is_told_what_it_is() {
    for (text, said) in [("i\0d\0,\0", "is UTF-16"), ("<!doctype html>\n<title>404</title>\n", "is a web page")] {
        for ending in ["csv", "geojson", "geojsonl", "fgb"] {
            let faults = read(ending, text).2;
            assert!(faults.len() == 1 && faults[0].starts_with(&format!("x.{ending}: {said}")), "{faults:?}");
        }
    }
}
