//! What records mean: where they are, what they are called, when they were.

use super::*;

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
fn a_country_that_is_none_is_told_with_its_line() {
    let rows = (0..7).map(|row| format!("Gao,Wakanda {row}\n")).collect::<String>();
    let (_, report) = read_stream("csv", format!("place,country\nGao,ML\nGao,\n{rows}").as_bytes(), 9).unwrap();
    let notes = &report.files[0].notes;
    let told = "7 cells beside place names name no country that is known and count as empty: \"Wakanda 0\" (line 4), \"Wakanda 1\" (line 5), \
                \"Wakanda 2\" (line 6), \"Wakanda 3\" (line 7), \"Wakanda 4\" (line 8) …";
    assert!(notes.iter().any(|note| note == told), "{notes:?}");
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
