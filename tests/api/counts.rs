//! Counts by value and by time are what counting the features gives.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde_json::Value;

use crate::support::{get, json};

#[tokio::test]
async fn values_are_counted_as_the_features_have_them() {
    for query in ["", "datetime=2023-10-01/2023-12-31", "bbox=-5,12,1,20", "filter=region%3D%27Gao%27", "basis=documents", "filter=false"] {
        let counts = json(&format!("/collections/bases/counts?by=region,documented,closed_earliest,accuracy_m&{query}")).await;
        let items = json(&format!("/collections/bases/items?limit=1000&{query}")).await;
        let features = items["features"].as_array().unwrap();
        assert_eq!(counts["numberMatched"], items["numberMatched"], "{query}");
        for name in ["region", "documented", "closed_earliest", "accuracy_m"] {
            let mut expected = BTreeMap::<String, u64>::new();
            let known = features.iter().map(|feature| &feature["properties"][name]).filter(|value| !value.is_null());
            known.for_each(|value| *expected.entry(value.to_string()).or_default() += 1);
            let told = counts["values"][name]["counts"].as_array().unwrap();
            let found = told.iter().map(|pair| (pair[0].to_string(), pair[1].as_u64().unwrap())).collect::<BTreeMap<_, _>>();
            assert_eq!(found, expected, "{query}: {name}");
            assert!(told.windows(2).all(|pair| pair[0][1].as_u64() >= pair[1][1].as_u64()), "the commonest first");
            let unknown = features.len() as u64 - expected.values().sum::<u64>();
            assert_eq!(counts["values"][name]["unknown"], unknown, "{query}: {name}");
        }
    }
}

#[tokio::test]
async fn stretches_of_time_hold_what_may_have_been_in_them() {
    let counts = json("/collections/closures/counts?datetime=2023-08-01T00:00:00Z/2023-12-31T23:59:59.999Z&bins=153").await;
    let days = counts["time"]["counts"].as_array().unwrap();
    assert_eq!(days.len(), 153, "one for each day");
    let first: jiff::civil::Date = "2023-08-01".parse().unwrap();
    for (place, count) in days.iter().enumerate().step_by(7) {
        let day = first.saturating_add(jiff::Span::new().days(place as i64));
        let asked = json(&format!("/collections/closures/items?limit=1000&datetime={day}&filter=closed_earliest%20IS%20NOT%20NULL%20OR%20closed_latest%20IS%20NOT%20NULL")).await;
        assert_eq!(*count, asked["numberMatched"], "{day}");
    }
    let whole = json("/collections/closures/counts?bins=10").await;
    assert!(whole["time"].is_null() || whole["time"]["counts"].as_array().unwrap().len() == 10);
    assert_eq!(json("/collections/sources/counts").await.get("values"), None::<&Value>);
}

#[tokio::test]
async fn what_cannot_be_counted_is_said() {
    for (query, parameter) in [
        ("by=regions", "by"),
        ("by=", "by"),
        ("bins=0", "bins"),
        ("bins=1001", "bins"),
        ("bins=x", "bins"),
        ("limit=1", "limit"),
        ("datetime=soon", "datetime"),
    ] {
        let answer = get(&format!("/collections/bases/counts?{query}")).await;
        assert_eq!((answer.status, &answer.json()["parameter"]), (StatusCode::BAD_REQUEST, &parameter.into()), "{query}");
    }
}
