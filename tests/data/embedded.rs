//! Whole properties of the embedded data set.

use std::collections::{HashMap, HashSet};

use harmattan::{
    dataset::{check, files},
    model::{Batch, Position, Value},
};

use crate::support::{ALL, DOCUMENTS, Row, dataset, rows};

#[test]
fn it_breaks_no_rule() {
    let report = check(None);
    assert!(report.violations.is_empty(), "{:#?}", report.violations);
    assert!(report.summary.contains("13 bases, 13 closures"), "{}", report.summary);
}

#[test]
fn golden_counts() {
    let count = |collection, view| rows(dataset(), collection, view).len();
    assert_eq!((count("bases", ALL), count("closures", ALL)), (13, 13));
    assert_eq!((count("bases", DOCUMENTS), count("closures", DOCUMENTS)), (10, 10));
    assert!(dataset().layer("places").unwrap().views.is_empty(), "the places of the world stand in their stead");
    let basis = |basis| rows(dataset(), "sources", ALL).iter().filter(|row| row.text("basis") == basis).count();
    assert_eq!((basis("documents"), basis("public")), (5, 31));
    assert_eq!((count("events", ALL), count("claims", ALL), count("claims", DOCUMENTS)), (29, 225, 158));
}

#[test]
fn every_feature_rests_on_a_claim() {
    for (collection, view) in [("bases", ALL), ("bases", DOCUMENTS), ("events", ALL)] {
        let claims = rows(dataset(), "claims", view);
        for row in rows(dataset(), collection, view) {
            let resting = claims.iter().filter(|claim| claim.text("subject") == row.id()).count();
            assert!(resting > 0, "{collection} {}", row.id());
            assert_eq!(row.value("claims"), &Value::Integer(resting as i64), "{collection} {}", row.id());
        }
    }
    for source in rows(dataset(), "sources", ALL) {
        assert_ne!(source.text("claims"), "0", "{}", source.id());
    }
}

#[test]
fn every_act_names_its_claims() {
    let ids: HashSet<&str> = rows(dataset(), "claims", ALL).iter().map(Row::id).collect();
    for base in rows(dataset(), "bases", ALL) {
        let Value::Json(acts) = base.value("acts") else { panic!("{}", base.id()) };
        for act in acts.as_array().unwrap() {
            let claims = act["claims"].as_array().unwrap();
            assert!(!claims.is_empty() && claims.iter().all(|id| ids.contains(id.as_str().unwrap())), "{}: {act}", base.id());
        }
    }
}

/// The hand table's position of each place.
fn hand_table() -> HashMap<String, Position> {
    let files = files();
    let hand = files.iter().find(|file| file.name == "data/gazetteer/hand.tsv").expect("the file is embedded");
    let row = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        let number = |index: usize| fields[index].parse().expect("the gazetteer has read the same number");
        (fields[0].to_owned(), Position { lon: number(3), lat: number(2) })
    };
    hand.text.lines().skip(1).map(row).collect()
}

#[test]
fn every_base_stands_where_the_hand_table_has_it() {
    let hand = hand_table();
    for base in rows(dataset(), "bases", ALL) {
        let Value::Integer(accuracy) = base.value("accuracy_m") else { panic!("{} has no accuracy", base.id()) };
        let place = dataset().gazetteer.get(&base.text("place")).unwrap();
        let distance = place.position.distance_m(hand[&place.id]);
        assert!(distance < *accuracy as f64, "{}: {distance} m", base.id());
        let point = base.feature.geometry.as_ref().and_then(|geometry| geometry.bounds()).unwrap();
        assert_eq!((point.min_x, point.min_y), (place.position.lon, place.position.lat), "{}", base.id());
        assert_eq!(*accuracy, if base.id() == "ogossagou" { 15_000 } else { 5_000 }, "{}", base.id());
    }
}

#[test]
fn ids_are_unique() {
    for layer in &dataset().layers {
        for view in &layer.views {
            let ids: HashSet<&str> = view.ids.iter().collect();
            assert_eq!(ids.len(), view.len(), "{}", layer.collection.id);
        }
    }
}

#[test]
fn every_feature_has_a_value_for_each_property_of_its_type() {
    use harmattan::model::Kind;
    for layer in &dataset().layers {
        let properties = &layer.collection.schema.properties;
        if layer.collection.id == files::PLACES {
            // Its features are those of the atlas.
            continue;
        }
        for feature in layer.views.iter().flat_map(Batch::features) {
            assert_eq!(feature.values.len(), properties.len());
            for (property, value) in properties.iter().zip(&feature.values) {
                let fits = matches!(
                    (property.kind, value),
                    (_, Value::Null)
                        | (Kind::Text | Kind::Edtf | Kind::Uri, Value::Text(_))
                        | (Kind::Integer, Value::Integer(_))
                        | (Kind::Number, Value::Number(_))
                        | (Kind::Boolean, Value::Boolean(_))
                        | (Kind::Date, Value::Date(_))
                        | (Kind::List, Value::List(_))
                        | (Kind::Json, Value::Json(_))
                );
                assert!(fits, "{} {} {}: {value:?}", layer.collection.id, feature.id, property.name);
            }
        }
        // A property that no feature has a value for would be a mistake of the data path or of the description.
        for (index, property) in properties.iter().enumerate() {
            let known = layer.views.iter().flat_map(Batch::features).any(|feature| feature.values[index] != Value::Null);
            assert!(known || property.name == "retrieved", "{} {}", layer.collection.id, property.name);
        }
    }
}

#[test]
fn times_are_those_of_the_columns_with_a_role() {
    use harmattan::model::Role;
    for layer in &dataset().layers {
        let properties = &layer.collection.schema.properties;
        let column = |role| properties.iter().position(|property| property.role == Some(role));
        let Some((start, end)) = column(Role::PrimaryIntervalStart).zip(column(Role::PrimaryIntervalEnd)) else { continue };
        for feature in layer.views.iter().flat_map(Batch::features) {
            let day = |day: Option<jiff::civil::Date>| day.map_or(Value::Null, Value::Date);
            let (first, last) = feature.time.map_or((None, None), |time| (time.earliest_start.day(), time.latest_end.day()));
            assert_eq!((&feature.values[start], &feature.values[end]), (&day(first), &day(last)), "{} {}", layer.collection.id, feature.id);
        }
    }
}

#[test]
fn claims_are_annotations_of_their_spans() {
    for claim in rows(dataset(), "claims", ALL) {
        let source = rows(dataset(), "sources", ALL).into_iter().find(|row| row.id() == claim.text("source")).unwrap();
        let Value::Json(annotation) = claim.value("annotation") else {
            assert!(source.text("address") == "-" && source.text("sha256") == "-", "{}", claim.id());
            continue;
        };
        assert_eq!((&annotation["type"], &annotation["body"]["value"]), (&"Annotation".into(), &claim.text("value").into()));
        if source.text("sha256") == "-" {
            assert_eq!(annotation["target"]["source"], source.text("address"), "{}", claim.id());
            continue;
        }
        assert_eq!(annotation["target"]["source"], format!("urn:sha256:{}", source.text("sha256")), "{}", claim.id());
        let selectors = &annotation["target"]["selector"];
        assert_eq!(selectors[0]["start"].to_string(), claim.text("start"), "{}", claim.id());
        assert_eq!(selectors[0]["end"].to_string(), claim.text("end"), "{}", claim.id());
        assert_eq!(selectors[1]["exact"], claim.text("anchor"), "{}", claim.id());
    }
}

#[test]
fn numbers_have_a_unit_and_say_what_they_count() {
    for claim in rows(dataset(), "claims", ALL) {
        if claim.text("bound") != "-" && claim.text("property") != "order" {
            for name in ["unit", "counted", "counted_fr"] {
                assert_ne!(claim.text(name), "-", "{} {name}", claim.id());
            }
        }
    }
}

#[test]
fn the_page_gets_what_it_reads() {
    let map = &dataset().map;
    let json = map.to_json();
    let keys: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["title", "lede", "bbox", "time", "layers", "views", "attribution", "cite"]);
    assert_eq!(json["bbox"].as_array().map(Vec::len), Some(4));
    assert_eq!(json["time"]["initial"], "2024-11-30");
    assert_eq!((&json["layers"][0]["collection"], &json["layers"][0]["style"]), (&"bases".into(), &"state".into()));
    assert_eq!(json["views"]["other"], "documents");
    assert_eq!(map.credits(), "GeoNames, CC BY 4.0; Natural Earth");
}
